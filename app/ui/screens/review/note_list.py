"""The list of notes on the clip: find one, go to it, change or delete it."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final

from PySide6.QtCore import QAbstractListModel, QEvent, QModelIndex, QObject, QPersistentModelIndex, QSize, Qt, Signal
from PySide6.QtGui import QColor, QIcon, QKeyEvent, QPainter, QPixmap, QShortcut
from PySide6.QtWidgets import QAbstractItemView, QLineEdit, QListView, QMenu, QToolButton, QWidget

from app.domain.notes import COLOURS, ClipNote
from app.domain.words import many
from app.services.labels.notes import notes_as_table
from app.ui.core.actions import CommandButton
from app.ui.core.context import AppContext
from app.ui.core.exports import Offer
from app.ui.look.icons import icon
from app.ui.look.language import tr
from app.ui.look.theme import Theme
from app.ui.look.tokens import SPACE_XS
from app.ui.parts.player.player import Player
from app.ui.parts.timeline.notes import when_text
from app.ui.parts.widgets.basic import button, column, label, row, tip_text
from app.ui.parts.widgets.fields import ChoiceBox
from app.ui.screens.review.notes import Notes

Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()
UID_ROLE: Final = Qt.ItemDataRole.UserRole
NO_NOTES: Final = tr("N makes a note at the frame on screen. E lets the keys of your categories mark events.")
NO_MATCH: Final = tr("No note contains these words.")
MENU: Final = ("notes.add_range", "notes.ask_categories", "notes.export")
"""Commands behind the last button above the list."""


def swatch(theme: Theme, colour: str, size: int = 12) -> QIcon:
    """Return an icon of one colour of notes."""
    pixmap = QPixmap(size * 2, size * 2)
    pixmap.setDevicePixelRatio(2)
    pixmap.fill(QColor(0, 0, 0, 0))
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.colour(f"note_{colour}"))
    painter.drawEllipse(1, 1, size - 2, size - 2)
    painter.end()
    return QIcon(pixmap)


class NoteModel(QAbstractListModel):
    """Notes as lines of a list.

    Args:
        theme: The theme with the colours of notes.
    """

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.notes: tuple[ClipNote, ...] = ()
        self.begins_s = 0.0

    def fill(self, notes: tuple[ClipNote, ...], begins_s: float) -> None:
        """Show these notes, counted from the clip's first frame."""
        self.beginResetModel()
        self.notes, self.begins_s = notes, begins_s
        self.endResetModel()

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self.notes)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        note = self.notes[index.row()]
        when, title = when_text(note, self.begins_s), " ".join(note.title.split())
        if role == Qt.ItemDataRole.DisplayRole:
            return f"{when}  {title}"
        if role == Qt.ItemDataRole.ToolTipRole:
            return tip_text(
                "\n".join([when, note.title, *([tr("by {author}", author=note.author)] if note.author else [])])
            )
        if role == Qt.ItemDataRole.DecorationRole:
            return swatch(self._theme, note.colour)
        return note.uid if role == UID_ROLE else None


