"""Measures of a frame model on labelled faces."""

from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt
import torch

from app.domain.class_metrics import ferplus_majority
from app.learning.blocks.frame_net import FrameNet, resized
from app.learning.frame.data import FaceSet
from app.learning.frame.localise import align

Logits = tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]


def predict(
    net: FrameNet,
    images: npt.NDArray[np.uint8],
    flip: bool,
    side: int = 48,
    maps: torch.Tensor | None = None,
    batch: int = 256,
) -> Logits:
    """Run a network in evaluation mode.

    Args:
        net: The network; its mode is restored afterwards.
        images: N×48×48 uint8.
        flip: Whether to average the logits with those of the mirrored images.
        side: Side in pixels to which the images are resized first.
        maps: N×2×3 alignment of each image, see `app.learning.frame.localise`.
        batch: Number of images at a time.

    Returns:
        The expression logits N×8 and the FER logits N×7.
    """
    training = net.training
    net.eval()
    expression: list[npt.NDArray[np.float32]] = []
    fer: list[npt.NDArray[np.float32]] = []
    with torch.inference_mode():
        for start in range(0, len(images), batch):
            faces = torch.from_numpy(images[start : start + batch]).unsqueeze(1).float()
            seen = resized(faces, side) if maps is None else align(faces, maps[start : start + batch], side)
            faces = seen.contiguous(memory_format=torch.channels_last)
            first, second, _ = net(faces)
            if flip:
                mirrored_first, mirrored_second, _ = net(faces.flip(3))
                first, second = (first + mirrored_first) / 2, (second + mirrored_second) / 2
            expression.append(first.numpy())
            fer.append(second.numpy())
    net.train(training)
    return np.concatenate(expression), np.concatenate(fer)


def softmax(logits: npt.NDArray[np.float32], temperature: float = 1.0) -> npt.NDArray[np.float32]:
    """Compute the row-wise softmax of N×C logits divided by the temperature."""
    scaled = logits / temperature
    exponent = np.exp(scaled - scaled.max(axis=1, keepdims=True))
    share: npt.NDArray[np.float32] = (exponent / exponent.sum(axis=1, keepdims=True)).astype(np.float32)
    return share


def accuracies(expression: npt.NDArray[np.float32], fer: npt.NDArray[np.float32], faces: FaceSet) -> dict[str, float]:
    """Return the FER accuracy and the FERPlus majority accuracy of scores or logits (N×8, N×7), as fractions."""
    kept, top = ferplus_majority(faces.votes)
    return {
        "fer_accuracy": float((fer.argmax(axis=1) == faces.fer_label).mean()),
        "ferplus_accuracy": float((expression.argmax(axis=1) == top)[kept].mean()),
        "ferplus_n": int(kept.sum()),
    }


def mean_logits(pairs: Sequence[Logits]) -> Logits:
    """Return the mean of the expression and of the FER logits or probabilities of several networks."""
    return (
        np.stack([pair[0] for pair in pairs]).mean(axis=0, dtype=np.float32),
        np.stack([pair[1] for pair in pairs]).mean(axis=0, dtype=np.float32),
    )


def fit_temperature(logits: npt.NDArray[np.float32], score: Callable[[npt.NDArray[np.float32]], float]) -> float:
    """Find the temperature in 0.4…3 whose softmax has the least `score`, by golden-section search on its logarithm."""
    low, high = np.log(0.4), np.log(3.0)
    ratio = (np.sqrt(5) - 1) / 2
    for _ in range(40):
        left, right = high - ratio * (high - low), low + ratio * (high - low)
        if score(softmax(logits, float(np.exp(left)))) < score(softmax(logits, float(np.exp(right)))):
            high = right
        else:
            low = left
    return float(np.exp((low + high) / 2))
