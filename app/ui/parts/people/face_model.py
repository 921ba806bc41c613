"""The rows of the window on faces: a picture of each face track, whose it is, and whose it may be."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, QSize, Qt, Signal
from PySide6.QtGui import QColor, QImage, QPixmap

from app.domain.clock import clock_text
from app.services.predict.people import FoundFace
from app.ui.look.language import tr
from app.ui.look.theme import Theme
from app.ui.parts.widgets.basic import tip_text

Index = QModelIndex | QPersistentModelIndex
_NOWHERE: Final = QModelIndex()
HEADINGS: Final = (tr("Face"), tr("Clip"), tr("Seen"), tr("Subject"), tr("Proposed"), tr("Because"))
PERSON: Final = 3
SIDE: Final = 56
"""Side of a picture in the table, in pixels of the screen at a scale of 1."""


class FaceModel(QAbstractTableModel):
    """Faces as rows. Whose a face is can be edited in place.

    Args:
        theme: The theme with the colours and the scale.
    """

    edited = Signal(object, str)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.faces: list[FoundFace] = []
        self._pictures: dict[int, QPixmap] = {}

    def fill(self, faces: Sequence[FoundFace]) -> None:
        """Show these faces."""
        self.beginResetModel()
        self.faces = list(faces)
        self._pictures = {
            face.track_id: _pixmap(face, round(SIDE * self._theme.scale)) for face in faces if face.picture is not None
        }
        self.endResetModel()

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self.faces)

    def columnCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(HEADINGS)

    def flags(self, index: Index) -> Qt.ItemFlag:
        editable = Qt.ItemFlag.ItemIsEditable if index.column() == PERSON else Qt.ItemFlag.NoItemFlags
        return super().flags(index) | editable

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        face = self.faces[index.row()]
        texts = cells(face)
        if role == Qt.ItemDataRole.DisplayRole:
            return texts[index.column()]
        if role == Qt.ItemDataRole.EditRole:
            return face.person or face.proposed
        if role == Qt.ItemDataRole.ToolTipRole:
            return tip_text("\n".join(f"{head}: {text}" for head, text in zip(HEADINGS, texts, strict=True) if text))
        if role == Qt.ItemDataRole.DecorationRole and index.column() == 0:
            return self._pictures.get(face.track_id)
        if role == Qt.ItemDataRole.ForegroundRole and index.column() == PERSON and not face.person:
            return QColor(self._theme.colour("text_soft"))
        return None

    def setData(self, index: Index, value: object, role: int = Qt.ItemDataRole.EditRole) -> bool:
        """Ask for a change; the table shows it once it is in the project."""
        face = self.faces[index.row()]
        if role != Qt.ItemDataRole.EditRole or str(value).strip() == face.person:
            return False
        self.edited.emit(face, str(value).strip())
        return True

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return HEADINGS[section]
        return None

    def picture_size(self) -> QSize:
        """Return the size of the pictures on the screen."""
        side = round(SIDE * self._theme.scale)
        return QSize(side, side)


def cells(face: FoundFace) -> tuple[str, ...]:
    """Return the texts of a row."""
    span = clock_text(face.first_s, millis=False)
    if face.last_s > face.first_s:
        span += f"–{clock_text(face.last_s, millis=False)}"
    person = face.person or (tr("{subject} (of the clip)", subject=face.subject) if face.subject else "–")
    return (tr("Face {track_no}", track_no=face.track_no), face.clip, span, person, face.proposed, face.why)


def _pixmap(face: FoundFace, side: int) -> QPixmap:
    picture = face.picture
    assert picture is not None
    height, width = picture.shape[:2]
    image = QImage(picture.tobytes(), width, height, 3 * width, QImage.Format.Format_RGB888)
    ratio = Qt.AspectRatioMode.KeepAspectRatio
    return QPixmap.fromImage(image.scaled(side, side, ratio, Qt.TransformationMode.SmoothTransformation))
