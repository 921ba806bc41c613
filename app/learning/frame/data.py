"""FER2013 images with the original labels and FERPlus votes, and the targets made from them."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from app.domain.class_metrics import vote_shares
from app.errors import UserError

VALID: Final = "fer2013_valid.npz"
CONTENTS: Final = f"folder with fer2013_train_*.npz and {VALID}"
"""The contents of a folder of training data, for the help texts of programs."""
N_VOTED = 8
"""The first eight of the ten vote columns are emotions; the last two are `unknown` and `not-a-face`."""

_KEYS = ("images", "fer_label", "ferplus_votes")


@dataclass(frozen=True)
class FaceSet:
    """Labelled faces.

    Attributes:
        images: N×48×48 uint8, grey.
        fer_label: N int8, index into `app.domain.emotions.FER`.
        votes: N×10 uint8, taggers' votes over `app.domain.emotions.FERPLUS`, unknown and not-a-face.
    """

    images: npt.NDArray[np.uint8]
    fer_label: npt.NDArray[np.int8]
    votes: npt.NDArray[np.uint8]

    def __len__(self) -> int:
        return len(self.images)

    def take(self, index: npt.NDArray[np.intp]) -> "FaceSet":
        """Return the rows of `index` (int, any length)."""
        return FaceSet(self.images[index], self.fer_label[index], self.votes[index])


def load(path: Path) -> FaceSet:
    """Read one .npz file.

    Args:
        path: The file, with the arrays `images`, `fer_label` and `ferplus_votes`.

    Raises:
        UserError: The file is missing, damaged or of another layout.
    """
    try:
        with np.load(path, allow_pickle=False) as archive:
            images, fer_label, votes = (archive[key] for key in _KEYS)
    except FileNotFoundError as error:
        raise UserError(f"{path} does not exist.", "Choose a folder with the FER2013 .npz files.") from error
    except (OSError, ValueError, KeyError) as error:
        raise UserError(
            f"{path.name} cannot be read as labelled faces.", f"It needs the arrays {', '.join(_KEYS)}."
        ) from error
    n = len(images)
    if images.ndim != 3 or images.dtype != np.uint8 or fer_label.shape != (n,) or votes.shape != (n, 10):
        raise UserError(
            f"{path.name} holds arrays of the wrong shape.", "Expected N×48×48 bytes, N labels, N×10 votes."
        )
    return FaceSet(images, fer_label, votes)


def load_train(folder: Path) -> FaceSet:
    """Read and join every `fer2013_train_*.npz` of `folder`, in the order of their names.

    Raises:
        UserError: There is no such file, or one is damaged.
    """
    parts = [load(path) for path in sorted(folder.glob("fer2013_train_*.npz"))]
    if not parts:
        raise UserError(f"{folder} holds no fer2013_train_*.npz.", "Choose the folder with the training images.")
    return FaceSet(
        np.concatenate([part.images for part in parts]),
        np.concatenate([part.fer_label for part in parts]),
        np.concatenate([part.votes for part in parts]),
    )


def expression_target(votes: npt.NDArray[np.uint8]) -> npt.NDArray[np.float32]:
    """Return the distribution of votes over the eight emotions; see `app.domain.class_metrics.vote_shares`.

    An image without any emotion vote gets the uniform distribution (and `expression_weight` zero).

    Args:
        votes: N×10 numbers of votes.

    Returns:
        N×8 float32, rows sum to one.
    """
    shares, voted = vote_shares(votes)
    target: npt.NDArray[np.float32] = np.where(voted[:, None], shares, 1 / N_VOTED).astype(np.float32)
    return target


def expression_weight(votes: npt.NDArray[np.uint8]) -> npt.NDArray[np.float32]:
    """Return the share of the votes that named an emotion (not unknown, not not-a-face): N float32 in 0..1."""
    total = np.maximum(votes.sum(axis=1), 1)
    weight: npt.NDArray[np.float32] = (votes[:, :N_VOTED].sum(axis=1) / total).astype(np.float32)
    return weight


def fer_target(labels: npt.NDArray[np.int8], smoothing: float) -> npt.NDArray[np.float32]:
    """Return one-hot FER labels with label smoothing: N×7 float32, rows sum to one."""
    one_hot = np.eye(7, dtype=np.float32)[labels.astype(np.intp)]
    target: npt.NDArray[np.float32] = (one_hot * (1 - smoothing) + smoothing / 7).astype(np.float32)
    return target
