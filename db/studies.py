"""Studies: their versions, items and raters."""

from collections.abc import Iterable

from sqlalchemy import func, select
from sqlalchemy.orm import Session

import db.items
from app.domain.project import ItemRecord
from app.domain.study import Study, check_study, study_from_dict, study_to_dict
from app.domain.study_records import Member, StudyRecord
from app.errors import UserError
from db import audit
from db.project import Source, reading, writing
from db.schema import Rater, StudyItem, StudyRater, StudyVersion, now
from db.schema import Study as StudyRow

_SELECT = select(StudyRow, StudyVersion).join(StudyVersion, StudyVersion.study_id == StudyRow.id)


def _record(session: Session, row: StudyRow, version: StudyVersion) -> StudyRecord:
    newest = session.scalar(select(func.max(StudyVersion.version)).where(StudyVersion.study_id == row.id))
    study = study_from_dict(version.document)
    return StudyRecord(row.id, row.uid, study, version.version == newest, row.seed, version.created_at)


def save(source: Source, study: Study, *, actor: str = "", uid: str | None = None) -> StudyRecord:
    """Store a study. If a different one has this name, the new one becomes its next version.

    Args:
        source: The project, or a session of it, to write to.
        study: The definition; its version number is set here.
        actor: Code of the person who did it, for the audit log.
        uid: The uid that another machine gave to a study that this project does not have yet; None makes a new one.

    Raises:
        UserError: The study contradicts itself.
    """
    check_study(study)
    with writing(source) as session:
        row = session.scalar(select(StudyRow).where(StudyRow.name == study.name))
        if row is None:
            row = StudyRow(name=study.name)
            if uid is not None:
                row.uid = uid
            session.add(row)
            session.flush()
        versions = session.scalars(
            select(StudyVersion).where(StudyVersion.study_id == row.id).order_by(StudyVersion.version.desc())
        ).all()
        fingerprint = study.fingerprint()
        if versions and versions[0].fingerprint == fingerprint:
            return _record(session, row, versions[0])
        number = versions[0].version + 1 if versions else 1
        document = {**study_to_dict(study), "version": number}
        added = StudyVersion(study_id=row.id, version=number, document=document, fingerprint=fingerprint)
        session.add(added)
        session.flush()
        audit.add(session, "study.save", {"study": study.name, "version": number}, actor)
        return _record(session, row, added)


def get(source: Source, name: str, version: int | None = None) -> StudyRecord:
    """Return a study by name, its newest version unless another is asked for.

    Raises:
        UserError: The study or the version does not exist.
    """
    found = find(source, name, version)
    if found is None:
        names = ", ".join(record.name for record in every(source)) or "none yet"
        what = f"version {version} of study {name}" if version is not None else f"study {name}"
        raise UserError(f"The project does not have {what}.", f"Its studies: {names}.")
    return found


def find(source: Source, name: str, version: int | None = None) -> StudyRecord | None:
    """Return a study by name as `get` does; None where there is none."""
    query = _SELECT.where(StudyRow.name == name).order_by(StudyVersion.version.desc()).limit(1)
    if version is not None:
        query = query.where(StudyVersion.version == version)
    with reading(source) as session:
        found = session.execute(query).first()
        return None if found is None else _record(session, *found)


def by_id(source: Source, study_id: int, version: int | None = None) -> StudyRecord:
    """Return a study by number, its newest version unless another is asked for.

    Raises:
        KeyError: The study or the version does not exist.
    """
    query = _SELECT.where(StudyRow.id == study_id).order_by(StudyVersion.version.desc()).limit(1)
    if version is not None:
        query = query.where(StudyVersion.version == version)
    with reading(source) as session:
        found = session.execute(query).first()
        if found is None:
            raise KeyError(f"no study {study_id}")
        return _record(session, *found)


def every(source: Source) -> list[StudyRecord]:
    """Return the newest version of each study, by name."""
    with reading(source) as session:
        newest = session.execute(_SELECT.order_by(StudyRow.name, StudyVersion.version)).all()
        rows = {row.id: (row, version) for row, version in newest}
        return [_record(session, row, version) for row, version in rows.values()]


def versions(source: Source, study_id: int) -> list[StudyRecord]:
    """Return all versions of a study, oldest first."""
    query = _SELECT.where(StudyRow.id == study_id).order_by(StudyVersion.version)
    with reading(source) as session:
        return [_record(session, *found) for found in session.execute(query).all()]


def set_seed(source: Source, study_id: int, seed: int) -> None:
    """Store the seed of the assignment."""
    with writing(source) as session:
        session.get_one(StudyRow, study_id).seed = seed


def add_items(source: Source, study_id: int, item_ids: Iterable[int]) -> int:
    """Let the study judge more items, and return how many are new to it."""
    with writing(source) as session:
        have = set(session.scalars(select(StudyItem.item_id).where(StudyItem.study_id == study_id)))
        new = [item_id for item_id in dict.fromkeys(item_ids) if item_id not in have]
        session.add_all(StudyItem(study_id=study_id, item_id=item_id) for item_id in new)
        session.flush()
        return len(new)


def items(source: Source, study_id: int) -> list[ItemRecord]:
    """Return the items that the study judges, in the project's order, without those taken out of the lists."""
    with reading(source) as session:
        wanted = set(session.scalars(select(StudyItem.item_id).where(StudyItem.study_id == study_id)))
        return [item for item in db.items.every(session) if item.id in wanted]


def add_raters(source: Source, study_id: int, rater_ids: Iterable[int]) -> int:
    """Let raters take part, also those who had left, and return how many changed."""
    changed = 0
    with writing(source) as session:
        for rater_id in dict.fromkeys(rater_ids):
            row = session.get(StudyRater, (study_id, rater_id))
            if row is None:
                session.add(StudyRater(study_id=study_id, rater_id=rater_id))
                changed += 1
            elif row.left_at is not None:
                row.left_at = None
                changed += 1
        session.flush()
    return changed


def dismiss_rater(source: Source, study_id: int, rater_id: int) -> None:
    """Let a rater leave the study; the answers stay."""
    with writing(source) as session:
        session.get_one(StudyRater, (study_id, rater_id)).left_at = now()


def members(source: Source, study_id: int) -> list[Member]:
    """Return the study's raters, ordered by code, including those who left."""
    query = (
        select(StudyRater, Rater.code, Rater.simulated)
        .join(Rater, StudyRater.rater_id == Rater.id)
        .where(StudyRater.study_id == study_id)
        .order_by(Rater.code)
    )
    with reading(source) as session:
        return [
            Member(row.rater_id, code, simulated, row.joined_at, row.left_at, row.unblinded_at)
            for row, code, simulated in session.execute(query)
        ]


def of_rater(source: Source, rater_id: int) -> list[StudyRecord]:
    """Return the studies in which a rater takes part now, by name."""
    query = select(StudyRater.study_id).where(StudyRater.rater_id == rater_id, StudyRater.left_at.is_(None))
    with reading(source) as session:
        mine = set(session.scalars(query))
        return [record for record in every(session) if record.id in mine]


def open_blind(source: Source, study_id: int, rater_id: int, reason: str, actor: str) -> None:
    """Note that a rater has seen predictions or others' labels, so that later answers count as unblinded."""
    with writing(source) as session:
        row = session.get(StudyRater, (study_id, rater_id))
        if row is None:
            raise KeyError(f"rater {rater_id} takes no part in study {study_id}")
        if row.unblinded_at is None:
            row.unblinded_at = now()
        audit.add(session, "blind.open", {"study": study_id, "rater": rater_id, "reason": reason}, actor)
