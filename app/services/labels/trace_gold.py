"""Gold standards of traces: the one computation behind what is drawn and what is stored."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from app.agreement.gold import GoldRecipe, Method, Weighting, ewe_weights, gold_standard
from app.domain.holding import zero_order_hold
from app.domain.project import ItemRecord
from app.domain.ratings import TraceLabel
from app.domain.trace_grid import RATE_HZ, even_times, side_by_side, uniform_times
from app.services.labels.held import Align, Float, frame_times, trace_lags
from db.project import Project


@dataclass(frozen=True, eq=False)
class TraceGold:
    """The gold standard of one item in one condition; the last axis is valence and arousal.

    Attributes:
        times_s: (n,) float64 seconds on the clip's PTS axis.
        raters: Codes, sorted.
        traces: (raters, n, 2) float64 values held by each rater after removing lags, NaN where missing.
        lags_s: Rater code → seconds removed from the rater's traces.
        weights: (2, raters) float64, each row summing to 1; equal unless the method weighs.
        values: (n, 2) float64 gold standard, NaN where nobody is part of it.
        n_raters: (n, 2) int64 raters behind each value, 0 where it is NaN.
        recipe: How it was made.
        sources: uids of the traces behind it.
    """

    times_s: Float
    raters: tuple[str, ...]
    traces: Float
    lags_s: dict[str, float]
    weights: Float
    values: Float
    n_raters: NDArray[np.int64]
    recipe: GoldRecipe
    sources: tuple[str, ...]


class TraceGolds:
    """Gold standards of the traces of some labels, all by one method.

    Lags, and the weights of the evaluator weighted estimator, are estimated over all the traces together and not clip
    by clip.  A rater is part of the gold standard from the first sample to the end of the last one, pauses left out.

    Args:
        project: Where clips and measured reaction lags are.
        traces: The labels; of each rater the first pass is used.
        method: mean, median, ewe or barycentre.
        align: Reaction lags that are removed first.
        weighting: Definition of the weights, for ewe.
        excluded: Raters who were left out before, with reasons; the recipe names them.
    """

    def __init__(
        self,
        project: Project,
        traces: Sequence[TraceLabel],
        method: Method,
        align: Align = "none",
        *,
        weighting: Weighting = "leave_one_out",
        excluded: tuple[tuple[str, str], ...] = (),
    ) -> None:
        self._project, self._method, self._weighting, self._excluded = project, method, weighting, excluded
        self.groups: dict[tuple[str, str], list[TraceLabel]] = {}
        for trace in traces:
            if trace.pass_no == 1 and len(trace.samples):
                self.groups.setdefault((trace.condition, trace.item), []).append(trace)
        self.raters = sorted({trace.rater for group in self.groups.values() for trace in group})
        self.lags_s = trace_lags(project, self.groups, self.raters, align)
        self._weights: dict[str, Float] = {}

    def of(self, condition: str, item: ItemRecord) -> TraceGold:
        """Compute the gold standard of an item.

        Args:
            condition: The viewing condition.
            item: One that was traced in it.

        Raises:
            KeyError: The item was not traced in this condition.
        """
        group = self.groups[condition, item.name]
        raters = sorted({trace.rater for trace in group})
        times_s = frame_times(self._project, item, group, self.lags_s)
        traces = side_by_side(group, raters, times_s, self.lags_s)
        rows = [self.raters.index(rater) for rater in raters]
        values, n_raters = np.full((len(times_s), 2), np.nan), np.zeros((len(times_s), 2), np.int64)
        weights, recipes = np.full((2, len(raters)), 1.0 / len(raters)), []
        for axis in (0, 1):
            if self._method == "barycentre":
                values[:, axis], recipe = self._barycentre(group, raters, axis, times_s)
            else:
                wanted = self._corpus_weights(condition)[axis, rows] if self._method == "ewe" else None
                scope = "all traces of the condition" if wanted is not None else ""
                if wanted is not None and wanted.sum() <= 0:
                    wanted, scope = None, "these labels"
                made = gold_standard(
                    traces[:, :, axis], self._method, raters=tuple(raters), kind="trace", weights=wanted,
                    weighting=self._weighting, excluded=self._excluded,
                )  # fmt: skip
                values[:, axis], weights[axis], recipe = made.values, made.weights, replace(made.recipe, scope=scope)
            behind = ~np.isnan(traces[:, :, axis]) & (weights[axis] > 0)[:, None]
            n_raters[:, axis] = np.where(np.isnan(values[:, axis]), 0, behind.sum(axis=0))
            recipes.append(recipe)
        return TraceGold(
            times_s, tuple(raters), traces, {rater: self.lags_s[rater] for rater in raters}, weights, values, n_raters,
            recipes[0], tuple(trace.uid for trace in group),
        )  # fmt: skip

    def _barycentre(
        self, group: list[TraceLabel], raters: list[str], axis: int, times_s: Float
    ) -> tuple[Float, GoldRecipe]:
        """Warp on an even grid, as the method's band is one of samples; then hold on the frames."""
        even = uniform_times(float(times_s[0]), float(times_s[-1]), RATE_HZ)
        series = side_by_side(group, raters, even, self.lags_s)[:, :, axis]
        made = gold_standard(
            series, "barycentre", raters=tuple(raters), kind="trace", rate_hz=RATE_HZ, excluded=self._excluded
        )
        return zero_order_hold(even, made.values, times_s), made.recipe

    def _corpus_weights(self, condition: str) -> Float:
        """(2, all raters) weights over all the traces of a condition."""
        if condition not in self._weights:
            blocks = [
                side_by_side(group, self.raters, even_times(group, self.lags_s), self.lags_s)
                for (where, _), group in self.groups.items()
                if where == condition
            ]
            everything = np.concatenate(blocks, axis=1)
            found = [ewe_weights(everything[:, :, axis], self._weighting)[0] for axis in (0, 1)]
            self._weights[condition] = np.stack(found)
        return self._weights[condition]
