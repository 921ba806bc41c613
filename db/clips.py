"""Clips and subjects of a project."""

from collections.abc import Collection, Iterable
from fractions import Fraction
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal, cast

from sqlalchemy import Executable, bindparam, func, select
from sqlalchemy.orm import Session

from app.domain.media import ClipLength, MediaInfo
from app.domain.path_text import shown
from app.domain.project import ClipRecord, SubjectRecord
from app.errors import UserError
from db import items
from db.names import unused_name
from db.paths import located, stored
from db.project import Project, Source, reading
from db.schema import Clip, Subject


@lru_cache(maxsize=256)
def _fraction(text: str | None) -> Fraction | None:
    try:
        return None if text is None else Fraction(text)
    except (ValueError, ZeroDivisionError) as error:
        raise UserError(
            f"The project file is damaged: a clip has the rate {text!r}, which is not a fraction.",
            "Go back to a backup copy.",
            "Run `affectograph project check` on it, which names table and row, and go back to a backup copy.",
        ) from error


def records(rows: Iterable[tuple[Clip, str | None]], folder: Path) -> list[ClipRecord]:
    """Make the records of rows, each with the code of its subject. This looks for the files."""
    rows = list(rows)
    places = located([row.path for row, _ in rows], folder)
    return [_record(row, subject, *place) for (row, subject), place in zip(rows, places, strict=True)]


def _record(row: Clip, subject: str | None, path: Path, found: bool) -> ClipRecord:
    return ClipRecord(
        id=row.id,
        uid=row.uid,
        name=row.name,
        path=path,
        missing=not found,
        sha256=row.sha256,
        kind=cast(Literal["video", "image"], row.kind),
        size_bytes=row.size_bytes,
        width=row.width,
        height=row.height,
        rotation_deg=row.rotation_deg,
        time_base=_fraction(row.time_base),
        n_frames=row.n_frames,
        duration_s=row.duration_s,
        codec=row.codec,
        average_rate=_fraction(row.average_rate),
        variable_rate=row.variable_rate,
        has_audio=row.has_audio,
        audio_rate=row.audio_rate,
        audio_channels=row.audio_channels,
        complete=row.complete,
        note=row.note,
        subject=subject or "",
        added_at=row.added_at,
        removed=row.removed,
    )


def add(
    project: Project, info: MediaInfo, sha256: str, subject: str = "", name: str = "", *, listed: bool = True
) -> ClipRecord:
    """Add a clip with one item that is the whole clip. A clip that is known already is returned as it is.

    A clip that was taken out of the lists gets its new path, and is put back into the lists if it is to be listed.

    Args:
        project: The open project.
        info: The result of probing the file.
        sha256: SHA-256 of the file's bytes.
        subject: Code of the person seen; empty where unknown.
        name: Name to give to it; the file's name by default. A number is added if the name is taken.
        listed: Whether a new clip appears in the lists. One that does not is never offered to a study.

    Raises:
        UserError: The file's name is not valid text, or the file was removed meanwhile.
    """
    kept = stored(info.path, project.folder)
    try:
        status = info.path.stat()
    except OSError as error:
        raise UserError(f"{info.path} cannot be read: {error.strerror}.", "Check that it is still there.") from error
    with project.write() as session:
        known = session.scalar(select(Clip).where(Clip.sha256 == sha256))
        if known is not None:
            if known.removed:
                known.removed, known.path = not listed, kept
            session.flush()
            return _one(session, known.id, project.folder)
        wanted = shown(name or info.path.name)
        row = Clip(
            sha256=sha256,
            name=unused_name(session, Clip.name, wanted),
            path=kept,
            kind=info.kind,
            size_bytes=status.st_size,
            modified_at=status.st_mtime,
            width=info.width,
            height=info.height,
            rotation_deg=info.rotation_deg,
            time_base=None if info.time_base is None else str(info.time_base),
            n_frames=info.n_frames,
            duration_s=info.duration_s,
            codec=info.codec,
            average_rate=None if info.average_rate is None else str(info.average_rate),
            variable_rate=info.variable_rate,
            has_audio=info.has_audio,
            audio_rate=info.audio_rate,
            audio_channels=info.audio_channels,
            complete=info.complete,
            note=info.note,
            subject_id=subject_id(session, subject),
            removed=not listed,
        )
        session.add(row)
        session.flush()
        items.add(session, row.id, name=row.name)
        return _one(session, row.id, project.folder)


def subject_id(session: Session, code: str) -> int | None:
    """Return the number of a subject, who is added when unknown; None for an empty code."""
    code = code.strip()
    if not code:
        return None
    row = session.scalar(select(Subject).where(Subject.code == code))
    if row is None:
        row = Subject(code=code)
        session.add(row)
        session.flush()
    return row.id


