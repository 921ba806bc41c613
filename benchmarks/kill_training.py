"""Kill a training at random moments, resume it, and compare its result with that of an unbroken training.

    python benchmarks/kill_training.py [--kills 10] [--epochs 40] [--seed 0]

The metrics must be equal to 1e-6 on the CPU.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from app.domain.snapshot import save_snapshot

SETTINGS = {"units": 24, "hidden": 24, "length": 40}
PEOPLE, FRAMES = 8, 240


def made_up(place: Path) -> Path:
    """Write a snapshot of people whose valence depends on the features and whose arousal depends on their movement."""
    rng = np.random.default_rng(0)
    t = np.tile(np.arange(FRAMES) / 25, PEOPLE)
    who = np.repeat(np.arange(PEOPLE, dtype=np.int32), FRAMES)
    valence, arousal = 0.8 * np.sin(1.3 * t + who), 0.8 * np.cos(1.3 * t + who)
    features = np.c_[valence, valence**2, rng.normal(0, 0.3, (len(t), 6))] + rng.normal(0, 0.15, (len(t), 8))
    arrays = {
        "features": features.astype(np.float32),
        "landmarks": rng.normal(size=(len(t), 10)).astype(np.float32),
        "target": np.c_[valence, arousal].astype(np.float32),
        "times_s": t,
        "sequence": who,
        "subject": who,
        "clip": who,
    }
    names = [f"S{i}" for i in range(PEOPLE)]
    return save_snapshot(arrays, {"subjects": names, "clips": names}, place)


def command(snapshot: Path, out: Path, epochs: int) -> list[str]:
    """Return the command of the training process."""
    words = [
        "--snapshot",
        str(snapshot),
        "--recipe",
        "gru_head",
        "--out",
        str(out),
        "--device",
        "cpu",
        "--threads",
        "1",
    ]
    settings = SETTINGS | {"epochs": epochs, "patience": epochs}
    words += [word for key, value in settings.items() for word in ("--set", f"{key}={value}")]
    return [sys.executable, "-m", "app.learning.affect.train", *words]


def line_of(process: subprocess.Popen[str]) -> str:
    """Return the next line that the process prints."""
    if process.stdout is None:
        raise ValueError("its output was not asked for")
    return process.stdout.readline()


def held_out_scores(out: Path) -> np.ndarray:
    """Return the CCC of both dimensions on held-out people."""
    test = json.loads((out / "result.json").read_text())["test"]
    return np.array([test["valence"]["ccc"], test["arousal"]["ccc"]])


def main() -> int:
    """Measure and print the results; return 1 if the two ends differ."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=10)
    parser.add_argument("--epochs", type=int, default=40)
    parser.add_argument("--seed", type=int, default=0)
    args = parser.parse_args()
    os.environ["OMP_NUM_THREADS"] = "1"
    rng = np.random.default_rng(args.seed)
    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        snapshot = made_up(place / "snapshots")
        began = time.monotonic()
        subprocess.run(command(snapshot, place / "whole", args.epochs), check=True, stdout=subprocess.DEVNULL)
        whole_s = time.monotonic() - began
        killed = []
        for _ in range(args.kills):
            words = command(snapshot, place / "broken", args.epochs)
            process = subprocess.Popen(words, stdout=subprocess.PIPE, text=True)
            for _ in range(int(rng.integers(1, 6))):
                line_of(process)
            time.sleep(float(rng.uniform(0, whole_s / args.epochs)))
            process.kill()
            process.communicate()
            lines = (place / "broken" / "run.jsonl").read_text().splitlines()
            killed.append(max((json.loads(line).get("epoch", 0) for line in lines if line.endswith("}")), default=0))
        subprocess.run(command(snapshot, place / "broken", args.epochs), check=True, stdout=subprocess.DEVNULL)
        one, other = held_out_scores(place / "whole"), held_out_scores(place / "broken")
    apart = float(np.abs(one - other).max())
    print(f"killed after epochs {killed}; held-out CCC unbroken {one.round(6)}, resumed {other.round(6)}")
    print(f"largest difference {apart:.1e} (target ≤ 1e-6)")
    return 0 if apart <= 1e-6 else 1


if __name__ == "__main__":
    sys.exit(main())
