"""Consent of subjects and raters: what is stored, and the edits that change it."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final, cast

from sqlalchemy import select

from app.domain.changes import Edit, RowChange, Values
from app.domain.consent import PURPOSES, Consent, Party, Person, Purpose
from app.errors import UserError
from db.edit_rows import current
from db.project import Project, Source, reading
from db.schema import Answer, Item, Rater, Subject, Trace, new_uid, now
from db.schema import Consent as Row

_COLUMNS = ("person", "purpose", "granted", "until_at", "withdrawn_at", "note", "recorded_by", "recorded_at")
_CHUNK: Final = 500


def people(source: Source) -> list[Person]:
    """Return all subjects and then all raters, by code; simulated raters are left out."""
    with reading(source) as session:
        found = [Person("subject", row.code, row.uid, row.id) for row in session.scalars(select(Subject))] + [
            Person("rater", row.code, row.uid, row.id) for row in session.scalars(select(Rater)) if not row.simulated
        ]
    return sorted(found, key=lambda one: (one.party == "rater", one.code))


def person(source: Source, party: Party, code: str) -> Person:
    """Return the subject or rater with a code.

    Raises:
        UserError: There is none.
    """
    known = [one for one in people(source) if one.party == party]
    for one in known:
        if one.code == code.strip():
            return one
    there = ", ".join(one.code for one in known[:12])
    if party == "rater":
        with reading(source) as session:
            drawn = session.scalar(select(Rater.id).where(Rater.code == code.strip(), Rater.simulated))
        if drawn is not None:
            raise UserError(f"Rater {code} is simulated, so there is no person with rights.", _others(party, there))
    raise UserError(f"The project has no {party} {code}.", _others(party, there))


def _others(party: Party, there: str) -> str:
    return f"There are {there}." if there else f"It has no {party}s of whom anything can be recorded."


def every(source: Source) -> list[Consent]:
    """Return everything that is stored, by person and purpose."""
    found = []
    with reading(source) as session:
        rows = session.scalars(select(Row)).all()
        # Asked at each opening, and in most projects nothing is stored.
        known = {(one.party, one.id): one for one in people(session)} if rows else {}
        for row in rows:
            party: Party = "rater" if row.subject_id is None else "subject"
            who = known.get((party, row.subject_id or row.rater_id or 0))
            if who is not None:
                purpose = cast(Purpose, row.purpose)
                found.append(
                    Consent(
                        who, purpose, row.granted, row.until_at, row.withdrawn_at, row.note, row.recorded_by,
                        row.recorded_at,
                    )
                )  # fmt: skip
    order = list(PURPOSES)
    return sorted(found, key=lambda one: (one.person.party == "rater", one.person.code, order.index(one.purpose)))


def set_consent(
    project: Project,
    who: Person,
    purpose: Purpose,
    *,
    granted: bool | None,
    until_at: float | None = None,
    withdrawn_at: float | None = None,
    note: str = "",
    actor: str = "",
) -> Edit:
    """Make the edit that stores a person's answer for a purpose; it can be undone.

    Args:
        project: The open project.
        who: The person.
        purpose: What for.
        granted: Whether the person agreed; None removes the answer, so that it is unknown again.
        until_at: The moment at which the consent ends, seconds since the epoch; None for no end.
        withdrawn_at: The moment from which it was withdrawn; None where it was not.
        note: Where it is written down, for instance.
        actor: Code of the person who enters it.
    """
    with project.read() as session:
        column = Row.subject_id if who.party == "subject" else Row.rater_id
        row = session.scalar(select(Row).where(column == who.id, Row.purpose == purpose))
        before: Values | None = None if row is None else current(session, row, _COLUMNS)
        key = new_uid() if row is None else row.uid
    after: Values | None = None
    if granted is not None:
        after = {
            "person": [who.party, who.uid], "purpose": purpose, "granted": granted, "until_at": until_at,
            "withdrawn_at": withdrawn_at, "note": note, "recorded_by": actor, "recorded_at": now(),
        }  # fmt: skip
    changes = () if before is None and after is None else (RowChange("consent", key, before, after),)
    return Edit(f"Consent of {who.words}", changes, actor)


def raters_behind(source: Source, uids: Collection[str]) -> set[str]:
    """Return the codes of the raters who gave the answers and traces with these uids."""
    wanted, found = sorted(uids), set()
    with reading(source) as session:
        for start in range(0, len(wanted), _CHUNK):
            some = wanted[start : start + _CHUNK]
            for table in (Answer, Trace):
                query = select(Rater.code).join(table, table.rater_id == Rater.id).where(table.uid.in_(some)).distinct()
                found |= set(session.scalars(query))
    return found


def who_judged(source: Source, clip_id: int | None = None) -> set[str]:
    """Return the codes of the raters who gave answers or traces.

    Args:
        source: The project, or a session of it.
        clip_id: Number of the clip that was judged; None for any.
    """
    found: set[str] = set()
    with reading(source) as session:
        for table in (Answer, Trace):
            query = select(Rater.code).join(table, table.rater_id == Rater.id).distinct()
            if clip_id is not None:
                query = query.join(Item, table.item_id == Item.id).where(Item.clip_id == clip_id)
            found |= set(session.scalars(query))
    return found
