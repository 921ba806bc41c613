"""Who rated what: the same raters in two conditions, different ones, or some of both."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from app.domain.words import many

Kind = Literal["within", "between", "mixed", "unknown"]

MAX_KEYS = 50_000_000
MOSTLY_SHARED = 2 / 3
"""From this share of raters in both conditions a mixed design is analysed like one within raters, and says so."""

WORDS: dict[Kind, str] = {
    "within": "within raters: the same raters in both conditions",
    "between": "between raters: different raters in each condition",
    "mixed": "mixed: some raters in both conditions, some in one",
    "unknown": "not known: the votes do not name their raters",
}


@dataclass(frozen=True)
class Design:
    """The raters of two conditions.

    Attributes:
        a: first condition.
        b: second condition.
        kind: within raters, between raters, mixed, or unknown where raters are not named.
        only_a: raters in the first condition only.
        only_b: raters in the second condition only.
        both: raters in both.
        exchangeable: ratings are known by rater, so that raters can be exchanged between the conditions.
    """

    a: str
    b: str
    kind: Kind
    only_a: int = 0
    only_b: int = 0
    both: int = 0
    exchangeable: bool = True

    @property
    def over_raters(self) -> bool:
        """Whether raters must be exchanged and left out, too: most of them judged in one condition only."""
        total = self.only_a + self.only_b + self.both
        return self.exchangeable and self.kind in ("between", "mixed") and self.both < MOSTLY_SHARED * total

    @property
    def scope(self) -> str:
        """Whom a p or an interval that resamples items alone speaks of.

        Example:
            >>> Design("face", "full", "within", both=5).scope
            'conditional on these 5 raters'
        """
        n = self.only_a + self.only_b + self.both
        if self.kind == "within":
            return f"conditional on these {many(n, 'rater')}"
        if self.kind == "unknown":
            return "conditional on these raters, who are not named"
        numbers = f"{self.only_a} in {self.a} only, {self.only_b} in {self.b} only, {self.both} in both"
        return (
            f"generalised over raters ({numbers})" if self.over_raters else f"conditional on these raters ({numbers})"
        )

    def sentence(self) -> str:
        """Return the design in a sentence.

        Example:
            >>> Design("face", "full", "within", both=5).sentence()
            'face and full were compared within raters: the same raters in both conditions (5 raters).'
        """
        if self.kind == "unknown":
            return f"Whether the same raters judged {self.a} and {self.b} is {WORDS['unknown']}."
        if self.kind == "within":
            numbers = many(self.both, "rater")
        else:
            numbers = f"{self.only_a} in {self.a} only, {self.only_b} in {self.b} only, {self.both} in both"
        return f"{self.a} and {self.b} were compared {WORDS[self.kind]} ({numbers})."


def design_of(names: tuple[str, str], first: Iterable[int], second: Iterable[int]) -> Design:
    """Return the design of two conditions from the raters of each.

    Args:
        names: names of the conditions.
        first: numbers of the raters of the first.
        second: numbers of the raters of the second.

    Example:
        >>> design_of(("a", "b"), [0, 1, 2], [3, 4, 5]).kind
        'between'
    """
    one, two = set(first), set(second)
    both = len(one & two)
    kind: Kind = "within" if one == two else "mixed" if both else "between"
    return Design(names[0], names[1], kind, len(one - two), len(two - one), both)


def raters_per_item(item: NDArray[np.integer], rater: NDArray[np.integer]) -> tuple[int, int]:
    """Return the smallest and largest number of different raters of an item.

    Args:
        item: (n,) item of each rating.
        rater: (n,) its rater.

    Example:
        >>> raters_per_item(np.array([0, 0, 1]), np.array([0, 1, 1]))
        (1, 2)
    """
    if not item.size:
        return 0, 0
    n_raters, n_items = int(rater.max()) + 1, int(item.max()) + 1
    key = item.astype(np.int64) * n_raters + rater
    if n_items * n_raters <= MAX_KEYS:
        # Flags instead of sorting where there is room for all of them.
        seen = np.zeros(n_items * n_raters, dtype=bool)
        seen[key] = True
        counts = seen.reshape(n_items, n_raters).sum(axis=1)
    else:
        counts = np.bincount(np.unique(key) // n_raters)
    counts = counts[counts > 0]
    return int(counts.min()), int(counts.max())
