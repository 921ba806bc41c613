"""Several processes that train one network: each has its share of the images and one thread.

They meet once a step, to average gradients, instead of once an operator as threads do; on a machine that other programs
use as well this keeps every core at work.
"""

from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor, distributed, nn


@dataclass(frozen=True)
class Crew:
    """This process' place among the workers.

    Attributes:
        rank: 0 … size−1; 0 writes the files that all share.
        size: Number of workers; 1 needs no meeting at all.
    """

    rank: int = 0
    size: int = 1

    def join(self, meeting: Path) -> None:
        """Connects the workers through the file `meeting`, which must not exist from an earlier run."""
        if self.size > 1:
            distributed.init_process_group(
                "gloo", init_method=f"file://{meeting}", rank=self.rank, world_size=self.size
            )

    def leave(self) -> None:
        """Ends the connection."""
        if self.size > 1:
            distributed.destroy_process_group()

    def mean(self, values: Tensor) -> Tensor:
        """Element-wise mean over the workers."""
        if self.size > 1:
            distributed.all_reduce(values)
            values /= self.size
        return values

    def least(self, value: int) -> int:
        """Return the smallest of the workers' numbers."""
        if self.size == 1:
            return value
        box = torch.tensor(value)
        distributed.all_reduce(box, op=distributed.ReduceOp.MIN)
        return int(box)

    def average_gradients(self, net: nn.Module, part: float) -> float:
        """Replaces the gradients by their mean over the workers.

        Args:
            net: Network after the backward pass.
            part: How much of the run lies behind by this worker's clock.

        Returns:
            The mean of `part`, the same number for all workers.
        """
        if self.size == 1:
            return part
        gradients = [p.grad for p in net.parameters() if p.grad is not None]
        flat = torch.cat([g.reshape(-1) for g in gradients] + [torch.tensor([part])])
        self.mean(flat)
        at = 0
        for gradient in gradients:
            gradient.copy_(flat[at : at + gradient.numel()].view(gradient.shape))
            at += gradient.numel()
        return float(flat[-1])

    def average_buffers(self, net: nn.Module) -> None:
        """Averages what batch normalisation has gathered."""
        for buffer in net.buffers():
            if buffer.is_floating_point():
                self.mean(buffer)
