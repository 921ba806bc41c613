"""The second stage of a member: a machine that is solved on what a trained network sees in whole items."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor

from app.domain.item_data import ItemData
from app.domain.item_frames import FrameRule
from app.learning.clip.base.member import Arrays, Float, Solved
from app.learning.clip.run import ClipNetwork, ClipRun
from app.learning.clip.task import collate, frames_read, items_at_once


@dataclass(frozen=True, eq=False)
class Staged:
    """A member of two stages.

    Attributes:
        network: The trained network.
        numbers: The numbers of the machine that follows it.
    """

    network: ClipNetwork
    numbers: Arrays


class Looked:
    """A trained network in evaluation mode, through which all items are seen; see `app.learning.clip.base.member.Seen`.

    Args:
        network: The network, on the device.
        data: The items.
        rule: The frames of an item that are read.
        device: The device that holds the network.
    """

    def __init__(self, network: ClipNetwork, data: ItemData, rule: FrameRule, device: torch.device) -> None:
        self.network, self.data, self.rule, self.device = network.eval(), data, rule, device

    @torch.no_grad()
    def each(self, what: Callable[[Any, Tensor, Tensor], Tensor]) -> Float:
        """Return what a function of body, rows N×T×D and lengths N gives for every item: items×columns."""
        items = np.arange(len(self.data))
        read = frames_read(self.data, items, self.rule)
        step = items_at_once(self.data, read)
        parts = []
        for start in range(0, len(items), step):
            batch = collate(self.data, items[start : start + step], read[start : start + step])
            rows = self.network.scaled(batch.frames.to(self.device))
            parts.append(what(self.network.body, rows, batch.length.to(self.device)).double().cpu().numpy())
        return np.concatenate(parts)


def followed(run: ClipRun) -> Solved | None:
    """Solve the machine that follows a trained network; None if there is none.

    Args:
        run: The training, whose network holds the weights that are kept.

    Raises:
        UserError: There are too few training items.
    """
    then = run.stated.then
    if then is None:
        return None
    pooled = then.pool(run.values, run.data, Looked(run.network, run.data, run.rule, run.device))
    return then.solve(run.values, run.data, pooled, run.split)
