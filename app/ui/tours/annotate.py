"""Takes the annotation and study screens through their stages for the tour of pictures."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QWidget

if TYPE_CHECKING:
    from app.services.study.owner import RaterState
    from app.ui.screens.annotate.view import AnnotateScreen
    from app.ui.screens.study.view import StudyScreen
    from app.ui.shell.window import MainWindow

RATER: Final = "TOUR"
MOST_PAGES: Final = 60
"""Number of pages of the demo's study within which there is a trace."""
PLANNED: Final = 15
"""Studies of each size that are simulated for the picture of a plan."""


@dataclass(frozen=True)
class Guide:
    """The functions that the tour offers.

    Attributes:
        take: Function that saves a picture of the window under a name.
        until: Function that waits, with the window alive, until a condition holds; its words name the condition.
        rest: Function that lets a number of seconds pass.
        save: Function that saves a picture of a dialog under a name.
    """

    take: Callable[[str], None]
    until: Callable[[Callable[[], bool], str], None]
    rest: Callable[[float], None]
    save: Callable[[QWidget, str], None]


def study_shots(window: "MainWindow", guide: Guide) -> None:
    """Take pictures of the study screen: empty, the form, the assignment, and simulated raters."""
    from app.services.study import setup
    from app.services.study.draft import FIRST_SEED
    from app.ui.screens.study.view import StudyScreen

    screen = window.show_screen("study")
    if not isinstance(screen, StudyScreen):
        raise TypeError("the study screen is not what it was")
    guide.until(lambda: screen.stack.currentWidget() is not screen.no_project, "the studies")
    if not screen.name:
        guide.rest(0.2)
        guide.take("study_empty")
        screen.make_default()
        guide.until(lambda: bool(screen.name), "the default study")
    context, name = window.context, screen.name
    if not _raters(screen):
        context.write(setup.let_join, name, RATER)
        guide.until(lambda: any(one.member.rater == RATER for one in _raters(screen)), "the rater")
        context.write(setup.give_out, name, FIRST_SEED)
        guide.until(lambda: any(one.progress is not None for one in _raters(screen)), "the assignment")
    screen.tabs.setCurrentIndex(0)
    guide.rest(0.3)
    guide.take("study_raters")
    screen.tabs.setCurrentWidget(screen.assignment)
    guide.rest(0.3)
    guide.take("study_assignment")
    _plan_shot(screen, guide)


def _plan_shot(screen: "StudyScreen", guide: Guide) -> None:
    """Plan a study from assumptions, in so few simulations that a picture need not wait for long."""
    from app.ui.screens.study.planning_form import ASSUMED

    planning = screen.planning
    screen.tabs.setCurrentWidget(planning)
    planning.form.source.setCurrentIndex(planning.form.source.findData(ASSUMED))
    planning.form.target.setValue(0.3)
    planning.form.subjects.setText("6, 12, 18, 24")
    planning.form.repetitions.setValue(PLANNED)
    planning.simulate()
    guide.until(lambda: planning.planned is not None and not planning.busy, "the plan")
    guide.rest(0.3)
    guide.take("study_plan")


def annotate_shots(window: "MainWindow", guide: Guide) -> None:
    """Take pictures from the sign-in over a rating to a trace and its review, and leave the session."""
    from app.services.study.quick import start_labelling
    from app.ui.screens.annotate.view import AnnotateScreen

    screen = window.show_screen("annotate")
    if not isinstance(screen, AnnotateScreen):
        raise TypeError("the annotation screen is not what it was")
    guide.until(lambda: screen.stack.currentWidget() is not screen.no_project, "the form")
    guide.rest(0.5)
    if screen.stack.currentWidget() is not screen.sign_in:
        # Nobody has anything left to judge, as in the demo, where simulated raters did it all.
        window.context.write(start_labelling, RATER)
        guide.until(lambda: screen.stack.currentWidget() is screen.sign_in, "work for the tour's rater")
    at = screen.sign_in.rater.findData(RATER)
    screen.sign_in.rater.setCurrentIndex(max(at, 0))
    screen.sign_in.code.setText(RATER)
    guide.rest(0.2)
    guide.take("annotate_sign_in")
    press(screen.sign_in, Qt.Key.Key_Return)
    guide.until(lambda: screen.desk.is_open and screen.stack.currentWidget() is not screen.sign_in, "the session")
    shown: set[str] = set()
    if screen.stack.currentWidget() is screen.check:
        guide.rest(0.2)
        guide.take("annotate_check")
        screen.check.skip.click()
        guide.until(lambda: screen.stack.currentWidget() is not screen.check, "the first page")
    for _ in range(MOST_PAGES):
        page = screen.stack.currentWidget()
        if page is screen.text and screen.flow.task is None and screen.text.go.text() == "Leave":
            break
        if page is screen.text:
            _text(screen, guide, shown)
        elif page is screen.rating:
            _rating(screen, guide, shown)
        elif page is screen.trace:
            _trace(screen, guide, shown)
        if {"rating", "trace"} <= shown:
            break
    screen.flow.end()
    screen.reload()
    guide.rest(0.2)


