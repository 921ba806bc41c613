"""Training of a network on whole items: batches, the loss of a step, predictions, and the score for early stopping."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from app.agreement.category_prediction import accuracy_of, average_recall_of
from app.domain.class_metrics import cross_entropy, score_classes
from app.domain.item_data import ItemData
from app.domain.item_frames import FrameRule
from app.learning.clip.base.member import Draw
from app.learning.clip.base.windows import Windows
from app.learning.clip.run import ClipNetwork, ClipRun
from app.learning.process import together
from app.learning.process.loop import Measured

AT_ONCE: Final = 64
"""Largest number of items that are predicted at once."""
MOST_VALUES: Final = 2**25
"""Largest number of values that are read at once, so that pixels fit into memory."""


@dataclass(frozen=True, eq=False)
class ItemBatch:
    """The input of one training step.

    Attributes:
        frames: float32 N×T×D, padded with zeros at the end.
        length: int64 N, number of frames of each item.
        target: float32 N×K.
    """

    frames: Tensor
    length: Tensor
    target: Tensor


def collate(data: ItemData, items: NDArray[np.int64], read: Sequence[NDArray[np.int64]]) -> ItemBatch:
    """Put items side by side.

    Args:
        data: The items.
        items: Numbers of the items.
        read: For each item the numbers of the frames that are read, in order.
    """
    length = np.array([len(each) for each in read], np.int64)
    frames = np.zeros((len(items), int(length.max()), data.features.shape[1]), np.float32)
    for place, (item, rows) in enumerate(zip(items, read, strict=True)):
        frames[place, : len(rows)] = data.features[data.first[item] + rows]
    return ItemBatch(torch.from_numpy(frames), torch.from_numpy(length), torch.from_numpy(np.array(data.target[items])))


def frames_read(data: ItemData, items: NDArray[np.int64], rule: FrameRule) -> list[NDArray[np.int64]]:
    """Return the frames of some items that a prediction reads, as numbers within the item."""
    return [rule.rows(data.times_s[data.frames(int(item))]) for item in items]


def frames_drawn(
    data: ItemData, items: NDArray[np.int64], rule: FrameRule, draw: Draw, rng: np.random.Generator
) -> list[NDArray[np.int64]]:
    """Return the frames of some items that a step of the training reads, as numbers within the item.

    Args:
        data: The items.
        items: Numbers of the items.
        rule: The frames that a prediction reads.
        draw: How the training draws others, see `app.learning.clip.base.member.Network`.
        rng: Source of the draws; "even" takes none.
    """
    if draw == "even":
        return frames_read(data, items, rule)
    found: list[NDArray[np.int64]] = []
    for item in items:
        times_s = data.times_s[data.frames(int(item))]
        if draw == "first":
            found.append(rule.rows(times_s, int(rng.integers(rule.first_frames(times_s)))))
        elif rule.most and len(times_s) > rule.most:
            found.append(np.sort(rng.choice(len(times_s), rule.most, replace=False)))
        else:
            found.append(np.arange(len(times_s)))
    return found


def items_at_once(data: ItemData, read: Sequence[NDArray[np.int64]]) -> int:
    """Return how many items are put side by side without training, so that their rows fit into memory."""
    longest = max((len(rows) for rows in read), default=1)
    return min(AT_ONCE, max(1, MOST_VALUES // (longest * int(data.features.shape[1]))))


def clips_of(data: ItemData, items: NDArray[np.int64], run: ClipRun) -> list[tuple[int, NDArray[np.int64]]]:
    """Return the windows of some items: for each the number of its item, and its frames as numbers within the item."""
    windows = Windows(int(run.values["clip_frames"]), int(run.values["clip_step"]))
    found = []
    for item, rows in zip(items, frames_read(data, items, run.rule), strict=True):
        found += [(int(item), rows[start : start + windows.frames]) for start in windows.starts(len(rows))]
    return found


@torch.no_grad()
def predicted(
    network: ClipNetwork, data: ItemData, items: NDArray[np.int64], rule: FrameRule, device: torch.device
) -> NDArray[np.float32]:
    """Return the probabilities of some items in evaluation mode: float32, items×K.

    Args:
        network: The trained network, on the device.
        data: The items.
        items: Numbers of the items.
        rule: The frames of an item that are read.
        device: The device that holds the network.
    """
    network.eval()
    out = np.empty((len(items), len(data.classes)), np.float32)
    read = frames_read(data, items, rule)
    step = items_at_once(data, read)
    for start in range(0, len(items), step):
        batch = collate(data, items[start : start + step], read[start : start + step])
        said = network(batch.frames.to(device), batch.length.to(device))
        out[start : start + step] = said.float().softmax(dim=1).cpu().numpy()
    return out


class ClipTask:
    """What the training loop learns for whole items.

    Args:
        run: The training, with network, data and split.
    """

    def __init__(self, run: ClipRun) -> None:
        self.run = run
        self.items = run.data.items_of(run.split.train)
        self.weight = class_weights(run.data, self.items, balance=bool(run.values["balance"]))
        self.clips = clips_of(run.data, self.items, run) if run.stated.draw == "clips" else ()

    def losses(self, rng: np.random.Generator) -> Iterator[Tensor]:
        """Yield the loss of each step: cross-entropy to the shares of each item's categories, weighted by category."""
        run = self.run
        order = rng.permutation(len(self.clips) if self.clips else self.items)
        weight = torch.from_numpy(self.weight.astype(np.float32)).to(run.device)
        for start in range(0, len(order), run.batch):
            part = order[start : start + run.batch]
            if self.clips:
                chosen = [self.clips[number] for number in part]
                batch = collate(run.data, np.array([item for item, _ in chosen]), [rows for _, rows in chosen])
            else:
                batch = collate(run.data, part, self._drawn(part, rng))
            target = batch.target.to(run.device)
            cast = torch.autocast(run.device.type, torch.bfloat16, enabled=run.device.type == "cuda")
            with cast, together.sharing(len(target)) as mine:
                said = together.gathered(run.network(batch.frames[mine].to(run.device), batch.length[mine]))
            each = -(weight * target * said.float().log_softmax(dim=1)).sum(dim=1)
            yield each.sum() / (weight * target).sum()

    def _drawn(self, items: NDArray[np.int64], rng: np.random.Generator) -> list[NDArray[np.int64]]:
        """Return the frames of some items that a step reads, as numbers within the item."""
        run, draw = self.run, self.run.stated.draw
        if isinstance(draw, str):
            return frames_drawn(run.data, items, run.rule, draw, rng)
        return [draw(run.values, int(run.data.first[item + 1] - run.data.first[item]), rng) for item in items]

    def predict(self, subjects: tuple[int, ...]) -> NDArray[np.float32]:
        """Return the probabilities of the labelled items of some subjects: float32 N×K, NaN in all other rows."""
        run = self.run
        out = np.full((len(run.data), len(run.data.classes)), np.nan, np.float32)
        items = run.data.items_of(subjects)
        out[items] = predicted(run.network, run.data, items, run.rule, run.device)
        return out

    def measure(self, predicted: NDArray[np.float32]) -> Measured:
        """Return accuracy, recall averaged over classes, and cross-entropy to the labels, whose negative is the goal.

        The goal is the smoothest of the three; with few validation subjects, the others move in jumps.
        """
        known = np.isfinite(predicted).all(axis=1)
        target, said = self.run.data.target[known], predicted[known]
        confusion = score_classes(said, target.argmax(axis=1)).confusion.astype(np.float64)
        entropy = cross_entropy(said, target)
        scores = {
            "accuracy": float(accuracy_of(confusion)),
            "uar": float(average_recall_of(confusion)),
            "cross_entropy": entropy,
        }
        return Measured(-entropy, "category", scores)


def class_weights(data: ItemData, items: NDArray[np.int64], *, balance: bool) -> NDArray[np.float64]:
    """Return the weight of each class in the loss: one, or inverse to its share of the training labels.

    Args:
        data: The items.
        items: Numbers of the items of the training.
        balance: Whether every class that occurs counts the same. The weights of the items average one.
    """
    share = data.target[items].astype(np.float64).mean(axis=0)
    if not balance:
        return np.ones(len(share))
    occurs = share > 0
    return np.where(occurs, 1.0 / (np.where(occurs, share, 1.0) * occurs.sum()), 0.0)
