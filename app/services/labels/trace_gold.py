"""Gold standards of traces. Drawing and storing them both use this computation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from app.agreement.bayes.trace_model import Tell, TracesModel, traces_model
from app.agreement.gold import (
    TRACE_RULES,
    GoldRecipe,
    Method,
    Weighting,
    gold_standard,
    reliability,
    weak_raters,
    weights_of,
)
from app.domain.holding import zero_order_hold
from app.domain.project import ItemRecord
from app.domain.ratings import TraceLabel
from app.domain.trace_grid import RATE_HZ, even_times, side_by_side, uniform_times
from app.domain.traces import DIMENSIONS
from app.domain.words import figure
from app.errors import UserError
from app.services.labels.held import Align, Float, frame_times, trace_lags
from db.project import Project

TraceMethod = Method | Literal["bayes"]
BY_MODEL: Final = "one model of all traces of the condition, with the panel's mean lag"


@dataclass(frozen=True, eq=False)
class TraceGold:
    """The gold standard of one item in one condition; the last axis is valence and arousal.

    Attributes:
        times_s: (n,) float64 seconds on the clip's PTS axis.
        raters: Codes, sorted, with those who are set aside.
        traces: (raters, n, 2) float64 values held by each rater after removing lags, NaN where missing.
        lags_s: Seconds removed from the rater's traces by the rater's code.
        weights: (2, raters) float64, each row summing to 1; equal unless the method weighs, 0 for raters set aside.
        values: (n, 2) float64 gold standard; NaN where nobody is part of it.
        n_raters: (n, 2) int64 number of raters behind each value, 0 where it is NaN.
        recipe: Everything that is needed to make it again, and the raters who are part of it.
        sources: The uids of the traces behind it.
        aside: For each rater of this item who is set aside, the code and the reason.
        not_removed: For each rater of this item whose lag is not removed although lags were asked for, the code and the
            reason.
        advice: The reason why another method would be better; empty if there is none.
        spread: (n, 2) float64 standard deviation of what is known of each value, by the model of raters; None by other
            methods.
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
    aside: dict[str, str]
    not_removed: dict[str, str]
    advice: str = ""
    spread: Float | None = None

    @property
    def part(self) -> NDArray[np.bool_]:
        """Whether each rater is part of the gold standard, which those set aside are not: (raters,) bool."""
        return np.array([rater not in self.aside for rater in self.raters], dtype=bool)

    @property
    def counted(self) -> Float:
        """Traces of the raters who are part of the gold standard: (raters, n, 2) float64, NaN for the others."""
        return np.where(self.part[:, None, None], self.traces, np.nan)


