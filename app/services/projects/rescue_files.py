"""The files of answers that a project could not take, one for each project, in the user's data folder.

Entries are only ever added to a file. A file that was stored is kept under another name.
"""

from __future__ import annotations

import hashlib
import json
import logging
import time
from collections.abc import Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from app import __version__
from app.addresses import is_home
from app.domain.rescue import ABOUT, FORMAT, VERSION, Rescued, broken, from_dict, to_dict
from app.domain.words import many
from app.errors import UserError
from app.files import PRIVATE, dated_beside, replacing
from app.locks import alone
from app.paths import data_dir

ENDING: Final = ".rescue.json"
DONE: Final = ".stored.json"
MAX_BYTES: Final = 1 << 30
LOCK_WAIT_S: Final = 10.0
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class RescueFile:
    """The entries that wait for one project.

    Attributes:
        path: The file.
        project: The path at which the project was; of one on a server its home (`app.addresses.home_of`).
        entries: The entries, oldest first.
    """

    path: Path
    project: Path
    entries: tuple[Rescued, ...]

    @property
    def place(self) -> str:
        """Where the project was, in words."""
        return f"the team project {self.project.stem}" if is_home(self.project) else str(self.project)

    @property
    def words(self) -> str:
        """The contents in one line."""
        traces = sum(one.what == "trace" for one in self.entries)
        others = len(self.entries) - traces
        parts = [many(n, what) for n, what in ((others, "answer"), (traces, "trace")) if n]
        raters = ", ".join(sorted({one.rater.name for one in self.entries}))
        when = time.strftime("%Y-%m-%d %H:%M", time.localtime(max((one.at for one in self.entries), default=0.0)))
        return f"{self.project.stem}: {' and '.join(parts) or 'nothing'} of {raters or 'nobody'}, {when}"


def folder() -> Path:
    """Return the folder of the files, which may not exist."""
    return data_dir() / "rescue"


def add(project: Path, entry: Rescued) -> Path:
    """Keep an entry. It is on disk when this returns, and nothing that was kept before is lost.

    Args:
        project: The project's file, absolute, as it was opened.
        entry: The answer or trace that could not be saved.

    Returns:
        The rescue file.

    Raises:
        UserError: The file cannot be written.
    """
    key = hashlib.sha256(str(project).encode("utf-8", "surrogatepass")).hexdigest()
    path = folder() / f"{project.stem[:80]}-{key[:10]}{ENDING}"
    try:
        with _alone():
            content = _content(path) if path.exists() else None
            if content is not None and "entries" not in content:
                path = _free(path)  # somebody has broken it: it stays as it is
                content = None
            if content is None:
                content = {
                    "format": FORMAT, "format_version": VERSION, "about": ABOUT, "program": __version__,
                    "project": {"path": str(project), "path_sha256": key}, "entries": [],
                }  # fmt: skip
            if not any(_same(known, entry) for known in content["entries"]):
                content["entries"].append(to_dict(entry))
            _write(path, content)
    except OSError as error:
        raise UserError(f"{path} could not be written: {error.strerror}.", "Free some space and try again.") from error
    return path


def _alone() -> AbstractContextManager[None]:
    """Keep other programs, which may have lost the same project at the same moment, from adding meanwhile."""
    return alone(folder() / ".lock", LOCK_WAIT_S)


def _same(known: Any, entry: Rescued) -> bool:
    return isinstance(known, dict) and known.get("uid") == entry.uid and known.get("confirmed") == entry.confirmed


def _content(path: Path) -> dict[str, Any]:
    """Return what is in a file; an empty table where it is not ours or broken."""
    try:
        if path.stat().st_size > MAX_BYTES:
            return {}
        found = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    ours = isinstance(found, dict) and found.get("format") == FORMAT and found.get("format_version") == VERSION
    return found if ours and isinstance(found.get("entries"), list) else {}


def _free(path: Path) -> Path:
    number = 2
    while True:
        other = path.with_name(f"{path.name.removesuffix(ENDING)}-{number}{ENDING}")
        if not other.exists() or "entries" in _content(other):
            return other
        number += 1


def _write(path: Path, content: dict[str, Any]) -> None:
    with replacing(path) as temporary:
        text = json.dumps(content, indent=1, ensure_ascii=False, allow_nan=False) + "\n"
        temporary.write_bytes(text.encode("utf-8", "replace"))  # a file name may hold what is not text
        temporary.chmod(PRIVATE)


def read(path: Path) -> RescueFile:
    """Read a rescue file.

    Raises:
        UserError: The file is not a rescue file, of a newer version, or damaged; the message says what is wrong.
    """
    if not path.is_file():
        raise UserError(
            f"There is no rescue file {path}.",
            "Choose another file.",
            "See which there are: `affectograph project rescue`.",
        )
    content = _content(path)
    if not content:
        raise broken(path.name, "it is not a rescue file of this version of the program")
    project = content.get("project")
    where = project.get("path") if isinstance(project, dict) else None
    try:
        entries = tuple(from_dict(one) for one in content["entries"])
    except ValueError as error:
        raise broken(path.name, str(error)) from error
    return RescueFile(path, Path(where if isinstance(where, str) else path.name), entries)


def pending() -> list[RescueFile]:
    """Return everything that waits to be stored, ordered by name; unreadable files are logged and left out."""
    found = []
    for path in sorted(folder().glob(f"*{ENDING}")) if folder().is_dir() else ():
        try:
            found.append(read(path))
        except UserError as error:
            log.warning("%s", error)
    return [one for one in found if one.entries]


def set_aside(file: RescueFile, told: Iterable[str], project: str) -> Path:
    """Give a file that was stored another name, and note in it what became of each entry.

    Args:
        file: The file as it was read.
        told: What became of each entry.
        project: The project into which they were stored.

    Returns:
        Its new path, or its old one if entries were added meanwhile.
    """
    with _alone():
        content = _content(file.path)
        if len(content.get("entries", ())) != len(file.entries):
            return file.path
        name = file.path.name.removesuffix(ENDING)
        aside = dated_beside(file.path.with_name(f"{name}{DONE}"), "-", DONE)
        content["stored"] = {"at": time.time(), "project": project, "entries": list(told)}
        _write(file.path, content)
        file.path.rename(aside)
        return aside
