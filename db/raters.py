"""Raters, their PINs and decisions about them. Names are stored apart and are only returned one by one."""

from collections.abc import Collection
from datetime import UTC, datetime
from typing import Any, cast

from sqlalchemy import select

from app.domain.project import RaterRecord, Role
from app.domain.ratings import Exclusion
from app.errors import UserError
from db import audit, files, pins
from db.project import Source, reading, writing
from db.schema import Exclusion as ExclusionRow
from db.schema import Rater, RaterName


def _record(row: Rater) -> RaterRecord:
    return RaterRecord(
        id=row.id,
        uid=row.uid,
        code=row.code,
        role=cast(Role, row.role),
        simulated=row.simulated,
        simulation=dict(row.simulation),
        has_pin=row.pin is not None,
        lag_s=row.lag_s,
        active=row.active,
        created_at=row.created_at,
    )


def add(
    source: Source,
    code: str,
    role: Role = "rater",
    *,
    simulation: dict[str, Any] | None = None,
    uid: str | None = None,
) -> RaterRecord:
    """Add a rater, or return the one of this code.

    Args:
        source: The project, or a session of it, to write to.
        code: A pseudonym, not the name.
        role: "rater", "reviewer" or "owner".
        simulation: The parameters of a simulated rater; they mark the rater as simulated for good.
        uid: The uid that another machine gave; None makes a new one.

    Raises:
        UserError: The code is empty, or taken by a real rater while a simulated one is asked for (or the reverse).
    """
    code = code.strip()
    if not code:
        raise UserError("A rater needs a code.", "Enter a short pseudonym, such as R01.")
    with writing(source) as session:
        row = session.scalar(select(Rater).where(Rater.code == code))
        if row is None:
            row = Rater(code=code, role=role, simulated=simulation is not None, simulation=simulation or {})
            if uid is not None:
                row.uid = uid
            session.add(row)
            session.flush()
        elif row.simulated != (simulation is not None):
            kind = "a simulated" if row.simulated else "a real"
            raise UserError(f"{code} is {kind} rater already.", "Choose another code.")
        return _record(row)


def every(source: Source, *, active_only: bool = False, roles: Collection[Role] | None = None) -> list[RaterRecord]:
    """Return the raters, ordered by code; if roles are given, only raters with one of them."""
    query = select(Rater).order_by(Rater.code)
    if roles is not None:
        query = query.where(Rater.role.in_(roles))
    with reading(source) as session:
        return [_record(row) for row in session.scalars(query.where(Rater.active) if active_only else query)]


def get(source: Source, rater_id: int) -> RaterRecord:
    """Return one rater by number.

    Raises:
        KeyError: The rater does not exist.
    """
    with reading(source) as session:
        row = session.get(Rater, rater_id)
        if row is None:
            raise KeyError(f"no rater {rater_id}")
        return _record(row)


def by_code(source: Source, code: str) -> RaterRecord | None:
    """Return the rater with this code; None where there is none."""
    with reading(source) as session:
        row = session.scalar(select(Rater).where(Rater.code == code.strip()))
        return None if row is None else _record(row)


def set_name(source: Source, rater_id: int, name: str, contact: str = "") -> None:
    """Store the name behind a code; an empty name deletes it. The audit log notes the change without the name."""
    with writing(source) as session:
        row = session.get(RaterName, rater_id)
        if not name.strip():
            if row is not None:
                session.delete(row)
        elif row is None:
            session.add(RaterName(rater_id=rater_id, name=name.strip(), contact=contact))
        else:
            row.name, row.contact = name.strip(), contact
        audit.add(session, "rater.name", {"rater": rater_id})


def name(source: Source, rater_id: int) -> str:
    """Return the name behind a code; empty where none was stored."""
    with reading(source) as session:
        row = session.get(RaterName, rater_id)
        return "" if row is None else row.name


def set_lag(source: Source, rater_id: int, lag_s: float | None) -> None:
    """Store the reaction lag measured on the calibration clip, in seconds; None deletes it."""
    with writing(source) as session:
        session.get_one(Rater, rater_id).lag_s = lag_s


def set_pin(source: Source, rater_id: int, pin: str) -> None:
    """Ask for a PIN from now on; an empty one removes the question. Only the scrypt hash of a PIN is stored.

    From the first PIN on, only the owner of the project's file may read and write it, because anybody who can copy the
    file could soon guess short PINs from their hashes.

    Raises:
        UserError: The file's rights cannot be changed; the PIN is set nevertheless.
    """
    hashed = pins.hashed(pin) if pin else None
    with writing(source) as session:
        first = hashed is not None and session.scalar(select(Rater.id).where(Rater.pin.is_not(None)).limit(1)) is None
        session.get_one(Rater, rater_id).pin = hashed
        audit.add(session, pins.CHANGED, {"rater": rater_id, "set": bool(pin)})
        path = session.info.get("path")
    if first and path is not None:
        files.make_private(path)


def check_pin(source: Source, rater_id: int, pin: str) -> bool:
    """Return whether a PIN is right, or none is asked for.

    Callers that sign somebody in count the tries with `db.pins`.
    """
    with reading(source) as session:
        kept = session.get_one(Rater, rater_id).pin
    return kept is None or pins.matches(kept, pin)


def exclusions(source: Source) -> tuple[Exclusion, ...]:
    """Return the raters that are left out of analyses, with the reasons.

    `edits.exclude_rater` and `include_rater` change them.
    """
    query = select(ExclusionRow, Rater.code).join(Rater, ExclusionRow.rater_id == Rater.id).order_by(ExclusionRow.id)
    with reading(source) as session:
        return tuple(
            Exclusion(code, row.reason, row.decided_by, datetime.fromtimestamp(row.decided_at, UTC).isoformat())
            for row, code in session.execute(query)
        )
