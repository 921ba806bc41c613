"""Who has agreed to what, who must be left out of what, and how people are told."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Final, Literal

import db.consent
import db.edits
import db.settings
from app.domain.changes import Edit
from app.domain.consent import PURPOSES, Consent, Party, Person, Purpose, Refusal, end_of
from app.domain.ratings import Exclusion
from app.errors import UserError
from db.project import Project, Source

REQUIRED: Final = "rights.consent_required"
"""Setting of a project: whether people of whom nothing is recorded are left out as well."""
Way = Literal["rows", "numbers", "clip", "none"]
"""How people are left out: their rows are; numbers are computed again without them; the clip is; or they cannot be."""
_WAYS: Final[dict[Way, tuple[str, str]]] = {
    "rows": ("Continue without these people, ", "Continue without these people (--without-refused), "),
    "numbers": (
        "Leave these people out and compute again, ", "Leave these people out and compute again (--without-refused), "
    ),
    "clip": ("Leave the clip out, ", "Leave the clip out, "),
    "none": ("", ""),
}  # fmt: skip
"""The way → what it is called in the window and at the command line."""
_NAMED: Final = 6
"""So many people are named one by one in a message."""


@dataclass(frozen=True)
class PersonRow:
    """A person with everything that is recorded.

    Attributes:
        person: The person.
        consents: The answers by purpose.
    """

    person: Person
    consents: dict[Purpose, Consent]

    def words(self, purpose: Purpose) -> str:
        """Return what holds for a purpose, in words."""
        found = self.consents.get(purpose)
        return "unknown" if found is None else found.words()


class Uncovered(UserError):
    """The error for work that consent does not cover.

    Attributes:
        refusals: The people, each with the reason.
        way: How these people are left out.
    """

    def __init__(self, purpose: Purpose, refusals: Collection[Refusal], *, way: Way = "rows") -> None:
        told = sorted(one.words for one in refusals)
        more = f" and {len(told) - _NAMED} more" if len(told) > _NAMED else ""
        without, at_command_line = _WAYS[way]
        either = "or record" if without else "Record"
        super().__init__(
            f"Consent does not cover {PURPOSES[purpose]} for {', '.join(told[:_NAMED])}{more}.",
            f"{without}{either} their consent under File → People and consent….",
            f"{at_command_line}{either} their consent (`affectograph consent set`).",
        )
        self.way = way
        self.purpose = purpose
        self.refusals = tuple(refusals)

    def __reduce__(self) -> tuple[Any, ...]:
        return (partial(Uncovered, way=self.way), (self.purpose, self.refusals))


@dataclass(frozen=True)
class Allowed:
    """Who may take part in something.

    Attributes:
        purpose: What for.
        refused: People whom consent does not cover.
        without: Whether they are left out; otherwise work with them is refused.
    """

    purpose: Purpose
    refused: tuple[Refusal, ...]
    without: bool

    def only(self, party: Party, codes: Collection[str]) -> Allowed:
        """Return the same of some people alone, for work in which nobody else has a part.

        Args:
            party: Whether they are subjects or raters.
            codes: Their codes; others among them do not matter.
        """
        refused = (one for one in self.refused if one.person.party == party and one.person.code in codes)
        return replace(self, refused=tuple(refused))

    def _of(self, party: Party) -> dict[str, Refusal]:
        return {one.person.code: one for one in self.refused if one.person.party == party}

    @property
    def subjects(self) -> frozenset[str]:
        """Codes of the subjects whom consent does not cover."""
        return frozenset(self._of("subject"))

    @property
    def raters(self) -> frozenset[str]:
        """Codes of the raters whom consent does not cover."""
        return frozenset(self._of("rater"))

    def require(self, *, subjects: Iterable[str] = (), raters: Iterable[str] = ()) -> None:
        """Refuse work on people whom consent does not cover, unless they are left out.

        Raises:
            Uncovered: There are some, and nobody said to go on without them; it names subjects and raters at once.
        """
        known = (self._of("subject"), self._of("rater"))
        found = [
            of[code] for of, codes in zip(known, (subjects, raters), strict=True) for code in set(codes) & of.keys()
        ]
        if found and not self.without:
            raise Uncovered(self.purpose, found)

    @property
    def note(self) -> str:
        """A sentence on who was left out; empty for nobody."""
        if not (self.refused and self.without):
            return ""
        told = ", ".join(sorted(one.words for one in self.refused)[:_NAMED])
        return f"Left out, because consent does not cover {PURPOSES[self.purpose]}: {told}."


NOBODY: Final = Allowed("training", (), without=True)
"""Nobody is left out."""


def exclusions(may: Allowed) -> tuple[Exclusion, ...]:
    """Return the raters whom consent does not cover as exclusions, for what is computed from labels."""
    refused = (one for one in may.refused if one.person.party == "rater")
    return tuple(
        Exclusion(one.person.code, f"consent does not cover {PURPOSES[may.purpose]}: {one.why}") for one in refused
    )


def allowed(source: Source, purpose: Purpose, *, without: bool = False) -> Allowed:
    """Return who may take part in something now.

    A person of whom nothing is recorded may, unless the project requires recorded consent (`REQUIRED`).

    Args:
        source: The project, or a session of it.
        purpose: What for.
        without: Whether to leave out the others rather than to refuse.
    """
    recorded = [one for one in db.consent.every(source) if one.purpose == purpose]
    refused = [Refusal(one.person, one.words()) for one in recorded if one.standing() != "given"]
    if db.settings.get(source, REQUIRED, False):
        known = {one.person.uid for one in recorded}
        refused += [Refusal(one, "nothing recorded") for one in db.consent.people(source) if one.uid not in known]
    return Allowed(purpose, tuple(refused), without)


def find_person(source: Source, party: Party, code: str) -> Person:
    """Return the subject or rater with a code.

    Raises:
        UserError: There is none.
    """
    return db.consent.person(source, party, code)


def people_rows(source: Source) -> list[PersonRow]:
    """Return all subjects and raters with what is recorded."""
    found: dict[str, dict[Purpose, Consent]] = {}
    for one in db.consent.every(source):
        found.setdefault(one.person.uid, {})[one.purpose] = one
    return [PersonRow(one, found.get(one.uid, {})) for one in db.consent.people(source)]


def consent_edit(
    project: Project,
    person: Person,
    purposes: Collection[Purpose],
    *,
    granted: bool | None,
    until: str = "",
    withdrawn_at: float | None = None,
    note: str = "",
    actor: str = "",
) -> Edit:
    """Make the edit that records a person's answer for some purposes at once.

    Args:
        project: The open project.
        person: The person.
        purposes: What for.
        granted: Whether the person agreed; None forgets the answer.
        until: The last day on which it holds, such as `2026-12-31`; empty for no end.
        withdrawn_at: When it was withdrawn, seconds since the epoch; None where it was not.
        note: Where it is written down.
        actor: Code of the person who records it.

    Raises:
        UserError: The date is none.
    """
    edits = [
        db.consent.set_consent(
            project, person, purpose, granted=granted, until_at=end_of(until), withdrawn_at=withdrawn_at, note=note,
            actor=actor,
        )
        for purpose in purposes
    ]  # fmt: skip
    return Edit(f"Consent of {person.words}", tuple(change for edit in edits for change in edit.changes), actor)


def record(project: Project, edit: Edit) -> None:
    """Store what `consent_edit` made."""
    db.edits.apply(project, edit)


def required(source: Source) -> bool:
    """Return whether people of whom nothing is recorded are left out, too."""
    return bool(db.settings.get(source, REQUIRED, False))


def require_recorded(project: Project, wanted: bool) -> None:
    """Choose whether people of whom nothing is recorded are left out, too."""
    db.edits.apply(project, db.edits.change_setting(project, REQUIRED, True if wanted else None))
