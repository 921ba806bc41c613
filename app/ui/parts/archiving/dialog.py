"""The dialog behind File → Archive for others…: what an archive says of itself and holds, and the check of one."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtWidgets import QCheckBox, QDialog, QFormLayout, QGroupBox, QLineEdit, QPlainTextEdit, QSpinBox, QWidget
from shiboken6 import isValid

from app.domain.tables import file_stem
from app.domain.words import many
from app.files import dated_beside
from app.jobs import Context
from app.services.archive.build import About, Archived, archive
from app.services.archive.reproduce import WORDS, Reproduced, reproduce
from app.services.study.views import note_judged
from app.ui.core.context import AppContext
from app.ui.core.while_there import while_there
from app.ui.look.language import tr
from app.ui.look.tokens import SPACE_L, SPACE_M, SPACE_S
from app.ui.parts.people.covered import ask_without
from app.ui.parts.widgets.basic import button, column, label, line, row
from app.ui.parts.widgets.fields import ChoiceBox, roomy

if TYPE_CHECKING:
    from app.services.projects.files import Project

LICENCES: Final = (tr("not stated"), "CC-BY-4.0", "CC0-1.0", "CC-BY-NC-4.0")
ABOUT: Final = tr(
    "An archive is one folder in the layouts Psych-DS and behavioural BIDS: labels with their data dictionary, "
    "studies, tables of agreement, methods, model cards, a script for R, and the hash of every file. Consent for "
    "archives is kept to."
)
DESCRIPTION: Final = 90
"""Height of the description in pixels, at 100 % text."""
CHECKED: Final = tr("Compares every file with its hash and computes every table again; no project is needed.")


class ArchiveDialog(QDialog):
    """Makes an archive of the open project, and checks archives. It stays open and tells the outcome.

    Args:
        context: The context with the open project.
        parent: The main window.
    """

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Archive for others"))
        self.resize(640, 560)
        self._context = context
        self.title = QLineEdit(context.project_name)
        self.about = QPlainTextEdit()
        self.about.setPlaceholderText(tr("A few sentences on the study"))
        self.about.setTabChangesFocus(True)
        self.about.setMaximumHeight(round(DESCRIPTION * context.theme.scale))
        self.authors = QLineEdit()
        self.authors.setPlaceholderText(tr("A. Author; B. Author"))
        self.licence = ChoiceBox(tr("Licence of the data"), 16)
        self.licence.addItems(list(LICENCES))
        self.seed = roomy(QSpinBox())
        self.seed.setRange(0, 2**31 - 1)
        self.media = QCheckBox(tr("Copy the files of the clips, too"))
        self.pseudonyms = QCheckBox(tr("Other names for raters, subjects, clips and items"))
        self.media.toggled.connect(self.pseudonyms.setDisabled)
        self.pseudonyms.toggled.connect(self.media.setDisabled)
        self.media.setToolTip(tr("Not together with other names, which do not hide faces"))
        self.pseudonyms.setToolTip(tr("Names of this archive only, which lead nowhere"))
        form = QFormLayout()
        for words, field in (
            (tr("Title"), self.title),
            (tr("Description"), self.about),
            (tr("Authors"), self.authors),
            (tr("Licence"), self.licence),
            (tr("Seed of the tables"), self.seed),
            ("", self.media),
            ("", self.pseudonyms),
        ):
            field.setAccessibleName(field.accessibleName() or words)
            form.addRow(words, field)
        self.make = button(tr("Make archive…"), "primary", tip=tr("Asks for the folder in which the archive is made"))
        self.make.clicked.connect(self._on_make)
        self.check = button(tr("Check an archive…"), tip=CHECKED)
        self.check.clicked.connect(self._on_check)
        close = button(tr("Close"))
        for each in (self.check, close):
            each.setAutoDefault(False)
        close.clicked.connect(self.close)
        self.outcome = QPlainTextEdit()
        self.outcome.setReadOnly(True)
        self.outcome.setAccessibleName(tr("Outcome"))
        self.outcome.hide()
        what = QGroupBox()
        what.setFlat(True)
        what.setLayout(form)
        foot = row(self.check, None, close, self.make, spacing=SPACE_S)
        parts = (label(ABOUT, "small", wrap=True), what, self.outcome, line(), foot)
        self.setLayout(column(*parts, spacing=SPACE_M, margins=SPACE_L))
        context.project_changed.connect(self.close)
        context.closing.connect(self.close)

    @property
    def said(self) -> About:
        """What the archive says of itself, as it is filled in."""
        title = self.title.text().strip() or self._context.project_name
        authors = tuple(one.strip() for one in self.authors.text().split(";") if one.strip())
        about = self.about.toPlainText().strip() or tr("Labels of {title}.", title=title)
        return About(title, about, authors, self.licence.currentText())

    def _on_make(self) -> None:
        folder = self._context.ask_file.folder(self, tr("Folder in which the archive is made"))
        if folder is not None:
            self.make_in(folder)

    def make_in(self, folder: Path, without: bool = False) -> None:
        """Make an archive in a folder, under a name with date and time; its labels count as seen.

        Args:
            folder: The folder.
            without: Whether to go on without people whose consent does not cover it; otherwise this is asked.
        """
        project = self._context.project
        if project is None:
            return
        goal = dated_beside(folder / file_stem(self.said.name, "archive"), "-", "")
        self._busy(tr("Making the archive …"))
        self._context.work.start(
            tr("Making the archive"), "db", _make, project, goal, self.said, self.seed.value(),
            self.media.isEnabled() and self.media.isChecked(),
            self.pseudonyms.isEnabled() and self.pseudonyms.isChecked(), without,
            on_done=self._made, on_end=self._ended,
            on_error=lambda error: self._failed(error, folder),
        )  # fmt: skip

    def _failed(self, error: Exception, folder: Path) -> None:
        if not isValid(self):  # closed meanwhile, and with it the question's place
            self._context.fail(error)
            return
        self._say("")
        ask_without(self._context, self, error, lambda: self.make_in(folder, without=True))

    def _made(self, done: Archived) -> None:
        told = (
            f"{done.folder}: {many(done.files, tr('file'), tr('files'))}, "
            f"{many(len(done.tables), tr('table'), tr('tables'))}."
        )
        self._say("\n".join([told, *done.notes]))
        self._context.notify(tr("The archive {name} is made.", name=done.folder.name), tone="ok", file=done.folder)

    def _on_check(self) -> None:
        folder = self._context.ask_file.folder(self, tr("Archive to check"))
        if folder is not None:
            self.check_folder(folder)

    def check_folder(self, folder: Path) -> None:
        """Check an archive and tell what was found."""
        self._busy(tr("Checking the archive …"))
        self._context.work.start(
            tr("Checking the archive"), "io", _check, folder, on_done=self._checked, on_end=self._ended,
            on_error=self._not_checked,
        )  # fmt: skip

    def _not_checked(self, error: Exception) -> None:
        self._say("")
        self._context.fail(error)

    def _checked(self, found: Reproduced) -> None:
        verdict = tr("Everything is as it was written, and every table comes out again.")
        lines = [verdict if found.good else tr("Not everything is as it was written:")]
        lines += [f"{name}: {WORDS[one]}" for name, one in found.tables.items()]
        lines += [tr("{name}: is not as it was written", name=name) for name in found.changed]
        self._say("\n".join(lines))
        if not isValid(self):
            self._context.notify(lines[0].rstrip(":.") + ".", tone="ok" if found.good else "warning")

    def _busy(self, words: str) -> None:
        self._say(words)
        self.make.setEnabled(False)
        self.check.setEnabled(False)

    @while_there
    def _say(self, words: str) -> None:
        self.outcome.setPlainText(words)
        self.outcome.setVisible(bool(words))

    @while_there
    def _ended(self) -> None:
        self.make.setEnabled(self._context.project is not None)
        self.check.setEnabled(True)


def _make(
    ctx: Context, project: Project, goal: Path, about: About, seed: int, media: bool, pseudonyms: bool, without: bool
) -> Archived:
    note_judged(project, "labels", "")
    return archive(
        project, goal, about, seed=seed, media=media, without_refused=without, pseudonyms=pseudonyms, ctx=ctx
    )


def _check(_ctx: Context, folder: Path) -> Reproduced:
    return reproduce(folder)
