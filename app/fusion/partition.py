"""Which people choose the weights of a fusion, and which are its result.

Whatever trained a member cannot choose its weight, and what chose weights is never the result. A person who stands in
the way is named, with the member that saw this person.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from app.domain.words import joined, many
from app.errors import UserError
from app.fusion.table import CLEAN, UNSEEN, Kind, MemberTable

PartitionName = Literal["folds", "three_parts", "nested", "as_in_d"]
Reason = Literal["saw", "stopped", "no"]
PARTITIONS: Final[dict[PartitionName, str]] = {
    "folds": "weights from the members' cross-validation, result on people held out from everything",
    "three_parts": "of the people whom no member has seen, some choose the weights and the others are the result",
    "nested": "every fold of people is the result of weights that the other people chose",
    "as_in_d": "as in Kahou et al. 2015: the people who stopped the trainings also choose the weights",
}
WARNING_AS_IN_D: Final = (
    "As in D: the people who decided when the members' trainings stopped also choose the weights, as in the first two "
    "submissions of Kahou et al. 2015. The members look better on them than on new people, and the weights follow "
    "that. Only the held-out people tell how good the fusion is."
)
ALLOWED: Final[dict[PartitionName, tuple[Kind, ...]]] = {
    "folds": CLEAN,
    "three_parts": UNSEEN,
    "nested": CLEAN,
    "as_in_d": (Kind.STOPPED,),
}
"""The kinds of predictions that choose weights in each partition."""
LEAST_PEOPLE: Final = 2
"""Fewest people who may choose weights, and fewest who may be the result."""
SHARE: Final = 0.5
"""Share of the people in three parts who choose weights."""


@dataclass(frozen=True)
class InTheWay:
    """People of whom a member may not be asked.

    Attributes:
        member: Name of the member.
        subjects: Present names of the people.
        reason: "saw" them in its training, was "stopped" by them, or has "no" predictions of them.
    """

    member: str
    subjects: tuple[str, ...]
    reason: Reason

    @property
    def sentence(self) -> str:
        """The fact for people, with all names."""
        return _told((self.member,), self.subjects, self.reason)


def sentences(in_the_way: Sequence[InTheWay]) -> list[str]:
    """Return the facts for people, with members joined that the same people stand in the way of.

    Example:
        >>> sentences([InTheWay("face", ("S1",), "saw"), InTheWay("voice", ("S1",), "saw")])
        ['face and voice learned from S1.']
    """
    by: dict[tuple[tuple[str, ...], Reason], list[str]] = {}
    for each in in_the_way:
        by.setdefault((each.subjects, each.reason), []).append(each.member)
    return [_told(members, people, reason) for (people, reason), members in by.items()]


def _told(members: Sequence[str], subjects: Sequence[str], reason: Reason) -> str:
    who = joined(members)
    names = ", ".join(subjects)
    if reason == "saw":
        return f"{who} learned from {names}."
    if reason == "stopped":
        return f"The training of {who} was stopped by {names}."
    return f"{who} {'have' if len(members) > 1 else 'has'} no predictions of {names}."


@dataclass(frozen=True, eq=False)
class Deal:
    """One choice of weights and its result.

    Attributes:
        search: Numbers of the items that choose the weights.
        result: Numbers of the items on which these weights are scored.
    """

    search: NDArray[np.int64]
    result: NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Partition:
    """The deals of a fusion.

    Attributes:
        name: See `PARTITIONS`.
        search: Numbers of the items that choose the weights of the fused model.
        deals: One deal, or one for each fold of people; no person is in both parts of a deal.
        in_the_way: People who take no part because of a member.
        warning: A sentence to be shown with the result; empty without one.
    """

    name: PartitionName
    search: NDArray[np.int64]
    deals: tuple[Deal, ...]
    in_the_way: tuple[InTheWay, ...]
    warning: str = ""

    @property
    def result(self) -> NDArray[np.int64]:
        """Numbers of all items of the result, in order."""
        return np.sort(np.concatenate([deal.result for deal in self.deals]))


def dealt(
    table: MemberTable,
    name: PartitionName,
    *,
    seed: int = 0,
    folds: int = 5,
    weighting: Sequence[str] = (),
    leave_out: bool = False,
) -> Partition:
    """Deal people into those who choose weights and those who are the result.

    Args:
        table: The predictions of the members.
        name: See `PARTITIONS`.
        seed: Equal seeds deal equally.
        folds: Number of folds of "nested".
        weighting: Names of the people who shall choose the weights; empty takes all whom the partition allows.
        leave_out: Whether people who stand in the way are left out instead of refused.

    Raises:
        UserError: A member saw people who shall choose its weight, who are named; or too few people remain.
    """
    _known(table, weighting)
    allowed = ALLOWED[name]
    people = [person for person in table.people if _labelled(table, person)]
    unseen = _people(table, UNSEEN)
    free = [person for person in people if person in unseen and person not in weighting]
    if name == "three_parts":
        asked = list(weighting) or sorted(_part(free, round(SHARE * len(free)), seed))
        result = [person for person in free if person not in asked]
    else:
        result = [] if name == "nested" else free
        rest = [person for person in people if person not in result]
        asked = list(weighting) or (_stopped(table, rest) if name == "as_in_d" else rest)
    refusal = _in_the_way(table, asked, allowed)
    outside = [person for person in people if person not in asked and person not in result]
    in_the_way = (*refusal, *_in_the_way(table, outside, allowed))
    blocked = {person for each in refusal for person in each.subjects}
    if blocked and not leave_out:
        raise UserError(_refusal(refusal, name), _advice(name))
    asked = [person for person in asked if person not in blocked]
    if len(asked) < LEAST_PEOPLE or (name != "nested" and len(result) < LEAST_PEOPLE):
        raise UserError(
            f"{many(len(asked), 'person', 'people')} could choose the weights and {len(result)} could be the result; "
            f"{LEAST_PEOPLE} are needed for each. {_refusal(in_the_way, name)}".strip(),
            _advice(name),
        )
    rows = _rows(table, asked)
    deals = _nested(table, asked, folds, seed) if name == "nested" else (Deal(rows, _rows(table, result)),)
    return Partition(name, rows, deals, in_the_way, WARNING_AS_IN_D if name == "as_in_d" else "")


def _known(table: MemberTable, names: Sequence[str]) -> None:
    strangers = [name for name in names if name not in table.people]
    if strangers:
        raise UserError(
            f"No item that the members have in common shows {', '.join(strangers)}.",
            f"Choose among {', '.join(table.people)}.",
        )


def _labelled(table: MemberTable, person: str) -> bool:
    mine = np.array([name == person for name in table.subjects])
    return bool((mine & table.labelled).any())


def _people(table: MemberTable, kinds: Sequence[Kind]) -> set[str]:
    """Return the people of whom no member has a prediction of another kind, and every member has some."""
    good = np.isin(table.kind, [int(kind) for kind in kinds])
    none = table.kind == int(Kind.NONE)
    found = set()
    for number, person in enumerate(table.people):
        mine = table.who == number
        if (good | none)[:, mine].all() and good[:, mine].any(axis=1).all():
            found.add(person)
    return found


def _stopped(table: MemberTable, people: Sequence[str]) -> list[str]:
    """Return the people who stopped the training of some member and whom no member was trained on."""
    found = []
    for person in people:
        mine = np.array([name == person for name in table.subjects])
        kinds = table.kind[:, mine]
        if (kinds == Kind.STOPPED).any() and not (kinds == Kind.SEEN).any():
            found.append(person)
    return found


def _in_the_way(table: MemberTable, people: Sequence[str], allowed: Sequence[Kind]) -> tuple[InTheWay, ...]:
    """Return which members have something other than allowed kinds of predictions of some people."""
    codes = [int(kind) for kind in (*allowed, Kind.NONE)]
    wanted = set(people)
    found = []
    for number, member in enumerate(table.members):
        by: dict[Reason, list[str]] = {"saw": [], "stopped": [], "no": []}
        for place, person in enumerate(table.people):
            if person not in wanted:
                continue
            kinds = table.kind[number, table.who == place]
            wrong = kinds[~np.isin(kinds, codes)]
            if np.isin(wrong, [int(Kind.SEEN), int(Kind.OUT_OF_FOLD)]).any():
                by["saw"].append(person)
            elif (wrong == Kind.STOPPED).any():
                by["stopped"].append(person)
            elif len(wrong) or (kinds == Kind.NONE).all():
                by["no"].append(person)
        found += [InTheWay(member, tuple(names), reason) for reason, names in by.items() if names]
    return tuple(found)


def _refusal(in_the_way: Sequence[InTheWay], name: PartitionName) -> str:
    if not in_the_way:
        return ""
    rule = "" if name == "as_in_d" else " Whoever trained a member cannot choose its weight."
    return " ".join(sentences(in_the_way)) + rule


def _advice(name: PartitionName) -> str:
    if name == "three_parts":
        return "Hold out more people when you train the members, or take the partition “folds”."
    if name == "as_in_d":
        return "Choose members that were trained with the same split, or take the partition “folds”."
    return (
        "Train that member with cross-validation (folds), leave it out, or leave these people out "
        "(--leave-out). The partition “three_parts” needs only people whom no member has seen."
    )


def _part(people: Sequence[str], count: int, seed: int) -> list[str]:
    order = np.random.default_rng([seed, 811]).permutation(len(people))
    return [people[place] for place in order[:count]]


def _rows(table: MemberTable, people: Sequence[str]) -> NDArray[np.int64]:
    wanted = set(people)
    mine = np.array([name in wanted for name in table.subjects], np.bool_)
    return np.flatnonzero(mine & table.labelled)


def _nested(table: MemberTable, people: Sequence[str], folds: int, seed: int) -> tuple[Deal, ...]:
    mixed = _part(people, len(people), seed)
    folds = max(min(folds, len(mixed)), 2)
    parts = [mixed[number::folds] for number in range(folds)]
    return tuple(
        Deal(_rows(table, [person for person in people if person not in part]), _rows(table, part))
        for part in parts
        if part
    )
