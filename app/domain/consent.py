"""What people have agreed to: the subjects who are seen in clips, and the raters whose labels are kept."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from app.errors import UserError

Purpose = Literal["training", "export", "archive", "showing", "keeping"]
Party = Literal["subject", "rater"]
Standing = Literal["unknown", "given", "refused", "expired", "withdrawn"]

PURPOSES: Final[Mapping[Purpose, str]] = {
    "training": "training of models",
    "export": "export to files",
    "archive": "a public archive",
    "showing": "showing to raters and others",
    "keeping": "keeping the data",
}
"""Purpose → what it means, in words. The date of `keeping` is the date by which the person must be erased."""
SHORT: Final[Mapping[Purpose, str]] = {
    "training": "Training",
    "export": "Export",
    "archive": "Archive",
    "showing": "Showing",
    "keeping": "Keeping",
}
"""Purpose → heading of its column."""
PARTIES: Final[Mapping[Party, str]] = {"subject": "Subject", "rater": "Rater"}


@dataclass(frozen=True, order=True)
class Person:
    """A subject or rater.

    Attributes:
        party: Which of the two.
        code: The code.
        uid: Name that never changes.
        id: Number in this project.
    """

    party: Party
    code: str
    uid: str
    id: int

    @property
    def words(self) -> str:
        """The person in a sentence, such as `subject S01`."""
        return f"{self.party} {self.code}"


@dataclass(frozen=True)
class Consent:
    """A person's answer for one purpose.

    Attributes:
        person: Who.
        purpose: What for.
        granted: Whether the person agreed.
        until_at: The moment at which it ends, seconds since the epoch; None for no end.
        withdrawn_at: The moment from which it was withdrawn; None where it was not.
        note: Where it is written down, for instance.
        recorded_by: Who entered it.
        recorded_at: When it was entered.
    """

    person: Person
    purpose: Purpose
    granted: bool
    until_at: float | None = None
    withdrawn_at: float | None = None
    note: str = ""
    recorded_by: str = ""
    recorded_at: float = 0.0

    def standing(self, now: float | None = None) -> Standing:
        """Return what holds at a moment, now by default."""
        now = time.time() if now is None else now
        if self.withdrawn_at is not None and self.withdrawn_at <= now:
            return "withdrawn"
        if not self.granted:
            return "refused"
        return "expired" if self.until_at is not None and self.until_at <= now else "given"

    def words(self, now: float | None = None) -> str:
        """Return what holds at a moment, in words, such as `withdrawn on 2026-03-01`."""
        standing = self.standing(now)
        if standing == "withdrawn":
            return f"withdrawn on {day_of(self.withdrawn_at)}"
        if standing == "expired":
            return f"ended on {last_day(self.until_at)}"
        if standing == "given" and self.until_at is not None:
            return f"given until {last_day(self.until_at)}"
        return standing


@dataclass(frozen=True)
class Refusal:
    """A person whose consent does not cover a purpose.

    Attributes:
        person: Who.
        why: The reason in a few words, such as `withdrawn on 2026-03-01`.
    """

    person: Person
    why: str

    @property
    def words(self) -> str:
        """The person with the reason."""
        return f"{self.person.words} ({self.why})"


def day_of(moment: float | None) -> str:
    """Return a moment's day in local time, such as `2026-03-01`; empty for None."""
    return "" if moment is None else time.strftime("%Y-%m-%d", time.localtime(moment))


def end_of(day: str) -> float | None:
    """Return the end of a day in local time, seconds since the epoch; None for an empty text.

    Args:
        day: A date such as `2026-03-01`.

    Raises:
        UserError: It is no date.
    """
    if not day.strip():
        return None
    try:
        parts = time.strptime(day.strip(), "%Y-%m-%d")
        return time.mktime((parts.tm_year, parts.tm_mon, parts.tm_mday + 1, 0, 0, 0, 0, 0, -1))
    except (ValueError, OverflowError) as error:
        raise UserError(f"“{day}” is not a date.", "Write it as in 2026-12-31.") from error


def last_day(moment: float | None) -> str:
    """Return the day that `end_of` ends: the last day on which something holds; empty for None."""
    return "" if moment is None else day_of(moment - 1.0)
