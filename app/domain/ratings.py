"""Tables of human judgements as columns, which the store, files and statistics share.

Millions of ratings are kept as integer codes into short lists of names, because string columns
of that length cost gigabytes and every grouping would sort them.  A reader of a database hands
its integer keys over directly (`Factor`), a reader of a text file encodes names with
`Factor.encode`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, fields, replace
from typing import Any, Self, cast

import numpy as np
import numpy.typing as npt

from app.domain.traces import TraceSamples

IntArray = npt.NDArray[np.int32]
FloatArray = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Factor:
    """A column of names as codes.

    Attributes:
        codes: (n,) int32, index into `names`; -1 where the name is missing.
        names: the distinct names; names that no row uses are allowed.
    """

    codes: IntArray
    names: tuple[str, ...]

    def __post_init__(self) -> None:
        """Reject codes outside the list of names."""
        if self.codes.size and (int(self.codes.max()) >= len(self.names) or int(self.codes.min()) < -1):
            raise ValueError("factor code outside its list of names")

    def __len__(self) -> int:
        """Return the number of rows."""
        return int(self.codes.size)

    @classmethod
    def encode(cls, values: Iterable[str]) -> Factor:
        """Encode names in order of first appearance; an empty string is missing (-1)."""
        seen: dict[str, int] = {}
        codes = np.fromiter((seen.setdefault(v, len(seen)) if v else -1 for v in values), dtype=np.int32)
        return cls(codes, tuple(seen))

    @classmethod
    def constant(cls, name: str, n: int) -> Factor:
        """Return a column of `n` rows that all carry one name."""
        return cls(np.zeros(n, dtype=np.int32), (name,))

    @classmethod
    def missing(cls, n: int) -> Factor:
        """Return a column of `n` rows without a name."""
        return cls(np.full(n, -1, dtype=np.int32), ())

    def take(self, index: npt.NDArray[np.intp] | npt.NDArray[np.bool_]) -> Factor:
        """Return rows chosen by position or mask, same names."""
        return Factor(self.codes[index], self.names)

    def code_of(self, name: str) -> int:
        """Return the code of a name; −2, which no row matches, if the factor does not know the name."""
        return self.names.index(name) if name in self.names else -2


@dataclass(frozen=True, eq=False)
class Items:
    """What was judged: an item is a clip (or image) with a time range and a target.

    Attributes:
        names: one per item, unique.
        clip: (n_items,) the clip each item was cut from.
        subject: (n_items,) the person shown, code -1 where unknown.
    """

    names: tuple[str, ...]
    clip: Factor
    subject: Factor

    def __post_init__(self) -> None:
        """Reject columns of different length."""
        if not len(self.names) == len(self.clip) == len(self.subject):
            raise ValueError("items: names, clip and subject differ in length")

    def __len__(self) -> int:
        """Return the number of items."""
        return len(self.names)

    @classmethod
    def of_clips(cls, clips: Sequence[str], subjects: Sequence[str] | None = None) -> Items:
        """Return items that are whole clips, one each."""
        subject = Factor.encode(subjects) if subjects is not None else Factor.missing(len(clips))
        return cls(tuple(clips), Factor.encode(clips), subject)


class _Judgements:
    """The base of tables with one judgement a row: their columns have equal length, and rows can be chosen."""

    item: IntArray
    rater: Factor
    pass_no: IntArray

    def _columns(self) -> dict[str, Factor | npt.NDArray[Any]]:
        """Return the columns that are there, by name."""
        parts = {part.name: getattr(self, part.name) for part in fields(cast(Any, self))}
        return {name: part for name, part in parts.items() if isinstance(part, Factor | np.ndarray)}

    def __post_init__(self) -> None:
        """Reject columns of different length."""
        if len({len(column) for column in self._columns().values()}) > 1:
            raise ValueError(f"{type(self).__name__}: columns differ in length")

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self.item)

    def where(self, mask: npt.NDArray[np.bool_]) -> Self:
        """Return the rows under a mask; items and names stay the same."""
        kept = {
            name: column.take(mask) if isinstance(column, Factor) else column[mask]
            for name, column in self._columns().items()
        }
        return cast(Self, replace(cast(Any, self), **kept))

    def without_raters(self, raters: Iterable[str]) -> Self:
        """Return the table as if some raters had not taken part ("what if"); nothing is deleted."""
        drop = np.array([self.rater.code_of(r) for r in raters], dtype=np.int32)
        return self.where(~np.isin(self.rater.codes, drop))

    def of_pass(self, number: int) -> Self:
        """Return the rows of one pass."""
        return self if bool((self.pass_no == number).all()) else self.where(self.pass_no == number)


@dataclass(frozen=True, eq=False)
class RatingTable(_Judgements):
    """Intensity ratings, one row per (item, condition, rater, pass, emotion).

    Attributes:
        items: the items that `item` points into.
        item: (n,) int32, index into `items`.
        condition: (n,) viewing condition.
        rater: (n,) rater code (pseudonym).
        emotion: (n,) rated emotion.
        score: (n,) float64 on the study's scale; NaN where the rater could not tell.
        pass_no: (n,) int32, 1 for the first presentation, 2 for the repetition, and so on.
        answered_s: (n,) float64 seconds since the epoch, NaN unknown; None if never recorded.
        response_s: (n,) float64 seconds from presentation to answer; None if never recorded.
        scale: lowest and highest point of the scale, None if the source does not say.
        simulated: the answers (or some of them) come from simulated raters; None where the
            source does not tell.
        notes: what the reader had to decide, for the user's eyes.
    """

    items: Items
    item: IntArray
    condition: Factor
    rater: Factor
    emotion: Factor
    score: FloatArray
    pass_no: IntArray
    answered_s: FloatArray | None = None
    response_s: FloatArray | None = None
    scale: tuple[float, float] | None = None
    simulated: bool | None = False
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class CategoryTable(_Judgements):
    """Category labels, one row per (item, condition, rater, pass).

    Attributes:
        items: the items that `item` points into.
        item: (n,) int32, index into `items`.
        condition: (n,) viewing condition.
        rater: (n,) rater code.
        category: (n,) chosen category, code -1 where the rater could not tell.
        pass_no: (n,) int32, first presentation is 1.
        answered_s: (n,) float64 seconds since the epoch, NaN unknown; None if never recorded.
        response_s: (n,) float64 seconds from presentation to answer; None if never recorded.
        simulated: the answers (or some of them) come from simulated raters; None where the
            source does not tell.
        notes: what the reader had to decide.
    """

    items: Items
    item: IntArray
    condition: Factor
    rater: Factor
    category: Factor
    pass_no: IntArray
    answered_s: FloatArray | None = None
    response_s: FloatArray | None = None
    simulated: bool | None = False
    notes: tuple[str, ...] = ()

    def counts(self, pass_no: int = 1) -> CountTable:
        """Return the votes per (item, condition) of one pass, labels only."""
        keep = (self.pass_no == pass_no) & (self.category.codes >= 0) & (self.condition.codes >= 0)
        n_items, n_cat = len(self.items), len(self.category.names)
        n_con = len(self.condition.names)
        cell = (self.item[keep].astype(np.int64) * n_con + self.condition.codes[keep]) * n_cat
        votes = np.bincount(cell + self.category.codes[keep], minlength=n_items * n_con * n_cat).reshape(
            n_items * n_con, n_cat
        )
        used = np.flatnonzero(votes.sum(axis=1) > 0)
        return CountTable(
            items=self.items,
            item=(used // n_con).astype(np.int32),
            condition=Factor((used % n_con).astype(np.int32), self.condition.names),
            categories=self.category.names,
            votes=votes[used].astype(np.float64),
            n_raters=int(np.unique(self.rater.codes[keep]).size),
            simulated=self.simulated,
            notes=self.notes,
        )


@dataclass(frozen=True, eq=False)
class CountTable:
    """Votes per category where the raters behind them are not known.

    Attributes:
        items: the items that `item` points into.
        item: (n,) int32, index into `items`; one row per (item, condition).
        condition: (n,) viewing condition.
        categories: names of the columns of `votes`.
        votes: (n, n_categories) float64, whole numbers >= 0.
        n_raters: number of raters if known, 0 if only votes were published.
        simulated: the votes (or some of them) come from simulated raters; None where the
            source does not tell.
        notes: what the reader had to decide.
    """

    items: Items
    item: IntArray
    condition: Factor
    categories: tuple[str, ...]
    votes: FloatArray
    n_raters: int = 0
    simulated: bool | None = False
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Reject columns of different length."""
        if self.votes.shape != (self.item.size, len(self.categories)):
            raise ValueError("count table: votes must be rows x categories")
        if len(self.condition) != self.item.size:
            raise ValueError("count table: columns differ in length")

    def __len__(self) -> int:
        """Return the number of rows."""
        return int(self.item.size)


