"""The list of recently opened projects."""

from pathlib import Path
from typing import Final

from PySide6.QtCore import QSettings

from app.reach import exists

KEPT: Final = 10


class Recent:
    """A short list of project files, newest first, kept beside the window's geometry.

    Args:
        store: The storage of the list.
    """

    def __init__(self, store: QSettings) -> None:
        self._store = store

    def paths(self) -> list[Path]:
        """Return the projects that still exist and whose disks answer at once."""
        return [path for path in self._all() if exists(path)]

    def add(self, path: Path) -> None:
        """Put a project first."""
        self._keep([path, *(other for other in self._all() if other != path)])

    def remove(self, path: Path) -> None:
        """Remove a project from the list."""
        self._keep([other for other in self._all() if other != path])

    def clear(self) -> None:
        """Empty the list."""
        self._keep([])

    def _all(self) -> list[Path]:
        kept = str(self._store.value("recent", "") or "")
        return [Path(line) for line in kept.splitlines() if line]

    def _keep(self, paths: list[Path]) -> None:
        self._store.setValue("recent", "\n".join(str(path) for path in paths[:KEPT]))
