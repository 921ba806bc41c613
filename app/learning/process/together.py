"""Processes that `torchrun` starts to train one network together, with the result of a single process.

Every process holds all data and draws the same numbers. Of each step's batch it computes its share; the outputs are
gathered, so that each knows the loss of the whole batch, whatever kind of loss it is, and the gradients of the shares
add up to that of the batch. Batch normalisation takes its statistics over all shares, and dropout draws for the whole
batch. Only the first process reads and writes the folder of the run.
"""

import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Final, TypeVar

import torch
from torch import Tensor, distributed, nn
from torch.nn import functional as F

from app.errors import UserError

T = TypeVar("T")
STARTED: Final = ("RANK", "WORLD_SIZE", "MASTER_ADDR")
"""Environment variables by which `torchrun` tells a process its place."""


@dataclass
class _Place:
    """The place of this process, and the part of the present batch that it computes.

    Attributes:
        rank: 0 … size−1.
        size: Number of processes.
        whole: Rows of the present batch.
        first: The first row of this process's share.
        rows: Number of rows of the share; 0 where there are fewer rows than processes.
        begin: The first row that is computed here.
        computed: Number of rows that are computed here: the share, or two rows around it where it is smaller.
    """

    rank: int = 0
    size: int = 1
    whole: int = 0
    first: int = 0
    rows: int = 0
    begin: int = 0
    computed: int = 0

    def own(self, x: Tensor) -> Tensor:
        """Return the rows of the share among those that are computed; a row of a clip's frames may be many of `x`."""
        each = len(x) // max(self.computed, 1)
        start = (self.first - self.begin) * each
        return x[start : start + self.rows * each]


_HERE: Final = _Place()


def size() -> int:
    """Return the number of processes that train together."""
    return _HERE.size


@contextmanager
def joined(out: Path) -> Iterator[Path]:
    """Meet the other processes in the block, if `torchrun` started this one; yield the folder to write into.

    All but the first process get a folder that is deleted at the end, and tell nothing.

    Args:
        out: Folder of the run.

    Raises:
        UserError: The other processes cannot be reached.
    """
    if any(name not in os.environ for name in STARTED) or int(os.environ["WORLD_SIZE"]) < 2:
        yield out
        return
    try:
        distributed.init_process_group("gloo")
    except (RuntimeError, ValueError) as error:
        raise UserError(
            f"The processes of this training do not find each other ({error}).", "Start them with torchrun again."
        ) from error
    _HERE.rank, _HERE.size = distributed.get_rank(), distributed.get_world_size()
    with ExitStack() as stack:
        stack.callback(_left)
        if _HERE.rank:
            out = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="affectograph-worker-")))
            sys.stdout = stack.enter_context(open(os.devnull, "w", encoding="utf-8"))
            stack.callback(setattr, sys, "stdout", sys.__stdout__)
        yield out


def _left() -> None:
    distributed.destroy_process_group()
    _HERE.rank, _HERE.size = 0, 1


def first(read: Callable[[], T]) -> T:
    """Return to all processes what the first one reads: files that may change, and the clock."""
    if _HERE.size == 1:
        return read()
    box: list[Any] = [read() if _HERE.rank == 0 else None]
    distributed.broadcast_object_list(box)
    found: T = box[0]
    return found


def is_first() -> bool:
    """Return whether this process writes what all have found."""
    return _HERE.rank == 0


@contextmanager
def sharing(rows: int) -> Iterator[slice]:
    """Yield the rows of a batch that this process computes in the block: its share, and at least two if there are two.

    A single row lies in memory as it would in another order, and dropout draws in the order of the memory.

    Args:
        rows: Rows of the whole batch.
    """
    here = _HERE
    start, end = rows * here.rank // here.size, rows * (here.rank + 1) // here.size
    here.whole, here.first, here.rows = rows, start, end - start
    here.computed = max(end - start, min(2, rows))
    here.begin = min(start, rows - here.computed)
    yield slice(here.begin, here.begin + here.computed)


def gathered(mine: Tensor) -> Tensor:
    """Return the outputs of all processes for the whole batch, from those of this one for its rows (`sharing`)."""
    if _HERE.size == 1:
        return mine
    found: Tensor = _Gathered.apply(mine)  # type: ignore[no-untyped-call]  # torch's own
    return found


