"""The cost of the measures of one face, and how well single measures separate the classes of labelled stills.

    python -m benchmarks.measures                            # milliseconds of one core, a face and frame
    python -m benchmarks.measures --data fer2013_valid.npz   # and areas under the curve; stills have no neutral face

The program prints medians of the processor time of single runs on one thread, which take turns. The face is that of the
portrait that comes with the program.
"""

import argparse
import statistics
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from app.domain.faces import Face
from app.domain.measures import NAMES
from app.faces.face_measures import measure
from app.faces.head_pose import head_pose, head_rotation
from app.faces.mesh import MeshFinder
from app.faces.mtcnn import MtcnnDetector
from app.inference.cards import find_model, verify_file
from app.inference.runtime import ort

PORTRAIT: Final = Path(__file__).resolve().parent.parent / "app" / "synthetic" / "assets" / "portrait.png"
SIDE: Final = 192
FIVE: Final = np.array([[62, 76], [130, 76], [96, 112], [70, 140], [122, 140]], np.float32)
"""Where the landmarks of an image of FER2013 lie, enlarged to 192 pixels, roughly."""
PAIRS: Final = (
    ("happy", "corner_pull"),
    ("surprise", "eye_open_left"),
    ("surprise", "lid_raise"),
    ("surprise", "jaw_drop"),
    ("angry", "brow_lower"),
)


def medians_ms(works: Mapping[str, Callable[[], Any]], runs: int) -> dict[str, float]:
    """Return the median milliseconds of one core of each function; they take turns, so that all meet the same load."""
    spent: dict[str, list[float]] = {name: [] for name in works}
    for _ in range(runs + 1):
        for name, work in works.items():
            began_s = time.process_time()
            work()
            spent[name].append(1000 * (time.process_time() - began_s))
    return {name: statistics.median(times[1:]) for name, times in spent.items()}


def plain_network(name: str, batch: int, side: int) -> Callable[[], Any]:
    """Return a function that runs the file of a network once in ONNX Runtime alone, on one thread."""
    options = ort.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    session = ort.InferenceSession(
        str(verify_file(find_model(name), None)), options, providers=["CPUExecutionProvider"]
    )
    image = np.random.default_rng(0).random((batch, 3, side, side), np.float32)
    return lambda: session.run(None, {"image": image})


def cost(finder: MeshFinder, runs: int) -> None:
    """Print the cost of one face beside that of the networks alone, and that of the detector for comparison."""
    rgb = np.asarray(cv2.cvtColor(np.asarray(cv2.imread(str(PORTRAIT))), cv2.COLOR_BGR2RGB), np.uint8)
    detector = MtcnnDetector("cpu")
    face = detector.detect(rgb)[0]
    mesh = finder.find(rgb, [face])[0]
    if mesh is None:
        raise SystemExit("the portrait shows no mesh")
    known = [mesh]

    def told() -> None:
        turn = head_rotation(mesh.points)
        head_pose(mesh.points, 400, 225, turn=turn)
        measure(mesh.points, turn)

    rows = {
        "followed by its own points": lambda: finder.follow(rgb, known),
        "pose and measures of a mesh": told,
        "network face_mesh alone": plain_network("face_mesh", 1, 192),
        "network iris alone, both eyes": plain_network("iris", 2, 64),
        "found anew": lambda: finder.find(rgb, [face]),
        "MTCNN's look at the same face": lambda: detector.refine(rgb, [face.box]),
        "MTCNN's search of the frame": lambda: detector.detect(rgb),
    }
    spent = medians_ms(rows, runs)
    for name, ms in spent.items():
        print(f"{name}: {ms:.1f} ms")
    ours, bound = (sum(list(spent.values())[i] for i in pair) for pair in ((0, 1), (2, 3)))
    print(f"a face and frame: {ours:.1f} ms, its networks alone {bound:.1f} ms, ratio {ours / bound:.2f}")


def curve_area(wanted: NDArray[np.bool_], values: NDArray[np.float64]) -> float:
    """Return the area under the ROC curve: how often a wanted image has the larger value."""
    from sklearn.metrics import roc_auc_score

    return float(roc_auc_score(wanted, values))


def separation(finder: MeshFinder, path: Path, limit: int) -> None:
    """Print how well single measures separate the classes of labelled stills."""
    with np.load(path) as data:
        images, labels, classes = data["images"][:limit], data["fer_label"][:limit], data["fer_classes"].tolist()
    face = Face(np.array([20, 20, 152, 152], np.float32), FIVE, 1.0)
    rows, kept = [], []
    for image, label in zip(images, labels, strict=True):
        large = cv2.resize(image, (SIDE, SIDE), interpolation=cv2.INTER_CUBIC)
        mesh = finder.find(np.repeat(np.asarray(large, np.uint8)[:, :, None], 3, 2), [face])[0]
        if mesh is not None:
            rows.append(measure(mesh.points))
            kept.append(int(label))
    table, said = np.array(rows), np.array(kept)
    print(f"{len(said)} of {len(images)} images show a mesh")
    for name, column in PAIRS:
        if name not in classes:
            continue
        wanted = said == classes.index(name)
        if 0 < wanted.sum() < len(wanted):
            print(f"{column} separates {name}: AUC {curve_area(wanted, table[:, NAMES.index(column)]):.2f}")


def main() -> int:
    """Measure and print the results."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=50, help="number of runs for each row")
    parser.add_argument("--data", type=Path, help="labelled stills, such as fer2013_valid.npz")
    parser.add_argument("--limit", type=int, default=700, help="largest number of images")
    args = parser.parse_args()
    cv2.setNumThreads(1)
    finder = MeshFinder("cpu")
    cost(finder, args.runs)
    if args.data:
        separation(finder, args.data, args.limit)
    return 0


if __name__ == "__main__":
    sys.exit(main())
