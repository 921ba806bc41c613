"""Planning of a study from pilot data or stated assumptions, which gives a table, a curve and a sentence."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.agreement.page import Section, report_html
from app.agreement.plan import NAMES, Plan, PlanRow, Question, check, simulate, size_words
from app.agreement.plan_pilot import pilot_of
from app.agreement.plan_traces import TraceWorld, trace_world_of
from app.agreement.plan_world import StudySize, World
from app.agreement.provenance import PROGRAM, Provenance, facts_of, facts_of_traces
from app.agreement.tables import ResultTable
from app.batch import Failures
from app.domain.path_text import json_safe
from app.domain.ratings import ProjectRatings, TraceLabel
from app.domain.trace_grid import RATE_HZ, even_times, side_by_side
from app.domain.traces import DIMENSIONS
from app.errors import UserError
from app.jobs import Context
from app.results import Goal, result
from app.services.agreement.table_files import write_tables

if TYPE_CHECKING:
    from matplotlib.figure import Figure

ASSUMED = "Variances and prevalence are assumed."
MOST_SIZES = 60
COLOURS = ("#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00", "#000000", "#F0E442")


@dataclass(frozen=True)
class PlanRequest:
    """The question that a plan answers.

    Attributes:
        question: The wanted width or effect, and the parameters of the simulation.
        subjects: Numbers of subjects to try.
        clips: Numbers of clips for each subject to try.
        raters: Numbers of raters to try.
        items: Number of items for each clip.
        world: The assumed components of ratings if there is no pilot.
        traces: The same for traces.
        emotion: The pilot's emotion to plan for; empty for the mean over all.
        dimension: The dimension of the pilot's traces.
    """

    question: Question = field(default_factory=Question)
    subjects: tuple[int, ...] = (6, 9, 12, 18, 24, 36)
    clips: tuple[int, ...] = (5,)
    raters: tuple[int, ...] = (3, 5)
    items: int = 1
    world: World = field(default_factory=World)
    traces: TraceWorld = field(default_factory=TraceWorld)
    emotion: str = ""
    dimension: str = "valence"

    def sizes(self) -> list[StudySize]:
        """Return every combination, smallest first.

        Raises:
            UserError: There are too many combinations.
        """
        out = [StudySize(s, c, r, self.items) for r, c, s in product(self.raters, self.clips, self.subjects)]
        if len(out) > MOST_SIZES:
            raise UserError(
                f"{len(out)} sizes are more than can be looked at in one go.", f"Name at most {MOST_SIZES}."
            )
        return out


@dataclass(frozen=True)
class Planned:
    """The plan and its origin.

    Attributes:
        request: What was asked for.
        plan: The plan.
        pilot: The origin of the pilot's labels; None if assumptions were stated.
        made_at: Time at which it was made, ISO 8601 in UTC.
    """

    request: PlanRequest
    plan: Plan
    pilot: Provenance | None
    made_at: str

    def rows(self) -> list[tuple[str, str]]:
        """Return the origin of the plan as pairs (name, value)."""
        q = self.plan.question
        out = [("program", PROGRAM), ("made at", self.made_at), ("question", q.words())]
        out += [("assumed", f"{self.plan.source} {self.plan.world.words()}")]
        for facts in self.pilot.facts if self.pilot is not None else ():
            out += [("pilot", facts.sentence()), (f"pilot, SHA-256 of the {facts.kind}", facts.sha256)]
        for rater, reason in self.pilot.exclusions if self.pilot is not None else ():
            out.append(("left out of the pilot", f"{rater} ({reason})"))
        estimator = "mean paired difference of within-item variance" if q.kind == "effect" else NAMES[q.of]
        out.append(("estimator", f"{estimator}, as in the agreement report (docs/statistics.md)"))
        out.append(("simulation", f"{q.repetitions} studies of each size, seed {q.seed}"))
        return out

    def as_dict(self) -> dict[str, Any]:
        """Return all of it as JSON types."""
        pilot = None if self.pilot is None else self.pilot.as_dict()
        return {
            "program": PROGRAM, "made_at": self.made_at, **self.plan.as_dict(),
            "pilot": None if pilot is None else {"labels": pilot["labels"], "exclusions": pilot["exclusions"]},
        }  # fmt: skip


def make_plan(ctx: Context, request: PlanRequest, pilot: ProjectRatings | None = None) -> Planned:
    """Plan a study.

    Args:
        ctx: Receives the progress, and can cancel.
        request: What is asked for.
        pilot: Labels of a pilot study, without raters who do not count; None to use stated assumptions.

    Raises:
        UserError: There is nothing to plan from, or the question is impossible.
        Cancelled: The user cancelled.
    """
    sizes = request.sizes()
    check(request.question, sizes)
    ctx.progress(0, len(sizes) * request.question.repetitions, "Planning")

    def tell(done: int, total: int) -> None:
        ctx.check()
        ctx.progress(done, total, f"Simulated studies: {done} of {total}")

    worlds: Sequence[World] | Sequence[TraceWorld]
    provenance: Provenance | None = None
    if request.question.kind == "width" and request.question.of == "ccc":
        worlds, source, provenance = _traces(request, pilot)
    elif pilot is None:
        worlds, source = (request.world,), ASSUMED
    else:
        if pilot.intensities is None or not len(pilot.intensities):
            raise UserError(
                "The project holds no intensities to plan from.", "State assumptions instead of naming a pilot."
            )
        found = pilot_of(pilot.intensities, request.emotion, request.question.seed)
        worlds, source = (found.world, *found.resampled), found.words
        provenance = _provenance(pilot, traced=False)
    plan = simulate(request.question, sizes, worlds, source, tell)
    return Planned(request, plan, provenance, Provenance.now())


def _provenance(pilot: ProjectRatings, *, traced: bool) -> Provenance:
    from app.agreement.settings import AgreementSettings

    table = pilot.intensities
    facts = facts_of_traces(pilot.traces) if traced else None if table is None else facts_of(table)
    out = tuple((one.rater, one.reason) for one in pilot.exclusions)
    return Provenance(() if facts is None else (facts,), AgreementSettings(), (), float("nan"), (), exclusions=out)


def _traces(request: PlanRequest, pilot: ProjectRatings | None) -> tuple[Sequence[TraceWorld], str, Provenance | None]:
    if pilot is None:
        return (request.traces,), "What traces are made of is assumed.", None
    blocks = pilot_blocks(pilot.traces, request.dimension)
    if not blocks:
        raise UserError(
            f"The project holds no traces of {request.dimension} to plan from.",
            "State assumptions instead of naming a pilot.",
        )
    source = f"What traces are made of is that of the pilot study ({request.dimension}, {len(blocks)} traced items)."
    return (trace_world_of(blocks, RATE_HZ),), source, _provenance(pilot, traced=True)


def pilot_blocks(traces: Sequence[TraceLabel], dimension: str) -> list[Any]:
    """Return the values of one dimension for each traced item and condition: (raters, n) on an even grid.

    Args:
        traces: Traces of pass 1 and later, of which only pass 1 counts.
        dimension: "valence" or "arousal".
    """
    first = [t for t in traces if t.pass_no == 1 and len(t.samples)]
    raters = sorted({t.rater for t in first})
    out = []
    for key in dict.fromkeys((t.condition, t.item) for t in first):
        here = [t for t in first if (t.condition, t.item) == key]
        out.append(side_by_side(here, raters, even_times(here))[:, :, DIMENSIONS.index(dimension)])
    return out


def plan_table(plan: Plan) -> ResultTable:
    """Return the table of a plan, with one row for each size that was tried."""
    effect = plan.question.kind == "effect"
    told_of = ("power", "power_mc_error") if effect else ("share_narrow_enough",)
    header = (
        "subjects", "clips", "items", "raters", "unit", "n_items", "mean_estimate", "mean_width", "width_mc_error",
        *told_of, "share_without_interval", "enough",
    )  # fmt: skip
    rows = []
    for row in plan.rows:
        size = row.size
        told: tuple[float, ...] = (row.power, row.power_error) if effect else (row.reached,)
        rows.append(
            (
                size.subjects, size.clips, size.items, size.raters, size.unit, size.n_items, row.value, row.width,
                row.width_error, *told, row.without, "yes" if row.enough else "no",
            )
        )  # fmt: skip
    return ResultTable("Sizes looked at", header, tuple(rows))


def plan_figure(plan: Plan) -> Figure:
    """Draw the interval's width, or the power, over the size of the study."""
    from app.drawing import new_figure

    figure = new_figure(figsize=(6.4, 4.0), layout="constrained")
    axes = figure.subplots()
    x_name, lines = curves(plan)
    effect = plan.question.kind == "effect"
    for k, (label, rows) in enumerate(lines):
        x = [getattr(row.size, x_name) for row in rows]
        y = [row.power if effect else row.width for row in rows]
        error = [1.96 * (row.power_error if effect else row.width_error) for row in rows]
        axes.errorbar(x, y, error, color=COLOURS[k % len(COLOURS)], marker="o", capsize=3, label=label)
    wanted = plan.question.power if effect else plan.question.target
    axes.axhline(wanted, color="#555555", linewidth=0.9, linestyle="--")
    axes.set_xlabel(x_name if x_name != "clips" or plan.rows[0].size.subjects == 1 else "clips of each subject")
    axes.set_ylabel("power" if effect else "mean width of the interval")
    axes.set_ylim(bottom=0, top=1.02 if effect else None)
    axes.spines[["top", "right"]].set_visible(False)
    if len(lines) > 1:
        axes.legend(frameon=False)
    return figure


