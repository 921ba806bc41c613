"""The names of faces over the picture, which cover neither another face nor each other."""

from collections.abc import Mapping, Sequence
from typing import Final

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QPainter

from app.ui.look.theme import Theme
from app.ui.look.tokens import DARK, TEXT_CAPTION, TEXT_SMALL

_GROUND: Final = QColor(8, 10, 13, 205)
_GAP: Final = 5.0


def tag_place(size: QSizeF, box: QRectF, picture: QRectF, taken: Sequence[QRectF], *, must: bool) -> QRectF | None:
    """Return the place of a face's name: above the face or below it, inside the picture and on nothing that is taken.

    Args:
        size: Width and height of the name.
        box: The face, in the widget's coordinates.
        picture: Place of the frame in the widget.
        taken: Other faces and names.
        must: Whether it is placed where there is no free place, too: above the face if the picture has room there.

    Returns:
        The place; None where there is no free one and it need not be placed.
    """
    left = max(min(box.left(), picture.right() - size.width()), picture.left())
    lowest = picture.bottom() - size.height()
    wanted = (box.top() - size.height() - _GAP, box.bottom() + _GAP)
    places = [QRectF(QPointF(left, top), size) for top in wanted if picture.top() <= top <= lowest]
    free = next((place for place in places if not any(place.intersects(one) for one in taken)), None)
    if free is not None or not must:
        return free
    return places[0] if places else QRectF(QPointF(left, min(max(wanted[1], picture.top()), lowest)), size)


def paint_names(
    painter: QPainter,
    names: Mapping[int, Sequence[str]],
    active: int,
    boxes: Mapping[int, QRectF],
    picture: QRectF,
    theme: Theme,
    panel: QRectF | None,
) -> None:
    """Draw the names of the faces of a frame.

    Args:
        painter: A painter in the widget's coordinates.
        names: What each face may be called, the fullest words first; the chosen face comes first, and its name is the
            larger one. A shorter name is taken where a longer one has no room.
        active: Number of the chosen face.
        boxes: The faces, in the widget's coordinates.
        picture: Place of the frame in the widget.
        theme: The theme with the fonts.
        panel: Place of the panel of bars, which no name covers; None without it.
    """
    taken = [panel] if panel is not None else []
    for number, options in names.items():
        strong = number == active
        painter.setFont(theme.font(TEXT_SMALL if strong else TEXT_CAPTION))
        metrics = painter.fontMetrics()
        others = [] if strong else [box for other, box in boxes.items() if other != number]
        for text in options:
            size = QSizeF(metrics.horizontalAdvance(text) + (14.0 if strong else 8.0), metrics.height() + 4.0)
            must = text == options[-1]
            tag = tag_place(size, boxes[number], picture, [*taken, *others], must=must)
            if tag is not None:
                taken.append(tag)
                _paint(painter, tag, text, strong)
                break


def _paint(painter: QPainter, tag: QRectF, text: str, strong: bool) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(DARK.accent) if strong else _GROUND)
    painter.drawRoundedRect(tag, 4, 4)
    painter.setPen(QColor(DARK.on_accent) if strong else QColor("#ffffff"))
    painter.drawText(tag, int(Qt.AlignmentFlag.AlignCenter), text)
