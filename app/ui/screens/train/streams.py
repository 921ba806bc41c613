"""The choice of the streams that a model of categories reads of each item."""

from collections.abc import Sequence
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
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(SPACE_M)
        self._grid.setVerticalSpacing(SPACE_S)
        for name in STREAM_TITLES:
            self._add(name).setChecked(name in FIRST_STREAMS)

    def _add(self, name: str) -> QCheckBox:
        kind, _, what = name.partition(":")
        title, number = STREAM_TITLES[kind], len(self.boxes)
        box = QCheckBox(f"{SHORT.get(kind, kind)} {what}".strip())
        box.setObjectName(f"train.stream.{name}")
        box.setToolTip(f"{title[0].upper()}{title[1:]} ({name})")
        box.setAccessibleDescription(title)
        box.toggled.connect(lambda _on: self.changed.emit())
        self.boxes[name] = box
        self._grid.addWidget(box, number // 2, number % 2)
        return box

    def choose(self, names: Sequence[str]) -> None:
        """Tick these streams and no others; one that has no box yet, such as that of another network, gets its own."""
        for name in names:
            if name not in self.boxes:
                self._add(name)
        for name, box in self.boxes.items():
            box.setChecked(name in names)

    def names(self) -> tuple[str, ...]:
        """Return the streams that are ticked, in the order of the catalogue."""
        return tuple(name for name, box in self.boxes.items() if box.isChecked())
