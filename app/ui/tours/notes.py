"""Marks some events on the clip of the Review screen for the tour of pictures."""

from typing import TYPE_CHECKING, Final

from app.services.labels.notes import example_categories

if TYPE_CHECKING:
    from app.ui.screens.review.view import ReviewScreen
    from app.ui.tours.annotate import Guide

EVENTS: Final = (
    (0.05, "Smile"), (0.22, "Smile"), (0.3, "Blink"), (0.35, "Speaks"), (0.5, "Speaks"), (0.6, "Looks away"),
)  # fmt: skip
"""Share of the clip at which the key of a category is pressed."""
WORDS: Final = "first smile of the clip"
ENDS_AT: Final = 0.72
"""Share of the clip at which the picture is taken, while the last event still runs."""


def note_shots(screen: "ReviewScreen", guide: "Guide") -> None:
    """Code some events as with the keyboard, and take pictures of them and of their categories."""
    from app.ui.screens.review.note_categories import CategoriesDialog

    notes = screen.notes.notes
    if not notes.categories:
        notes.set_categories(example_categories())
        guide.until(lambda: bool(notes.categories), "the categories of notes")
    named = {one.name: one for one in notes.categories}
    if not notes.notes:
        for share, name in EVENTS:
            _go(screen, guide, share)
            if name in named:
                notes.press(named[name])
        _go(screen, guide, EVENTS[0][0] * 2)
        screen.notes.add()
        screen.notes.list.text.insert(WORDS)
        screen.notes.list.save_text()
    _go(screen, guide, ENDS_AT)
    screen.notes.show_list(True)
    guide.rest(0.6)
    guide.take("review_notes")
    screen.notes.ask_categories()
    guide.rest(0.3)
    dialog = screen.window().findChild(CategoriesDialog)
    if isinstance(dialog, CategoriesDialog):
        guide.save(dialog, "note_categories")
        dialog.reject()
    screen.notes.show_list(False)
    guide.rest(0.2)


def _go(screen: "ReviewScreen", guide: "Guide", share: float) -> None:
    start_s, end_s = screen.player.range_s
    screen.player.seek(start_s + share * (end_s - start_s))
    wanted = screen.player.position_s
    guide.until(lambda: screen.player.frame is not None and abs(screen.player.frame.time_s - wanted) < 0.2, "the frame")
