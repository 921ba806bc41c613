"""How many clips, raters and subjects a study needs, by simulating it with the estimators that the report uses."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Literal

import numpy as np

from app.agreement.estimate import NAN, Estimate
from app.agreement.icc import icc
from app.agreement.pair_kappa import Places, mean_kappa
from app.agreement.plan_traces import TraceWorld, draw_traces
from app.agreement.plan_world import Contrast, StudySize, World, as_table, draw_scores, quiet_for
from app.agreement.report import agreement_report
from app.agreement.settings import AgreementSettings
from app.agreement.trace_estimates import trace_estimates
from app.domain.json_values import number
from app.domain.words import many
from app.errors import UserError

Statistic = Literal["alpha", "icc", "kappa", "ccc"]
STATISTICS: Final[tuple[Statistic, ...]] = ("alpha", "icc", "kappa", "ccc")
MOST_WITHOUT: Final = 0.2
"""A study whose interval is missing more often than this does not count as large enough."""
SIGNIFICANT: Final = 0.05


@dataclass(frozen=True)
class Question:
    """What is to be planned.

    Attributes:
        kind: width of an interval, or power for an effect of the condition.
        of: the coefficient whose interval is meant; an effect is always one on disagreement.
        target: widest interval that will do, or size of the effect (difference of mean within-item variance in squared
            points).
        level: of the interval.
        power: wanted chance to find the effect.
        between: whether each condition has its own raters.
        emotions: emotions judged; p is adjusted over them.
        repetitions: simulated studies of each size.
        seed: of all chance.
    """

    kind: Literal["width", "effect"] = "width"
    of: Statistic = "alpha"
    target: float = 0.2
    level: float = 0.95
    power: float = 0.8
    between: bool = False
    emotions: int = 1
    repetitions: int = 200
    seed: int = 0

    def words(self) -> str:
        """Return the question in words.

        Example:
            >>> Question(target=0.15).words()
            "95 % interval of Krippendorff's alpha (ordinal) no wider than 0.15"
        """
        if self.kind == "width":
            return f"{100 * self.level:g} % interval of {NAMES[self.of]} no wider than {self.target:g}"
        who = "each condition with its own raters" if self.between else "the same raters in both conditions"
        over = f", p adjusted over {self.emotions} emotions" if self.emotions > 1 else ""
        return f"power of {self.power:.0%} for a difference of disagreement of {self.target:g} points² ({who}{over})"


NAMES: Final[dict[Statistic, str]] = {
    "alpha": "Krippendorff's alpha (ordinal)",
    "icc": "ICC(A,1), two-way, absolute agreement, single rating",
    "kappa": "quadratic-weighted kappa of a pair of raters",
    "ccc": "the mean concordance of pairs of traces",
}


@dataclass(frozen=True)
class Outcome:
    """What one simulated study gave.

    Attributes:
        value: of the estimate, NaN where undefined.
        low: lower end of its interval, NaN without one.
        high: upper end.
        p: of the effect, adjusted over emotions; NaN where none was tested.
    """

    value: float
    low: float
    high: float
    p: float


@dataclass(frozen=True)
class PlanRow:
    """What studies of one size give.

    Attributes:
        size: of the studies.
        repetitions: studies simulated.
        value: mean of the estimates.
        width: mean width of the intervals, NaN where no study has one.
        width_error: Monte Carlo standard error of that.
        reached: share of studies whose interval is no wider than wanted.
        without: share of studies without an interval.
        power: share of studies with an adjusted p of at most .05; NaN where nothing is tested.
        power_error: Monte Carlo standard error of that.
        enough: whether this size will do.
    """

    size: StudySize
    repetitions: int
    value: float
    width: float
    width_error: float
    reached: float
    without: float
    power: float
    power_error: float
    enough: bool


@dataclass(frozen=True)
class Plan:
    """The answer.

    Attributes:
        question: what was asked.
        world: what ratings, or traces, were assumed to be made of.
        source: where the assumptions come from, in a sentence.
        rows: one for each size looked at.
        notes: what the reader must know.
    """

    question: Question
    world: World | TraceWorld
    source: str
    rows: tuple[PlanRow, ...]
    notes: tuple[str, ...] = field(default_factory=tuple)

    @property
    def answer(self) -> PlanRow | None:
        """The size that will do with the fewest judgements; None where none of those looked at does."""
        good = [row for row in self.rows if row.enough]
        return min(good, key=lambda row: (row.size.n_items * row.size.raters, row.size.n_units), default=None)

    def sentence(self) -> str:
        """Return a sentence for a paper or a preregistration."""
        q, row = self.question, self.answer
        how = (
            f"{many(q.repetitions, 'simulated study', 'simulated studies')}, seed {q.seed}, analysed like the study "
            f"itself. {self.source} {self.world.words()}"
        )
        if row is None:
            return f"None of the {many(len(self.rows), 'size')} looked at gives {_article(q)} ({how})"
        what = size_words(row.size)
        if q.kind == "width":
            return (
                f"With {what}, the {100 * q.level:g} % interval of {NAMES[q.of]} is expected to be {row.width:.2f} "
                f"wide (Monte Carlo standard error {row.width_error:.3f}; {how})"
            )
        return (
            f"With {what}, a difference of disagreement of {q.target:g} points² is found in {row.power:.0%} of studies "
            f"(p of at most .05, two-sided sign flips; Monte Carlo standard error {row.power_error:.1%}; {how})"
        )

    def as_dict(self) -> dict[str, Any]:
        """Return all of it as JSON types."""
        q, row = self.question, self.answer
        return {
            "question": {**q.__dict__, "words": q.words()},
            "assumptions": {**self.world.__dict__, "words": self.world.words(), "source": self.source},
            "rows": [_row_dict(one) for one in self.rows],
            "answer": None if row is None else _row_dict(row),
            "sentence": self.sentence(),
            "notes": list(self.notes),
        }


def _article(question: Question) -> str:
    return f"a {question.words()}"


def size_words(size: StudySize) -> str:
    """Return the size of a study in words.

    Example:
        >>> size_words(StudySize(12, 5, 4))
        '12 subjects, 5 clips of each and 4 raters'
        >>> size_words(StudySize(1, 40, 4, 2))
        '40 clips, 2 items of each and 4 raters'
    """
    parts = [many(size.subjects, "subject")] if size.subjects > 1 else []
    parts.append(many(size.clips, "clip") + (" of each" if size.subjects > 1 else ""))
    if size.items > 1:
        parts.append(f"{many(size.items, 'item')} of each")
    return f"{', '.join(parts)} and {many(size.raters, 'rater')}"


def _row_dict(row: PlanRow) -> dict[str, Any]:
    numbers = ("value", "width", "width_error", "reached", "without", "power", "power_error")
    return {
        **row.size.__dict__, "n_items": row.size.n_items, "unit": row.size.unit, "repetitions": row.repetitions,
        **{name: number(getattr(row, name)) for name in numbers}, "enough": row.enough,
    }  # fmt: skip


def one_study(
    question: Question, size: StudySize, world: World | TraceWorld, rng: np.random.Generator, quiet: float = 1.0
) -> Outcome:
    """Draw one study and analyse it as the report does.

    Args:
        question: what is planned.
        size: of the study.
        world: what its ratings or traces are made of.
        rng: source of chance.
        quiet: share of the residual variance left in the second condition, see `quiet_for`.

    Example:
        >>> found = one_study(Question(), StudySize(12, 5, 4), World(), np.random.default_rng(0))
        >>> bool(found.low < found.value < found.high)
        True
    """
    settings = AgreementSettings(unit=size.unit, level=question.level)
    if isinstance(world, TraceWorld):
        blocks, units = draw_traces(world, size, rng)
        return _outcome(trace_estimates(blocks, units, settings)[0])
    if question.kind == "effect":
        scores = draw_scores(world, size, rng, Contrast(quiet, question.between, question.emotions))
        pair = agreement_report(as_table(scores, size, world), None, settings).pairs[0]
        return _outcome(pair.difference, pair.p_adjusted)
    scores = draw_scores(world, size, rng)
    if question.of == "alpha":
        return _outcome(agreement_report(as_table(scores, size, world), None, settings).emotions[0].alpha_ordinal)
    unit = size.unit_of_item()
    if question.of == "icc":
        found = icc(scores[:, 0, :, 0], unit=unit, unit_name=size.unit, level=question.level)
        return _outcome(found.agreement)
    item = np.arange(size.n_items, dtype=np.int64)
    places = Places(np.zeros_like(item), item, unit, size.unit)
    return _outcome(mean_kappa(scores[:, 0, 0, 0], scores[:, 0, 1, 0], places, level=question.level))


def _outcome(estimate: Estimate, p: float = NAN) -> Outcome:
    return Outcome(estimate.value, estimate.low, estimate.high, p)


def simulate(
    question: Question,
    sizes: Sequence[StudySize],
    worlds: Sequence[World] | Sequence[TraceWorld],
    source: str = "Variances and prevalence are assumed.",
    tell: Callable[[int, int], None] = lambda done, total: None,
) -> Plan:
    """Simulate studies of each size.

    Args:
        question: what is planned.
        sizes: what is looked at.
        worlds: the first is what is assumed; studies are drawn from the others by turns where there are any, which
            carries how sure a pilot study is of its variances.
        source: where the assumptions come from, in a sentence.
        tell: told (studies done, of all) now and then; what it raises ends the simulation.

    Raises:
        UserError: nothing to look at, or an effect larger than raters could show.

    Example:
        >>> plan = simulate(Question(target=0.5, repetitions=5), [StudySize(12, 5, 4)], [World()])
        >>> plan.rows[0].repetitions, plan.rows[0].enough, round(plan.rows[0].without, 1)
        (5, True, 0.0)
    """
    check(question, sizes)
    base = worlds[0]
    drawn = worlds[1:] or worlds
    quiet = 1.0
    if question.kind == "effect" and isinstance(base, World):
        quiet = quiet_for(base, question.target, question.seed)
        if np.isnan(quiet):
            raise UserError(
                f"With these assumptions no difference of disagreement is as large as {question.target:g} points².",
                "Plan for a smaller difference, or assume a larger residual variance.",
            )
    total = len(sizes) * question.repetitions
    rows = []
    for s, size in enumerate(sizes):
        found = []
        for k in range(question.repetitions):
            rng = np.random.default_rng([question.seed, s, k])
            found.append(one_study(question, size, drawn[k % len(drawn)], rng, quiet))
            tell(s * question.repetitions + k + 1, total)
        rows.append(_row(question, size, found))
    notes: tuple[str, ...] = ()
    if any(size.n_units < 10 for size in sizes):
        notes = ("With fewer than 10 units intervals hold their level only roughly.",)
    return Plan(question, base, source, tuple(rows), notes)


def check(question: Question, sizes: Sequence[StudySize]) -> None:
    """Refuse what cannot be planned.

    Raises:
        UserError: no size, too few of something, or a number out of its range.

    Example:
        >>> check(Question(), [StudySize()])
    """
    if not sizes:
        raise UserError("There is no size to look at.", "Name numbers of subjects, clips and raters.")
    if min(min(s.subjects, s.clips, s.items) for s in sizes) < 1 or min(s.raters for s in sizes) < 2:
        raise UserError("A study needs a subject, a clip and two raters.", "Name larger numbers.")
    if question.repetitions < 2:
        raise UserError("Two studies at least must be simulated of each size.", "Ask for more repetitions.")
    if question.target < 0 or (question.kind == "width" and question.target == 0):
        raise UserError(
            "A width must be above 0, and an effect not below 0.", "Name the width or the effect that you plan for."
        )
    if not (0.5 <= question.level < 1 and 0 < question.power < 1):
        raise UserError("Levels and power are shares between 0 and 1.", "Name them as 0.95 and 0.8.")


def _row(question: Question, size: StudySize, found: Sequence[Outcome]) -> PlanRow:
    n = len(found)
    width = np.array([one.high - one.low for one in found])
    known = width[~np.isnan(width)]
    values = np.array([one.value for one in found])
    mean = float(known.mean()) if known.size else NAN
    error = float(known.std(ddof=1) / np.sqrt(known.size)) if known.size > 1 else NAN
    without = 1.0 - known.size / n
    reached = float((known <= question.target).sum() / n)
    power, power_error = NAN, NAN
    if question.kind == "effect":
        hits = float(np.mean([one.p <= SIGNIFICANT for one in found]))
        power, power_error = hits, float(np.sqrt(hits * (1.0 - hits) / n))
        enough = power >= question.power
    else:
        enough = bool(mean <= question.target) and without <= MOST_WITHOUT
    defined = values[~np.isnan(values)]
    value = float(defined.mean()) if defined.size else NAN
    return PlanRow(size, n, value, mean, error, reached, without, power, power_error, enough)