def _one(session: Session, clip_id: int, folder: Path) -> ClipRecord:
    row, subject = session.execute(_SELECT.where(Clip.id == clip_id)).one()
    return records([(row, subject)], folder)[0]


_SELECT = select(Clip, Subject.code).outerjoin(Subject, Clip.subject_id == Subject.id)
_BY_NUMBER, _BY_HASH, _BY_NAME = (
    _SELECT.where(column == bindparam("value")) for column in (Clip.id, Clip.sha256, Clip.name)
)


def every(project: Project, *, removed: bool = False) -> list[ClipRecord]:
    """Return the clips in the order they were added.

    Args:
        project: The open project.
        removed: Whether to also return those that were taken out of the lists.
    """
    query = _SELECT.order_by(Clip.id) if removed else _SELECT.where(~Clip.removed).order_by(Clip.id)
    with reading(project) as session:
        rows = session.execute(query).all()
    return records([(row, subject) for row, subject in rows], project.folder)


def some(project: Project, clip_ids: Collection[int]) -> dict[int, ClipRecord]:
    """Return clips by their numbers; those that do not exist are left out."""
    numbers = sorted(set(clip_ids))
    rows: list[Any] = []
    with reading(project) as session:
        for begin in range(0, len(numbers), 500):
            rows += session.execute(_SELECT.where(Clip.id.in_(numbers[begin : begin + 500]))).all()
    return {each.id: each for each in records([(row, subject) for row, subject in rows], project.folder)}


def get(project: Project, clip_id: int) -> ClipRecord:
    """Return one clip by its number.

    Raises:
        KeyError: The clip does not exist.
    """
    return _first(project, _BY_NUMBER, clip_id) or _no_such(clip_id)


def by_hash(project: Project, sha256: str) -> ClipRecord | None:
    """Return the clip with these bytes, even if it was taken out of the lists; None where there is none."""
    return _first(project, _BY_HASH, sha256)


def by_name(project: Project, name: str) -> ClipRecord | None:
    """Return the clip of this name; None where there is none."""
    return _first(project, _BY_NAME, name)


def _first(project: Project, query: Executable, value: int | str) -> ClipRecord | None:
    with reading(project) as session:
        found = session.execute(query, {"value": value}).first()
    return None if found is None else records([(found[0], found[1])], project.folder)[0]


def _no_such(clip_id: int) -> ClipRecord:
    raise KeyError(f"no clip {clip_id}")


def relink(project: Project, clip_id: int, path: Path, sha256: str) -> ClipRecord:
    """Store the new place of a moved file. `edits.relink` does the same as an edit that can be undone.

    Args:
        project: The open project that holds the clip.
        clip_id: Number of the clip.
        path: The file.
        sha256: SHA-256 of its bytes; they must be the clip's.

    Raises:
        UserError: The file has other bytes.
        KeyError: The clip does not exist.
    """
    kept = stored(path, project.folder)
    with project.write() as session:
        row = session.get(Clip, clip_id)
        if row is None:
            raise KeyError(f"no clip {clip_id}")
        if row.sha256 != sha256:
            raise UserError(
                f"{path} is not the clip {row.name}: its content differs.",
                "Choose the original file or an exact copy of it.",
            )
        status = path.stat()
        row.path, row.size_bytes, row.modified_at = kept, status.st_size, status.st_mtime
        session.flush()
        return _one(session, clip_id, project.folder)


def subjects(project: Project) -> list[SubjectRecord]:
    """Return the subjects seen in listed clips, ordered by code."""
    query = select(Subject).join(Clip).where(~Clip.removed).distinct().order_by(Subject.code)
    with reading(project) as session:
        return [SubjectRecord(row.id, row.uid, row.code, row.note) for row in session.scalars(query)]


def count(project: Project) -> int:
    """Return the number of clips in the lists."""
    with reading(project) as session:
        return session.scalar(select(func.count()).select_from(Clip).where(~Clip.removed)) or 0


def frames(source: Source) -> dict[int, int]:
    """Return the number of frames of each clip by the clip's number, even of clips that were taken out of the lists."""
    with reading(source) as session:
        return {number: frames or 0 for number, frames in session.execute(select(Clip.id, Clip.n_frames))}


def lengths(source: Source) -> dict[int, ClipLength]:
    """Return the length of each clip by its number, also for clips that were taken out of the lists.

    This does not look for files.
    """
    query = select(Clip.id, Clip.n_frames, Clip.duration_s)
    with reading(source) as session:
        return {number: ClipLength(frames or 0, duration or 0.0) for number, frames, duration in session.execute(query)}
