"""Clips made for tests: every picture carries its number as a barcode, so that no decoder can be off by one unseen."""

from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

import numpy as np

from app.media.writer import ClipWriter, Encoding

BITS, CELL = 12, 16
WIDTH, HEIGHT = BITS * CELL, 112


def picture(number: int, width: int = WIDTH, height: int = HEIGHT) -> np.ndarray:
    """A moving pattern with the number in black and white cells along the top, least significant bit left."""
    y, x = np.mgrid[0:height, 0:width]
    image = np.stack([(x * 2 + number * 3) % 256, (y * 2 + number * 5) % 256, (x + y + number) % 256], -1).astype(
        np.uint8
    )
    bits = [(number >> bit) & 1 for bit in range(BITS)]
    image[:CELL, : BITS * CELL] = np.repeat(np.array(bits, np.uint8) * 255, CELL)[None, :, None]
    return image


def number_in(image: np.ndarray) -> int:
    """Read the barcode of a displayed picture."""
    cells = image[4 : CELL - 4, : BITS * CELL, :3].mean(axis=(0, 2)).reshape(BITS, CELL)[:, 4:-4].mean(axis=1)
    return sum(1 << bit for bit, level in enumerate(cells) if level > 127)


def write_clip(
    path: Path,
    n_frames: int = 120,
    *,
    pts: Sequence[int] | None = None,
    time_base: Fraction | None = None,
    rate: Fraction | int = 30,
    **encoding,
) -> Path:
    """Write a barcode clip; `pts` in ticks of `time_base` makes its rate variable."""
    with ClipWriter(path, WIDTH, HEIGHT, rate=rate, time_base=time_base, encoding=Encoding(**encoding)) as writer:
        for number in range(n_frames):
            writer.write(picture(number), None if pts is None else pts[number])
    return path