class TraceGolds:
    """Gold standards of the traces of some labels, all by one method.

    Lags, and the weights of the evaluator weighted estimator, are estimated over all the traces together and not clip
    by clip.  A rater is part of the gold standard from the first sample to the end of the last one, pauses left out.
    Raters who oppose the others or never move are set aside, unless somebody took them back.

    Args:
        project: The project that holds clips and measured reaction lags.
        traces: The labels, of which the first pass of each rater is used.
        method: "mean", "median", "ewe", "barycentre" or "bayes", the model of raters, which finds lags itself.
        align: Reaction lags that are removed first.
        weighting: Definition of the weights, for "ewe".
        excluded: Raters who were left out before, with reasons; the recipe names them.
        take_back: Codes of raters who are not set aside.
        tell: Receives (step, cost) of the model of raters, and may raise to end it.

    Raises:
        UserError: Lags are to be removed before the model of raters, which finds them itself.
    """

    def __init__(
        self,
        project: Project,
        traces: Sequence[TraceLabel],
        method: TraceMethod,
        align: Align = "none",
        *,
        weighting: Weighting = "leave_one_out",
        excluded: tuple[tuple[str, str], ...] = (),
        take_back: Sequence[str] = (),
        tell: Tell | None = None,
    ) -> None:
        if method == "bayes" and align != "none":
            raise UserError(
                "The model of raters finds lags of traces itself.", "Leave lags in, or choose another method."
            )
        self._project, self._method, self._weighting, self._excluded = project, method, weighting, excluded
        self.groups: dict[tuple[str, str], list[TraceLabel]] = {}
        for trace in traces:
            if trace.pass_no == 1 and len(trace.samples):
                self.groups.setdefault((trace.condition, trace.item), []).append(trace)
        self.raters = sorted({trace.rater for group in self.groups.values() for trace in group})
        every = [trace for group in self.groups.values() for trace in group]
        self.lags = trace_lags(project, every, align, take_back)
        self.lags_s = self.lags.lags_s
        self._reliable: dict[str, Float] = {}
        self._model: TracesModel | None = None
        if method == "bayes":
            self._model = traces_model(every, take_back=take_back, tell=tell)

    def of(self, condition: str, item: ItemRecord) -> TraceGold:
        """Compute the gold standard of an item.

        Args:
            condition: The viewing condition.
            item: An item that was traced in this condition.

        Raises:
            KeyError: The item was not traced in this condition.
        """
        group = self.groups[condition, item.name]
        raters = sorted({trace.rater for trace in group})
        lags = self._lags_of(condition)
        times_s = frame_times(self._project, item, group, self.lags_s)
        traces = side_by_side(group, raters, times_s, lags)
        part = np.array([rater not in self.lags.aside for rater in raters], dtype=bool)
        members = [rater for rater in raters if rater not in self.lags.aside]
        rows = [self.raters.index(rater) for rater in members]
        excluded = self._excluded + tuple((r, w) for r, w in self.lags.aside.items() if r in raters)
        values, n_raters = np.full((len(times_s), 2), np.nan), np.zeros((len(times_s), 2), np.int64)
        weights, recipes = np.zeros((2, len(raters))), []
        spread = np.full((len(times_s), 2), np.nan) if self._model is not None else None
        for axis in (0, 1):
            if self._method == "bayes":
                values[:, axis], sd, recipe = self._by_model(condition, item.name, members, axis, times_s, excluded)
                weights[axis, part] = 1.0 / max(len(members), 1)
                if spread is not None:
                    spread[:, axis] = sd
            elif self._method == "barycentre":
                values[:, axis], recipe = self._barycentre(group, members, axis, times_s, excluded)
                weights[axis, part] = 1.0 / max(len(members), 1)
            else:
                wanted = self._corpus_weights(condition)[axis, rows] if self._method == "ewe" else None
                scope = "all traces of the condition" if wanted is not None else ""
                if wanted is not None and wanted.sum() <= 0:
                    wanted, scope = None, "these labels"
                made = gold_standard(
                    traces[part, :, axis], self._method, raters=tuple(members), kind="trace", weights=wanted,
                    weighting=self._weighting, excluded=excluded,
                )  # fmt: skip
                values[:, axis], recipe = made.values, replace(made.recipe, scope=scope)
                weights[axis, part] = made.weights
            behind = ~np.isnan(traces[:, :, axis]) & (weights[axis] > 0)[:, None]
            n_raters[:, axis] = np.where(np.isnan(values[:, axis]), 0, behind.sum(axis=0))
            recipes.append(recipe)
        return TraceGold(
            times_s, tuple(raters), traces, {rater: lags[rater] for rater in raters}, weights, values, n_raters,
            recipes[0], tuple(trace.uid for trace in group if trace.rater in members),
            {r: w for r, w in self.lags.aside.items() if r in raters},
            {r: w for r, w in self.lags.not_removed.items() if r in raters}, self._advice(condition, members),
            spread,
        )  # fmt: skip

    def _advice(self, condition: str, members: list[str]) -> str:
        """Offer the evaluator weighted estimator where raters who agree little with the others move the mean."""
        if self._method != "mean":
            return ""
        rows = [self.raters.index(rater) for rater in members]
        for axis, name in enumerate(DIMENSIONS):
            r = self._reliability(condition)[axis, rows]
            weak = weak_raters(r)
            if weak:
                who = ", ".join(f"{members[k]} {figure(r[k])}" for k in weak)
                return (
                    f"In {name} some raters agree little with the others (correlation {who}; the median is "
                    f"{figure(float(np.nanmedian(r)))}) and move the plain mean as much as anybody: the evaluator "
                    "weighted estimator (EWE) counts them less."
                )
        return ""

    def _lags_of(self, condition: str) -> dict[str, float]:
        """Seconds to remove by the rater's code; by the model of raters behind the panel's mean, of both dimensions."""
        if self._model is None:
            return self.lags_s
        found: dict[str, list[float]] = {rater: [] for rater in self.raters}
        for panel in self._model.panels:
            if panel.condition == condition:
                for rater, lag in zip(panel.raters, panel.model.lag_s.mean.tolist(), strict=True):
                    found[rater].append(lag)
        return {rater: float(np.mean(lags)) if lags else 0.0 for rater, lags in found.items()}

    def _by_model(
        self, condition: str, item: str, raters: list[str], axis: int, times_s: Float,
        excluded: tuple[tuple[str, str], ...],
    ) -> tuple[Float, Float, GoldRecipe]:  # fmt: skip
        """The truth, its standard deviation, and the recipe; NaN where fewer than two raters traced the dimension."""
        recipe = GoldRecipe("trace", "bayes", tuple(raters), excluded, scope=BY_MODEL, version=TRACE_RULES)
        panel = self._model.panel(condition, axis) if self._model is not None else None
        if panel is None or item not in panel.items:
            nothing = np.full(times_s.size, np.nan)
            return nothing, nothing, recipe
        truth = panel.at(item, times_s)
        return truth.mean, truth.sd, recipe

    def _barycentre(
        self, group: list[TraceLabel], raters: list[str], axis: int, times_s: Float,
        excluded: tuple[tuple[str, str], ...],
    ) -> tuple[Float, GoldRecipe]:  # fmt: skip
        """Warp on an even grid, as the method's band is one of samples; then hold on the frames."""
        if not raters:
            return np.full(len(times_s), np.nan), GoldRecipe("trace", "barycentre", excluded=excluded)
        even = uniform_times(float(times_s[0]), float(times_s[-1]), RATE_HZ)
        series = side_by_side(group, raters, even, self.lags_s)[:, :, axis]
        made = gold_standard(
            series, "barycentre", raters=tuple(raters), kind="trace", rate_hz=RATE_HZ, excluded=excluded
        )
        return zero_order_hold(even, made.values, times_s), made.recipe

    def _corpus_weights(self, condition: str) -> Float:
        """(2, all raters) weights over all the traces of a condition, 0 for raters who are set aside."""
        return np.stack([weights_of(r)[0] for r in self._reliability(condition)])

    def _reliability(self, condition: str) -> Float:
        """(2, all raters) agreement with the others over all the traces of a condition, NaN for raters set aside."""
        if condition not in self._reliable:
            members = [rater for rater in self.raters if rater not in self.lags.aside]
            blocks = [
                side_by_side(group, members, even_times(group, self.lags_s), self.lags_s)
                for (where, _), group in self.groups.items()
                if where == condition
            ]
            everything = np.concatenate(blocks, axis=1)
            found = np.full((2, len(self.raters)), np.nan)
            rows = [self.raters.index(rater) for rater in members]
            for axis in (0, 1):
                found[axis, rows] = reliability(everything[:, :, axis], self._weighting)
            self._reliable[condition] = found
        return self._reliable[condition]
