"""The exchange screen: choose or drop files, look at what will come in, import it, take it back."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QCheckBox, QLineEdit, QPlainTextEdit, QStackedWidget, QWidget

from app.domain.changes import Changes
from app.domain.imports import ImportRecord
from app.domain.study import VIEWS
from app.domain.words import many
from app.interchange.scale import asked_scale
from app.jobs import Context, Job
from app.services.exchange.mapping import Mapping, Rule, read_mapping
from app.services.exchange.plan import Line, Plan
from app.services.exchange.planning import plan_import
from app.services.exchange.preview import what_of
from app.services.exchange.store import Stored, clip_names, last_import, named, store_plan, undo_import
from app.services.exchange.writing import TITLES, TOOLS, Tool, Written, export_for
from app.services.labels.imported_rows import IMPORTED
from app.services.study.views import note_judged
from app.ui.core.context import AppContext
from app.ui.core.whose import NAMED, Whose
from app.ui.look.language import tr
from app.ui.look.tokens import SPACE_M, SPACE_S
from app.ui.parts.people.covered import ask_without
from app.ui.parts.widgets.basic import Card, ElidedLabel, button, column, label, line, row
from app.ui.parts.widgets.empty import EmptyState
from app.ui.parts.widgets.fields import ChoiceBox, wide_choice
from app.ui.parts.widgets.tables import RowsTable
from app.ui.screens.exchange.names import NameForm
from app.ui.screens.exchange.undo import ImportCommand

if TYPE_CHECKING:
    from app.services.projects.files import Project

HEADINGS = (tr("File"), tr("What"), tr("Clip"), tr("Rater"), tr("Scale"), tr("Times"), tr("Comes in"))
WHAT = tr(
    "Drop files or folders of ELAN, NOVA, CARMA, DARMA, MuSe, BORIS, Label Studio and other tools here, or tables of "
    "ratings. Their kind is recognised from their content, and nothing is stored until you confirm it."
)


class ExchangeScreen(QWidget):
    """The screen on which labels of other tools come into the project.

    Args:
        context: The context with project, settings and background work.
    """

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._paths: list[Path] = []
        self._rules: tuple[Rule, ...] = ()
        self._job: Job | None = None
        self._last: ImportRecord | None = None
        self._clips: tuple[str, ...] = ()
        self._chosen: tuple[str, str] = (IMPORTED, "full_context")
        self.plan: Plan | None = None
        self.setAcceptDrops(True)
        self.empty = EmptyState(
            context.theme, "exchange", tr("Files of other tools"), WHAT,
            [(tr("Choose files…"), self._on_files), (tr("Choose a folder…"), self._on_folder)],
        )  # fmt: skip
        self.table = RowsTable(HEADINGS, tr("What will come in"), drop=(5, 4, 3), wrap=True)
        self.table.selectionModel().selectionChanged.connect(self._on_selected)
        self.names = NameForm()
        self.names.given.connect(self._on_names)
        self.notes = QPlainTextEdit()
        self.notes.setReadOnly(True)
        self.notes.setAccessibleName(tr("How the files were read, and what was not read"))
        self.notes.setMaximumHeight(110)
        self._pages = QStackedWidget()
        self._pages.addWidget(self.empty)
        self._pages.addWidget(self._preview())
        self.setLayout(column(self._pages, self._foot(), spacing=SPACE_S))
        context.project_changed.connect(self._on_project)
        context.changed.connect(self._on_changed)
        self._on_project()

    def _preview(self) -> QWidget:
        self.study = QLineEdit(IMPORTED)
        self.study.setAccessibleName(tr("Study"))
        self.study.setToolTip(tr("The study to which the labels belong; it is made if it does not exist"))
        self.study.setMaximumWidth(180)
        self.study.editingFinished.connect(self._on_choice)
        self.condition = wide_choice(tr("Condition"))
        self.condition.addItems(sorted(VIEWS, key=lambda name: name != "full_context"))
        self.condition.setToolTip(tr("How the clips were shown when the labels were given"))
        self.condition.currentTextChanged.connect(self._on_choice)
        self.more = button(tr("More files…"), "", "plus")
        self.more.clicked.connect(self._on_files)
        self.of_table = button(tr("Names from a table…"), tip=tr("A CSV file with the columns what, from and to"))
        self.of_table.clicked.connect(self._on_table)
        self.clear = button(tr("Start over"), tip=tr("Forget these files; nothing was stored"))
        self.clear.clicked.connect(self._on_clear)
        card = Card(tr("What will come in"))
        choices = row(
            label(tr("Study"), "caption"),
            self.study,
            label(tr("Condition"), "caption"),
            self.condition,
            None,
            self.more,
            self.of_table,
            self.clear,
            spacing=SPACE_S,
        )
        card.body.addLayout(choices)
        card.body.addWidget(self.table, 1)
        card.body.addWidget(self.names)
        self._notes_title = label(tr("How the files were read, and what was not read"), "section")
        card.body.addWidget(self._notes_title)
        card.body.addWidget(self.notes)
        return card

    def _foot(self) -> QWidget:
        self.state = ElidedLabel()
        self.undo = button(tr("Take back the last import"), tip=tr("Remove everything that it stored"))
        self.undo.clicked.connect(self._on_undo)
        self.widen = QCheckBox(tr("Widen the study"))
        self.widen.setToolTip(
            tr(
                "Add the emotions, categories, conditions and scores that the study does not "
                "have. Tick it only if they "
                "are no slips: it can be taken back with the import"
            )
        )
        self.widen.toggled.connect(self._show_state)
        self.bring = button(tr("Import"), "primary", tip=tr("Store what the preview shows, in one step"))
        self.bring.clicked.connect(self._on_import)
        self.tool = ChoiceBox(tr("Tool to write for"), 14)
        for tool in TOOLS:
            self.tool.addItem(TITLES[tool], tool)
        self.write = button(
            tr("Write for this tool…"), tip=tr("Write the project's labels into a folder, in this tool's format")
        )
        self.write.clicked.connect(self._on_write)
        self.pseudonyms = QCheckBox(tr("Other names"))
        self.pseudonyms.setToolTip(
            tr("Raters and clips get names of this export only, in the files and in the names of the files")
        )
        foot = Card(margins=SPACE_M)
        foot.body.addLayout(row(self.state, self.undo, self.widen, self.bring, spacing=SPACE_S))
        foot.body.addWidget(line())
        others = row(label(tr("For other tools"), "caption"), self.tool, self.pseudonyms, self.write, spacing=SPACE_S)
        foot.body.addLayout(others)
        return foot

    def whose(self) -> Whose:
        """Say whose answers are in what is shown: files that are not in the project yet."""
        return NAMED

    def screen_shown(self) -> None:
        """Reload when the screen becomes visible."""
        self._look()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        self.take([Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()])
        event.acceptProposedAction()

    def take(self, paths: Sequence[Path]) -> None:
        """Read more files and folders, and show what they would bring."""
        if self._context.project is None:
            self._context.notify(tr("No project is open."), tr("Open or make one first (File)."))
            return
        self._paths = list(dict.fromkeys([*self._paths, *paths]))
        self._read()

    def _read(self) -> None:
        project = self._context.project
        if project is None or not self._paths:
            return
        if self._job is not None:
            self._job.cancel()
        self._job = self._context.work.start(
            tr("Reading files of other tools"), "io", _plan, project, tuple(self._paths), Mapping(self._rules),
            self.condition.currentText(), self.study.text().strip() or IMPORTED, on_done=self._show, on_end=self._ended,
            replace="exchange.plan",
        )  # fmt: skip
        self._show_state()

    def _ended(self) -> None:
        self._job = None
        self._show_state()

    def _show(self, plan: Plan) -> None:
        self.plan = plan
        self._pages.setCurrentIndex(1)
        refused: list[tuple[str, ...]] = [
            (_file_of(error.what), "", "", "", "", "", tr("No: {what} {todo}", what=error.what, todo=error.todo))
            for error in plan.refused
        ]
        self.table.show_rows([_cells(line) for line in plan.lines] + refused)
        self.names.show_line(None, ())
        said = [*(lack.told for lack in plan.lacks), *plan.notes]
        self.notes.setPlainText("\n".join(said))
        for part in (self.notes, self._notes_title):
            part.setVisible(bool(said))
        self.widen.setChecked(False)
        self._show_state()

    def _show_state(self) -> None:
        plan = self.plan
        reading = self._job is not None
        lacks = plan.lacks if plan is not None else ()
        ready = plan is not None and not plan.empty and not reading and (not lacks or self.widen.isChecked())
        self.widen.setVisible(bool(lacks) and not reading)
        self.bring.setEnabled(ready)
        self.undo.setEnabled(self._last is not None and not reading)
        if reading:
            self.state.set_text(tr("Working …"))
        elif plan is not None:
            coming = [line for line in plan.lines if not line.problem]
            out = len(plan.lines) - len(coming) + len(plan.refused)
            stays = (
                tr("; {stay} out, for the reasons beside them", stay=many(out, tr("stays"), tr("stay"))) if out else ""
            )
            fits = (
                tr(" when the study has what the rows use, or is widened")
                if lacks and not self.widen.isChecked()
                else ""
            )
            self.state.set_text(
                tr(
                    "{lines_come} in{fits}{stays}.",
                    lines_come=many(len(coming), tr("line comes"), tr("lines come")),
                    fits=fits,
                    stays=stays,
                )
            )
        elif self._last is not None:
            self.state.set_text(tr("Last import: {files}.", files=named(self._last.files)))
        else:
            self.state.set_text("")

    def _on_selected(self) -> None:
        picked = self.table.selectionModel().selectedRows()
        plan = self.plan
        line = None
        if picked and plan is not None and picked[0].row() < len(plan.lines):
            line = plan.lines[picked[0].row()]
            line = line if line.kind != "measurements" and line.format != "Tidy table" else None
        self.names.show_line(line, self._clips)

    def _on_names(self, rules: list[Rule]) -> None:
        for rule in rules:
            if rule.what == "scale":
                asked_scale(rule.meaning)
        self._rules = (*rules, *self._rules)
        self._read()

    def _on_choice(self, *_: str) -> None:
        """Read the files again for another study or condition, which their labels belong to from the plan on."""
        chosen = (self.study.text().strip(), self.condition.currentText())
        if chosen != self._chosen:
            self._chosen = chosen
            self._read()

    def _on_files(self) -> None:
        found = self._context.ask_file.several(self, tr("Files of other tools"))
        if found:
            self.take(found)

    def _on_folder(self) -> None:
        found = self._context.ask_file.folder(self, tr("Folder with files of other tools"))
        if found is not None:
            self.take([found])

    def _on_table(self) -> None:
        found = self._context.ask_file.one(self, tr("Table of names"), tr("Tables (*.csv *.txt *.tsv)"))
        if found is not None:
            self._rules = (*read_mapping(found).rules, *self._rules)
            self._read()

    def _on_clear(self) -> None:
        if self._job is not None:
            self._job.cancel()
        self._paths, self._rules, self.plan = [], (), None
        self.table.show_rows([])
        self._pages.setCurrentIndex(0)
        self._show_state()

    def _on_import(self) -> None:
        plan, project = self.plan, self._context.project
        if plan is None or plan.empty or project is None or self._job is not None:
            return
        condition, study = self.condition.currentText(), self.study.text().strip() or IMPORTED
        self.bring.setEnabled(False)
        self._job = self._context.work.start(
            tr("Importing"),
            "db",
            _store,
            project,
            plan,
            condition,
            study,
            self.widen.isChecked(),
            on_done=self._stored,
            on_end=self._ended,
        )

    def _stored(self, done: Stored) -> None:
        self._context.notify(" ".join([done.told, *done.notes[:3]]), tone="ok")
        if done.record is not None:
            self._context.undo.push(ImportCommand(self._context, done.record))
        self._on_clear()
        self._look()

    def _on_undo(self) -> None:
        if self._last is not None:
            self._context.write(_undo, self._last, on_done=self._undone)

    def _on_write(self) -> None:
        folder = self._context.ask_file.folder(self, tr("Folder for the files"))
        if folder is not None:
            self.write_for(self.tool.currentData(), folder)

    def write_for(self, tool: Tool, folder: Path, without: bool = False) -> None:
        """Write the project's labels for another tool; they count as seen by whoever is signed in.

        Args:
            tool: The tool.
            folder: The folder.
            without: Whether to go on without people whose consent does not cover it; otherwise this is asked.
        """
        project = self._context.project
        if project is None:
            self._context.notify(tr("No project is open."), tr("Open or make one first (File)."))
            return

        def done(written: Written) -> None:
            lost = f" {' '.join(written.lost[:4])}" if written.lost else ""
            self._context.notify(
                tr(
                    "{files} written into {name}.{lost}",
                    files=many(len(written.files), tr("file"), tr("files")),
                    name=folder.name,
                    lost=lost,
                ),
                tone="ok",
            )

        self._context.work.start(
            tr("Writing for another tool"), "db", _write, project, tool, folder, without, self.pseudonyms.isChecked(),
            on_done=done,
            on_error=lambda error: ask_without(
                self._context, self, error, lambda: self.write_for(tool, folder, without=True)
            ),
        )  # fmt: skip

    def _undone(self, record: ImportRecord) -> None:
        self._context.notify(tr("The import of {files} was taken back.", files=named(record.files)), tone="ok")
        self._look()

    def _on_project(self) -> None:
        self._last = None
        self._on_clear()
        self._look()

    def _on_changed(self, changes: Changes) -> None:
        if self.isVisible() and changes.touches("trace", "answer", "gold", "clip"):
            self._look()

    def _look(self) -> None:
        """Ask which clips there are and what can be taken back."""
        self._context.query(_known, on_done=self._looked, replace="exchange.known")

    def _looked(self, known: tuple[ImportRecord | None, tuple[str, ...]]) -> None:
        self._last, self._clips = known
        self._show_state()


def _cells(line: Line) -> tuple[str, ...]:
    clip = line.clip or (f"({line.clip_there})" if line.clip_there else "")
    comes = tr("No: {problem}.", problem=line.problem) if line.problem else tr("Yes")
    return (line.file, f"{line.format}: {what_of(line)}", clip, line.rater, line.scale, line.times, comes)


def _file_of(what: str) -> str:
    """Return the name of the file with which a refusal begins."""
    return what.split(":")[0].split(", line")[0].split(" ")[0]


def _plan(ctx: Context, project: Project, paths: Sequence[Path], mapping: Mapping, condition: str, study: str) -> Plan:
    return plan_import(project, paths, mapping, condition=condition, study=study, ctx=ctx)


def _store(ctx: Context, project: Project, plan: Plan, condition: str, study: str, widen: bool) -> Stored:
    return store_plan(project, plan, condition=condition, study=study, widen=widen, ctx=ctx)


def _write(ctx: Context, project: Project, tool: Tool, folder: Path, without: bool, pseudonyms: bool) -> Written:
    note_judged(project, "labels", "")
    return export_for(project, folder, tool, ctx=ctx, without_refused=without, pseudonyms=pseudonyms)


def _undo(project: Project, record: ImportRecord) -> ImportRecord:
    return undo_import(project, record)


def _known(project: Project) -> tuple[ImportRecord | None, tuple[str, ...]]:
    return last_import(project), clip_names(project)
