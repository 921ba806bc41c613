"""A row of controls that goes on in another row where it has no room, so that none of them is cut."""

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtWidgets import QLayout, QLayoutItem, QWidget

from app.ui.look.tokens import SPACE_S


class WrappedRow(QLayout):
    """Lays parts side by side, each as wide as it likes if there is room, and never narrower than it can be.

    What is left of a row goes to the parts that can grow, or else stays empty before the part that `push` named.

    Args:
        parts: What is laid out, in order.
        push: The first of the parts that stand at the right of the first row; None for none.
        spacing: Space between parts and between rows, in pixels.
        margins: Space around them, in pixels.
    """

    def __init__(self, *parts: QWidget, push: QWidget | None = None, spacing: int = SPACE_S, margins: int = 0) -> None:
        super().__init__()
        self._items: list[QLayoutItem] = []
        self._push = push
        self._heights: dict[int, int] = {}
        self._hint: QSize | None = None
        self._least: QSize | None = None
        self.setSpacing(spacing)
        self.setContentsMargins(margins, margins, margins, margins)
        for part in parts:
            self.addWidget(part)

    # What Qt asks of a layout

    def addItem(self, item: QLayoutItem, /) -> None:
        self._items.append(item)

    def count(self) -> int:
        return len(self._items)

    def itemAt(self, index: int, /) -> QLayoutItem | None:
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int, /) -> QLayoutItem | None:
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def expandingDirections(self) -> Qt.Orientation:
        return Qt.Orientation.Horizontal

    def hasHeightForWidth(self) -> bool:
        return True

    def invalidate(self) -> None:
        """Forget the sizes, because a part has changed: Qt asks for them many times in between."""
        self._heights.clear()
        self._hint = self._least = None
        super().invalidate()

    def heightForWidth(self, width: int, /) -> int:
        if width not in self._heights:
            self._heights[width] = self._lay(QRect(0, 0, width, 0), move=False)
        return self._heights[width]

    def setGeometry(self, rect: QRect, /) -> None:
        super().setGeometry(rect)
        self._lay(rect, move=True)

    def sizeHint(self) -> QSize:
        if self._hint is None:
            hints = [item.sizeHint() for item in self._shown()]
            wide = sum(hint.width() for hint in hints) + self.spacing() * max(len(hints) - 1, 0)
            self._hint = QSize(wide, max((hint.height() for hint in hints), default=0)) + self._around()
        return QSize(self._hint)

    def minimumSize(self) -> QSize:
        if self._least is None:
            sizes = [item.minimumSize() for item in self._shown()]
            wide = max((size.width() for size in sizes), default=0)
            self._least = QSize(wide, max((size.height() for size in sizes), default=0)) + self._around()
        return QSize(self._least)

    # How it is laid out

    def _around(self) -> QSize:
        margins = self.contentsMargins()
        return QSize(margins.left() + margins.right(), margins.top() + margins.bottom())

    def _shown(self) -> list[QLayoutItem]:
        return [item for item in self._items if not item.isEmpty()]

    def _rows(self, width: int) -> list[list[QLayoutItem]]:
        """Fill row after row with what fits at its smallest."""
        rows: list[list[QLayoutItem]] = []
        taken = 0
        for item in self._shown():
            least = item.minimumSize().width()
            if rows and taken + self.spacing() + least <= width:
                rows[-1].append(item)
                taken += self.spacing() + least
            else:
                rows.append([item])
                taken = least
        return rows

    def _lay(self, rect: QRect, *, move: bool) -> int:
        """Lay everything out in a rectangle; the height that it takes."""
        inner = rect.marginsRemoved(self.contentsMargins())
        top = inner.top()
        for number, items in enumerate(self._rows(inner.width())):
            top += self.spacing() if number else 0
            high = max(item.sizeHint().height() for item in items)
            left = inner.left()
            widths, rest = self._widths(items, inner.width())
            for item, wide in zip(items, widths, strict=True):
                left += rest if self._push is not None and item.widget() is self._push else 0
                tall = min(high, item.maximumSize().height())
                if move:
                    item.setGeometry(QRect(left, top + (high - tall) // 2, wide, tall))
                left += wide + self.spacing()
            top += high
        return top - inner.top() + self._around().height()

    def _widths(self, items: list[QLayoutItem], width: int) -> tuple[list[int], int]:
        """The width of each part of a row, and what is left of the row."""
        widths = [item.minimumSize().width() for item in items]
        rest = width - sum(widths) - self.spacing() * (len(items) - 1)
        for grown in (False, True):
            for number, item in enumerate(items):
                grows = bool(item.expandingDirections() & Qt.Orientation.Horizontal)
                wanted = item.maximumSize().width() if grown and grows else max(item.sizeHint().width(), widths[number])
                more = max(min(wanted - widths[number], rest), 0)
                widths[number] += more
                rest -= more
        return widths, max(rest, 0)
