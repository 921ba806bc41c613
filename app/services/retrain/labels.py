"""The labels that a training learns from: a gold standard of all raters, the stored one, or one rater's traces."""

from dataclasses import asdict, dataclass, replace
from typing import Any, Final, Literal

import numpy as np
from numpy.typing import NDArray

import db.consent
import db.gold
import db.items
import db.raters
from app.agreement.gold import TRACE_RULES
from app.batch import Failures
from app.domain.mixed_up import mixed_up
from app.domain.project import GoldRecord, ItemRecord, TraceRecord
from app.domain.ratings import TraceLabel
from app.domain.trace_grid import side_by_side, span_s
from app.errors import UserError
from app.services.consent.covered import NOBODY, Allowed, allowed, exclusions
from app.services.labels.gold import Align, GoldRequest, make_gold
from app.services.labels.held import TraceLags, trace_lags
from app.services.labels.tables import current_traces, load_project_ratings
from db.project import Project

Method = Literal["mean", "median", "ewe"]
STORED: Final = "stored"
GOLD: Final = "gold"
NEAR_S: Final = 0.05
"""A label further than this from a frame, in seconds, does not belong to it."""


@dataclass(frozen=True)
class LabelChoice:
    """The choice of labels to learn from.

    Attributes:
        source: "gold" (made from all raters' traces), "stored" (the gold standards chosen in the project), or the code
            of one rater.
        method: The method of "gold": "mean", "median" or "ewe".
        condition: Viewing condition; empty for the one with the most labelled items.
        lag: Reaction lags that are removed first: "none", "relative" (to the fastest rater) or "absolute" (calibrated).
        shuffle_seed: Seed by which labels are shuffled among clips, a control that must teach nothing; None does not
            shuffle.
        covered_only: Whether people whose consent does not cover training are left out; None and False refuse them.
    """

    source: str = GOLD
    method: Method = "mean"
    condition: str = ""
    lag: Align = "relative"
    shuffle_seed: int | None = None
    covered_only: bool | None = None

    @property
    def title(self) -> str:
        """The choice in words."""
        lags = "" if self.lag == "none" else f", {self.lag} lags removed"
        what = {
            GOLD: f"the {self.method} of all raters{lags}",
            STORED: "the project's chosen gold standards",
        }.get(self.source, f"rater {self.source} alone{lags}")
        return f"{what} ({self.condition})" + (", shuffled as a control" if self.shuffle_seed is not None else "")

    def as_dict(self) -> dict[str, Any]:
        """Return plain values for manifests and cards, without those that are None."""
        return {key: value for key, value in (asdict(self) | {"title": self.title}).items() if value is not None}

    @classmethod
    def of(cls, table: dict[str, Any]) -> "LabelChoice":
        """Rebuild a choice from `as_dict`; unknown entries are ignored."""
        return cls(**{key: value for key, value in table.items() if key in cls.__dataclass_fields__})


@dataclass(frozen=True, eq=False)
class ItemLabels:
    """The labels of one item on the clip's time axis.

    Attributes:
        item: The item.
        times_s: float64 N, ascending.
        values: float32 N×2, NaN where nobody judged.
    """

    item: ItemRecord
    times_s: NDArray[np.float64]
    values: NDArray[np.float32]

    def at(self, times_s: NDArray[np.float64]) -> NDArray[np.float32]:
        """Return the label nearest to each time: float32 len(times_s)×2, NaN where none is near."""
        out = np.full((len(times_s), 2), np.nan, np.float32)
        if not len(self.times_s):
            return out
        right = np.clip(np.searchsorted(self.times_s, times_s), 1, max(len(self.times_s) - 1, 1))
        left = right - 1
        right = np.minimum(right, len(self.times_s) - 1)
        nearer = np.abs(self.times_s[right] - times_s) < np.abs(self.times_s[left] - times_s)
        row = np.where(nearer, right, left)
        near = np.abs(self.times_s[row] - times_s) <= NEAR_S
        out[near] = self.values[row[near]]
        start, end = self.item.start_s, self.item.end_s
        if start is not None:
            out[times_s < start] = np.nan
        if end is not None:
            out[times_s > end] = np.nan
        return out


