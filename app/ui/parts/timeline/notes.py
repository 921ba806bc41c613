"""The row of notes in the timeline: moments as pins, ranges as bars, with their words where there is room."""

from dataclasses import dataclass, replace
from typing import Any, Final

import pyqtgraph as pg
from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QHelpEvent, QMouseEvent, QPainter, QPen, QTransform
from PySide6.QtWidgets import QToolTip

from app.domain.clock import clock_text
from app.domain.notes import ClipNote
from app.domain.words import many
from app.ui.look.language import tr
from app.ui.look.theme import Theme
from app.ui.look.tokens import TEXT_CAPTION
from app.ui.parts.timeline.plots import PlotRow
from app.ui.parts.widgets.basic import tip_text

LANES: Final = 2
"""Rows of notes that stand above each other at most; where more overlap, the last lane holds the rest."""
LANE_HEIGHT: Final = 17
"""Height of a lane in pixels at 100 % text."""
PIN: Final = 9.0
"""Width and height of the sign of a moment in pixels at 100 % text."""
_GAP: Final = 4.0


def when_text(note: ClipNote, begins_s: float) -> str:
    """Return when a note is, as people read it: a time, or a range."""
    start = clock_text(note.start_s - begins_s)
    if note.kind == "point":
        return start
    return f"{start} – " + ("running" if note.end_s is None else clock_text(note.end_s - begins_s))


@dataclass(frozen=True)
class Placed:
    """A note on the screen.

    Attributes:
        note: The note.
        place: Where it is drawn, in pixels of the view.
        words: Width that is left for its words, beside or inside its sign.
    """

    note: ClipNote
    place: QRectF
    words: float


def placed_notes(
    spans: list[tuple[ClipNote, float, float]], widths: list[float], right: float, top: float, scale: float, lanes: int
) -> list[Placed]:
    """Place notes in lanes so that they do not cover each other, as far as there are lanes.

    Args:
        spans: Notes by their time, with their first and last pixel.
        widths: Width of the words of each.
        right: Last pixel of the view.
        top: Its uppermost pixel.
        scale: The text scale.
        lanes: Number of lanes.
    """
    ends = [float("-inf")] * lanes
    found: list[Placed] = []
    pin = PIN * scale
    for (note, first, last), width in zip(spans, widths, strict=True):
        point = note.kind == "point"
        left = first - pin / 2 if point else first
        ending = left + pin if point else max(last, first + 3)
        lane = next((at for at, end in enumerate(ends) if end <= left), None)
        covered = lane is None
        lane = lanes - 1 if lane is None else lane
        place = QRectF(left, top + lane * LANE_HEIGHT * scale + 1, ending - left, LANE_HEIGHT * scale - 3)
        found.append(Placed(note, place, 0.0 if covered else width + 2 * _GAP if point else ending - left))
        room = _GAP + width if point and not covered else 0.0
        ends[lane] = max(ends[lane], min(ending + room, right) + 2)
    return [replace(one, words=min(one.words, _room(one, found[at + 1 :], right))) for at, one in enumerate(found)]


def _room(one: Placed, after: list[Placed], right: float) -> float:
    """Return the width that a note's words have before the next note of its lane begins."""
    nearest = min((each.place.left() for each in after if each.place.top() == one.place.top()), default=right)
    begin = one.place.right() + _GAP if one.note.kind == "point" else one.place.left()
    return max(min(nearest, right) - begin, 0.0)


