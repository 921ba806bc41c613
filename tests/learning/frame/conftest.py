"""Small labelled faces that can be told apart: each class is a bright bar at its own height."""

import numpy as np
import pytest

from app.learning.frame.data import FaceSet


def bar_faces(n: int, seed: int) -> FaceSet:
    rng = np.random.default_rng(seed)
    label = rng.integers(0, 7, n)
    images = rng.integers(60, 120, (n, 48, 48), dtype=np.uint8)
    for row, place in enumerate(label):
        images[row, 4 + 6 * place : 8 + 6 * place, 8:40] = 230
    votes = np.zeros((n, 10), np.uint8)
    votes[np.arange(n), label] = 7
    votes[:, 9] = 1
    votes[:, 8] = 2
    return FaceSet(images, label.astype(np.int8), votes)


@pytest.fixture
def faces() -> FaceSet:
    return bar_faces(160, seed=3)


@pytest.fixture
def data_folder(tmp_path):
    folder = tmp_path / "data"
    folder.mkdir()
    for name, n, seed in (("train_0", 96, 1), ("train_1", 96, 2), ("valid", 48, 3)):
        part = bar_faces(n, seed)
        np.savez(folder / f"fer2013_{name}.npz", images=part.images, fer_label=part.fer_label, ferplus_votes=part.votes)
    return folder
