"""A presentation to be shown to a rater, with all that the screens need, read through the rater's own view."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

import numpy as np

import db.assignments
import db.clips
import db.items
import db.tracks
from app.domain.answers import PresentationLog
from app.domain.face_view import FaceViewGeometry
from app.domain.project import ClipRecord, ItemRecord, TrackGeometry
from app.domain.slots import Slot, attention_check
from app.domain.study import FULL_CONTEXT, Condition, Purpose, Study, TaskKind, text_in
from app.domain.study_records import StoredSlot, StudyRecord
from app.domain.traces import TraceSamples
from app.faces.boxes import corners, overlap_in_pairs
from app.services.study.showable import Obstacle, covers_showing, obstacle
from db.assignments import Surroundings
from db.project import Project, Source
from db.scope import RaterView

SAME_FACE: Final = 0.7
"""Tracks whose boxes share more than this of the smaller one are of one face; detectors give no two such boxes."""


@dataclass(frozen=True, eq=False)
class Task:
    """One presentation to be shown.

    Attributes:
        slot: Its place in the assignment.
        study: The version of the study under which it is answered.
        condition: The condition in which it is shown; None for an attention check that is only text.
        item: The item; None for such a check.
        clip: The item's clip; None for such a check.
        track: The track of the target's face; None if no track was chosen.
        geometry: The geometry of the face-only crop.
        neighbours: The tracks of other faces of the clip, which the face alone must not show.
        instruction: The text above the task, in the session's language.
        opening: A text to show once before it, for a screen or condition that begins here; empty for none.
        prompt: The question of an attention check.
        obstacle: The reason why it cannot be shown as intended (face lost, file missing); None if it can.
        number: Its number among the rater's presentations, from 1.
        total: Number of all presentations of the rater.
        break_due: Whether a pause is to be offered before it.
    """

    slot: StoredSlot
    study: Study
    condition: Condition | None
    item: ItemRecord | None
    clip: ClipRecord | None
    track: TrackGeometry | None = None
    geometry: FaceViewGeometry = field(default_factory=FaceViewGeometry)
    neighbours: tuple[TrackGeometry, ...] = ()
    instruction: str = ""
    opening: str = ""
    prompt: str = ""
    obstacle: Obstacle | None = None
    number: int = 1
    total: int = 1
    break_due: bool = False

    @property
    def path(self) -> Path | None:
        """The clip's file; None without a clip."""
        return self.clip.path if self.clip is not None else None

    @property
    def start_s(self) -> float | None:
        """Beginning in seconds on the clip's PTS axis; None for the clip's first frame."""
        return self.item.start_s if self.item is not None else None

    @property
    def end_s(self) -> float | None:
        """End in seconds on the clip's PTS axis; None for the clip's end."""
        return self.item.end_s if self.item is not None else None

    @property
    def kind(self) -> TaskKind:
        """The kind of task."""
        return self.slot.slot.kind

    @property
    def purpose(self) -> Purpose:
        """Whether it is practice, an attention check or a main task."""
        return self.slot.slot.purpose

    @property
    def problem(self) -> str:
        """The reason why it cannot be shown as required, in one sentence; empty if it can."""
        return self.obstacle.words if self.obstacle is not None else ""

    @property
    def is_trace(self) -> bool:
        """Whether the trace screen is needed instead of the rating screen."""
        return self.kind != "rating"

    @property
    def needs_target_mark(self) -> bool:
        """Whether the target must be marked before play: the whole picture is shown, and one person in it is meant."""
        marked = self.track is not None or bool(self.item is not None and self.item.target)
        return marked and self.condition is not None and self.condition.view == FULL_CONTEXT


def make_task(
    project: Project, view: RaterView, record: StudyRecord, stored: StoredSlot, language: str, break_due: bool
) -> Task:
    """Make the task for one place of a rater's assignment.

    Args:
        project: The open project that holds the clips.
        view: The rater's view of the project.
        record: The study in the version that counts.
        stored: The place in the assignment.
        language: Language of all texts.
        break_due: Whether a pause is to be offered before it.
    """
    slot, study = stored.slot, record.study
    condition = study.condition(slot.condition) if slot.condition else None
    with view.read() as session:
        item = db.items.get(session, stored.item_id) if stored.item_id is not None else None
        track, others = faces_of(session, item.clip_id, item.track_id) if item is not None else (None, ())
        around = db.assignments.surroundings(session, record.id, view.rater_id, slot.position)
    task = assembled(project, study, stored, condition, item, track, language, neighbours=others)
    return replace(
        task,
        instruction=study.instruction(_screen(slot.kind, slot.purpose), language),
        opening=_opening(study, slot, around, language),
        number=around.number,
        total=around.total,
        break_due=break_due,
    )