def usable_traces(project: Project, condition: str = "") -> list[TraceRecord]:
    """Read the traces that labels are made from: those that count, of the first pass, by raters who are not left out.

    Args:
        project: The open project.
        condition: Viewing condition to keep to; empty for all.
    """
    out = {exclusion.rater for exclusion in db.raters.exclusions(project)}
    return [
        trace
        for trace in current_traces(project)
        if trace.pass_no == 1 and trace.rater not in out and (not condition or trace.condition == condition)
    ]


def conditions(project: Project) -> list[str]:
    """Return conditions with traces or stored gold standards, the one with the most items first."""
    items: dict[str, set[int]] = {}
    for trace in usable_traces(project):
        items.setdefault(trace.condition, set()).add(trace.item_id)
    for gold in db.gold.every(project, kind="trace"):
        items.setdefault(gold.condition, set()).add(gold.item_id)
    return sorted(items, key=lambda name: (-len(items[name]), name))


def settled(project: Project, choice: LabelChoice) -> LabelChoice:
    """Complete a choice: name its condition, and take stored gold standards if there are no traces.

    Raises:
        UserError: The project has no labels of valence and arousal over time.
    """
    known = conditions(project)
    if not known:
        raise UserError(
            "Nobody has traced valence and arousal in this project.", "Record traces in the Review screen first."
        )
    condition = choice.condition or known[0]
    if condition not in known:
        raise UserError(f"There are no traces under the condition {condition}.", f"There are {', '.join(known)}.")
    source = choice.source
    if source == GOLD and not usable_traces(project, condition):
        source = STORED
    return replace(choice, source=source, condition=condition)


def labels_of(project: Project, choice: LabelChoice, failures: Failures | None = None) -> list[ItemLabels]:
    """Read the labels of a choice, item by item in the project's order.

    Args:
        project: Open for writing where a gold standard may have to be made.
        choice: As `settled` gives it.
        failures: Receives the items whose gold standard cannot be made; None raises the first failure.

    Raises:
        UserError: There are no such labels.
    """
    out = left_out_of_training(project, choice.covered_only)
    items = {item.id: item for item in db.items.every(project) if item.subject not in out.subjects}
    if choice.source == STORED:
        golds = [g for g in db.gold.every(project, kind="trace", chosen_only=True) if g.condition == choice.condition]
        found = _of_golds(items, [gold for gold in golds if not raters_of(project, gold) & out.raters])
    elif choice.source == GOLD:
        found = _of_golds(items, _gold(project, choice, failures))
    else:
        found = _of_rater(project, choice, items)
    if not found:
        if failures:
            raise failures.errors[0]
        raise UserError(f"There are no labels of {choice.title}.", "Choose other labels.")
    return found if choice.shuffle_seed is None else _shuffled(found, choice.shuffle_seed)


def check_consent(project: Project, choice: LabelChoice) -> None:
    """Refuse to train on people whose consent does not cover it, unless the choice leaves them out.

    Args:
        project: The open project.
        choice: As `settled` gives it.

    Raises:
        Uncovered: There are some; it names them.
    """
    may = allowed(project, "training", without=bool(choice.covered_only))
    if may.without or not may.refused:
        return
    items = {item.id: item.subject for item in db.items.every(project)}
    if choice.source == STORED:
        golds = [g for g in db.gold.every(project, kind="trace", chosen_only=True) if g.condition == choice.condition]
        raters = {code for gold in golds for code in raters_of(project, gold)}
        may.require(subjects=[items.get(gold.item_id, "") for gold in golds], raters=raters)
        return
    traces = usable_traces(project, choice.condition)
    mine = traces if choice.source == GOLD else [trace for trace in traces if trace.rater == choice.source]
    may.require(subjects=[items.get(one.item_id, "") for one in mine], raters=[one.rater for one in mine])


def raters_of(project: Project, gold: GoldRecord) -> set[str]:
    """Return the codes of the raters whose labels a gold standard was made of."""
    return db.consent.raters_behind(project, gold.sources)


def left_out_of_training(project: Project, covered_only: bool | None) -> Allowed:
    """Return who is left out of a training: nobody, or those whose consent does not cover it."""
    return allowed(project, "training", without=True) if covered_only else NOBODY


