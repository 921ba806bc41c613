"""The pose of drawn faces of known pose, whose looks are those of real people.

    python -m tests.faces.drawn_pose ../shared/media

Each face of the clips and pictures gives its looks to the average face, which is turned and drawn by a pinhole camera,
one axis at a time. Printed are the measured angles of each face, the largest error on each axis, and the factor by
which upward pitch would have to be stretched (least squares, from 10 degrees on); `app.faces.head_pose.UPWARD` is this
factor.
"""

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from app.domain.faces import Face
from app.faces.head_pose import UPWARD, HeadPose, head_pose
from app.faces.mesh import MeshFinder
from app.faces.mtcnn import MtcnnDetector
from app.media.reader import VideoReader

from .mesh_render import CAMERA_DEG, SIZE, Actress

Image = NDArray[np.uint8]

ANGLES: Final = (-30, -25, -20, -15, -10, 0, 10, 20, 30)
AXES: Final = ("yaw", "pitch", "roll")
MOMENT: Final = 0.1
"""Share of a clip's time at which its face is taken."""


def faces_of(folder: Path, detector: MtcnnDetector) -> Iterator[tuple[str, Image, Face]]:
    """Yield the faces of a folder's clips and pictures, with a name and the picture that shows each."""
    for path in sorted(folder.iterdir()):
        if path.suffix.lower() in {".mp4", ".mov", ".jpg"}:
            with VideoReader(path) as reader:
                rgb = reader.frame(int(MOMENT * len(reader.index.times_s))).image
            for number, face in enumerate(detector.detect(rgb)):
                yield f"{path.name} {number}", rgb, face


def measured(finder: MeshFinder, actress: Actress, axis: int) -> NDArray[np.float64]:
    """Return the measured angle on an axis for each of `ANGLES`; NaN where no mesh is found."""
    found = np.full(len(ANGLES), np.nan)
    for at, degrees in enumerate(ANGLES):
        angles = [0.0, 0.0, 0.0]
        angles[axis] = degrees
        picture, face = actress.draw(HeadPose(*angles))
        (mesh,) = finder.find(picture, [face])
        if mesh is not None:
            pose = head_pose(mesh.points, SIZE, SIZE, CAMERA_DEG)
            found[at] = (pose.yaw_deg, pose.pitch_deg, pose.roll_deg)[axis]
    return found


def main() -> int:
    """Print the angles."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("media", type=Path, help="folder of the clips and pictures")
    args = parser.parse_args()
    finder, detector = MeshFinder("cpu"), MtcnnDetector("cpu")
    people = [(name, Actress(finder, rgb, face)) for name, rgb, face in faces_of(args.media, detector)]
    for axis, title in enumerate(AXES):
        table = np.array([measured(finder, actress, axis) for _, actress in people])
        for (name, _), row in zip(people, table, strict=True):
            print(f"{title} {name}: {' '.join(f'{value:.1f}' for value in row)}")
        if len(table):
            print(f"{title}: largest error {np.nanmax(np.abs(table - ANGLES)):.1f}")
        if title == "pitch" and len(table):
            up = np.array(ANGLES) < 0
            plain = table[:, up] / np.where(table[:, up] < 0, UPWARD, 1.0)
            wanted = np.broadcast_to(np.array(ANGLES)[up], plain.shape)
            known = np.isfinite(plain)
            factor = (plain[known] * wanted[known]).sum() / (plain[known] ** 2).sum()
            print(f"upward pitch would be right with the factor {factor:.3f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
