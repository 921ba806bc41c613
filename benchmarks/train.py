"""The cost of the training loop beside a bare torch loop, and the time that the feature cache saves.

    python benchmarks/train.py [--clip CLIP] [--json OUT]

Both loops use the same network, data and batches and take turns in one run; medians are printed. Targets: a ratio of
≥ 0.9; the second reading of a clip's features is ≥ 10× as fast as the first.
"""

import argparse
import contextlib
import io
import json
import os
import statistics
import tempfile
import time
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy as np
import torch

from app.domain.recipes import find_recipe
from app.domain.snapshot import Snapshot
from app.inference.cards import find_model
from app.inference.face_frame import FaceFrameModel
from app.inference.session import open_model
from app.jobs import Context
from app.learning.affect.build import build_network
from app.learning.affect.fit import AffectTask
from app.learning.affect.losses import affect_loss
from app.learning.affect.run import prepare
from app.learning.process import loop
from app.media.probe import media_hash
from app.services.retrain.faces import FaceBank, features
from app.synthetic.demo_clip import place_demo

FRAMES, SEQUENCES, WIDTH, POINTS = 100, 48, 320, 10


def made_up(seed: int = 0) -> Snapshot:
    """Return a snapshot of the shipped model's width, filled with noise, since only speed is measured."""
    rng = np.random.default_rng(seed)
    n = FRAMES * SEQUENCES
    return Snapshot(
        features=rng.normal(size=(n, WIDTH)).astype(np.float32),
        landmarks=rng.normal(size=(n, POINTS)).astype(np.float32),
        images=None,
        target=rng.uniform(-1, 1, (n, 2)).astype(np.float32),
        times_s=np.tile(np.arange(FRAMES) / 25, SEQUENCES),
        sequence=np.repeat(np.arange(SEQUENCES, dtype=np.int32), FRAMES),
        subject=np.repeat(np.arange(SEQUENCES, dtype=np.int32) % 12, FRAMES),
        clip=np.repeat(np.arange(SEQUENCES, dtype=np.int32), FRAMES),
        subjects=tuple(f"S{i}" for i in range(12)),
        clips=tuple(f"c{i}" for i in range(SEQUENCES)),
        manifest={},
        sha256="benchmark",
    )


def bare_epoch(
    network: torch.nn.Module,
    optimiser: torch.optim.Optimizer,
    x: torch.Tensor,
    points: torch.Tensor,
    target: torch.Tensor,
    batch: int,
) -> None:
    """Train one epoch as written by hand: tensors ready in memory, no weights, no resuming, no journal."""
    network.train()
    for rows in torch.randperm(len(x)).split(batch):  # type: ignore[no-untyped-call]
        predicted = network(x[rows], points[rows])
        one = torch.ones(predicted.shape[0] * predicted.shape[1])
        loss = affect_loss(predicted.flatten(0, 1), target[rows].flatten(0, 1), one)
        optimiser.zero_grad(set_to_none=True)
        torch.autograd.backward(loss)
        torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimiser.step()


def training_speed(rounds: int) -> dict[str, float]:
    """Return the frames per second of both loops over the same sequences."""
    snapshot, recipe = made_up(), find_recipe("gru_head")
    values = recipe.values({"balance": "no"})
    with tempfile.TemporaryDirectory() as place:
        run = prepare(recipe, values, snapshot, Path(place), torch.device("cpu"))
        task = AffectTask(run)
        first = np.array([each.first for each in task.stretches])
        rows = first[:, None] + np.arange(FRAMES)
        x, points = torch.from_numpy(snapshot.features[rows]), torch.from_numpy(snapshot.landmarks[rows])
        target = torch.from_numpy(snapshot.target[rows])
        bare = build_network(recipe, values, snapshot)
        optimiser = torch.optim.AdamW(bare.parameters(), lr=1e-3)
        ours_s, bare_s = [], []
        for turn in range(rounds + 1):
            began = time.process_time()
            with contextlib.redirect_stdout(io.StringIO()):
                loop.train_epoch(run, task)
            middle = time.process_time()
            bare_epoch(bare, optimiser, x, points, target, run.batch)
            if turn:  # the first turn warms up
                ours_s.append(middle - began)
                bare_s.append(time.process_time() - middle)
            run.epoch += 1
    n = len(task.stretches) * FRAMES
    ours, theirs = n / statistics.median(ours_s), n / statistics.median(bare_s)
    return {"frames_per_s": ours, "bare_frames_per_s": theirs, "ratio": ours / theirs}


def cache_speed(given: Path | None) -> dict[str, float]:
    """Return the CPU seconds that this process takes for a clip's features the first and the second time."""
    card = find_model(None)
    model = FaceFrameModel(open_model(card, "cpu", file="model" if "model" in card.files else None), card)
    with tempfile.TemporaryDirectory() as place:
        os.environ["AFFECTOGRAPH_HOME"] = place
        clip = given or place_demo(Path(place) / "demo.mp4").path
        digest, seconds = media_hash(clip, Context()), []
        for _ in range(2):
            began = time.process_time()
            faces = FaceBank(model.crop_geometry, "cpu").faces(clip, digest, Context())
            features(model, faces, np.arange(len(faces.times_s)))
            seconds.append(time.process_time() - began)
    return {"first_s": seconds[0], "second_s": seconds[1], "ratio": seconds[0] / seconds[1]}


def main() -> None:
    """Measure and print the results."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--clip", type=Path, help="the clip whose features are read; default: the demo clip")
    parser.add_argument("--json", type=Path)
    args = parser.parse_args()
    torch.set_num_threads(1)
    speed, cache = training_speed(args.rounds), cache_speed(args.clip)
    print(f"training: {speed['frames_per_s']:.0f} frames/s, bare torch loop {speed['bare_frames_per_s']:.0f}", end="")
    print(f" — ratio {speed['ratio']:.2f} (target ≥ 0.9)")
    print(f"features: first {cache['first_s']:.2f} s, again {cache['second_s']:.3f} s", end="")
    print(f" — ratio {cache['ratio']:.0f} (target ≥ 10)")
    if args.json:
        args.json.write_text(json.dumps({"training": speed, "features": cache}, indent=1) + "\n")


if __name__ == "__main__":
    main()