def _of_golds(items: dict[int, ItemRecord], golds: list[GoldRecord]) -> list[ItemLabels]:
    newest = {gold.item_id: gold for gold in sorted(golds, key=lambda gold: gold.id)}
    return [
        ItemLabels(items[number], gold.times_s, gold.values)
        for number, gold in sorted(newest.items())
        if number in items and gold.times_s is not None and gold.values is not None
    ]


def _gold(project: Project, choice: LabelChoice, failures: Failures | None) -> list[GoldRecord]:
    """The gold standards of today's traces: those stored, or made again where traces or the rules changed since."""
    out = left_out_of_training(project, choice.covered_only)
    request = GoldRequest("trace", choice.method, choice.lag, leave_out=exclusions(out))
    sources: dict[int, set[str]] = {}
    traces, lags = rater_traces(project, choice.condition, "none", out.raters)
    for number, group in traces.items():
        used = {trace.uid for trace in group if trace.rater not in lags.aside}
        if used:
            sources[number] = used

    def current() -> dict[int, GoldRecord]:
        golds = db.gold.every(project, kind="trace")
        return {g.item_id: g for g in golds if g.name == request.title and g.condition == choice.condition}

    def stale(number: int, wanted: set[str]) -> bool:
        one = known.get(number)
        return one is None or set(one.sources) != wanted or one.recipe.get("version") != TRACE_RULES

    known = current()
    if any(stale(number, wanted) for number, wanted in sources.items()):
        before = {gold.id for gold in known.values()}
        unmade = Failures()
        make_gold(project, request, failures=None if failures is None else unmade)
        known = current()
        for name, error in unmade.named:
            if failures is not None and name.endswith(f", {choice.condition}"):
                failures.add(name, error)
        if unmade:  # an older one, of other traces, may still be there
            known = {
                n: gold for n, gold in known.items() if gold.id not in before or not stale(n, sources.get(n, set()))
            }
    return [known[number] for number in sources if number in known]


def rater_traces(
    project: Project, condition: str, lag: Align, without: frozenset[str] = frozenset()
) -> tuple[dict[int, list[TraceLabel]], TraceLags]:
    """Read the first-pass traces that count, of raters who are not left out, and the lags to remove from them.

    Args:
        project: The open project.
        condition: The viewing condition.
        lag: The kind of reaction lags, which are estimated over the traces of all conditions.
        without: Codes of further raters to leave out.

    Returns:
        The traces by the item's number, and the lags of all raters with those who are set aside.
    """
    labels = load_project_ratings(project)
    numbers = {item.name: item.id for item in db.items.every(project, removed=True)}
    out = {exclusion.rater for exclusion in labels.exclusions} | without
    counting = [trace for trace in labels.traces if trace.pass_no == 1 and trace.rater not in out]
    lags = trace_lags(project, counting, lag, labels.taken_back)
    found: dict[int, list[TraceLabel]] = {}
    for trace in counting:
        if trace.condition == condition:
            found.setdefault(numbers[trace.item], []).append(trace)
    return found, lags


def _of_rater(project: Project, choice: LabelChoice, items: dict[int, ItemRecord]) -> list[ItemLabels]:
    known = {rater.code for rater in db.raters.every(project)}
    if choice.source not in known:
        raise UserError(f"There is no rater {choice.source}.", f"There are {', '.join(sorted(known)) or 'none'}.")
    found = []
    out = left_out_of_training(project, choice.covered_only)
    traces, lags = rater_traces(project, choice.condition, choice.lag, out.raters)
    for number, group in sorted(traces.items()):
        mine = [trace for trace in group if trace.rater == choice.source]
        if mine and number in items:
            # On a grid finer than frames: the nearest sample is then within NEAR_S of every frame.
            start_s, stop_s = span_s(mine, lags.lags_s)
            times_s = np.arange(start_s, stop_s + 0.02, 0.02)
            values = side_by_side(mine, [choice.source], times_s, lags.lags_s)[0]
            found.append(ItemLabels(items[number], times_s, values.astype(np.float32)))
    return found


def _shuffled(labels: list[ItemLabels], seed: int) -> list[ItemLabels]:
    """Give every item the labels of another one, from another place in time, so that nothing true is left in them."""
    rng = np.random.default_rng([seed, 907])
    mixed = mixed_up([each.values for each in labels], [len(each.times_s) for each in labels], rng)
    return [ItemLabels(mine.item, mine.times_s, rows) for mine, rows in zip(labels, mixed, strict=True)]
