"""The speed of rendering the synthetic face, against the piecewise-affine warp of scikit-image.

`python benchmarks/synthetic.py [--rounds N]` prints one JSON line with medians over interleaved rounds on one thread.
scikit-image moves the same landmarks of the same portrait to the same places in a 640×360 picture, but draws neither
the inside of the mouth nor eyeballs nor the background. The crops of the actor are timed as training uses them, with
landmarks and noise.
"""

import argparse
import json
import statistics
import time
from collections.abc import Callable
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from skimage.transform import PiecewiseAffineTransform, warp

from app.synthetic.actor import ActorSpec, act
from app.synthetic.canvas import resized
from app.synthetic.demo_clip import demo_rows, demo_truth
from app.synthetic.geometry import control_points
from app.synthetic.layers import photograph
from app.synthetic.portrait import FaceRenderer
from app.synthetic.stage import face_crops

Floats = NDArray[np.floating[Any]]


def library_frame(renderer: FaceRenderer, picture: Floats, row: Floats) -> Floats:
    """Return one picture made by scikit-image, float64 360×640×3."""
    source = np.vstack([*control_points().values(), [(0, 0), (399, 0), (0, 224), (399, 224)]])
    moved = renderer.place.moved(source.astype(np.float32), row).astype(float)
    mapping = PiecewiseAffineTransform.from_estimate(  # type: ignore[no-untyped-call]
        moved, (source + 0.5) * 1.6 - 0.5
    )
    return np.asarray(warp(picture, mapping, output_shape=(360, 640)))  # type: ignore[no-untyped-call]


def seconds(fn: Callable[..., object], *args: object) -> float:
    """Return the wall seconds of one call."""
    began = time.perf_counter()
    fn(*args)
    return time.perf_counter() - began


def main() -> None:
    """Run interleaved rounds and print the medians."""
    line = argparse.ArgumentParser(description=__doc__)
    line.add_argument("--rounds", type=int, default=7)
    rounds = line.parse_args().rounds
    cv2.setNumThreads(1)
    renderer, rows = FaceRenderer(), demo_rows(demo_truth())
    picture = resized(photograph(), 1.6) / 255
    clip = act(ActorSpec(subjects=1, clips_per_subject=1, seconds=1.0))[0]
    ours: list[float] = []
    theirs: list[float] = []
    crops48: list[float] = []
    crops112: list[float] = []
    for i in range(rounds + 1):
        chosen = rows[i * 20 : i * 20 + 20]
        times = [
            seconds(lambda part: [renderer.frame(row) for row in part], chosen) / len(chosen),
            seconds(library_frame, renderer, picture, chosen[0]),
            seconds(face_crops, clip, 48) / len(clip),
            seconds(face_crops, clip, 112) / len(clip),
        ]
        if i:  # the first round warms the caches
            for kept, value in zip((ours, theirs, crops48, crops112), times, strict=True):
                kept.append(value)
    frame, library = statistics.median(ours), statistics.median(theirs)
    print(
        json.dumps(
            {
                "frames_per_s_640x360": round(1 / frame, 1),
                "scikit_image_frames_per_s": round(1 / library, 2),
                "ratio": round(library / frame, 1),
                "crops_per_s_48": round(1 / statistics.median(crops48), 1),
                "crops_per_s_112": round(1 / statistics.median(crops112), 1),
                "rounds": rounds,
            }
        )
    )


if __name__ == "__main__":
    main()
