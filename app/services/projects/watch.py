"""Looking every second whether an open project is still where it was, so that a rater hears of it before the next save.

Only the file system is asked, and no file is opened. The thread is one of its own: a network folder that does not
answer keeps nobody else waiting, and says nothing about the project.
"""

from collections.abc import Callable
from typing import Final

from app.errors import ProjectLost, UserError
from app.worker import Worker
from db.project import Project

LOOK_S: Final = 1.0
AGAIN_S: Final = 0.2
"""A file that is missing is looked for once more: some programs replace one by moving it aside first."""
END_WAIT_S: Final = 0.5


class ProjectWatch(Worker):
    """Watches one project until it is lost or the watch is ended.

    Args:
        project: An open one.
        on_lost: Told once, from the watching thread, when the project is lost.
    """

    def __init__(self, project: Project, on_lost: Callable[[ProjectLost], None]) -> None:
        super().__init__("project-watch")
        self._project, self._on_lost = project, on_lost
        self._begin()

    def end(self) -> None:
        """Watch no more; a look that hangs is left behind."""
        self._end(END_WAIT_S)

    def _run(self) -> None:
        while not self._rest(LOOK_S):
            if not self._seems_lost() or self._rest(AGAIN_S) or not self._seems_lost():
                continue
            try:
                self._project.check_place()
            except ProjectLost as lost:
                self._on_lost(lost)
                return
            except UserError:
                continue

    def _seems_lost(self) -> bool:
        return isinstance(self._project.lost or self._project.look(), ProjectLost)

    def _rest(self, seconds: float) -> bool:
        with self._wake:
            return self._wake.wait_for(lambda: self._stop, seconds)
