"""Pictures of the window as small files: a palette of 256 colours takes a third of the space and looks the same.

    python -m app.ui.look.picture_file docs/images/*.png

shrinks pictures that were saved in full colours, as those of `affectograph tour`; those that have a palette already are
left alone.
"""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np
from PIL import Image

from app.files import replacing
from app.ui.look.language import tr

COLOURS: Final = 256
FLAT: Final = 48
"""Number of the most frequent colours, which are kept exactly."""
VIVID: Final = 10.0
"""How much more a fully vivid colour counts than grey."""
_CHUNK: Final = 8192


def shrink(path: Path) -> bool:
    """Give a PNG file a palette in place, and return whether it was changed.

    A file that has a palette already, or would not get smaller, stays as it is.

    Raises:
        UserError: The file cannot be written.
    """
    with Image.open(path) as picture:
        if picture.mode == "P":
            return False
        colours = picture.convert("RGB")
    before = path.stat().st_size
    kept = path.read_bytes()
    _save(colours, path)
    if path.stat().st_size < before:
        return True
    path.write_bytes(kept)
    return False


def _save(picture: Image.Image, path: Path) -> None:
    small = with_palette(picture)
    with replacing(path) as new:
        small.save(new, "PNG", optimize=True)


def with_palette(picture: Image.Image) -> Image.Image:
    """Return a picture in 256 colours without dithering, so that flat areas stay flat and photographs compress.

    Colours are chosen by median cut over those that occur, each weighted by the square root of its frequency and by its
    saturation. By area, a photograph would take nearly all of them, and a thin blue curve would turn grey.

    Args:
        picture: The picture, in RGB.
    """
    pixels = np.asarray(picture, np.uint32)
    packed = (pixels[..., 0] << 16 | pixels[..., 1] << 8 | pixels[..., 2]).ravel()
    found, where, often = np.unique(packed, return_inverse=True, return_counts=True)
    colours = np.stack([found >> 16, found >> 8 & 255, found & 255], 1).astype(np.uint8)
    vivid = (colours.max(axis=1).astype(float) - colours.min(axis=1)) / 255
    drawn = np.repeat(colours, np.ceil(np.sqrt(often) * (1 + VIVID * vivid**2)).astype(int), axis=0)
    flat = colours[np.argsort(often)[-FLAT:]]  # grounds, borders and text stay as they are
    chosen = Image.fromarray(drawn[None]).quantize(COLOURS - len(flat), Image.Quantize.MEDIANCUT, kmeans=1)
    cut = np.array(chosen.getpalette(), np.uint8).reshape(-1, 3)[: COLOURS - len(flat)]
    palette = np.concatenate([flat, cut])
    nearest = np.empty(len(colours), np.uint8)
    for start in range(0, len(colours), _CHUNK):
        part = colours[start : start + _CHUNK, None].astype(np.int32) - palette[None]
        nearest[start : start + _CHUNK] = (part**2).sum(axis=2).argmin(axis=1)
    small = Image.fromarray(nearest[where].reshape(pixels.shape[:2]), "P")
    small.putpalette(palette.tobytes())
    return small


def main(names: Sequence[str]) -> int:
    """Shrink the named files and return the exit status."""
    for path in map(Path, names):
        before = path.stat().st_size
        if shrink(path):
            sys.stdout.write(
                tr("{path}: {before} → {st_size} bytes\n", path=path, before=before, st_size=path.stat().st_size)
            )
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
