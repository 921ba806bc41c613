"""A sheet of what a face-only view shows: by the oval of the five landmarks, and by the surface of the mesh.

    python -m benchmarks.face_masks ../shared/media --out docs/images/face-masks.jpg

The sheet has a column for each face: the cut-out, the oval, the mesh. Clips are shown at a quarter, a half and three
quarters of their time. The program prints for each face the share of the oval's pixels that the mesh does not cover.
"""

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from app.domain.face_outline import face_outlines
from app.domain.face_view import FaceViewGeometry
from app.domain.faces import Face
from app.faces.face_only import draw_face_only
from app.faces.mesh import FaceMesh, MeshFinder
from app.faces.mesh_mask import face_share
from app.faces.mtcnn import MtcnnDetector
from app.files import replacing
from app.media.reader import VideoReader

Image = NDArray[np.uint8]

ENDINGS: Final = {".mp4", ".mov", ".jpg"}
MOMENTS: Final = (0.25, 0.5, 0.75)
SIDE: Final = 160
"""Side of each picture in pixels."""


def pictures(folder: Path) -> Iterator[tuple[str, Image]]:
    """Yield the pictures of the clips of a folder, with the name of the clip: uint8 H×W×3 RGB."""
    for path in sorted(folder.iterdir()):
        if path.suffix.lower() not in ENDINGS:
            continue
        with VideoReader(path) as reader:
            count = len(reader.index.times_s)
            for idx in sorted({int(moment * count) for moment in MOMENTS}):
                yield path.name, reader.frame(idx).image


def column(rgb: Image, face: Face, mesh: FaceMesh) -> tuple[Image, float]:
    """Return the three pictures of a face, one above the other, and the oval's share that the mesh does not cover."""
    geometry = FaceViewGeometry()
    x, y, w, h = face.box.tolist()
    square = np.array([x + w / 2, y + h / 2, geometry.margin * max(w, h)])
    zoom, middle = SIDE / square[2], (SIDE - 1) / 2
    matrix = np.array([[zoom, 0, middle - zoom * square[0]], [0, zoom, middle - zoom * square[1]]])
    grey = (geometry.fill,) * 3
    cut = np.asarray(cv2.warpAffine(rgb, matrix, (SIDE, SIDE), flags=cv2.INTER_AREA, borderValue=grey), np.uint8)
    (outline,) = face_outlines(face.box[None], face.landmarks[None])
    oval = draw_face_only(rgb, square, SIDE, geometry, outline)
    share = face_share(mesh.points[:, :2] @ matrix[:, :2].T + matrix[:, 2], SIDE, SIDE)
    shown = cv2.blendLinear(cut, np.full_like(cut, geometry.fill), share, 1 - share)
    white = draw_face_only(np.full_like(rgb, 255), square, SIDE, geometry, outline)
    within = white[..., 0] > (255 + geometry.fill) / 2
    return np.vstack([cut, oval, np.asarray(shown, np.uint8)]), float((share[within] == 0).mean())


def main() -> int:
    """Draw the sheet and print the shares."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("media", type=Path, help="folder of the clips")
    parser.add_argument("--out", type=Path, help="a .jpg or .png file for the sheet")
    args = parser.parse_args()
    detector, finder = MtcnnDetector("cpu"), MeshFinder("cpu")
    columns = []
    for name, rgb in pictures(args.media):
        faces = detector.detect(rgb)
        for face, mesh in zip(faces, finder.find(rgb, faces), strict=True):
            if mesh is not None:
                drawn, beyond = column(rgb, face, mesh)
                columns.append(drawn)
                print(f"{name}: {beyond:.1%} of the oval lies beyond the mesh")
    if args.out and columns:
        _, coded = cv2.imencode(
            args.out.suffix, cv2.cvtColor(np.hstack(columns), cv2.COLOR_RGB2BGR), [cv2.IMWRITE_JPEG_QUALITY, 82]
        )
        with replacing(args.out) as part:
            part.write_bytes(coded.tobytes())
    return 0


if __name__ == "__main__":
    sys.exit(main())
