"""Pictures and moving clips for the tests of this folder, made from the committed portrait."""

import itertools
from pathlib import Path

import cv2
import numpy as np

from app.domain.media import Frame

ROOT = Path(__file__).resolve().parents[2]
REFERENCE = Path(__file__).resolve().parent / "reference"
FACE_BOX = np.array([154.2, 59.9, 90.0, 115.0])
"""Where the face lies in the portrait, [x, y, w, h]."""


def portrait():
    return cv2.cvtColor(cv2.imread(str(ROOT / "app" / "synthetic" / "assets" / "portrait.png")), cv2.COLOR_BGR2RGB)


def group_picture():
    """Four portraits of different size and light on grey; the same as in reference/make_mtcnn_reference.py."""
    canvas = np.full((480, 800, 3), 120, np.uint8)
    for x, y, width, gain in ((10, 10, 400, 1.0), (430, 20, 320, 0.7), (40, 260, 360, 1.15), (480, 240, 240, 0.9)):
        small = cv2.resize(portrait(), (width, width * 9 // 16), interpolation=cv2.INTER_AREA)
        canvas[y : y + small.shape[0], x : x + width] = np.clip(small * gain, 0, 255).astype(np.uint8)
    return canvas


def empty(height=225, width=400, seed=3):
    """A picture without a face: smooth noise."""
    rng = np.random.default_rng(seed)
    small = rng.integers(60, 200, (8, 12, 3), np.uint8)
    return cv2.resize(small, (width, height), interpolation=cv2.INTER_CUBIC)


def other_person():
    """Somebody else as far as looks go: the portrait mirrored, with other hair, skin and background colours."""
    picture = portrait()[:, ::-1].copy()
    hair = picture[:75].astype(np.float32) * (0.35, 0.3, 0.45)
    picture[:75] = hair.astype(np.uint8)
    around = np.ones(picture.shape[:2], bool)
    around[75:185, 145:255] = False
    picture[around] = (picture[around] * np.array([0.4, 0.9, 1.3])).clip(0, 255).astype(np.uint8)
    return picture


def shifted(picture, dx, dy=0):
    matrix = np.array([[1, 0, dx], [0, 1, dy]], np.float64)
    return cv2.warpAffine(picture, matrix, picture.shape[1::-1], borderMode=cv2.BORDER_REPLICATE)


def as_frames(pictures, fps=25.0):
    for idx, picture in zip(itertools.count(), pictures, strict=False):
        yield Frame(idx, idx * 512, idx / fps, np.ascontiguousarray(picture))
