"""The memory of training for each image: its smoothed prediction, a soft target, and its loss."""

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor


class SampleMemory:
    """Per-image running predictions and losses.

    The smoothed prediction becomes part of the image's own target as training goes on (temporal ensembling, Laine and
    Aila 2017; progressive self-distillation, Kim et al. 2021), which weakens wrong labels. The loss decides which
    images an epoch leaves out: a share of those below the mean is skipped and the others count more, so that the
    expected gradient stays the same (InfoBatch, Qin et al. 2024).

    Args:
        n: Number of images.
        momentum: Share of the old prediction that is kept at an update.
    """

    def __init__(self, n: int, momentum: float = 0.7) -> None:
        self.momentum = momentum
        self.expression = torch.zeros(n, 8)
        self.fer = torch.zeros(n, 7)
        self.seen = torch.zeros(n)
        self.loss = torch.full((n,), float("inf"))

    def update(self, rows: Tensor, expression: Tensor, fer: Tensor, loss: Tensor) -> None:
        """Take in one batch: rows (n int64), probabilities n×8 and n×7, and n losses."""
        keep = torch.where(self.seen[rows] > 0, self.momentum, 0.0).unsqueeze(1)
        self.expression[rows] = keep * self.expression[rows] + (1 - keep) * expression
        self.fer[rows] = keep * self.fer[rows] + (1 - keep) * fer
        self.seen[rows] += 1
        self.loss[rows] = loss

    def blend(self, rows: Tensor, expression: Tensor, fer: Tensor, share: float) -> tuple[Tensor, Tensor]:
        """Mix `share` (0…1) of the remembered prediction into the targets of `rows`; unseen rows keep theirs."""
        part = torch.where(self.seen[rows] > 0, share, 0.0).unsqueeze(1)
        return (
            (1 - part) * expression + part * self.expression[rows],
            (1 - part) * fer + part * self.fer[rows],
        )

    def choose(self, skip: float, rng: np.random.Generator) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.float32]]:
        """Return which images the next epoch shows, in random order, and how much each counts.

        Args:
            skip: Probability of leaving out an image whose loss is below the mean; 0 shows all.
            rng: Source of all randomness.

        Returns:
            Rows and weights of the same length.
        """
        loss = self.loss.numpy()
        weight = np.ones(len(loss), dtype=np.float32)
        shown = np.ones(len(loss), dtype=bool)
        if skip > 0 and np.isfinite(loss).any():
            easy = loss < loss[np.isfinite(loss)].mean()
            shown = ~(easy & (rng.random(len(loss)) < skip))
            weight[easy] = 1 / (1 - skip)
        rows = rng.permutation(np.flatnonzero(shown))
        return rows, weight[rows]

    def state(self) -> dict[str, Tensor]:
        """Return everything that a resumed run needs."""
        return {"expression": self.expression, "fer": self.fer, "seen": self.seen, "loss": self.loss}

    def restore(self, state: dict[str, Tensor]) -> None:
        """Restore what `state` returned."""
        self.expression, self.fer = state["expression"], state["fer"]
        self.seen, self.loss = state["seen"], state["loss"]
