"""What each possible judgement is expected to tell: the drop in uncertainty, by the model of raters.

A judgement is an answer of one rater to one item in one condition, for all emotions. Around the fit, everything that
is unknown is taken as normal: the effects that ratings share (among them the raters' biases) and what is an item's
own. How much an answer narrows what it depends on is summed exactly over its possible scores; what it then tells of
all else follows from the covariances. This is the expected posterior variance of optimal design (Lindley 1956;
Chaloner & Verdinelli 1995). Judgements of one batch are chosen one after the other, each as if those before it had been
given, because their scores are not needed for that.

Left out, so that a judgement is never expected to tell more than it does: what is learned of noise and of the use of
the scale.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from app.agreement.bayes.cumulative import sigmoid
from app.agreement.bayes.fit import Fit
from app.agreement.bayes.local import own_cov
from app.agreement.bayes.pass_over import gaps_of
from app.agreement.bayes.posterior import points_slope, typical_cuts
from app.agreement.bayes.thresholds import thresholds

Float = NDArray[np.float64]
Int = NDArray[np.int64]
Bool = NDArray[np.bool_]

ALL_ITEMS: Final = "items"
CONTEXT: Final = "context"
GAPS: Final = "gaps"
MODELS: Final = "models"
WEIGHED: Final = (GAPS, MODELS)
"""Aims for which some items count more than others, as a model of faces says."""
_NODES, _WEIGHTS = np.polynomial.hermite_e.hermegauss(15)
_WEIGHTS = _WEIGHTS / _WEIGHTS.sum()
REFRESH: Final = 24
"""After so many choices all candidates are valued anew; between, only those that share an item or a rater."""


@dataclass(frozen=True)
class Aim:
    """What is to be known better.

    Attributes:
        what: "items" for every item in every condition, "context" for the mean effect of context of each emotion,
            "gaps" for items on which people and a model of faces part, "models" for those on which such models differ.
        emotion: Name of the only emotion that counts; empty for all.
    """

    what: str = ALL_ITEMS
    emotion: str = ""


@dataclass(frozen=True, eq=False)
class Candidates:
    """Possible judgements.

    Attributes:
        item: (n,) int64 code of the item; from the number of judged items on, one that nobody has judged.
        condition: (n,) int64 code of the condition.
        rater: (n,) int64 code of the rater; from the number of known raters on, one who has judged nothing.
    """

    item: Int
    condition: Int
    rater: Int

    def __len__(self) -> int:
        """Return their number."""
        return int(self.item.size)


class Outlook:
    """What is known, and what judgements would add; `choose` and `add` move it on.

    Args:
        fit: The fitted model.
        aim: What is to be known better.
        new_items: Number of items that nobody has judged.
        new_raters: Number of raters who have judged nothing.
        weights: (items, emotions, conditions) float64 at least 0, how much each counts with one of the aims `WEIGHED`;
            None for all alike.

    Example:
        >>> from app.agreement.bayes.fit import fit
        >>> from app.agreement.bayes.simulate import StudyShape, draw_study
        >>> done = fit(draw_study(StudyShape(6, 3, 1, 2), np.random.default_rng(1))[0])
        >>> outlook = Outlook(done, Aim(), new_items=1)
        >>> again, new = outlook.drops(Candidates(np.array([0, 6]), np.zeros(2, np.int64), np.zeros(2, np.int64)))
        >>> bool(0 < again < new)
        True
    """

    def __init__(
        self, fit: Fit, aim: Aim, *, new_items: int = 0, new_raters: int = 0, weights: Float | None = None
    ) -> None:
        columns, data = fit.columns, fit.columns.data
        self.fit, self.aim = fit, aim
        self.n_emotions, self.n_conditions = len(data.emotions), columns.n_conditions
        n_items, n_e, n_c = len(data.items) + new_items, self.n_emotions, self.n_conditions
        self.cov = fit.cov.copy()
        # Every item and emotion, also where nothing was given: (items × emotions, …).
        prior = own_cov(fit.item, fit.item_condition, n_c)
        self.own = np.tile(prior, (n_items, 1, 1))
        self.linear = self._prior_rows(n_items)
        own_mean = np.zeros((n_items * n_e, n_c))
        places = columns.unit_item * n_e + columns.unit_emotion
        own_mean[places], self.own[places] = fit.local.mean, fit.local.cov
        for part, mixed in fit.equations.blocks(n_c):
            self.linear[places[part]] -= fit.local.cov[part] @ mixed
        self.mean = self._prior_rows(n_items) @ fit.effects + own_mean
        self.slope = points_slope(self.mean, typical_cuts(fit), data.points)
        self.counts = np.ones(n_items * n_e, np.bool_)
        if aim.emotion:
            self.counts = np.tile(np.array([name == aim.emotion for name in data.emotions]), n_items)
        self.root = np.repeat(self.counts[:, None].astype(np.float64), n_c, axis=1)
        if weights is not None:
            self.root *= np.sqrt(weights.reshape(n_items * n_e, n_c))
        self.weight = float((self.root**2).sum())
        self._raters(new_raters)
        self._contrast = np.zeros((0, 1))
        if n_c > 1:
            self._contrast = np.concatenate([-np.ones((n_c - 1, 1)), np.eye(n_c - 1)], axis=1)
        self._inner = self._sums()

    def _prior_rows(self, n_items: int) -> Float:
        """(items × emotions, conditions, effects): what belongs to each truth before its own part."""
        columns, data, n_e, n_c = self.fit.columns, self.fit.columns.data, self.n_emotions, self.n_conditions
        out = np.zeros((n_items, n_e, n_c, columns.size))
        every = np.arange(n_e)
        out[:, every, :, columns.where["level"].start + every] = 1.0
        for c in range(1, n_c):
            out[:, :, c, columns.where["context"].start + c - 1] = 1.0
            if "context_emotion" in columns.where:
                out[:, every, c, columns.where["context_emotion"].start + every * (n_c - 1) + c - 1] = 1.0
        for name, codes in data.groups:
            for i in np.flatnonzero(codes >= 0):
                out[i, every, :, columns.where[name].start + codes[i] * n_e + every] = 1.0
        return out.reshape(n_items * n_e, n_c, columns.size)

    def _raters(self, new: int) -> None:
        """What each rater adds: rows of effects, more variance of a new one, thresholds and noise."""
        fit, columns, n_e = self.fit, self.fit.columns, self.n_emotions
        n = len(columns.data.raters)
        rows = np.zeros((n + new, n_e, columns.size))
        every = np.arange(n)
        rows[every, :, columns.where["bias"].start + every] = 1.0
        more = fit.spreads["bias"] ** 2
        if "bias_emotion" in columns.where:
            place = columns.where["bias_emotion"].start + np.arange(n * n_e).reshape(n, n_e)
            rows[every[:, None], np.arange(n_e)[None], place] = 1.0
            more += fit.spreads["bias_emotion"] ** 2
        gap, use = gaps_of(columns, fit.effects)
        self.rater_rows = rows
        self.more = np.where(np.arange(n + new) < n, 0.0, more)
        use = np.concatenate([use, np.zeros((new, use.shape[1]))])
        self.cuts = thresholds(gap, use, columns.n_levels - 1)
        self.noise = np.concatenate([np.exp(fit.effects[columns.where["noise"]]), np.ones(new)])
        self.offset = rows @ fit.effects

    def _sums(self) -> tuple[Float, Float]:
        """The effects' part of what is to be known: a matrix for items, rows of means for context."""
        slope = self.slope * self.root
        if self.aim.what != CONTEXT:
            rows = (slope[:, :, None] * self.linear).reshape(-1, self.linear.shape[2])
            return rows.T @ rows, np.zeros((0, 0))
        moved = np.einsum("kc,uc,ucg->ukg", self._contrast, slope, self.linear)
        share = 1.0 / (self.slope.shape[0] // self.n_emotions)
        by = moved.reshape(-1, self.n_emotions, *moved.shape[1:]).sum(axis=0) * share
        return np.zeros((0, 0)), by

    def uncertainty(self) -> float:
        """Return the variance that judgements are to lower, in squared points.

        It is the (weighted) mean over items, emotions and conditions, or over the effects of context of all emotions.
        """
        slope = self.slope * self.root
        whole, by = self._inner
        if self.aim.what != CONTEXT:
            own = float((slope**2 * np.einsum("ucc->uc", self.own)).sum())
            return float((whole * self.cov).sum() + own) / self.weight
        share = 1.0 / (slope.shape[0] // self.n_emotions)
        scaled = self._contrast[None] * slope[:, None, :]
        own = float(np.einsum("ukc,ucd,ukd->", scaled, self.own, scaled)) * share**2
        shared = float(np.einsum("ekg,gh,ekh->", by, self.cov, by))
        emotions = int(self.counts[: self.n_emotions].sum())
        return float(shared + own) / max(emotions * (self.n_conditions - 1), 1)

    def drops(self, candidates: Candidates) -> Float:
        """Return by how much each judgement is expected to lower `uncertainty`, (n,) float64 squared points."""
        out = np.zeros(len(candidates))
        for e in range(self.n_emotions):
            out += self._drops_of(candidates, e)
        if self.aim.what != CONTEXT:
            return out / self.weight
        return out / max(int(self.counts[: self.n_emotions].sum()) * (self.n_conditions - 1), 1)

    def _drops_of(self, of: Candidates, e: int) -> Float:
        unit, every = of.item * self.n_emotions + e, np.arange(len(of))
        way = self.linear[unit, of.condition] + self.rater_rows[of.rater, e]
        reach = way @ self.cov
        own = self.own[unit, of.condition]
        total = np.einsum("ng,ng->n", reach, way) + own[every, of.condition] + self.more[of.rater]
        lost = self._narrowed(unit, of.condition, of.rater, e, total)
        whole, by = self._inner
        slope = self.slope[unit] * self.root[unit]
        if self.aim.what != CONTEXT:
            shared = np.einsum("ng,ng->n", reach @ whole, reach)
            through = np.einsum("ncg,ng->nc", self.linear[unit], reach)
            told = shared + (slope**2 * (2.0 * through * own + own**2)).sum(axis=1)
        else:
            share = 1.0 / (self.slope.shape[0] // self.n_emotions)
            moved = np.einsum("ekg,ng->nek", by, reach)
            moved[:, e] += share * np.einsum("kc,nc->nk", self._contrast, slope * own)
            told = (moved**2).sum(axis=(1, 2))
        drop: Float = told * lost / total**2
        return drop

    def _narrowed(self, unit: Int, condition: Int, rater: Int, e: int, total: Float) -> Float:
        """(n,) expected drop of the variance of what an answer depends on, of (n,) variance."""
        sd = np.sqrt(total)
        out = np.empty(unit.size)
        for begin in range(0, unit.size, 4096):
            part = slice(begin, begin + 4096)
            middle = self.mean[unit[part], condition[part]] + self.offset[rater[part], e]
            value = middle[:, None] + sd[part, None] * _NODES
            cuts, noise = self.cuts[rater[part]], self.noise[rater[part]]
            above = sigmoid((value[:, :, None] - cuts[:, None, :]) / noise[:, None, None])
            ends = np.ones((*above.shape[:2], 1))
            chance = np.concatenate([ends, above], axis=2) - np.concatenate([above, 0.0 * ends], axis=2)
            joint = chance * _WEIGHTS[:, None]
            mass = np.maximum(joint.sum(axis=1), 1e-300)
            first = np.einsum("njk,j->nk", joint, _NODES)
            # The variance of the expected value over the possible scores is what is lost on average.
            out[part] = total[part] * (first**2 / mass).sum(axis=1)
        return np.minimum(out, 0.999 * total)

    def add(self, item: int, condition: int, rater: int) -> None:
        """Take a judgement as given, whatever its scores."""
        one = Candidates(np.array([item]), np.array([condition]), np.array([rater]))
        for e in range(self.n_emotions):
            unit = item * self.n_emotions + e
            way = self.linear[unit, condition] + self.rater_rows[rater, e]
            own = self.own[unit, :, condition].copy()
            total = float(way @ self.cov @ way) + float(own[condition]) + float(self.more[rater])
            lost = float(self._narrowed(np.array([unit]), one.condition, one.rater, e, np.array([total]))[0])
            told = lost / total / (total - lost)  # the precision of the answer
            told = told / (1.0 + told * float(self.more[rater]))
            weight = told / (1.0 + told * float(own[condition]))
            reach = self.cov @ way
            self.cov = self.cov - np.outer(reach, reach) * (weight / (1.0 + weight * float(way @ reach)))
            self.own[unit] -= np.outer(own, own) * weight
            self.linear[unit] -= weight * own[:, None] * way[None]
        self._inner = self._sums()

    def choose(self, candidates: Candidates, most: int, allowed: Allowed) -> list[tuple[int, float]]:
        """Choose judgements one after the other, each the one that tells most after those before it.

        Args:
            candidates: What could be judged.
            most: How many to choose at most.
            allowed: Says which candidates may still be chosen, and hears which one was.

        Returns:
            (place among the candidates, expected drop) in the order of choice.
        """
        chosen: list[tuple[int, float]] = []
        drops = self.drops(candidates)
        while len(chosen) < most:
            open_ones = np.flatnonzero(allowed.now())
            if not open_ones.size:
                break
            best = int(open_ones[np.argmax(drops[open_ones])])
            chosen.append((best, float(drops[best])))
            allowed.chosen(best)
            item, rater = int(candidates.item[best]), int(candidates.rater[best])
            self.add(item, int(candidates.condition[best]), rater)
            again = (candidates.item == item) | (candidates.rater == rater)
            if len(chosen) % REFRESH == 0:
                again[:] = True
            which = np.flatnonzero(again)
            drops[which] = self.drops(
                Candidates(candidates.item[which], candidates.condition[which], candidates.rater[which])
            )
        return chosen


class Allowed:
    """Which candidates may be chosen: each once, and what the rules of a study say.

    Args:
        n: Number of candidates.
    """

    def __init__(self, n: int) -> None:
        self._open = np.ones(n, np.bool_)

    def now(self) -> Bool:
        """Return which may be chosen now, bool (n,)."""
        return self._open

    def chosen(self, which: int) -> None:
        """Hear which one was chosen."""
        self._open[which] = False
