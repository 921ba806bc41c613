"""Everything that a project holds of one clip to be drawn over time: predictions, traces, gold standards."""

from dataclasses import dataclass

from app.domain.analysis import ClipAnalysis
from app.domain.project import ClipRecord
from app.errors import UserError
from app.services.labels.faces import FaceLabels, labels_of_clip
from app.services.models.in_use import card_in_use, is_of, wished_model
from app.services.predict.stored import newest_analysis
from db.project import Project


@dataclass(frozen=True, eq=False)
class ClipCurves:
    """What a project knows of a clip.

    Attributes:
        clip_id: The clip.
        analysis: The newest predictions, those of the model in use first; None without any.
        labels: Items, traces and gold standards of traces, each with its face among the predictions.
    in_use: Name of the model that predicts now; empty where none can.
        current: Whether the predictions are those of the model in use.
    """

    clip_id: int
    analysis: ClipAnalysis | None
    labels: FaceLabels
    in_use: str = ""
    current: bool = True


def clip_curves(project: Project, clip: ClipRecord, setting: str = "") -> ClipCurves:
    """Read the predictions, traces and gold standards of a clip.

    Args:
        project: Where they are.
        clip: Whose.
        setting: The user's own choice of a model, see `app.services.models.in_use.wished_model`.
    """
    wished = wished_model(setting, project)
    analysis = newest_analysis(project, clip, wished)
    try:
        card = card_in_use(wished, project)
        in_use, current = card.name, analysis is None or is_of(analysis.key, card)
    except UserError:  # said where somebody wants to predict
        in_use, current = "", True
    return ClipCurves(clip.id, analysis, labels_of_clip(project, clip.id, analysis), in_use, current)
