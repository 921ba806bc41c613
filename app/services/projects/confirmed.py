"""Confirmed answers are also kept in a file in the user's data folder until their project was closed in good order.

If a project is removed together with its log while it is open, the last changes are lost, and a file in its place, or
the project under another name, looks whole. The same holds for a server that was brought back from an earlier backup.
The next opening compares. Answers that the project does not have go into its rescue file, from which they can be
stored.
"""

from __future__ import annotations

import json
import logging
import os
import weakref
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import db.answers
import db.audit
import db.owners
import db.presentations
import db.traces
from app import held
from app.addresses import is_home
from app.domain.project import ENDED
from app.domain.rescue import Kind, Rescued, from_dict, to_line
from app.files import PRIVATE
from app.paths import data_dir
from app.services.projects import rescue_files
from db.project import Project

SUFFIX: Final = ".confirmed"
UNREAD: Final = ".unread"
"""What the name of a file gets after it was compared, where some of its lines could not be read."""
log = logging.getLogger(__name__)
_files: weakref.WeakKeyDictionary[Project, _File] = weakref.WeakKeyDictionary()


def add(project: Project, entry: Rescued) -> None:
    """Note what the project has just stored. If that cannot be written, it is left out, because the project has it.

    Args:
        project: The project, open for writing.
        entry: The confirmed answer or trace in the form of a rescue entry.
    """
    if project not in _files:
        _files[project] = _File(project)
        project.when_closed.append(_files[project].close)
    _files[project].add(entry)


class _File:
    """The file of one opening of a project: a line that says which, then an entry a line.

    Args:
        project: The opening.
    """

    def __init__(self, project: Project) -> None:
        name = project.owner.rpartition("/")[2]
        self._path = folder() / f"{name}{SUFFIX}"
        self._file: int | None = None
        opened = held.place(project.home)
        said = {"project": _name(project.home), "key": None if opened is None else opened.key, "owner": project.owner}
        try:
            self._file = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND, PRIVATE)
            self._write(json.dumps(said, ensure_ascii=False))
        except OSError as error:
            self._give_up(error)

    def add(self, entry: Rescued) -> None:
        """Add an entry; it outlives this program at once."""
        if self._file is not None:
            try:
                self._write(to_line(entry))
            except OSError as error:
                self._give_up(error)

    def close(self, whole: bool) -> None:
        """The project is closed; the file goes where the project's own has everything."""
        if self._file is not None:
            os.close(self._file)
            self._file = None
            if whole:
                with suppress(OSError):
                    self._path.unlink()

    def _write(self, content: str) -> None:
        assert self._file is not None
        line = content.encode("utf-8", "replace") + b"\n"
        while line:  # a disk that is nearly full takes a part
            line = line[os.write(self._file, line) :]

    def _give_up(self, error: OSError) -> None:
        log.warning("what is confirmed is not written beside the project: %s", error)
        self.close(whole=False)


@dataclass(frozen=True)
class _Left:
    """The file of an opening that has not ended in good order.

    Attributes:
        path: It.
        project: Where the project lay; one on a server is named by its home, at which there is no file.
        key: Device and inode of the project's file; None where they were not known.
        entries: What was confirmed.
        whole: Whether every line could be read.
    """

    path: Path
    project: Path
    key: held.Key | None
    entries: tuple[Rescued, ...]
    whole: bool


def recover(project: Project) -> int:
    """Compare a project that was just opened with what was confirmed in openings that ended badly.

    Args:
        project: The project, open for writing.

    Returns:
        The number of confirmed answers and traces that it lacks, which are now in its rescue file.
    """
    here, lost = held.place(project.home), 0
    for left in _left():
        same_file = here is not None and left.key == here.key
        if not same_file and left.project != Path(_name(project.home)):
            continue
        missing = _missing(project, left.entries)
        _rescue(project.home, left, missing)
        lost += len(missing)
    return lost


def recover_gone() -> None:
    """Put confirmed answers of projects that do not exist any more into rescue files."""
    for left in _left():
        if _is_gone(left):
            _rescue(left.project, left, left.entries)


def _is_gone(left: _Left) -> bool:
    """Return whether a project was removed, alone or with its folders; a disk that is not connected has not gone.

    Nobody can say it of one on a server.
    """
    if is_home(left.project):
        return False
    if not held.is_gone(left.project):
        return False
    if left.project.parent.is_dir():
        return True
    nearest = next((place for folder in left.project.parents if (place := held.place(folder)) is not None), None)
    return left.key is not None and nearest is not None and nearest.key[0] == left.key[0]


def _rescue(project: Path, left: _Left, entries: Iterable[Rescued]) -> None:
    for entry in entries:
        rescue_files.add(project, entry)
    with suppress(OSError):
        if left.whole:
            left.path.unlink()
        else:  # what is in the other lines must not be lost for good
            left.path.rename(left.path.with_name(left.path.name + UNREAD))


def _missing(project: Project, entries: Iterable[Rescued]) -> list[Rescued]:
    """Return those that the project does not have, in their order."""
    entries = list(entries)

    def of(*kinds: Kind) -> list[str]:
        return [one.uid for one in entries if one.what in kinds]

    with project.read() as session:
        there = db.answers.known(session, of("answer", "correction")) | db.audit.known(session, of("edit"))
        shown = db.presentations.known(session, [one.shown.uid for one in entries if one.shown is not None])
        there |= {one.uid for one in entries if one.what == "declined" and one.shown and one.shown.uid in shown}
        # The beginning of a trace may be there without its end.
        traces = {uid: db.traces.by_uid(session, uid) for uid in of("trace")}
        there |= {uid for uid, trace in traces.items() if trace is not None and trace.status in ENDED}
    return [one for one in entries if one.uid not in there]


def _left() -> Iterator[_Left]:
    for path in sorted(folder().glob(f"*{SUFFIX}")):
        try:
            first, *rest = path.read_bytes().split(b"\n")[:-1]  # what follows the last line break was cut off
            said: dict[str, Any] = json.loads(first)
            if db.owners.alive(str(said["owner"])):
                continue
            key = said.get("key")
            entries = tuple(_entries(path, rest))
            place = None if key is None else (int(key[0]), int(key[1]))
            left = _Left(path, Path(str(said["project"])), place, entries, whole=len(entries) == len(rest))
        except (OSError, ValueError, KeyError, TypeError) as error:
            log.warning("%s cannot be read: %s", path, error)
            continue
        if not rest:
            with suppress(OSError):
                path.unlink()
            continue
        yield left


def _entries(path: Path, lines: Iterable[bytes]) -> Iterator[Rescued]:
    for line in lines:
        try:
            yield from_dict(json.loads(line))
        except (ValueError, TypeError) as error:
            log.warning("a line of %s cannot be read: %s", path, error)


def folder() -> Path:
    """Return the folder of the files in the user's data folder; only their owner can read them."""
    found = data_dir() / "confirmed"
    found.mkdir(exist_ok=True)
    return found


def _name(path: Path) -> str:
    return str(path.resolve())
