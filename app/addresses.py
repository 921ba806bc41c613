"""Web and database addresses without passwords and tokens, for files, logs and the screen."""

import re
from typing import Final
from urllib.parse import urlsplit, urlunsplit

_SECRET: Final = re.compile(
    r"(?i)([?&;][^=&;#]*(?:token|secret|password|passwd|pwd|signature|sig|credential|auth|key)[^=&;#]*=)[^&;#]*"
)
"""Parameters that hold a credential: tokens, signatures of presigned addresses, passwords of database drivers."""


def is_address(text: str) -> bool:
    """Return whether a text is an address on the network, such as that of a database server, rather than a file."""
    return "://" in text


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
    if parts.netloc == "" and "://" in address and "://" not in bare:  # urlunsplit drops the slashes of an empty host
        bare = address
    return _SECRET.sub(r"\1…", bare)
