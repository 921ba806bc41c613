"""Paints what the members of a fusion say: a column of small bars for each, beside the fusion's own."""

from typing import Final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter

from app.domain.words import plain
from app.ui.look.language import tr
from app.ui.look.theme import Theme
from app.ui.look.tokens import TEXT_CAPTION, TEXT_SMALL
from app.ui.parts.categories.said import CategorySaid, top_of

FUSED: Final = "fusion"
NAME_WIDE: Final = 76.0
"""Width of the names of classes, at 100 % text."""
GAP: Final = 6.0


def paint_members(painter: QPainter, area: QRectF, said: CategorySaid, theme: Theme) -> None:
    """Paint a row for each class and a column for the fusion and each member.

    The class that a column says is in the accent's colour; it is in the colour of dangers where the label is known and
    another one.

    Args:
        painter: The painter of the widget.
        area: Where to paint.
        said: The verdict with its members.
        theme: The window's fonts and colours.
    """
    scale = theme.scale
    own = np.zeros(len(said.classes), np.float32) if said.probabilities is None else said.probabilities
    columns = [(FUSED, own), *said.members]
    left, head = NAME_WIDE * scale, 18 * scale
    wide = max((area.width() - left) / len(columns), 8.0)
    step = min((area.height() - head) / max(len(said.classes), 1), 26 * scale)
    middle = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft)
    painter.setFont(theme.font(TEXT_CAPTION))
    metrics = painter.fontMetrics()
    painter.setPen(theme.colour("text_soft"))
    for at, (name, _) in enumerate(columns):
        place = QRectF(area.left() + left + at * wide, area.top(), wide - GAP, head)
        painter.drawText(
            place, middle, metrics.elidedText(name, Qt.TextElideMode.ElideMiddle, max(round(wide - GAP), 8))
        )
    painter.setFont(theme.font(TEXT_SMALL))
    metrics = painter.fontMetrics()
    for row, word in enumerate(said.classes):
        line = QRectF(area.left(), area.top() + head + row * step, area.width(), step)
        painter.setPen(theme.colour("text" if word == said.label else "text_soft"))
        shown = f"{plain(word)} ✓" if word == said.label else plain(word)
        name_area = QRectF(line.left(), line.top(), left - 4, step)
        painter.drawText(name_area, middle, metrics.elidedText(shown, Qt.TextElideMode.ElideRight, round(left - 4)))
        for at, (_, shares) in enumerate(columns):
            _bar(
                painter, QRectF(line.left() + left + at * wide, line.top(), wide - GAP, step), said, shares, row, theme
            )


def _bar(
    painter: QPainter, area: QRectF, said: CategorySaid, shares: NDArray[np.float32], row: int, theme: Theme
) -> None:
    share = float(shares[row])
    painter.setPen(Qt.PenStyle.NoPen)
    if share != share:
        return
    trough = QRectF(area.left(), area.center().y() - 3, area.width(), 6)
    painter.setBrush(theme.colour("border"))
    painter.drawRoundedRect(trough, 3, 3)
    if share <= 0.005:
        return
    wrong = bool(said.label) and said.label != said.classes[row]
    token = "text_faint" if row != int(np.argmax(shares)) else "danger" if wrong else "accent"
    painter.setBrush(theme.colour(token))
    painter.drawRoundedRect(QRectF(trough.left(), trough.top(), max(trough.width() * share, 4), 6), 3, 3)


def members_words(said: CategorySaid) -> str:
    """Say what each member says, and which category is the label."""
    told = [f"{name} {top_of(said.classes, shares) or 'nothing'}" for name, shares in said.members]
    label = [tr("label {label}", label=plain(said.label))] if said.label else []
    return ", ".join([*label, *told])
