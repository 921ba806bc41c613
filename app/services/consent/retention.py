"""Dates by which people must be erased: who is due, as a reminder when a project is opened."""

from __future__ import annotations

import time
from typing import Final

import db.consent
from app.domain.consent import Consent, last_day
from app.errors import UserError
from db.project import Source

SOON_S: Final = 30 * 86400.0
"""So long before its date a person is named."""
_NAMED: Final = 6


def due(source: Source, now: float | None = None) -> UserError | None:
    """Return a reminder of people who must be erased, or soon; None where nobody is.

    Args:
        source: The project, or a session of it.
        now: Seconds since the epoch; None for the present.
    """
    now = time.time() if now is None else now
    keeping = [one for one in db.consent.every(source) if one.purpose == "keeping"]
    over = [one for one in keeping if one.standing(now) != "given"]
    soon = [one for one in keeping if one not in over and one.until_at is not None and one.until_at - now < SOON_S]
    if not over and not soon:
        return None
    said = []
    if over:
        said.append(f"The data of {_names(over, now)} may not be kept any longer.")
    if soon:
        said.append(f"Soon it may not be kept any longer: {_names(soon, now)}.")
    return UserError(
        " ".join(said),
        "Erase them under File → People and consent….",
        "Erase them with `affectograph erase`; without --yes it only lists what would go.",
    )


def _names(people: list[Consent], now: float) -> str:
    told = [
        f"{one.person.words} ({f'until {last_day(one.until_at)}' if one.standing(now) == 'given' else one.words(now)})"
        for one in people
    ]
    more = f" and {len(told) - _NAMED} more" if len(told) > _NAMED else ""
    return ", ".join(told[:_NAMED]) + more
