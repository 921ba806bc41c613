"""The networks by the name that the command line takes, and how to build one again from a checkpoint."""

from collections.abc import Callable
from pathlib import Path
from typing import Final

import torch

from app.learning.blocks.frame_net import FrameNet, Student, Teacher
from app.learning.blocks.frame_networks import KahouCnn, ResNet10

RECIPES: Final[dict[str, Callable[[], FrameNet]]] = {
    "student": Student,
    "teacher": Teacher,
    "resnet10": ResNet10,
    "kahou_cnn": KahouCnn,
}


def build(recipe: str) -> FrameNet:
    """A new network of a recipe at its default sizes."""
    return RECIPES[recipe]()


def load_net(checkpoint: Path) -> FrameNet:
    """The averaged weights of a training checkpoint, in evaluation mode."""
    state = torch.load(checkpoint, weights_only=True)
    net = build(state["recipe"])
    net.load_state_dict(state["average"])
    return net.eval()
