"""The dialog before a person is erased: everything that would go, and that there is no way back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QDialog, QLineEdit, QPlainTextEdit, QWidget

from app.domain.consent import Person
from app.jobs import Context
from app.services.rights.erase import NO_UNDO, Erased, ErasePlan, erase, plan_erasing
from app.ui.core.context import AppContext
from app.ui.core.while_there import while_there
from app.ui.look.language import tr
from app.ui.look.tokens import SPACE_L, SPACE_M
from app.ui.parts.widgets.basic import button, column, label, row

if TYPE_CHECKING:
    from app.services.projects.files import Project


class EraseDialog(QDialog):
    """Shows the plan, asks for the code, and erases.

    Args:
        context: The context with the open project.
        person: The person.
        parent: The window over which it opens.
    """

    erased = Signal(object)
    """Tells what became of it, an `Erased`."""

    def __init__(self, context: AppContext, person: Person, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Erase {words}", words=person.words))
        self.resize(720, 520)
        self._context, self._person = context, person
        self.plan: ErasePlan | None = None
        self.told = QPlainTextEdit()
        self.told.setReadOnly(True)
        self.told.setAccessibleName(tr("What goes and what stays"))
        self.told.setPlainText(tr("Looking for everything that belongs to this person …"))
        self.files = QCheckBox(tr("Delete the files of the clips, too"))
        self.files.setVisible(person.party == "subject")
        self.files.toggled.connect(self._show)
        self.backups = QCheckBox(tr("Delete backups beside the project that hold the person"))
        self.backups.setChecked(True)
        self.backups.toggled.connect(self.look)
        self.code = QLineEdit()
        self.code.setAccessibleName(tr("Code of the person, to confirm"))
        self.code.setPlaceholderText(person.code)
        self.code.textChanged.connect(self._show)
        self.erase = button(tr("Erase for good"), "danger")
        self.erase.setAutoDefault(False)
        self.erase.clicked.connect(self._on_erase)
        keep = button(tr("Keep"))
        keep.clicked.connect(self.reject)
        keep.setDefault(True)
        self.state = label(tr("{no_undo} Edit → Undo forgets everything before it, too.", no_undo=NO_UNDO), wrap=True)
        asked = row(label(tr("Type {code} to confirm", code=person.code), "caption"), self.code, None, keep, self.erase)
        self.setLayout(
            column(
                label(tr("Erase {words}", words=person.words), "heading"),
                self.told,
                self.files,
                self.backups,
                self.state,
                asked,
                spacing=SPACE_M,
                margins=SPACE_L,
            )
        )
        self.look()

    def look(self) -> None:
        """Make the plan."""
        self.plan = None
        self._show()
        self._context.query(_plan, self._person, self.backups.isChecked(), on_done=self._looked, replace="erase.plan")

    @while_there
    def _looked(self, plan: ErasePlan) -> None:
        self.plan = plan
        self._show()

    def _show(self, *_: object) -> None:
        if self.plan is not None:
            self.told.setPlainText("\n\n".join(self.plan.lines(files=self.files.isChecked())))
        self.erase.setEnabled(self.plan is not None and self.code.text().strip() == self._person.code)

    def _on_erase(self) -> None:
        plan, project = self.plan, self._context.project
        if plan is None or project is None:
            return
        context = self._context

        def done(erased: Erased) -> None:
            context.undo.clear()
            self._tell(erased)
            context.notify(erased.told, " ".join(erased.notes), tone="warning" if erased.left else "ok")

        context.work.start(tr("Erasing"), "db", _erase, project, plan, self.files.isChecked(), on_done=done)
        self.accept()

    @while_there
    def _tell(self, erased: Erased) -> None:
        self.erased.emit(erased)


def _plan(project: Project, person: Person, backups: bool) -> ErasePlan:
    return plan_erasing(project, person.party, person.code, backups=backups)


def _erase(ctx: Context, project: Project, plan: ErasePlan, files: bool) -> Erased:
    return erase(project, plan, clip_files=files, ctx=ctx)
