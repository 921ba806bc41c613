"""Losses of system E: concordance (eq. 1 of Kollias et al. 2017; Lin 1989) and mean squared error."""

from typing import Literal

import torch
from torch import Tensor

LossName = Literal["ccc", "mse", "both"]


def ccc(predicted: Tensor, target: Tensor, weight: Tensor | None = None) -> Tensor:
    """Compute Lin's concordance correlation coefficient of each column, with 1/N moments.

    Args:
        predicted: N×D.
        target: N×D.
        weight: N, where 0 leaves a row out (padding, frames without a label); None counts all rows.

    Returns:
        D values in −1…1; a column in which both are constant and equal gives 0, because there is nothing to agree on.
    """
    if weight is None:
        weight = torch.ones(predicted.shape[0], dtype=predicted.dtype, device=predicted.device)
    share = (weight / weight.sum().clamp_min(1e-8)).unsqueeze(1)
    mean_p, mean_t = (share * predicted).sum(0), (share * target).sum(0)
    off_p, off_t = predicted - mean_p, target - mean_t
    var_p, var_t = (share * off_p**2).sum(0), (share * off_t**2).sum(0)
    cov = (share * off_p * off_t).sum(0)
    return 2 * cov / (var_p + var_t + (mean_p - mean_t) ** 2).clamp_min(1e-8)


def affect_loss(predicted: Tensor, target: Tensor, weight: Tensor, name: LossName = "ccc") -> Tensor:
    """Compute 1 − mean CCC of the columns, the mean squared error, or their sum.

    Args:
        predicted: N×D; flatten sequences first, so that moments are taken over the whole batch.
        target: N×D in −1…1.
        weight: N, where 0 leaves a row out.
        name: "ccc" (the paper's choice), "mse" or "both".
    """
    loss = predicted.new_zeros(())
    if name in ("ccc", "both"):
        loss = loss + 1 - ccc(predicted, target, weight).mean()
    if name in ("mse", "both"):
        total = weight.sum().clamp_min(1e-8) * predicted.shape[1]
        loss = loss + (weight.unsqueeze(1) * (predicted - target) ** 2).sum() / total
    return loss
