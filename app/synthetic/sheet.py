"""Contact sheets of the synthetic face: `python -m app.synthetic.sheet OUT.jpg [--of expressions|plane|cast]`."""

import argparse
from pathlib import Path

import cv2
import numpy as np

from app.files import replacing
from app.synthetic.canvas import Image
from app.synthetic.expression import EXPRESSIONS, affect_face, expression_face
from app.synthetic.identity import identity
from app.synthetic.portrait import FaceRenderer
from app.synthetic.scenes import SCENES, scene
from app.synthetic.view import View

_VIEW = View(width=200, height=232, scale=1.1, centre=(202.0, 106.0))


def _labelled(picture: Image, text: str) -> Image:
    out = picture.copy()
    cv2.rectangle(out, (0, 0), (9 + 8 * len(text), 21), (240, 240, 240), -1)
    cv2.putText(out, text, (5, 15), cv2.FONT_HERSHEY_SIMPLEX, 0.42, (20, 20, 20), 1, cv2.LINE_AA)
    return out


def _tiled(pictures: list[Image], columns: int) -> Image:
    rows = [np.hstack(pictures[i : i + columns]) for i in range(0, len(pictures), columns)]
    return np.vstack(rows)


def expressions() -> Image:
    """Return the eight FERPlus classes at full strength, uint8 H×W×3 RGB."""
    renderer = FaceRenderer(view=_VIEW)
    return _tiled([_labelled(renderer.frame(expression_face(name)), name) for name in EXPRESSIONS], 4)


def plane() -> Image:
    """Return faces over the plane, with valence to the right and arousal upwards, uint8 H×W×3 RGB."""
    renderer = FaceRenderer(view=_VIEW)
    steps = np.array([-0.8, -0.4, 0.0, 0.4, 0.8])
    pictures = []
    for arousal in steps[::-1]:
        for valence in steps:
            row = affect_face(np.array([valence]), np.array([arousal]))[0]
            pictures.append(_labelled(renderer.frame(row), f"v {valence:+.1f}  a {arousal:+.1f}"))
    return _tiled(pictures, len(steps))


def cast() -> Image:
    """Return twelve subjects in their scenes, uint8 H×W×3 RGB."""
    view = View(width=320, height=180, scale=0.8)
    names = list(EXPRESSIONS)
    pictures = []
    for i in range(12):
        who = identity(i)
        renderer = FaceRenderer(who, view, scene(SCENES[i % 3], 320, 180, i))
        pictures.append(_labelled(renderer.frame(expression_face(names[i % 8])), who.code))
    return _tiled(pictures, 4)


def main(arguments: list[str] | None = None) -> None:
    """Write the contact sheet that the command line asks for."""
    kinds = {"expressions": expressions, "plane": plane, "cast": cast}
    line = argparse.ArgumentParser(prog="app.synthetic.sheet", description=__doc__)
    line.add_argument("out", type=Path, help="a .jpg or .png file")
    line.add_argument("--of", choices=kinds, default="expressions")
    given = line.parse_args(arguments)
    picture = cv2.cvtColor(kinds[given.of](), cv2.COLOR_RGB2BGR)
    _, coded = cv2.imencode(given.out.suffix, picture, [cv2.IMWRITE_JPEG_QUALITY, 82])
    with replacing(given.out) as part:
        part.write_bytes(coded.tobytes())


if __name__ == "__main__":
    main()
