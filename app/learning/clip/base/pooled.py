"""What machines on pooled frames share: the frame model's probabilities, and the support vector machine behind them."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from app.domain.item_data import ItemData
from app.domain.snapshot import Split
from app.errors import UserError
from app.learning.clip.base.member import Arrays, Float, Solved, Values
from app.learning.clip.base.svm import CalibratedSvm, Kernel, read_grid


def probabilities_of(data: ItemData) -> Iterator[NDArray[np.float32]]:
    """Yield the frame model's probabilities item by item: T×P each.

    Raises:
        UserError: The frame model gives none.
    """
    if not data.probabilities.shape[1]:
        raise UserError(
            "The frame model does not give class probabilities.",
            "This recipe needs them: choose another recipe, or another frame model.",
        )
    for item in range(len(data)):
        yield data.probabilities[data.frames(item)]


def solve_svm(
    kernel: Kernel,
    values: Values,
    data: ItemData,
    pooled: Float,
    split: Split,
    more: Arrays | None = None,
    *,
    floor: float = 0.0,
) -> Solved:
    """Choose a support vector machine on pooled items by its grid, train it, and predict the test.

    Args:
        kernel: "rbf" reads the grids `grid` and `gamma` of the values, "linear" reads `grid`.
        values: All parameters of the recipe.
        data: The items.
        pooled: float64 N×D.
        split: The subjects for training and for the test.
        more: Numbers that the member's head needs besides those of the machine.
        floor: See `CalibratedSvm`.

    Raises:
        UserError: A grid cannot be read, or there are too few training items.
    """
    gamma = read_grid(str(values["gamma"]), "gamma") if kernel == "rbf" else ()
    grid, balance = read_grid(str(values["grid"]), "grid"), bool(values["balance"])
    known = data.items_of((*split.train, *split.validation))
    machine = CalibratedSvm(kernel, grid, gamma, len(data.classes), balance=balance, floor=floor).fit(
        pooled[known], data.label[known], data.subject[known].astype(np.int64)
    )
    test = data.items_of(split.test)
    out = np.full((len(data), len(data.classes)), np.nan, np.float32)
    out[test] = machine.predict(pooled[test])
    chosen: dict[str, object] = {
        "c": machine.setting.c,
        "gamma": machine.setting.gamma,
        "inner_recall": machine.inner_recall,
    }
    return Solved(out, chosen, machine.numbers() | dict(more or {}))
