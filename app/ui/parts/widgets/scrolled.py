"""A form that is scrolled up and down only, and is never narrower than its fields."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QFrame, QScrollArea, QStyle, QWidget


class ScrolledForm(QScrollArea):
    """A scroll area without a horizontal bar, whose least width is that of its content beside the vertical bar.

    Args:
        content: The form.
    """

    def __init__(self, content: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setWidget(content)
        self._content = content

    def minimumSizeHint(self) -> QSize:
        """Return the least size: the content's width with the bar, and a few lines."""
        bar = self.verticalScrollBar().sizeHint().width()
        bar += self.style().pixelMetric(QStyle.PixelMetric.PM_ScrollView_ScrollBarSpacing)
        wide = max(self._content.minimumSizeHint().width(), self._content.minimumWidth())
        return QSize(wide + bar + 2 * self.frameWidth(), super().minimumSizeHint().height())
