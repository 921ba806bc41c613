"""People and consent: who agreed to what, until when, and the way to erase a person."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from PySide6.QtGui import QShortcut
from PySide6.QtWidgets import QAbstractItemView, QCheckBox, QDialog, QLineEdit, QTabWidget, QWidget

from app.domain.changes import Changes, Edit
from app.domain.consent import PARTIES, PURPOSES, SHORT, Person, Purpose
from app.domain.words import many
from app.services.consent.covered import PersonRow, consent_edit, people_rows, require_recorded, required
from app.services.rights.erase import Erased
from app.services.rights.log import AuditLine, lines, write_log
from app.ui.core.context import AppContext
from app.ui.core.while_there import while_there
from app.ui.look.language import tr
from app.ui.look.tokens import SPACE_L, SPACE_M, SPACE_S
from app.ui.parts.people.erase import EraseDialog
from app.ui.parts.widgets.basic import button, column, label, row
from app.ui.parts.widgets.spoken import pass_over_pages
from app.ui.parts.widgets.tables import RowsTable

if TYPE_CHECKING:
    from app.services.projects.files import Project

HEADINGS = (tr("Person"), tr("Who"), *SHORT.values())
LOG = (tr("Time"), tr("By"), tr("What"), tr("Action"), tr("Facts"))
ABOUT = tr(
    "Training, exports and archives leave nobody out silently: they name whom consent does not cover, and go on "
    "without these people if you say so. The end of Keeping is the day by which a person must be erased."
)
SHOWN = 5000
"""So many lines of the audit log are shown; the file has all."""


class PeopleDialog(QDialog):
    """The window on people, which stays open beside the main window.

    Args:
        context: The context with the open project.
        parent: The main window.
    """

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("People and consent"))
        self.resize(980, 620)
        self._context = context
        self._rows: list[PersonRow] = []
        self.tabs = QTabWidget()
        pass_over_pages(self.tabs)
        self.tabs.addTab(self._people(), tr("People"))
        self.tabs.addTab(self._log(), tr("Audit log"))
        close = button(tr("Close"))
        close.setAutoDefault(False)
        close.clicked.connect(self.close)
        self.setLayout(column(self.tabs, row(None, close), spacing=SPACE_M, margins=SPACE_L))
        for keys, stack in (("Ctrl+Z", context.undo.undo), ("Ctrl+Shift+Z", context.undo.redo)):
            QShortcut(keys, self, stack)
        context.changed.connect(self._on_changed)
        context.project_changed.connect(self._on_project)
        context.closing.connect(self.close)
        self.reload()

    def _people(self) -> QWidget:
        self.table = RowsTable(HEADINGS, tr("People and what they agreed to"))
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.table.selectionModel().selectionChanged.connect(self._on_selected)
        self.boxes: dict[Purpose, QCheckBox] = {}
        for purpose, title in SHORT.items():
            self.boxes[purpose] = QCheckBox(title)
            self.boxes[purpose].setToolTip(PURPOSES[purpose].capitalize())
            self.boxes[purpose].setChecked(True)
            self.boxes[purpose].toggled.connect(self._on_selected)
        self.until = QLineEdit()
        self.until.setPlaceholderText(tr("no end, or 2030-12-31"))
        self.until.setAccessibleName(tr("Last day on which it holds"))
        self.until.setMaximumWidth(190)
        self.note = QLineEdit()
        self.note.setPlaceholderText(tr("Where it is written down"))
        self.note.setAccessibleName(tr("Note"))
        self.agreed = button(tr("Agreed"), "primary", tip=tr("Record that the selected people agreed"))
        self.refused = button(tr("Refused"), tip=tr("Record that they did not agree"))
        self.withdrawn = button(tr("Withdrawn today"), tip=tr("Record that they took their consent back"))
        self.forget = button(tr("Forget"), tip=tr("Nothing is recorded any more for these purposes"))
        self.erase = button(tr("Erase…"), "danger", tip=tr("Shows everything that would go, before anything is done"))
        presses = (self.agreed, self.refused, self.withdrawn, self.forget)
        for one, granted, taken in zip(presses, (True, False, True, None), (False, False, True, False), strict=True):
            one.setAutoDefault(False)
            one.clicked.connect(lambda _=False, g=granted, t=taken: self._record(g, t))
        self.erase.setAutoDefault(False)
        self.erase.clicked.connect(self._on_erase)
        self.strict = QCheckBox(tr("Leave people out of whom nothing is recorded"))
        self.strict.setToolTip(tr("Otherwise only a refusal, an end or a withdrawal leaves somebody out"))
        self.strict.clicked.connect(self._on_strict)
        about = label(ABOUT, "small", wrap=True)
        self.outcome = label(wrap=True)
        self.outcome.setObjectName("people.outcome")
        self.outcome.hide()
        first = row(label(tr("For"), "caption"), *self.boxes.values(), None, label(tr("until"), "caption"), self.until)
        second = row(self.note, *presses, SPACE_M, self.erase, spacing=SPACE_S)
        page = QWidget()
        page.setLayout(
            column(
                about, self.table, self.outcome, first, second, row(self.strict, None), spacing=SPACE_S, margins=SPACE_S
            )
        )
        return page

    def _log(self) -> QWidget:
        self.log = RowsTable(LOG, tr("Audit log"), drop=(3,))
        self.count = label(kind="small")
        self.save = button(tr("Write as CSV…"), tip=tr("All lines, oldest first"))
        self.save.setAutoDefault(False)
        self.save.clicked.connect(self._on_save)
        page = QWidget()
        page.setLayout(column(self.log, row(self.count, None, self.save), spacing=SPACE_S, margins=SPACE_S))
        return page

    @property
    def selected(self) -> list[Person]:
        """The selected people, from above."""
        picked = sorted(index.row() for index in self.table.selectionModel().selectedRows())
        return [self._rows[at].person for at in picked if at < len(self._rows)]

    @property
    def purposes(self) -> tuple[Purpose, ...]:
        """The purposes that are ticked."""
        return tuple(purpose for purpose, box in self.boxes.items() if box.isChecked())

    def reload(self) -> None:
        """Read people and audit log again."""
        self._context.query(_known, on_done=self._show, replace="people")

    @while_there
    def _show(self, known: tuple[list[PersonRow], bool, list[AuditLine]]) -> None:
        before = {one.uid for one in self.selected}
        self._rows, strict, told = known
        self.table.show_rows(
            [(one.person.code, PARTIES[one.person.party], *map(one.words, SHORT)) for one in self._rows]
        )
        for at, one in enumerate(self._rows):
            if one.person.uid in before:
                for column_at in range(len(HEADINGS)):
                    index = self.table.model().index(at, column_at)
                    self.table.selectionModel().select(index, self.table.selectionModel().SelectionFlag.Select)
        self.strict.setChecked(strict)
        self.log.show_rows([(one.when, one.actor or "–", one.what, one.action, one.facts[:300]) for one in told])
        self.count.setText(
            tr("The newest {shown} lines", shown=SHOWN)
            if len(told) == SHOWN
            else many(len(told), tr("line"), tr("lines"))
        )
        self._on_selected()

    def _on_selected(self, *_: object) -> None:
        some = bool(self.selected) and bool(self.purposes)
        for one in (self.agreed, self.refused, self.withdrawn, self.forget):
            one.setEnabled(some)
        self.erase.setEnabled(len(self.selected) == 1)

    def _record(self, granted: bool | None, withdrawn: bool) -> None:
        self._context.query(
            _edits, tuple(self.selected), self.purposes, granted, self.until.text(), self.note.text().strip(),
            time.time() if withdrawn else None, on_done=self._apply,
        )  # fmt: skip

    def _apply(self, edit: Edit) -> None:
        if edit.changes:
            self._context.apply(edit)

    def _on_strict(self, wanted: bool) -> None:
        self._context.write(_require, wanted)

    def _on_erase(self) -> None:
        (person,) = self.selected
        dialog = EraseDialog(self._context, person, self)
        dialog.erased.connect(self._on_erased)
        dialog.open()

    def _on_erased(self, erased: Erased) -> None:
        """Say the outcome here, because this window lies over the messages of the main one."""
        still = "".join(tr("\nStill there: {place}", place=place) for place in erased.left)
        self.outcome.setText(" ".join([f"{erased.person.words}: {erased.told}", *erased.notes]) + still)
        self.outcome.show()
        self.reload()

    def _on_save(self) -> None:
        context = self._context
        said = context.ask_file.new(self, tr("Write the audit log"), "audit-log.csv", tr("Tables (*.csv)"))
        project = context.project
        if said is not None and project is not None:
            context.query(
                write_log,
                said.path,
                on_done=lambda count: context.notify(
                    tr("{lines} of the audit log written.", lines=many(count, tr("line"), tr("lines"))),
                    tone="ok",
                    file=said.path,
                ),
            )

    def _on_changed(self, changes: Changes) -> None:
        if changes and self.isVisible():
            self.reload()

    def _on_project(self) -> None:
        """The people are another project's now, or nobody sits here any more who may see them."""
        if self._context.project is None:
            self.close()
        else:
            self.reload()


def _known(project: Project) -> tuple[list[PersonRow], bool, list[AuditLine]]:
    return people_rows(project), required(project), lines(project, SHOWN)


def _edits(
    project: Project,
    people: tuple[Person, ...],
    purposes: tuple[Purpose, ...],
    granted: bool | None,
    until: str,
    note: str,
    withdrawn_at: float | None,
) -> Edit:
    edits = [
        consent_edit(
            project, person, purposes, granted=granted, until=until, note=note, withdrawn_at=withdrawn_at
        )
        for person in people
    ]  # fmt: skip
    title = edits[0].title if len(edits) == 1 else tr("Consent of {count} people", count=len(edits))
    return Edit(title, tuple(change for edit in edits for change in edit.changes))


def _require(project: Project, wanted: bool) -> None:
    require_recorded(project, wanted)
