"""Where people and the model part: moments with the gap between them, and the reasons that somebody gave for it.

A reason is a word from a list that belongs to the project, with a remark. It is no judgement and counts in no estimate;
reports count how often each reason was given. Raters never see reasons, because they tell what others judged.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

from app.domain.changes import Edit, RowChange
from app.errors import UserError

CATEGORY: Final = "category"
"""What a gap is about where people gave categories."""
USUAL: Final = (
    "People follow the context", "Model follows the mouth", "Face turned or covered", "Poor picture",
    "Speech moves the face", "People come late", "Mixed or masked feeling", "People disagree", "Model is wrong",
)  # fmt: skip
"""The reasons that a project without a list of its own is offered."""
MOST_REASONS: Final = 9
"""Number of reasons that have a key, 1 to 9."""


@dataclass(frozen=True)
class Gap:
    """A moment or an item on which people and the model part.

    Attributes:
        item: Name of the item.
        item_id: Number of the item in this project.
        clip_id: Number of its clip.
        condition: Viewing condition in which people judged.
        what: `valence` or `arousal`, a rated emotion, or `category`.
        start_s: Beginning in seconds on the clip's PTS axis.
        end_s: End; not before the beginning.
        people: Mean of people: −1 to 1 for traces, points of the scale, or the share of people with the commonest
            category.
        model: The model's value in the same unit; for a category its probability of people's commonest one.
        spread: Standard deviation of single people in the same unit, drawn towards that of all items; for a category
            that of one person's saying it or not.
        size: How far the model is from people, in spreads; at least 0.
        n_raters: Number of people.
        name: Name of the model.
    """

    item: str
    item_id: int
    clip_id: int
    condition: str
    what: str
    start_s: float
    end_s: float
    people: float
    model: float
    spread: float
    size: float
    n_raters: int
    name: str


@dataclass(frozen=True)
class GapReason:
    """Why people and the model part at a moment, as somebody saw it.

    Attributes:
        uid: Name that is the same on all machines.
        item_uid: The item's name that is the same on all machines.
        condition: Viewing condition in which people judged.
        what: `valence` or `arousal`, a rated emotion, or `category`.
        start_s: Beginning in seconds on the clip's PTS axis.
        end_s: End; not before the beginning.
        people: What people gave, see `Gap`.
        model_value: What the model gave.
        size: How far they were apart, in people's spreads.
        model: Name of the model.
        reason: The word.
        text: A remark; may be empty.
        author: Code of the person who gave it; empty if nobody was signed in.
        made_at: When it was given, in seconds since the epoch, UTC.
    """

    uid: str
    item_uid: str
    condition: str
    what: str
    start_s: float
    end_s: float
    people: float
    model_value: float
    size: float
    model: str
    reason: str
    text: str
    author: str
    made_at: float

    def values(self) -> dict[str, Any]:
        """Return what the project stores of it, with the item named by its uid."""
        kept = asdict(self)
        del kept["uid"], kept["item_uid"]
        return {"item": self.item_uid, **kept}

    def explains(self, gap: Gap, item_uid: str) -> bool:
        """Whether it was given for a gap: of the same item, condition and quantity, at a time that overlaps."""
        same = (self.item_uid, self.condition, self.what) == (item_uid, gap.condition, gap.what)
        return same and self.start_s <= gap.end_s and gap.start_s <= self.end_s


@dataclass(frozen=True)
class ReasonWord:
    """One word of a project's list of reasons.

    Attributes:
        uid: Name that is the same on all machines.
        name: The word, unique in the project.
        position: Order in the list; the first nine have the keys 1 to 9.
    """

    uid: str
    name: str
    position: int

    def values(self) -> dict[str, Any]:
        """Return what the project stores of it."""
        return {"name": self.name, "position": self.position}


@dataclass(frozen=True)
class ReasonCount:
    """How often a reason was given.

    Attributes:
        reason: The word.
        condition: Viewing condition in which people judged.
        what: `valence` or `arousal`, a rated emotion, or `category`.
        n: Number of moments.
        n_items: Number of different items.
        mean_size: Mean of the gaps, in people's spreads.
    """

    reason: str
    condition: str
    what: str
    n: int
    n_items: int
    mean_size: float


def giving(reasons: Sequence[GapReason], before: Sequence[GapReason] = (), actor: str = "") -> Edit | None:
    """Return the edit after which these reasons stand instead of earlier ones; None if nothing would change.

    Args:
        reasons: The reasons to add.
        before: Reasons of the same moments that go.
        actor: Code of the person who gives them.
    """
    changes = [RowChange("gap_reason", one.uid, one.values(), None) for one in before]
    changes += [RowChange("gap_reason", one.uid, None, one.values()) for one in reasons]
    if not changes:
        return None
    title = f"Give the reason “{reasons[0].reason}”" if reasons else "Take a reason back"
    return Edit(title, tuple(changes), actor=actor)


def list_edit(
    before: Sequence[ReasonWord], wanted: Sequence[ReasonWord], given: Sequence[GapReason], actor: str = ""
) -> Edit | None:
    """Return the edit after which the project has this list; None if it has it already.

    Where a word is renamed, the reasons that were given are renamed with it. Those of a deleted word stay as they are.

    Args:
        before: The list as the project has it.
        wanted: The list in its order; words keep their uid.
        given: All reasons that were given.
        actor: Code of the person who changes it.

    Raises:
        UserError: There is no word, a word is empty, or two are the same.
    """
    if not wanted:
        raise UserError("A list of reasons needs at least one.", "Add a word.")
    names = [one.name.strip() for one in wanted]
    twice = next((one for one in names if [n.casefold() for n in names].count(one.casefold()) > 1), None)
    if not all(names) or twice is not None:
        what = "A reason needs a word." if not all(names) else f"Two reasons are called “{twice}”."
        raise UserError(what, "Give each reason a word of its own.")
    wanted = [ReasonWord(one.uid, name, at) for at, (one, name) in enumerate(zip(wanted, names, strict=True))]
    there = {one.uid: one for one in before}
    kept = {one.uid for one in wanted}
    changes = [RowChange("reason_word", uid, one.values(), None) for uid, one in there.items() if uid not in kept]
    for one in wanted:
        old = there.get(one.uid)
        if old is None:
            changes.append(RowChange("reason_word", one.uid, None, one.values()))
        elif old != one:
            changes.append(RowChange("reason_word", one.uid, old.values(), one.values()))
        if old is not None and old.name != one.name:
            changes += [
                RowChange("gap_reason", reason.uid, {"reason": old.name}, {"reason": one.name})
                for reason in given if reason.reason == old.name
            ]  # fmt: skip
    return Edit("Change the list of reasons", tuple(changes), actor=actor) if changes else None


def counted(reasons: Iterable[GapReason]) -> tuple[ReasonCount, ...]:
    """Count reasons by word, condition and quantity, those given most often first."""
    found: dict[tuple[str, str, str], list[GapReason]] = {}
    for one in reasons:
        found.setdefault((one.reason, one.condition, one.what), []).append(one)
    each = [
        ReasonCount(*key, len(some), len({one.item_uid for one in some}), sum(one.size for one in some) / len(some))
        for key, some in found.items()
    ]
    of_word: Counter[str] = Counter()
    for count in each:
        of_word[count.reason] += count.n
    return tuple(sorted(each, key=lambda c: (-of_word[c.reason], c.reason, c.condition, c.what)))
