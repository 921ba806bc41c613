"""Finds eyes and mouth in a face crop and turns it upright: a small network in front of the frame networks.

FER2013 faces are tilted and of different sizes; on aligned faces the same network is right more often. The localiser is
trained on MTCNN's landmarks and is part of the exported file, so that images without landmarks are aligned, too.

`python -m app.learning.frame.localise --data DIR --out localiser.pt`
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt
import onnx
import torch
from onnx import numpy_helper
from torch import Tensor, nn
from torch.nn import functional as F

from app.domain.training_events import DONE
from app.errors import UserError
from app.faces.mtcnn import MtcnnDetector
from app.learning.blocks.frame_net import Standardise
from app.learning.frame.data import load_train
from app.learning.process import checkpoint, program

SCALE = 0.42
"""Wanted length of the larger of two distances, between the eyes and from eyes to mouth, as a share of the side."""
EYE_Y = 0.40
"""Wanted height of the eyes from the top, as a share of the side."""
VIEW = 42 / 48
"""Share of the aligned face that the networks see, equal to that of training, in which its place changes."""
ZOOM_RANGE = (0.7, 1.35)
INSIDE = "localiser."
"""Beginning of the names of its weights in the file of a frame model."""
MAX_SINE = 0.5

Floats = npt.NDArray[np.float32]


class Localiser(nn.Module):
    """A network of three strided convolutions and two fully connected layers."""

    def __init__(self, widths: tuple[int, int, int] = (24, 48, 64), hidden: int = 128) -> None:
        super().__init__()
        first, second, third = widths
        self.prepare = Standardise()
        self.body = nn.Sequential(
            nn.Conv2d(1, first, 5, 2, 2, bias=False),
            nn.BatchNorm2d(first),
            nn.ReLU(inplace=True),
            nn.Conv2d(first, second, 3, 2, 1, bias=False),
            nn.BatchNorm2d(second),
            nn.ReLU(inplace=True),
            nn.Conv2d(second, third, 3, 2, 1, bias=False),
            nn.BatchNorm2d(third),
            nn.ReLU(inplace=True),
        )
        self.head = nn.Sequential(nn.Linear(third * 36, hidden), nn.ReLU(inplace=True), nn.Linear(hidden, 10))

    def forward(self, face: Tensor) -> Tensor:
        """Map N×1×48×48 grey, 0…255, to N×5×2 landmarks (eyes, nose, mouth corners), x and y in −1…1 over the image."""
        found: Tensor = self.head(self.body(self.prepare(face)).flatten(1))
        return found.reshape(-1, 5, 2)


def alignment(landmarks: Tensor) -> Tensor:
    """Return the affine maps from the aligned face to the face as given, for `affine_grid`.

    The geometry is that of `app.faces.alignment` for "eyes": the eyes are level at `EYE_Y`, and the larger of eye
    distance and eye–mouth distance is `SCALE`. Zoom and turn are limited, because landmarks may be wrong.

    Args:
        landmarks: N×5×2 in −1..1.

    Returns:
        N×2×3.
    """
    eyes, mouth = landmarks[:, :2].mean(dim=1), landmarks[:, 3:].mean(dim=1)
    across, down = landmarks[:, 1] - landmarks[:, 0], mouth - eyes
    wide = torch.sqrt((across * across).sum(dim=1) + 1e-6)
    high = torch.sqrt((down * down).sum(dim=1) + 1e-6)
    zoom = (torch.maximum(wide, high) / (2 * SCALE)).clamp(*ZOOM_RANGE)
    sine = (across[:, 1] / wide).clamp(-MAX_SINE, MAX_SINE)
    cosine = torch.sqrt(1 - sine * sine)
    height = 2 * EYE_Y - 1
    top = torch.stack([zoom * cosine, -zoom * sine, eyes[:, 0] + zoom * sine * height], dim=1)
    bottom = torch.stack([zoom * sine, zoom * cosine, eyes[:, 1] - zoom * cosine * height], dim=1)
    return torch.stack([top, bottom], dim=1)


def zoomed(theta: Tensor, view: float) -> Tensor:
    """Return maps N×2×3 that show only the middle of what the maps `theta` show; `view` is the share of the side."""
    return torch.cat([theta[:, :, :2] * view, theta[:, :, 2:]], dim=2)


def align(face: Tensor, theta: Tensor, side: int) -> Tensor:
    """Resample N×1×48×48 faces through N×2×3 maps to N×1×side×side; outside the image, its edge is repeated."""
    axis = (torch.arange(side, dtype=face.dtype, device=face.device) + 0.5) * (2 / side) - 1
    across = axis.reshape(1, 1, side)
    down = axis.reshape(1, side, 1)
    place = theta.reshape(-1, 2, 3, 1, 1)
    x = place[:, 0, 0] * across + place[:, 0, 1] * down + place[:, 0, 2]
    y = place[:, 1, 0] * across + place[:, 1, 1] * down + place[:, 1, 2]
    grid = torch.stack([x, y], dim=3)
    return F.grid_sample(face, grid, mode="bilinear", padding_mode="border", align_corners=False)


def load_localiser(path: Path) -> Localiser:
    """Read a localiser, and put it into evaluation mode.

    Args:
        path: A checkpoint that `main` wrote, or the ONNX file of a frame model that holds a localiser, as the shipped
            one does.

    Raises:
        UserError: The file is missing or damaged, or the frame model has no localiser.
    """
    net = Localiser().eval()
    net.load_state_dict(_inside(path, net) if path.suffix == ".onnx" else checkpoint.read(path))
    return net


def _inside(path: Path, net: Localiser) -> dict[str, Tensor]:
    """Return the weights of the localiser in a frame model, whose file has the normalisation in its convolutions."""
    found = {
        tensor.name.removeprefix(INSIDE): torch.from_numpy(numpy_helper.to_array(tensor).copy())
        for tensor in onnx.load(str(path)).graph.initializer
        if tensor.name.startswith(INSIDE)
    }
    state = net.state_dict()
    if "head.0.weight" not in found:
        raise UserError(f"{path} has no localiser.", "Name a checkpoint of one, or the shipped face model.")
    for number, layer in enumerate(net.body):
        if isinstance(layer, nn.BatchNorm2d):
            state[f"body.{number}.weight"].fill_(1.0)
            state[f"body.{number}.running_mean"].zero_()
            state[f"body.{number}.running_var"].fill_(1.0 - layer.eps)
            # The exporter leaves out a bias of zeros.
            state[f"body.{number}.bias"] = found.pop(f"body.{number - 1}.weight_bias", torch.zeros(layer.num_features))
    return {**state, **found}


def maps_of(localiser: Localiser, images: npt.NDArray[np.uint8], batch: int = 512) -> Tensor:
    """Return the alignment N×2×3 of N×48×48 uint8 images."""
    parts = []
    with torch.inference_mode():
        for start in range(0, len(images), batch):
            faces = torch.from_numpy(images[start : start + batch]).unsqueeze(1).float()
            parts.append(alignment(localiser(faces)))
    return torch.cat(parts).clone()


def taught_landmarks(images: npt.NDArray[np.uint8], least_score: float = 0.9) -> tuple[Floats, npt.NDArray[np.intp]]:
    """Return MTCNN's landmarks of the faces of which its output network is sure.

    Args:
        images: N×48×48.
        least_score: Faces with a lower score are left out.

    Returns:
        K×5×2 float32 in −1..1 over the image, and the K rows they belong to.
    """
    detector = MtcnnDetector("cpu")
    points, rows = [], []
    for row, image in enumerate(images):
        large = cv2.resize(image, (96, 96), interpolation=cv2.INTER_LINEAR)
        framed = cv2.cvtColor(cv2.copyMakeBorder(large, 24, 24, 24, 24, cv2.BORDER_REPLICATE), cv2.COLOR_GRAY2RGB)
        start = np.array([[28.0, 24.0, 88.0, 96.0]], np.float32)
        first = detector.refine(np.asarray(framed, np.uint8), start)[0]
        face = first and detector.refine(np.asarray(framed, np.uint8), first.box[None])[0]
        if face is None or face.score < least_score:
            continue
        points.append((face.landmarks - 24 + 0.5) / 48 - 1)
        rows.append(row)
    return np.stack(points).astype(np.float32), np.array(rows)


def _bend(faces: Tensor, points: Tensor, rng: torch.Generator) -> tuple[Tensor, Tensor]:
    """Return one random similarity and mirror image for faces N×1×48×48 and their landmarks N×5×2."""
    n = len(faces)
    angle = torch.randn(n, generator=rng) * 0.2
    zoom = torch.exp(torch.randn(n, generator=rng) * 0.12)
    flip = torch.where(torch.rand(n, generator=rng) < 0.5, -1.0, 1.0)
    shift = torch.randn(n, 2, generator=rng) * 0.08
    cosine, sine = zoom * torch.cos(angle), zoom * torch.sin(angle)
    turn = torch.stack([torch.stack([cosine * flip, -sine], 1), torch.stack([sine * flip, cosine], 1)], 1)
    bent = align(faces, torch.cat([turn, shift.unsqueeze(2)], dim=2), faces.shape[-1])
    moved = torch.linalg.solve(turn, (points - shift.unsqueeze(1)).transpose(1, 2)).transpose(1, 2)
    mirrored = moved[:, [1, 0, 2, 4, 3]]
    contrast = torch.exp(torch.randn(n, 1, 1, 1, generator=rng) * 0.2)
    noise = torch.randn(bent.shape, generator=rng) * (6 * torch.rand(n, 1, 1, 1, generator=rng))
    return (bent * contrast + noise).clamp(0, 255), torch.where(flip.view(n, 1, 1) < 0, mirrored, moved)


def teach(
    images: npt.NDArray[np.uint8], points: Floats, epochs: int, seed: int, batch: int = 128
) -> tuple[Localiser, float]:
    """Train a localiser; the last tenth of the images is held back.

    Args:
        images: N×48×48.
        points: N×5×2 in −1..1.
        epochs: Number of times that each image is shown.
        seed: Seed of weights, order and augmentation.
        batch: Number of images in a step.

    Returns:
        The network in evaluation mode and its mean landmark error on the images held back, as a share of the side.
    """
    torch.manual_seed(seed)
    rng = torch.Generator().manual_seed(seed)
    net = Localiser()
    faces, marks = torch.from_numpy(images).unsqueeze(1), torch.from_numpy(points)
    held = max(1, len(images) // 10)
    n = len(images) - held
    steps = max(1, n // batch) * epochs
    optimiser = torch.optim.AdamW(net.parameters(), lr=3e-3, weight_decay=1e-3)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, 3e-3, total_steps=steps + 1)
    for _ in range(epochs):
        order = torch.randperm(n, generator=rng)
        for start in range(0, max(n - batch, 0) + 1, batch):
            rows = order[start : start + batch]
            bent, wanted = _bend(faces[rows].float(), marks[rows], rng)
            loss = F.smooth_l1_loss(net(bent), wanted, beta=0.05)
            optimiser.zero_grad(set_to_none=True)
            torch.autograd.backward(loss)
            optimiser.step()
            if schedule.last_epoch < steps:
                schedule.step()
    net.eval()
    with torch.inference_mode():
        error = torch.linalg.vector_norm(net(faces[n:].float()) - marks[n:], dim=2).mean() / 2
    return net, float(error)


def _teach(given: argparse.Namespace) -> None:
    torch.set_num_threads(1)
    images = load_train(given.data).images
    images = images[np.random.default_rng(given.seed).permutation(len(images))[: given.images]]
    points, rows = taught_landmarks(images)
    net, error = teach(images[rows], points, given.epochs, given.seed)
    checkpoint.write(given.out, net.state_dict())
    program.tell(DONE, images=len(images), taught=len(rows), held_back_error=error)


def main(argv: Sequence[str] | None = None) -> int:
    """Parse the arguments, do the work, and return the exit status; see `app.learning.process.program.run`."""
    parser = program.arguments("app.learning.frame.localise", "Teach the network that aligns faces.")
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--images", type=int, default=12000, help="number of training images")
    parser.add_argument("--epochs", type=int, default=12)
    parser.add_argument("--seed", type=int, default=0)
    return program.run(parser, _teach, argv)


if __name__ == "__main__":
    sys.exit(main())
