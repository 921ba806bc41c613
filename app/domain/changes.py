"""Changes by a write, and edits that can be undone, as data that a database, a test or a window can read.

Writers note changes (`app.ledger`), jobs tell them, and each view loads its own part again.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any, Final, Literal, TypeAlias

Kind: TypeAlias = Literal[
    "answer",
    "clip",
    "consent",
    "exclusion",
    "face",
    "gap_reason",
    "gold",
    "item",
    "model",
    "note",
    "note_category",
    "presentation",
    "rater",
    "reason_word",
    "run",
    "setting",
    "settings",
    "slot",
    "study",
    "subject",
    "trace",
    "training",
]
"""Kinds of things that change. "setting" is one of a project, "settings" are the user's own; "model" also stands for
which model is in use, "run" for predictions with their face tracks, "slot" for the assignment of a study. "face" is of
edits that say whose face a track is; they are told as "subject", because they change who is seen in items."""

SOME: Final = 0
"""Stands for a row's number where it is only known that rows of the kind have changed; numbers begin at 1."""


@dataclass(frozen=True)
class Changes:
    """The rows that have changed.

    Attributes:
        touched: Pairs of a kind and a row's number, or `SOME`.
    """

    touched: frozenset[tuple[Kind, int]] = field(default_factory=frozenset)

    @classmethod
    def of(cls, kind: Kind, *ids: int) -> "Changes":
        """Return changes of one kind: of these rows, or of some rows if none are named."""
        return cls(frozenset((kind, number) for number in ids or (SOME,)))

    @classmethod
    def all_of(cls, parts: Iterable["Changes"]) -> "Changes":
        """Return several changes as one."""
        return cls(frozenset().union(*(part.touched for part in parts)))

    @property
    def kinds(self) -> frozenset[Kind]:
        """The kinds that changed."""
        return frozenset(kind for kind, _ in self.touched)

    def ids(self, kind: Kind) -> frozenset[int]:
        """Return the numbers of the rows of one kind that changed, as far as they are known."""
        return frozenset(number for name, number in self.touched if name == kind and number != SOME)

    def touches(self, *kinds: Kind) -> bool:
        """Return whether anything of these kinds changed, so that a view of them must load again."""
        return not self.kinds.isdisjoint(kinds)

    def __or__(self, other: "Changes") -> "Changes":
        return Changes(self.touched | other.touched)

    def __bool__(self) -> bool:
        return bool(self.touched)


Values: TypeAlias = dict[str, Any]
"""Columns of a row, or references spelt by what never changes, with their values."""


@dataclass(frozen=True)
class RowChange:
    """The change of one row, with its values before and after.

    Attributes:
        kind: The kind of the row.
        key: The permanent name of the row: a clip's SHA-256, a setting's key, a uid.
        before: Values expected now; None if there is no row yet.
        after: Values wanted; None if the row is to be deleted.
    """

    kind: Kind
    key: str
    before: Values | None
    after: Values | None

    def inverse(self) -> "RowChange":
        """Return the way back."""
        return RowChange(self.kind, self.key, self.after, self.before)


@dataclass(frozen=True)
class Edit:
    """A change with its way back, as data.

    Attributes:
        title: For menus: "Undo TITLE".
        changes: Applied in this order, all or none.
        reason: Why, where one was asked for.
        actor: Code of who does it, empty for the program's owner.
        undoes: Whether it takes something back.
    """

    title: str
    changes: tuple[RowChange, ...]
    reason: str = ""
    actor: str = ""
    undoes: bool = False

    def inverse(self) -> "Edit":
        """Return what undoes it."""
        back = tuple(change.inverse() for change in reversed(self.changes))
        return replace(self, changes=back, undoes=not self.undoes)

    def to_json(self) -> dict[str, Any]:
        """Return the title, changes, reason and direction as plain values, for the audit log and the rescue file."""
        told: dict[str, Any] = {
            "title": self.title,
            "changes": [{"kind": c.kind, "key": c.key, "before": c.before, "after": c.after} for c in self.changes],
        }
        if self.reason:
            told["reason"] = self.reason
        if self.undoes:
            told["undoes"] = True
        return told
