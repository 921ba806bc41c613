"""Whose face a track is, as somebody decided: more than the subject of a clip, which may show several people."""

from collections.abc import Sequence

from sqlalchemy import select

from app.domain.changes import Edit, RowChange
from app.domain.words import many
from db import items
from db.project import Project, Source, reading
from db.schema import Clip, FacePerson, FaceTrack, Subject, new_uid, now


def of_tracks(source: Source, clip_id: int | None = None) -> dict[int, str]:
    """Return the codes of the people of face tracks, by the number of the track; others are left out.

    Args:
        source: The project, or a session of it.
        clip_id: Number of the clip to keep to; None for all.
    """
    query = select(FacePerson.track_id, Subject.code).join(Subject, Subject.id == FacePerson.subject_id)
    if clip_id is not None:
        query = query.where(FacePerson.clip_id == clip_id)
    with reading(source) as session:
        return dict(iter(session.execute(query)))


def by_geometry(source: Source, clip_id: int) -> dict[str, str]:
    """Return the codes of the people of a clip's face tracks, by the hash of the track's geometry."""
    query = (
        select(FaceTrack.sha256, Subject.code)
        .join(FacePerson, FacePerson.track_id == FaceTrack.id)
        .join(Subject, Subject.id == FacePerson.subject_id)
        .where(FacePerson.clip_id == clip_id)
    )
    with reading(source) as session:
        return dict(iter(session.execute(query)))


def seen_in_clips(source: Source) -> dict[int, set[str]]:
    """Return the codes of everybody who is seen in a clip, by its number: its subject and the people of its faces.

    Clips of which nobody is known are left out.
    """
    of_faces = select(FacePerson.clip_id, Subject.code).join(Subject, Subject.id == FacePerson.subject_id)
    of_clips = select(Clip.id, Subject.code).join(Subject, Subject.id == Clip.subject_id)
    found: dict[int, set[str]] = {}
    with reading(source) as session:
        for number, code in (*session.execute(of_clips), *session.execute(of_faces)):
            found.setdefault(int(number), set()).add(code)
    return found


def set_person(project: Project, track_ids: Sequence[int], code: str) -> Edit:
    """Return the edit that says whose face some tracks are; it can be undone.

    Args:
        project: The open project.
        track_ids: Numbers of the tracks (`TrackRecord.id`).
        code: Code of the person, who is added as a subject when unknown; empty if it is not known any more.
    """
    code = code.strip()
    with project.read() as session:
        known = {row.track_id: row for row in session.scalars(select(FacePerson))}
        codes = of_tracks(session)
        changes = []
        for number in track_ids:
            row = known.get(number)
            if codes.get(number, "") == code:
                continue
            if row is None:
                track = session.get_one(FaceTrack, number)
                facts = {
                    "clip": session.get_one(Clip, track.clip_id).sha256,
                    "track": items.track_key(session, number),
                    "subject": code,
                    "decided_at": now(),
                }
                changes.append(RowChange("face", new_uid(), None, facts))
            elif code:
                changes.append(RowChange("face", row.uid, {"subject": codes[number]}, {"subject": code}))
            else:
                facts = {
                    "clip": session.get_one(Clip, row.clip_id).sha256,
                    "track": items.track_key(session, number),
                    "subject": codes[number],
                    "decided_at": row.decided_at,
                }
                changes.append(RowChange("face", row.uid, facts, None))
    return Edit(f"Set {code or 'nobody'} as the subject of {many(len(changes), 'face')}", tuple(changes))
