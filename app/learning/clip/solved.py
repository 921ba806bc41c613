"""Members that are solved at once: frame averaging, and support vector machines on pooled frames."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.domain.item_data import ItemData
from app.domain.recipe import Recipe, Value
from app.domain.snapshot import Split
from app.domain.vocabularies import carry_over
from app.errors import UserError
from app.learning.clip.pooling import Float, k_average, log_probabilities, moments
from app.learning.clip.svm import CalibratedSvm, read_grid


def pool(recipe: Recipe, values: Mapping[str, Value], data: ItemData) -> Float:
    """Return one vector for each item, as the recipe's classifier reads it: N×D.

    Raises:
        UserError: The frame model gives no class probabilities, which the recipe needs.
    """
    if recipe.network == "aggregation":
        variance = values["moments"] == "mean_variance"
        return np.stack([_moments(data, item, variance=variance) for item in range(len(data))])
    if not data.probabilities.shape[1]:
        raise UserError(
            "The frame model does not give class probabilities.",
            f"The recipe {recipe.name} needs them: choose another recipe, or another frame model.",
        )
    if recipe.network == "kaverage":
        bins = int(values["bins"])
        return np.stack([k_average(log_probabilities(frames), bins) for frames in _probabilities(data)])
    return np.stack([frames.astype(np.float64).mean(axis=0) for frames in _probabilities(data)])


def _moments(data: ItemData, item: int, *, variance: bool) -> Float:
    """Moments of each stream on its own, so that none is drowned by another's length (Xu et al. 2017, section 3.1)."""
    frames = np.asarray(data.features[data.frames(item)], np.float32)
    return np.concatenate([moments(frames[:, block], variance=variance) for block in data.blocks])


def _probabilities(data: ItemData) -> Iterator[NDArray[np.float32]]:
    """The frame model's probabilities, item by item."""
    for item in range(len(data)):
        yield data.probabilities[data.frames(item)]


@dataclass(frozen=True, eq=False)
class Solved:
    """A member that was solved.

    Attributes:
        predicted: float32 N×K, NaN in rows of subjects outside the test.
        chosen: The settings that were chosen, for the run's record.
        numbers: All numbers from which `app.learning.clip.graph` computes the member.
    """

    predicted: NDArray[np.float32]
    chosen: dict[str, object] = field(default_factory=dict)
    numbers: dict[str, NDArray[Any]] = field(default_factory=dict)


class SolvedMember:
    """A recipe that needs no epochs, on data that are pooled once for all folds.

    Args:
        recipe: The recipe average, kaverage or aggregation.
        values: All parameters of the recipe.
        data: The items.

    Raises:
        UserError: The data lack what the recipe reads.
    """

    def __init__(self, recipe: Recipe, values: Mapping[str, Value], data: ItemData) -> None:
        self.recipe, self.values, self.data = recipe, values, data
        self.pooled = pool(recipe, values, data)

    def solve(self, split: Split) -> Solved:
        """Learn from training and validation subjects and predict those of the test.

        Args:
            split: The subjects for training and for the test.

        Raises:
            UserError: There are too few training items.
        """
        test = self.data.items_of(split.test)
        out = np.full((len(self.data), len(self.data.classes)), np.nan, np.float32)
        if self.recipe.network == "average":
            out[test] = self._averaged()[test]
            return Solved(out, numbers={"carry": self._carried(np.eye(len(self.data.frame_classes)))})
        known = self.data.items_of((*split.train, *split.validation))
        machine = self._machine().fit(
            self.pooled[known], self.data.label[known], self.data.subject[known].astype(np.int64)
        )
        out[test] = machine.predict(self.pooled[test])
        chosen: dict[str, object] = {
            "c": machine.setting.c,
            "gamma": machine.setting.gamma,
            "inner_recall": machine.inner_recall,
        }
        numbers = machine.numbers()
        if self.recipe.network == "kaverage":
            numbers["bins"] = np.array(int(self.values["bins"]))
        else:
            numbers["variance"] = np.array(self.values["moments"] == "mean_variance")
            numbers["blocks"] = np.array([(block.start, block.stop) for block in self.data.blocks], np.int64)
        return Solved(out, chosen, numbers)

    def _machine(self) -> CalibratedSvm:
        rbf = self.recipe.network == "kaverage"
        gamma = read_grid(str(self.values["gamma"]), "gamma") if rbf else ()
        grid = read_grid(str(self.values["grid"]), "grid")
        balance = bool(self.values["balance"])
        return CalibratedSvm("rbf" if rbf else "linear", grid, gamma, len(self.data.classes), balance=balance)

    def _averaged(self) -> Float:
        """The frame model's classes carried over to the labels' vocabulary; a class that it lacks is never said."""
        carried = self._carried(self.pooled)
        total = carried.sum(axis=1, keepdims=True)
        uniform = np.full_like(carried, 1.0 / carried.shape[1])
        return np.where(total > 0, carried / np.where(total > 0, total, 1.0), uniform)

    def _carried(self, values: Float) -> Float:
        return carry_over(values, self.data.frame_classes, self.data.classes).values
