"""The facts about training in a project: labels to learn from, trainings so far, and the model in use."""

from dataclasses import dataclass

import db.gold
import db.items
import db.models
import db.sights
from app.domain.project import TrainingRecord
from app.errors import UserError
from app.inference.cards import DEFAULT_MODEL
from app.jobs import Context
from app.services.models.in_use import ROLE, wished_model
from app.services.predict.reanalyse import clips_behind
from app.services.retrain.compare import compare
from app.services.retrain.comparison import Comparison
from app.services.retrain.labels import conditions, usable_traces
from app.services.retrain.runs import Trained, model_folder
from db.project import Project


@dataclass(frozen=True)
class LabelsAtHand:
    """The labels that a project offers to learn from.

    Attributes:
        raters: Codes of raters with traces.
        conditions: The one with the most items first.
        clips: Clips with a trace or a gold standard.
        subjects: Persons seen in them.
        stored: Whether gold standards of traces are stored.
    """

    raters: tuple[str, ...]
    conditions: tuple[str, ...]
    clips: int
    subjects: int
    stored: bool


@dataclass(frozen=True)
class Trainings:
    """Everything about training in a project.

    Attributes:
        labels: What can be learned from.
        records: Trainings, newest first.
        in_use_name: The model that predicts.
        in_use_sha256: Its hash where it was promoted; empty for the shipped one.
        can_roll_back: Whether a model was promoted.
        behind: A sentence where stored curves are of another model; empty else.
    """

    labels: LabelsAtHand
    records: list[TrainingRecord]
    in_use_name: str
    in_use_sha256: str
    can_roll_back: bool
    behind: str = ""


def labels_at_hand(project: Project) -> LabelsAtHand:
    """Find the labels to learn from."""
    traces = usable_traces(project)
    golds = db.gold.every(project, kind="trace")
    labelled = {trace.item_id for trace in traces} | {gold.item_id for gold in golds}
    items = [item for item in db.items.every(project) if item.id in labelled]
    return LabelsAtHand(
        raters=tuple(sorted({trace.rater for trace in traces})),
        conditions=tuple(conditions(project)),
        clips=len({item.clip_id for item in items}),
        subjects=len({item.subject or f"clip {item.clip}" for item in items}),
        stored=bool(golds),
    )


def trainings(project: Project, setting: str = "") -> Trainings:
    """Read labels, trainings and the model in use.

    Args:
        project: The open project that holds them.
        setting: The user's own choice of a model, see `app.services.models.in_use.wished_model`.
    """
    promoted = db.models.in_use(project, ROLE)
    return Trainings(
        labels=labels_at_hand(project),
        records=db.models.trainings(project),
        in_use_name=promoted.name if promoted is not None else wished_model(setting, project) or DEFAULT_MODEL,
        in_use_sha256=promoted.sha256 if promoted is not None else "",
        can_roll_back=promoted is not None,
        behind=clips_behind(project, setting).sentence,
    )


def compare_again(ctx: Context, project: Project, record: TrainingRecord) -> Trained:
    """Compute the series of a finished training and of the model that it was compared with anew, on the same device.

    Args:
        ctx: Told of the progress and asked whether to stop.
        project: Where the training was.
        record: A training with a stored comparison.

    Raises:
        UserError: One of the models is gone, or the training has made no model or no comparison.
        Cancelled: On request.
    """
    stored = record.metrics.get("comparison")
    if record.model is None or not stored:
        raise UserError("This training has nothing to compare.", "Train again with the same settings.")
    folder = model_folder(project, record)
    found = compare(project, stored["models"]["old"], str(folder), ctx, device=stored.get("device", "auto"))
    note_compared(project, found)
    return Trained(record, record.model.name, folder, found, ())


def note_compared(project: Project, comparison: Comparison) -> None:
    """Note that what two models and raters say of the compared clips is about to be shown (`db.sights`)."""
    clips = [one.clip_id for one in comparison.clips]
    db.sights.note(project, clips, "predictions")
    db.sights.note(project, clips, "labels")
