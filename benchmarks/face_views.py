"""A sheet of the face-only views of a folder's clips: every face at several moments of its track.

    python -m benchmarks.face_views ../shared/media docs/images/face-views.jpg

Each pair shows the picture around the face and the view that a rater sees. Each clip appears twice, the second time cut
through the middle of its first face, so that the sheet also shows faces at the edge of the frame. For each face the
program prints the share of pixels beyond the outline and its margin that the view shows; it must be 0.
"""

import argparse
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from app.domain.face_outline import outline_distance
from app.domain.face_view import FaceViewGeometry, face_view
from app.domain.faces import TrackedFace
from app.domain.media import Frame
from app.faces.alignment import resample
from app.faces.clip_tracks import track_clip
from app.faces.face_only import draw_face_only
from app.faces.mtcnn import MtcnnDetector
from app.jobs import Context
from app.services.predict.readers import open_reader

ENDINGS = {".mp4", ".mov", ".jpg", ".png"}
TILE = 116
ACROSS = 4
"""Moments of each face."""
Pixels = NDArray[np.uint8]
Tracks = dict[int, list[TrackedFace]]


def frames_of(path: Path, most: int, cut: int | None) -> Iterator[Frame]:
    """Yield the first frames of a clip, only their part left of the column `cut` if it is given."""
    with open_reader(path, Context()) as reader:
        for number, frame in enumerate(reader.frames()):
            if number >= most:
                return
            yield frame if cut is None else replace(frame, image=np.ascontiguousarray(frame.image[:, :cut]))


def followed(path: Path, most: int, cut: int | None) -> tuple[Tracks, dict[int, Frame]]:
    """Return the faces of a clip, and every frame by its number."""
    tracks: Tracks = {}
    kept: dict[int, Frame] = {}
    for done in track_clip(frames_of(path, most, cut), MtcnnDetector()):
        kept[done.frame.frame_idx] = done.frame
        for seen in done.faces:
            tracks.setdefault(seen.track_id, []).append(seen)
    return tracks, kept


def rows_of(tracks: Tracks, kept: dict[int, Frame]) -> Iterator[tuple[int, Pixels, float]]:
    """Yield the number of each face, its row of pictures, and the share of pixels shown beyond the margin."""
    geometry = FaceViewGeometry()
    numbers = sorted(kept)
    at_s = np.array([kept[number].time_s for number in numbers])
    views = {}
    for number, seen in tracks.items():
        times = np.array([one.time_s for one in seen])
        boxes = np.stack([one.face.box for one in seen])
        points = np.stack([one.face.landmarks for one in seen])
        views[number] = face_view(times, boxes, at_s, float(at_s[0]), float(at_s[-1]), geometry, points)
    for number, view in views.items():
        there = np.flatnonzero(np.isfinite(view.squares[:, 0]))
        if not there.size:
            continue
        tiles, beyond = [], 0.0
        for place in np.unique(there[np.linspace(0, there.size - 1, ACROSS).astype(int)]):
            image, square, outline = kept[numbers[place]].image, view.squares[place], view.outlines[place]
            others = [other.outlines[place] for name, other in views.items() if name != number]
            shown = draw_face_only(image, square, TILE, geometry, outline, others)
            zoom, middle = TILE / square[2], (TILE - 1) / 2
            x = (np.arange(TILE) - middle) / zoom + square[0]
            y = (np.arange(TILE) - middle) / zoom + square[1]
            far = outline_distance(outline, x[None, :], y[:, None]) > 1 + geometry.outline_margin
            beyond = max(beyond, float((shown[far] != geometry.fill).any(axis=1).mean()))
            tiles += [around(image, square), shown]
        blank = np.full((TILE, TILE, 3), 255, np.uint8)
        yield number, np.hstack(tiles + [blank] * (2 * ACROSS - len(tiles))), beyond


def around(image: Pixels, square: NDArray[np.float64]) -> Pixels:
    """Return the picture around a face, twice as wide as the part that raters see."""
    zoom, middle = TILE / (1.6 * square[2]), (TILE - 1) / 2
    matrix = np.array([[zoom, 0, middle - zoom * square[0]], [0, zoom, middle - zoom * square[1]]])
    return np.asarray(resample(image, matrix, TILE, 0), np.uint8)


def titled(row: Pixels, words: str) -> Pixels:
    """Return a row with a line of text above it."""
    strip = np.full((18, row.shape[1], 3), 255, np.uint8)
    cv2.putText(strip, words, (4, 13), cv2.FONT_HERSHEY_SIMPLEX, 0.42, (0, 0, 0), 1, cv2.LINE_AA)
    return np.vstack([strip, row])


def main() -> None:
    """Write the sheet and print a line for each face."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("media", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument(
        "--frames", type=int, default=170, metavar="N", help="largest number of frames of each clip (170)"
    )
    args = parser.parse_args()
    rows: list[Pixels] = []
    print("| clip | face | frames | shown beyond the margin |")
    print("| --- | --- | --- | --- |")
    for clip in sorted(path for path in args.media.iterdir() if path.suffix.lower() in ENDINGS):
        tracks, kept = followed(clip, args.frames, None)
        cases = [(clip.name, tracks, kept)]
        if tracks:
            first = next(iter(tracks.values()))[0].face.box
            cut = int(first[0] + first[2] * 0.6)
            cases.append((f"{clip.name}, cut at {cut} px", *followed(clip, args.frames, cut)))
        for name, found, pictures in cases:
            for number, row, beyond in rows_of(found, pictures):
                print(f"| {name} | {number} | {len(found[number])} | {beyond:.4f} |")
                rows.append(titled(row, f"{name}, face {number}"))
    if rows:
        args.out.parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(np.vstack(rows)).save(args.out, quality=80, optimize=True)


if __name__ == "__main__":
    main()
