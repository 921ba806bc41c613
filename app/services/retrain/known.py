"""The facts about training in a project: labels to learn from, trainings so far, and the model in use."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

import db.gold
import db.items
import db.models
import db.sights
from app.domain.project import TrainingRecord
from app.domain.streams import TITLES
from app.errors import UserError
from app.inference.cards import DEFAULT_MODEL
from app.jobs import Context
from app.services.labels.tables import load_project_ratings
from app.services.models.in_use import CATEGORY_ROLE, ROLE, wished_model
from app.services.predict.reanalyse import clips_behind
from app.services.retrain.category_compare import CategoryComparison
from app.services.retrain.compare import compare
from app.services.retrain.comparison import Comparison
from app.services.retrain.labels import conditions, usable_traces
from app.services.retrain.runs import Trained, model_folder
from app.streams.catalogue import DEFAULT, NETWORKS, licences
from db.project import Project

STREAM_TITLES: Final[Mapping[str, str]] = TITLES
"""The streams that a model of categories can read, in words."""
STREAM_LICENCES: Final = licences
"""Returns what restricts the use of some streams."""
FIRST_STREAMS: Final = DEFAULT
"""What is read where nothing is chosen."""
NETWORK_STREAMS: Final = NETWORKS
"""Those that tell class probabilities of a frame model."""


@dataclass(frozen=True)
class LabelsAtHand:
    """The labels that a project offers to learn from.

    Attributes:
        raters: Codes of raters with traces.
        conditions: Names of the conditions, the one with the most items first.
        clips: Number of clips with a trace or a gold standard.
        subjects: Number of subjects in them.
        stored: Whether gold standards of traces are stored.
    """

    raters: tuple[str, ...]
    conditions: tuple[str, ...]
    clips: int
    subjects: int
    stored: bool


@dataclass(frozen=True)
class CategoriesAtHand:
    """The categories that a project offers to learn from.

    Attributes:
        raters: Codes of raters who chose categories.
        conditions: Viewing conditions with such answers, the one with the most items first.
        items: Number of items with a chosen category in any condition.
        subjects: Number of subjects in them.
        intensities: Whether emotions were scored, so that the strongest one can be learned.
        stored: Whether gold standards of categories are stored, such as those of a data set.
    """

    raters: tuple[str, ...] = ()
    conditions: tuple[str, ...] = ()
    items: int = 0
    subjects: int = 0
    intensities: bool = False
    stored: bool = False


@dataclass(frozen=True)
class Trainings:
    """Everything about training in a project.

    Attributes:
        labels: The labels that can be learned from.
        records: Trainings, newest first.
        in_use_name: Name of the model that predicts.
        in_use_sha256: Its hash if it was promoted; empty for the shipped model.
        can_roll_back: Whether a model was promoted.
        behind: A sentence if stored curves come from another model; empty otherwise.
        categories: The categories that can be learned from.
        category_name: The model of categories in use; empty without one.
        category_sha256: Hash of that model.
    """

    labels: LabelsAtHand
    records: list[TrainingRecord]
    in_use_name: str
    in_use_sha256: str
    can_roll_back: bool
    behind: str = ""
    categories: CategoriesAtHand = CategoriesAtHand()
    category_name: str = ""
    category_sha256: str = ""


def categories_at_hand(project: Project) -> CategoriesAtHand:
    """Find the categories to learn from."""
    ratings = load_project_ratings(project, None, with_traces=False)
    people = {item.name: item.subject or f"clip {item.clip}" for item in db.items.every(project)}
    golds = db.gold.every(project, kind="category", chosen_only=True)
    stored = {gold.item_id for gold in golds}
    table = ratings.categories
    if table is None:
        named = [item for item in db.items.every(project) if item.id in stored]
        seen = {item.subject or f"clip {item.clip}" for item in named}
        return CategoriesAtHand((), (), len(named), len(seen), ratings.intensities is not None, bool(stored))
    keep = (table.pass_no == 1) & (table.category.codes >= 0) & (table.condition.codes >= 0)
    by = {
        name: len(np.unique(table.item[keep & (table.condition.codes == code)]))
        for code, name in enumerate(table.condition.names)
    }
    judged = [table.items.names[number] for number in np.unique(table.item[keep])]
    judged = [name for name in judged if name in people]
    return CategoriesAtHand(
        tuple(table.rater.names[code] for code in np.unique(table.rater.codes[keep])),
        tuple(sorted((name for name in by if by[name]), key=lambda name: -by[name])),
        len(judged),
        len({people[name] for name in judged}),
        ratings.intensities is not None,
        bool(stored),
    )


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
    promoted, category = db.models.in_use(project, ROLE), db.models.in_use(project, CATEGORY_ROLE)
    return Trainings(
        labels=labels_at_hand(project),
        records=db.models.trainings(project),
        in_use_name=promoted.name if promoted is not None else wished_model(setting, project) or DEFAULT_MODEL,
        in_use_sha256=promoted.sha256 if promoted is not None else "",
        can_roll_back=promoted is not None,
        behind=clips_behind(project, setting).sentence,
        categories=categories_at_hand(project),
        category_name=category.name if category is not None else "",
        category_sha256=category.sha256 if category is not None else "",
    )


def compare_again(ctx: Context, project: Project, record: TrainingRecord) -> Trained:
    """Repeat the comparison of a finished training with the model that it was compared with, on the same device.

    Args:
        ctx: Receives the progress, and can cancel.
        project: The project of the training.
        record: A training with a stored comparison.

    Raises:
        UserError: One of the models is missing, or the training has no model or no comparison.
        Cancelled: The user cancelled.
    """
    stored = record.metrics.get("comparison")
    if record.model is None or not stored:
        raise UserError("This training has nothing to compare.", "Train again with the same settings.")
    folder = model_folder(project, record)
    found = compare(project, stored["models"]["old"], str(folder), ctx, device=stored.get("device", "auto"))
    note_compared(project, found)
    return Trained(record, record.model.name, folder, found, ())


def note_compared(project: Project, comparison: Comparison | CategoryComparison) -> None:
    """Note that predictions and labels of the compared clips are about to be shown (`db.sights`)."""
    if isinstance(comparison, CategoryComparison):
        clips = list(comparison.clips)
    else:
        clips = [one.clip_id for one in comparison.clips]
    db.sights.note(project, clips, "predictions")
    db.sights.note(project, clips, "labels")
