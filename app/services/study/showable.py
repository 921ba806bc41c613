"""Finds items that cannot be shown as a condition requires, the reasons, and what can be done about it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

import db.clips
import db.face_people
import db.runs
import db.tracks
from app.domain.face_view import FaceViewGeometry, face_view
from app.domain.media import ClipLength
from app.domain.project import ClipRecord, ItemRecord, TrackGeometry
from app.domain.study import FACE_ONLY, FULL_CONTEXT, Condition, Study
from app.domain.words import named, study_called
from app.errors import UserError
from app.services.consent.covered import allowed
from db.project import Project, Source, reading

Kind = Literal["file", "consent", "no_face", "face_lost"]


@dataclass(frozen=True)
class Obstacle:
    """The reason why an item cannot be shown as a condition requires.

    Attributes:
        kind: "file" ends when the file is found again; other kinds last, and such cells are not given out.
        words: One sentence for the study's owner.
        todo: What the owner can do.
        seen: Share of the item's time in which the face is found, 0–1.
    """

    kind: Kind
    words: str
    todo: str
    seen: float = 0.0

    @property
    def missing_reason(self) -> str:
        """The reason that is stored as a rater's answer if the item cannot be shown."""
        return {"file": "technical_problem", "consent": "skipped"}.get(self.kind, "face_not_visible")


@dataclass(frozen=True)
class Unshown:
    """A cell that cannot be shown.

    Attributes:
        item: Name of the item.
        condition: Name of the condition.
        obstacle: The reason.
    """

    item: str
    condition: str
    obstacle: Obstacle


def obstacle(
    study: Study,
    condition: Condition | None,
    item: ItemRecord | None,
    clip: ClipRecord | None,
    track: TrackGeometry | None,
    geometry: FaceViewGeometry,
    covered: bool = True,
) -> Obstacle | None:
    """Find the reason why an item cannot be shown as a condition requires; None if it can.

    Args:
        study: The study, with its limit.
        condition: The condition; None for none.
        item: The item; None for none.
        clip: Its clip; None for none.
        track: The track of its target; None if no track was chosen.
        geometry: The geometry of the face-only crop.
        covered: Whether the consent of the clip's subject covers showing.
    """
    if item is None or clip is None or condition is None:
        return None
    if not covered:
        return _CONSENT
    if clip.missing:
        return _gone(clip)
    return _of_face(study, condition, item, ClipLength(clip.n_frames, clip.duration_s), track, geometry, _UNCHOSEN)


_ALONE: Final = "so it cannot be shown without showing more than the face."
UNANALYSED: Final = Obstacle(
    "no_face",
    f"Nobody has looked for faces in this clip yet, {_ALONE}",
    "Analyse the clip, or leave it out of the study.",
)
_UNCHOSEN: Final = Obstacle(
    "no_face",
    f"No face was chosen for this clip yet, {_ALONE}",
    "Choose its target, or leave it out of the study. Assigning the clips chooses the face that is seen longest, "
    "unless the clip was judged or its target was marked by hand.",
)
_FACELESS: Final = Obstacle(
    "no_face",
    f"No face was found in this clip, {_ALONE}",
    "Leave the clip out of the study, or let it be judged in the other conditions only.",
)
_CONSENT: Final = Obstacle(
    "consent",
    "This clip may not be shown: consent does not cover it.",
    "Record the consent under File → People and consent…, or leave the clip out of the study.",
)


def covers_showing(source: Source, clip: ClipRecord | None) -> bool:
    """Return whether the consent of everybody who is seen in a clip covers showing it to raters."""
    refused = allowed(source, "showing").subjects if clip is not None else frozenset()
    return clip is None or not refused or not refused & db.face_people.seen_in_clips(source).get(clip.id, set())


def _gone(clip: ClipRecord) -> Obstacle:
    return Obstacle("file", f"The file of {clip.name} is missing.", "Find the file again.")


def _of_face(
    study: Study,
    condition: Condition,
    item: ItemRecord,
    length: ClipLength,
    track: TrackGeometry | None,
    geometry: FaceViewGeometry,
    faceless: Obstacle,
) -> Obstacle | None:
    if condition.view == FULL_CONTEXT:
        return None
    if track is None:
        return faceless
    seen = _visible_share(item, length, track, geometry)
    if seen < study.visible_share:
        what = "face is" if condition.view == FACE_ONLY else "face to be hidden is"
        return Obstacle(
            "face_lost",
            f"The {what} lost for {1 - seen:.0%} of this clip.",
            "Choose another target or another face of the clip, lower the limit "
            f"(visible share, now {study.visible_share:g}), or leave the clip out of the study.",
            seen,
        )
    return None


