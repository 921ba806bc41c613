"""The clips of the open project as rows with name, length, picture and facts."""

from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from app.domain.words import many
from app.services.projects.clip_rows import ClipRow
from app.ui.look.language import tr
from app.ui.parts.clips.pictures import ClipPictures
from app.ui.parts.widgets.basic import tip_text

ROW_ROLE = Qt.ItemDataRole.UserRole
PICTURE_ROLE = Qt.ItemDataRole.UserRole + 1
_Index = QModelIndex | QPersistentModelIndex


class ClipModel(QAbstractListModel):
    """The rows for a list view.

    Args:
        pictures: Makes the pictures of the rows that a view shows.
    """

    def __init__(self, pictures: ClipPictures, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: list[ClipRow] = []
        self._pictures = pictures
        pictures.made.connect(self._on_picture)

    def set_rows(self, rows: list[ClipRow]) -> None:
        """Show rows. If only facts changed, the selection stays."""
        self._pictures.keep([row.clip for row in rows])
        if [row.clip.id for row in rows] == [row.clip.id for row in self._rows]:
            self._rows = rows
            if rows:
                self.dataChanged.emit(self.index(0), self.index(len(rows) - 1))
            return
        self.beginResetModel()
        self._rows = rows
        self.endResetModel()

    def rows(self) -> list[ClipRow]:
        """Return all rows."""
        return self._rows

    def row_of(self, clip_id: int) -> int:
        """Return the row of a clip; −1 for none."""
        return next((at for at, row in enumerate(self._rows) if row.clip.id == clip_id), -1)

    def _on_picture(self, sha256: str) -> None:
        for at, row in enumerate(self._rows):
            if row.clip.sha256 == sha256:
                self.dataChanged.emit(self.index(at), self.index(at), [PICTURE_ROLE])

    def rowCount(self, parent: _Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._rows)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        row = self._rows[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return row.clip.name
        if role == Qt.ItemDataRole.ToolTipRole:
            return tip_text(tip(row))
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{row.clip.name}, {', '.join(facts(row))}"
        if role == ROW_ROLE:
            return row
        if role == PICTURE_ROLE:
            return self._pictures.of(row.clip)
        return None


def facts(row: ClipRow) -> list[str]:
    """Describe a clip in words for the list."""
    from app.domain.clock import clock_text

    clip = row.clip
    said = ["image" if clip.kind == "image" else clock_text(clip.duration_s, millis=False)]
    if clip.missing:
        return [*said, "missing"]
    if clip.subject:
        said.append(clip.subject)
    if row.traces:
        said.append(tr("1 trace") if row.traces == 1 else tr("{traces} traces", traces=row.traces))
    return said


def tip(row: ClipRow) -> str:
    """Return all facts about a clip."""
    clip = row.clip
    rate = tr(", {average_rate} frames/s", average_rate=f"{float(clip.average_rate):.2f}") if clip.average_rate else ""
    lines = [
        clip.name,
        str(clip.path),
        f"{clip.width} × {clip.height}, {many(clip.n_frames, tr('frame'), tr('frames'))}{rate}, {clip.codec}",
    ]
    if clip.missing:
        lines.append(tr("The file is not where it was. Use File → Find missing clip…."))
    if clip.note:
        lines.append(clip.note)
    lines.append(tr("Predictions are stored.") if row.analysed else tr("Not analysed yet."))
    return "\n".join(lines)
