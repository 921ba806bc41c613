"""The rows of the rating screen, one for each question, all drawn alike and used by keys or mouse, without defaults."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFont, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.ui.look.language import tr
from app.ui.look.theme import Theme
from app.ui.look.tokens import RADIUS, TEXT_BODY, TEXT_TITLE
from app.ui.parts.judging.keys import written
from app.ui.parts.widgets.spoken import Role

GAP: Final = 6.0
PAD: Final = 8.0
CELL_HEIGHTS: Final = (34.0, 30.0, 27.0, 24.0)
"""Heights of a cell in pixels at normal text size, from the usual one to the lowest that a hand still meets well."""
"""Height of a row that is used if all questions fit on the screen only with it."""
KEY_W: Final = 18.0
"""Room for the key at the left of a cell."""
_CTRL: Final = Qt.KeyboardModifier.ControlModifier
_ALT: Final = Qt.KeyboardModifier.AltModifier
_META: Final = Qt.KeyboardModifier.MetaModifier


@dataclass(frozen=True)
class ChoiceCell:
    """One choice in a row.

    Attributes:
        text: The text of the cell.
        key: The key that chooses it, drawn small; empty if the text is the key.
        tip: The text that a screen reader reads out.
        weight: Width relative to the other cells.
    """

    text: str
    key: str = ""
    tip: str = ""
    weight: float = 1.0


class ChoiceRow(QWidget):
    """A question with cells, of which at most one is chosen.

    A cell's key chooses it and moves on, Left and Right move the choice, and Delete removes it. All other keys are left
    to the page.

    Args:
        theme: The window's fonts and colours.
        title: The question.
        cells: The choices.
        title_width: Width for the title at the left, in characters; 0 puts it above the cells.
        columns: Number of cells side by side; 0 for all in one line.
        tab_stop: Whether Tab leads here. If it does not, Qt does not focus the row either when something else loses the
            focus; the owner of the rows moves the focus through them.
    """

    spoken = Role.Grouping

    chosen = Signal(int)
    cleared = Signal()
    finished = Signal()
    focused = Signal()

    def __init__(
        self,
        theme: Theme,
        title: str,
        cells: Sequence[ChoiceCell],
        title_width: int = 0,
        columns: int = 0,
        parent: QWidget | None = None,
        *,
        tab_stop: bool = True,
    ) -> None:
        super().__init__(parent)
        self._theme, self.title, self.cells = theme, title, tuple(cells)
        self._title_chars, self._columns = title_width, columns or len(self.cells)
        self._at: int | None = None
        self._hover: int | None = None
        self._was: int | None = None
        self._alarm = self._current = False
        self._height = CELL_HEIGHTS[0]
        # A click beside the cells must not move the rater to another question; one on a cell does.
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus if tab_stop else Qt.FocusPolicy.NoFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self._on_theme)
        self._tell()

    @property
    def at(self) -> int | None:
        """Number of the chosen cell; None for none."""
        return self._at

    def set_at(self, at: int | None) -> None:
        """Show a choice without emitting a signal."""
        self._at, self._alarm = at, False
        self._tell()
        self.update()

    @property
    def was(self) -> int | None:
        """Number of the cell whose choice was overwritten; None for none."""
        return self._was

    def set_was(self, at: int | None) -> None:
        """Show which choice was overwritten."""
        self._was = at
        self._tell()
        self.update()

    def set_current(self, on: bool) -> None:
        """Show whether keys belong to this question, wherever the focus is."""
        if on != self._current:
            self._current = on
            self.update()

    @property
    def current(self) -> bool:
        """Whether keys belong to this question."""
        return self._current

    def set_cell(self, number: int, cell: ChoiceCell) -> None:
        """Change the text of a cell."""
        if self.cells[number] != cell:
            self.cells = (*self.cells[:number], cell, *self.cells[number + 1 :])
            self._tell()
            self.update()

    def set_cell_height(self, height: float) -> None:
        """Set the height of the cells in pixels at normal text size; see `CELL_HEIGHTS`."""
        if height != self._height:
            self._height = height
            self.updateGeometry()
            self.update()

    def set_alarm(self, on: bool) -> None:
        """Show that this question is still open and was overlooked."""
        self._alarm = on
        self.update()

    def cell_rect(self, number: int) -> QRectF:
        """Return the place of a cell in the widget."""
        left, top = self._cells_left(), self._cells_top()
        width = self.width() - left - PAD
        line, place = divmod(number, self._columns)
        # Lines below the first keep its columns.
        weights = [cell.weight for cell in self.cells[: self._columns]]
        unit = (width - GAP * (len(weights) - 1)) / max(sum(weights), 1.0)
        height = self._cell_height()
        return QRectF(
            left + unit * sum(weights[:place]) + GAP * place,
            top + line * (height + GAP),
            unit * weights[place],
            height,
        )

    def sizeHint(self) -> QSize:
        return QSize(420, self.minimumSizeHint().height())

    def minimumSizeHint(self) -> QSize:
        lines = -(-len(self.cells) // self._columns)
        height = self._cells_top() + lines * self._cell_height() + (lines - 1) * GAP + self._edge()
        weights = sum(cell.weight for cell in self.cells[: self._columns])
        return QSize(round(self._cells_left() + weights * 33 * self._theme.scale + PAD), round(height))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        # Shift is allowed: on some keyboards digits need it.
        plain = not event.modifiers() & (_CTRL | _ALT | _META)
        text = written(event)
        by_key = next((i for i, cell in enumerate(self.cells) if text and text == (cell.key or cell.text)), None)
        if not plain:
            event.ignore()
        elif by_key is not None:
            self._choose(by_key)
            if text != "X":  # pressing X again offers the next reason
                self.finished.emit()
        elif key in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            self._move(-1 if key == Qt.Key.Key_Left else 1)
        elif key in (Qt.Key.Key_Backspace, Qt.Key.Key_Delete):
            self.set_at(None)
            self.cleared.emit()
        else:
            event.ignore()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        number = self._cell_at(event)
        if event.button() == Qt.MouseButton.LeftButton and number is not None:
            self.setFocus(Qt.FocusReason.MouseFocusReason)
            self.focused.emit()
            self._choose(number)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        number = self._cell_at(event)
        if number != self._hover:
            self._hover = number
            self.setCursor(Qt.CursorShape.PointingHandCursor if number is not None else Qt.CursorShape.ArrowCursor)
            self.update()

    def leaveEvent(self, event: QEvent) -> None:
        self._hover = None
        self.update()

    def focusInEvent(self, event: object) -> None:
        self.focused.emit()
        self.update()

    def focusOutEvent(self, event: object) -> None:
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        theme = self._theme
        here = self._current
        if here or self._alarm:
            painter.setPen(QPen(theme.colour("warning" if self._alarm else "accent"), 1.5))
            painter.setBrush(theme.colour("accent_soft", 0.55) if here else Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), RADIUS, RADIUS)
        self._paint_title(painter)
        for number in range(len(self.cells)):
            self._paint_cell(painter, number)
        painter.end()

    def _paint_title(self, painter: QPainter) -> None:
        theme = self._theme
        beside = bool(self._title_chars)
        painter.setFont(theme.font(TEXT_TITLE if beside else TEXT_BODY, QFont.Weight.Medium))
        painter.setPen(theme.colour("text"))
        place = (
            QRectF(PAD + 2, 0, self._cells_left() - PAD - 6, self.height())
            if beside
            else QRectF(PAD + 2, 4, self.width() - 2 * PAD, self._cells_top() - 4)
        )
        text = painter.fontMetrics().elidedText(self.title, Qt.TextElideMode.ElideRight, round(place.width()))
        painter.drawText(place, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), text)

    def _paint_cell(self, painter: QPainter, number: int) -> None:
        theme, cell, place = self._theme, self.cells[number], self.cell_rect(number).adjusted(0.5, 0.5, -0.5, -0.5)
        on, hover = number == self._at, number == self._hover
        painter.setPen(QPen(theme.colour("text" if on else "text_soft" if hover else "outline"), 1))
        painter.setBrush(theme.colour("text" if on else "raised" if hover else "surface"))
        if number == self._was and not on:
            painter.setPen(QPen(theme.colour("text"), 1.6, Qt.PenStyle.DashLine))
        painter.drawRoundedRect(place, RADIUS, RADIUS)
        painter.setPen(theme.colour("surface" if on else "text"))
        short = len(cell.text) <= 2
        painter.setFont(
            theme.font(TEXT_TITLE if short else TEXT_BODY, QFont.Weight.DemiBold if on else QFont.Weight.Normal)
        )
        # What is chosen needs no key any more, and its words the room.
        keyed = bool(cell.key) and cell.key != cell.text and not on
        # Nor where the words fit only without it: the line at the foot names the key, too.
        room = place.width() - painter.fontMetrics().horizontalAdvance(cell.text)
        keyed = keyed and (room >= KEY_W + 4 or room < 8)
        inside = place.adjusted(KEY_W, 0, -4, 0) if keyed else place.adjusted(4, 0, -4, 0)
        text = painter.fontMetrics().elidedText(cell.text, Qt.TextElideMode.ElideRight, round(inside.width()))
        painter.drawText(inside, int(Qt.AlignmentFlag.AlignCenter), text)
        if keyed:
            painter.setFont(theme.font(TEXT_BODY - 2))
            painter.setPen(theme.colour("surface" if on else "text_faint"))
            painter.drawText(
                place.adjusted(6, 0, 0, 0), int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), cell.key
            )

    def _cells_left(self) -> float:
        if not self._title_chars:
            return PAD
        return PAD + self._title_chars * 9.0 * self._theme.scale + 12

    def _cells_top(self) -> float:
        return self._edge() if self._title_chars else 28.0 * self._theme.scale

    def _edge(self) -> float:
        """Room above and below the cells, for the frame of the current question."""
        return 4.0 if self._height > CELL_HEIGHTS[-1] else 2.0

    def _cell_height(self) -> float:
        return self._height * max(self._theme.scale, 1.0)

    def _cell_at(self, event: QMouseEvent) -> int | None:
        point = event.position()
        return next((i for i in range(len(self.cells)) if self.cell_rect(i).contains(point)), None)

    def _choose(self, number: int) -> None:
        self._at, self._alarm = number, False
        self.chosen.emit(number)
        self._tell()
        self.update()

    def _move(self, step: int) -> None:
        """Left and Right; from nothing, Right begins at the first cell and Left at the last."""
        last = len(self.cells) - 1
        if self._at is None:
            self._choose(0 if step > 0 else last)
        elif 0 <= self._at + step <= last:
            self._choose(self._at + step)

    def _tell(self) -> None:
        """Say the state to screen readers."""
        said = tr("not judged yet") if self._at is None else self.cells[self._at].tip or self.cells[self._at].text
        if self._was is not None:
            said += tr(", was {tip}", tip=self.cells[self._was].tip or self.cells[self._was].text)
        self.setAccessibleName(f"{self.title}: {said}")

    def _on_theme(self) -> None:
        self.updateGeometry()
        self.update()
