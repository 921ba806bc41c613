"""The findings of the agreement screen in sentences, for the first page of the report."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import groupby
from statistics import median

from app.agreement.effect import PairEffect
from app.agreement.estimate import Estimate
from app.agreement.figures import SIGNIFICANT
from app.agreement.people import condition_rank
from app.agreement.report import AgreementReport
from app.domain.emotion_words import rated_word
from app.domain.words import figure, many
from app.services.agreement.ceiling import Placement
from app.services.agreement.items import ItemTable
from app.services.agreement.results import Results

MOST_NAMED = 4
"""Emotions that a sentence names before it counts the others."""


def findings_of(results: Results, placement: Placement | None = None, items: ItemTable | None = None) -> list[str]:
    """Return the findings, the sample first.

    Args:
        results: All statistics of the screen.
        placement: The model among the raters; None without one.
        items: Items by disagreement; None without intensities.
    """
    out = [fact.sentence() for fact in results.provenance.facts]
    if results.report is not None:
        out += _reliability(results.report)
        out += _effects(results.report)
        out += _categories(results.report)
    out += _traces(results)
    out += _raters(results)
    out += _model(placement)
    out += _items(items)
    return out


def _reliability(report: AgreementReport) -> list[str]:
    out = []
    for condition in sorted({cell.condition for cell in report.emotions}, key=condition_rank):
        cells = [c for c in report.emotions if c.condition == condition and c.alpha_ordinal.defined]
        if not cells:
            out.append(f"{rated_word(condition)}: Krippendorff's alpha is not defined for any emotion.")
            continue
        cells.sort(key=lambda cell: -cell.alpha_ordinal.value)
        best, worst = cells[0], cells[-1]
        text = (
            f"{rated_word(condition)}: raters agreed most on {rated_word(best.emotion)} ({_alpha(best.alpha_ordinal)})"
        )
        if len(cells) > 1:
            middle = median(cell.alpha_ordinal.value for cell in cells)
            text += f" and least on {rated_word(worst.emotion)} ({_alpha(worst.alpha_ordinal)}); the median of "
            text += f"Krippendorff's alpha (ordinal) over {many(len(cells), 'emotion')} was {figure(middle)}"
        out.append(f"{text}.")
    return out


def _effects(report: AgreementReport) -> list[str]:
    pairs = sorted((p for p in report.pairs if p.kind == "intensity" and p.emotion), key=lambda p: (p.a, p.b))
    return [_effect(a, b, list(group)) for (a, b), group in groupby(pairs, key=lambda p: (p.a, p.b))]


def _effect(a: str, b: str, pairs: Sequence[PairEffect]) -> str:
    between = f"between {rated_word(a).lower()} and {rated_word(b).lower()}"
    tested = [p for p in pairs if not math.isnan(p.p_adjusted) and p.difference.defined]
    if not tested:
        return f"Whether disagreement differs {between} could not be tested."
    clear = sorted((p for p in tested if p.p_adjusted <= SIGNIFICANT), key=lambda p: p.p_adjusted)
    if not clear:
        least = min(tested, key=lambda p: p.p_adjusted)
        return (
            f"No difference of disagreement {between} has an adjusted p of at most .05, of "
            f"{many(len(tested), 'emotion')} tested (the smallest: {rated_word(least.emotion)}, "
            f"p\u00a0=\u00a0{_p(least.p_adjusted)})."
        )
    named = "; ".join(_told(p) for p in clear[:MOST_NAMED])
    more = f"; and {len(clear) - MOST_NAMED} more" if len(clear) > MOST_NAMED else ""
    return f"Raters disagreed differently {between} on {len(clear)} of {many(len(tested), 'emotion')}: {named}{more}."


def _told(pair: PairEffect) -> str:
    where = rated_word(pair.a if pair.difference.value > 0 else pair.b).lower()
    return (
        f"{rated_word(pair.emotion)}, more with {where} ({_interval(pair.difference, sign=True)}, adjusted "
        f"p\u00a0=\u00a0{_p(pair.p_adjusted)})"
    )


def _categories(report: AgreementReport) -> list[str]:
    cells = sorted(report.categories, key=lambda cell: condition_rank(cell.condition))
    known = [f"{rated_word(c.condition).lower()} {_interval(c.fleiss_kappa)}" for c in cells if c.fleiss_kappa.defined]
    return [f"Fleiss' kappa of categories: {'; '.join(known)}."] if known else []


def _traces(results: Results) -> list[str]:
    traces = sorted(results.traces, key=lambda one: condition_rank(one.condition))
    known = [
        f"{one.dimension} with {rated_word(one.condition).lower()} {_interval(one.mean_pairwise)}"
        for one in traces
        if one.mean_pairwise.defined
    ]
    return [f"Concordance of traces, mean over pairs of raters: {'; '.join(known)}."] if known else []


def _raters(results: Results) -> list[str]:
    out = []
    flagged = [p.rater for p in results.profiles if p.flags]
    if results.profiles:
        named = f": {', '.join(flagged[:MOST_NAMED])}{' …' if len(flagged) > MOST_NAMED else ''}" if flagged else ""
        who = f"{len(flagged)} of {many(len(results.profiles), 'rater')}" if flagged else "No rater"
        verb = "have" if len(flagged) > 1 else "has"
        out.append(f"{who} {verb} a flag, which is a reason to look and not a verdict{named}.")
    if results.left_out:
        out.append(f"Left out: {'; '.join(f'{rater} ({reason})' for rater, reason in results.left_out)}.")
    return out


def _model(placement: Placement | None) -> list[str]:
    if placement is None or not placement.models:
        return []
    out = []
    for condition in sorted({row.condition for row in placement.rows}, key=condition_rank):
        rows = [row for row in placement.rows if row.condition == condition]
        known = [row for row in rows if not math.isnan(row.model) and not math.isnan(row.human[0])]
        within = [row for row in known if row.model >= row.human[0]]
        if known:
            names = ", ".join(rated_word(row.name) for row in within[:MOST_NAMED])
            rest = " …" if len(within) > MOST_NAMED else ""
            out.append(
                f"{rated_word(condition)}: the model {' and '.join(placement.models)} is within or above the range of "
                f"the raters on {len(within)} of {len(known)} emotions and dimensions"
                f"{f' ({names}{rest})' if within else ''}."
            )
    return out


def _items(items: ItemTable | None) -> list[str]:
    if items is None or not items.names:
        return []
    score = items.score()
    best, at = -1.0, -1
    for place in range(len(items.names)):
        values = [float(v) for v in score[:, place] if not math.isnan(float(v))]
        if values and max(values) > best:
            best, at = max(values), place
    if at < 0:
        return []
    worst = rated_word(items.worst(at))
    return [f"The most disputed of {many(len(items.names), 'item')} is {items.names[at]}, above all on {worst}."]


def _alpha(estimate: Estimate) -> str:
    return f"alpha {_interval(estimate)}"


def _interval(estimate: Estimate, *, sign: bool = False) -> str:
    text = figure(estimate.value, 2, sign=sign)
    if estimate.interval is None:
        return text
    return f"{text}\u00a0[{figure(estimate.low)},\u00a0{figure(estimate.high)}]"


def _p(p: float) -> str:
    return f"{p:.3f}".lstrip("0") if p >= 0.001 else f"{p:.1g}"
