"""The raw answers of a study as tidy files, from the screen on which they are looked through."""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from app.domain.words import many
from app.jobs import Context
from app.services.labels.export import Exported, export_labels
from app.services.study.views import note_judged
from app.ui.core.context import AppContext
from app.ui.core.exports import Offer
from app.ui.look.language import tr
from app.ui.parts.people.covered import ask_without

if TYPE_CHECKING:
    from app.services.projects.files import Project

OFFER = Offer(
    tr("All answers, raw"), command="answers.export",
    help=tr("Ratings, categories, traces and presentations as tidy CSV with a data dictionary, into a folder."),
)  # fmt: skip


def ask_answers(context: AppContext, parent: QWidget, study: str) -> None:
    """Ask for a folder and write all answers of a study into it.

    Args:
        context: The context with the project.
        parent: The window over which the dialog opens.
        study: Name of the study; empty for all.
    """
    if not context.exports.allowed:
        return
    folder = context.ask_file.folder(parent, tr("Export all answers into a folder"))
    if folder is not None:
        export_answers(context, parent, folder, study)


def export_answers(context: AppContext, parent: QWidget, folder: Path, study: str, without: bool = False) -> None:
    """Write all answers of a study; they count as seen by whoever is signed in.

    Args:
        context: The context with the project.
        parent: The window over which a question on consent opens.
        folder: The folder.
        study: Name of the study; empty for all.
        without: Whether to go on without people whose consent does not cover it; otherwise this is asked.
    """
    project = context.project
    if project is None:
        return

    def save(ctx: Context, of: "Project") -> Exported:
        note_judged(of, "labels", study)
        return export_labels(of, folder, study or None, ctx, without_refused=without)

    def done(made: Exported) -> None:
        if made.refused:
            told = " ".join(str(error) for error in made.refused[:3])
            context.notify(tr("Not everything was exported: {problems}", problems=told), tone="warning", file=folder)
        else:
            told = " ".join(made.notes)
            context.notify(
                tr(
                    "Exported {tables} into {name}.",
                    tables=many(len(made.files), tr("table"), tr("tables")),
                    name=folder.name,
                ),
                told,
                tone="ok",
                file=folder,
            )

    context.work.start(
        tr("Exporting answers"), "db", save, project, on_done=done,
        on_error=lambda error: ask_without(
            context, parent, error, lambda: export_answers(context, parent, folder, study, without=True)
        ),
    )  # fmt: skip
