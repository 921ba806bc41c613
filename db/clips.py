"""Clips and subjects of a project."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from pathlib import Path
from typing import Any, Final, Literal, cast

from sqlalchemy import Executable, bindparam, func, select
from sqlalchemy.orm import Session

from app.domain.media import ClipLength, MediaInfo
from app.domain.path_text import shown
from app.domain.project import ClipRecord, SubjectRecord
from app.errors import UserError
from db import items
from db.names import unused_names
from db.paths import located, stored
from db.project import Project, Source, reading
from db.schema import Clip, Subject

_CHUNK: Final = 500
"""Values in one statement at most."""


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


def _records(rows: Iterable[Any], folder: Path) -> list[ClipRecord]:
    """Make the records of rows of `_SELECT`. This looks for the files."""
    rows = list(rows)
    places = located([row.path for row in rows], folder)
    return [_record(row, *place) for row, place in zip(rows, places, strict=True)]


def _record(row: Any, path: Path, found: bool) -> ClipRecord:
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
        subject=row.subject or "",
        added_at=row.added_at,
        removed=row.removed,
    )


@dataclass(frozen=True)
class NewClip:
    """A file that is to be added as a clip.

    Attributes:
        info: The result of probing it.
        sha256: SHA-256 of its bytes.
        subject: Code of the person seen; empty where unknown.
        name: Name to give to it; empty for the file's name. A number is added if the name is taken.
        kept: The text of its path that is stored.
        size_bytes: Its size.
        modified_at: When it was changed last.
    """

    info: MediaInfo
    sha256: str
    subject: str
    name: str
    kept: str
    size_bytes: int
    modified_at: float

    @classmethod
    def of(cls, project: Project, info: MediaInfo, sha256: str, subject: str = "", name: str = "") -> "NewClip":
        """Look at a file before it is stored.

        Raises:
            UserError: The file was removed meanwhile.
        """
        kept = stored(info.path, project.folder)
        try:
            status = info.path.stat()
        except OSError as error:
            raise UserError(
                f"{info.path} cannot be read: {error.strerror}.", "Check that it is still there."
            ) from error
        return cls(info, sha256, subject, name, kept, status.st_size, status.st_mtime)


def add(
    project: Project, info: MediaInfo, sha256: str, subject: str = "", name: str = "", *, listed: bool = True
) -> ClipRecord:
    """Add a clip, see `add_all` and `NewClip`.

    Raises:
        UserError: The file was removed meanwhile.
    """
    return add_all(project, [NewClip.of(project, info, sha256, subject, name)], listed=listed)[0]


def add_all(project: Project, clips: Sequence[NewClip], *, listed: bool = True) -> list[ClipRecord]:
    """Add clips in one transaction, each with one item that is the whole clip.

    A clip that is known already is returned as it is. One that was taken out of the lists gets its new path, and is put
    back into the lists if it is to be listed.

    Args:
        project: The open project.
        clips: The files, each of other bytes.
        listed: Whether new clips appear in the lists. One that does not is never offered to a study.

    Returns:
        The clips of the project in the order of the files.
    """
    wanted = {one.sha256: one for one in clips}
    with project.write() as session:
        known = {row.sha256: row for row in _of_hashes(session, list(wanted))}
        for sha256, row in known.items():
            if row.removed:
                row.removed, row.path = not listed, wanted[sha256].kept
        new = [one for sha256, one in wanted.items() if sha256 not in known]
        name_of = unused_names(session, Clip.name, len(new))
        people = {one.subject: subject_id(session, one.subject) for one in new}
        made = [
            _row(one, name_of(shown(one.name or one.info.path.name)), people[one.subject], removed=not listed)
            for one in new
        ]
        session.add_all(made)
        session.flush()
        items.add_whole(session, [(row.id, row.name) for row in made])
        numbers = {row.sha256: row.id for row in (*known.values(), *made)}
        found = _by_numbers(session, sorted(numbers.values()))
    records = {each.id: each for each in _records(found, project.folder)}
    return [records[numbers[one.sha256]] for one in clips]


def _of_hashes(session: Session, hashes: Sequence[str]) -> Iterator[Clip]:
    for begin in range(0, len(hashes), _CHUNK):
        yield from session.scalars(select(Clip).where(Clip.sha256.in_(hashes[begin : begin + _CHUNK])))


def _row(one: NewClip, name: str, subject: int | None, *, removed: bool) -> Clip:
    info = one.info
    return Clip(
        sha256=one.sha256,
        name=name,
        path=one.kept,
        kind=info.kind,
        size_bytes=one.size_bytes,
        modified_at=one.modified_at,
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
        subject_id=subject,
        removed=removed,
    )


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


def _by_numbers(session: Session, clip_ids: Sequence[int]) -> list[Any]:
    """Return the rows of clips by their numbers; those that do not exist are left out."""
    rows: list[Any] = []
    for begin in range(0, len(clip_ids), _CHUNK):
        rows += session.execute(_SELECT.where(Clip.id.in_(clip_ids[begin : begin + _CHUNK])))
    return rows


# Columns and not rows of the class: the thousands of objects of a long list keep the garbage collector busy.
_SELECT = select(
    Clip.id,
    Clip.uid,
    Clip.name,
    Clip.path,
    Clip.sha256,
    Clip.kind,
    Clip.size_bytes,
    Clip.width,
    Clip.height,
    Clip.rotation_deg,
    Clip.time_base,
    Clip.n_frames,
    Clip.duration_s,
    Clip.codec,
    Clip.average_rate,
    Clip.variable_rate,
    Clip.has_audio,
    Clip.audio_rate,
    Clip.audio_channels,
    Clip.complete,
    Clip.note,
    Subject.code.label("subject"),
    Clip.added_at,
    Clip.removed,
).outerjoin(Subject, Clip.subject_id == Subject.id)
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
    return _records(rows, project.folder)


def some(project: Project, clip_ids: Collection[int]) -> dict[int, ClipRecord]:
    """Return clips by their numbers; those that do not exist are left out."""
    with reading(project) as session:
        rows = _by_numbers(session, sorted(set(clip_ids)))
    return {each.id: each for each in _records(rows, project.folder)}


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
    return None if found is None else _records([found], project.folder)[0]


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
        return _records(_by_numbers(session, [clip_id]), project.folder)[0]


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
