"""Proposes which face tracks of a project are of one person, across cuts and clips. A person decides."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

import db.clips
import db.edits
import db.face_people
import db.tracks
from app.batch import Failures
from app.domain.analysis import ClipAnalysis
from app.domain.changes import Edit
from app.domain.faces import Face
from app.domain.project import ClipRecord, TrackGeometry
from app.domain.words import many
from app.errors import UserError
from app.faces.appearance import describe
from app.faces.boxes import corners, overlap_in_pairs
from app.faces.mesh import MeshFinder
from app.faces.person import Alike, TrackLooks, alike, clothes_below, mean_of, proportions
from app.faces.same_person import groups_of
from app.jobs import Context
from app.services.predict.readers import open_reader
from app.services.projects.clip_clock import begins_s
from db.project import Project

Image = NDArray[np.uint8]

LOOKED_AT: Final = 5
"""Frames of each track that are compared, at most: the best of each of as many equal parts."""
PICTURE: Final = 72
"""Side of a face's picture in pixels."""
ROOM: Final = 0.35
"""Share of the face's box that its picture shows around it."""
_MEMORY: Final = 16 << 20
_STRONG: Final = 0.6
"""From here on a cue is named as a reason."""
_CUES: Final = {"looks": "looks", "clothes": "clothes", "shape": "proportions of the face", "place": "place soon after"}


@dataclass(frozen=True, eq=False)
class FoundFace:
    """A face track that may be somebody's.

    Attributes:
        track_id: `TrackRecord.id`.
        clip_id: Number of the clip.
        clip: Name of the clip.
        track_no: Number of the face within the clip.
        first_s: When it is first seen, in seconds from the first frame of the clip.
        last_s: When it is last seen.
        person: Code of the person, if somebody decided; else empty.
        subject: Code of the clip's subject; empty where unknown.
        proposed: Code of the person that is proposed; empty where no other track is like this one.
        group: Number of the group of alike tracks, from 1; 0 for a track that is alone.
        why: The reasons for the proposal in words.
        picture: uint8 S×S×3, RGB; None before the faces were compared.
    """

    track_id: int
    clip_id: int
    clip: str
    track_no: int
    first_s: float
    last_s: float
    person: str
    subject: str
    proposed: str = ""
    group: int = 0
    why: str = ""
    picture: Image | None = None


def faces_of(project: Project) -> list[FoundFace]:
    """Return the face tracks of the newest predictions of all clips, with who they are if that was decided."""
    clips = db.clips.every(project)
    begins = {clip.id: begins_s(clip.path) for clip in clips}
    with project.read() as session:
        people = db.face_people.of_tracks(session)
        return [
            FoundFace(
                track.id, clip.id, clip.name, track.track_no, track.first_s - begins[clip.id],
                track.last_s - begins[clip.id], people.get(track.id, ""), clip.subject,
            )
            for clip in clips
            for track in db.tracks.of_clip(session, clip.id)
        ]  # fmt: skip


def propose_people(ctx: Context, project: Project) -> tuple[list[FoundFace], list[str]]:
    """Compare the faces of all clips and propose which are of one person. Nothing is stored.

    Args:
        ctx: Receives the progress in clips, and can cancel.
        project: The open project.

    Returns:
        The faces, those of one group after one another, and sentences on clips that could not be read.

    Raises:
        UserError: The network of the face mesh is missing.
        Cancelled: The user cancelled.
    """
    faces = faces_of(project)
    clips = {clip.id: clip for clip in db.clips.every(project)}
    finder = MeshFinder("cpu", eyes=False)
    seen: dict[int, tuple[TrackLooks, Image]] = {}
    geometry: dict[int, TrackGeometry] = {}
    said: list[str] = []
    failures = Failures(on_failure=lambda error: said.append(str(error)))
    wanted = sorted({face.clip_id for face in faces})
    for number, clip_id in enumerate(wanted):
        ctx.progress(number, len(wanted), f"looking at {clips[clip_id].name}")
        tracks = db.tracks.geometry(project, [face.track_id for face in faces if face.clip_id == clip_id])
        geometry |= {one.track.id: one for one in tracks}
        with failures.of(clips[clip_id].name):
            seen |= _looked_at(ctx, clips[clip_id], tracks, finder)
    there = [face for face in faces if face.track_id in seen]
    told = _proposals(there, [seen[face.track_id][0] for face in there], geometry)
    rest = [face for face in faces if face.track_id not in seen]
    pictured = [replace(face, picture=seen[face.track_id][1]) for face in told]
    return [*sorted(pictured, key=lambda face: (face.group == 0, face.group)), *rest], said


