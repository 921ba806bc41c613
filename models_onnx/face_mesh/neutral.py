"""Makes neutral.csv: the average face, against which head pose and facial measures are taken.

It is the mean of the meshes that the network finds in FER2013's training images, each put upon the others by
a similarity transform, and made symmetric. Its upright position is that of MediaPipe's canonical face, given by twelve
of its published points. x right, y down, z away from the viewer, in centimetres of that face. Run in the clone:

    python models_onnx/face_mesh/neutral.py --data FOLDER/fer2013_train_0.npz
"""

import argparse
import sys
from pathlib import Path

import cv2
import numpy as np
from scipy.optimize import linear_sum_assignment

from app.domain.faces import Face
from app.faces.head_pose import similarity
from app.faces.mesh import MeshFinder

HERE = Path(__file__).resolve().parent
COUNT = 300
PUBLISHED = {
    133: (-1.8564320, -4.2121100, 3.7177000),
    362: (1.8564320, -4.2121100, 3.7177000),
    33: (-4.4458590, -4.2908560, 4.3021820),
    263: (4.4458590, -4.2908560, 4.3021820),
    1: (0.0, -0.5, 0.0),
    61: (-2.4562060, 2.7157560, 3.1917200),
    291: (2.4562060, 2.7157560, 3.1917200),
    152: (0.0, 7.7765130, 3.2111120),
    48: (-1.6086350, -0.6843490, 1.6614110),
    278: (1.6086350, -0.6843490, 1.6614110),
    105: (-3.9865620, -6.7363520, 3.0092890),
    334: (3.9865620, -6.7363520, 3.0092890),
}
"""Twelve points of MediaPipe's canonical face, y down and z away from the viewer, from the tip of the nose."""


def main() -> int:
    """Find meshes, average them and write the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="fer2013_train_0.npz")
    args = parser.parse_args()
    with np.load(args.data) as data:
        images = data["images"][:COUNT]
    finder = MeshFinder("cpu")
    middle = np.array([[62, 76], [130, 76], [96, 112], [70, 140], [122, 140]], np.float32)
    face = Face(np.array([20, 20, 152, 152], np.float32), middle, 1.0)
    meshes = []
    for image in images:
        large = cv2.resize(image, (192, 192), interpolation=cv2.INTER_CUBIC)
        mesh = finder.find(np.repeat(large[:, :, None], 3, 2), [face])[0]
        if mesh is not None and mesh.presence > 0.9:
            meshes.append(np.asarray(mesh.points[:468], np.float64))
    names = list(PUBLISHED)
    wanted = np.array([PUBLISHED[i] for i in names])
    mean = meshes[0]
    scale, turn, shift = similarity(mean[names], wanted)
    mean = scale * mean @ turn.T + shift
    for _ in range(5):
        moved = []
        for mesh in meshes:
            scale, turn, shift = similarity(mesh, mean)
            moved.append(scale * mesh @ turn.T + shift)
        mean = np.median(moved, axis=0)
        flipped = mean * (-1, 1, 1)
        pairs = linear_sum_assignment(np.square(mean[:, None] - flipped[None]).sum(axis=2))[1]
        if (pairs[pairs] != np.arange(468)).any():
            raise SystemExit("the average face is too lopsided to find which point mirrors which")
        mean = (mean + flipped[pairs]) / 2
        scale, turn, shift = similarity(mean[names], wanted)
        mean = scale * mean @ turn.T + shift
    rows = ["point,mirror,x,y,z"]
    rows += [f"{i},{pairs[i]},{x:.4f},{y:.4f},{z:.4f}" for i, (x, y, z) in enumerate(mean)]
    (HERE / "neutral.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    off = np.linalg.norm(mean[names] - wanted, axis=1)
    print(f"{len(meshes)} of {len(images)} images; {off.mean():.2f} cm from the published points on average")
    return 0


if __name__ == "__main__":
    sys.exit(main())
