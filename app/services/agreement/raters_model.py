"""The model of raters of a project or of files, and its results as files."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.agreement.bayes.band import LEVEL
from app.agreement.bayes.model import CategoryModel, IntensityModel, category_model, intensity_model
from app.agreement.bayes.tables import model_tables
from app.agreement.bayes.trace_model import TracesModel, traces_model
from app.agreement.bayes.trace_sample import ROUNDS
from app.agreement.provenance import PROGRAM, Provenance
from app.agreement.tables import ResultTable
from app.batch import Failures
from app.domain.json_values import plain
from app.domain.path_text import json_safe
from app.domain.ratings import ProjectRatings
from app.errors import UserError
from app.jobs import Context
from app.results import Goal, result
from app.services.agreement.table_files import write_tables


@dataclass(frozen=True, eq=False)
class RatersModel:
    """The model of raters of everything judged.

    Attributes:
        intensities: The model of intensities; None where nothing was rated.
        categories: The model of categories; None where none were given.
        traces: The model of traces; None where none were drawn.
        left_out: Codes of raters who do not count, with reasons.
        level: Probability within an interval.
        seed: Of everything random.
        made_at: Time at which it was made, ISO 8601 in UTC.
    """

    intensities: IntensityModel | None
    categories: CategoryModel | None
    traces: TracesModel | None
    left_out: tuple[tuple[str, str], ...]
    level: float
    seed: int
    made_at: str

    @property
    def tables(self) -> list[ResultTable]:
        """Every table that has rows."""
        return model_tables(self.intensities, self.categories, self.traces)

    @property
    def notes(self) -> tuple[str, ...]:
        """What a reader must know."""
        out = [f"Rater {rater} is left out ({reason})." for rater, reason in self.left_out]
        for model in (self.intensities, self.traces):
            out += model.notes if model is not None else ()
        return tuple(out)

    def as_dict(self) -> dict[str, Any]:
        """Return all of it as JSON types; an undefined number is null."""
        out: dict[str, Any] = {
            "program": PROGRAM, "made_at": self.made_at, "level": self.level, "seed": self.seed,
            "left_out": [{"rater": rater, "reason": reason} for rater, reason in self.left_out],
            "notes": list(self.notes),
        }  # fmt: skip
        if self.intensities is not None:
            fit = self.intensities.fit
            out["fit"] = {
                "ratings": len(fit.columns.data), "steps": fit.steps, "converged": fit.converged,
                "spreads": {
                    **fit.spreads, "item_condition": fit.item_condition,
                    "item": dict(zip(fit.columns.data.emotions, fit.item.tolist(), strict=True)),
                },
            }  # fmt: skip
        for table in self.tables:
            key = table.title.lower().replace(" by the model of raters", "").replace(" of the model of raters", "")
            rows = [dict(zip(table.header, row, strict=True)) for row in table.rows]
            out[key.replace(" ", "_")] = [{name: plain(value) for name, value in row.items()} for row in rows]
        return out


def make_raters_model(
    ctx: Context, data: ProjectRatings, *, level: float = LEVEL, seed: int = 0, with_categories: bool = True,
    with_traces: bool = True, as_given: bool = False,
) -> RatersModel:  # fmt: skip
    """Fit the model of raters to labels.

    Args:
        ctx: Receives the progress, and can cancel.
        data: The labels; raters whom the project leaves out do not enter.
        level: Probability within an interval, above 0 and below 1.
        seed: Of everything random.
        with_categories: Whether categories are modelled, too.
        with_traces: Whether traces are.
        as_given: Whether the intensities of raters who rate against the others or by chance count as they stand.

    Raises:
        UserError: There is nothing to model, or the level is none.
        Cancelled: The user cancelled.
    """
    if not 0.0 < level < 1.0:
        raise UserError(f"{level:g} is no probability of an interval.", "Name one between 0 and 1, such as 0.9.")
    dropped = tuple((one.rater, one.reason) for one in data.exclusions)
    out = [rater for rater, _ in dropped]
    ratings = None if data.intensities is None else data.intensities.without_raters(out)
    categories = data.categories.without_raters(out) if with_categories and data.categories is not None else None
    traces = [one for one in data.traces if one.rater not in out] if with_traces else []
    if (ratings is None or not len(ratings)) and (categories is None or not len(categories)) and not traces:
        raise UserError(
            "There are neither intensities nor categories nor traces for a model of raters.",
            "Choose other labels, or collect some first.",
        )

    def tell(step: int, change: float) -> None:
        ctx.check()
        ctx.progress(step, 30, f"Model of raters: step {step}, change {change:.2g}")

    ctx.progress(0, 30, "Model of raters")
    of_intensities = None
    if ratings is not None and len(ratings):
        of_intensities = intensity_model(ratings, level=level, seed=seed, tell=tell, as_given=as_given)
    ctx.check()
    of_categories = None
    if categories is not None and len(categories):
        of_categories = category_model(categories, level=level, seed=seed)
    ctx.check()
    of_traces = make_traces_model(ctx, data, level=level, seed=seed) if traces else None
    return RatersModel(of_intensities, of_categories, of_traces, dropped, level, seed, Provenance.now())


def make_traces_model(ctx: Context, data: ProjectRatings, *, level: float = LEVEL, seed: int = 0) -> TracesModel:
    """Fit the model of raters to traces.

    Args:
        ctx: Receives the progress, and can cancel.
        data: The labels; raters whom the project leaves out do not enter.
        level: Probability within an interval, above 0 and below 1.
        seed: Of the draws.

    Raises:
        Cancelled: The user cancelled.
    """

    def tell(step: int, _: float) -> None:
        ctx.check()
        if step % 20 == 0:
            ctx.progress(max(step, 0), ROUNDS, "Model of raters: traces")

    out = {one.rater for one in data.exclusions}
    traces = [one for one in data.traces if one.rater not in out]
    return traces_model(traces, take_back=data.taken_back, level=level, seed=seed, tell=tell)


def write_raters_model(
    model: RatersModel, *, json_to: Goal | None = None, csv_to: Path | None = None, inputs: Collection[Path] = ()
) -> list[UserError]:
    """Write the model of raters to files.

    Args:
        model: The model.
        json_to: File for all numbers.
        csv_to: Folder for the tables, as CSV and LaTeX.
        inputs: Files that the labels were read from; they are never replaced.

    Returns:
        The reasons why tables were not written, each naming its file; the others were written.

    Raises:
        UserError: The numbers cannot be written, or would replace a file that this program did not write.
    """
    failures = Failures()
    if json_to is not None:
        text = json_safe(json.dumps(model.as_dict(), indent=1, ensure_ascii=False, allow_nan=False))
        with result(json_to, inputs=inputs) as temporary:
            temporary.write_text(text + "\n", encoding="utf-8")
    if csv_to is not None:
        write_tables(csv_to, model.tables, failures, inputs)
    return list(failures.errors)
