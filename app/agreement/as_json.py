"""The agreement report as JSON: a fixed summary for programs, and every estimate in full beside it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from app.agreement.categories import CategoryResult
from app.agreement.effect import PairEffect
from app.agreement.estimate import Estimate, bounds
from app.agreement.intensities import EmotionResult
from app.agreement.prevalence import HOW_TO_READ
from app.agreement.provenance import Provenance
from app.agreement.report import AgreementReport
from app.agreement.trace_report import TraceAgreement
from app.domain.json_values import number


def report_json(report: AgreementReport, provenance: Provenance | None = None) -> dict[str, Any]:
    """Convert the report to JSON types.

    `conditions` and `pairs` are the summary (keys documented in docs/statistics.md); `details` holds every
    estimate with its name, reference, sample, method and sentence.  Undefined values are None and the same object
    then carries a `reason`.

    Args:
        report: the table.
        provenance: where it comes from, with whatever else the file holds; that of the table if None.

    Example:
        >>> from app.agreement.example import report
        >>> sorted(report_json(report()))
        ['conditions', 'details', 'estimators', 'pairs', 'provenance', 'settings', 'simulated', 'warnings']
    """
    conditions: dict[str, dict[str, Any]] = {c: {"emotions": {}, "categories": None} for c in report.conditions}
    for cell in report.emotions:
        conditions[cell.condition]["emotions"][cell.emotion] = _emotion(cell)
    for votes in report.categories:
        conditions[votes.condition]["categories"] = _categories(votes)
    for found in conditions.values():
        if found["categories"] is None:
            found["reason"] = "categories: no votes in this condition"
    estimates = [e for r in report.emotions for e in r.estimates()]
    for result in report.categories:
        estimates += result.estimates()
        estimates += [e for one in result.each for e in one.estimates()]
    s = report.settings
    return {
        "conditions": conditions,
        "pairs": [_pair(p) for p in report.pairs],
        "settings": {
            "by": s.unit, "interval": s.interval, "bootstrap": s.replicates, "seed": s.seed, "sign_flips": s.flips,
            "level": s.level,
        },
        "provenance": (provenance or report.provenance).as_dict(),
        "estimators": {e.estimator: e.reference for e in estimates},
        "warnings": list(report.warnings),
        "simulated": report.simulated,
        "details": {
            "estimates": [e.as_dict() for e in estimates],
            "pairs": [_pair_details(p) for p in report.pairs],
        },
    }  # fmt: skip


def _with_reasons(out: dict[str, Any], estimates: Mapping[str, Estimate]) -> dict[str, Any]:
    """Add one `reason` that says of each undefined key why it is."""
    reasons = {key: e.reason for key, e in estimates.items() if e.reason and (out.get(key) is None or _lacks(out, key))}
    if reasons:
        out["reason"] = "; ".join(f"{key}: {why}" for key, why in reasons.items())
    return out


def _lacks(out: Mapping[str, Any], key: str) -> bool:
    """Return whether the interval of a key is undefined; that of the difference is called `interval`."""
    name = "interval" if key == "difference" else f"{key}_interval"
    return name in out and out[name] is None


def _emotion(cell: EmotionResult) -> dict[str, Any]:
    ordinal, interval = cell.alpha_ordinal, cell.alpha_interval
    out = {
        "disagreement": number(cell.disagreement.value),
        "disagreement_population": number(cell.disagreement_population.value),
        "prevalence": number(cell.prevalence.value),
        "alpha_ordinal": number(ordinal.value),
        "alpha_ordinal_interval": bounds(ordinal.low, ordinal.high),
        "alpha_interval": number(interval.value),
        "alpha_interval_interval": bounds(interval.low, interval.high),
        "n_items": cell.disagreement.n_items,
        "n_ratings": cell.disagreement.n_ratings,
    }
    return _with_reasons(
        out,
        {
            "disagreement": cell.disagreement, "disagreement_population": cell.disagreement_population,
            "prevalence": cell.prevalence, "alpha_ordinal": ordinal, "alpha_interval": interval,
        },
    )  # fmt: skip


def _categories(result: CategoryResult) -> dict[str, Any]:
    alpha = result.alpha_nominal
    out = {
        "alpha_nominal": number(alpha.value),
        "alpha_nominal_interval": bounds(alpha.low, alpha.high),
        "fleiss_kappa": number(result.fleiss_kappa.value),
        "disagreement": number(result.disagreement.value),
        "n_items": result.disagreement.n_items,
        "n_ratings": result.disagreement.n_ratings,
    }
    return _with_reasons(
        out, {"alpha_nominal": alpha, "fleiss_kappa": result.fleiss_kappa, "disagreement": result.disagreement}
    )


def _pair(pair: PairEffect) -> dict[str, Any]:
    d, delta = pair.difference, pair.delta_alpha
    out = {
        "a": pair.a,
        "b": pair.b,
        "emotion": pair.emotion or None,
        "kind": pair.kind,
        "difference": number(d.value),
        "interval": bounds(d.low, d.high),
        "p_adjusted": number(pair.p_adjusted),
        "delta_alpha": number(delta.value),
        "delta_alpha_interval": bounds(delta.low, delta.high),
        "alpha": pair.alpha,
    }
    return _with_reasons(out, {"difference": d, "p_adjusted": d, "delta_alpha": delta})


def _pair_details(pair: PairEffect) -> dict[str, Any]:
    return {
        "a": pair.a,
        "b": pair.b,
        "emotion": pair.emotion or None,
        "kind": pair.kind,
        "difference": pair.difference.as_dict(),
        "p": number(pair.p),
        "p_adjusted": number(pair.p_adjusted),
        "p_adjusted_method": "sign flips of clusters, step-down max-T over emotions"
        + ("; the larger of this and of exchanging raters" if pair.design.over_raters else ""),
        "p_units_adjusted": number(pair.p_units),
        "p_raters_adjusted": number(pair.p_raters),
        "smallest_p": number(pair.smallest_p),
        "design": {
            "kind": pair.design.kind, "raters_a_only": pair.design.only_a, "raters_b_only": pair.design.only_b,
            "raters_both": pair.design.both, "scope": pair.design.scope, "sentence": pair.design.sentence(),
        },
        "over_raters": None if pair.over_raters is None else pair.over_raters.as_dict(),
        "p_holm": number(pair.p_holm),
        "sign_flips": pair.n_flips,
        "n_clusters": pair.n_clusters,
        "d_z": number(pair.d_z),
        "d_z_interval": bounds(pair.d_z_estimate.low, pair.d_z_estimate.high),
        "rank_biserial": number(pair.rank_biserial),
        "rank_biserial_interval": bounds(pair.rank_biserial_estimate.low, pair.rank_biserial_estimate.high),
        "effect_sizes": [pair.d_z_estimate.as_dict(), pair.rank_biserial_estimate.as_dict()],
        "delta_alpha": pair.delta_alpha.as_dict(),
        "prevalence_adjusted": pair.prevalence_adjusted.as_dict(),
        "p_prevalence_adjusted_holm": number(pair.p_prevalence),
        "prevalence_how_to_read": HOW_TO_READ,
    }  # fmt: skip


def traces_json(results: Sequence[TraceAgreement]) -> list[dict[str, Any]]:
    """Convert agreement of traces to JSON types, one object per condition and dimension.

    Example:
        >>> from app.agreement.example import trace_results
        >>> found = traces_json(trace_results())
        >>> [(one["condition"], one["dimension"]) for one in found]
        [('full_context', 'valence'), ('full_context', 'arousal')]
    """
    return [
        {
            "condition": r.condition,
            "dimension": r.dimension,
            "raters": list(r.raters),
            "ccc_mean_pairwise": r.mean_pairwise.as_dict(),
            "ccc_pairwise": [[number(v) for v in row] for row in r.pairwise.tolist()],
            "ccc_leave_one_out": {name: number(v) for name, v in zip(r.raters, r.leave_one_out.tolist(), strict=True)},
            "ccc_pairs": [one.as_dict() for one in r.pairs.values()],
            "ccc_leave_one_out_estimates": [one.as_dict() for one in r.ceilings],
            "alpha_interval": r.alpha.as_dict(),
            "lags": {
                name: {
                    "lag_s": number(lag.lag_s),
                    "peak": number(lag.peak),
                    "reason": lag.reason,
                    "interval": bounds(lag.low, lag.high),
                    "interval_reason": lag.interval_reason,
                    "shared_s": number(lag.material_s),
                    "items": lag.n,
                }
                for name, lag in zip(r.raters, r.lags, strict=True)
            },
            "lag_estimates": [one.as_dict() for one in r.lag_estimates],
            "human_ceiling": None if r.ceiling is None else r.ceiling.as_dict(),
            "set_aside": r.aside,
            "items": [{"item": item, "ccc": number(value)} for item, value in r.per_item],
        }
        for r in results
    ]