def _visible_share(item: ItemRecord, clip: ClipLength, track: TrackGeometry, geometry: FaceViewGeometry) -> float:
    if item.start_s is not None and item.end_s is not None:
        view = face_view(track.times_s, track.boxes, np.zeros(0), item.start_s, item.end_s, geometry)
        return view.visible_share
    # The clip's first time stamp need not be 0, so for a whole clip frames are counted and not seconds.
    frames = np.ones(track.times_s.size, dtype=bool)
    if item.start_s is not None:
        frames &= track.times_s >= item.start_s
    if item.end_s is not None:
        frames &= track.times_s < item.end_s
    skipped_s = (item.start_s or 0.0) + (clip.duration_s - item.end_s if item.end_s is not None else 0.0)
    wanted = clip.n_frames * (1 - skipped_s / clip.duration_s) if clip.duration_s else clip.n_frames
    return min(1.0, float(frames.sum()) / max(wanted, 1.0))


def find_unshown(source: Source, study: Study, items: Sequence[ItemRecord]) -> tuple[Unshown, ...]:
    """Find the cells of a study that cannot be shown as required, in the order of the items, without looking for files.

    Args:
        source: The project, or a session of it, that holds the face tracks.
        study: The study, with its conditions and its limit.
        items: The items that are judged, practised on or asked about.
    """
    refused = allowed(source, "showing").subjects
    seen = db.face_people.seen_in_clips(source) if refused else {}
    closed = {item.name for item in items if refused & {item.subject, *seen.get(item.clip_id, ())}}
    if not closed and all(condition.view == FULL_CONTEXT for condition in study.conditions):
        return ()
    with reading(source) as session:
        faceless = _faceless(session, items)
        lengths = db.clips.lengths(session)
        wanted = sorted({item.track_id for item in items if item.track_id is not None})
        tracks = {found.track.id: found for found in db.tracks.geometry(session, wanted)}
    found = []
    for item in items:
        track = tracks.get(item.track_id) if item.track_id is not None else None
        for condition in study.conditions:
            length = lengths[item.clip_id]
            why = (
                _CONSENT
                if item.name in closed
                else _of_face(
                    study, condition, item, length, track, FaceViewGeometry(), faceless.get(item.clip_id, _UNCHOSEN)
                )
            )
            if why is not None:
                found.append(Unshown(item.name, condition.name, why))
    return tuple(found)


def _faceless(session: Source, items: Iterable[ItemRecord]) -> dict[int, Obstacle]:
    """Return by clip what is in the way of its items that have no face."""
    bare = {item.clip_id for item in items if item.track_id is None}
    looked = db.runs.newest(session) if bare else {}
    return {
        clip_id: UNANALYSED
        if clip_id not in looked
        else _UNCHOSEN
        if db.tracks.of_clip(session, clip_id)
        else _FACELESS
        for clip_id in bare
    }


def grouped(unshown: Iterable[Unshown]) -> dict[tuple[str, str], list[str]]:
    """Return the items that cannot be shown by condition and reason."""
    found: dict[tuple[str, str], list[str]] = {}
    for one in unshown:
        found.setdefault((one.condition, one.obstacle.words), []).append(one.item)
    return found


def nothing_dealt(study: Study, unshown: Sequence[Unshown], notes: Iterable[str]) -> UserError:
    """Return the error of an assignment that deals nothing, with a reason for each clip."""
    reasons = [f"{named(items, 6)} as {condition}: {why}" for (condition, why), items in grouped(unshown).items()]
    todo = " ".join(dict.fromkeys(one.obstacle.todo for one in unshown)) or "Add clips that nobody practises on."
    command = todo
    if any(one.obstacle == UNANALYSED for one in unshown):
        command += " `affectograph analyze CLIP --project P` finds the faces."
    alone = "" if study.deal_incomplete or len(study.conditions) < 2 else "To give them out in the other conditions"
    return UserError(
        f"Nothing of {study_called(study.name)} can be given out. {' '.join([*reasons, *notes])}",
        f"{todo} {alone}, let items be assigned that cannot be shown in all of them." if alone else todo,
        f"{command} {alone}: `affectograph study set P {study.name} --deal-incomplete yes`." if alone else command,
    )


def find_flags(project: Project, study: Study, items: Sequence[ItemRecord]) -> tuple[Unshown, ...]:
    """Find the cells that cannot be shown as required now, including those whose file is missing."""
    gone = {clip.id: _gone(clip) for clip in db.clips.every(project, removed=True) if clip.missing}
    lasting = {(one.item, one.condition): one for one in find_unshown(project, study, items)}
    found = []
    for item in items:
        for condition in study.conditions:
            if item.clip_id in gone:
                found.append(Unshown(item.name, condition.name, gone[item.clip_id]))
            elif (item.name, condition.name) in lasting:
                found.append(lasting[item.name, condition.name])
    return tuple(found)


def blocked(study: Study, unshown: Iterable[Unshown]) -> frozenset[tuple[str, str]]:
    """Return the (item, condition) cells that are not given out.

    Args:
        study: The study, which says whether an item that cannot be shown in one condition is given out in the others.
        unshown: The cells that `find_unshown` found.
    """
    if study.deal_incomplete:
        return frozenset((one.item, one.condition) for one in unshown)
    names = [condition.name for condition in study.conditions]
    return frozenset((one.item, name) for one in unshown for name in names)
