"""Support vector machines on pooled features: grid search and calibration by subject."""

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal

import numpy as np
from numpy.typing import NDArray

from app.errors import UserError

if TYPE_CHECKING:
    from sklearn.preprocessing import StandardScaler

# Scikit-learn is imported where a machine is fitted: it takes as long as torch, and most recipes do without it.

Float = NDArray[np.float64]
Kernel = Literal["rbf", "linear"]
INNER_FOLDS: Final = 5
"""Number of folds over training subjects by which settings are chosen and probabilities are calibrated."""
STILL: Final = 1e-4
"""Deviation of a column, as a share of its mean, below which it counts as constant."""


@dataclass(frozen=True)
class Setting:
    """One point of the grid.

    Attributes:
        c: Penalty of a mistake.
        gamma: Gamma of the RBF kernel before it is divided by the number of features; 0 for a linear machine.
    """

    c: float
    gamma: float = 0.0


def read_grid(text: str, key: str) -> tuple[float, ...]:
    """Return the values of a grid that a user types, such as "0.1,1,10".

    Raises:
        UserError: A value is not a positive number.
    """
    try:
        values = tuple(float(part) for part in text.split(",") if part.strip())
    except ValueError as error:
        raise UserError(
            f"{key} = {text!r} is not a list of numbers.", "Write numbers separated by commas, such as 0.1,1,10."
        ) from error
    if not values or not all(np.isfinite(v) and v > 0 for v in values):
        raise UserError(
            f"{key} = {text!r} must hold positive numbers.", "Write numbers separated by commas, such as 0.1,1,10."
        )
    return values


