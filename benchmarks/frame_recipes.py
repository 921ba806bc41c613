"""The size and CPU time of the frame networks: `python benchmarks/frame_recipes.py`.

Each recipe is built with fresh weights (time does not depend on them), written to ONNX in its own process and run on
one thread. The files take turns, and the medians are printed as a table for docs/models.md. The last column is the time
of one face at batch 16 relative to the student's.
"""

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import torch

from app.inference.quantise import milliseconds
from app.learning.frame.networks import NETWORKS, build


def write(name: str, folder: Path) -> Path:
    """Write a recipe with fresh weights as an ONNX file and return its path."""
    checkpoint = folder / f"{name}.pt"
    torch.save({"recipe": name, "average": build(name).state_dict()}, checkpoint)
    out = folder / f"{name}.onnx"
    command = [sys.executable, "-m", "app.learning.frame.export", "--checkpoint", str(checkpoint), "--out", str(out)]
    subprocess.run(command, check=True, stderr=subprocess.DEVNULL)
    return out


def main() -> None:
    """Measure the recipes and print the table."""
    line = argparse.ArgumentParser(description=__doc__)
    line.add_argument("--repeats", type=int, default=15)
    line.add_argument("--recipe", action="append", choices=sorted(NETWORKS), help="only this one (repeat for several)")
    given = line.parse_args()
    torch.set_num_threads(1)
    names = sorted({*(given.recipe or NETWORKS), "student"})
    with tempfile.TemporaryDirectory() as place:
        paths = [write(name, Path(place)) for name in names]
        faces = np.random.default_rng(0).integers(0, 256, (16, 1, 48, 48)).astype(np.float32)
        one = milliseconds(paths, {"face": faces[:1]}, given.repeats)
        many = milliseconds(paths, {"face": faces}, max(3, given.repeats // 3))
        base = many[names.index("student")]
        print("| recipe | parameters | MB | ms, batch 1 | ms, batch 16 | × student |")
        print("| --- | --- | --- | --- | --- | --- |")
        for name, path, single, sixteen in zip(names, paths, one, many, strict=True):
            count = sum(p.numel() for p in build(name).parameters())
            size = path.stat().st_size / 1e6
            print(f"| {name} | {count:,} | {size:.1f} | {single:.1f} | {sixteen:.1f} | {sixteen / base:.2f} |")


if __name__ == "__main__":
    main()