class _NotesPicture(pg.GraphicsObject):  # type: ignore[misc]
    """Draws the notes of the visible window."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.notes: tuple[ClipNote, ...] = ()
        self.chosen = ""
        self.now_s = 0.0
        self.lanes = LANES
        self.placed: list[Placed] = []

    def boundingRect(self) -> QRectF:
        """Return the visible window, in the units of the axes."""
        view = self.viewRect()
        return QRectF() if view is None else QRectF(view)

    def viewTransformChanged(self) -> None:
        """Follow the view."""
        self.prepareGeometryChange()
        super().viewTransformChanged()

    def until(self, note: ClipNote) -> float:
        """Return where a note ends on the screen: a range that still runs ends at the playhead."""
        if note.end_s is not None:
            return note.end_s
        return max(self.now_s, note.start_s) if note.running else note.start_s

    def paint(self, painter: QPainter, *_args: Any) -> None:
        """Paint the notes."""
        window = self.boundingRect()
        if window.width() <= 0:
            return
        place = painter.worldTransform().mapRect(window)
        scale = self._theme.scale

        def x(time_s: float) -> float:
            return place.left() + (time_s - window.left()) / window.width() * place.width()

        seen = [n for n in self.notes if self.until(n) >= window.left() and n.start_s <= window.right()]
        font = self._theme.font(TEXT_CAPTION)
        metrics = QFontMetricsF(font)
        titles = [" ".join(note.title.split()) for note in seen]
        spans = [(note, x(note.start_s), x(self.until(note))) for note in seen]
        widths = [metrics.horizontalAdvance(title) for title in titles]
        self.placed = placed_notes(spans, widths, place.right(), place.top(), scale, self.lanes)
        painter.save()
        painter.setWorldTransform(QTransform())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(font)
        for one, title in zip(self.placed, titles, strict=True):
            self._paint_one(painter, one, metrics.elidedText(title, Qt.TextElideMode.ElideRight, one.words - 2 * _GAP))
        painter.restore()

    def _paint_one(self, painter: QPainter, one: Placed, words: str) -> None:
        theme, place = self._theme, one.place
        colour = theme.colour(f"note_{one.note.colour}")
        chosen = one.note.uid == self.chosen
        pen = QPen(theme.colour("text") if chosen else colour, 2.0 if chosen else 1.0)
        painter.setPen(pen)
        left = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        if one.note.kind == "point":
            painter.setBrush(colour)
            middle, half = place.center(), place.width() / 2
            across, down = QPointF(half, 0), QPointF(0, half)
            painter.drawPolygon([middle - down, middle + across, middle + down, middle - across])
            text = QRectF(place.right() + _GAP, place.top(), one.words, place.height())
        else:
            ground = theme.colour(f"note_{one.note.colour}", 0.22)
            painter.setBrush(ground)
            if one.note.running:
                pen.setStyle(Qt.PenStyle.DashLine)
                painter.setPen(pen)
            painter.drawRoundedRect(place, 3, 3)
            text = QRectF(place.left() + _GAP, place.top(), one.words - 2 * _GAP, place.height())
        if len(words) > 1 and text.width() > 2 * _GAP:
            painter.setPen(theme.colour("text"))
            painter.drawText(text, left, words)


class NotesRow(PlotRow):
    """The notes of a clip over time. A press on one chooses it.

    Args:
        theme: The window's fonts and colours.
    """

    chosen = Signal(str)

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, tr("Notes over time"), with_times=False)
        self._picture = _NotesPicture(theme)
        self._begins_s = 0.0
        item = self.getPlotItem()
        item.addItem(self._picture, ignoreBounds=True)
        item.setYRange(0, 1, padding=0)
        item.getAxis("left").setTicks([[]])
        self.setMouseTracking(True)
        self.restyle()

    @property
    def notes(self) -> tuple[ClipNote, ...]:
        """The notes that are drawn."""
        return self._picture.notes

    @property
    def placed(self) -> list[Placed]:
        """The notes as they were painted last."""
        return self._picture.placed

    def show_notes(self, notes: tuple[ClipNote, ...], chosen: str, begins_s: float) -> None:
        """Show notes.

        Args:
            notes: The notes by their time.
            chosen: The uid of the one that is chosen; empty for none.
            begins_s: Time of the clip's first frame, from which people count.
        """
        self._picture.notes, self._picture.chosen, self._begins_s = notes, chosen, begins_s
        self.setAccessibleName(tr("Notes: {notes}", notes=many(len(notes), tr("note"), tr("notes"))))
        self._picture.update()

    def set_now(self, at_s: float) -> None:
        """Move the end of ranges that nobody has ended yet to the playhead."""
        self._picture.now_s = at_s
        if any(note.running for note in self._picture.notes):
            self._picture.update()

    def set_lanes(self, lanes: int) -> int:
        """Set the number of lanes, and return the height that they need in pixels."""
        self._picture.lanes = lanes
        return round(lanes * LANE_HEIGHT * self.theme.scale) + 4

    def note_at(self, point: QPointF) -> ClipNote | None:
        """Return the note under a point of the row; the smaller one where two overlap."""
        hit = [one for one in self.placed if one.place.adjusted(-2, -2, 2, 2).contains(point)]
        return min(hit, key=lambda one: one.place.width()).note if hit else None

    def mousePressEvent(self, event: QMouseEvent) -> None:
        note = self.note_at(event.position()) if event.button() == Qt.MouseButton.LeftButton else None
        if note is None:
            super().mousePressEvent(event)
            return
        event.accept()
        self.chosen.emit(note.uid)

    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            note = self.note_at(QPointF(event.pos()))
            said = "" if note is None else f"{when_text(note, self._begins_s)}\n{note.title}"
            if note is not None and note.author:
                said += tr("\nby {author}", author=note.author)
            QToolTip.showText(event.globalPos(), tip_text(said), self)
            return True
        return bool(super().viewportEvent(event))

    def restyle(self) -> None:
        super().restyle()
        if hasattr(self, "_picture"):
            self._picture.update()
