"""Web and database addresses without passwords and tokens, for files, logs and the screen."""

import hashlib
import re
from pathlib import Path
from typing import Final, TypeAlias
from urllib.parse import parse_qs, unquote, urlsplit, urlunsplit

from app.paths import data_dir

Place: TypeAlias = str | Path
"""Where a project is: a file, or the address of a database on a PostgreSQL server as text."""

SERVERS: Final = ("postgresql://", "postgresql+", "postgres://")
"""How the addresses of database servers begin."""

_SECRET: Final = re.compile(
    r"(?i)([?&;][^=&;#]*(?:token|secret|password|passwd|pwd|signature|sig|credential|auth|key)[^=&;#]*=)[^&;#]*"
)
"""Parameters that hold a credential: tokens, signatures of presigned addresses, passwords of database drivers."""


def is_address(text: str) -> bool:
    """Return whether a text is an address on the network, such as that of a database server, rather than a file."""
    return "://" in text


def is_server(where: Place) -> bool:
    """Return whether a project lies on a database server rather than in a file."""
    return isinstance(where, str) and where.startswith(SERVERS)


def place_of(text: str) -> Place:
    """Return the place that a text names: an address unchanged, because a path would lose one of its slashes."""
    return text if is_server(text) else Path(text)


def shown_place(where: Place) -> str:
    """Return a place as it may be shown, stored and logged: an address without user and password."""
    return without_credentials(str(where)) if is_server(where) else str(where)


def project_name(where: Place) -> str:
    """Return the name of a project: that of its file without the ending, or of its database."""
    if isinstance(where, Path) or not is_server(where):
        return Path(where).stem
    return unquote(urlsplit(where).path).strip("/") or "project"


def server_address(url: str) -> str:
    """Return the identity of a project on a server: host, port and name, the same for every user of it.

    Args:
        url: Its address; the folder of a socket may be given as `?host=`.
    """
    parts = urlsplit(url)
    asked = parse_qs(parts.query)
    host = parts.hostname or (asked.get("host") or [""])[0]
    port = parts.port or (asked.get("port") or [""])[0]
    return f"{host}:{port}/{unquote(parts.path).strip('/')}"


def home_of(where: Place) -> Path:
    """Return the path beside which a project's models, trainings and pictures lie: its file.

    A server holds no such files. What this computer keeps for its project lies beside a path in the user's data
    folder at which there is no file.
    """
    if isinstance(where, Path) or not is_server(where):
        return Path(where)
    address = server_address(where)
    key = hashlib.sha256(address.encode("utf-8", "surrogatepass")).hexdigest()[:10]
    name = re.sub(r"[^\w.-]", "_", project_name(where))[:80]
    return _homes() / key / f"{name}.affectograph"


def recordings_of(home: Path) -> Path:
    """Return the folder beside a project's file in which recordings of cameras lie, in every language of the window."""
    return home.parent / f"{home.stem} recordings"


def is_home(path: Path) -> bool:
    """Return whether a path is the home of a project on a server, at which there is no file."""
    return path.is_relative_to(_homes()) or path.is_relative_to(_homes().resolve())


def _homes() -> Path:
    return data_dir() / "team"


def without_credentials(address: str) -> str:
    """Return an address without user, password and the values of parameters that grant access.

    Args:
        address: Such as `https://user:password@host/file?token=…` or `postgresql://…`; other text is unchanged.
    """
    try:
        parts = urlsplit(address)
    except ValueError:
        return address
    if not parts.scheme or "://" not in address:
        return address
    host = parts.netloc.rpartition("@")[2]
    bare = urlunsplit(parts._replace(netloc=host))
    if "://" not in bare:  # urlunsplit drops the slashes of an empty host
        bare = f"{parts.scheme}://{bare.partition(':')[2]}"
    return _SECRET.sub(r"\1…", bare)