def curves(plan: Plan) -> tuple[str, list[tuple[str, list[PlanRow]]]]:
    """Return the quantity on the curve's axis (subjects, clips or raters), and (label, rows) of each line.

    Args:
        plan: The plan.
    """
    names = ("subjects", "clips", "raters")
    spread = {name: sorted({getattr(row.size, name) for row in plan.rows}) for name in names}
    x_name = max(names, key=lambda name: len(spread[name]))
    others = [name for name in names if name != x_name and len(spread[name]) > 1]
    groups: dict[tuple[int, ...], list[PlanRow]] = {}
    for row in plan.rows:
        groups.setdefault(tuple(getattr(row.size, name) for name in others), []).append(row)
    out = []
    for key, rows in groups.items():
        label = ", ".join(f"{number} {name}" for number, name in zip(key, others, strict=True))
        out.append((label, sorted(rows, key=lambda row: getattr(row.size, x_name))))
    return x_name, out


def plan_page(planned: Planned) -> str:
    """Return a plan as a self-contained page."""
    plan = planned.plan
    answer = plan.answer
    said = (
        f"Enough: {size_words(answer.size)}." if answer is not None else "None of the sizes that were tried is enough."
    )
    section = Section(
        "plan", "Size of the study", (f"Planned for: {plan.question.words()}.", said, *plan.notes),
        (("Dashed: what is wanted. Bars: 1.96 Monte Carlo standard errors.", plan_figure(plan)),), (plan_table(plan),),
    )  # fmt: skip
    where = ResultTable("Where the answer comes from", ("what", "value"), tuple(planned.rows()))
    more = Section("provenance", "Assumptions and provenance", tables=(where,))
    return report_html(None, title="Plan of a study", sections=(section, more), methods=[plan.sentence()])


def write_plan(
    planned: Planned, *, json_to: Goal | None = None, csv_to: Path | None = None, html_to: Goal | None = None
) -> list[UserError]:
    """Write a plan to files.

    Args:
        planned: The plan.
        json_to: File for all numbers.
        csv_to: Folder for the table and its provenance, as CSV and LaTeX.
        html_to: File for the page.

    Returns:
        The reasons why tables were not written, each naming its file; the other tables were written.

    Raises:
        UserError: The numbers or the page cannot be written, or would replace files that this program did not write.
    """
    failures = Failures()
    if json_to is not None:
        text = json_safe(json.dumps(planned.as_dict(), indent=1, ensure_ascii=False, allow_nan=False))
        with result(json_to) as temporary:
            temporary.write_text(text + "\n", encoding="utf-8")
    if html_to is not None:
        page = plan_page(planned)
        with result(html_to) as temporary:
            temporary.write_text(page, encoding="utf-8")
    if csv_to is not None:
        where = ResultTable("Plan provenance", ("what", "value"), tuple(planned.rows()))
        write_tables(csv_to, (replace(plan_table(planned.plan), title="Plan"), where), failures)
    return failures.errors
