"""The clips of a project with facts about each, for lists."""

from collections import Counter
from dataclasses import dataclass

import db.clips
import db.items
import db.runs
from app.domain.project import ClipRecord
from app.services.labels.tables import current_traces
from db.project import Project


@dataclass(frozen=True)
class ClipRow:
    """One clip.

    Attributes:
        clip: The clip.
        analysed: Whether predictions are stored.
        traces: How many traces count.
    """

    clip: ClipRecord
    analysed: bool
    traces: int


def clip_rows(project: Project) -> list[ClipRow]:
    """Return the clips of a project in the order of their numbers, without those that were removed."""
    with project.read() as session:
        runs = db.runs.newest(session)
        clip_of = db.items.clips_of(session)
        traces = Counter(clip_of[trace.item_id] for trace in current_traces(session) if trace.item_id in clip_of)
    return [ClipRow(clip, clip.id in runs, traces[clip.id]) for clip in db.clips.every(project)]
