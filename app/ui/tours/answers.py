"""Takes the answers screen through its stages for the tour of pictures."""

from typing import TYPE_CHECKING

from app.errors import UserError
from app.services.study.opened import OpenedAnswer
from app.services.study.views import Looker

if TYPE_CHECKING:
    from app.ui.shell.window import MainWindow
    from app.ui.tours.annotate import Guide

REASON = "The clip was judged before it was over"


def answers_shots(window: "MainWindow", guide: "Guide") -> None:
    """Take pictures from naming the owner over an answer to its revisions, and undo all changes."""
    from app.ui.screens.answers.view import AnswersScreen

    screen = window.show_screen("answers")
    if not isinstance(screen, AnswersScreen):
        raise TypeError("the answers screen is not what it was")
    guide.rest(0.3)
    guide.take("answers_sign_in")
    sign_in(window, guide)
    guide.until(lambda: screen.opened is not None or screen.stack.currentWidget() is screen.nothing, "the answers")
    guide.rest(1.0)
    guide.take("answers")
    opened, correcting = screen.opened, screen.correcting
    if isinstance(opened, OpenedAnswer) and correcting is not None and opened.editable and not opened.voided:
        before = len(opened.revisions)
        window.context.apply(correcting.void(opened, REASON))
        guide.until(lambda: _revisions(screen.opened) > before, "the revision")
        window.run("edit.undo")
        guide.until(lambda: _revisions(screen.opened) > before + 1, "the undoing")
        screen.detail.tabs.setCurrentIndex(1)
        guide.rest(0.3)
        guide.take("answers_revisions")
        screen.detail.tabs.setCurrentIndex(0)
    at = next((i for i, row in enumerate(screen.listing.model.rows) if row.kind != "rating"), None)
    if at is not None:
        screen.listing.table.selectRow(at)
        guide.until(lambda: not isinstance(screen.opened, OpenedAnswer), "a trace")
        guide.rest(1.0)
        guide.take("answers_trace")


def sign_in(window: "MainWindow", guide: "Guide") -> None:
    """Sign in as an owner or reviewer without a PIN, or as the first owner of a project that has none.

    Raises:
        UserError: All of them need a PIN, or nobody may see labels here.
    """
    seat = window.context.seat
    lookers = seat.lookers
    if lookers is None or lookers.kit:
        raise UserError("Nobody may see predictions and answers here.", "Take the tour of a project, not of a kit.")
    code = next((code for code, has_pin in lookers.people if not has_pin), "OWNER")
    if lookers.people and (code, False) not in lookers.people:
        raise UserError("The owners of this project are asked for PINs.", "Take the tour of a copy without PINs.")
    sign_in_as(window, guide, Looker(code), first=not lookers.people)


def sign_in_as(window: "MainWindow", guide: "Guide", who: Looker, *, first: bool = False) -> None:
    """Sign in as a given person.

    Args:
        window: The window.
        guide: Waits.
        who: Code and PIN of an owner or reviewer.
        first: Nobody looks after the project yet: the code becomes that of its owner.

    Raises:
        UserError: The person may not look, or the PIN is wrong.
    """
    seat, refusals = window.context.seat, list[Exception]()
    seat.sign_in(who.code, who.pin, refusals.append, first=first)
    guide.until(lambda: seat.correcting is not None or bool(refusals), "the owner or reviewer")
    if refusals:
        raise refusals[0]
    guide.rest(0.2)


def _revisions(opened: object) -> int:
    return len(opened.revisions) if isinstance(opened, OpenedAnswer) else 0
