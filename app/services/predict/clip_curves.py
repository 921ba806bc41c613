"""Everything in a project that can be drawn over the time of one clip: predictions, traces and gold standards."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import db.foreign_measures
import db.sights
import db.trace_streams
from app.domain.analysis import ClipAnalysis
from app.domain.foreign_measures import ForeignColumn, columns_of
from app.domain.measured_faces import MeasuredFaces
from app.domain.played import PlayedClip
from app.domain.project import ClipRecord
from app.domain.trace_streams import named
from app.errors import UserError
from app.services.labels.faces import FaceLabels, labels_of_clip
from app.services.models.in_use import card_in_use, is_of, wished_model
from app.services.predict.clip_categories import ClipCategories, clip_categories
from app.services.predict.played import played_by
from app.services.predict.stored import newest_analysis
from db.project import Project


@dataclass(frozen=True, eq=False)
class ClipCurves:
    """The curves of a clip in a project.

    Attributes:
        clip_id: Number of the clip.
        analysis: The newest predictions, those of the model in use first; None without any.
        labels: Items, traces and gold standards of traces, each with its face among the predictions.
        in_use: Name of the model that predicts now; empty where none can.
        current: Whether the predictions are those of the model in use.
        categories: Verdicts of the model of categories, and people's votes; None without such a model.
        measures: The measures of the faces of the predictions; None before they were measured.
        foreign: What other programs measured, and sent beside raters' traces, by title.
        played: What the model in use predicted live, in parts perhaps; None where it never did, or where a whole
            analysis with it is stored.
    """

    clip_id: int
    analysis: ClipAnalysis | None
    labels: FaceLabels
    in_use: str = ""
    current: bool = True
    categories: ClipCategories | None = None
    measures: MeasuredFaces | None = None
    foreign: Mapping[str, ForeignColumn] = field(default_factory=dict)
    played: PlayedClip | None = None


@dataclass(frozen=True)
class MeasureView:
    """How the measures of a clip are read.

    Attributes:
        baseline: "median" or "none", the reference of the movements.
        mesh: Whether to read the points of the meshes, too.
    """

    baseline: str = "median"
    mesh: bool = False


def clip_curves(
    project: Project, clip: ClipRecord, setting: str = "", live: bool = False, view: MeasureView = MeasureView()
) -> ClipCurves:
    """Read the predictions, traces and gold standards of a clip, and note that they are shown (`db.sights`).

    Args:
        project: The open project that holds them.
        clip: The clip.
        setting: The user's own choice of a model, see `app.services.models.in_use.wished_model`.
        live: Whether the clip is predicted live as well.
        view: How the measures of the faces are read.
    """
    wished = wished_model(setting, project)
    analysis = newest_analysis(project, clip, wished)
    played = None
    try:
        card = card_in_use(wished, project)
        in_use, current = card.name, analysis is None or is_of(analysis.key, card)
        if analysis is None or not current:
            played = played_by(project, clip, card)
    except UserError:  # said where somebody wants to predict
        in_use, current = "", True
    labels = labels_of_clip(project, clip.id, analysis)
    beside = named(db.trace_streams.of_clip(project, clip.id))
    foreign = columns_of([*db.foreign_measures.of_clip(project, clip.id), *beside])
    if analysis is not None or played is not None or live or foreign:
        note_predictions(project, clip.id)
    if labels.traces or labels.golds:
        db.sights.note(project, [clip.id], "labels")
    from app.services.predict.clip_measures import stored_measures  # loads onnxruntime, which the window can do without

    measures = stored_measures(project, clip, analysis, view.baseline, mesh=view.mesh)
    categories = clip_categories(project, clip)
    return ClipCurves(clip.id, analysis, labels, in_use, current, categories, measures, foreign, played)


def note_predictions(project: Project, clip_id: int) -> None:
    """Note that stored or live predictions of a clip are about to be shown."""
    db.sights.note(project, [clip_id], "predictions")
