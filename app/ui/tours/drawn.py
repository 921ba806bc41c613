"""Draws the window with a project and describes the picture: `python -m app.ui.tours.drawn PROJECT PICTURE`.

The self-test runs it in a process of its own, off screen. The last line of its output is a JSON object: width and
height of the picture in pixels, the number of different colours in it, and whether the font of the icons was found.
"""

import json
import sys
from pathlib import Path

import numpy as np
from PySide6.QtGui import QImage, QPixmap

from app.results import result
from app.ui.look.icons import has_icons
from app.ui.tours.walk import first_screen


def colours(image: QImage) -> int:
    """Return the number of different colours in a picture."""
    plain = image.convertToFormat(QImage.Format.Format_RGB32)
    pixels = np.frombuffer(plain.constBits(), np.uint32).reshape(plain.height(), plain.bytesPerLine() // 4)
    return int(np.unique(pixels[:, : plain.width()]).size)


def main(project: Path, picture: Path) -> None:
    """Draw the window and print what is seen.

    Args:
        project: A project with at least one clip; it is not changed.
        picture: The file for the picture.

    Raises:
        UserError: The project cannot be opened, or the clip does not come.
    """
    image = first_screen(project, picture.parent)
    with result(picture) as temporary:
        QPixmap.fromImage(image).save(str(temporary), "PNG")
    facts = {"width": image.width(), "height": image.height(), "colours": colours(image), "icons": has_icons()}
    sys.stdout.write(json.dumps(facts) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
