"""The hyperparameters of one training run, and how they change during the run."""

import math
from dataclasses import dataclass, field
from typing import Final

from app.learning.frame.augment import Augment

PLAN: Final = "plan.json"
"""Name of the plan of a run in its folder."""
ALIGNED = Augment(rotation=5.0, scale=0.06, shift=3.0)
"""Aligned faces need less of the geometric augmentation."""


@dataclass(frozen=True)
class Plan:
    """Hyperparameters of one run. Fractions of the run are written as parts of one.

    Attributes:
        recipe: Key of `app.learning.frame.networks.NETWORKS`.
        seed: Seed of weights, order and augmentation.
        epochs: Length of the run.
        minutes: If above zero, the schedule follows the clock instead, and the run ends after this many minutes.
        batch: Number of images in a step.
        rate: Highest learning rate (SGD with Nesterov momentum 0.9).
        decay: Weight decay of convolutions and classifiers.
        warmup: Part of the run in which the rate rises.
        smoothing: Label smoothing of the FER labels.
        memory_share: Largest share of remembered predictions in the targets, reached at the end.
        teacher_share: Share of the teacher's soft labels in the targets, if there is a teacher.
        skip: Probability of skipping an image with a loss below the mean; off in the last 15 %.
        sizes: (part of the run, image side): the side used from that part on.
        enlarge: The same for the side to which a network enlarges its faces (`ResNet10`); empty for the network's own
            side.
        average: Decay of the moving average of the weights.
        augment: Strengths of the augmentation.
        evaluate_every: Number of epochs between two evaluations on the validation set.
        start: Run and checkpoint whose averaged weights the run starts from; empty for fresh weights.
        teacher: Name of the file with a teacher's soft labels; empty without one.
    """

    recipe: str
    seed: int = 0
    epochs: int = 40
    minutes: float = 0.0
    batch: int = 128
    rate: float = 0.1
    decay: float = 5e-4
    warmup: float = 0.03
    smoothing: float = 0.05
    memory_share: float = 0.4
    teacher_share: float = 0.6
    skip: float = 0.5
    sizes: tuple[tuple[float, int], ...] = ((0.0, 32), (0.4, 40), (0.85, 44))
    enlarge: tuple[tuple[float, int], ...] = ()
    average: float = 0.998
    augment: Augment = field(default_factory=Augment)
    evaluate_every: int = 8
    start: str = ""
    teacher: str = ""

    def rate_at(self, part: float) -> float:
        """Return the learning rate after `part` (0…1) of the run: a linear warm-up, then half a cosine to 1 %."""
        if part < self.warmup:
            return self.rate * max(part / self.warmup, 0.02)
        turn = (part - self.warmup) / (1 - self.warmup)
        return self.rate * (0.01 + 0.99 * 0.5 * (1 + math.cos(math.pi * min(turn, 1.0))))

    def size_at(self, part: float) -> int:
        """Return the image side after `part` (0…1) of the run."""
        return stage(self.sizes, part)


def stage(stages: tuple[tuple[float, int], ...], part: float) -> int:
    """Return the side of the stage, among pairs (part, side), in which `part` (0…1) of the run lies."""
    return [side for start, side in stages if part >= start][-1]


def stages(text: str) -> tuple[tuple[float, int], ...]:
    """Return the pairs (part, side) of a text such as `0:32,0.4:40`; an empty text has none."""
    pairs = (pair.split(":") for pair in text.split(",") if pair)
    return tuple((float(part), int(side)) for part, side in pairs)
