"""PINs are stored as costly hashes, and each wrong one lengthens the wait before the next try."""

import hashlib
import hmac
import os
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from db import audit
from db.project import Source, reading, writing
from db.schema import Audit, Rater, now

WRONG: Final = "pin.wrong"
RIGHT: Final = "pin.right"
CHANGED: Final = "rater.pin"
FREE_TRIES: Final = 3
"""Number of wrong PINs in a row that cause no wait, because anybody may mistype."""
LONGEST_WAIT_S: Final = 300.0

COST: tuple[int, int, int] = (1 << 16, 8, 1)
"""scrypt's n, r and p, which cost 64 MiB and, on a desktop of 2024, about 240 ms for each try."""
_MOST_BYTES: Final = 256 << 20
_SALT_BYTES: Final = 16
_LOOK_BACK: Final = 500


def hashed(pin: str, salt: bytes | None = None, cost: tuple[int, int, int] | None = None) -> str:
    """Return the scrypt hash of a PIN with its cost (by default `COST`) and salt, as it is stored."""
    salt = os.urandom(_SALT_BYTES) if salt is None else salt
    n, r, p = COST if cost is None else cost
    key = hashlib.scrypt(pin.encode(), salt=salt, n=n, r=r, p=p, maxmem=_MOST_BYTES, dklen=32)
    return f"scrypt${n}${r}${p}${salt.hex()}${key.hex()}"


def matches(kept: str, pin: str) -> bool:
    """Return whether a PIN is the one whose hash was stored, at the cost that it was stored with."""
    _, n, r, p, salt, _ = kept.split("$")
    return hmac.compare_digest(kept, hashed(pin, bytes.fromhex(salt), (int(n), int(r), int(p))))


def cheap(kept: str) -> bool:
    """Return whether a stored hash costs less than new ones do."""
    return int(kept.split("$")[1]) < COST[0]


def wait_s(source: Source, rater_id: int) -> float:
    """Return the seconds until a rater's PIN may be tried again.

    They double with each wrong PIN after the first few.
    """
    with reading(source) as session:
        wrong, last_at = _wrong_in_a_row(session, rater_id)
    if wrong < FREE_TRIES:
        return 0.0
    pause_s = min(2.0 ** (wrong - FREE_TRIES + 1), LONGEST_WAIT_S)
    return min(max(0.0, last_at + pause_s - now()), pause_s)


def note_try(source: Source, rater_id: int, pin: str, *, right: bool) -> None:
    """Log a try. A right PIN resets the count of wrong ones and replaces a cheap hash of an earlier version."""
    with writing(source) as session:
        if not right:
            audit.add(session, WRONG, {"rater": rater_id})
            return
        if _wrong_in_a_row(session, rater_id)[0]:
            audit.add(session, RIGHT, {"rater": rater_id})
        row = session.get_one(Rater, rater_id)
        if row.pin is not None and cheap(row.pin):
            row.pin = hashed(pin)


def must_note(source: Source, rater_id: int) -> bool:
    """Return whether a right PIN changes anything that is stored; usually a sign-in writes nothing."""
    with reading(source) as session:
        kept = session.get_one(Rater, rater_id).pin
        return kept is not None and (cheap(kept) or bool(_wrong_in_a_row(session, rater_id)[0]))


def _wrong_in_a_row(session: Session, rater_id: int) -> tuple[int, float]:
    """Count the wrong PINs since the last right or new one; the second value is the time of the last."""
    query = select(Audit.action, Audit.detail, Audit.at).where(Audit.action.in_((WRONG, RIGHT, CHANGED)))
    wrong, last_at = 0, 0.0
    for action, detail, at in session.execute(query.order_by(Audit.id.desc()).limit(_LOOK_BACK)):
        if detail.get("rater") != rater_id:
            continue
        if action != WRONG:
            break
        wrong, last_at = wrong + 1, max(last_at, at)
    return wrong, last_at
