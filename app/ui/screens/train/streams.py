"""The choice of the streams that a model of categories reads of each item."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QGridLayout, QWidget

from app.services.retrain.known import FIRST_STREAMS, STREAM_LICENCES, STREAM_TITLES
from app.ui.look.language import tr
from app.ui.look.tokens import SPACE_M, SPACE_S
from app.ui.parts.widgets.basic import label

SHORT: Final = {
    "face": tr("Face"),
    "face_oval": tr("Face alone"),
    "context": tr("Whole frame"),
    "context_masked": tr("Surroundings"),
    "measures": tr("Measures"),
    "flow": tr("Motion"),
    "dynamic": tr("Dynamic"),
    "audio": tr("Sound"),
    "is10": "openSMILE IS10",
    "face_pixels": tr("Face, pixels"),
    "face_oval_pixels": tr("Face alone, pixels"),
    "context_pixels": tr("Whole frame, pixels"),
    "context_masked_pixels": tr("Surroundings, pixels"),
    "flow_pixels": tr("Motion, pixels"),
    "flow_oval_pixels": tr("Motion alone, pixels"),
}
FIRST_PIXELS: Final = 100
"""Row from which the streams of pixels lie."""
LAST_ROW: Final = 1000
"""Row of the sentence below all boxes, however many there will be."""


def _of_pixels(name: str) -> bool:
    return name.replace("@", ":").partition(":")[0].endswith("_pixels")


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
        self._licence = label("", "caption", wrap=True)
        self._licence.setObjectName("train.streams.licence")
        self._licence.hide()
        self._grid.addWidget(self._licence, LAST_ROW, 0, 1, 2)
        for name in STREAM_TITLES:
            self._add(name).setChecked(name in FIRST_STREAMS)
        self.changed.connect(self._tell_licence)

    def _add(self, name: str) -> QCheckBox:
        kind, _, what = name.replace("@", ":@", 1).partition(":")
        title, number = STREAM_TITLES[kind], len(self.boxes)
        box = QCheckBox(f"{SHORT.get(kind, kind)} {what.replace(':@', '@')}".strip())
        box.setObjectName(f"train.stream.{name}")
        box.setToolTip(f"{title[0].upper()}{title[1:]} ({name})")
        box.setAccessibleDescription(title)
        box.toggled.connect(lambda _on: self.changed.emit())
        self.boxes[name] = box
        if _of_pixels(name):
            self._grid.addWidget(box, FIRST_PIXELS + number, 0, 1, 2)  # long names, one below the other
            box.hide()
        else:
            self._grid.addWidget(box, number // 2, number % 2)
        return box

    def _tell_licence(self) -> None:
        """Say what restricts the use of what is ticked, before it is read."""
        sentences = STREAM_LICENCES(self.names())
        self._licence.setText(" ".join(sentences))
        self._licence.setVisible(bool(sentences))

    def choose(self, names: Sequence[str]) -> None:
        """Tick these streams and no others; one that has no box yet, such as that of another network, gets its own.

        Networks that learn from pixels read no other streams, and the others read no pixels, so only the boxes of one
        kind are shown.
        """
        for name in names:
            if name not in self.boxes:
                self._add(name)
        pixels = any(_of_pixels(name) for name in names)
        for name, box in self.boxes.items():
            box.setChecked(name in names)
            box.setVisible(_of_pixels(name) == pixels)

    def names(self) -> tuple[str, ...]:
        """Return the streams that are ticked, in the order of the catalogue."""
        return tuple(name for name, box in self.boxes.items() if box.isChecked())
