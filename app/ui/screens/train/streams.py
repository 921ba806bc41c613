"""The choice of the streams that a model of categories reads of each item."""

from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QGridLayout, QWidget

from app.services.retrain.known import FIRST_STREAMS, STREAM_TITLES
from app.ui.look.tokens import SPACE_M, SPACE_S

SHORT: Final = {
    "face": "Face",
    "face_oval": "Face alone",
    "context": "Whole frame",
    "context_masked": "Surroundings",
    "flow": "Motion",
    "dynamic": "Dynamic",
    "audio": "Sound",
}


class StreamChoice(QWidget):
    """A tick box for each stream; the ticked streams are read side by side."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.boxes: dict[str, QCheckBox] = {}
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(SPACE_M)
        grid.setVerticalSpacing(SPACE_S)
        for number, (name, title) in enumerate(STREAM_TITLES.items()):
            box = QCheckBox(SHORT.get(name, name))
            box.setObjectName(f"train.stream.{name}")
            box.setToolTip(f"{title[0].upper()}{title[1:]} ({name})")
            box.setAccessibleDescription(title)
            box.setChecked(name in FIRST_STREAMS)
            box.toggled.connect(lambda _on: self.changed.emit())
            self.boxes[name] = box
            grid.addWidget(box, number // 2, number % 2)

    def names(self) -> tuple[str, ...]:
        """Return the streams that are ticked, in the order of the catalogue."""
        return tuple(name for name, box in self.boxes.items() if box.isChecked())
