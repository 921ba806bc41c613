"""Where a project is: a file that a text names, or a database server, and what its file shows before it is opened."""

import os
from pathlib import Path
from typing import Final, NamedTuple

from app.addresses import is_address
from app.paths import cache_dir
from app.reach import within
from db import broken_log, files, foreign_log

SUFFIX: Final = ".affectograph"
"""The ending of project files."""

CLIPS: Final = "team.clips"
"""Key of the setting that says where the clips of a project on a server lie: a folder, or a web address."""


def clips_folder(said: str, home: Path) -> Path:
    """Return the folder from which paths of a server's clips start on this computer.

    Args:
        said: What the project says (`CLIPS`).
        home: The path beside which this computer keeps what belongs to the project.

    Returns:
        The folder that the project names, as a share that all computers have under one name; the one that
        `AFFECTOGRAPH_CLIPS` names instead; or the cache of what comes from a web address.
    """
    own = os.environ.get("AFFECTOGRAPH_CLIPS")
    if own:
        return Path(own)
    return cache_dir() / "clips" / home.parent.name if is_address(said) else Path(said)


class Seen(NamedTuple):
    """What can be found out about a project before SQLite opens it.

    Attributes:
        path: The file.
        has_log: Whether a log of its own lies beside it.
        broken: What is broken in that log; None if nothing is.
        foreign: The log of another file that was put aside; None if there was none.
    """

    path: Path
    has_log: bool
    broken: broken_log.BrokenLog | None
    foreign: foreign_log.ForeignLog | None


def seen_from_outside(where: str | Path, *, read_only: bool) -> Seen:
    """Look at a project's file and log before it is opened.

    Raises:
        UserError: It is not there, no project, cut off, does not answer, or cannot be opened in this way.
    """
    # One look for everything: each is a thread of its own, which a busy machine lets wait.
    try:
        return within(Path(where), lambda: _look(where, read_only=read_only, trial=False), alone=True)
    except foreign_log.Doubtful:  # its disk has answered, and the trial takes long with a large file
        return _look(where, read_only=read_only, trial=True)


def _look(where: str | Path, *, read_only: bool, trial: bool) -> Seen:
    path = real_place(where)
    files.check_header(path)
    if not read_only and not files.can_write(path):
        raise files.cannot_write(path, None)
    if read_only:
        files.refuse_unread_log(path)
    foreign = foreign_log.look(path, trial=trial)
    return Seen(path, files.beside(path)[0].exists(), broken_log.look(path), foreign)


def real_place(where: str | Path) -> Path:
    """Return the absolute path of a project file with links resolved, beside which its clips and models lie."""
    path = Path(where).expanduser().absolute()
    return Path(os.path.realpath(path)) if path.is_symlink() else path


def with_suffix(where: str | Path) -> Path:
    """Return the absolute path of a project file, with the suffix added if it is missing."""
    path = Path(where).expanduser().absolute()
    return path if path.suffix == SUFFIX else path.with_name(path.name + SUFFIX)
