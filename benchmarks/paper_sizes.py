"""Train every network of the papers at its paper's size for one epoch, export it, and run the file without our code.

    python -m benchmarks.paper_sizes --work DIR
    python -m benchmarks.paper_sizes c3d vgg_fc6 --work DIR --json sizes.json

The items are noise. The benchmark shows that networks of the papers' sizes can be trained and exported to ONNX, and
that the files give the same numbers in a process that has onnxruntime and numpy but none of this program's code.
`difference` is the largest difference from the training's own predictions of held-out items; the export refuses more
than 1e-4. Seconds are processor time of the whole command on one thread. There is no alternative to measure against.
Steps that are finished in `DIR` are not repeated.
"""

import argparse
import json
import math
import os
import resource
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
import onnx

from app.domain.item_data import save_items
from app.domain.recipe import PAPER, Recipe
from app.domain.recipes import RECIPES, find_recipe
from app.inference.cards import find_model
from app.learning.clip.base.member import Machine
from app.learning.clip.export import Finished, read
from app.learning.clip.members import member_of

SUBJECTS: Final = 6
CLIPS: Final = 2
CLASSES: Final = 7
FRAMES: Final = 20
WIDTHS: Final = {"face": 4096, "context": 4096, "audio": 1582, "face_pixels": (48, 48, 3)}
"""The width of a stream that the name of the stream does not tell, as in the papers."""
ELSEWHERE: Final = """
import sys
import numpy as np
import onnxruntime
assert not any(name == "app" or name.startswith("app.") for name in sys.modules)
model, rows, out = sys.argv[1:]
with np.load(rows) as file:
    fed = {name: file[name] for name in file.files}
(said,) = onnxruntime.InferenceSession(model, providers=["CPUExecutionProvider"]).run(["probability"], fed)
np.save(out, said)
"""


def of_papers() -> list[Recipe]:
    """Return the recipes that have a paper's size and are trained in steps."""
    return [recipe for recipe in RECIPES if recipe.scaled and not isinstance(member_of(recipe.network), Machine)]


def shape_of(stream: str) -> tuple[int, ...]:
    """Return the shape of a stream's values for one frame, such as (128, 128, 3) for `face_pixels:128`."""
    name, _, side = stream.partition(":")
    if side:
        return int(side), int(side), 2 if name == "flow_pixels" else 3
    width = WIDTHS[name]
    return width if isinstance(width, tuple) else (width,)


def geometry_of(stream: str, shape: tuple[int, ...]) -> dict[str, Any]:
    """Return the description of a stream that the items state."""
    if stream == "audio":
        return {"of": "sound"}
    return {"shape": list(shape)} if len(shape) == 3 else {}


def made_items(recipe: Recipe, place: Path) -> Path:
    """Write items of noise for the streams that a recipe reads in its paper's size, and return their folder."""
    rng = np.random.default_rng(0)
    count = SUBJECTS * CLIPS
    shapes = {name: shape_of(name) for name in recipe.streams_in(PAPER)}
    pictures = all(len(shape) == 3 and shape[2] == 3 for shape in shapes.values())
    width = sum(math.prod(shape) for shape in shapes.values())
    values = rng.random((count * FRAMES, width), np.float32)
    features = (255 * values).astype(np.uint8) if pictures else values
    probabilities = (
        rng.dirichlet(np.ones(CLASSES), count * FRAMES) if recipe.reads == "both" else np.zeros((count * FRAMES, 0))
    )
    kinds = np.arange(count) % CLASSES
    names = [f"S{number}" for number in range(SUBJECTS)]
    arrays = {
        "features": features,
        "probabilities": probabilities.astype(np.float32),
        "times_s": np.tile(np.arange(FRAMES) / 25, count),
        "first": np.arange(0, count * FRAMES + 1, FRAMES, dtype=np.int64),
        "target": np.eye(CLASSES, dtype=np.float32)[kinds],
        "said": kinds.astype(np.int16)[:, None],
        "subject": np.repeat(np.arange(SUBJECTS, dtype=np.int32), CLIPS),
    }
    facts = {
        "items": [f"item {number}" for number in range(count)],
        "subjects": names,
        "classes": [f"class {number}" for number in range(CLASSES)],
        "frame_classes": [f"class {number}" for number in range(probabilities.shape[1])],
        "streams": [
            {"name": name, "features": math.prod(shape), "geometry": geometry_of(name, shape)}
            for name, shape in shapes.items()
        ],
        "split": {"train": names[2:], "validation": names[1:2], "test": names[:1]},
    }
    return save_items(arrays, facts, place)


