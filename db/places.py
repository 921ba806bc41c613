"""Where a project is: a file that a text names, or a database server, and what its file shows before it is opened."""

import os
from pathlib import Path
from typing import Final

from db import broken_log, files

SUFFIX: Final = ".affectograph"
"""The ending of project files."""


def is_server(where: str | Path) -> bool:
    """Return whether a text names a database server rather than a file."""
    return isinstance(where, str) and where.startswith(("postgresql://", "postgresql+"))


def seen_from_outside(where: str | Path, *, read_only: bool) -> tuple[Path, bool, broken_log.BrokenLog | None]:
    """Return where a project's file is, whether it has a log, and what is broken in that.

    Raises:
        UserError: It is not there, no project, cut off, or cannot be opened in this way.
    """
    path = real_place(where)
    files.check_header(path)
    if not read_only and not files.can_write(path):
        raise files.cannot_write(path, None)
    whole = files.beside(path)[0].exists()
    if read_only:
        files.refuse_unread_log(path)
    return path, whole, broken_log.look(path)


def real_place(where: str | Path) -> Path:
    """Return the absolute path of a project file with links resolved, beside which its clips and models lie."""
    path = Path(where).expanduser().absolute()
    return Path(os.path.realpath(path)) if path.is_symlink() else path


def with_suffix(where: str | Path) -> Path:
    """Return the absolute path of a project file, with the suffix added if it is missing."""
    path = Path(where).expanduser().absolute()
    return path if path.suffix == SUFFIX else path.with_name(path.name + SUFFIX)