def press(widget: QWidget, key: Qt.Key, text: str = "") -> None:
    """Send a key as the keyboard would."""
    for kind in (QKeyEvent.Type.KeyPress, QKeyEvent.Type.KeyRelease):
        QApplication.sendEvent(widget, QKeyEvent(kind, key, Qt.KeyboardModifier.NoModifier, text))


def _raters(screen: "StudyScreen") -> tuple["RaterState", ...]:
    state = screen.state_shown
    return state.raters if state is not None else ()


def _next(screen: "AnnotateScreen", guide: Guide, before: QWidget, slot: int | None) -> None:
    """Wait until something else is up."""

    def moved() -> bool:
        task = screen.flow.task
        at = task.slot.id if task is not None else None
        page = screen.stack.currentWidget()
        return page is not before or (at != slot and _up(screen))

    guide.until(moved, "the next page")


def _up(screen: "AnnotateScreen") -> bool:
    """Return whether the task that is due is on the screen."""
    task, page = screen.flow.task, screen.stack.currentWidget()
    if task is None or page is screen.text:
        return True
    shown = (screen.trace if task.is_trace else screen.rating).presenter.task
    return shown is not None and shown.slot.id == task.slot.id


def _text(screen: "AnnotateScreen", guide: Guide, shown: set[str]) -> None:
    if "text" not in shown:
        shown.add("text")
        guide.rest(0.2)
        guide.take("annotate_welcome")
    task = screen.flow.task
    before = screen.text.text.text()
    press(screen.text, Qt.Key.Key_Return)
    guide.until(
        lambda: screen.stack.currentWidget() is not screen.text or screen.text.text.text() != before, "what follows"
    )
    if task is not None:
        guide.until(lambda: _up(screen), "the task")


def _rating(screen: "AnnotateScreen", guide: Guide, shown: set[str]) -> None:
    page = screen.rating
    task = screen.flow.task
    slot = task.slot.id if task is not None else None
    guide.until(lambda: page.presenter.phase in ("marking", "playing", "ended", "unshown"), "the clip")
    if page.presenter.phase == "marking" and page.stage.marked and "mark" not in shown:
        shown.add("mark")
        guide.rest(0.5)
        guide.take("annotate_target")
    if "rating" not in shown:
        shown.add("rating")
        guide.rest(1.5)
        for digit in "0134":
            _digit(page, digit)
        guide.take("annotate_rating")
    page.presenter.seen_whole = True  # the tour need not watch every clip to its end
    page.questions.cannot_tell_all()
    page.submit()
    _next(screen, guide, page, slot)


def _digit(page: QWidget, digit: str) -> None:
    focus = page.window().focusWidget()
    if focus is not None:
        press(focus, Qt.Key(ord(digit)), digit)


def _trace(screen: "AnnotateScreen", guide: Guide, shown: set[str]) -> None:
    page = screen.trace
    shown.add("trace")
    page.device.setCurrentIndex(page.device.findData("keyboard"))
    guide.until(lambda: page.presenter.phase in ("ready", "unshown"), "the clip")
    guide.rest(0.3)
    guide.take("annotate_trace_ready")
    if page.presenter.phase == "unshown":
        return
    page.primary()
    guide.rest(0.6)
    guide.take("annotate_trace_countdown")
    guide.until(lambda: page.tracing.phase == "running", "the countdown")
    page.tracing.keys[Qt.Key.Key_Right] = page.tracing.keys[Qt.Key.Key_Up] = True
    guide.rest(0.6)
    page.tracing.keys[Qt.Key.Key_Up] = False
    guide.rest(0.3)
    guide.take("annotate_trace")
    page.tracing.keys.clear()
    guide.until(lambda: page.tracing.phase == "review", "the end of the clip")
    guide.rest(1.0)
    guide.take("annotate_trace_review")
