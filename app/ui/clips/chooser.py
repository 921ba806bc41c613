"""The list of clips as one line, for windows without room for the list itself."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QSizePolicy, QWidget

from app.ui.clips.panel import ClipPanel


class ClipChooser(QComboBox):
    """Follows the list and chooses in it.

    Args:
        panel: The list.
    """

    def __init__(self, panel: ClipPanel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._panel = panel
        self.setModel(panel.model)
        self.setAccessibleName("Clip")
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(8)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setPlaceholderText("No clip chosen")
        self.view().setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.activated.connect(self._on_activated)
        panel.list.selectionModel().currentChanged.connect(self._follow)
        panel.model.modelReset.connect(self._follow)
        self._follow()

    def _follow(self, *_: object) -> None:
        row = self._panel.list.currentIndex().row()
        self.setCurrentIndex(row)
        self.setToolTip(self.currentText())

    def _on_activated(self, row: int) -> None:
        self._panel.list.setCurrentIndex(self._panel.model.index(row))