class NoteList(QWidget):
    """The list, a search above it, and the chosen note below it.

    Args:
        context: The context with commands and theme.
        notes: The notes on the clip.
        player: The player, whose frame on screen a note may begin or end at.

    Signals:
        left: The words were entered, and the keyboard belongs to the clip again.
    """

    left = Signal()

    def __init__(self, context: AppContext, notes: Notes, player: Player, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context, self._notes, self._player = context, notes, player
        self._editing: ClipNote | None = None
        self._filling = False
        theme = context.theme
        self.model = NoteModel(theme)
        self.search = QLineEdit()
        self.search.setPlaceholderText(tr("Find notes"))
        self.search.setAccessibleName(tr("Find notes"))
        self.search.setClearButtonEnabled(True)
        self.count = label(kind="small")
        self.view = QListView()
        self.view.setModel(self.model)
        self.view.setAccessibleName(tr("Notes on this clip"))
        self.view.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.view.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.view.setProperty("kind", "menu")
        self.view.setIconSize(QSize(12, 12))
        self.view.setUniformItemSizes(True)
        self.view.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.view.setMinimumHeight(60)
        self.nothing = label("", "soft", wrap=True)
        self.text = QLineEdit()
        self.text.setPlaceholderText(tr("Words of the note"))
        self.text.setAccessibleName(tr("Words of the note"))
        self.text.setMaxLength(10_000)
        self.text.installEventFilter(self)
        self.category = ChoiceBox(tr("Category of the note"), 8)
        self.colour = ChoiceBox(tr("Colour of the note"), 5)
        self.begin = button(tr("Begins here"), tip=tr("The note begins at the frame on screen"))
        self.end = button(tr("Ends here"), tip=tr("The note ends at the frame on screen; a moment becomes a range"))
        self.delete = button("", icon_name="trash", tip=tr("Delete the selected notes (Delete); this can be undone"))
        self.delete.setAccessibleName(tr("Delete notes"))
        self._build()
        self._connect()
        self._fill()

    def _build(self) -> None:
        tools: list[QWidget] = [
            CommandButton(self._context.commands, name) for name in ("notes.add", "notes.toggle_coding")
        ]
        more = QToolButton()
        more.setIcon(icon("more"))
        more.setAccessibleName(tr("More about notes"))
        more.setToolTip(tr("Ranges, categories, export"))
        more.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(more)
        for command in self._context.commands.all():
            if command.id in MENU:
                action = menu.addAction(command.title)
                action.triggered.connect(lambda _=False, name=command.id: self._context.commands.run(name))
        more.setMenu(menu)
        head = row(self.search, self.count, *tools, more, spacing=SPACE_XS)
        head.setStretch(0, 1)
        kinds = row(self.category, self.colour, spacing=SPACE_XS)
        for at in (0, 1):
            kinds.setStretch(at, 1)
        times = row(self.begin, self.end, None, self.delete, spacing=SPACE_XS)
        self._editor = QWidget()
        self._editor.setLayout(column(self.text, kinds, times, spacing=SPACE_XS))
        box = column(head, self.nothing, self.view, self._editor, spacing=SPACE_XS)
        box.setStretch(2, 1)
        self.setLayout(box)

    def _connect(self) -> None:
        notes = self._notes
        notes.changed.connect(self._fill)
        notes.made.connect(self._on_made)
        self.search.textChanged.connect(self._fill)
        self.view.selectionModel().currentRowChanged.connect(self._on_row)
        self.view.clicked.connect(self._on_row)
        self.text.editingFinished.connect(self.save_text)
        self.category.activated.connect(self._on_category)
        self.colour.activated.connect(self._on_colour)
        self.begin.clicked.connect(self._on_begin)
        self.end.clicked.connect(self._on_end)
        self.delete.clicked.connect(self.remove_selected)
        QShortcut("Delete", self.view, self.remove_selected, context=Qt.ShortcutContext.WidgetShortcut)
        self._context.theme.redraw_with(self, self._fill)

    @property
    def selected(self) -> list[ClipNote]:
        """The selected notes, or else the chosen one."""
        rows = sorted(index.row() for index in self.view.selectionModel().selectedIndexes())
        found = [self.model.notes[at] for at in rows]
        chosen = self._notes.note
        return found or ([chosen] if chosen is not None else [])

    def exports(self) -> list[Offer]:
        """Return what can be exported: the notes that the list shows."""
        clip, notes = self._notes.clip_name, self.model.notes
        return [Offer(tr("Notes on this clip"), lambda: [notes_as_table(clip, notes)])] if notes else []

    def edit_text(self) -> None:
        """Put the keyboard into the words of the chosen note."""
        self.text.setFocus()
        self.text.selectAll()

    def save_text(self) -> None:
        """Store the words that were typed."""
        note = self._current(self._editing)
        if self.text.isModified():
            self.text.setModified(False)
            if note is not None and self.text.text() != note.text:
                self._notes.change(note, replace(note, text=self.text.text()))

    def remove_selected(self) -> None:
        """Delete the selected notes."""
        self.text.setModified(False)
        self._notes.remove(self.selected)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Leave the words by Enter, which stores them, or by Esc, which does not."""
        if watched is self.text and event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self.save_text()
                self.left.emit()
                return True
            if event.key() == Qt.Key.Key_Escape:
                note = self._current(self._editing)
                self.text.setText(note.text if note is not None else "")
                self.left.emit()
                return True
        return super().eventFilter(watched, event)

    # Filling

    def refresh(self) -> None:
        """Show the notes as they are now; the clip's beginning may have become known."""
        self._fill()

    def _fill(self, *_: object) -> None:
        notes, wanted = self._notes.notes, self.search.text().casefold().split()
        found = tuple(note for note in notes if all(word in _told(note) for word in wanted))
        begins_s = self._player.range_s[0]
        self._filling = True
        if found != self.model.notes or begins_s != self.model.begins_s:
            self.model.fill(found, begins_s)
        chosen = next((at for at, note in enumerate(found) if note.uid == self._notes.chosen), None)
        if chosen is not None and self.view.currentIndex().row() != chosen:
            self.view.setCurrentIndex(self.model.index(chosen))
        self._filling = False
        self.count.setText(
            many(len(notes), tr("note"), tr("notes"))
            if len(found) == len(notes)
            else tr("{found} of {notes}", found=len(found), notes=len(notes))
        )
        self.nothing.setText(NO_MATCH if notes else NO_NOTES)
        self.nothing.setVisible(not found)
        self._fill_editor()

    def _fill_editor(self) -> None:
        note = self._notes.note
        if self._editing is not None and (note is None or note.uid != self._editing.uid):
            self.save_text()  # of the note that is left
        self._editor.setVisible(note is not None)
        before, self._editing = self._editing, note
        if note is None:
            return
        # Words that are being typed stay, whatever else changes about the note.
        if not self.text.hasFocus() or before is None or before.uid != note.uid:
            self.text.setText(note.text)
        names = dict.fromkeys(["", *(one.name for one in self._notes.categories), note.category])
        self.category.clear()
        for name in names:
            self.category.addItem(name or tr("No category"), name)
        self.category.setCurrentIndex(self.category.findData(note.category))
        self.colour.clear()
        for colour in COLOURS:
            self.colour.addItem(swatch(self._context.theme, colour), colour.capitalize(), colour)
        self.colour.setCurrentIndex(self.colour.findData(note.colour))

    def _current(self, note: ClipNote | None) -> ClipNote | None:
        """Return a note as it is now; None if it is gone."""
        return None if note is None else next((one for one in self._notes.notes if one.uid == note.uid), None)

    # What the user does

    def _on_row(self, index: QModelIndex, *_: object) -> None:
        if self._filling or not index.isValid():
            return
        uid = str(index.data(UID_ROLE))
        self.save_text()
        self._notes.choose(uid)

    def _on_made(self, _uid: str) -> None:
        self.search.clear()

    def _change(self, make: Callable[[ClipNote], ClipNote]) -> None:
        note = self._notes.note
        if note is not None:
            self._notes.change(note, make(note))

    def _on_category(self, at: int) -> None:
        note = self._notes.note
        if note is not None:
            self._notes.give_category(note, str(self.category.itemData(at)))

    def _on_colour(self, at: int) -> None:
        self._change(lambda note: replace(note, colour=str(self.colour.itemData(at))))

    def _on_begin(self) -> None:
        frame = self._player.frame
        if frame is not None:
            self._change(lambda note: replace(note, start_s=frame.time_s))

    def _on_end(self) -> None:
        frame = self._player.frame
        if frame is not None:
            self._change(lambda note: replace(note, kind="state", end_s=frame.time_s))


def _told(note: ClipNote) -> str:
    """Return everything by which a note is found."""
    return f"{note.category} {note.text} {note.author} {note.colour}".casefold()