@dataclass(frozen=True, eq=False)
class TraceLabel:
    """One rater's continuous trace of one item.

    Attributes:
        item: name of the item.
        clip: name of the clip; times lie on its PTS axis.
        condition: viewing condition.
        rater: rater code.
        pass_no: first presentation is 1.
        samples: the raw samples as they were given.
        subject: person shown, empty if unknown.
        uid: name of the stored trace, empty for one read from a file.
    """

    item: str
    clip: str
    condition: str
    rater: str
    pass_no: int
    samples: TraceSamples
    subject: str = ""
    uid: str = ""


@dataclass(frozen=True)
class Exclusion:
    """A rater left out of an analysis, by a person and for a stated reason."""

    rater: str
    reason: str
    decided_by: str = ""
    decided_at: str = ""


@dataclass(frozen=True, eq=False)
class ProjectRatings:
    """Everything judged in a project, in the form that the agreement statistics take.

    Attributes:
        intensities: rating table, None if nothing was rated.
        categories: category labels, None if none were given.
        traces: continuous traces.
        attention: per rater (passed, asked) attention checks.
        exclusions: raters left out, with reasons.
        taken_back: raters whose traces count for lags and gold standards although they oppose the others or never move.
    """

    intensities: RatingTable | None = None
    categories: CategoryTable | None = None
    traces: tuple[TraceLabel, ...] = ()
    attention: dict[str, tuple[int, int]] = field(default_factory=dict)
    exclusions: tuple[Exclusion, ...] = ()
    taken_back: tuple[str, ...] = ()
