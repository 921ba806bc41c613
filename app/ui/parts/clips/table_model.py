"""The rows of the table of clips: what is shown, how they are sorted and found, what can be edited."""

from collections.abc import Callable, Sequence
from typing import Any, Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, QSortFilterProxyModel, Qt, Signal
from PySide6.QtGui import QBrush

from app.domain.clock import clock_text
from app.services.projects.clip_table import ClipEntry
from app.ui.look.language import tr
from app.ui.look.theme import Theme
from app.ui.parts.clips.model import tip
from app.ui.parts.widgets.basic import tip_text

Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()
ENTRY_ROLE: Final = Qt.ItemDataRole.UserRole
SORT_ROLE: Final = Qt.ItemDataRole.UserRole + 1
NAME: Final = 0
SUBJECT: Final = 1


def _length(entry: ClipEntry) -> str:
    clip = entry.row.clip
    return "image" if clip.kind == "image" else clock_text(clip.duration_s, millis=False)


def _state(entry: ClipEntry) -> str:
    clip = entry.row.clip
    return "missing" if clip.missing else "incomplete" if not clip.complete else "found"


def _number(count: int) -> str:
    return str(count) if count else "–"


_COLUMNS: Final[tuple[tuple[str, Callable[[ClipEntry], str], Callable[[ClipEntry], Any]], ...]] = (
    (tr("Clip"), lambda one: one.row.clip.name, lambda one: one.row.clip.name.casefold()),
    (tr("Subject"), lambda one: one.row.clip.subject, lambda one: one.row.clip.subject.casefold()),
    (tr("File"), _state, _state),
    (tr("Length"), _length, lambda one: one.row.clip.duration_s),
    (tr("Frames"), lambda one: str(one.row.clip.n_frames or "–"), lambda one: one.row.clip.n_frames or 0),
    (tr("Analysed"), lambda one: tr("yes") if one.row.analysed else tr("no"), lambda one: one.row.analysed),
    (tr("Faces"), lambda one: _number(one.use.faces), lambda one: one.use.faces),
    (tr("Ratings"), lambda one: _number(one.use.answers), lambda one: one.use.answers),
    (tr("Traces"), lambda one: _number(one.row.traces), lambda one: one.row.traces),
    (tr("Studies"), lambda one: ", ".join(one.use.studies) or "–", lambda one: one.use.studies),
)
HEADINGS: Final = tuple(heading for heading, _, _ in _COLUMNS)


class ClipTableModel(QAbstractTableModel):
    """Clips as rows. The name and the subject can be edited in place.

    Args:
        theme: The theme with the colour of missing files.
    """

    edited = Signal(object, int, str)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.entries: list[ClipEntry] = []

    def fill(self, entries: Sequence[ClipEntry]) -> None:
        """Show these clips. If only facts changed, the selection stays."""
        same = [one.row.clip.id for one in entries] == [one.row.clip.id for one in self.entries]
        if same:
            self.entries = list(entries)
            if entries:
                self.dataChanged.emit(self.index(0, 0), self.index(len(entries) - 1, len(HEADINGS) - 1))
            return
        self.beginResetModel()
        self.entries = list(entries)
        self.endResetModel()

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self.entries)

    def columnCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(HEADINGS)

    def flags(self, index: Index) -> Qt.ItemFlag:
        editable = Qt.ItemFlag.ItemIsEditable if index.column() in (NAME, SUBJECT) else Qt.ItemFlag.NoItemFlags
        return super().flags(index) | editable

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        entry = self.entries[index.row()]
        _, text, order = _COLUMNS[index.column()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.EditRole):
            said = text(entry)
            return said or "–" if role == Qt.ItemDataRole.DisplayRole else said
        if role == Qt.ItemDataRole.ToolTipRole:
            return tip_text(tip(entry.row))
        if role == Qt.ItemDataRole.ForegroundRole and entry.row.clip.missing:
            return QBrush(self._theme.colour("danger"))
        return entry if role == ENTRY_ROLE else order(entry) if role == SORT_ROLE else None

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        """Ask for a change; the table shows it once it is in the project."""
        entry = self.entries[index.row()]
        if role != Qt.ItemDataRole.EditRole or str(value).strip() == _COLUMNS[index.column()][1](entry):
            return False
        self.edited.emit(entry, index.column(), str(value))
        return True

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return HEADINGS[section]
        return None


class FoundClips(QSortFilterProxyModel):
    """The rows in which all words of a search occur, sorted by a column."""

    def __init__(self) -> None:
        super().__init__()
        self._words: tuple[str, ...] = ()
        self.setSortRole(SORT_ROLE)

    def look_for(self, text: str) -> None:
        """Show only clips whose name, subject, state or studies contain every word of the text, whatever its case."""
        self.beginFilterChange()
        self._words = tuple(text.casefold().split())
        self.endFilterChange()

    def lessThan(self, left: Index, right: Index) -> bool:
        return bool(left.data(SORT_ROLE) < right.data(SORT_ROLE))

    def filterAcceptsRow(self, row: int, parent: Index) -> bool:
        if not self._words:
            return True
        entry: ClipEntry = self.sourceModel().index(row, NAME, parent).data(ENTRY_ROLE)
        clip = entry.row.clip
        told = f"{clip.name} {clip.subject} {_state(entry)} {' '.join(entry.use.studies)}".casefold()
        return all(word in told for word in self._words)
