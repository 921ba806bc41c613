"""What the train screen does off the window's thread: reading the project, and two longer works."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.domain.project import TrainingRecord
from app.jobs import Context
from app.ui.screens.train.form import LabelsAtHand

if TYPE_CHECKING:
    from app.services.retrain.learning_curve import CurvePoint
    from db.project import Project


@dataclass(frozen=True)
class Known:
    """What the project holds for this screen.

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


def read(project: "Project", setting: str = "") -> Known:
    """Labels, trainings and the model in use; runs off the window's thread.

    Args:
        project: The open project.
        setting: The user's own choice of a model.
    """
    import db.gold
    import db.items
    import db.models
    from app.inference.cards import DEFAULT_MODEL
    from app.services.models.in_use import ROLE, wished_model
    from app.services.predict.reanalyse import clips_behind
    from app.services.retrain.labels import conditions, usable_traces

    traces = usable_traces(project)
    golds = db.gold.every(project, kind="trace")
    labelled = {trace.item_id for trace in traces} | {gold.item_id for gold in golds}
    items = [item for item in db.items.every(project) if item.id in labelled]
    at_hand = LabelsAtHand(
        raters=tuple(sorted({trace.rater for trace in traces})),
        conditions=tuple(conditions(project)),
        clips=len({item.clip_id for item in items}),
        subjects=len({item.subject or f"clip {item.clip}" for item in items}),
        stored=bool(golds),
    )
    promoted = db.models.in_use(project, ROLE)
    name = promoted.name if promoted is not None else wished_model(setting, project) or DEFAULT_MODEL
    sha256 = promoted.sha256 if promoted is not None else ""
    behind = clips_behind(project, setting).sentence
    return Known(at_hand, db.models.trainings(project), name, sha256, promoted is not None, behind)


def renew(ctx: Context, project: "Project", setting: str, device: str) -> list[str]:
    """Analyse again the clips whose stored curves are of another model; sentences on what the user should know."""
    from app.services.models.in_use import wished_model
    from app.services.predict.reanalyse import analyse_into, clips_behind

    paths = [clip.path for clip in clips_behind(project, setting).clips]
    return analyse_into(ctx, project, paths, wished_model(setting, project), device)


def fewer_people(ctx: Context, project: "Project", record: TrainingRecord, device: str) -> "list[CurvePoint]":
    """The learning curve over people of a finished training; it is kept with the run."""
    from app.services.retrain.learning_curve import learning_curve

    return learning_curve(project, record, ctx, device=device)
