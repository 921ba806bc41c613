"""The look of conditions and emotions on this screen, which is the same on every page."""

from collections.abc import Iterable
from typing import Final

from PySide6.QtGui import QColor, QFont

from app.domain.emotion_words import rated_rank, rated_word
from app.ui.look.theme import Theme
from app.ui.look.tokens import TEXT_CAPTION, TEXT_SMALL

_FILL: Final = {"face_only": "border_strong", "full_context": "accent", "context_only": "warning"}
_INK: Final = {"face_only": "text_soft", "full_context": "accent", "context_only": "warning"}
_REST: Final = (("accent", "accent"), ("border_strong", "text_soft"), ("warning", "warning"), ("danger", "danger"))


class Look:
    """Colours and fonts by meaning.

    A condition is recognised by its place and by filled or hollow marks as well as by colour. The whole picture is
    filled.

    Args:
        theme: The theme that they come from.
    """

    def __init__(self, theme: Theme) -> None:
        self.theme = theme

    def fill(self, condition: str, place: int = 0) -> QColor:
        """Return the colour of a condition's bars."""
        return self.theme.colour(_FILL.get(condition, _REST[place % len(_REST)][0]))

    def ink(self, condition: str, place: int = 0) -> QColor:
        """Return the colour of a condition's lines, marks and numbers."""
        return self.theme.colour(_INK.get(condition, _REST[place % len(_REST)][1]))

    @property
    def small(self) -> QFont:
        """The font for names."""
        return self.theme.font(TEXT_SMALL)

    @property
    def caption(self) -> QFont:
        """The font for axes and numbers."""
        return self.theme.font(TEXT_CAPTION, figures=True)

    @property
    def strong(self) -> QFont:
        """The font for headings within a chart."""
        return self.theme.font(TEXT_SMALL, QFont.Weight.DemiBold)


def pretty(name: str) -> str:
    """The name of a rated emotion or a condition as people write it. Classes of models are written by `class_word`."""
    return rated_word(name)


def filled(condition: str) -> bool:
    """Return whether a condition's marks are filled."""
    return condition != "face_only"


def ordered(emotions: Iterable[str]) -> list[str]:
    """Sort emotions in the order of Sun et al. 2018, with others at the end."""
    return sorted(emotions, key=rated_rank)


def p_text(p: float) -> str:
    """Write a p value as papers print it."""
    if p != p:
        return "–"
    return "< .001" if p < 0.001 else f"{p:.3f}".lstrip("0") if p < 1 else "1.000"


def side_width(theme: Theme, page: int) -> int:
    """Return the width of the column beside a table or plot, for the page's width in pixels."""
    return theme.room(396 if page >= 1040 else 300, page)
