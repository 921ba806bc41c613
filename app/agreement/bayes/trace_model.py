"""The model of traces of a project: each condition and dimension by itself, with raters in words."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from app.agreement.bayes.band import LEVEL, Band
from app.agreement.bayes.trace_fit import TraceModel, fit_traces
from app.agreement.trace_sums import trace_sums
from app.domain.ratings import TraceLabel
from app.domain.trace_grid import side_by_side, span_s, uniform_times
from app.domain.traces import DIMENSIONS

Float = NDArray[np.float64]
Tell = Callable[[int, float], None]

GRID_HZ: Final = 5.0
"""Rate at which traces are modelled: hands follow emotions more slowly."""
WIDE_S: Final = 2.0
"""Width of a lag's interval from which on nothing is said of it but that."""


@dataclass(frozen=True, eq=False)
class TracePanel:
    """The model of the traces of one condition in one dimension.

    Attributes:
        condition: Viewing condition.
        axis: 0 for valence, 1 for arousal.
        raters: Codes.
        seconds: (raters,) float64 what each rater traced.
        items: Names.
        times_s: Times of each item's truth, (n,) float64 seconds on the clip's PTS axis.
        model: What is known.
    """

    condition: str
    axis: int
    raters: tuple[str, ...]
    seconds: Float
    items: tuple[str, ...]
    times_s: tuple[Float, ...]
    model: TraceModel = field(repr=False)

    @property
    def dimension(self) -> str:
        """The dimension's name."""
        return DIMENSIONS[self.axis]

    def words(self, r: int) -> str:
        """Describe a rater in a sentence."""
        found = self.model
        said = []
        if found.lag_s.width[r] > WIDE_S:
            said.append("the lag cannot be told")
        elif found.lag_s.low[r] > 0 or found.lag_s.high[r] < 0:
            side = "behind" if found.lag_s.mean[r] > 0 else "before"
            said.append(f"runs {abs(found.lag_s.mean[r]):.1f} s {side} the panel")
        if found.gain.low[r] > 1 or found.gain.high[r] < 1:
            far = "farther" if found.gain.mean[r] > 1 else "less far"
            said.append(f"moves {far} than the panel ({found.gain.mean[r]:.1f} times)")
        if found.offset.low[r] > 0 or found.offset.high[r] < 0:
            side = "higher" if found.offset.mean[r] > 0 else "lower"
            said.append(f"lies {abs(found.offset.mean[r]):.2f} {side}")
        usual = float(np.exp(np.log(found.noise.mean).mean()))
        if found.noise.low[r] > usual or found.noise.high[r] < usual:
            said.append(f"is {'noisier' if found.noise.mean[r] > usual else 'steadier'} than the panel")
        text = "; ".join(said)
        return f"{text[0].upper()}{text[1:]}." if text else "Like the panel."

    def at(self, item: str, times_s: Float) -> Band:
        """Return an item's truth at some times, between samples in a straight line; NaN beyond the ends.

        Args:
            item: Name of an item.
            times_s: (m,) float64 seconds on the clip's PTS axis.
        """
        k = self.items.index(item)
        truth, known = self.model.truths[k], self.times_s[k]
        parts = [np.interp(times_s, known, part) for part in (truth.mean, truth.sd, truth.low, truth.high)]
        beyond = (times_s < known[0] - 1.0 / GRID_HZ) | (times_s > known[-1] + 1.0 / GRID_HZ)
        return Band(*(np.where(beyond, np.nan, part) for part in parts))


@dataclass(frozen=True, eq=False)
class TracesModel:
    """The model of all traces.

    Attributes:
        panels: One for each condition and dimension with two raters or more.
        aside: Rater → why he or she is set aside.
    """

    panels: tuple[TracePanel, ...]
    aside: dict[str, str]

    @property
    def notes(self) -> tuple[str, ...]:
        """What a reader must know."""
        out = [f"Rater {rater} {why} and does not enter the model of traces." for rater, why in self.aside.items()]
        for panel in self.panels:
            if not panel.model.converged:
                where = f"{panel.dimension}, {panel.condition}"
                out.append(f"The fit of traces ({where}) did not come to rest; read its numbers with care.")
        return tuple(out)

    def panel(self, condition: str, axis: int) -> TracePanel | None:
        """Return the panel of a condition and dimension."""
        return next((one for one in self.panels if (one.condition, one.axis) == (condition, axis)), None)


@dataclass(frozen=True)
class _Asked:
    """What is asked for, by the names of traces: those of a project never change."""

    uids: tuple[str, ...]
    take_back: tuple[str, ...]
    level: float
    seed: int
    traces: tuple[TraceLabel, ...] = field(compare=False)
    tell: Tell | None = field(compare=False)


def traces_model(
    traces: Sequence[TraceLabel], *, take_back: Sequence[str] = (), level: float = LEVEL, seed: int = 0,
    tell: Tell | None = None,
) -> TracesModel:  # fmt: skip
    """Fit the model to traces of the first pass; the same stored traces are not fitted twice.

    Args:
        traces: The traces of raters who count.
        take_back: Raters who enter although they oppose the others or never move.
        level: Probability within an interval.
        seed: Of the draws.
        tell: Receives (step, cost) and may raise to end the fit.

    Example:
        >>> from app.agreement.example import traces
        >>> found = traces_model(traces()[:0])
        >>> found.panels, found.notes
        ((), ())
    """
    used = tuple(sorted((t for t in traces if t.pass_no == 1 and len(t.samples)), key=lambda t: t.uid))
    asked = _Asked(tuple(t.uid for t in used), tuple(sorted(take_back)), level, seed, used, tell)
    return _fitted(asked) if any(not t.uid for t in used) else _known(asked)


@lru_cache(maxsize=4)
def _known(asked: _Asked) -> TracesModel:
    return _fitted(asked)


def _fitted(asked: _Asked) -> TracesModel:
    if not asked.traces:
        return TracesModel((), {})
    aside = {rater: why for rater, why in trace_sums(asked.traces).aside.items() if rater not in asked.take_back}
    panels = []
    for condition in sorted({trace.condition for trace in asked.traces}):
        here = [t for t in asked.traces if t.condition == condition and t.rater not in aside]
        for axis in (0, 1):
            panel = _panel(condition, axis, here, asked)
            if panel is not None:
                panels.append(panel)
    return TracesModel(tuple(panels), aside)


def _panel(condition: str, axis: int, traces: Sequence[TraceLabel], asked: _Asked) -> TracePanel | None:
    raters = sorted({trace.rater for trace in traces})
    groups: dict[str, list[TraceLabel]] = {}
    for trace in traces:
        groups.setdefault(trace.item, []).append(trace)
    items, times, clips = [], [], []
    for item, group in sorted(groups.items()):
        grid = uniform_times(*span_s(group), GRID_HZ)
        clip = side_by_side(group, raters, grid)[:, :, axis]
        if not np.isnan(clip).all():
            items.append(item)
            times.append(grid)
            clips.append(clip)
    if not clips:
        return None
    given = np.concatenate([~np.isnan(clip) for clip in clips], axis=1).sum(axis=1)
    kept = np.flatnonzero(given > 0)
    if kept.size < 2:
        return None
    model = fit_traces([clip[kept] for clip in clips], GRID_HZ, level=asked.level, seed=asked.seed, tell=asked.tell)
    names = tuple(raters[r] for r in kept.tolist())
    return TracePanel(condition, axis, names, given[kept] / GRID_HZ, tuple(items), tuple(times), model)