def sum_gradients(network: nn.Module) -> None:
    """Replace the gradients of a network by their sum over all processes."""
    if _HERE.size == 1:
        return
    gradients = [p.grad for p in network.parameters() if p.grad is not None]
    flat = torch.cat([gradient.reshape(-1) for gradient in gradients])
    distributed.all_reduce(flat)
    at = 0
    for gradient in gradients:
        gradient.copy_(flat[at : at + gradient.numel()].view(gradient.shape))
        at += gradient.numel()


def prepare(network: nn.Module) -> None:
    """Let the layers of a network that look at a whole batch do so over all processes; nothing for a single one."""
    if _HERE.size == 1:
        return
    for layer in network.modules():
        if isinstance(layer, nn.modules.batchnorm._BatchNorm):  # noqa: SLF001  # what all batch norms share
            layer.forward = partial(_normalised, layer, layer.forward)  # type: ignore[method-assign]
        elif isinstance(layer, nn.Dropout):
            layer.forward = partial(_dropped, layer)  # type: ignore[method-assign]


class _Gathered(torch.autograd.Function):
    """Joins the outputs of all processes. Each knows the gradient of all outputs and hands on that of its own."""

    @staticmethod
    def forward(ctx: Any, mine: Tensor) -> Tensor:
        ctx.place = (_HERE.first, _HERE.rows, _HERE.first - _HERE.begin, mine.shape)
        counts = [_HERE.whole * (n + 1) // _HERE.size - _HERE.whole * n // _HERE.size for n in range(_HERE.size)]
        widest = max(counts)
        padded = mine.new_zeros((widest, *mine.shape[1:]))
        padded[: _HERE.rows] = _HERE.own(mine)
        parts = [torch.empty_like(padded) for _ in counts]
        distributed.all_gather(parts, padded)
        return torch.cat([part[:count] for part, count in zip(parts, counts, strict=True)])

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> Tensor:
        start, rows, at, shape = ctx.place
        found = gradients[0].new_zeros(shape)
        found[at : at + rows] = gradients[0][start : start + rows]
        return found


class _Summed(torch.autograd.Function):
    """Adds numbers over all processes; so do their gradients, because every process uses the sum for its own rows."""

    @staticmethod
    def forward(ctx: Any, mine: Tensor) -> Tensor:
        total = mine.clone()
        distributed.all_reduce(total)
        return total

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> Tensor:
        total = gradients[0].clone()
        distributed.all_reduce(total)
        return total


def _summed(mine: Tensor) -> Tensor:
    found: Tensor = _Summed.apply(mine)  # type: ignore[no-untyped-call]
    return found


def _normalised(layer: Any, alone: Callable[[Tensor], Tensor], x: Tensor) -> Tensor:
    """Normalise by mean and variance of the whole batch, and keep them as batch normalisation does."""
    if not layer.training:
        return alone(x)
    axes = [0, *range(2, x.ndim)]
    shape = [1, -1, *[1] * (x.ndim - 2)]
    own = _HERE.own(x)
    n = _summed(torch.tensor(own.numel() / x.shape[1]))
    mean = _summed(own.sum(axes)) / n
    away = x - mean.view(shape)
    variance = _summed((_HERE.own(away) ** 2).sum(axes)) / n
    if layer.track_running_stats:
        with torch.no_grad():
            layer.num_batches_tracked += 1
            momentum = layer.momentum if layer.momentum is not None else 1.0 / float(layer.num_batches_tracked)
            layer.running_mean.lerp_(mean, momentum)
            layer.running_var.lerp_(variance * n / (n - 1), momentum)
    found = away * torch.rsqrt(variance + layer.eps).view(shape)
    return found * layer.weight.view(shape) + layer.bias.view(shape) if layer.affine else found


def _dropped(layer: nn.Dropout, x: Tensor) -> Tensor:
    """Drop the values that a single process would drop in these rows of the batch."""
    if not layer.training or layer.p == 0:
        return x
    each = len(x) // max(_HERE.computed, 1)
    shape = (_HERE.whole * each, *x.shape[1:])
    # Values are drawn in the order in which they lie in memory, which is another one behind a recurrent layer.
    order = sorted(range(x.ndim), key=x.stride, reverse=True)
    lying = x.new_ones([shape[axis] for axis in order]).permute([order.index(axis) for axis in range(x.ndim)])
    whole = F.dropout(lying, layer.p, training=True)
    start = _HERE.begin * each
    return x * whole[start : start + len(x)]
