"""What can be exported of the agreement screen: each chart with its numbers, all tables, and the report."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Final, Protocol

from app.agreement.tables import ResultTable, category_table, emotion_table
from app.agreement.tables import pair_table as effect_table
from app.domain.gaps import ReasonCount, counted
from app.domain.tables import Heading, Table
from app.services.agreement.export import figure_of, tables_of
from app.services.agreement.tables import item_scores, pair_table, placement_table, reasons_table
from app.services.exports.results import exported
from app.ui.core.exports import Drawing, Offer
from app.ui.look.language import tr
from app.ui.screens.agreement.look import ordered

if TYPE_CHECKING:
    from app.services.agreement.results import Results
    from app.ui.screens.agreement.chart import Chart
    from app.ui.screens.agreement.fan import FanPage
    from app.ui.screens.agreement.gaps import GapsPage
    from app.ui.screens.agreement.items import ItemsPage
    from app.ui.screens.agreement.model import ModelPage
    from app.ui.screens.agreement.pages import EffectPage, OverviewPage
    from app.ui.screens.agreement.raters import RatersPage
    from app.ui.screens.agreement.state import AgreementState

REPORT: Final = tr("Agreement report")


class Pages(Protocol):
    """The parts of the screen that its offers come from."""

    state: AgreementState
    overview: OverviewPage
    effect: EffectPage
    raters: RatersPage
    items: ItemsPage
    fan: FanPage
    model: ModelPage
    gaps: GapsPage

    @property
    def page_id(self) -> str:
        """The id of the page in view; empty while the screen shows nothing."""

    @property
    def kind_now(self) -> str:
        """Kind of labels in view: "intensity" or "category"."""


class AgreementOffers:
    """Offers of one screen, whose charts it tells what to offer.

    Args:
        screen: The screen with its pages.
    """

    def __init__(self, screen: Pages) -> None:
        self._screen = screen
        for chart, offering in (
            (screen.overview.chart, self._overview), (screen.effect.chart, self._effect),
            (screen.raters.matrix, self._matrix), (screen.items.chart, self._answers),
            (screen.model.chart, self._model),
        ):  # fmt: skip
            made: Chart = chart
            made.offering = offering

    def of_screen(self) -> list[Offer]:
        """Return the offers that belong to no single chart."""
        screen, results = self._screen, self._results
        if results is None or not screen.page_id:
            return []
        found = []
        if screen.page_id == "items" and screen.state.shown is not None and screen.state.shown.items is not None:
            items = screen.state.shown.items
            draw = partial(figure_of, "items", results, items=items)
            found.append(self._offer(tr("Most disputed items"), [item_scores(items)], draw))
        fan = screen.fan.fan
        if screen.page_id == "traces" and fan is not None:
            draw = partial(figure_of, "fan", results, fan=fan)
            found.append(self._offer(tr("Traces of {item}", item=fan.item), [], draw))
        if screen.page_id == "gaps":
            found.append(self._offer(tr("Counts of reasons"), [reasons_table(self._reasons)], None))
            found.append(
                Offer(tr("Reasons for gaps"), command="agreement.export_reasons", help=tr("One row for each reason."))
            )
        found.append(
            Offer(
                tr("All tables of the screen"),
                self._all_tables,
                help=tr("One Excel workbook with a sheet for each table."),
                several=True,
            )
        )
        found.append(
            Offer(
                tr('{report}, PDF', report=REPORT), command="agreement.save_pdf",
                help=tr("Findings and one figure on the first page, then figures, tables and methods on A4 pages."),
            )
        )  # fmt: skip
        found.append(
            Offer(
                tr('{report}, web page', report=REPORT), command="agreement.save_report",
                help=tr("Findings, figures, tables and methods as one page that needs nothing else."),
            )
        )  # fmt: skip
        return found

    @property
    def _results(self) -> Results | None:
        shown = self._screen.state.shown
        return shown.results if shown is not None else None

    def _all_tables(self) -> list[Table]:
        shown = self._screen.state.shown
        if shown is None:
            return []
        placement = self._screen.model.placement
        tables = tables_of(shown.results, shown.items, placement, reasons=self._reasons)
        return [exported(one) for one in tables]

    @property
    def _reasons(self) -> tuple[ReasonCount, ...]:
        reasons = self._screen.gaps.reasons
        return counted(reasons.leaving) if reasons is not None else ()

    def _offer(self, title: str, tables: Sequence[ResultTable], draw: Drawing | None) -> Offer:
        several = [exported(table) for table in tables if table.rows]
        figure: Callable[[], Drawing] | None = None if draw is None else lambda: draw
        return Offer(title, (lambda: several) if several else None, figure)

    def _overview(self) -> list[Offer]:
        results, kind = self._results, self._screen.kind_now
        if results is None or results.report is None:
            return []
        table = (emotion_table if kind == "intensity" else category_table)(results.report)
        return [self._offer(tr("Disagreement and alpha"), [table], partial(figure_of, "overview", results, kind=kind))]

    def _effect(self) -> list[Offer]:
        results, kind = self._results, self._screen.kind_now
        report = results.report if results is not None else None
        if results is None or report is None or not any(pair.kind == kind for pair in report.pairs):
            return []
        return [
            self._offer(
                tr("Effect of context"), [effect_table(report)], partial(figure_of, "effect", results, kind=kind)
            )
        ]

    def _matrix(self) -> list[Offer]:
        results, matrix = self._results, self._screen.raters.matrix.shown
        if results is None or matrix is None:
            return []
        draw = partial(figure_of, "matrix", results, matrix=matrix)
        return [self._offer(tr("Pairs of raters"), [pair_table([matrix])], draw)]

    def _model(self) -> list[Offer]:
        results, placement = self._results, self._screen.model.placement
        if results is None or placement is None or not placement.rows:
            return []
        draw = partial(figure_of, "model", results, placement=placement)
        return [self._offer(tr("Model against raters"), [placement_table(placement)], draw)]

    def _answers(self) -> list[Offer]:
        answers = self._screen.items.chart.shown
        if answers is None:
            return []
        heads = ("item", "condition", "rater", "emotion", "score", "category")
        rows = [
            (answers.item, condition, rater, emotion, answers.scores.get((condition, emotion, rater)),
             answers.categories.get((condition, rater), ""))
            for condition in answers.conditions for rater in answers.raters for emotion in ordered(answers.emotions)
            if (condition, emotion, rater) in answers.scores
        ]  # fmt: skip
        if not rows:
            rows = [(answers.item, c, r, "", None, word) for (c, r), word in answers.categories.items()]
        table = Table(tr("Answers to {item}", item=answers.item), tuple(map(Heading, heads)), tuple(rows))
        return [Offer(table.title, lambda: [table])]