def child(words: Sequence[str]) -> float:
    """Run a program of ours on one thread and return its processor seconds.

    Raises:
        SystemExit: If the program fails; the message is the last line that it printed.
    """
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    limits = {**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    done = subprocess.run([sys.executable, *words], env=limits, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise SystemExit(f"{' '.join(words[:4])}: {(done.stderr or done.stdout).strip().splitlines()[-1]}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def measure(recipe: Recipe, place: Path, more: Sequence[str] = ()) -> dict[str, Any]:
    """Train, export and run one recipe.

    Args:
        recipe: The recipe.
        place: A folder for the items, the run and the model.
        more: Further arguments of the training, such as "--set", "width=0.1".

    Raises:
        SystemExit: If one of the steps fails.
    """
    run, out = place / "run", place / "model"
    items = made_items(recipe, place / "items")
    steps = ["--set", "epochs=1", "--set", "folds=1", "--set", "batch=2"]
    trained_s = child(
        [
            *("-m", "app.learning.clip.train", "--items", str(items), "--recipe", recipe.name, "--out", str(run)),
            *("--device", "cpu", "--threads", "1", *steps, *more),
        ]
    )
    frame_model = find_model(None).path().parent
    exported_s = child(
        [
            *("-m", "app.learning.clip.export", "--run", str(run), "--items", str(items), "--out", str(out)),
            *("--name", f"{recipe.name}_paper", "--frame-model", str(frame_model)),
        ]
    )
    head = out / "head.onnx"
    return {
        "recipe": recipe.name,
        "streams": list(recipe.streams_in(PAPER)),
        "train_cpu_s": round(trained_s, 1),
        "export_cpu_s": round(exported_s, 1),
        "file_mib": round(head.stat().st_size / 2**20, 1),
        "nodes": len(onnx.load(str(head), load_external_data=False).graph.node),
        "difference": elsewhere(head, read(run, items, frame_model), place),
    }


def elsewhere(head: Path, done: Finished, place: Path) -> float:
    """Return the largest difference between the training and the file, run by a process without our code."""
    held = np.flatnonzero(np.isfinite(done.expected).all(axis=1))
    rows = [done.rows(int(item)) for item in held]
    fed, told = place / "rows.npz", place / "told.npy"
    np.savez(fed, features=np.stack(rows), length=np.array([len(each) for each in rows], np.int64))
    alone = subprocess.run(
        [sys.executable, "-I", "-c", ELSEWHERE, str(head), str(fed), str(told)],
        cwd=place, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if alone.returncode != 0:
        raise SystemExit(f"{head}: {alone.stderr.strip().splitlines()[-1]}")
    return float(np.abs(np.load(told) - done.expected[held]).max())


def main(argv: Sequence[str] | None = None) -> None:
    """Parse the arguments and print a table."""
    parser = argparse.ArgumentParser(description="Trains, exports and runs the papers' networks at the papers' sizes.")
    parser.add_argument("recipes", nargs="*", metavar="RECIPE", help="default: all that have a paper's size")
    parser.add_argument("--work", type=Path, required=True, help="a folder for what is made")
    parser.add_argument("--json", type=Path)
    parser.add_argument(
        "--set", action="append", default=[], metavar="KEY=VALUE", help="another size, for a quick look"
    )
    args = parser.parse_args(argv)
    wanted = [find_recipe(name) for name in args.recipes] or of_papers()
    more = [word for pair in args.set for word in ("--set", pair)]
    print("| recipe | file, MiB | nodes | training, s | export, s | difference |")
    print("| --- | ---: | ---: | ---: | ---: | ---: |")
    rows = []
    for recipe in wanted:
        kept = args.work / recipe.name / "measured.json"
        if not kept.is_file():
            kept.parent.mkdir(parents=True, exist_ok=True)
            kept.write_text(json.dumps(measure(recipe, kept.parent, more)), "utf-8")
        row = json.loads(kept.read_text("utf-8"))
        rows.append(row)
        numbers = (row["file_mib"], row["nodes"], row["train_cpu_s"], row["export_cpu_s"], f"{row['difference']:.1e}")
        print(f"| `{recipe.name}` | {' | '.join(map(str, numbers))} |", flush=True)
    if args.json is not None:
        args.json.write_text(json.dumps(rows, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
