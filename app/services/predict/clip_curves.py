"""Everything that a project holds of one clip to be drawn over time: predictions, traces, gold standards."""

from dataclasses import dataclass

import db.gold
import db.items
import db.traces
from app.domain.analysis import ClipAnalysis
from app.domain.project import ClipRecord, GoldRecord, TraceRecord
from app.domain.traces import TraceSamples
from app.errors import UserError
from app.services.labels.tables import current_traces
from app.services.models.in_use import card_in_use, is_of, wished_model
from app.services.predict.stored import newest_analysis
from db.project import Project


@dataclass(frozen=True, eq=False)
class ClipCurves:
    """What a project knows of a clip.

    Attributes:
        clip_id: The clip.
        analysis: The newest predictions, those of the model in use first; None without any.
        traces: All traces that were kept, with their samples.
        golds: Gold standards of traces.
        in_use: Name of the model that predicts now; empty where none can.
        current: Whether the predictions are those of the model in use.
        counting: Numbers of the traces that count.
    """

    clip_id: int
    analysis: ClipAnalysis | None
    traces: tuple[tuple[TraceRecord, TraceSamples], ...]
    golds: tuple[GoldRecord, ...] = ()
    in_use: str = ""
    current: bool = True
    counting: frozenset[int] = frozenset()


def clip_curves(project: Project, clip: ClipRecord, setting: str = "") -> ClipCurves:
    """Read the predictions, traces and gold standards of a clip.

    Args:
        project: Where they are.
        clip: Whose.
        setting: The user's own choice of a model, see `app.services.models.in_use.wished_model`.
    """
    items = db.items.every(project, clip_id=clip.id)
    traces = [pair for item in items for pair in db.traces.for_item(project, item.id)]
    counting = frozenset(trace.id for trace in current_traces(project))
    golds = [gold for item in items for gold in db.gold.for_item(project, item.id) if gold.kind == "trace"]
    wished = wished_model(setting, project)
    analysis = newest_analysis(project, clip, wished)
    try:
        card = card_in_use(wished, project)
        in_use, current = card.name, analysis is None or is_of(analysis.key, card)
    except UserError:  # said where somebody wants to predict
        in_use, current = "", True
    return ClipCurves(clip.id, analysis, tuple(traces), tuple(golds), in_use, current, counting)
