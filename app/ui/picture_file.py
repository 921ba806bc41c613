"""Pictures of the window as small files: a palette of 256 colours takes a third of the space and looks the same.

    python -m app.ui.picture_file docs/images/*.png

shrinks pictures that were saved in full colours; those that have a palette already are left alone.
"""

import sys
from collections.abc import Sequence
from pathlib import Path

from PIL import Image
from PySide6.QtGui import QImage

from app.files import replacing


def write_small(picture: QImage, path: Path) -> None:
    """Save what a widget's `grab().toImage()` gives as PNG with a palette.

    Args:
        picture: Any format; transparency is dropped, as a window has none.
        path: The file.

    Raises:
        UserError: It cannot be written.
    """
    plain = picture.convertToFormat(QImage.Format.Format_RGB888)
    size = (plain.width(), plain.height())
    _save(Image.frombuffer("RGB", size, bytes(plain.constBits()), "raw", "RGB", plain.bytesPerLine(), 1), path)


def shrink(path: Path) -> bool:
    """Give a PNG a palette in place; False where it has one, or where that would not make it smaller.

    Raises:
        UserError: It cannot be written.
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
    # Median cut without dithering: flat areas of a window stay flat, and dithered photographs would not compress.
    small = picture.quantize(256, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    with replacing(path) as new:
        small.save(new, "PNG", optimize=True)


def main(names: Sequence[str]) -> int:
    """Shrink the files named."""
    for path in map(Path, names):
        before = path.stat().st_size
        if shrink(path):
            sys.stdout.write(f"{path}: {before} → {path.stat().st_size} bytes\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
