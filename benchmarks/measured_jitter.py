"""How steady the points of the mesh are on a still face, and whether faces that the detector follows lose their mesh.

    python -m benchmarks.measured_jitter ../shared/media

For each clip the program looks at the longest track, in the second in which its face changes least. The jitter of a
point is the root mean square distance from the mean of the nine frames around each frame, in per cent of the distance
between the eyes: as found, and after a Gaussian over time with a standard deviation of 0.06 s.
"""

import argparse
import sys
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter1d

from app.faces.mesh import MeshFinder, MeshFollower
from app.faces.mesh_points import landmarks_5
from app.faces.mtcnn import MtcnnDetector
from app.faces.tracking import FaceTracker
from app.media.reader import VideoReader

Doubles = NDArray[np.float64]

ENDINGS: Final = {".mp4", ".mov"}
SMOOTH_S: Final = 0.06
AROUND: Final = 9


def followed(path: Path, detector: MtcnnDetector, finder: MeshFinder) -> tuple[dict[int, list[Doubles]], int, float]:
    """Return each track's points in frames with a mesh, how often a tracked face has none, and the time of a frame."""
    tracker, follower = FaceTracker(detector), MeshFollower(finder)
    points: dict[int, list[Doubles]] = {}
    lost = 0
    with VideoReader(path) as reader:
        times = reader.index.times_s
        for idx in range(len(times)):
            frame = reader.frame(idx)
            faces = {seen.track_id: seen.face for seen in tracker.update(frame)}
            meshes = follower.step(frame.image, faces)
            lost += len(faces) - len(meshes)
            for track, mesh in meshes.items():
                points.setdefault(track, []).append(np.asarray(mesh.points[:, :2], np.float64))
    return points, lost, float(np.median(np.diff(times))) if len(times) > 1 else 1.0


def jitter(points: Doubles) -> Doubles:
    """Return each point's root mean square distance from the mean of the frames around: F×P×2 to P."""
    windows = np.lib.stride_tricks.sliding_window_view(points, AROUND, axis=0)
    off = windows[..., AROUND // 2] - windows.mean(axis=-1)
    return np.asarray(np.sqrt((off**2).sum(axis=-1).mean(axis=0)), np.float64)


def stillest(points: Doubles, length: int, frames: float) -> Doubles:
    """Return the stretch in which the point that moves furthest moves least."""
    slow = gaussian_filter1d(points, frames, axis=0)
    starts = range(max(1, len(points) - length + 1))
    first = min(starts, key=lambda start: float(np.ptp(slow[start : start + length], axis=0).max()))
    return points[first : first + length]


def main() -> int:
    """Follow the faces of the clips and print the results."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("media", type=Path, help="folder of the clips")
    args = parser.parse_args()
    detector, finder = MtcnnDetector("cpu"), MeshFinder("cpu")
    for path in sorted(args.media.iterdir()):
        if path.suffix.lower() not in ENDINGS:
            continue
        tracks, lost, frame_s = followed(path, detector, finder)
        found = sum(len(points) for points in tracks.values())
        print(f"{path.name}: {found + lost} tracked faces, {lost} without a mesh")
        longest = np.array(max(tracks.values(), key=len, default=[]))
        if len(longest) <= AROUND:
            continue
        still = stillest(longest, round(1 / frame_s), 3)
        eyes = landmarks_5(still)
        unit = float(np.linalg.norm(eyes[:, 1] - eyes[:, 0], axis=1).mean()) / 100
        raw, smooth = (jitter(each) / unit for each in (still, gaussian_filter1d(still, SMOOTH_S / frame_s, axis=0)))
        for name, values in (("as found", raw), ("smoothed", smooth)):
            print(f"  {name}: median {np.median(values):.2f} %, 95th percentile {np.percentile(values, 95):.2f} %")
    return 0


if __name__ == "__main__":
    sys.exit(main())
