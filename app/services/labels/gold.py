"""Makes gold standards from a project's labels and stores them beside the labels."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

import db.answer_columns
import db.answers
import db.gold
import db.items
import db.raters
import db.terms
from app.agreement.gold import GoldRecipe, Method, Weighting, gold_standard
from app.agreement.label_gold import LabelMethod, dawid_skene, label_gold
from app.batch import Failures
from app.domain.project import GoldKind, GoldRecord, ItemRecord
from app.domain.ratings import CategoryTable, CountTable, Exclusion, ProjectRatings, RatingTable
from app.domain.runs import to_runs
from app.domain.trace_grid import RATE_HZ
from app.domain.traces import DIMENSIONS
from app.errors import UserError
from app.services.labels.bayes_gold import bayes_categories, bayes_intensities
from app.services.labels.held import Align, Float, TraceLags, check_calibrated
from app.services.labels.tables import load_project_ratings
from app.services.labels.trace_gold import TraceGolds, TraceMethod
from db.project import Project

__all__ = ["METHODS", "RATE_HZ", "Align", "GoldRequest", "make_gold", "notes_of"]


@dataclass(frozen=True)
class GoldRequest:
    """The gold standards to make.

    Attributes:
        kind: "intensity", "category" or "trace".
        method: One of `METHODS` of the kind.
        align: Lags that are removed from traces first: "none", "relative" (to the fastest rater) or "absolute"
            (calibrated).
        weighting: Definition of the weights of the evaluator weighted estimator.
        study: Name of the study to keep to; None for all.
        name: Name of the gold standard; empty for one made from method and alignment.
        take_back: Codes of raters who are not set aside, in addition to those whom the project names.
        leave_out: Raters who are left out in addition to those whom the project leaves out.
    """

    kind: GoldKind
    method: str = "mean"
    align: Align = "none"
    weighting: Weighting = "leave_one_out"
    study: str | None = None
    name: str = ""
    take_back: tuple[str, ...] = ()
    leave_out: tuple[Exclusion, ...] = ()

    @property
    def title(self) -> str:
        """Name of the gold standard."""
        return self.name or self.method + ("" if self.align == "none" else f", {self.align} lags")


METHODS: dict[str, tuple[str, ...]] = {
    "intensity": ("mean", "median", "ewe", "bayes"),
    "category": ("plurality", "majority", "ferplus", "soft", "dawid_skene", "bayes"),
    "trace": ("mean", "median", "ewe", "barycentre", "bayes"),
}


def make_gold(
    project: Project | str | Path, request: GoldRequest, *, actor: str = "", failures: Failures | None = None
) -> list[GoldRecord]:
    """Derive and store a gold standard for every item and condition with labels of the first pass.

    Raters that the project leaves out do not enter; the recipe names them and their reasons.

    Args:
        project: The project, open for writing, or its path.
        request: The gold standards to make.
        actor: Code of the person who makes it.
        failures: Receives the items that fail, while the others are stored. Without it nothing is stored if one item
            fails.

    Raises:
        UserError: The method does not fit the kind, there is nothing to make it from, or every item failed.
    """
    if request.method not in METHODS[request.kind]:
        raise UserError(
            f"A gold standard of kind {request.kind} cannot be made by the method {request.method}.",
            f"Choose one of {', '.join(METHODS[request.kind])}.",
        )
    if not isinstance(project, Project):
        with Project.open(project) as opened:
            return make_gold(opened, request, actor=actor, failures=failures)
    labels = load_project_ratings(project, request.study, with_traces=request.kind == "trace")
    labels = replace(labels, exclusions=(*labels.exclusions, *request.leave_out))
    dropped = tuple((e.rater, e.reason) for e in labels.exclusions)
    items = {item.name: item for item in db.items.every(project, removed=True)}
    maker = _Maker(project, request, items, dropped, Failures())
    if request.kind == "intensity":
        _intensities(maker, labels)
    elif request.kind == "category":
        _categories(maker, labels)
    else:
        _traces(maker, labels)
    if maker.failures and (failures is None or not maker.made):
        raise maker.failures.errors[0]
    for name, error in maker.failures.named:
        if failures is not None:
            failures.add(name, error)
    if not maker.made:
        raise UserError(f"There are no labels of kind {request.kind}.", "Choose another kind or study.")
    with project.write() as session:
        return [
            db.gold.add(
                session,
                one.item_id,
                request.kind,
                request.title,
                one.recipe,
                one.sources,
                condition=one.condition,
                value=one.value,
                times_s=one.times_s,
                values=one.values,
                actor=actor,
            )
            for one in maker.made
        ]


def notes_of(recipes: Iterable[dict[str, Any]]) -> list[str]:
    """Collect the notes in recipes of gold standards of traces: raters set aside, lags not removed, and advice."""
    out: list[str] = []
    for recipe in recipes:
        out += TraceLags({}, recipe.get("lags_not_removed", {}), recipe.get("set_aside", {})).notes
        out += [recipe["advice"]] if recipe.get("advice") else []
    return list(dict.fromkeys(out))


@dataclass(frozen=True, eq=False)
class _Made:
    """One gold standard before it is stored."""

    item_id: int
    condition: str
    recipe: dict[str, Any]
    sources: list[str]
    value: dict[str, Any] | None = None
    times_s: Float | None = None
    values: NDArray[np.float32] | None = None


class _Maker:
    """Collects the results of one request; they are stored together, in one transaction."""

    def __init__(
        self,
        project: Project,
        request: GoldRequest,
        items: dict[str, ItemRecord],
        dropped: tuple[tuple[str, str], ...],
        failures: Failures,
    ) -> None:
        self.project, self.request, self.items, self.dropped = project, request, items, dropped
        self.failures = failures
        self.made: list[_Made] = []
        self.simulated = {rater.code for rater in db.raters.every(project) if rater.simulated}
        self._answers: dict[tuple[int, str], list[str]] | None = None

    @property
    def left_out(self) -> list[str]:
        """Codes of the raters left out."""
        return [rater for rater, _ in self.dropped]

    def answers(self, item_id: int, condition: str) -> list[str]:
        """Uids of the first-pass answers behind an item in a condition."""
        if self._answers is None:
            columns = db.answer_columns.answers(self.project)
            uids = {n: uid for s in set(columns.study.tolist()) for uid, n in db.answers.uids(self.project, s).items()}
            terms = db.terms.texts(self.project)
            out = {rater.id for rater in db.raters.every(self.project) if rater.code in self.left_out}
            self._answers = {}
            for k in np.flatnonzero(columns.pass_no == 1).tolist():
                if int(columns.rater[k]) not in out:
                    key = (int(columns.item[k]), terms[int(columns.condition[k])])
                    self._answers.setdefault(key, []).append(uids[int(columns.answer[k])])
        return self._answers.get((item_id, condition), [])

    def add(
        self,
        item: str,
        condition: str,
        recipe: dict[str, Any],
        *,
        sources: list[str] | None = None,
        value: dict[str, Any] | None = None,
        times_s: Float | None = None,
        values: NDArray[np.float32] | None = None,
    ) -> None:
        """Keep one gold standard to be stored."""
        item_id = self.items[item].id
        used = self.answers(item_id, condition) if sources is None else sources
        recipe = {**recipe, "simulated": sorted(self.simulated.intersection(recipe["raters"]))}
        self.made.append(_Made(item_id, condition, recipe, used, value, times_s, values))


def _intensities(maker: _Maker, labels: ProjectRatings) -> None:
    if labels.intensities is None:
        return
    table = labels.intensities.without_raters(maker.left_out).of_pass(1)
    table = table.where(~np.isnan(table.score))
    if maker.request.method == "bayes":
        for item, condition, detail, points in bayes_intensities(table, maker.dropped):
            with maker.failures.of(f"{item}, {condition}"):
                maker.add(item, condition, detail, value=points)
        return
    made: dict[tuple[str, int], dict[str, Any]] = {}
    how: dict[tuple[str, int], dict[str, Any]] = {}
    for c, condition in enumerate(table.condition.names):
        for e, emotion in enumerate(table.emotion.names):
            rows = np.flatnonzero((table.condition.codes == c) & (table.emotion.codes == e))
            if not rows.size:
                continue
            with maker.failures.of(f"{emotion}, {condition}"):
                for i, value, detail in _of_emotion(maker, table, rows, emotion):
                    made.setdefault((condition, i), {})[emotion] = value
                    known = how.setdefault((condition, i), {**detail, "spread": {}, "n": {}, "weights": {}})
                    for name in ("spread", "n", "weights"):
                        known[name].update(detail[name])
    for (condition, i), whole in made.items():
        with maker.failures.of(f"{table.items.names[i]}, {condition}"):
            maker.add(table.items.names[i], condition, how[condition, i], value=whole)


def _of_emotion(
    maker: _Maker, table: RatingTable, rows: NDArray[np.int64], emotion: str
) -> list[tuple[int, float, dict[str, Any]]]:
    """Item, gold standard and recipe of each item that was rated for one emotion in one condition."""
    series = np.full((len(table.rater.names), len(table.items)), np.nan)
    series[table.rater.codes[rows], table.item[rows]] = table.score[rows]
    gold = gold_standard(
        series, cast(Method, maker.request.method), raters=table.rater.names,
        weighting=maker.request.weighting, excluded=maker.dropped,
    )  # fmt: skip
    recipe = replace(gold.recipe, scope="all items of the condition" if maker.request.method == "ewe" else "")
    found = []
    for i in np.flatnonzero(gold.n > 0).tolist():
        spread = float(gold.spread[i])
        detail = {
            **recipe.as_dict(),
            "spread": {emotion: None if np.isnan(spread) else spread},
            "n": {emotion: int(gold.n[i])},
            "weights": {emotion: [float(w) for w in gold.weights]},
        }
        found.append((i, float(gold.values[i]), detail))
    return found


def _categories(maker: _Maker, labels: ProjectRatings) -> None:
    if labels.categories is None:
        return
    table = labels.categories.without_raters(maker.left_out)
    if maker.request.method == "bayes":
        for item, condition, detail, seen in bayes_categories(table, maker.dropped):
            with maker.failures.of(f"{item}, {condition}"):
                maker.add(item, condition, detail, value=seen)
        return
    votes = table.counts()
    for c, condition in enumerate(votes.condition.names):
        rows = np.flatnonzero(votes.condition.codes == c)
        if rows.size:
            with maker.failures.of(condition):
                _of_condition(maker, table, votes, c, rows)


def _of_condition(maker: _Maker, table: CategoryTable, votes: CountTable, c: int, rows: NDArray[np.int64]) -> None:
    condition = votes.condition.names[c]
    if maker.request.method == "dawid_skene":
        use = (table.pass_no == 1) & (table.category.codes >= 0) & (table.condition.codes == c)
        shape = (len(table.items), len(table.rater.names), len(table.category.names))
        fit = dawid_skene(table.item[use], table.rater.codes[use], table.category.codes[use], shape)
        shares = fit.posterior[votes.item[rows]]
        found = label_gold(shares, "plurality", raters=table.rater.names)
        recipe = GoldRecipe("category", "dawid_skene", table.rater.names, maker.dropped, scope=condition)
    else:
        found = label_gold(votes.votes[rows], cast(LabelMethod, maker.request.method), raters=table.rater.names)
        recipe = replace(found.recipe, excluded=maker.dropped)
        shares = found.distribution
    for k, row in enumerate(rows.tolist()):
        item = votes.items.names[votes.item[row]]
        with maker.failures.of(f"{item}, {condition}"):
            label = int(found.label[k])
            detail = {
                **recipe.as_dict(), "state": found.state[k],
                "label": votes.categories[label] if label >= 0 else None,
                "votes": {n: int(v) for n, v in zip(votes.categories, votes.votes[row], strict=True) if v},
            }  # fmt: skip
            value = {name: float(p) for name, p in zip(votes.categories, shares[k], strict=True) if p > 0}
            maker.add(item, condition, detail, value=value)


def _traces(maker: _Maker, labels: ProjectRatings) -> None:
    request, out = maker.request, maker.left_out
    golds = TraceGolds(
        maker.project, [trace for trace in labels.traces if trace.rater not in out], cast(TraceMethod, request.method),
        request.align, weighting=request.weighting, excluded=maker.dropped,
        take_back=(*labels.taken_back, *request.take_back),
    )  # fmt: skip
    if request.align == "absolute":
        check_calibrated(maker.project, golds.raters)
    for condition, item in golds.groups:
        with maker.failures.of(f"{item}, {condition}"):
            _of_trace(maker, golds, condition, item)


def _of_trace(maker: _Maker, golds: TraceGolds, condition: str, item: str) -> None:
    request = maker.request
    made = golds.of(condition, maker.items[item])
    if not made.part.any():
        return  # only raters who are set aside traced it
    recipe = {
        **made.recipe.as_dict(), "lags_s": [made.lags_s[rater] for rater in made.recipe.raters],
        "align": request.align,
        "set_aside": made.aside, "lags_not_removed": made.not_removed, "advice": made.advice,
        "rate_hz": RATE_HZ if request.method == "barycentre" else None,
        "n": {name: to_runs(made.n_raters[:, axis]) for axis, name in enumerate(DIMENSIONS)},
    }  # fmt: skip
    if made.spread is not None:
        # In thousandths of the axis, as runs of [first sample, number].
        thousandths = np.nan_to_num(np.rint(1000.0 * made.spread)).astype(np.int64)
        recipe["spread_thousandths"] = {name: to_runs(thousandths[:, axis]) for axis, name in enumerate(DIMENSIONS)}
    values = made.values.astype(np.float32)
    maker.add(item, condition, recipe, sources=list(made.sources), times_s=made.times_s, values=values)
