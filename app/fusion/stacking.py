"""Stacking of temperature-calibrated log-probabilities: a multinomial regression with L2 over all members.

First, each member gets a temperature T, by which its log-probabilities are divided so that their cross-entropy is
smallest (Guo et al. 2017, section 4.2). Then a multinomial regression reads the calibrated log-probabilities of all
members side by side (Wolpert 1992). The strength of its L2 penalty is chosen by folds over people, among those who
choose the weights. The penalty pulls the regression towards the mean of the calibrated log-probabilities of all members
and not towards zero, so that few items give nearly equal weights.

For an item without a prediction, a member takes the mean of its own calibrated log-probabilities, which tells nothing
about the item.
"""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize, minimize_scalar
from scipy.special import log_softmax, softmax

from app.domain.class_metrics import cross_entropy
from app.fusion.table import MemberTable

Float = NDArray[np.float64]

LEAST: Final = 1e-6
"""Probabilities below this count as this."""
STRENGTHS: Final = (3.0, 1.0, 0.3, 0.1, 0.03, 0.01)
"""Penalties that are tried, in nats for a squared weight."""
FOLDS: Final = 5
COLDEST: Final = 0.05
HOTTEST: Final = 20.0


@dataclass(frozen=True, eq=False)
class Stack:
    """A fitted regression.

    Attributes:
        temperature: float64 M, above 1 for a member that is too sure.
        mean: float64 M×K, mean calibrated log-probabilities, which replace a missing prediction.
        weight: float64 M×K×K, from the log-probability of a class (second axis) to the score of a class (third).
        bias: float64 K.
        strength: The penalty that was chosen.
    """

    temperature: Float
    mean: Float
    weight: Float
    bias: Float
    strength: float

    def predict(self, said: Float) -> Float:
        """Return probabilities.

        Args:
            said: M×N×K, NaN where a member says nothing.

        Returns:
            float64 N×K, NaN where no member has a prediction.
        """
        there: NDArray[np.bool_] = np.asarray(np.isfinite(said).all(axis=2), np.bool_)
        logs = self._logs(said, there)
        scores = np.einsum("mnj,mjk->nk", logs, self.weight) + self.bias
        return np.where(np.asarray(there.any(axis=0))[:, None], softmax(scores, axis=1), np.nan)

    def _logs(self, said: Float, there: NDArray[np.bool_]) -> Float:
        return np.where(there[:, :, None], logs_of(said, self.temperature), self.mean[:, None, :])

    def as_dict(self) -> dict[str, Any]:
        """Return plain values for JSON."""
        arrays = ("temperature", "mean", "weight", "bias")
        return {name: getattr(self, name).tolist() for name in arrays} | {"strength": self.strength}


def logs_of(said: Float, temperature: Float) -> Float:
    """Return calibrated log-probabilities, whose probabilities sum to one.

    Args:
        said: M×N×K probabilities.
        temperature: M.
    """
    logs = np.log(np.maximum(np.where(np.isfinite(said), said, 1.0), LEAST)) / temperature[:, None, None]
    return np.asarray(log_softmax(logs, axis=2), np.float64)


def temperature_of(said: Float, target: Float) -> float:
    """Return the temperature with the smallest cross-entropy.

    Args:
        said: N×K probabilities without NaN.
        target: N×K shares that sum to one.

    Example:
        A member that claims 0.99 and is right two times out of three is too sure:

        >>> said = np.array([[0.99, 0.01]] * 3)
        >>> round(temperature_of(said, np.array([[1.0, 0], [1.0, 0], [0, 1.0]])), 2)
        6.63
    """
    if not len(said):
        return 1.0
    logs = np.log(np.maximum(said, LEAST))

    def loss(log_t: float) -> float:
        return float(-(target * log_softmax(logs / np.exp(log_t), axis=1)).sum(axis=1).mean())

    found: Any = minimize_scalar(
        loss, bounds=(np.log(COLDEST), np.log(HOTTEST)), method="bounded", options={"xatol": 1e-6}
    )
    return float(np.exp(found.x))


def stack(table: MemberTable, seed: int = 0) -> Stack:
    """Fit a stacking regression on the items of a table, all of which choose weights.

    Args:
        table: Predictions on items that no member was trained on.
        seed: Seed of the folds by which the penalty is chosen.
    """
    use = np.flatnonzero(table.labelled & table.present.any(axis=0))
    table = table.only(use)
    who = table.who
    order = np.random.default_rng([seed, 37]).permutation(len(table.people))
    fold = order[who] % min(FOLDS, max(len(table.people), 1))
    loss = np.zeros(len(STRENGTHS))
    if len(table.people) > 1:
        for number in np.unique(fold):
            outside = table.only(fold == number)
            found = None
            ready = _calibrated(table.only(fold != number))
            for place, strength in enumerate(STRENGTHS):
                found = _fitted(ready, strength, found)
                loss[place] += len(outside) * cross_entropy(found.predict(outside.said), outside.target)
    best = int(loss.argmin()) if len(table.people) > 1 else 0
    return _fitted(_calibrated(table), STRENGTHS[best])


@dataclass(frozen=True, eq=False)
class _Calibrated:
    """What the regression reads: temperature M, mean M×K, rows N×(M·K+1) with a one at the end, and target N×K."""

    temperature: Float
    mean: Float
    rows: Float
    target: Float


def _calibrated(table: MemberTable) -> _Calibrated:
    m, _, k = table.said.shape
    there = table.present
    temperature = np.array([temperature_of(table.said[i][there[i]], table.target[there[i]]) for i in range(m)])
    logs = logs_of(table.said, temperature)
    count = np.maximum(there.sum(axis=1), 1)
    mean = np.where(there[:, :, None], logs, 0.0).sum(axis=1) / count[:, None]
    rows = np.where(there[:, :, None], logs, mean[:, None, :]).transpose(1, 0, 2).reshape(len(table), m * k)
    return _Calibrated(temperature, mean, np.concatenate([rows, np.ones((len(rows), 1))], axis=1), table.target)


def _fitted(ready: _Calibrated, strength: float, near: Stack | None = None) -> Stack:
    """Fit the regression; `near` is a fit of the same rows with another penalty, where the descent begins."""
    m, k = ready.mean.shape
    x, target, n = ready.rows, ready.target, len(ready.rows)
    prior = np.concatenate([np.tile(np.eye(k) / m, (m, 1)), np.zeros((1, k))])

    def objective(flat: Float) -> tuple[float, Float]:
        weight = flat.reshape(prior.shape)
        said = log_softmax(x @ weight, axis=1)
        apart = weight - prior
        loss = -(target * said).sum() / n + strength * float((apart**2).sum()) / m
        slope = x.T @ (np.exp(said) - target) / n + 2 * strength * apart / m
        return loss, slope.ravel()

    start = prior if near is None else np.concatenate([near.weight.reshape(m * k, k), near.bias[None]])
    found: Any = minimize(objective, start.ravel(), jac=True, method="L-BFGS-B", options={"maxiter": 500})
    weight = found.x.reshape(prior.shape)
    return Stack(ready.temperature, ready.mean, weight[:-1].reshape(m, k, k), weight[-1], strength)
