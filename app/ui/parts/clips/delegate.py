"""Draws one clip of the list: picture, name, facts, and a sign if something is known or wrong."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QImage, QPainter, QPainterPath
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from app.services.projects.clip_rows import ClipRow
from app.ui.look.icons import draw_icon
from app.ui.look.theme import Theme
from app.ui.look.tokens import RADIUS, TEXT_SMALL
from app.ui.parts.clips.model import PICTURE_ROLE, ROW_ROLE, facts

PICTURE = QSize(76, 44)
ROW_HEIGHT = 68
BREAKS = " _-"
"""Characters after which a name is broken, rather than between letters."""


class ClipDelegate(QStyledItemDelegate):
    """Draws a row.

    Args:
        theme: The window's fonts and colours.
    """

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(120, max(ROW_HEIGHT, round(54 * self._theme.scale) + 14))

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        row: ClipRow = index.data(ROW_ROLE)
        rect: QRect = option.rect.adjusted(0, 2, -2, -2)
        state: QStyle.StateFlag = option.state
        theme = self._theme
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.setPen(Qt.PenStyle.NoPen)
        if state & QStyle.StateFlag.State_Selected:
            painter.setBrush(theme.colour("accent_soft"))
            painter.drawRoundedRect(rect, RADIUS, RADIUS)
        elif state & QStyle.StateFlag.State_MouseOver:
            painter.setBrush(theme.colour("sunken"))
            painter.drawRoundedRect(rect, RADIUS, RADIUS)
        frame = QRectF(
            rect.left() + 6, rect.center().y() - PICTURE.height() / 2 + 0.5, PICTURE.width(), PICTURE.height()
        )
        self._picture(painter, frame, row, index.data(PICTURE_ROLE))
        text = QRectF(frame.right() + 10, rect.top() + 5, rect.right() - frame.right() - 18, rect.height() - 10)
        painter.setFont(theme.font(weight=theme.font().Weight.Medium))
        painter.setPen(theme.colour("text_faint" if row.clip.missing else "text"))
        name = "\n".join(two_lines(painter.fontMetrics(), row.clip.name, int(text.width())))
        painter.drawText(text, int(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft), name)
        painter.setFont(theme.font(TEXT_SMALL))
        painter.setPen(theme.colour("danger" if row.clip.missing else "text_soft"))
        said = painter.fontMetrics().elidedText(
            " · ".join(facts(row)), Qt.TextElideMode.ElideRight, int(text.width() - 18)
        )
        painter.drawText(text, int(Qt.AlignmentFlag.AlignBottom | Qt.AlignmentFlag.AlignLeft), said)
        sign = QRectF(text.right() - 12, text.bottom() - 15, 14, 14)
        if row.clip.missing:
            draw_icon(painter, sign, "missing", theme.colour("danger"))
        elif not row.clip.complete:
            draw_icon(painter, sign, "warning", theme.colour("warning"))
        elif row.analysed:
            draw_icon(painter, sign, "check", theme.colour("ok"))
        painter.restore()

    def _picture(self, painter: QPainter, frame: QRectF, row: ClipRow, picture: QImage | None) -> None:
        path = QPainterPath()
        path.addRoundedRect(frame, 4, 4)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.colour("stage"))
        painter.drawPath(path)
        if picture is None:
            name = "missing" if row.clip.missing else "image" if row.clip.kind == "image" else "video"
            draw_icon(painter, frame.adjusted(27, 11, -27, -11), name, self._theme.colour("text_faint"))
            return
        painter.save()
        painter.setClipPath(path)
        size = picture.size().scaled(PICTURE, Qt.AspectRatioMode.KeepAspectRatioByExpanding)
        place = QRectF(0, 0, size.width(), size.height())
        place.moveCenter(frame.center())
        painter.setOpacity(0.4 if row.clip.missing else 1.0)
        painter.drawImage(place, picture)
        painter.restore()


def two_lines(metrics: QFontMetrics, name: str, width: int) -> list[str]:
    """Break a name into as few lines as it needs, at most two; the second is shortened in the middle if needed.

    Args:
        metrics: Metrics of the font.
        name: A file's name, which may contain no spaces.
        width: Width of a line in pixels.
    """
    if metrics.horizontalAdvance(name) <= width:
        return [name]
    fits = max(next((n for n in range(len(name), 0, -1) if metrics.horizontalAdvance(name[:n]) <= width), 1), 1)
    # Names differ in their parts: break behind the last one that is whole, unless most of the line stayed empty.
    at = next((n for n in range(fits, fits // 3, -1) if name[n - 1] in BREAKS), fits)
    return [name[:at], metrics.elidedText(name[at:], Qt.TextElideMode.ElideMiddle, width)]
