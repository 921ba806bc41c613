"""Cuts tracks into stretches of frames, balances quadrants, and makes batches for training."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from app.domain.snapshot import Snapshot

Quadrants = Literal["paper", "equal"]
SHARES: Final[dict[Quadrants, tuple[float, float, float, float]]] = {
    "paper": (0.43, 0.24, 0.14, 0.19),
    "equal": (0.25, 0.25, 0.25, 0.25),
}
"""Shares of the quadrants, in the order of `quadrant`; "paper" is Kollias et al. 2017, section 2."""
_ROUNDS: Final = 200


@dataclass(frozen=True, eq=False)
class Stretch:
    """Consecutive frames of one face track: the rows first…last−1 of the snapshot."""

    first: int
    last: int


@dataclass(frozen=True, eq=False)
class Batch:
    """The input of one training step.

    Attributes:
        x: float32 N×T×features, or N×T×C×H×W in −1…1.
        landmarks: float32 N×T×P.
        target: float32 N×T×D; 0 where there is no label.
        weight: float32 N×T; 0 for padding and frames without a label.
        rows: int64 N×T, row in the snapshot; −1 for padding.
    """

    x: Tensor
    landmarks: Tensor
    target: Tensor
    weight: Tensor
    rows: NDArray[np.int64]

    def to(self, device: torch.device) -> "Batch":
        """Return the same on another device."""
        x, landmarks = self.x.to(device), self.landmarks.to(device)
        return Batch(x, landmarks, self.target.to(device), self.weight.to(device), self.rows)


def cut(snapshot: Snapshot, subjects: tuple[int, ...], length: int, *, whole: bool) -> list[Stretch]:
    """Cut the tracks of some subjects into stretches.

    Args:
        snapshot: The data.
        subjects: Indices of subjects.
        length: Largest number of frames in a stretch.
        whole: True keeps each track in one piece, for prediction; False cuts it into pieces of `length`, for training.

    Returns:
        The stretches in the snapshot's order. A remainder shorter than `length` is a separate stretch. In training, a
        stretch without a single label is left out.
    """
    labelled = snapshot.labelled
    mine = np.isin(snapshot.subject, subjects)
    edges = np.flatnonzero(np.diff(snapshot.sequence)) + 1
    stretches: list[Stretch] = []
    for first, last in zip(np.r_[0, edges], np.r_[edges, len(snapshot.sequence)], strict=True):
        if first == last or not mine[first]:
            continue
        step = last - first if whole else length
        for start in range(first, last, step):
            stop = min(start + step, last)
            if whole or labelled[start:stop].any():
                stretches.append(Stretch(int(start), int(stop)))
    return stretches


def quadrant(target: NDArray[np.float32]) -> NDArray[np.int64]:
    """Return the quadrant of each row: 0 for +V+A, 1 for −V+A, 2 for −V−A, 3 for +V−A. Zero counts as positive."""
    negative_v, negative_a = target[:, 0] < 0, target[:, 1] < 0
    return np.where(negative_a, np.where(negative_v, 2, 3), np.where(negative_v, 1, 0)).astype(np.int64)


def draw_weights(
    snapshot: Snapshot, stretches: list[Stretch], *, balance: bool, quadrants: Quadrants = "paper"
) -> NDArray[np.float64]:
    """Return the probability of drawing each stretch: equal, or such that the drawn frames have the wanted quadrants.

    Source: Kollias et al. 2017, section 2 (rare quadrants are oversampled to 43, 24, 19 and 14 %). A stretch counts by
    the mean weight of its labelled frames' quadrants; the weights of the quadrants are found by iterative scaling
    (Deming and Stephan 1940). Where stretches mix quadrants, the shares are met as nearly as possible.

    Args:
        snapshot: The data.
        stretches: The stretches to draw from.
        balance: Whether to balance the quadrants; False gives all stretches the same probability.
        quadrants: The wanted shares, see `SHARES`. The shares of quadrants without a frame go to the others.
    """
    if not balance or not stretches:
        return np.full(len(stretches), 1 / max(len(stretches), 1))
    labelled = snapshot.labelled
    rows = [np.flatnonzero(labelled[s.first : s.last]) + s.first for s in stretches]
    counts = np.stack([np.bincount(quadrant(snapshot.target[each]), minlength=4) for each in rows]).astype(np.float64)
    inside = counts / counts.sum(axis=1, keepdims=True)
    there = counts.sum(axis=0) > 0
    wished = np.where(there, SHARES[quadrants], 0.0)
    wished /= wished.sum()
    rarity = np.divide(wished, counts.sum(axis=0), out=np.zeros(4), where=there)
    for _ in range(_ROUNDS):
        drawn = (inside @ rarity) @ counts
        drawn /= drawn.sum()
        # A quadrant that is always mixed with others may never reach its share: its weight stays within bounds.
        rarity = np.clip(rarity * np.divide(wished, drawn, out=np.ones(4), where=there), 1e-9, None)
        rarity /= rarity.max()
    weights: NDArray[np.float64] = inside @ rarity
    total: float = weights.sum()
    return weights / total


def pixels(crops: NDArray[np.uint8]) -> Tensor:
    """Convert crops, N×T×H×W or N×T×H×W×3 uint8, to the input of networks: float32 N×T×C×H×W in −1…1."""
    picture = torch.from_numpy(crops)
    planes = picture.unsqueeze(2) if picture.ndim == 4 else picture.permute(0, 1, 4, 2, 3)
    return planes.float().div_(127.5).sub_(1)


def collate(snapshot: Snapshot, stretches: list[Stretch], columns: tuple[int, ...], *, images: bool) -> Batch:
    """Put stretches side by side, padded at their ends to the longest.

    Args:
        snapshot: The data.
        stretches: The stretches of the batch.
        columns: Columns of the target: (0, 1) for both, (0,) for valence, (1,) for arousal.
        images: True to read the crops, False to read the features.
    """
    longest = max(s.last - s.first for s in stretches)
    rows = np.full((len(stretches), longest), -1, np.int64)
    for number, stretch in enumerate(stretches):
        rows[number, : stretch.last - stretch.first] = np.arange(stretch.first, stretch.last)
    # A padded place repeats the last frame: harmless to batch statistics, and without weight.
    safe = np.where(rows >= 0, rows, np.maximum.accumulate(rows, axis=1))
    if images:
        if snapshot.images is None:
            raise ValueError("the snapshot has no images")
        x = pixels(snapshot.images[safe])
    else:
        x = torch.from_numpy(snapshot.features[safe])
    target = snapshot.target[safe][..., list(columns)]
    known = (rows >= 0) & snapshot.labelled[safe]
    return Batch(
        x,
        torch.from_numpy(snapshot.landmarks[safe]),
        torch.from_numpy(np.nan_to_num(target)),
        torch.from_numpy(known.astype(np.float32)),
        rows,
    )


def epoch_batches(
    snapshot: Snapshot,
    stretches: list[Stretch],
    weights: NDArray[np.float64],
    batch: int,
    columns: tuple[int, ...],
    rng: np.random.Generator,
    *,
    images: bool,
) -> Iterator[Batch]:
    """Yield the batches of one epoch, with as many draws as there are stretches.

    Stretches are drawn by weight with replacement; with equal weights they are only shuffled.

    Args:
        snapshot: The data.
        stretches: The stretches to draw from.
        weights: See `draw_weights`; with equal weights each stretch occurs exactly once.
        batch: Number of stretches in a step.
        columns: See `collate`.
        rng: Source of all randomness.
        images: See `collate`.
    """
    n = len(stretches)
    order = rng.permutation(n) if np.ptp(weights) < 1e-12 else rng.choice(n, size=n, p=weights)
    for start in range(0, n, batch):
        yield collate(snapshot, [stretches[i] for i in order[start : start + batch]], columns, images=images)
