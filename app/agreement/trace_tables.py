"""The agreement of traces as tables, for CSV, the page and the terminal, with notes on lags and raters set aside."""

from __future__ import annotations

from collections.abc import Sequence

from app.agreement.estimate import NAN
from app.agreement.printed import with_interval
from app.agreement.tables import Cell, ResultTable
from app.agreement.trace_report import TraceAgreement


def trace_table(traces: Sequence[TraceAgreement]) -> ResultTable:
    """Tabulate agreement of traces.

    Example:
        >>> from app.agreement.example import trace_results
        >>> table = trace_table(trace_results())
        >>> table.header[:4], round(table.rows[0][3], 2)
        (('condition', 'dimension', 'estimator', 'value'), 0.9)
    """
    rows = tuple(
        (t.condition, t.dimension, e.estimator, e.value, e.low, e.high, e.n_items, e.n_raters)
        for t in traces
        for e in (t.mean_pairwise, t.alpha, *([t.ceiling] if t.ceiling is not None else []))
    )
    header = ("condition", "dimension", "estimator", "value", "low", "high", "n_items", "n_raters")
    return ResultTable("Traces", header, rows)


def trace_rater_table(traces: Sequence[TraceAgreement]) -> ResultTable:
    """Tabulate each tracing rater: concordance with the mean of the others, and lag behind the fastest.

    Example:
        >>> from app.agreement.example import trace_results
        >>> [(row[2], round(row[3], 2)) for row in trace_rater_table(trace_results()).rows[:3]]
        [('R1', 0.89), ('R2', 1.0), ('R3', 0.89)]
    """
    rows: list[tuple[Cell, ...]] = []
    for t in traces:
        for k, (rater, lag) in enumerate(zip(t.raters, t.lags, strict=True)):
            ends = (t.ceilings[k].low, t.ceilings[k].high) if t.ceilings else (NAN, NAN)
            rows.append(
                (t.condition, t.dimension, rater, float(t.leave_one_out[k]), *ends, lag.lag_s, lag.peak,
                 lag.reason, lag.low, lag.high, lag.interval_reason, lag.material_s, t.aside.get(rater, ""))
            )  # fmt: skip
    header = (
        "condition", "dimension", "rater", "ccc_leave_one_out", "low", "high", "lag_s", "peak", "lag_rejected",
        "lag_low", "lag_high", "lag_without_interval", "shared_s", "set_aside",
    )  # fmt: skip
    return ResultTable("Tracing raters", header, tuple(rows))


def trace_pair_table(traces: Sequence[TraceAgreement]) -> ResultTable:
    """Tabulate the pooled concordance of each pair of raters, with reaction lags left in.

    Example:
        >>> from app.agreement.example import trace_results
        >>> [(row[2], row[3], round(row[4], 2)) for row in trace_pair_table(trace_results()).rows[:3]]
        [('R1', 'R2', 0.95), ('R1', 'R3', 0.81), ('R2', 'R3', 0.95)]
    """
    rows = tuple(
        (t.condition, t.dimension, t.raters[a], t.raters[b], e.value, e.low, e.high, e.n_items, e.estimator)
        for t in traces
        for (a, b), e in t.pairs.items()
    )
    header = ("condition", "dimension", "a", "b", "ccc", "low", "high", "n_items", "estimator")
    return ResultTable("Pairs of tracing raters", header, rows)


def printed_traces(traces: Sequence[TraceAgreement]) -> list[ResultTable]:
    """Return the tables for a terminal; those without rows are left out.

    Example:
        >>> from app.agreement.example import trace_results
        >>> printed_traces(trace_results())[0].title
        'Agreement of traces, reaction lags left in'
    """
    joint = tuple(
        (t.condition, t.dimension, with_interval(t.mean_pairwise), with_interval(t.alpha),
         "" if t.ceiling is None else with_interval(t.ceiling), str(t.mean_pairwise.n_items))
        for t in traces
    )  # fmt: skip
    alone = tuple(
        (t.condition, t.dimension, rater, with_interval(one), with_interval(lag))
        for t in traces
        for rater, one, lag in zip(t.raters, t.ceilings, t.lag_estimates, strict=False)
    )
    pairs = tuple(
        (t.condition, t.dimension, f"{t.raters[a]} and {t.raters[b]}", with_interval(one), str(one.n_items))
        for t in traces
        for (a, b), one in t.pairs.items()
    )
    tables = [
        ResultTable(
            "Agreement of traces, reaction lags left in",
            ("condition", "dimension", "CCC, mean of pairs", "alpha (interval)", "human ceiling (CCC)", "items"), joint,
        ),
        ResultTable(
            "Tracing raters, reaction lags left in",
            ("condition", "dimension", "of", "CCC with the others", "lag in seconds"), alone,
        ),
        ResultTable(
            "Pairs of tracing raters, reaction lags left in", ("condition", "dimension", "of", "CCC", "items"), pairs
        ),
    ]  # fmt: skip
    return [table for table in tables if table.rows]


def trace_notes(traces: Sequence[TraceAgreement]) -> list[str]:
    """Say who is set aside, which lags cannot be told and which have no interval, each once.

    Example:
        >>> from app.agreement.example import trace_results
        >>> trace_notes(trace_results())[0]
        'Lags for valence in full_context have no interval: only 2 units to resample, 5 are needed for an interval.'
    """
    out = []
    for t in traces:
        for rater, why in t.aside.items():
            out.append(
                f"Rater {rater} {why} and is set aside for lags and gold standards of traces; the coefficients count "
                f"everybody. --take-back {rater} gives the rater a lag."
            )
    out += _without_lag(traces)
    for t in traces:
        without = {lag.interval_reason for lag in t.lags if lag.accepted and "fastest" not in lag.interval_reason}
        out += [f"Lags for {t.dimension} in {t.condition} have no interval: {why}." for why in without if why]
    if any(lag.accepted for t in traces for lag in t.lags):
        out.append(
            "A lag is the whole delay of a trace behind the fastest rater: a hand that smooths counts as late, by "
            "about 0.4 s at a time constant of 0.5 s."
        )
    return list(dict.fromkeys(out))


def _without_lag(traces: Sequence[TraceAgreement]) -> list[str]:
    """Return each reason once, with the raters and the places it holds for."""
    places: dict[tuple[str, tuple[str, ...]], list[str]] = {}
    for t in traces:
        who: dict[str, list[str]] = {}
        for rater, lag in zip(t.raters, t.lags, strict=True):
            if not lag.accepted and rater not in t.aside:
                who.setdefault(lag.reason, []).append(rater)
        for why, raters in who.items():
            places.setdefault((why, tuple(raters)), []).append(f"{t.dimension} in {t.condition}")
    return [f"No lag of {', '.join(raters)} for {', '.join(where)}: {why}." for (why, raters), where in places.items()]
