"""Which judgements a batch asks for, and what it is expected to tell, from ratings and a study's rules."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from app.agreement.bayes.asked_rules import RuledBatch, Rules
from app.agreement.bayes.fit import Fit, FitSettings, fit
from app.agreement.bayes.kinds import TURNED, allow_for
from app.agreement.bayes.next_best import CONTEXT, Aim, Candidates, Outlook
from app.agreement.bayes.ordinal_data import SESSION_GAP_S, OrdinalData, ordinal_data
from app.agreement.bayes.suspects import suspects_of
from app.domain.asked import CHANCE, MODEL
from app.domain.coverage import judged_stimuli
from app.domain.ratings import RatingTable
from app.domain.slots import Slot, Target
from app.domain.study import Study
from app.errors import UserError
from app.jobs import Context

Int = NDArray[np.int64]
Weights = Mapping[tuple[str, str, str], float]
"""(item, emotion, condition) → how much it counts; 0 where it is not named."""

AN_HOUR: Final = 60.0
"""Judgements in an hour where times of answers are unknown."""
MOST_AHEAD: Final = 400
"""So far the number of judgements that are enough is looked for."""
Z: Final = 1.645
"""Half width of an interval that holds 90 %, in standard deviations."""


@dataclass(frozen=True)
class Chosen:
    """A judgement to ask for.

    Attributes:
        rater: Code of the rater.
        item: Name of the item.
        condition: Name of the condition.
        how: "asked" by the model, or dealt at "random".
        drop: Expected drop of the mean variance, in squared points.
    """

    rater: str
    item: str
    condition: str
    how: str
    drop: float


@dataclass(frozen=True)
class Rows:
    """What a study has to deal.

    Attributes:
        study: The design.
        targets: Its items.
        closed: (item, condition) cells that cannot be shown.
        raters: Codes of the raters to ask.
        slots: What was dealt before, of everybody.
    """

    study: Study
    targets: Sequence[Target]
    closed: Collection[tuple[str, str]]
    raters: tuple[str, ...]
    slots: tuple[Slot, ...]


@dataclass(frozen=True)
class Batch:
    """The judgements that a batch would ask for, and what they are expected to tell.

    Attributes:
        judgements: In the order of choice: those of chance first.
        now: Half width of a typical interval, in points.
        after: The same after this batch, as expected.
        an_hour: Judgements that one rater gives in an hour, from the times of answers.
        ahead: The same, or all judgements that are left where they are fewer.
        after_an_hour: Half width after so many judgements that help most.
        enough: Number of judgements after which intervals are as narrow as wished; 0 if they are, None if unknown.
        notes: What a reader must know.
    """

    judgements: tuple[Chosen, ...]
    now: float
    after: float
    an_hour: float
    ahead: int
    after_an_hour: float
    enough: int | None
    notes: tuple[str, ...]


def look_ahead(
    ctx: Context, ratings: RatingTable, rows: Rows, count: int, aim: Aim, share: float, seed: int,
    most_each: int | None, narrow: float | None, weights: Weights | None = None,
) -> Batch:  # fmt: skip
    """Choose a batch, and look how far judgements lead.

    Args:
        ctx: Receives the progress, and can cancel.
        ratings: What was judged so far, without raters who do not count.
        rows: What there is to deal.
        count: Size of the batch.
        aim: What is to be known better.
        share: Share of the batch that chance deals.
        seed: Of chance.
        most_each: Largest number for one rater; None for an equal part and a quarter more.
        narrow: Half width of a typical interval that is enough, in points; None for no goal.
        weights: (item, emotion, condition) → how much it counts; None for all alike.

    Raises:
        UserError: The model cannot be fitted, the aim has nothing to aim at, or nothing is left to ask for.
    """
    # Raters by chance are noisy as they stand, so little is asked of them; a turned scale tells as much as any.
    data = allow_for(ordinal_data(ratings), TURNED)
    if aim.what == CONTEXT and len(data.conditions) < 2:
        raise UserError("All ratings are of one condition, so there is no effect of context.", "Ask for all items.")
    if aim.emotion and aim.emotion not in data.emotions:
        raise UserError(f"Nobody has rated {aim.emotion}.", f"Choose one of {', '.join(data.emotions)}.")

    def tell(step: int, change: float) -> None:
        ctx.check()
        ctx.progress(step, 30, f"Model of raters: step {step}, change {change:.2g}")

    space = _Space(fit(data, FitSettings(tell=tell)), rows, aim, weights)
    outlook, batch = space.outlook(), space.allowed(count, most_each)
    now = outlook.uncertainty()
    chosen = _by_chance(space, outlook, batch, round(share * count), seed)
    chosen += [(which, drop, MODEL) for which, drop in outlook.choose(space.of, count - len(chosen), batch)]
    if not chosen:
        raise UserError(
            "Nothing is left to ask for: every rater has every item that the study's rules let them judge.",
            "Add raters or clips.",
        )
    after = outlook.uncertainty()
    ctx.check()
    hour = judgements_an_hour(ratings)
    curve = space.curve(max(round(hour), MOST_AHEAD if narrow is not None else 0))
    enough = None
    if narrow is not None:
        enough = next((n for n, variance in enumerate(curve) if _half(variance) <= narrow), None)
    ahead = min(round(hour), len(curve) - 1)
    return Batch(
        tuple(space.named(which, how, drop) for which, drop, how in chosen), _half(now), _half(after), hour,
        ahead, _half(curve[ahead]), enough, (*data.notes, *(one.words for one in suspects_of(data))),
    )  # fmt: skip


def _half(variance: float) -> float:
    return Z * float(np.sqrt(max(variance, 0.0)))


def _by_chance(
    space: _Space, outlook: Outlook, batch: RuledBatch, number: int, seed: int
) -> list[tuple[int, float, str]]:
    """Deal a part of the batch at random among all that the rules allow."""
    chance, out = random.Random(f"asked {seed}"), []
    for _ in range(number):
        open_ones = np.flatnonzero(batch.now()).tolist()
        if not open_ones:
            break
        which = chance.choice(open_ones)
        one = Candidates(space.of.item[[which]], space.of.condition[[which]], space.of.rater[[which]])
        out.append((which, float(outlook.drops(one)[0]), CHANCE))
        batch.chosen(which)
        outlook.add(int(one.item[0]), int(one.condition[0]), int(one.rater[0]))
    return out


class _Space:
    """All judgements that a study could still ask for, in the codes of a fit.

    Args:
        done: The fitted model.
        rows: What there is to deal.
        aim: What is to be known better.
        weights: How much each item, emotion and condition counts; None for all alike.
    """

    def __init__(self, done: Fit, rows: Rows, aim: Aim, weights: Weights | None) -> None:
        data = done.columns.data
        self.done, self.rows, self.aim, self.weights = done, rows, aim, weights
        stimulus_of = {target.item: target.stimulus for target in rows.targets}
        judged = judged_stimuli(rows.study, rows.targets, rows.closed)
        wanted = sorted(item for items in judged.values() for item in items)
        self.items = (*data.items, *(item for item in wanted if item not in set(data.items)))
        self.raters = (*data.raters, *(rater for rater in rows.raters if rater not in set(data.raters)))
        names = {condition.name for condition in rows.study.conditions}
        self.conditions = tuple(name for name in data.conditions if name in names)
        self.stimuli = sorted({stimulus_of.get(item, item) for item in self.items})
        code = {name: k for k, name in enumerate(self.stimuli)}
        self.stimulus = np.array([code[stimulus_of.get(item, item)] for item in self.items], np.int64)
        self.of = self._candidates(data, wanted)

    def _candidates(self, data: OrdinalData, wanted: Sequence[str]) -> Candidates:
        had = {(slot.rater, slot.item, slot.condition) for slot in self.rows.slots if slot.purpose == "main"}
        had |= {
            (data.raters[r], data.items[i], data.conditions[c])
            for r, i, c in zip(data.rater.tolist(), data.item.tolist(), data.condition.tolist(), strict=True)
        }
        item_code = {name: k for k, name in enumerate(self.items)}
        rater_code = {name: k for k, name in enumerate(self.raters)}
        found = [
            (item_code[item], data.conditions.index(name), rater_code[rater])
            for item in wanted
            for name in self.conditions
            if (item, name) not in self.rows.closed
            for rater in self.rows.raters
            if (rater, item, name) not in had
        ]
        columns = np.array(found, np.int64).reshape(-1, 3)
        return Candidates(columns[:, 0], columns[:, 1], columns[:, 2])

    def outlook(self) -> Outlook:
        """Return what is known now."""
        data = self.done.columns.data
        new = len(self.items) - len(data.items), len(self.raters) - len(data.raters)
        return Outlook(self.done, self.aim, new_items=new[0], new_raters=new[1], weights=self._weighed())

    def _weighed(self) -> NDArray[np.float64] | None:
        """Return the weights of all items, or None.

        Raises:
            UserError: Nothing counts.
        """
        if self.weights is None:
            return None
        data = self.done.columns.data
        out = np.array(
            [[[self.weights.get((item, emotion, condition), 0.0) for condition in data.conditions]
              for emotion in data.emotions] for item in self.items]
        )  # fmt: skip
        counted = out if not self.aim.emotion else out[:, [data.emotions.index(self.aim.emotion)]]
        if not counted.any():
            raise UserError(
                "Predictions name no item of this study that should be asked for.",
                "Analyse its clips with more models, or ask for all items.",
            )
        return out

    def allowed(self, count: int, most_each: int | None) -> RuledBatch:
        """Return the rules for a batch."""
        study, data = self.rows.study, self.done.columns.data
        free = np.unique(self.of.rater).size  # those who have something left
        each = most_each if most_each is not None else -(-count * 5 // (4 * max(free, 1)))
        stimulus = dict(zip(self.items, self.stimulus.tolist(), strict=True))
        rater = {name: k for k, name in enumerate(self.raters)}
        shows = {condition.name: condition.shows_context for condition in study.conditions}
        seen, first = set[tuple[int, int]](), dict[tuple[int, int], int]()
        group = np.full(len(self.raters), -1, np.int64)
        for slot in self.rows.slots:
            if slot.purpose != "main" or slot.rater not in rater or slot.item not in stimulus:
                continue
            pair = stimulus[slot.item], rater[slot.rater]
            if shows.get(slot.condition, True):
                seen.add(pair)
            if slot.condition in data.conditions:
                first.setdefault(pair, data.conditions.index(slot.condition))
                group[pair[1]] = data.conditions.index(slot.condition) if group[pair[1]] < 0 else group[pair[1]]
        context = np.array([shows.get(name, True) for name in data.conditions])
        most = np.full(len(self.raters), each, np.int64)
        return RuledBatch(
            self.of,
            Rules(self.stimulus, context, seen, study.context_before_face, study.design, first, group, most),
        )

    def curve(self, count: int) -> list[float]:
        """Return what is left of the variance after 0, 1, … judgements, each the one that helps most."""
        outlook = self.outlook()
        left = [outlook.uncertainty()]
        for _, drop in outlook.choose(self.of, count, self.allowed(count, None)):
            left.append(max(left[-1] - drop, 0.0))
        return left

    def named(self, which: int, how: str, drop: float) -> Chosen:
        """Return a candidate in words."""
        data = self.done.columns.data
        return Chosen(
            self.raters[self.of.rater[which]], self.items[self.of.item[which]],
            data.conditions[self.of.condition[which]], how, drop,
        )  # fmt: skip


def judgements_an_hour(ratings: RatingTable) -> float:
    """Return how many judgements a rater gives in an hour: from the median time between two answers of a sitting.

    Args:
        ratings: The ratings; several emotions of one answer have the same time.
    """
    if ratings.answered_s is None:
        return AN_HOUR
    gaps: list[float] = []
    for rater, number in Counter(ratings.rater.codes.tolist()).items():
        if number > 1:
            times = np.unique(ratings.answered_s[ratings.rater.codes == rater])
            between = np.diff(times[np.isfinite(times)])
            gaps += between[(between > 1.0) & (between < SESSION_GAP_S)].tolist()
    return AN_HOUR if len(gaps) < 5 else float(np.clip(3600.0 / np.median(gaps), 1.0, 1000.0))
