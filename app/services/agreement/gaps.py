"""The moments on which people and the model part most, for guided review."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

import db.clips
import db.items
from app.agreement.parting import as_points, drawn_spread, moments
from app.domain.emotion_words import rated_word
from app.domain.gaps import CATEGORY, Gap
from app.domain.project import ItemRecord
from app.domain.ratings import CategoryTable, ProjectRatings, RatingTable
from app.domain.traces import DIMENSIONS
from app.jobs import Context
from app.services.agreement.ceiling import shares_of_items
from app.services.agreement.fan import Fan, FanRecipe, make_fan, traced_items
from app.services.agreement.reliability import wide
from app.services.agreement.results import in_order
from db.project import Project

Float = NDArray[np.float64]

MOST = 500
"""Number of gaps in the queue; nobody reviews more."""
LEAST = 1.0
"""Smallest gap in people's spreads: what is closer is no further from people than they are from each other."""
MOST_OF_TRACE = 3
"""Moments of one item, condition and dimension."""
LEAST_PEOPLE = 2
LEAST_TRACE = 0.05
"""Smallest spread of traces, whose scale has the length 2."""
LEAST_SHARE_OF_SCALE = 0.05
LEAST_VOTE = 0.2


@dataclass(frozen=True)
class GapQueue:
    """What guided review goes through.

    Attributes:
        gaps: The gaps, the largest first, at most `MOST`.
        n: Number of all gaps.
        models: Names of the models behind the predictions.
        notes: What is not compared, and why.
    """

    gaps: tuple[Gap, ...]
    n: int
    models: tuple[str, ...]
    notes: tuple[str, ...]


class _Places:
    """Where items lie on their clips."""

    def __init__(self, project: Project) -> None:
        self._items = {one.name: one for one in db.items.every(project, removed=True)}
        self._ends = {one.id: one.duration_s for one in db.clips.every(project, removed=True)}

    def get(self, name: str) -> ItemRecord | None:
        return self._items.get(name)

    def gap(
        self, name: str, condition: str, what: str, values: tuple[float, float, float, float], n: int, model: str,
        span_s: tuple[float, float] | None = None,
    ) -> Gap | None:  # fmt: skip
        """Return a gap at a moment, or over the whole item; None for an item that the project does not have.

        Args:
            name: Name of the item.
            condition: Viewing condition.
            what: What was judged.
            values: People, model, spread and size.
            n: Number of people.
            model: Name of the model.
            span_s: Beginning and end in seconds; None for the whole item.
        """
        item = self._items.get(name)
        if item is None:
            return None
        start_s = 0.0 if item.start_s is None else item.start_s
        end_s = max(self._ends.get(item.clip_id) or start_s, start_s) if item.end_s is None else item.end_s
        if span_s is not None:
            start_s, end_s = span_s
        return Gap(name, item.id, item.clip_id, condition, what, start_s, end_s, *values, n, model)


def find_gaps(ctx: Context, project: Project, data: ProjectRatings) -> GapQueue:
    """Find where the newest predictions of the project part from its raters, in each viewing condition.

    Traces are compared as they were traced, moment by moment. Intensities and categories are compared item by item:
    class probabilities, averaged over the item, are put on the scale of the points by a straight line over all items
    of a condition, and stand for themselves beside votes.

    Args:
        ctx: Receives the progress, and can cancel.
        project: The project that holds the predictions.
        data: The labels of one pass.
    """
    places = _Places(project)
    found: list[Gap] = []
    models: set[str] = set()
    notes: list[str] = []
    if data.intensities is not None:
        names, gaps, notes = intensity_gaps(ctx, project, data.intensities)
        models |= names
        found += gaps
    if data.categories is not None:
        shares, names = shares_of_items(ctx, project, data.categories)
        if names:
            models |= names
            found += _of_categories(places, data.categories, shares, ", ".join(sorted(names)), notes)
    found += _of_traces(ctx, project, data, places, models)
    if not models:
        notes.append("None of these clips has predictions yet. Analyse the clips in Review first.")
    ordered = sorted(found, key=lambda gap: (-gap.size, gap.item, gap.condition, gap.what, gap.start_s))
    if len(ordered) > MOST:
        notes.append(f"The {MOST} largest of {len(ordered):,} gaps are listed.")
    return GapQueue(tuple(ordered[:MOST]), len(ordered), tuple(sorted(models)), tuple(notes))


def intensity_gaps(ctx: Context, project: Project, table: RatingTable) -> tuple[set[str], list[Gap], list[str]]:
    """Find the items whose intensities the newest predictions do not expect.

    Args:
        ctx: Receives the progress, and can cancel.
        project: The project that holds the predictions.
        table: The intensities of one pass.

    Returns:
        The names of the models, the gaps in no order, and what is not compared.
    """
    notes: list[str] = []
    shares, names = shares_of_items(ctx, project, table)
    model = ", ".join(sorted(names))
    return names, list(_of_intensities(_Places(project), table, shares, model, notes)) if names else [], notes


def _used(table: RatingTable | CategoryTable) -> tuple[str, ...]:
    codes = np.unique(table.condition.codes).tolist()
    return in_order(tuple(table.condition.names[code] for code in codes if code >= 0))


