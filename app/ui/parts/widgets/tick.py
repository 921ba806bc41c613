"""A tick box whose words wrap. Qt's own keeps them on one line, so that a narrow form would have to scroll sideways."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QCheckBox, QLabel, QWidget

from app.ui.look.tokens import SPACE_S
from app.ui.parts.widgets.basic import row


class _Words(QLabel):
    """A click on the words is a click on the box."""

    def __init__(self, box: QCheckBox) -> None:
        super().__init__(box.text())
        self._box = box
        self.setWordWrap(True)
        self.setTextFormat(Qt.TextFormat.PlainText)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self._box.isEnabled():
            self._box.setFocus(Qt.FocusReason.MouseFocusReason)
            self._box.click()


class Tick(QWidget):
    """A tick box and its words, side by side.

    Args:
        box: The box, whose text becomes the words; everything else is asked of the box itself.
    """

    def __init__(self, box: QCheckBox, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        words = _Words(box)
        box.setAccessibleName(box.text())
        box.setText("")
        line = row(box, words, spacing=SPACE_S)
        line.setStretch(1, 1)
        line.setAlignment(box, Qt.AlignmentFlag.AlignTop)
        self.setLayout(line)
