"""Walks from clips of one's own to a report and a Word table by presses alone, and takes a picture of each stage."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtWidgets import QAbstractButton, QWidget

from app.errors import UserError
from app.results import Chosen
from app.ui.core.ask_file import AskFile
from app.ui.core.store import forgetful_store

if TYPE_CHECKING:
    from app.ui.core.context import AppContext
    from app.ui.screens.agreement.view import AgreementScreen
    from app.ui.screens.study.view import StudyScreen
    from app.ui.shell.window import MainWindow
    from app.ui.tours.annotate import Guide

TABLE: Final = "reliability"
"""The page of Agreement whose table is saved."""
EXPORT: Final = "Export…"
SIMULATED: Final = 3
"""Number of simulated raters who answer in place of people."""


class _Answered(AskFile):
    """Answers the dialogs for files at once, in place of a person.

    Args:
        clips: Files that are chosen as clips.
        folder: Where files are saved, under the names that the dialogs propose.
    """

    def __init__(self, clips: Sequence[Path], folder: Path) -> None:
        super().__init__(forgetful_store())
        self._clips, self._folder = list(clips), folder

    def several(self, parent: QWidget, title: str, filters: str = "") -> list[Path]:
        return self._clips

    def new(self, parent: QWidget, title: str, name: str, filters: str, **_choices: Any) -> Chosen | None:
        return Chosen(self._folder / name)


@dataclass
class Steps:
    """The presses of one walk.

    Attributes:
        words: What was pressed, in order.
    """

    words: list[str] = field(default_factory=list)

    def press(self, parent: QWidget, text: str) -> None:
        """Press the first button of a text that can be pressed.

        Raises:
            UserError: There is none.
        """
        for made in parent.findChildren(QAbstractButton):
            said = made.text() or made.accessibleName()
            if said == text and made.isVisible() and made.isEnabled():
                self.words.append(text)
                made.click()
                return
        raise UserError(f"The tour found no button {text}.", "Report this.")

    def dialog(self, *words: str) -> None:
        """Note what a person presses in a dialog for files."""
        self.words += words


def first_study_shots(window: "MainWindow", guide: "Guide", clips: Sequence[Path], folder: Path) -> list[str]:
    """Walk from the welcome page to a report and a Word table.

    Args:
        window: The window without a project.
        guide: Takes the pictures.
        clips: Files of the clips.
        folder: Where the project and the report are saved.

    Returns:
        What was pressed, in order. The answers come from simulated raters and are not counted.
    """
    from app.ui.screens.study.view import StudyScreen

    steps, context = Steps(), window.context
    context.ask_file = _Answered(clips, folder)
    guide.rest(0.3)
    guide.take("welcome")
    steps.press(window, "New project…")
    steps.dialog("Save")
    guide.until(lambda: context.project is not None, "the project")
    guide.rest(0.3)
    steps.press(window, "Add clips…")
    steps.dialog("first file", "last file", "Open")
    guide.until(lambda: context.commands.holds("project") and not context.work.tasks, "the clips")
    guide.rest(1.0)
    guide.take("clips")
    steps.press(window, "Study")
    screen = window.show_screen("study")
    if not isinstance(screen, StudyScreen):
        raise TypeError("the study screen is not what it was")
    guide.until(lambda: screen.no_study.isVisible(), "the empty page")
    guide.take("study")
    steps.press(screen.no_study, "New study…")
    _new_study(context, screen, guide, steps)
    guide.until(lambda: bool(screen.name) and screen.stack.currentWidget() is screen.main, "the study")
    guide.rest(0.5)
    guide.take("dealt")
    steps.press(window.passing, window.passing.offer.text())
    guide.rest(0.5)
    guide.take("annotate")
    _report(window, screen, guide, steps)
    return steps.words


def _new_study(context: "AppContext", screen: "StudyScreen", guide: "Guide", steps: Steps) -> None:
    """Go through the assistant."""
    assistant = screen.assistant

    def looked() -> None:
        guide.until(lambda: assistant.outlook is not None and assistant.outlook.draft == assistant.draft, "the numbers")
        guide.rest(0.3)

    def quiet() -> bool:
        return not context.work.tasks and context.jobs.busy == 0

    looked()
    guide.until(quiet, "the pictures of the clips")
    guide.take("clips_before")
    steps.press(assistant.hurdles, "Analyse faces now")
    guide.until(lambda: not assistant.hurdles.busy and assistant.outlook is not None, "the analysis")
    looked()
    steps.press(assistant.hurdles, "Set one subject a clip")
    guide.until(lambda: not assistant.hurdles.words, "the subjects")
    looked()
    guide.until(quiet, "the pictures of the faces")
    guide.rest(0.3)
    guide.take("clips_and_faces")
    steps.press(assistant, "Next")
    guide.rest(0.3)
    guide.take("asked")
    steps.press(assistant, "Next")
    guide.rest(0.3)
    steps.press(assistant, "Add R01 to R03")
    looked()
    guide.take("raters")
    steps.press(assistant, "Next")
    guide.rest(0.3)
    guide.take("deal")
    steps.press(assistant, "Next")
    guide.rest(0.3)
    guide.take("summary")
    steps.press(assistant, "Deal the clips")


def _report(window: "MainWindow", study: "StudyScreen", guide: "Guide", steps: Steps) -> None:
    """Let simulated raters answer, and save the report."""
    from app.ui.screens.agreement.view import AgreementScreen

    context = window.context
    study.fill_simulated(SIMULATED)
    guide.rest(0.5)
    guide.until(lambda: not context.work.tasks and context.jobs.busy == 0, "the simulated answers")
    steps.press(window, "Agreement")
    screen = window.show_screen("agreement")
    if not isinstance(screen, AgreementScreen):
        raise TypeError("the agreement screen is not what it was")
    guide.until(lambda: screen.state.shown is not None and screen.state.shown.final, "the intervals")
    guide.rest(0.5)
    guide.take("agreement")
    command = next(one for one in context.commands.all() if one.id == "agreement.save_report")
    steps.dialog(screen.export.text(), command.title, "Save")
    context.commands.run(command.id)
    guide.rest(0.3)
    guide.until(lambda: not context.work.tasks and context.jobs.busy == 0, "the report")
    guide.rest(0.3)
    guide.take("report")
    _word_table(window, screen, guide, steps)


def _word_table(window: "MainWindow", screen: "AgreementScreen", guide: "Guide", steps: Steps) -> None:
    """Save a table as Word wants it, from the menu at the table."""
    from app.ui.parts.exporting.dialog import ExportDialog

    screen.page(TABLE)
    steps.dialog(screen.page_now.title)
    guide.rest(0.5)
    menu = window.exporting.menu_at(screen.reliability.table.viewport())
    action = next((one for one in menu.actions() if one.text() == EXPORT), None) if menu is not None else None
    if action is None:
        raise UserError("The tour found no menu at the table.", "Report this.")
    steps.dialog("table", EXPORT)
    action.trigger()
    guide.until(lambda: bool(window.findChildren(ExportDialog)), "the dialog of the export")
    (dialog,) = window.findChildren(ExportDialog)
    steps.dialog(dialog.form.currentText())
    dialog.form.setCurrentIndex(dialog.form.findData(".docx"))
    steps.dialog(dialog.form.currentText())
    guide.rest(0.3)
    guide.save(dialog, "word")
    steps.press(dialog, EXPORT)
    steps.dialog("Save")
    context = window.context
    guide.rest(0.3)
    guide.until(lambda: not context.work.tasks and context.jobs.busy == 0, "the Word table")
    guide.rest(0.3)
    guide.take("table")
