"""A rater's session from the window's side: every call runs on the one writing thread, in order."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject

from app.jobs import Context, Job
from app.ui.core.context import AppContext

if TYPE_CHECKING:
    from app.services.projects.files import Project
    from app.services.study.session import AnnotateSession

CLOSE_WAIT_S = 10.0


class Desk(QObject):
    """Holds the session that is open.

    Args:
        context: The context with jobs and project.
    """

    def __init__(self, context: AppContext, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._session: AnnotateSession | None = None
        self._place: Path | None = None
        self._turn = 0
        self._opening: Job | None = None

    @property
    def session(self) -> "AnnotateSession":
        """The open session; its plain attributes may be read from any thread.

        Raises:
            RuntimeError: Nobody is signed in.
        """
        if self._session is None:
            raise RuntimeError("nobody is signed in")
        return self._session

    @property
    def is_open(self) -> bool:
        """Whether somebody is signed in."""
        return self._session is not None

    def sign_in(
        self,
        rater: str,
        study: str,
        pin: str,
        language: str,
        on_done: Callable[[], None],
        on_error: Callable[[Exception], None],
    ) -> None:
        """Open a session, and close the one before."""
        self.close()
        project = self._context.opened
        if project is None:
            return
        turn = self._turn

        def done(opened: "tuple[AnnotateSession, Path]") -> None:
            if turn != self._turn:
                self._context.jobs.start("db", _close, *opened)
                return
            self._session, self._place = opened
            on_done()

        self._opening = self._context.jobs.start(
            "db", _open, project, rater, study, pin, language, on_done=done, on_error=on_error
        )

    def ask(
        self,
        fn: Callable[["AnnotateSession"], Any],
        on_done: Callable[[Any], None] | None = None,
        on_error: Callable[[Exception], None] | None = None,
    ) -> None:
        """Do something in the session; nothing where nobody is signed in any more.

        A page stays in sight for a moment after its session has ended, until it is known what comes next. What is
        pressed there meanwhile asks for nothing.

        Args:
            fn: Function that is called with the session, on the writing thread.
            on_done: Called with the result, if the same session is still open.
            on_error: Called with an error; by default the banner shows it.
        """
        if self._session is None:
            return
        session, turn = self._session, self._turn

        def done(result: Any) -> None:
            if turn == self._turn and on_done is not None:
                on_done(result)

        self._context.jobs.start("db", lambda _ctx: fn(session), on_done=done, on_error=on_error or self._context.fail)

    def close(self, *, wait: bool = False) -> None:
        """End the session. The task on screen will be shown again.

        Args:
            wait: Whether to wait until this is stored, because the window is closing.
        """
        self._turn += 1
        if self._opening is not None:
            self._opening.cancel()
            self._opening = None
        session, self._session = self._session, None
        place, self._place = self._place, None
        if session is None or place is None:
            return
        job: Job = self._context.jobs.start("db", _close, session, place, on_error=self._context.fail)
        if wait:
            job.wait(CLOSE_WAIT_S)


def _open(
    ctx: Context, project: "Project", rater: str, study: str, pin: str, language: str
) -> "tuple[AnnotateSession, Path]":
    """Return the session, and the mark by which other windows and commands of this user know of it."""
    from app.services.machine import at_work
    from app.services.study.session import AnnotateSession

    session = AnnotateSession(project, rater, study or None, pin=pin, language=language or None)
    place = None
    try:
        place = at_work.begin()
        ctx.check()  # the window may be closing: nobody would end the session that nobody has got
        return session, place
    except BaseException:
        session.close()
        if place is not None:
            at_work.end(place)
        raise


def _close(_ctx: object, session: "AnnotateSession", place: Path) -> None:
    from app.services.machine import at_work

    try:
        session.close()
    finally:
        at_work.end(place)
