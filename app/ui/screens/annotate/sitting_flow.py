"""The beginning of a sitting: the check of sound and screen, and a warning if the machine plays no sound."""

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QRect, Signal
from PySide6.QtWidgets import QStackedWidget, QWidget

from app.domain.sitting import SittingCheck
from app.errors import UserError
from app.ui.core.context import AppContext
from app.ui.look.language import tr
from app.ui.parts.player.audio import Speaker
from app.ui.screens.annotate.check import CheckPage
from app.ui.screens.annotate.desk import Desk

if TYPE_CHECKING:
    from app.services.study.session import AnnotateSession
    from app.services.study.sitting import CheckWanted

SILENT: Final = (
    tr("No sound on this machine"),
    tr(
        "The program found no sound output. Clips that should have sound play without "
        "it, and your answers record that. "
        "Plug in headphones or a loudspeaker and sign in again, or tell the study's owner."
    ),
)
"""Title and text for a rater whose machine plays no sound."""
CM_PER_INCH: Final = 2.54


class SittingFlow(QObject):
    """Leads from the sign-in to the first task.

    Args:
        context: The context with banner and jobs.
        desk: The desk with the session.
        stack: The stack of pages.
        page: The page of the check.

    Attributes:
        silent: Whether this machine plays no sound, as it was found at the beginning of the sitting.
    """

    done = Signal(bool)
    """The first task may come; whether the rater has been told what is wrong with the sound."""
    left = Signal()

    def __init__(
        self, context: AppContext, desk: Desk, stack: QStackedWidget, page: CheckPage, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._context, self._desk, self._stack, self._page = context, desk, stack, page
        self.silent = False
        page.checked.connect(self._on_checked)
        page.left.connect(self.left)

    def begin(self) -> None:
        """Begin after somebody has signed in."""
        self._desk.ask(_look, self._on_looked)

    def stop(self) -> None:
        """Stop all sound."""
        self._page.close_page()

    def _on_looked(self, found: tuple["CheckWanted | None", bool]) -> None:
        wanted, sound = found
        self.silent = sound and _no_output()
        if wanted is not None:
            self._page.begin(wanted, _picture_place(self._stack))
            self._stack.setCurrentWidget(self._page)
            return
        self.done.emit(False)

    def _on_checked(self, check: SittingCheck) -> None:
        if not check.passed and not check.skipped:
            # The try is kept all the same; where the study insists, the service refuses to go on.
            self._page.refuse(check)
            self._desk.ask(lambda session: _note(session, check))
            return

        def failed(error: Exception) -> None:
            self._page.refuse(check)
            if not isinstance(error, UserError) or check.passed:
                self._context.fail(error)

        def kept(_: object) -> None:
            self._page.close_page()
            self.silent = check.sound == "no_output"
            self.done.emit(True)

        self._desk.ask(lambda session: _keep(session, check), kept, failed)


def _look(session: "AnnotateSession") -> tuple["CheckWanted | None", bool]:
    from app.services.study.sitting import check_wanted, has_sound

    return check_wanted(session), has_sound(session)


def _keep(session: "AnnotateSession", check: SittingCheck) -> None:
    from app.services.study.sitting import keep_check

    keep_check(session, check)


def _note(session: "AnnotateSession", check: SittingCheck) -> None:
    from app.services.study.sitting import note_try

    note_try(session, check)


def _no_output() -> bool:
    """Return whether the machine plays no sound now."""
    speaker = Speaker(0.0)
    missing = not speaker.open
    speaker.close()
    return missing


def _picture_place(stack: QStackedWidget) -> tuple[int, int, float | None]:
    """Width and height of the place for pictures in device pixels, and its height in centimetres where known."""
    from app.ui.parts.judging.stage import Stage

    for page in (stack.widget(place) for place in range(stack.count())):
        if page is not None and (stage := page.findChild(Stage)) is not None:
            return _size_of(page, stage, stack)
    return 0, 0, None


def _size_of(page: QWidget, stage: QWidget, stack: QStackedWidget) -> tuple[int, int, float | None]:
    page.resize(stack.size())
    page.grab(QRect(0, 0, 1, 1))  # lays out a page that was never up
    ratio, screen = stage.devicePixelRatioF(), stack.screen()
    dpi = screen.physicalDotsPerInchY() if screen is not None else 0.0
    tall_cm = stage.height() / dpi * CM_PER_INCH if 20 < dpi < 1000 else None
    return round(stage.width() * ratio), round(stage.height() * ratio), tall_cm
