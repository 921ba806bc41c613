"""The effects that all ratings share, as columns: levels, context, groups, raters, thresholds and noise."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from app.agreement.bayes.ordinal_data import OrdinalData
from app.agreement.bayes.priors import FIXED, SPREADS

Float = NDArray[np.float64]
Int = NDArray[np.int64]

TIE: Final = 1e5
"""Precision with which the log noises sum to 0."""


@dataclass(frozen=True, eq=False)
class Columns:
    """Where each effect stands in the vector of all effects, and which ratings it enters.

    The vector is: effects that add to the truth (`added` columns), log gaps of the thresholds (levels − 2), each
    rater's use of the scale (raters × (levels − 2)), log noise (raters).

    Attributes:
        data: the ratings.
        where: place of each kind of effect, in the order of the vector.
        shape: shape of each kind.
        design: (n, added) sparse matrix of the effects that add.
        cell: (n,) int64 unit times conditions plus condition.
        unit_item: (units,) int64 item of each unit, a unit being an item and an emotion.
        unit_emotion: (units,) int64.
    """

    data: OrdinalData
    where: dict[str, slice]
    shape: dict[str, tuple[int, ...]]
    design: sparse.csr_matrix
    cell: Int
    unit_item: Int
    unit_emotion: Int
    truth_design: sparse.csr_matrix = field(repr=False)

    @property
    def size(self) -> int:
        """Number of effects."""
        return int(max(part.stop for part in self.where.values()))

    @property
    def added(self) -> int:
        """Number of effects that add to the truth."""
        return int(self.design.shape[1])

    @property
    def n_levels(self) -> int:
        """Levels of the scale."""
        return int(self.data.points.size)

    @property
    def n_conditions(self) -> int:
        """Number of conditions."""
        return len(self.data.conditions)

    @property
    def n_units(self) -> int:
        """Number of pairs of an item and an emotion."""
        return int(self.unit_item.size)

    @property
    def pooled(self) -> tuple[str, ...]:
        """Kinds of effects whose spread is estimated."""
        return tuple(kind for kind in self.where if kind in SPREADS)

    def part(self, kind: str, vector: Float) -> Float:
        """Return the effects of a kind in their shape."""
        return vector[self.where[kind]].reshape(self.shape[kind])

    def start(self) -> Float:
        """Return effects to begin with: all at their prior's mean."""
        out = np.zeros(self.size)
        for kind, (mean, _) in FIXED.items():
            if kind in self.where:
                out[self.where[kind]] = mean
        return out

    def prior(self, spreads: dict[str, float]) -> tuple[Float, Float]:
        """Return ((effects,) mean, (effects, effects) precision) given the spreads of the pooled kinds.

        The log noises of the raters sum to 0, which sets the unit of all else.
        """
        mean, precision = np.zeros(self.size), np.zeros(self.size)
        for kind, at in self.where.items():
            centre, sd = FIXED[kind] if kind in FIXED else (0.0, spreads[kind])
            mean[at], precision[at] = centre, 1.0 / sd**2
        out = np.diag(precision)
        out[self.where["noise"], self.where["noise"]] += TIE
        return mean, out


def columns_of(data: OrdinalData) -> Columns:
    """Lay out the effects of a table of ratings.

    Effects that a table cannot tell apart are left out: those of emotions among one emotion, of conditions with one
    condition, drift without times.

    Args:
        data: The ratings.

    Example:
        >>> from app.agreement.bayes.simulate import StudyShape, draw_study
        >>> data, _ = draw_study(StudyShape(items=4, raters=3, emotions=2), np.random.default_rng(0))
        >>> list(columns_of(data).where)
        ['level', 'context', 'context_emotion', 'bias', 'bias_emotion', 'drift', 'gap', 'use', 'noise']
    """
    n_e, n_r, n_c = len(data.emotions), len(data.raters), len(data.conditions)
    n_gaps = data.points.size - 2
    key, unit = np.unique(data.item * n_e + data.emotion, return_inverse=True)
    unit_item, unit_emotion = key // n_e, key % n_e
    shape: dict[str, tuple[int, ...]] = {"level": (n_e,)}
    if n_c > 1:
        shape["context"] = (n_c - 1,)
        shape["context_emotion"] = (n_e, n_c - 1)
    for name, codes in data.groups:
        shape[name] = (int(codes.max()) + 1, n_e)
    shape["bias"] = (n_r,)
    shape["bias_emotion"] = (n_r, n_e)
    shape["drift"] = (n_r,)
    if n_e == 1:
        shape = {kind: s for kind, s in shape.items() if kind not in ("context_emotion", "bias_emotion")}
    if not data.timed:
        del shape["drift"]
    where, at = {}, 0
    added = 0
    for kind, size in {**shape, "gap": (n_gaps,), "use": (n_r, n_gaps), "noise": (n_r,)}.items():
        shape[kind] = size
        if int(np.prod(size)) == 0:
            continue
        where[kind] = slice(at, at + int(np.prod(size)))
        at = where[kind].stop
        added = at if kind not in ("gap", "use", "noise") else added
    in_truth = _truth_entries(data, where, data.emotion, data.condition, data.item)
    of_rater = _rater_entries(data, where)
    design = _matrix(in_truth + of_rater, data.level.size, added)
    cells = np.arange(key.size * n_c)
    of_cell = _truth_entries(data, where, unit_emotion[cells // n_c], cells % n_c, unit_item[cells // n_c])
    return Columns(
        data, where, shape, design, unit.astype(np.int64) * n_c + data.condition, unit_item.astype(np.int64),
        unit_emotion.astype(np.int64), _matrix(of_cell, cells.size, added),
    )  # fmt: skip


_Entries = list[tuple[Int, Int, Float]]


def _entry(rows: Int, columns: Int, values: Float | None = None) -> tuple[Int, Int, Float]:
    return rows, columns, np.ones(rows.size) if values is None else values


def _truth_entries(data: OrdinalData, where: dict[str, slice], emotion: Int, condition: Int, item: Int) -> _Entries:
    """What belongs to the truth of an item: rows, columns and values."""
    every = np.arange(emotion.size)
    out = [_entry(every, where["level"].start + emotion)]
    if "context" in where:
        shown = np.flatnonzero(condition > 0)
        out.append(_entry(shown, where["context"].start + condition[shown] - 1))
        if "context_emotion" in where:
            place = emotion[shown] * (len(data.conditions) - 1) + condition[shown] - 1
            out.append(_entry(shown, where["context_emotion"].start + place))
    for name, codes in data.groups:
        rows = np.flatnonzero(codes[item] >= 0)
        out.append(_entry(rows, where[name].start + codes[item[rows]] * len(data.emotions) + emotion[rows]))
    return out


def _rater_entries(data: OrdinalData, where: dict[str, slice]) -> _Entries:
    every = np.arange(data.level.size)
    out = [_entry(every, where["bias"].start + data.rater)]
    if "bias_emotion" in where:
        out.append(_entry(every, where["bias_emotion"].start + data.rater * len(data.emotions) + data.emotion))
    if "drift" in where:
        out.append(_entry(every, where["drift"].start + data.rater, data.hours))
    return out


def _matrix(entries: _Entries, rows: int, columns: int) -> sparse.csr_matrix:
    row = np.concatenate([part[0] for part in entries])
    column = np.concatenate([part[1] for part in entries])
    value = np.concatenate([part[2] for part in entries])
    return sparse.csr_matrix((value, (row, column)), shape=(rows, columns))
