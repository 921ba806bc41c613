"""One pass over all ratings: the likelihood on the grids, the slopes, and the equations that they give."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from app.agreement.bayes.columns import Columns
from app.agreement.bayes.cumulative import Cuts, Slopes, log_probability, mean_slopes
from app.agreement.bayes.local import Local
from app.agreement.bayes.thresholds import threshold_slopes, thresholds

Float = NDArray[np.float64]

BLOCK: Final = 4000
"""Units whose mixed derivatives are in memory at a time."""


def gaps_of(columns: Columns, effects: Float) -> tuple[Float, Float]:
    """Return ((gaps,) typical log gaps, (raters, gaps) what each rater adds).

    Example:
        >>> from app.agreement.bayes.columns import columns_of
        >>> from app.agreement.bayes.simulate import StudyShape, draw_study
        >>> columns = columns_of(draw_study(StudyShape(4, 3), np.random.default_rng(0))[0])
        >>> gaps_of(columns, columns.start())[1].shape
        (3, 4)
    """
    raters = len(columns.data.raters)
    if "gap" not in columns.where:
        return np.zeros(0), np.zeros((raters, 0))
    return columns.part("gap", effects), columns.part("use", effects)


def cuts_of(columns: Columns, effects: Float, level: NDArray[np.int64] | None = None) -> Cuts:
    """Return where each rating lies, given all effects.

    Args:
        columns: Which effects enter which ratings.
        effects: (effects,) float64.
        level: (n,) other levels than those that were given.

    Example:
        >>> from app.agreement.bayes.columns import columns_of
        >>> from app.agreement.bayes.simulate import StudyShape, draw_study
        >>> columns = columns_of(draw_study(StudyShape(4, 3), np.random.default_rng(0))[0])
        >>> bool((cuts_of(columns, columns.start()).gap > 0).all())
        True
    """
    data = columns.data
    n_cuts = columns.n_levels - 1
    cut = thresholds(*gaps_of(columns, effects), n_cuts)
    added = columns.design @ effects[: columns.added]
    at = data.level if level is None else level
    upper = cut[data.rater, np.minimum(at, n_cuts - 1)] - added
    lower = cut[data.rater, np.maximum(at - 1, 0)] - added
    noise = columns.part("noise", effects)
    return Cuts(upper, lower, np.exp(-noise)[data.rater], at < n_cuts, at > 0)


def grid_likelihood(columns: Columns, cuts: Cuts, local: Local) -> Float:
    """(cells, nodes) log-likelihood of each cell's ratings at the nodes of its grid.

    Example:
        >>> from app.agreement.bayes.columns import columns_of
        >>> from app.agreement.bayes.local import own_cov, start
        >>> from app.agreement.bayes.simulate import StudyShape, draw_study
        >>> columns = columns_of(draw_study(StudyShape(4, 3, 1, 1), np.random.default_rng(0))[0])
        >>> local = start(own_cov(np.ones(4), 1.0, 1))
        >>> grid_likelihood(columns, cuts_of(columns, columns.start()), local).shape
        (4, 17)
    """
    nodes = local.nodes
    out = np.empty_like(nodes)
    for j in range(nodes.shape[1]):
        out[:, j] = np.bincount(columns.cell, log_probability(cuts, nodes[columns.cell, j]), minlength=nodes.shape[0])
    return out


@dataclass(frozen=True, eq=False)
class Equations:
    """What the ratings say of the effects, with the truths integrated out.

    Attributes:
        gradient: (effects,) float64 of the log marginal likelihood.
        complete: (effects, effects) float64 negative second derivatives as if the truths were known.
        missing: (effects, effects) float64 what is lost because they are not (Louis 1982).
        raw_truth: (cells, raw) sparse mixed negative second derivatives with the truths, by raw parameters.
        turn: (raw, effects) float64 derivatives of the raw parameters by the effects.
    """

    gradient: Float
    complete: Float
    missing: Float
    raw_truth: sparse.csr_matrix
    turn: Float

    def blocks(self, n_conditions: int) -> Iterator[tuple[slice, Float]]:
        """Yield (units, (units, conditions, effects) mixed derivatives) in blocks that fit into memory."""
        yield from _blocks(self.raw_truth, self.turn, n_conditions)


def _blocks(raw_truth: sparse.csr_matrix, turn: Float, n_conditions: int) -> Iterator[tuple[slice, Float]]:
    units = raw_truth.shape[0] // n_conditions
    for first in range(0, units, BLOCK):
        part = slice(first, min(first + BLOCK, units))
        dense = raw_truth[part.start * n_conditions : part.stop * n_conditions] @ turn
        yield part, np.asarray(dense).reshape(part.stop - part.start, n_conditions, -1)


def equations(columns: Columns, effects: Float, cuts: Cuts, local: Local) -> Equations:
    """Set up the equations of one step for all effects.

    Args:
        columns: Which effects enter which ratings.
        effects: (effects,) float64 where they stand.
        cuts: Where the ratings lie, as `cuts_of` gives them.
        local: What is known of the truths.

    Example:
        >>> from app.agreement.bayes.columns import columns_of
        >>> from app.agreement.bayes.local import own_cov, start
        >>> from app.agreement.bayes.simulate import StudyShape, draw_study
        >>> columns = columns_of(draw_study(StudyShape(4, 3, 1, 1), np.random.default_rng(0))[0])
        >>> prior, effects = own_cov(np.ones(4), 1.0, 1), columns.start()
        >>> found = equations(columns, effects, cuts_of(columns, effects), start(prior))
        >>> bool((np.linalg.eigvalsh(found.complete) > -1e-9).all())
        True
    """
    slopes = mean_slopes(cuts, columns.cell, local.nodes, local.weights)
    raw = _Raw(columns, slopes)
    turn = raw.turn(effects)
    raw_truth = raw.with_truth(slopes.shift_lean, slopes.upper_lean, slopes.lower_lean, slopes.noise_lean)
    raw_bend = raw.with_truth(slopes.shift_bend, slopes.upper_bend, slopes.lower_bend, slopes.noise_bend)
    missing = np.zeros((columns.size, columns.size))
    for part, mixed in _blocks(raw_truth, turn, columns.n_conditions):
        spread = local.cov[part] @ mixed
        missing += mixed.reshape(-1, columns.size).T @ spread.reshape(-1, columns.size)
    for _, bend in _blocks(raw_bend, turn, columns.n_conditions):
        flat = bend.reshape(-1, columns.size)
        missing += flat.T @ flat
    return Equations(turn.T @ raw.gradient(), turn.T @ raw.complete() @ turn, missing, raw_truth, turn)


def raw_gradient(columns: Columns, effects: Float, slopes: Slopes) -> Float:
    """Return the gradient by all effects of the ratings' log-probability from its slopes.

    Args:
        columns: Which effects enter which ratings.
        effects: (effects,) float64 where they stand.
        slopes: Of each rating.

    Returns:
        (effects,) float64.

    Example:
        >>> from app.agreement.bayes.columns import columns_of
        >>> from app.agreement.bayes.simulate import StudyShape, draw_study
        >>> columns = columns_of(draw_study(StudyShape(4, 3, 1, 1), np.random.default_rng(0))[0])
        >>> cuts = cuts_of(columns, columns.start())
        >>> slopes = mean_slopes(cuts, columns.cell, np.zeros((4, 1)), np.ones((4, 1)))
        >>> raw_gradient(columns, columns.start(), slopes).size == columns.size
        True
    """
    raw = _Raw(columns, slopes)
    out: Float = raw.turn(effects).T @ raw.gradient()
    return out


class _Raw:
    """The equations in terms of what adds to the truth, of each rater's thresholds and of each rater's noise."""

    def __init__(self, columns: Columns, slopes: Slopes) -> None:
        self.columns, self.slopes = columns, slopes
        data = columns.data
        self.n_raters, self.n_cuts = len(data.raters), columns.n_levels - 1
        self.at_upper = data.rater * self.n_cuts + np.minimum(data.level, self.n_cuts - 1)
        self.at_lower = data.rater * self.n_cuts + np.maximum(data.level - 1, 0)

    def _of_cuts(self, upper: Float, lower: Float) -> Float:
        n = self.n_raters * self.n_cuts
        return (np.bincount(self.at_upper, upper, n) + np.bincount(self.at_lower, lower, n)).astype(np.float64)

    def gradient(self) -> Float:
        """(raw,) first derivatives."""
        s, columns = self.slopes, self.columns
        noise = np.bincount(columns.data.rater, s.noise, self.n_raters)
        return np.concatenate([columns.design.T @ s.shift, self._of_cuts(s.upper, s.lower), noise])

    def complete(self) -> Float:
        """(raw, raw) negative second derivatives."""
        s, columns = self.slopes, self.columns
        x, rater = columns.design, columns.data.rater
        n, n_t, n_r = x.shape[0], self.n_raters * self.n_cuts, self.n_raters
        rows = np.arange(n)
        added = (x.T @ (sparse.diags(s.shift_shift) @ x)).toarray()
        of_cut = sparse.csr_matrix(
            (
                np.concatenate([s.upper_truth, s.lower_truth]),
                (np.concatenate([rows, rows]), np.concatenate([self.at_upper, self.at_lower])),
            ),
            shape=(n, n_t),
        )
        cut_added = (of_cut.T @ x).toarray()
        of_rater = sparse.csr_matrix((s.noise_truth, (rows, rater)), shape=(n, n_r))
        noise_added = (of_rater.T @ x).toarray()
        cuts = np.diag(self._of_cuts(s.upper_upper, s.lower_lower))
        between = np.bincount(self.at_lower, np.where(self.at_upper > self.at_lower, s.upper_lower, 0.0), n_t)
        pair = np.arange(n_t - 1)
        cuts[pair, pair + 1] += between[:-1]
        cuts[pair + 1, pair] += between[:-1]
        noise_cut = np.zeros((n_r, n_t))
        every = np.arange(n_r)
        own = self._of_cuts(s.upper_noise, s.lower_noise).reshape(n_r, self.n_cuts)
        noise_cut.reshape(n_r, n_r, self.n_cuts)[every, every] = own
        noise = np.diag(np.bincount(rater, s.noise_noise, n_r))
        return np.block([[added, cut_added.T, noise_added.T], [cut_added, cuts, noise_cut.T],
                         [noise_added, noise_cut, noise]])  # fmt: skip

    def with_truth(self, shift: Float, upper: Float, lower: Float, noise: Float) -> sparse.csr_matrix:
        """(cells, raw) sums over the ratings of each cell of (n,) derivatives by each raw parameter."""
        columns = self.columns
        x, n = columns.design, columns.design.shape[0]
        n_cells = columns.n_units * columns.n_conditions
        first, second = columns.added, columns.added + self.n_raters * self.n_cuts
        own = sparse.csr_matrix((shift, (columns.cell, np.arange(n))), shape=(n_cells, n)) @ x
        rest = sparse.csr_matrix(
            (
                np.concatenate([upper, lower, noise]),
                (
                    np.tile(columns.cell, 3),
                    np.concatenate([self.at_upper, self.at_lower, columns.data.rater + second - first]),
                ),
            ),
            shape=(n_cells, second - first + self.n_raters),
        )
        out: sparse.csr_matrix = sparse.hstack([own, rest], format="csr")
        return out

    def turn(self, effects: Float) -> Float:
        """(raw, effects) derivatives of the raw parameters by the effects."""
        columns = self.columns
        gap, use = gaps_of(columns, effects)
        slopes = threshold_slopes(gap, use, self.n_cuts)
        n_raw = columns.added + self.n_raters * (self.n_cuts + 1)
        out = np.zeros((n_raw, columns.size))
        out[: columns.added, : columns.added] = np.eye(columns.added)
        for r in range(self.n_raters if "gap" in columns.where else 0):
            rows = slice(columns.added + r * self.n_cuts, columns.added + (r + 1) * self.n_cuts)
            out[rows, columns.where["gap"]] = slopes[r]
            first = columns.where["use"].start + r * gap.size
            out[rows, first : first + gap.size] = slopes[r]
        last = columns.added + self.n_raters * self.n_cuts
        out[last:, columns.where["noise"]] = np.eye(self.n_raters)
        return out
