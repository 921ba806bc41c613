"""Gold standards of category labels: plurality with explicit ties, majority, FERPlus, distribution, Dawid-Skene."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from app.agreement.gold import GoldRecipe

Float = NDArray[np.float64]
LabelMethod = Literal["plurality", "majority", "ferplus", "soft"]

NO_LABEL = -1


@dataclass(frozen=True, eq=False)
class LabelGold:
    """Derived labels.

    Attributes:
        label: (items,) int64 category, -1 where there is none.
        state: (items,) clear, tie, no_majority or no_votes.
        distribution: (items, categories) float64 share of votes (or posterior), zero rows without votes.
        recipe: how it was made.
    """

    label: NDArray[np.int64]
    state: tuple[str, ...]
    distribution: Float
    recipe: GoldRecipe


def label_gold(votes: Float, method: LabelMethod = "plurality", *, raters: tuple[str, ...] = ()) -> LabelGold:
    """Derive labels from votes.

    Args:
        votes: (items, categories) float64 counts.
        method: plurality (most votes, ties stay ties), majority (more than half), ferplus (Barsoum et al. 2016: single
            votes dropped, then more than half), soft (distribution, label by plurality).
        raters: codes of the raters behind the votes, if known.

    Example:
        >>> found = label_gold(np.array([[3.0, 1], [2, 2], [0, 0]]))
        >>> found.label, found.state
        (array([ 0, -1, -1]), ('clear', 'tie', 'no_votes'))
    """
    counted = np.where(votes <= 1.0, 0.0, votes) if method == "ferplus" else np.asarray(votes, dtype=np.float64)
    total = counted.sum(axis=1)
    best = counted.max(axis=1, initial=0.0)
    leaders = (counted == best[:, None]).sum(axis=1)
    state = np.full(votes.shape[0], "clear", dtype="<U11")
    state[leaders > 1] = "tie"
    if method in ("majority", "ferplus"):
        state[(best <= 0.5 * total) & (leaders == 1)] = "no_majority"
    state[total == 0] = "no_votes"
    label = np.where(state == "clear", counted.argmax(axis=1) if votes.shape[1] else 0, NO_LABEL)
    shares = counted / np.where(total > 0, total, 1.0)[:, None]
    recipe = GoldRecipe(kind="category", method=method, raters=raters)
    return LabelGold(label.astype(np.int64), tuple(str(s) for s in state), shares, recipe)


@dataclass(frozen=True, eq=False)
class DawidSkene:
    """Result of the Dawid-Skene model.

    Attributes:
        posterior: (items, categories) float64, rows sum to 1; zero rows for items without labels.
        confusion: (raters, categories, categories) float64, P(rater says column | true row).
        prior: (categories,) float64.
        log_likelihood: of the labels.
        iterations: rounds until it stood still.
        converged: whether it stood still before the limit.
    """

    posterior: Float
    confusion: Float
    prior: Float
    log_likelihood: float
    iterations: int
    converged: bool


def dawid_skene(
    item: NDArray[np.integer],
    rater: NDArray[np.integer],
    label: NDArray[np.integer],
    shape: tuple[int, int, int],
    *,
    smoothing: float = 0.01,
    limit: int = 200,
    tolerance: float = 1e-7,
) -> DawidSkene:
    """Estimate true labels and rater confusions by EM (Dawid & Skene 1979), which starts from the vote shares.

    Args:
        item: (n,) item of each label.
        rater: (n,) rater of each label.
        label: (n,) category given.
        shape: numbers of (items, raters, categories).
        smoothing: added to each confusion count, so that a rater with few labels has no impossible answers.
        limit: most rounds.
        tolerance: stops when the log-likelihood gains less, per label.

    Example:
        >>> item, rater = np.repeat(np.arange(4), 3), np.tile(np.arange(3), 4)
        >>> found = dawid_skene(item, rater, np.array([0, 0, 0, 1, 1, 0, 1, 1, 1, 0, 0, 1]), (4, 3, 2))
        >>> found.posterior.argmax(axis=1), found.converged
        (array([0, 1, 1, 0]), True)
    """
    n_items, n_raters, k = shape
    votes = np.bincount(item * k + label, minlength=n_items * k).reshape(n_items, k).astype(np.float64)
    seen = votes.sum(axis=1) > 0
    posterior = votes / np.where(seen, votes.sum(axis=1), 1.0)[:, None]
    previous, done, converged = -np.inf, 0, False
    prior, confusion, likelihood = np.full(k, 1.0 / max(k, 1)), np.zeros((n_raters, k, k)), np.nan
    for done in range(1, limit + 1):  # noqa: B007 - reported below
        prior = posterior[seen].mean(axis=0) if seen.any() else prior
        counts = np.full((n_raters, k, k), smoothing)
        np.add.at(counts, (rater, label), posterior[item])
        said = counts / counts.sum(axis=1, keepdims=True)
        confusion = said.transpose(0, 2, 1)
        log_joint = np.tile(np.log(np.maximum(prior, 1e-300)), (n_items, 1))
        np.add.at(log_joint, item, np.log(said)[rater, label])
        top = log_joint.max(axis=1, keepdims=True)
        weight = np.exp(log_joint - top)
        likelihood = float((top[:, 0] + np.log(weight.sum(axis=1)))[seen].sum())
        posterior = np.where(seen[:, None], weight / weight.sum(axis=1, keepdims=True), 0.0)
        if likelihood - previous < tolerance * max(item.size, 1):
            converged = True
            break
        previous = likelihood
    return DawidSkene(posterior, confusion, prior, likelihood, done, converged)
