"""Checks every second whether an open project is still in its place, so that a rater is told before the next save.

Only the file system is asked, and no file is opened; a server is asked over a connection of its own. The thread is
separate, so that nobody else waits for a network folder or a server that does not answer. Such a silence says nothing
about the project.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Final, TypeVar

from app.errors import ProjectLost, UserError
from app.reach import NotAnswering, within
from app.worker import Worker
from db.project import Project

T = TypeVar("T")
LOOK_S: Final = 1.0
AGAIN_S: Final = 0.2
"""A file that is missing is looked for once more: some programs replace one by moving it aside first."""
END_WAIT_S: Final = 0.5


class ProjectWatch(Worker):
    """Watches one project until it is lost or the watch is ended.

    Args:
        project: The open project.
        on_lost: Called once, in the watching thread, when the project is lost.
        on_silent: Called, in the watching thread, each time that the project's disk or server has stopped answering.
    """

    def __init__(
        self, project: Project, on_lost: Callable[[ProjectLost], None], on_silent: Callable[[UserError], None]
    ) -> None:
        super().__init__("project-watch")
        self._project, self._on_lost, self._on_silent = project, on_lost, on_silent
        self._silent = False
        self._begin()

    def end(self) -> None:
        """Stop watching. A check that hangs is abandoned."""
        self._end(END_WAIT_S)

    def _run(self) -> None:
        while not self._rest(LOOK_S):
            if self._project.path is None:
                self._look_at_server()
                continue
            try:
                if not self._seems_lost() or self._rest(AGAIN_S) or not self._seems_lost():
                    continue
                self._asked(self._project.check_place)
            except ProjectLost as lost:
                self._on_lost(lost)
                return
            except NotAnswering:
                if not self._silent:
                    self._on_silent(_silence(self._project.path))
                self._silent = True
            except UserError:
                continue

    def _look_at_server(self) -> None:
        away = self._project.server_away()
        if away is not None and not self._silent:
            self._on_silent(away)
        self._silent = away is not None

    def _seems_lost(self) -> bool:
        found = self._project.lost or self._asked(self._project.look)
        self._silent = False
        return isinstance(found, ProjectLost)

    def _asked(self, look: Callable[[], T]) -> T:
        assert self._project.path is not None
        return within(self._project.path, look, alone=True)

    def _rest(self, seconds: float) -> bool:
        with self._wake:
            return self._wake.wait_for(lambda: self._stop, seconds)


def _silence(path: Path | None) -> UserError:
    name = "The project" if path is None else f"The project {path.stem}"
    return UserError(
        f"{name} cannot be reached: its disk or network folder does not answer, and nothing is saved until it does.",
        "Check that it is connected; what you confirm is saved as soon as it answers again.",
    )