def _looked_at(
    ctx: Context, clip: ClipRecord, tracks: Sequence[TrackGeometry], finder: MeshFinder
) -> dict[int, tuple[TrackLooks, Image]]:
    """Return the looks and the picture of each track of a clip, by the track's number."""
    found = {}
    with open_reader(clip.path, ctx, _MEMORY) as reader:
        for track in tracks:
            if not len(track.frame_idx):
                continue
            ctx.check()
            views = []
            for row in _best_rows(track):
                rgb = reader.frame(int(track.frame_idx[row]), ctx=ctx).image
                face = Face(track.boxes[row], track.landmarks[row], float(track.detection[row]))
                views.append((float(track.quality[row]), rgb, face))
            meshes = [finder.find(rgb, [face])[0] for _, rgb, face in views]
            looks = TrackLooks(
                np.stack([describe(rgb, face) for _, rgb, face in views]),
                mean_of([clothes_below(rgb, face) for _, rgb, face in views]),
                mean_of([None if mesh is None else proportions(mesh.points) for mesh in meshes]),
                track.track.first_s,
                track.track.last_s,
                track.boxes[0],
                track.boxes[-1],
            )
            _, rgb, face = max(views, key=lambda view: view[0])
            found[track.track.id] = looks, _picture(rgb, face)
    return found


def _best_rows(track: TrackGeometry) -> list[int]:
    """Return the row of the best face in each of a few equal parts of a track."""
    worth = track.quality * track.detection
    parts = np.array_split(np.arange(len(worth)), min(LOOKED_AT, len(worth)))
    return [int(part[np.argmax(worth[part])]) for part in parts]


def _picture(rgb: Image, face: Face) -> Image:
    x, y, w, h = (float(value) for value in face.box)
    half = (0.5 + ROOM) * max(w, h)
    left, top = max(round(x + w / 2 - half), 0), max(round(y + h / 2 - half), 0)
    part = rgb[top : round(y + h / 2 + half), left : round(x + w / 2 + half)]
    side = max(part.shape[:2])
    zoom = PICTURE / side
    size = max(round(part.shape[1] * zoom), 1), max(round(part.shape[0] * zoom), 1)
    return np.asarray(cv2.resize(part, size, interpolation=cv2.INTER_AREA), np.uint8)


def _proposals(
    faces: Sequence[FoundFace], looks: Sequence[TrackLooks], geometry: dict[int, TrackGeometry]
) -> list[FoundFace]:
    count = len(faces)
    pairs: dict[tuple[int, int], Alike] = {}
    likeness, apart = np.zeros((count, count)), np.zeros((count, count), bool)
    for i in range(count):
        for j in range(i):
            one_clip = faces[i].clip_id == faces[j].clip_id
            pairs[j, i] = alike(looks[j], looks[i], one_clip=one_clip)
            likeness[i, j] = likeness[j, i] = pairs[j, i].score
            if one_clip:
                together = seen_together(geometry[faces[i].track_id], geometry[faces[j].track_id])
                apart[i, j] = apart[j, i] = together
    told = list(faces)
    taken = {face.person for face in faces} | {face.subject for face in faces} | {""}
    number = 0
    for group in groups_of(likeness, apart, [face.person for face in faces]):
        if len(group) < 2:
            continue
        number += 1
        code = _code([faces[at] for at in group], faces, taken)
        taken.add(code)
        for at in group:
            why = _why(at, group, faces, pairs)
            told[at] = replace(faces[at], proposed=code, group=number, why=why)
    return told


