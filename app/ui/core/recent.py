"""The list of recently opened projects."""

from pathlib import Path
from typing import Final

from PySide6.QtCore import QSettings

from app.addresses import Place, is_server, place_of, shown_place
from app.reach import exists

KEPT: Final = 10


class Recent:
    """A short list of projects, newest first, kept beside the window's geometry.

    Addresses of servers are kept without user and password.

    Args:
        store: The storage of the list.
    """

    def __init__(self, store: QSettings) -> None:
        self._store = store

    def places(self) -> list[Place]:
        """Return the projects on servers, and the files that still exist and whose disks answer at once."""
        return [place for place in self._all() if not isinstance(place, Path) or exists(place)]

    def paths(self) -> list[Path]:
        """Return those of `places` that are files."""
        return [place for place in self.places() if isinstance(place, Path)]

    def add(self, place: Place) -> None:
        """Put a project first."""
        place = _bare(place)
        self._keep([place, *(other for other in self._all() if other != place)])

    def remove(self, place: Place) -> None:
        """Remove a project from the list."""
        place = _bare(place)
        self._keep([other for other in self._all() if other != place])

    def clear(self) -> None:
        """Empty the list."""
        self._keep([])

    def _all(self) -> list[Place]:
        kept = str(self._store.value("recent", "") or "")
        return [place_of(line) for line in kept.splitlines() if line]

    def _keep(self, places: list[Place]) -> None:
        self._store.setValue("recent", "\n".join(str(place) for place in places[:KEPT]))


def _bare(place: Place) -> Place:
    return place_of(shown_place(place)) if is_server(place) else Path(place)
