"""Raters: bias, scale use, agreement with the others, speed and attention; flags with their evidence.

A flag is a reason to look, never an exclusion: a rater who differs may be the one who sees what the others miss.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from app.agreement.alpha import MANY_LEVELS, alpha_from_sums, alpha_long, level_counts, pair_mass, paired_counts
from app.agreement.cells import scale_of
from app.agreement.estimate import NAN
from app.agreement.resample import bootstrap_weights, gather
from app.domain.ratings import RatingTable
from app.domain.words import figure, many

Float = NDArray[np.float64]

MIN_RATERS = 5
MIN_SHARED = 30
LIMIT = 3.5
FAST_S = 1.0
LONG_RUN = 10
MIN_CHECKS = 4
FAILED_SHARE = 0.25


@dataclass(frozen=True)
class Flag:
    """A reason to look at a rater.

    Attributes:
        measure: which measure stands out.
        value: the rater's value.
        robust_z: 0.6745 (value - median) / MAD over raters, NaN for fixed rules.
        stability: share of bootstrap resamples of items in which the rater is flagged alike, NaN if not resampled.
        evidence: the sentence to show.
    """

    measure: str
    value: float
    robust_z: float
    stability: float
    evidence: str


@dataclass(frozen=True)
class RaterProfile:
    """One rater beside the others, pass 1 only.

    Attributes:
        rater: code.
        n_ratings: ratings given.
        n_items: distinct items judged.
        n_shared: ratings with at least one other rater on the same item, condition and emotion.
        bias: mean of (own rating - mean of the others).
        spread_ratio: standard deviation of own ratings over that of all raters, within emotion and condition.
        loo_correlation: correlation with the mean of the others, centred within emotion and condition.
        alpha_change: mean over cells of (ordinal alpha without the rater - with); above 0, the others agree better.
        share_lowest: share of ratings at the lowest point of the scale.
        share_highest: share of ratings at the highest point.
        longest_run: longest run of consecutive items with the same answers throughout.
        median_response_s: NaN if response times are not known.
        fast_share: share of answers faster than one second, NaN if not known.
        checks_passed: attention checks passed.
        checks_asked: attention checks asked.
        flags: reasons to look.
    """

    rater: str
    n_ratings: int
    n_items: int
    n_shared: int
    bias: float
    spread_ratio: float
    loo_correlation: float
    alpha_change: float
    share_lowest: float
    share_highest: float
    longest_run: int
    median_response_s: float
    fast_share: float
    checks_passed: int = 0
    checks_asked: int = 0
    flags: tuple[Flag, ...] = ()


def rater_profiles(
    table: RatingTable,
    *,
    attention: Mapping[str, tuple[int, int]] | None = None,
    replicates: int = 200,
    seed: int = 0,
) -> list[RaterProfile]:
    """Describe every rater and flag who stands out.

    Args:
        table: ratings; only pass 1 counts.
        attention: per rater (passed, asked) attention checks.
        replicates: resamples of items behind the stability of a flag, 0 for none.
        seed: seed of the resampling.

    Example:
        >>> from app.agreement.example import ratings
        >>> [(one.rater, one.n_ratings) for one in rater_profiles(ratings(), replicates=0)]
        [('R1', 32), ('R2', 32), ('R3', 32)]
    """
    table = table.where((table.pass_no == 1) & ~np.isnan(table.score))
    n_raters = len(table.rater.names)
    rater = table.rater.codes.astype(np.int64)
    own, others, shared = _against_others(table)
    sums = _item_sums(own, others, shared, table, n_raters)
    totals = sums.sum(axis=0).reshape(n_raters, 6)
    bias, correlation, spread = _measures(totals)
    change = alpha_changes(table)
    count = np.bincount(rater, minlength=n_raters)
    low, high = scale_of(table)
    lowest = np.bincount(rater[table.score <= low], minlength=n_raters) / np.maximum(count, 1)
    highest = np.bincount(rater[table.score >= high], minlength=n_raters) / np.maximum(count, 1)
    out = []
    for k, name in enumerate(table.rater.names):
        if not count[k]:
            continue
        rows = np.flatnonzero(rater == k)
        times = table.response_s[rows] if table.response_s is not None else np.empty(0)
        times = times[~np.isnan(times)]
        passed, asked = (attention or {}).get(name, (0, 0))
        out.append(
            RaterProfile(
                rater=name, n_ratings=int(count[k]), n_items=int(np.unique(table.item[rows]).size),
                n_shared=int(totals[k, 0]), bias=float(bias[k]), spread_ratio=float(spread[k]),
                loo_correlation=float(correlation[k]), alpha_change=float(change[k]), share_lowest=float(lowest[k]),
                share_highest=float(highest[k]), longest_run=longest_run(table, rows),
                median_response_s=float(np.median(times)) if times.size else NAN,
                fast_share=float((times < FAST_S).mean()) if times.size else NAN, checks_passed=passed,
                checks_asked=asked,
            )
        )  # fmt: skip
    place = {name: k for k, name in enumerate(table.rater.names)}
    stability = _stability(sums, n_raters, replicates, seed)
    return [replace(p, flags=_flags(p, out, {m: s[:, place[p.rater]] for m, s in stability.items()})) for p in out]


def _against_others(table: RatingTable) -> tuple[Float, Float, NDArray[np.bool_]]:
    """Own rating and mean of the others, centred within emotion and condition, and where there are others."""
    n_emo = max(len(table.emotion.names), 1)
    cell = table.condition.codes.astype(np.int64) * n_emo + table.emotion.codes
    n_cells = len(table.condition.names) * n_emo
    per_cell = np.maximum(np.bincount(cell, minlength=n_cells), 1)
    centre = np.bincount(cell, weights=table.score, minlength=n_cells) / per_cell
    own = table.score - centre[cell]
    _, unit = np.unique(table.item.astype(np.int64) * n_cells + cell, return_inverse=True)
    n = np.bincount(unit)[unit]
    total = np.bincount(unit, weights=own)[unit]
    shared = n >= 2
    others = np.where(shared, (total - own) / np.maximum(n - 1, 1), 0.0)
    return own, others, shared


def _item_sums(own: Float, others: Float, shared: NDArray[np.bool_], table: RatingTable, n_raters: int) -> Float:
    """(items, raters * 6) sums of 1, x, o, x^2, o^2, x o over the shared ratings."""
    x, o = own[shared], others[shared]
    terms = np.stack([np.ones_like(x), x, o, x * x, o * o, x * o], axis=1)
    used, item = np.unique(table.item[shared], return_inverse=True)
    flat = gather(terms, item * n_raters + table.rater.codes[shared], used.size * n_raters)
    return flat.reshape(used.size, n_raters * 6)


def _measures(sums: Float) -> tuple[Float, Float, Float]:
    """(bias, correlation, spread ratio) of (..., raters, 6) sums; NaN where undefined."""
    n, x, o, xx, oo, xo = np.moveaxis(sums, -1, 0)
    some = np.maximum(n, 1.0)
    var_x, var_o = xx / some - (x / some) ** 2, oo / some - (o / some) ** 2
    ok = (n >= 2) & (var_x > 1e-12) & (var_o > 1e-12)
    correlation = np.where(ok, (xo / some - x * o / some**2) / np.sqrt(np.where(ok, var_x * var_o, 1.0)), NAN)
    bias = np.where(n > 0, (x - o) / some, NAN)
    pooled_n = np.maximum(n.sum(axis=-1, keepdims=True), 1.0)
    pooled = xx.sum(axis=-1, keepdims=True) / pooled_n - (x.sum(axis=-1, keepdims=True) / pooled_n) ** 2
    spread = np.where((n >= 2) & (pooled > 0), np.sqrt(np.maximum(var_x, 0.0) / np.where(pooled > 0, pooled, 1.0)), NAN)
    return bias, correlation, spread


def alpha_changes(table: RatingTable) -> Float:
    """Compute the mean change of ordinal alpha over cells when a rater is left out: (raters,), NaN if never defined.

    With few levels only the items of the rater are counted again, so the panel costs little more than one alpha.

    Args:
        table: ratings of one pass without NaN.

    Example:
        >>> from app.agreement.example import ratings
        >>> alpha_changes(ratings()).round(3)
        array([-0.062,  0.042,  0.016])
    """
    n_raters, n_items = len(table.rater.names), len(table.items)
    levels = np.unique(table.score)
    total, cells = np.zeros(n_raters), np.zeros(n_raters)
    n_emo = max(len(table.emotion.names), 1)
    cell = table.condition.codes.astype(np.int64) * n_emo + table.emotion.codes
    for code in np.unique(cell):
        rows = np.flatnonzero(cell == code)
        item, score = table.item[rows].astype(np.int64), table.score[rows]
        full, without = _alpha_without(score, item, table.rater.codes[rows], n_items, levels)
        for k, less in without.items():
            if not np.isnan(full) and not np.isnan(less):
                total[k] += less - full
                cells[k] += 1
    return np.where(cells > 0, total / np.maximum(cells, 1), NAN)


def _alpha_without(
    score: Float, item: NDArray[np.int64], rater: NDArray[np.int32], n_items: int, levels: Float
) -> tuple[float, dict[int, float]]:
    """Ordinal alpha of one cell, and without each of its raters."""
    raters = np.unique(rater)
    if levels.size > MANY_LEVELS:
        less = {}
        for k in raters:
            others = rater != k
            less[int(k)] = alpha_long(score[others], item[others], n_items, "ordinal")
        return alpha_long(score, item, n_items, "ordinal"), less
    counts = level_counts(score, item, n_items, levels)
    mass, marginals = pair_mass(counts).sum(axis=0), paired_counts(counts).sum(axis=0)
    without = {}
    for k in raters:
        mine = rater == k
        touched, place = np.unique(item[mine], return_inverse=True)
        before = counts[touched]
        after = before - level_counts(score[mine], place, touched.size, levels)
        without[int(k)] = float(
            alpha_from_sums(
                mass + (pair_mass(after) - pair_mass(before)).sum(axis=0),
                marginals + (paired_counts(after) - paired_counts(before)).sum(axis=0),
                levels, "ordinal",
            )
        )  # fmt: skip
    return float(alpha_from_sums(mass, marginals, levels, "ordinal")), without


def longest_run(table: RatingTable, rows: NDArray[np.integer]) -> int:
    """Find the longest run of consecutive items to which one rater gave the same answers throughout.

    Items follow in the order they were answered, or in the order of the rows where that is not known.  A run counts
    only if the answers are not all at the lowest point, since "nothing of all this" may simply be true.

    Args:
        table: ratings of one pass.
        rows: rows of one rater.

    Example:
        >>> from app.agreement.example import ratings
        >>> table = ratings()
        >>> longest_run(table, np.flatnonzero((table.rater.codes == 0) & (table.condition.codes == 0)))
        1
    """
    order = rows
    if table.answered_s is not None:
        order = rows[np.argsort(table.answered_s[rows], kind="stable")]
    key = table.item[order].astype(np.int64) * max(len(table.condition.names), 1) + table.condition.codes[order]
    floor = scale_of(table)[0]
    answers: dict[int, dict[int, float]] = {}
    for shown, emotion, score in zip(key, table.emotion.codes[order], table.score[order], strict=True):
        answers.setdefault(int(shown), {})[int(emotion)] = float(score)
    best, run, last = 0, 0, None
    for given in answers.values():
        flat = all(v <= floor for v in given.values())
        run = 0 if flat else run + 1 if given == last else 1
        last = None if flat else given
        best = max(best, run)
    return best


def robust_z(values: Float) -> Float:
    """Compute 0.6745 (x - median) / MAD; NaN where fewer than five values are known or they do not spread.

    Args:
        values: (..., raters) float64 with NaN for unknown.

    Example:
        >>> robust_z(np.array([1.0, 1.2, 0.9, 1.1, 1.0, 3.0])).round(1)
        array([-0.3,  1. , -1. ,  0.3, -0.3, 13.2])
    """
    known = (~np.isnan(values)).sum(axis=-1, keepdims=True)
    filled = np.where(known > 0, values, 0.0)
    middle = np.nanmedian(filled, axis=-1, keepdims=True)
    mad = np.nanmedian(np.abs(filled - middle), axis=-1, keepdims=True)
    ok = (mad > 0) & (known >= MIN_RATERS)
    return np.where(ok, 0.6745 * (values - middle) / np.where(ok, mad, 1.0), NAN)


_MEASURES = {
    "bias": "rates {value} against the mean of the others",
    "loo_correlation": "correlates {value} with the mean of the others",
    "spread_ratio": "spreads answers {value} times as wide as the panel",
    "alpha_change": "is the one without whom alpha changes by {value}",
    "median_response_s": "answers in {value} s (median)",
}
_DIGITS = {"alpha_change": 3, "median_response_s": 1}
_SIGNED = ("bias", "alpha_change")


def _telling(measure: str, values: Float) -> Float:
    """Return values on the scale on which raters are compared."""
    if measure == "loo_correlation":
        return np.arctanh(np.clip(values, -0.999, 0.999))
    if measure in ("spread_ratio", "median_response_s"):
        return np.where(values > 0, np.log(np.where(values > 0, values, 1.0)), NAN)
    return values


def _one_sided(measure: str, z: Float) -> NDArray[np.bool_]:
    """Whether a robust z calls for a flag: low correlation, gain without the rater, haste; both ways for the others."""
    if measure in ("loo_correlation", "median_response_s"):
        return np.less(z, -LIMIT)
    return np.greater(z, LIMIT) if measure == "alpha_change" else np.greater(np.abs(z), LIMIT)


def _stability(sums: Float, n_raters: int, replicates: int, seed: int) -> dict[str, NDArray[np.bool_]]:
    """Per measure (replicates, raters) whether a resample of items flags the rater."""
    if not replicates or not sums.shape[0]:
        return {}
    drawn = np.concatenate([w @ sums for w in bootstrap_weights(sums.shape[0], replicates, seed)])
    bias, correlation, spread = _measures(drawn.reshape(replicates, n_raters, 6))
    named = {"bias": bias, "loo_correlation": correlation, "spread_ratio": spread}
    return {m: _one_sided(m, robust_z(_telling(m, v))) for m, v in named.items()}


def _flags(
    profile: RaterProfile, panel: list[RaterProfile], stable: Mapping[str, NDArray[np.bool_]]
) -> tuple[Flag, ...]:
    out = []
    me = panel.index(profile)
    for measure, text in _MEASURES.items():
        values = np.array([getattr(p, measure) for p in panel], dtype=np.float64)
        z = float(robust_z(_telling(measure, values))[me])
        if profile.n_shared < MIN_SHARED or np.isnan(z) or not bool(_one_sided(measure, np.array(z))):
            continue
        share = float(stable[measure].mean()) if measure in stable else NAN
        among = many(len(panel), "rater")
        value = figure(float(values[me]), _DIGITS.get(measure, 2), sign=measure in _SIGNED)
        said = f"{profile.rater} {text.format(value=value)}; robust z {figure(z, 1, sign=True)} among {among}"
        if not np.isnan(share):
            said += f", flagged alike in {share:.0%} of the resamples of items"
        out.append(Flag(measure, float(values[me]), z, share, said + "."))
    failed = profile.checks_asked - profile.checks_passed
    if profile.checks_asked >= MIN_CHECKS and failed >= FAILED_SHARE * profile.checks_asked:
        said = f"{profile.rater} failed {failed} of {many(profile.checks_asked, 'attention check')}."
        out.append(Flag("attention", failed / profile.checks_asked, NAN, NAN, said))
    if profile.longest_run >= LONG_RUN:
        said = f"{profile.rater} gave the same answers to {many(profile.longest_run, 'item')} in a row."
        out.append(Flag("longest_run", float(profile.longest_run), NAN, NAN, said))
    return tuple(out)