class CalibratedSvm:
    """Support vector machines of each category against the rest, with probabilities.

    Settings are chosen by cross-validation over the training subjects. A multinomial logistic regression on decision
    values of subjects that each machine had not seen turns decision values into probabilities. This is a choice of
    ours, because none of the papers says how it obtains them.

    Args:
        kernel: "rbf" (Kahou et al. 2015, section 2.3) or "linear" (Xu et al. 2017, section 3.1).
        c: Values of the penalty to try.
        gamma: Values of gamma to try, divided by the number of features; only for "rbf".
        classes: Number of categories. A category that does not occur in training is the least probable.
        balance: Whether every category has the same weight.
        floor: Least scale of a column, as a share of its mean. Features that a network computed in single precision
            need one: where it learned nothing, they hardly differ, and their last digits must not decide.
    """

    def __init__(
        self,
        kernel: Kernel,
        c: tuple[float, ...],
        gamma: tuple[float, ...],
        classes: int,
        *,
        balance: bool,
        floor: float = 0.0,
    ) -> None:
        self.kernel, self.classes, self.balance, self.floor = kernel, classes, balance, floor
        pairs = itertools.product(c, gamma if kernel == "rbf" else (0.0,))
        self.settings = [Setting(*pair) for pair in pairs]

    def fit(self, x: Float, label: NDArray[np.int64], subject: NDArray[np.int64]) -> "CalibratedSvm":
        """Choose the setting, train, and calibrate.

        Args:
            x: N×D pooled features.
            label: N, class of each item.
            subject: N, the subject of each item; folds never divide a subject.

        Raises:
            UserError: There are fewer than two subjects or fewer than two categories.
        """
        from sklearn.linear_model import LogisticRegression
        from sklearn.metrics import recall_score
        from sklearn.model_selection import GroupKFold

        self.present = np.unique(label)
        people = np.unique(subject)
        if len(self.present) < 2:
            raise UserError("All training items have the same category.", "Label items of other categories.")
        if len(people) < 2:
            raise UserError("All training items show one subject.", "Label items of more subjects.")
        folds = list(GroupKFold(min(INNER_FOLDS, len(people))).split(x, label, subject))
        best, found = -np.inf, None
        for setting in self.settings:
            values = np.zeros((len(x), self.classes))
            for train, test in folds:
                values[test] = self._decide(self._machine(x[train], label[train], setting), x[test])
            said = values.argmax(axis=1)
            worth = recall_score(label, said, labels=self.present, average="macro", zero_division=0)
            if worth > best + 1e-12:
                best, found, self.setting = float(worth), values, setting
        if found is None:
            raise ValueError("a grid has at least one setting")
        self.inner_recall = best
        self.machine = self._machine(x, label, self.setting)
        self.calibration = LogisticRegression(C=1.0, max_iter=1000).fit(found[:, self.present], label)
        # By Laplace's rule of succession nothing is impossible: a category that never occurred among n items least so.
        self.doubt = self.classes / (len(label) + self.classes)
        return self

    def predict(self, x: Float) -> Float:
        """Return the probabilities of new items: N×classes, all above zero; rows sum to one."""
        out = np.zeros((len(x), self.classes))
        if len(x):
            out[:, self.present] = self.calibration.predict_proba(self._decide(self.machine, x)[:, self.present])
        return (1.0 - self.doubt) * out + self.doubt / self.classes

    def numbers(self) -> dict[str, NDArray[Any]]:
        """Return all numbers of the fitted machine, float64, from which it can be computed without this program.

        With x a vector of D features and u = (x − `mean`) / `scale`: k = u for a linear machine, else k_i =
        exp(−`gamma`·|u − `vectors`_i|²); d = k·`weight` + `bias`; p = softmax(d·`calibration_weight` +
        `calibration_bias`); and p·`place` + `rest` are the probabilities of all categories.
        """
        scaler, (seen, model) = self.machine
        machines = model.estimators_
        found = {"mean": scaler.mean_, "scale": scaler.scale_}
        if self.kernel == "rbf":
            used = np.unique(np.concatenate([one.support_ for one in machines]))
            vectors = np.zeros((len(used), len(scaler.mean_)))
            weight = np.zeros((len(used), len(machines)))
            for column, one in enumerate(machines):
                rows = np.searchsorted(used, one.support_)
                vectors[rows] = one.support_vectors_
                weight[rows, column] = one.dual_coef_[0]
            found |= {"vectors": vectors, "gamma": np.float64(self.setting.gamma / vectors.shape[1]), "weight": weight}
        else:
            found |= {"weight": np.stack([one.coef_[0] for one in machines], axis=1)}
        found["bias"] = np.array([one.intercept_[0] for one in machines])
        weight, bias = self.calibration.coef_.T, self.calibration.intercept_
        if len(seen) == 2:  # one logistic function: a softmax over it and zero
            weight, bias = np.c_[np.zeros_like(weight), weight], np.r_[0.0, bias]
        place = np.zeros((len(seen), self.classes))
        place[np.arange(len(seen)), seen] = 1.0 - self.doubt
        found |= {"calibration_weight": weight, "calibration_bias": bias, "place": place}
        found["rest"] = np.float64(self.doubt / self.classes)
        return {name: np.asarray(value, np.float64) for name, value in found.items()}

    def _machine(self, x: Float, label: NDArray[np.int64], setting: Setting) -> tuple["StandardScaler", Any]:
        from sklearn.multiclass import OneVsRestClassifier
        from sklearn.preprocessing import StandardScaler
        from sklearn.svm import SVC, LinearSVC

        scaler = StandardScaler().fit(x)
        # What stands still but for the last digits of single precision says nothing, and must not be amplified.
        scaler.scale_[scaler.scale_ < STILL * np.abs(scaler.mean_) + 1e-8] = 1.0
        scaler.scale_ = np.maximum(scaler.scale_, self.floor * np.abs(scaler.mean_))
        weight = "balanced" if self.balance else None
        if self.kernel == "rbf":
            one: Any = SVC(C=setting.c, gamma=setting.gamma / x.shape[1], class_weight=weight)
        else:
            one = LinearSVC(C=setting.c / x.shape[1], class_weight=weight, random_state=0)
        seen = np.unique(label)
        wanted = (label[:, None] == seen).astype(int)
        return scaler, (seen, OneVsRestClassifier(one).fit(scaler.transform(x), wanted) if len(seen) > 1 else None)

    def _decide(self, machine: tuple["StandardScaler", Any], x: Float) -> Float:
        """Return decision values N×classes; a category that the machine never saw is the least likely of all."""
        scaler, (seen, model) = machine
        out = np.full((len(x), self.classes), -2.0)
        out[:, seen] = 1.0 if model is None else model.decision_function(scaler.transform(x))
        return out
