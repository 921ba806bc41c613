"""Finds text that is cut: wider or higher than its place, or shortened without a tool tip that has the whole of it.

It looks at what is visible now. What a chart or a player paints itself is not known here.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QPoint, QRect, Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractScrollArea,
    QAbstractSpinBox,
    QComboBox,
    QHeaderView,
    QLabel,
    QLineEdit,
    QScrollArea,
    QStyle,
    QStyleOptionComboBox,
    QTableView,
    QWidget,
)

from app.ui.parts.widgets.basic import ElidedLabel
from app.ui.parts.widgets.fields import ChoiceBox

SLACK: Final = 2
"""Pixels that rounding may take from a text without being seen."""
CELL: Final = 6
"""Pixels at the sides of a cell of a table, at least."""


@dataclass(frozen=True)
class Cut:
    """A text that is not seen whole.

    Attributes:
        kind: Class of the widget.
        name: Its name for tests or screen readers.
        text: The text.
        why: What is wrong.
    """

    kind: str
    name: str
    text: str
    why: str

    def __str__(self) -> str:
        return f"{self.kind} {self.name!r} “{self.text}”: {self.why}"


def cut_texts(root: QWidget) -> list[Cut]:
    """Return the texts below a widget that are not seen whole, in the order of its children."""
    found = []
    for part in (root, *root.findChildren(QWidget)):
        if part.isVisible() and not part.visibleRegion().isEmpty():
            for text, why in _faults(part, root):
                found.append(Cut(type(part).__name__, part.objectName() or part.accessibleName(), text, why))
    return found


def _faults(part: QWidget, root: QWidget) -> Iterator[tuple[str, str]]:
    if isinstance(part, QTableView):
        yield from _cells(part)
        return
    if isinstance(part, QHeaderView):
        yield from _titles(part)
        return
    if isinstance(part, QScrollArea) and part.horizontalScrollBarPolicy() == Qt.ScrollBarPolicy.ScrollBarAlwaysOff:
        content = part.widget()
        room, wanted = part.viewport().width(), content.width() if content is not None else 0
        if wanted > room + SLACK:
            yield "", f"{room} pixels wide, its content is {wanted}, and nothing scrolls it sideways"
        return
    text, why = _own(part)
    if why:
        yield text, why
    elif text and not _scrolled(part):
        place = QRect(part.mapTo(root, QPoint(0, 0)), part.size())
        if not root.rect().contains(place):
            yield text, f"it ends outside the window: {place.getRect()}"


def _own(part: QWidget) -> tuple[str, str]:
    """The text of a widget, and why it is not seen whole; empty words if it is."""
    if isinstance(part, ElidedLabel):
        return part.text(), _shortened(part, part.text(), part.width(), part.toolTip())
    if isinstance(part, QLabel):
        return part.text(), _label(part)
    if isinstance(part, ChoiceBox):
        return part.currentText(), ""  # its tool tip has what it shortens
    if isinstance(part, QComboBox):
        return part.currentText(), _combo(part)
    if isinstance(part, QAbstractButton):
        least = part.minimumSizeHint().boundedTo(part.sizeHint())
        return part.text(), _small(part, least.width(), least.height()) if part.text() else ""
    if isinstance(part, QAbstractSpinBox):
        least = part.minimumSizeHint()
        return part.text(), _small(part, least.width(), least.height())
    if isinstance(part, QLineEdit) and not part.text() and not isinstance(part.parentWidget(), QAbstractSpinBox):
        words = part.placeholderText()
        return words, _shortened(part, words, part.width() - 12, part.toolTip()) if words else ""
    return "", ""


def _label(part: QLabel) -> str:
    if not part.text() or part.textFormat() == Qt.TextFormat.RichText:
        return ""
    room = part.contentsRect()
    if part.wordWrap():
        wanted = part.heightForWidth(part.width())
        return f"{part.height()} pixels high, it needs {wanted}" if part.height() + SLACK < wanted else ""
    size = part.fontMetrics().size(0, part.text())
    if room.height() + SLACK < size.height() - part.fontMetrics().descent():
        return f"{room.height()} pixels high, it needs {size.height()}"
    return _shortened(part, part.text(), room.width(), part.toolTip())


def _small(part: QWidget, wide: int, high: int) -> str:
    if part.width() + SLACK < wide:
        return f"{part.width()} pixels wide, it needs {wide}"
    return f"{part.height()} pixels high, it needs {high}" if part.height() + SLACK < high else ""


def _shortened(part: QWidget, text: str, room: int, tip: str) -> str:
    wanted = max((part.fontMetrics().horizontalAdvance(line) for line in text.splitlines()), default=0)
    if wanted <= room + SLACK or text.strip() in tip:
        return ""
    return f"{room} pixels wide, it needs {wanted}, and no tool tip has it"


def _combo(part: QComboBox) -> str:
    option = QStyleOptionComboBox()
    part.initStyleOption(option)
    room = part.style().subControlRect(
        QStyle.ComplexControl.CC_ComboBox, option, QStyle.SubControl.SC_ComboBoxEditField, part
    )
    wide = room.width() - (part.iconSize().width() + 4 if not part.itemIcon(part.currentIndex()).isNull() else 0)
    return _shortened(part, part.currentText(), wide, part.toolTip())


def _titles(part: QHeaderView) -> Iterator[tuple[str, str]]:
    model: QAbstractItemModel | None = part.model()
    if model is None or part.orientation() == Qt.Orientation.Vertical:
        return
    for section in range(part.count()):
        where = part.sectionViewportPosition(section)
        if part.isSectionHidden(section) or not 0 <= where < part.viewport().width():
            continue
        role = Qt.ItemDataRole
        text = str(model.headerData(section, part.orientation(), role.DisplayRole) or "")
        tip = str(model.headerData(section, part.orientation(), role.ToolTipRole) or "")
        why = _shortened(part, text, part.sectionSize(section) - CELL, tip)
        if why:
            yield text, why


def _cells(part: QTableView) -> Iterator[tuple[str, str]]:
    model: QAbstractItemModel | None = part.model()
    view = part.viewport().rect()
    if model is None:
        return
    for row in range(min(model.rowCount(), 200)):
        for column in range(model.columnCount()):
            index: QModelIndex = model.index(row, column)
            place = part.visualRect(index)
            if place.isEmpty() or not view.intersects(place) or part.indexWidget(index) is not None:
                continue
            text = str(index.data(Qt.ItemDataRole.DisplayRole) or "")
            why = _shortened(part, text, place.width() - CELL, str(index.data(Qt.ItemDataRole.ToolTipRole) or ""))
            if why:
                yield text, f"cell {row}, {column}: {why}"


def _scrolled(part: QWidget | None) -> bool:
    """Whether a widget lies in what can be scrolled, so that more of it can be brought into view."""
    while part is not None:
        if isinstance(part, QAbstractScrollArea):
            return True
        part = part.parentWidget()
    return False


__all__ = ["Cut", "cut_texts"]
