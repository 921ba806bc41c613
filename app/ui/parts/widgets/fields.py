"""Input fields: a combo box that shortens its words in the middle, and a spin box with some room for its number."""

from typing import TypeVar

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QHelpEvent, QPaintEvent
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QComboBox,
    QSizePolicy,
    QStyle,
    QStyleOptionComboBox,
    QStylePainter,
    QToolTip,
    QWidget,
)

Spin = TypeVar("Spin", bound=QAbstractSpinBox)


class ChoiceBox(QComboBox):
    """A combo box that may be narrower than its words.

    Words without room are shortened in the middle, because the ends tell clips, people and models apart. The tool tip
    has the whole text, and the open list is as wide as its longest line.

    Args:
        name: Its name for screen readers.
        least: Least number of letters that it has room for.
    """

    def __init__(self, name: str = "", least: int = 12, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setMinimumContentsLength(least)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.installEventFilter(_Wheel(self))

    def tip(self) -> str:
        """Return the text of the tool tip: the whole text if it is shortened, and the tip that was set."""
        whole = self.currentText() if self.shown_text() != self.currentText() else ""
        return "\n".join(part for part in (whole, self.toolTip()) if part)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            QToolTip.showText(event.globalPos(), self.tip(), self)
            return True
        return super().event(event)

    def showPopup(self) -> None:
        """Open the list, wide enough for its longest line."""
        view = self.view()
        view.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        room = self.screen().availableGeometry().width() // 2
        view.setMinimumWidth(min(max(view.sizeHintForColumn(0) + 36, self.width()), room))
        super().showPopup()

    def shown_text(self) -> str:
        """Return the words as they are painted."""
        option = QStyleOptionComboBox()
        self.initStyleOption(option)
        place = self.style().subControlRect(
            QStyle.ComplexControl.CC_ComboBox, option, QStyle.SubControl.SC_ComboBoxEditField, self
        )
        return self.fontMetrics().elidedText(option.currentText, Qt.TextElideMode.ElideMiddle, place.width() - 2)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QStylePainter(self)
        option = QStyleOptionComboBox()
        self.initStyleOption(option)
        if self.currentIndex() < 0 and self.placeholderText():
            option.currentText = self.placeholderText()
        else:
            option.currentText = self.shown_text()
        painter.drawComplexControl(QStyle.ComplexControl.CC_ComboBox, option)
        painter.drawControl(QStyle.ControlElement.CE_ComboBoxLabel, option)


def wide_choice(name: str) -> ChoiceBox:
    """Make a choice box that is as wide as its longest words if there is room.

    Args:
        name: Its name for screen readers.
    """
    made = ChoiceBox(name, least=0)
    made.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
    made.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
    return made


class _Wheel(QObject):
    """A page that is scrolled under the mouse must not change the numbers that pass below it."""

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Wheel and isinstance(watched, QWidget) and not watched.hasFocus():
            event.ignore()
            return True
        return super().eventFilter(watched, event)


def roomy(spin: Spin) -> Spin:
    """Give a spin box room left of its number, and let the wheel change it only while it has the focus.

    Returns:
        The same spin box.
    """
    spin.lineEdit().setTextMargins(6, 0, 0, 0)
    spin.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    spin.installEventFilter(_Wheel(spin))
    return spin
