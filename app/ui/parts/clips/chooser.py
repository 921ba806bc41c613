"""The list of clips as one line, for windows without room for the list itself."""

from PySide6.QtWidgets import QWidget

from app.ui.look.language import tr
from app.ui.parts.clips.panel import ClipPanel
from app.ui.parts.widgets.fields import ChoiceBox


class ClipChooser(ChoiceBox):
    """A line that follows the list and chooses in it.

    Args:
        panel: The list.
    """

    def __init__(self, panel: ClipPanel, parent: QWidget | None = None) -> None:
        super().__init__(tr("Clip"), 8, parent)
        self._panel = panel
        self.setModel(panel.model)
        self.setPlaceholderText(tr("No clip chosen"))
        self.activated.connect(self._on_activated)
        panel.list.selectionModel().currentChanged.connect(self._follow)
        panel.model.modelReset.connect(self._follow)
        self._follow()

    def _follow(self, *_: object) -> None:
        row = self._panel.list.currentIndex().row()
        self.setCurrentIndex(row)

    def _on_activated(self, row: int) -> None:
        self._panel.list.setCurrentIndex(self._panel.model.index(row))
