"""The networks by their names on the command line, and their reconstruction from a checkpoint."""

from collections.abc import Callable
from pathlib import Path
from typing import Final

from app.learning.blocks.frame_net import FrameNet, Student, Teacher
from app.learning.blocks.frame_networks import KahouCnn, ResNet10, ResNet10Trunk
from app.learning.process import checkpoint

NETWORKS: Final[dict[str, Callable[[], FrameNet]]] = {
    "student": Student,
    "teacher": Teacher,
    "resnet10": ResNet10,
    "kahou_cnn": KahouCnn,
}


def build(name: str) -> FrameNet:
    """Return a new network at its default sizes.

    Args:
        name: Key of `NETWORKS`; the command line and the records of runs call it the recipe.
    """
    return NETWORKS[name]()


def load_net(path: Path) -> FrameNet:
    """Return the network of a training checkpoint with its averaged weights, in evaluation mode.

    A network that enlarges its faces keeps the side of its last training steps.

    Raises:
        UserError: The file is missing or damaged.
    """
    state = checkpoint.read(path)
    net = build(state["recipe"])
    if state.get("enlarge") and isinstance(net.trunk, ResNet10Trunk):
        net.trunk.side = state["enlarge"]
    net.load_state_dict(state["average"])
    return net.eval()