def seen_together(one: TrackGeometry, other: TrackGeometry) -> bool:
    """Return whether two tracks of a clip are of two people, because both are in sight at different places."""
    _, here, there = np.intersect1d(one.frame_idx, other.frame_idx, return_indices=True)
    if not here.size:
        return False
    shared = overlap_in_pairs(corners(one.boxes[here]), corners(other.boxes[there]), over="min")
    return float(np.median(shared)) < 0.7


def _code(group: Sequence[FoundFace], faces: Sequence[FoundFace], taken: set[str]) -> str:
    """Return the code to propose: the one that was decided for some, else the subject of their clips, else a new one.

    The subject of a clip stands for a face only where the clip has no other: of several, it may be any.
    """
    decided = [face.person for face in group if face.person]
    if decided:
        return decided[0]
    alone = Counter(face.clip_id for face in faces)
    subjects = Counter(face.subject for face in group if face.subject and alone[face.clip_id] == 1)
    if subjects:
        return subjects.most_common(1)[0][0]
    number = 1
    while f"S{number:02d}" in taken:
        number += 1
    return f"S{number:02d}"


def _why(at: int, group: Sequence[int], faces: Sequence[FoundFace], pairs: dict[tuple[int, int], Alike]) -> str:
    best, other = max((pairs[min(at, one), max(at, one)].score, one) for one in group if one != at)
    cues = pairs[min(at, other), max(at, other)].cues
    named = [words for name, words in _CUES.items() if cues.get(name, 0.0) >= _STRONG]
    like = f"face {faces[other].track_no} of {faces[other].clip}"
    return f"{best:.0%} like {like}" + (f": {', '.join(named)}" if named else "")


def people_of(project: Project, analysis: ClipAnalysis) -> dict[int, str]:
    """Return who is seen in each track of a clip's predictions: track → code, empty where unknown.

    It is the person that somebody decided on for that track, else the clip's subject.
    """
    clip = db.clips.by_hash(project, analysis.key.media_sha256)
    if clip is None:
        return {}
    decided = db.face_people.by_geometry(project, clip.id)
    return {track.track_id: decided.get(db.tracks.geometry_hash(track), clip.subject) for track in analysis.tracks}


def people_edit(project: Project, wanted: Mapping[str, Sequence[int]]) -> Edit:
    """Return the edit that says whose faces some tracks are.

    Args:
        project: The open project.
        wanted: Code of the person → numbers of the tracks; the code is empty for faces whose person is not known.
    """
    edits = [db.face_people.set_person(project, tracks, code) for code, tracks in wanted.items()]
    title = edits[0].title if len(edits) == 1 else f"Set the subjects of {many(sum(map(len, wanted.values())), 'face')}"
    return Edit(title, tuple(change for edit in edits for change in edit.changes))


def set_person_by_name(project: Project, clip: str, track_no: int, code: str, actor: str = "") -> str:
    """Say whose face a track is, as an edit that is logged and can be undone in the window.

    Args:
        project: The open project, open for writing.
        clip: Name of the clip.
        track_no: Number of the face within the clip.
        code: Code of the person; empty if it is not known any more.
        actor: Code of the person who decides.

    Returns:
        The code as it was before; empty for none.

    Raises:
        UserError: The project has no such clip, or the clip no such face.
    """
    found = [face for face in faces_of(project) if face.clip == clip and face.track_no == track_no]
    if not found:
        raise UserError(
            f"The project has no face {track_no} of a clip {clip}.",
            "Analyse the clip first, and name it as the project does.",
        )
    edit = db.face_people.set_person(project, [found[0].track_id], code)
    if edit.changes:
        db.edits.apply(project, edit, actor)
    return found[0].person
