"""How alike faces are that `Faces and subjects` compares: of one person, and of different people.

    python -m benchmarks.alike_faces ../shared/media --fer ../shared/data/fer2013_train_0.npz

Printed are the least likeness between stretches of one clip, each a quarter of its face's track, and the largest
between the clips and the faces of pictures, all taken for different people except clips that `--same` names. With
`--fer`, also the share of pairs of FER2013's images at or above the limit: nearly all are of different people.
"""

import argparse
import itertools
import sys
from pathlib import Path
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from app.domain.faces import Face
from app.faces.appearance import describe
from app.faces.mesh import MeshFinder
from app.faces.mtcnn import MtcnnDetector
from app.faces.person import TrackLooks, alike, clothes_below, mean_of, proportions
from app.faces.same_person import LEAST
from app.media.reader import VideoReader

Image = NDArray[np.uint8]

ENDINGS: Final = {".mp4", ".mov", ".jpg"}
PARTS: Final = 4
VIEWS: Final = 4
"""Frames of each part."""
SIDE: Final = 192


def looks_of(views: list[tuple[Image, Face]], finder: MeshFinder) -> TrackLooks:
    """Return what is compared of a face that is seen in some frames."""
    meshes = [finder.find(rgb, [face])[0] for rgb, face in views]
    box = views[-1][1].box
    return TrackLooks(
        np.stack([describe(rgb, face) for rgb, face in views]),
        mean_of([clothes_below(rgb, face) for rgb, face in views]),
        mean_of([None if mesh is None else proportions(mesh.points) for mesh in meshes]),
        0.0, 1.0, box, box,
    )  # fmt: skip


def parts_of(path: Path, detector: MtcnnDetector, finder: MeshFinder) -> dict[str, list[TrackLooks]]:
    """Return the people of a clip or picture: name → looks of the stretches in which each is seen."""
    with VideoReader(path) as reader:
        count = len(reader.index.times_s)
        if count == 1:
            rgb = reader.frame(0).image
            return {
                f"{path.name} {n}": [looks_of([(rgb, face)], finder)] for n, face in enumerate(detector.detect(rgb))
            }
        found = []
        for part in range(PARTS):
            views = []
            for moment in np.linspace(part + 0.1, part + 0.9, VIEWS) / PARTS:
                rgb = reader.frame(int(count * moment)).image
                views += [(rgb, face) for face in detector.detect(rgb)[:1]]
            if views:
                found.append(looks_of(views, finder))
        return {path.name: found} if found else {}


def stills(path: Path, count: int, detector: MtcnnDetector, finder: MeshFinder) -> list[TrackLooks]:
    """Return the looks of some images of FER2013 in which a face is found, four times as large."""
    images = np.load(path)["images"]
    chosen = np.random.default_rng(0).choice(len(images), min(count, len(images)), replace=False)
    found = []
    for i in chosen:
        large = cv2.resize(images[i], (SIDE, SIDE), interpolation=cv2.INTER_CUBIC)
        framed = cv2.copyMakeBorder(cv2.cvtColor(large, cv2.COLOR_GRAY2RGB), *(SIDE // 3,) * 4, cv2.BORDER_REPLICATE)
        rgb = np.asarray(framed, np.uint8)
        faces = detector.detect(rgb)
        if faces:
            looks = looks_of([(rgb, faces[0])], finder)
            found.append(TrackLooks(looks.looks, None, looks.shape, 0.0, 1.0, looks.first_box, looks.last_box))
    return found


def main() -> int:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("media", type=Path, help="folder of the clips and pictures")
    parser.add_argument("--same", nargs="*", default=["face_noface.mov", "single_face.mp4"], help="clips of one person")
    parser.add_argument("--fer", type=Path, help="an npz file of FER2013")
    parser.add_argument("--count", type=int, default=260, help="number of its images")
    args = parser.parse_args()
    detector, finder = MtcnnDetector("cpu"), MeshFinder("cpu", eyes=False)
    people: dict[str, list[TrackLooks]] = {}
    for path in sorted(args.media.iterdir()):
        if path.suffix.lower() in ENDINGS:
            for name, parts in parts_of(path, detector, finder).items():
                people.setdefault("same" if name in args.same else name, []).extend(parts)
    scored = [
        (one == other, alike(a, b, one_clip=False).score)
        for (one, a), (other, b) in itertools.combinations([(n, p) for n, ps in people.items() for p in ps], 2)
    ]
    same, different = ([score for kind, score in scored if kind is wanted] for wanted in (True, False))
    print(f"{len(people)} people; limit {LEAST:.2f}")
    if same:
        print(f"one person: {len(same)} pairs, at least {min(same):.2f}, median {np.median(same):.2f}")
    if different:
        print(f"different people: {len(different)} pairs, at most {max(different):.2f}")
    if args.fer:
        faces = stills(args.fer, args.count, detector, finder)
        scores = np.array([alike(a, b, one_clip=False).score for a, b in itertools.combinations(faces, 2)])
        print(f"FER2013: {len(faces)} faces, {(scores >= LEAST).mean():.1%} of {len(scores)} pairs reach the limit")
    return 0


if __name__ == "__main__":
    sys.exit(main())