def faces_of(
    source: Source, clip_id: int, track_id: int | None
) -> tuple[TrackGeometry | None, tuple[TrackGeometry, ...]]:
    """Find the track of a target's face, and those of the other faces of its clip.

    Args:
        source: The project, or a session of it, that holds the face tracks.
        clip_id: Number of the clip.
        track_id: Number of the target's track; None if no track was chosen, and then there are no neighbours.

    Returns:
        The target's track and those of other people.
    """
    if track_id is None:
        return None, ()
    numbers = db.tracks.numbers_of_clip(source, clip_id)
    tracks = {found.track.id: found for found in db.tracks.geometry(source, numbers)}
    mine = tracks.pop(track_id)
    return mine, tuple(one for one in tracks.values() if _is_other(mine, one))


def _is_other(mine: TrackGeometry, other: TrackGeometry) -> bool:
    """Return whether a track is of somebody else, and not of the same face in another analysis of the clip."""
    _, here, there = np.intersect1d(mine.frame_idx, other.frame_idx, return_indices=True)
    if not here.size:
        return False
    shared = overlap_in_pairs(corners(mine.boxes[here]), corners(other.boxes[there]), over="min")
    return float(np.median(shared)) < SAME_FACE


def geometry_of(study: Study) -> FaceViewGeometry:
    """Return how a study shows a face alone."""
    return FaceViewGeometry(shape="mesh" if study.face_shape == "mesh" else "face")


def assembled(
    project: Project,
    study: Study,
    stored: StoredSlot,
    condition: Condition | None,
    item: ItemRecord | None,
    track: TrackGeometry | None,
    language: str,
    geometry: FaceViewGeometry | None = None,
    neighbours: tuple[TrackGeometry, ...] = (),
) -> Task:
    """Assemble a task from its parts, with any reason why it cannot be shown as required.

    Args:
        project: The open project that holds the clips.
        study: The version of the study under which it is answered.
        stored: The place in the assignment.
        condition: The condition in which it is shown; None for an attention check that is only text.
        item: The item; None for such a check.
        track: The track of the target's face; None if no track was chosen.
        language: Language of all texts.
        geometry: The geometry of the face-only crop; None for that of the study.
        neighbours: The tracks of other faces of the clip, as `faces_of` finds them.
    """
    geometry = geometry or geometry_of(study)
    clip = db.clips.get(project, item.clip_id) if item is not None else None
    check = attention_check(study, stored.slot)
    return Task(
        slot=stored,
        study=study,
        condition=condition,
        item=item,
        clip=clip,
        track=track,
        geometry=geometry,
        neighbours=neighbours,
        prompt=text_in(check.prompt, language) if check is not None else "",
        obstacle=obstacle(study, condition, item, clip, track, geometry, covers_showing(project, clip)),
    )


def _opening(study: Study, slot: Slot, around: Surroundings, language: str) -> str:
    """Join the texts that are due at this place: those of the study, of practice and of a condition."""
    screens = [] if around.before is not None else ["welcome"]
    if slot.purpose == "practice" and (around.before is None or around.before.purpose != "practice"):
        screens.append("practice")
    if slot.condition and slot.condition != around.last_condition:
        screens.append(f"condition.{slot.condition}")
    texts = (study.instruction(screen, language) for screen in screens)
    return "\n\n".join(text for text in texts if text)


def _screen(kind: TaskKind, purpose: Purpose) -> str:
    if purpose == "attention":
        return "attention"
    return "rating" if kind == "rating" else "trace"


def span_to_trace(task: Task, samples: TraceSamples, log: PresentationLog | None) -> tuple[float, float]:
    """Return from when to when a trace was to be given, in seconds of the clip.

    Args:
        task: The task, whose item may state a range of its clip.
        samples: The samples that were given.
        log: The record of what was shown, which tells where a whole clip began.
    """
    start_s, end_s = task.start_s, task.end_s
    if start_s is None:
        shown_s = log.first_frame_s if log is not None else None
        start_s = shown_s if shown_s is not None else float(samples.times_s[0]) if len(samples) else 0.0
    if end_s is None:
        end_s = start_s + (task.clip.duration_s if task.clip is not None else 0.0)
    return start_s, max(end_s, start_s + 1e-3)
