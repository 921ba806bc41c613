"""All clips of the project as a table: find, sort, name the people seen, rename and remove."""

from PySide6.QtCore import QItemSelectionModel, Qt
from PySide6.QtGui import QShortcut
from PySide6.QtWidgets import QAbstractItemView, QDialog, QLineEdit, QMessageBox, QTableView, QWidget

from app.domain.changes import Changes, Edit
from app.domain.words import many
from app.services.projects.clip_table import (
    ClipEntry,
    ListedSubjects,
    Removal,
    clip_entries,
    listed_subjects,
    name_edit,
    removal,
    subject_edit,
)
from app.ui.core.context import AppContext
from app.ui.core.while_there import while_there
from app.ui.look.language import tr
from app.ui.look.tokens import SPACE_L, SPACE_M
from app.ui.parts.clips.table_model import ENTRY_ROLE, NAME, SUBJECT, ClipTableModel, FoundClips
from app.ui.parts.widgets.basic import button, column, label, row
from app.ui.parts.widgets.tables import dress_table


class ClipTable(QDialog):
    """The table in a window of its own, which stays open beside the main window.

    Args:
        context: The context with the open project.
        parent: The main window.
    """

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Clips and subjects"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(960, 560)
        self._context = context
        self.model = ClipTableModel(context.theme)
        self.found = FoundClips()
        self.found.setSourceModel(self.model)
        self.search = QLineEdit()
        self.search.setPlaceholderText(tr("Find by name, subject, study, or “missing”"))
        self.search.setAccessibleName(tr("Find clips"))
        self.search.setClearButtonEnabled(True)
        self.count = label(kind="small")
        self.table = QTableView()
        self._dress()
        self.subject = QLineEdit()
        self.subject.setPlaceholderText(tr("Subject, such as S01"))
        self.subject.setAccessibleName(tr("Subject of the selected clips"))
        self.subject.setFixedWidth(200)
        self.set_subject = button(tr("Set subject"), tip=tr("Who is seen in the selected clips; empty if not known"))
        self.read_list = button(
            tr("From a list…"), tip=tr("Reads subjects from a CSV file with the columns path and subject")
        )
        self.show_clip = button(tr("Show in Review"))
        self.remove = button(tr("Remove…"), tip=tr("Takes the selected clips out of the lists; this can be undone"))
        close = button(tr("Close"))
        for each in (self.set_subject, self.read_list, self.show_clip, self.remove, close):
            each.setAutoDefault(False)
        foot = row(
            self.subject, self.set_subject, self.read_list, None, self.show_clip, self.remove, close, spacing=SPACE_M
        )
        top = row(self.search, self.count, spacing=SPACE_M)
        self.setLayout(column(top, self.table, foot, spacing=SPACE_M, margins=SPACE_L))
        self.search.textChanged.connect(self._on_search)
        self.model.edited.connect(self._on_edited)
        self.table.selectionModel().selectionChanged.connect(self._tell_count)
        self.subject.returnPressed.connect(self._on_subject)
        self.set_subject.clicked.connect(self._on_subject)
        self.read_list.clicked.connect(self._on_list)
        self.show_clip.clicked.connect(self._on_show)
        self.remove.clicked.connect(self._on_remove)
        close.clicked.connect(self.close)
        QShortcut("Ctrl+F", self, self.search.setFocus)
        QShortcut("Delete", self.table, self._on_remove)
        for keys, stack in (("Ctrl+Z", context.undo.undo), ("Ctrl+Shift+Z", context.undo.redo)):
            QShortcut(keys, self, stack)
        context.changed.connect(self._on_changed)
        context.project_changed.connect(self._on_project)
        context.closing.connect(self.close)
        self._tell_count()
        self.reload()

    def _dress(self) -> None:
        table = self.table
        table.setModel(self.found)
        table.setAccessibleName(tr("Clips"))
        dress_table(table)
        table.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        table.setEditTriggers(
            QAbstractItemView.EditTrigger.DoubleClicked | QAbstractItemView.EditTrigger.EditKeyPressed
        )
        table.setSortingEnabled(True)
        table.sortByColumn(NAME, Qt.SortOrder.AscendingOrder)
        head = table.horizontalHeader()
        head.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        head.setStretchLastSection(True)
        scale = self._context.theme.scale
        table.verticalHeader().setDefaultSectionSize(round(30 * scale))
        for at, width in enumerate((230, 90, 80, 66, 68, 78, 58, 68, 62)):
            table.setColumnWidth(at, round(width * scale))

    @property
    def selected(self) -> list[ClipEntry]:
        """The selected clips, from above."""
        picked = sorted(index.row() for index in self.table.selectionModel().selectedRows())
        return [self.found.index(at, NAME).data(ENTRY_ROLE) for at in picked]

    def select(self, clip_ids: set[int]) -> None:
        """Select these clips."""
        chosen = self.table.selectionModel()
        chosen.clearSelection()
        for at in range(self.found.rowCount()):
            if self.found.index(at, NAME).data(ENTRY_ROLE).row.clip.id in clip_ids:
                flags = QItemSelectionModel.SelectionFlag.Select | QItemSelectionModel.SelectionFlag.Rows
                chosen.select(self.found.index(at, NAME), flags)

    def reload(self) -> None:
        """Read the clips again."""
        self._context.query(clip_entries, on_done=self._fill, replace="clip table")

    @while_there
    def _fill(self, entries: list[ClipEntry]) -> None:
        before = {entry.row.clip.id for entry in self.selected}
        self.model.fill(entries)
        self.select(before)
        self._tell_count()

    def _tell_count(self, *_: object) -> None:
        chosen, shown, total = len(self.selected), self.found.rowCount(), len(self.model.entries)
        words = (
            many(total, tr("clip"), tr("clips"))
            if shown == total
            else tr("{shown} of {clips}", shown=shown, clips=many(total, tr("clip"), tr("clips")))
        )
        self.count.setText(tr("{words}, {chosen} selected", words=words, chosen=chosen) if chosen else words)
        for each in (self.set_subject, self.remove):
            each.setEnabled(chosen > 0)
        self.show_clip.setEnabled(chosen == 1)

    def _on_search(self, text: str) -> None:
        self.found.look_for(text)
        self._tell_count()

    def _on_edited(self, entry: ClipEntry, at: int, text: str) -> None:
        clip_id = entry.row.clip.id
        if at == SUBJECT:
            self._context.query(subject_edit, [clip_id], text, on_done=self._apply)
        else:
            self._context.query(name_edit, clip_id, text, on_done=self._apply)

    def _on_subject(self) -> None:
        if ids := [entry.row.clip.id for entry in self.selected]:
            self._context.query(subject_edit, ids, self.subject.text(), on_done=self._apply)

    def _on_list(self) -> None:
        path = self._context.ask_file.one(self, tr("Subjects from a list"), tr("Tables (*.csv *.tsv *.txt)"))
        if path is not None:
            self._context.query(listed_subjects, path, on_done=self._take_listed)

    @while_there
    def _take_listed(self, listed: ListedSubjects) -> None:
        self._apply(listed.edit)
        if listed.edit is None:
            self._context.notify(tr("All clips have the subjects of this list already."), tone="ok")
        if listed.lost:
            lines = many(len(listed.lost), tr("file"), tr("files"))
            names = ", ".join(listed.lost[:3])
            self._context.notify(
                tr("The list names {lines} without a clip in this project, such as {names}.", lines=lines, names=names),
                tr("Add the clips first (File), then read the list again."),
            )

    def _apply(self, edit: Edit | None) -> None:
        if edit is not None:
            self._context.apply(edit)

    def _on_show(self) -> None:
        if len(chosen := self.selected) == 1:
            self._context.open_clip(chosen[0].row.clip.id)

    def _on_remove(self) -> None:
        if chosen := self.selected:
            self._context.query(removal, chosen, on_done=self._ask_removal)

    @while_there
    def _ask_removal(self, wanted: Removal) -> None:
        box = QMessageBox(QMessageBox.Icon.Question, wanted.edit.title, f"{wanted.edit.title}?", parent=self)
        box.setInformativeText(wanted.words)
        yes = box.addButton(tr("Remove"), QMessageBox.ButtonRole.AcceptRole)
        box.addButton(tr("Keep"), QMessageBox.ButtonRole.RejectRole)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.buttonClicked.connect(lambda pressed: self._apply(wanted.edit) if pressed is yes else None)
        box.open()

    def _on_changed(self, changes: Changes) -> None:
        if changes.touches("clip", "subject", "item", "run", "trace", "answer", "study"):
            self.reload()

    def _on_project(self) -> None:
        """Show the clips of another project, or none if nobody who is signed in may see them."""
        if self._context.project is None:
            self.close()
        else:
            self.model.fill([])
            self.reload()
