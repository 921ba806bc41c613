"""The parameters of a network for categories, and the time of a training step on made-up items of any size.

    python benchmarks/networks.py caca_a --streams face=2048,context=512
    python benchmarks/networks.py convlstm --streams face_pixels=32x32x3,flow_pixels=32x32x2 --set size=scaled --batch 8

The program prints one JSON object with the number of parameters and the processor seconds of a step (forward, backward,
optimiser), the median of several on one thread. There is no alternative to measure against.
"""

import argparse
import json
import math
import os
import statistics
import time
from typing import Any

os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy as np
import torch

from app.domain.item_data import ItemData
from app.domain.recipes import category_recipe
from app.learning.clip.base.member import Machine
from app.learning.clip.members import member_of
from app.learning.clip.run import build


def made_up(streams: str, classes: int) -> ItemData:
    """Return data without items that have streams of the named sizes, such as `face=2048,face_pixels=32x32x3`."""
    facts = []
    for part in streams.split(","):
        name, _, size = part.partition("=")
        shape = [int(number) for number in size.split("x")]
        geometry = {"shape": shape} if len(shape) > 1 else {}
        facts.append({"name": name, "features": math.prod(shape), "geometry": geometry})
    width = sum(int(str(each["features"])) for each in facts)
    return ItemData(
        features=np.zeros((0, width), np.float32),
        probabilities=np.zeros((0, 0), np.float32),
        times_s=np.zeros(0),
        first=np.zeros(1, np.int64),
        target=np.zeros((0, classes), np.float32),
        said=np.zeros((0, 1), np.int16),
        subject=np.zeros(0, np.int32),
        items=(),
        subjects=(),
        classes=tuple(f"class {number}" for number in range(classes)),
        frame_classes=(),
        manifest={"streams": facts},
        sha256="",
    )


def measure(args: argparse.Namespace) -> dict[str, Any]:
    """Build the network, take some steps, and return the numbers.

    Raises:
        SystemExit: If the recipe is solved directly and has no training steps.
    """
    recipe = category_recipe(args.recipe)
    stated = member_of(recipe.network)
    if isinstance(stated, Machine):
        raise SystemExit(f"{recipe.name} takes no steps: it is solved at once.")
    values = recipe.values(dict(pair.split("=", 1) for pair in args.set))
    data = made_up(args.streams, args.classes)
    torch.manual_seed(0)
    network = build(recipe, values, data).train()
    optimiser = stated.optimiser(values, network.parameters())
    batch = args.batch or int(values["batch"])
    frames = torch.rand(batch, args.frames, data.features.shape[1])
    length = torch.full((batch,), args.frames)
    spent = []
    for _ in range(args.steps + 1):
        began = time.process_time()
        optimiser.zero_grad()
        network(frames, length).log_softmax(dim=1)[:, 0].mean().neg().backward()
        optimiser.step()
        spent.append(time.process_time() - began)
    return {
        "recipe": recipe.name,
        "parameters": sum(weights.numel() for weights in network.parameters()),
        "batch": batch,
        "frames": args.frames,
        "cpu_s_per_step": round(statistics.median(spent[1:]), 4),
    }


def main() -> None:
    """Parse the arguments and print the numbers."""
    parser = argparse.ArgumentParser(description="Parameters and step time of a network for categories.")
    parser.add_argument("recipe")
    parser.add_argument("--streams", default="face=320,context=224")
    parser.add_argument("--classes", type=int, default=8)
    parser.add_argument("--frames", type=int, default=25)
    parser.add_argument("--batch", type=int, default=0, help="0 takes the recipe's")
    parser.add_argument("--steps", type=int, default=3)
    parser.add_argument("--set", action="append", default=[], metavar="KEY=VALUE")
    torch.set_num_threads(1)
    print(json.dumps(measure(parser.parse_args())))


if __name__ == "__main__":
    main()
