"""Several processes that train one network: each has its share of the images and one thread.

They meet once in each step to average gradients, while threads meet once in each operator. On a machine that other
programs use as well, this keeps every core at work.
"""

from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor, distributed, nn


@dataclass(frozen=True)
class Crew:
    """The place of this process among the workers.

    Attributes:
        rank: 0 … size−1; 0 writes the files that all share.
        size: Number of workers; a single worker does not meet anybody.
    """

    rank: int = 0
    size: int = 1

    def join(self, meeting: Path) -> None:
        """Connect the workers through the file `meeting`, which must not exist from an earlier run."""
        if self.size > 1:
            distributed.init_process_group(
                "gloo", init_method=f"file://{meeting}", rank=self.rank, world_size=self.size
            )

    def leave(self) -> None:
        """End the connection."""
        if self.size > 1:
            distributed.destroy_process_group()

    def mean(self, values: Tensor) -> Tensor:
        """Return the element-wise mean over the workers."""
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
        """Replace the gradients by their mean over the workers.

        Args:
            net: The network after the backward pass.
            part: Share of the run that is done by this worker's clock, 0…1.

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
        """Average the statistics of batch normalisation over the workers."""
        for buffer in net.buffers():
            if buffer.is_floating_point():
                self.mean(buffer)
