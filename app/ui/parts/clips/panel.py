"""The clip list, for choosing, adding, dropping and finding clips."""

from typing import Final

from PySide6.QtCore import QItemSelectionModel, QPoint, Qt, Signal
from PySide6.QtWidgets import QAbstractItemView, QListView, QMenu, QStackedWidget, QWidget

from app.domain.changes import Changes
from app.services.projects.clip_rows import ClipRow, clip_rows
from app.services.projects.relink import relink_clip
from app.ui.core.actions import CommandButton
from app.ui.core.context import AppContext
from app.ui.look.language import tr
from app.ui.look.tokens import SPACE_S
from app.ui.parts.clips.delegate import ClipDelegate
from app.ui.parts.clips.model import ClipModel
from app.ui.parts.clips.pictures import ClipPictures
from app.ui.parts.clips.table import ClipTable
from app.ui.parts.widgets.basic import Card, label
from app.ui.parts.widgets.empty import EmptyState

_FIRST: Final = 0
"""Stands for the first clip of the list; the clips' own numbers begin at 1."""


class ClipPanel(Card):
    """Shows the clips of the open project; signals which one was chosen, and how many there are when they were read.

    Args:
        context: The context with the project.
    """

    chosen = Signal(object)
    known = Signal(int)

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(tr("Clips"), SPACE_S, parent)
        self._context = context
        self._wanted: int | None = None
        self._table: ClipTable | None = None
        self.body.setContentsMargins(SPACE_S, SPACE_S + 2, SPACE_S, SPACE_S)
        self._count = label(kind="small")
        self.head.insertWidget(1, self._count)
        self.head.addWidget(CommandButton(context.commands, "clips.table"))
        self.head.addWidget(CommandButton(context.commands, "clips.add"))
        self.model = ClipModel(ClipPictures(context, self), self)
        self.list = QListView()
        self.list.setModel(self.model)
        self.list.setItemDelegate(ClipDelegate(context.theme, self.list))
        self.list.setMouseTracking(True)
        self.list.setUniformItemSizes(True)
        self.list.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.list.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.list.customContextMenuRequested.connect(self._on_menu)
        self.list.selectionModel().currentChanged.connect(self._on_current)
        self.list.setAccessibleName(tr("Clips of the project"))
        self._empty = EmptyState(
            context.theme,
            "drop",
            tr("No clips yet"),
            tr("Drop videos or images here, or add them."),
            ((tr("Add clips…"), lambda: context.commands.run("clips.add")),),
        )
        self._stack = QStackedWidget()
        self._stack.addWidget(self._empty)
        self._stack.addWidget(self.list)
        self.body.addWidget(self._stack, 1)
        self.setMinimumWidth(210)
        context.changed.connect(self._on_changed)
        context.project_changed.connect(self._on_project)
        context.commands.bind("clips.relink", self._on_relink)
        context.commands.bind("clips.table", self._on_table)

    def _on_project(self) -> None:
        """The clips in the list are another project's now."""
        self._wanted = None
        self._show([])
        self.reload()

    def reload(self) -> None:
        """Read the clips again."""
        if self._context.project is None:
            self._show([])
            return
        self._context.query(clip_rows, on_done=self._on_read, replace="clips")

    def select(self, clip_id: int) -> None:
        """Choose a clip. The choice waits for the list if that is still loading."""
        self._wanted = clip_id
        self._select_wanted()

    def select_first(self) -> None:
        """Choose the first clip. The choice waits for the list if that is still loading."""
        self.select(_FIRST)

    def current(self) -> ClipRow | None:
        """Return the chosen row; None for none."""
        index = self.list.currentIndex()
        return self.model.rows()[index.row()] if index.isValid() else None

    def move(self, rows: int) -> None:  # type: ignore[override]
        """Choose the next or previous clip."""
        at = min(max(self.list.currentIndex().row() + rows, 0), self.model.rowCount() - 1)
        if at >= 0:
            self.list.setCurrentIndex(self.model.index(at))

    def _on_read(self, rows: list[ClipRow]) -> None:
        self._show(rows)
        self.known.emit(len(rows))

    def _show(self, rows: list[ClipRow]) -> None:
        before = self.current()
        self.model.set_rows(rows)
        self._stack.setCurrentWidget(self.list if rows else self._empty)
        self._count.setText(str(len(rows)) if rows else "")
        if self._wanted is None and before is not None and self.current() is None:
            self._wanted = before.clip.id
        if self._wanted is None and self.current() is None and rows:
            self._wanted = _FIRST
        self._select_wanted()
        now = self.current()
        if before is not None and now is not None and before.clip.id == now.clip.id and before.clip != now.clip:
            self._on_current()  # the same clip, but found again, renamed or missing now
        if not rows:
            self.chosen.emit(None)

    def _select_wanted(self) -> None:
        rows = self.model.rows()
        if self._wanted is None or not rows:
            return
        at = 0 if self._wanted == _FIRST else self.model.row_of(self._wanted)
        if at >= 0:
            self._wanted = None
            index = self.model.index(at)
            if index == self.list.currentIndex():
                self.chosen.emit(rows[at])
            self.list.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.ClearAndSelect)
            self.list.scrollTo(index)

    def _on_current(self, *_: object) -> None:
        row = self.current()
        self._context.commands.set_condition("missing clip", row is not None and row.clip.missing)
        self.chosen.emit(row)

    def _on_changed(self, changes: Changes) -> None:
        if changes.touches("clip", "subject", "item", "run", "trace"):
            self.reload()

    def _on_menu(self, at: QPoint) -> None:
        if not self.list.indexAt(at).isValid():
            return
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for command_id in ("analysis.analyse_clip", "recording.toggle", "clips.relink", "clips.table"):
            command = next(row for row in self._context.commands.all() if row.id == command_id)
            action = menu.addAction(command.title)
            action.setEnabled(self._context.commands.enabled(command_id))
            action.triggered.connect(lambda _checked=False, name=command_id: self._context.commands.run(name))
        menu.popup(self.list.viewport().mapToGlobal(at))

    def _on_table(self) -> None:
        """Open the table, or bring it to the front, which stays open beside the window."""
        if self._table is None:
            self._table = ClipTable(self._context, self.window())
            self._table.destroyed.connect(self._forget_table)
        self._table.show()
        self._table.raise_()
        self._table.activateWindow()

    def _forget_table(self) -> None:
        self._table = None

    def _on_relink(self) -> None:
        row, project = self.current(), self._context.project
        if row is None or project is None:
            return
        found = self._context.ask_file.one(self, tr("Where is {name} now?", name=row.clip.name))
        if found is not None:
            self._context.work.start(
                tr("Checking the file"),
                "media",
                relink_clip,
                project,
                row.clip,
                found,
            )
