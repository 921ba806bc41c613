"""The end of every run that makes a model of categories: registered, compared, and written into its record."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import db.models
from app.domain.project import TrainingRecord, TrainingStatus
from app.domain.training_events import COMPARED
from app.errors import UserError
from app.inference.cards import ModelCard
from app.jobs import Context
from app.services.retrain.category_compare import CategoryComparison, compare_categories
from app.services.retrain.process import Tell
from app.services.retrain.promote import register
from db.project import Project


@dataclass(frozen=True, eq=False)
class Recorded:
    """What is known once a model is in the project.

    Attributes:
        record: The record of the run.
        comparison: Against the model in use, or frame averaging; None where it could not be made.
        notes: What the user should know.
    """

    record: TrainingRecord
    comparison: CategoryComparison | None
    notes: tuple[str, ...]


def recorded(
    project: Project,
    record: TrainingRecord,
    status: TrainingStatus,
    card: ModelCard,
    metrics: dict[str, Any],
    notes: Sequence[str],
    device: str,
    tell: Tell,
    ctx: Context,
) -> Recorded:
    """Register a model, keep its scores, and compare it with the one in use.

    A comparison that cannot be made becomes a note, because the model exists all the same.

    Args:
        project: The project, open for writing.
        record: The record of the run.
        status: How the run ended.
        card: The card of the model, in the folder where it stays.
        metrics: The scores; the comparison is added.
        notes: What the user should know so far.
        device: The device for the comparison.
        tell: Receives the event `compared`.
        ctx: Can cancel.

    Raises:
        Cancelled: The user cancelled.
    """
    told = list(notes)
    model_id = register(project, card, trained=True)
    db.models.update_training(project, record.id, status, metrics=metrics, model_id=model_id, note=" ".join(told))
    comparison: CategoryComparison | None = None
    try:
        comparison = compare_categories(project, None, str(card.folder), ctx, device=device)
        metrics["comparison"] = comparison.as_dict()
    except UserError as error:
        told.append(f"It could not be compared: {error}")
    done = db.models.update_training(project, record.id, status, metrics=metrics, note=" ".join(told))
    tell({"event": COMPARED, "training": record.id, "comparison": metrics.get("comparison")})
    return Recorded(done, comparison, tuple(told))
