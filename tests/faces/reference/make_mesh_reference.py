"""Makes face_mesh.npz: what the networks of face_mesh and iris answer under the original runtime, TensorFlow Lite.

Run in an environment of its own (`pip install ai-edge-litert==2.3.0 opencv-python-headless`), in the clone:

    python tests/faces/reference/make_mesh_reference.py --wheel mediapipe-0.10.14-….whl

With `--shared FOLDER` and onnxruntime installed it writes nothing, but runs the original files and our ONNX files side
by side over the shared media and 200 training images, and prints the largest differences.
"""

import argparse
import sys
import zipfile
from pathlib import Path

import cv2
import numpy as np
from ai_edge_litert.interpreter import Interpreter

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[2]
PORTRAIT = ROOT / "app" / "synthetic" / "assets" / "portrait.png"
FACE = (0.2825, 0.078, 0.43)
"""Left edge, top edge and side of the square around the portrait's face, as shares of the picture's width."""
EYES = ((0.39, 0.195, 0.115), (0.49, 0.195, 0.115))


class Original:
    """One TensorFlow Lite network."""

    def __init__(self, wheel: Path, name: str) -> None:
        with zipfile.ZipFile(wheel) as archive:
            data = archive.read(f"mediapipe/modules/{name}/{name}.tflite")
        self.net = Interpreter(model_content=data, num_threads=1)
        self.net.allocate_tensors()
        self.input = self.net.get_input_details()[0]["index"]
        self.outputs = [detail["index"] for detail in self.net.get_output_details()]

    def run(self, crop: np.ndarray) -> list[np.ndarray]:
        """The answers to one uint8 RGB crop, in the order of the file's outputs."""
        self.net.set_tensor(self.input, crop[None].astype(np.float32) / 255)
        self.net.invoke()
        return [self.net.get_tensor(index).ravel() for index in self.outputs]


def square(rgb: np.ndarray, left: float, top: float, share: float, side: int) -> np.ndarray:
    """A square part of a picture, resized."""
    width = rgb.shape[1]
    x, y, size = round(left * width), round(top * width), round(share * width)
    return cv2.resize(rgb[y : y + size, x : x + size], (side, side), interpolation=cv2.INTER_AREA)


def crops() -> tuple[np.ndarray, np.ndarray]:
    """Three crops for the face network, the last without a face, and three for the eye network."""
    rgb = cv2.cvtColor(cv2.imread(str(PORTRAIT)), cv2.COLOR_BGR2RGB)
    face = square(rgb, *FACE, 192)
    turn = cv2.getRotationMatrix2D((95.5, 95.5), 12, 0.9)
    turned = cv2.warpAffine(face[:, ::-1], turn, (192, 192), borderMode=cv2.BORDER_REPLICATE)
    ramp = np.repeat(np.linspace(0, 255, 192).astype(np.uint8)[:, None, None], 192, 1).repeat(3, 2)
    eyes = [square(rgb, *place, 64) for place in EYES]
    return np.stack([face, turned, ramp]), np.stack([*eyes, eyes[1][:, ::-1]])


def compare(wheel: Path, shared: Path) -> None:
    """Print the largest difference of each output over the shared media and 200 training images."""
    import onnxruntime as ort

    pictures = [cv2.cvtColor(cv2.imread(str(shared / "media" / "multi_face.jpg")), cv2.COLOR_BGR2RGB)]
    for clip in sorted((shared / "media").glob("*.m*")):
        video = cv2.VideoCapture(str(clip))
        for _ in range(20):
            read, bgr = video.read()
            if read:
                pictures.append(cv2.cvtColor(bgr, cv2.COLOR_BGR2RGB))
    with np.load(shared / "data" / "fer2013_train_0.npz") as data:
        grey = data["images"][:200]
    pictures += [np.repeat(image[:, :, None], 3, 2).astype(np.uint8) for image in grey]
    for folder, name, side, outputs in (
        ("face_mesh", "face_landmark", 192, ("points", "presence")),
        ("iris", "iris_landmark", 64, ("contour", "iris")),
    ):
        original = Original(wheel, name)
        ours = ort.InferenceSession(ROOT / "models_onnx" / folder / "model.onnx", providers=["CPUExecutionProvider"])
        worst, width = [0.0, 0.0], []
        for picture in pictures:
            crop = cv2.resize(picture, (side, side), interpolation=cv2.INTER_AREA)
            wanted = original.run(crop)
            got = ours.run(list(outputs), {"image": crop[None].transpose(0, 3, 1, 2).astype(np.float32) / 255})
            worst = [max(a, float(np.abs(b - c.ravel()).max())) for a, b, c in zip(worst, wanted, got, strict=True)]
            points = wanted[0].reshape(-1, 3)
            width.append(float(np.ptp(points[:, 0])))
        print(f"{folder}: {len(pictures)} pictures, points {np.median(width):.0f} pixels wide (median)")
        for output, value in zip(outputs, worst, strict=True):
            print(f"  {output}: largest difference {value:.2g}")


def main() -> int:
    """Write the reference values, or compare."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--wheel", type=Path, required=True, help="the wheel of mediapipe 0.10.14")
    parser.add_argument("--shared", type=Path, help="folder with media/ and data/: compare, write nothing")
    args = parser.parse_args()
    if args.shared:
        compare(args.wheel, args.shared)
        return 0
    faces, eyes = crops()
    face, iris = Original(args.wheel, "face_landmark"), Original(args.wheel, "iris_landmark")
    points, presence = zip(*(face.run(crop) for crop in faces), strict=True)
    contour, pupil = zip(*(iris.run(crop) for crop in eyes), strict=True)
    np.savez_compressed(
        HERE / "face_mesh.npz",
        faces=faces,
        eyes=eyes,
        points=np.stack(points).reshape(-1, 468, 3),
        presence=np.stack(presence),
        contour=np.stack(contour).reshape(-1, 71, 3),
        iris=np.stack(pupil).reshape(-1, 5, 3),
    )
    print(f"presence {np.stack(presence).ravel().round(2).tolist()}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