def _of_intensities(
    places: _Places, table: RatingTable, shares: dict[str, Float | None], model: str, notes: list[str]
) -> Iterator[Gap]:
    without: dict[str, list[str]] = {}
    low, high = table.scale or (float(np.nanmin(table.score)), float(np.nanmax(table.score)))
    for condition in _used(table):
        for emotion in table.emotion.names:
            series = wide(table, condition, emotion)  # (items, raters)
            n, mean, variance = _moments_of_people(series)
            share = shares.get(emotion)
            expected = None if share is None else as_points(share, mean)
            if expected is None:
                if share is not None and (n > 0).any():
                    without.setdefault(condition, []).append(emotion)
                continue
            expected = np.clip(expected, low, high)
            spread = drawn_spread(variance, n, _typical(variance), LEAST_SHARE_OF_SCALE * (high - low))
            sizes = np.abs(expected - mean) / spread
            for i in np.flatnonzero(sizes >= LEAST).tolist():
                values = float(mean[i]), float(expected[i]), float(spread[i]), float(sizes[i])
                gap = places.gap(table.items.names[i], condition, emotion, values, int(n[i]), model)
                if gap is not None:
                    yield gap
    for condition, emotions in without.items():
        words = ", ".join(rated_word(one).lower() for one in emotions)
        notes.append(
            f"Not compared in {rated_word(condition).lower()}: {words}. "
            "The model does not rise with people there, or fewer than five items have both."
        )


def _of_categories(
    places: _Places, table: CategoryTable, shares: dict[str, Float | None], model: str, notes: list[str]
) -> Iterator[Gap]:
    k = len(table.category.names)
    unknown: set[str] = set()
    for condition in _used(table):
        rows = (table.condition.codes == table.condition.code_of(condition)) & (table.category.codes >= 0)
        votes = np.zeros((len(table.items), k))
        np.add.at(votes, (table.item[rows], table.category.codes[rows]), 1.0)
        n = votes.sum(axis=1)
        part = votes / np.maximum(n, 1.0)[:, None]
        first = part.argmax(axis=1)
        people = part[np.arange(len(part)), first]
        variance = np.where(n >= LEAST_PEOPLE, people * (1 - people) * n / np.maximum(n - 1, 1), np.nan)
        spread = drawn_spread(variance, n, _typical(variance), LEAST_VOTE)
        for i in np.flatnonzero(n >= LEAST_PEOPLE).tolist():
            word = table.category.names[int(first[i])]
            share = shares.get(word)
            if share is None:
                unknown.add(word)
                continue
            # A model that is surer of people's category than they are does not part from them.
            size = max(float((people[i] - share[i]) / spread[i]), 0.0)
            if size >= LEAST:
                values = float(people[i]), float(share[i]), float(spread[i]), size
                gap = places.gap(table.items.names[i], condition, CATEGORY, values, int(n[i]), model)
                if gap is not None:
                    yield gap
    if unknown:
        notes.append(
            f"The model has no class for {', '.join(rated_word(one).lower() for one in sorted(unknown))}: items that "
            "people call so are left out."
        )


def _of_traces(
    ctx: Context, project: Project, data: ProjectRatings, places: _Places, models: set[str]
) -> Iterator[Gap]:
    fans: dict[str, list[Fan]] = {}
    wanted = [(item, condition) for item, of_item in traced_items(data).items() for condition in of_item]
    for at, (item, condition) in enumerate(wanted):
        ctx.progress(at, len(wanted), "Traces")
        if places.get(item) is not None:
            fan = make_fan(ctx, project, data, item, condition, FanRecipe())
            if fan.predicted is not None:
                models.add(fan.model)
                fans.setdefault(condition, []).append(fan)
    for condition, of_condition in fans.items():
        for axis, dimension in enumerate(DIMENSIONS):
            people = [_moments_of_people(fan.counted[:, :, axis].T) for fan in of_condition]
            typical = _typical(np.concatenate([variance for _, _, variance in people]))
            for fan, (n, mean, variance) in zip(of_condition, people, strict=True):
                if fan.predicted is None or np.isnan(typical):
                    continue
                spread = drawn_spread(variance, n, typical, LEAST_TRACE)
                for one in moments(fan.times_s, mean, fan.predicted[:, axis], spread, least=LEAST, most=MOST_OF_TRACE):
                    span_s = float(fan.times_s[one.first]), float(fan.times_s[one.last])
                    values = one.people, one.model, one.spread, one.size
                    there = int(n[one.first : one.last + 1].max())
                    gap = places.gap(fan.item, condition, dimension, values, there, fan.model, span_s)
                    if gap is not None:
                        yield gap


def _moments_of_people(series: Float) -> tuple[Float, Float, Float]:
    """Return number, mean and sample variance of the people of each row: NaN where there are too few."""
    known = ~np.isnan(series)
    n = known.sum(axis=1).astype(np.float64)
    mean = np.where(n > 0, np.where(known, series, 0.0).sum(axis=1) / np.maximum(n, 1), np.nan)
    squares = np.where(known, (series - mean[:, None]) ** 2, 0.0).sum(axis=1)
    return n, mean, np.where(n >= LEAST_PEOPLE, squares / np.maximum(n - 1, 1), np.nan)


def _typical(variance: Float) -> float:
    known = variance[~np.isnan(variance)]
    return float(known.mean()) if known.size else float("nan")
