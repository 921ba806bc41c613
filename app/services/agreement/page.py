"""The whole screen as one self-contained page: the agreement table, traces, raters, model and items."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from app.agreement.page import ReportParts, Section, names_in, overview_of, report_parts
from app.agreement.people import columns_of, for_people, in_words, words_of
from app.agreement.raters import LIMIT, MIN_RATERS, MIN_SHARED
from app.agreement.tables import ResultTable
from app.agreement.trace_tables import printed_traces, trace_notes
from app.batch import Failures
from app.domain.emotions import FERPLUS_TO_RATED
from app.domain.gaps import ReasonCount
from app.domain.ratings import ProjectRatings
from app.domain.words import figure, many
from app.errors import UserError
from app.jobs import Context
from app.services.agreement.ceiling import Placement
from app.services.agreement.drawings import fan_figure, items_figure, matrix_figure, placement_figure
from app.services.agreement.fan import Fan, FanRecipe, make_fan, traced_items
from app.services.agreement.findings import findings_of
from app.services.agreement.items import ItemTable
from app.services.agreement.reliability import Reliability
from app.services.agreement.results import Results
from app.services.agreement.tables import (
    flag_table,
    item_scores,
    pair_table,
    placement_table,
    rater_table,
    reasons_table,
    retest_table,
)
from db.project import Project

if TYPE_CHECKING:
    from matplotlib.figure import Figure

MODEL = "The model among the raters"
"""What is said of the section on the model where it fails."""

RATER_COLUMNS = (
    "rater", "n_ratings", "bias", "spread_ratio", "loo_correlation", "alpha_change", "median_response_s", "excluded",
)  # fmt: skip
FLAG_COLUMNS = ("rater", "measure", "value", "robust_z", "stability", "evidence")
RETEST_COLUMNS = ("rater", "n", "n_items", "kappa", "low", "high", "exact", "mean_difference", "pearson")
PAIR_COLUMNS = ("what", "a", "b", "agreement", "low", "high", "n_items")
PLACED_COLUMNS = ("condition", "name", "measure", "model", "human_low", "human_mean", "human_high", "n_items")
"""Columns of the tables of the report; files of tables have all of them."""
MOST_FANS = 6
MOST_ROWS = 100


def full_report(
    results: Results, *, source: str, fans: Sequence[Fan] = (), placement: Placement | None = None,
    items: ItemTable | None = None, failed: Sequence[UserError] = (), reasons: Sequence[ReasonCount] = (),
) -> ReportParts:  # fmt: skip
    """Return the report, whose first page has the findings and one figure.

    Args:
        results: The results of the screen.
        source: The origin of the labels, in words.
        fans: The traced items to draw, see `disputed_fans`.
        placement: The model among the raters; None without a project.
        items: Items by disagreement.
        failed: The reasons why traced items could not be drawn, each naming its item; the page lists them.
        reasons: How often each reason was given for a gap between people and the model.

    Raises:
        UserError: There is nothing to report.
    """
    sections = [
        _traces(results, fans, failed),
        _raters(results),
        _model(placement),
        _reliability(results),
        _items(items),
        _gaps(reasons),
    ]
    known = [s for s in sections if s.figures or any(t.rows for t in s.tables)]
    if results.report is None and not known:
        raise UserError("There is nothing to report.", "Choose other filters.")
    methods = list(results.told_methods)
    if placement is not None and placement.models:
        methods.append(model_methods(placement))
    words = names_in(results.report)
    seen = words_of([*results.conditions, *(one.condition for one in results.traces)])
    known = [
        replace(
            s, text=tuple(in_words(text, seen) for text in s.text),
            tables=tuple(for_people(table, words) for table in s.tables),
            figures=tuple((in_words(caption, seen), drawing) for caption, drawing in s.figures),
        )
        for s in known
    ]  # fmt: skip
    return report_parts(
        results.report, source=source, sections=known, methods=methods,
        provenance=results.told_provenance,
        findings=findings_of(results, placement, items), key_figure=_key_figure(results),
    )  # fmt: skip


def _key_figure(results: Results) -> tuple[str, Figure] | None:
    """Return the figure of the first page: disagreement and alpha of intensities, or else of categories."""
    report = results.report
    if report is None or not (report.emotions or report.categories):
        return None
    return overview_of(report, "intensity" if report.emotions else "category")


def disputed_fans(
    ctx: Context, project: Project, data: ProjectRatings, results: Results, failures: Failures
) -> list[Fan]:
    """Return the traced items whose raters agree least, at most `MOST_FANS`, in their conditions.

    Args:
        ctx: Can cancel.
        project: The project that holds predictions and stored gold standards.
        data: The chosen labels.
        results: Results that include the agreement of traces.
        failures: Receives the items that fail; the others are drawn.
    """
    score: dict[tuple[str, str], float] = {}
    for one in results.traces:
        for item, ccc in one.per_item:
            key = one.condition, item
            if not np.isnan(ccc):
                score[key] = min(score.get(key, 1.0), ccc)
    traced = [(condition, item) for item, conditions in traced_items(data).items() for condition in conditions]
    chosen = sorted(traced, key=lambda key: (score.get(key, 2.0), key))[:MOST_FANS]
    fans = []
    for condition, item in chosen:
        with failures.of(f"{item}, {condition}"):
            fans.append(make_fan(ctx, project, data, item, condition, FanRecipe()))
    return fans


def _traces(results: Results, fans: Sequence[Fan], failed: Sequence[UserError]) -> Section:
    drawn = []
    for fan in fans:
        told = [fan.told(axis) for axis in (0, 1)]
        lags = ", ".join(f"{rater} {lag:.2f} s" for rater, lag in fan.lags_s.items() if lag)
        many = len(fan.raters) - len(fan.aside)
        aside = "".join(f" {note}" for note in [*fan.notes, fan.advice] if note)
        drawn.append(
            (
                f"{fan.item}, {fan.condition.replace('_', ' ')}: raters (thin), gold standard (thick, mean of "
                f"{many} raters){', prediction of ' + fan.model if fan.predicted is not None else ''}. "
                f"Concordance: {'; '.join(told)}.{' Lags removed: ' + lags + '.' if lags else ''}{aside}",
                fan_figure(fan),
            )
        )
    drawn += [
        (f"{m.title}: {m.estimator} of every pair of raters.", matrix_figure(m))
        for m in results.matrices
        if m.kind == "trace"
    ]
    intro = (f"At most {MOST_FANS} traced items are drawn, those on which raters agree least.",) if fans else ()
    estimates = tuple(e for t in results.traces for e in t.estimates())
    return Section(
        "traces",
        "Traces",
        (*intro, *(f"Not drawn: {error.what}" for error in failed), *trace_notes(results.traces)),
        tuple(drawn),
        tuple(printed_traces(results.traces)),
        estimates,
    )


def _raters(results: Results) -> Section:
    matrices = [m for m in results.matrices if m.kind != "trace"]
    drawn = tuple((f"{m.title}: {m.estimator} of every pair of raters.", matrix_figure(m)) for m in matrices[:1])
    # Those of single emotions fill pages; files of tables have them.
    pairs = pair_table([one for one in results.matrices if ", " not in one.title])
    text = [
        "A flag is a reason to look and not a verdict: a rater who differs may see what the others miss. Nobody is "
        f"left out automatically. Flags need {MIN_RATERS} raters and {MIN_SHARED} shared ratings (robust z beyond "
        f"{LIMIT:g})."
    ]
    text += [f"{rater} is left out by the project: {reason}." for rater, reason in results.excluded.items()]
    return Section(
        "raters",
        "Raters",
        tuple(text) if results.profiles else (),
        drawn,
        (
            columns_of(rater_table(results), RATER_COLUMNS),
            columns_of(flag_table(results), FLAG_COLUMNS),
            columns_of(retest_table(results.retest), RETEST_COLUMNS),
            _first_rows(columns_of(pairs, PAIR_COLUMNS)),
        ),
        (*(one.kappa for one in results.retest), *(e for m in matrices[:1] for e in m.estimates.values() if e.defined)),
    )


def _model(placement: Placement | None) -> Section:
    if placement is None or not placement.models:
        return Section("model", "Model among the raters")
    classes = ", ".join(f"{theirs} → {ours}" for theirs, ours in FERPLUS_TO_RATED.items())
    return Section(
        "model",
        "Model among the raters",
        (
            f"Predictions of {', '.join(placement.models)}. Grey: lowest to highest rater against the mean of the "
            "other raters, with their mean: the human ceiling. Dot: the model against the same means; at the raters' "
            "mark it is as good as one more rater.",
            f"Classes stand for rated emotions as follows: {classes}. No class stands for confused.",
        ),
        (("The model beside the human ceiling.", placement_figure(placement)),),
        (columns_of(placement_table(placement), PLACED_COLUMNS),),
    )


def model_methods(placement: Placement) -> str:
    """Return a sentence about how predictions were compared, ready for a methods section."""
    return (
        f"Predictions of {', '.join(placement.models)} were compared with every rater's reference, the mean of the "
        "other raters, and averaged over raters, so that model and raters are held against the same means (human "
        "ceiling). Class probabilities were averaged over the item and compared by Pearson's correlation over items; "
        "valence and arousal by the concordance correlation coefficient over time (Lin 1989), reaction lags left in."
    )


def _reliability(results: Results) -> Section:
    estimates = tuple(e for found in results.iccs.values() for e in found.all())
    printed = Reliability(results.iccs, (), ()).printed()
    return Section("reliability", "Intraclass correlations", tables=tuple(printed), results=estimates)


def _items(items: ItemTable | None) -> Section:
    if items is None:
        return Section("items", "Items")
    figure = items_figure(items)
    table = item_scores(items)
    order = np.argsort(-np.nan_to_num(items.score(), nan=-1.0).max(axis=0, initial=-1.0), kind="stable")
    ordered = ResultTable(table.title, table.header, tuple(table.rows[i] for i in order.tolist()))
    drawn = () if figure is None else (("Items with the largest disagreement.", figure),)
    return Section("items", "Items", (), drawn, (_first_rows(ordered),))


def _gaps(reasons: Sequence[ReasonCount]) -> Section:
    if not reasons:
        return Section("gaps", "Where people and the model part")
    n = sum(one.n for one in reasons)
    return Section(
        "gaps",
        "Where people and the model part",
        (
            f"Somebody looked at {many(n, 'moment')} on which the model is further from people than people are from "
            "each other, and gave a reason. The gap is in standard deviations of single people. Moments are reviewed "
            "from the largest gap on, so the counts describe these moments and not the model as a whole.",
        ),
        (),
        (reasons_table(reasons),),
    )


def _first_rows(table: ResultTable) -> ResultTable:
    """Return the first rows of a long table; all of them are in the CSV files."""
    if len(table.rows) <= MOST_ROWS:
        return table
    return ResultTable(f"{table.title} (first {MOST_ROWS} of {len(table.rows)})", table.header, table.rows[:MOST_ROWS])


def _number(value: float) -> str:
    return "undefined" if np.isnan(value) else figure(value)
