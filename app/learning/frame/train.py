"""Trains a frame network: `python -m app.learning.frame.train --recipe student --data DIR --out DIR --seed 0`.

Started again with the same arguments, it continues from its last checkpoint. The file `stop` in the output folder asks
it to end after the present epoch.
"""

import argparse
import json
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Final

import torch

from app.child import child_command
from app.domain.training_events import take_back_stop
from app.files import replacing
from app.learning.frame.augment import Augment
from app.learning.frame.data import CONTENTS, VALID, load, load_train
from app.learning.frame.localise import load_localiser
from app.learning.frame.networks import NETWORKS
from app.learning.frame.plan import ALIGNED, PLAN, Plan, stages
from app.learning.frame.run import FrameRun
from app.learning.process import program, together
from app.learning.process.workers import Crew

MEETING: Final = "meeting"
"""File by which the workers of a run find each other."""


def _train(words: Sequence[str], given: argparse.Namespace) -> None:
    given.out.mkdir(parents=True, exist_ok=True)
    with together.joined(given.out) as out:
        if given.rank is None and together.is_first():
            take_back_stop(given.out)
        if together.size() > 1:
            # The processes of torchrun share each batch, and not the images.
            given.workers, given.out = 1, out
        elif given.workers > 1 and given.rank is None:
            (given.out / MEETING).unlink(missing_ok=True)
            sys.exit(_start_workers(words, given.workers))
        _run(given)


def _run(given: argparse.Namespace) -> None:
    torch.set_num_threads(given.threads)
    plan = _plan(given)
    crew = Crew(given.rank or 0, given.workers)
    crew.join(given.out / MEETING)
    run = FrameRun(
        plan,
        load_train(given.data),
        load(given.data / VALID),
        given.out,
        teacher=given.teacher,
        start=given.start,
        crew=crew,
        localiser=load_localiser(given.localiser) if given.localiser else None,
    )
    run.resume()
    if crew.rank == 0:
        with replacing(given.out / PLAN) as temporary:
            temporary.write_text(json.dumps(asdict(plan), indent=1) + "\n", encoding="utf-8")
    run.go()
    crew.leave()


def _plan(given: argparse.Namespace) -> Plan:
    return Plan(
        recipe=given.recipe,
        seed=given.seed,
        epochs=given.epochs,
        minutes=given.minutes,
        rate=given.rate,
        sizes=stages(given.sizes),
        enlarge=stages(given.enlarge),
        memory_share=given.memory_share,
        teacher_share=given.teacher_share,
        augment=ALIGNED if given.localiser else Augment(),
        start=f"{given.start.parent.name}/{given.start.name}" if given.start else "",
        teacher=given.teacher.name if given.teacher else "",
    )


def _start_workers(words: Sequence[str], count: int) -> int:
    """Run this program once per worker and return the exit status; if one fails, the others are ended."""
    environment = os.environ | {"OMP_NUM_THREADS": "1"}
    command = child_command("app.learning.frame.train", *words)
    children = [subprocess.Popen([*command, "--rank", str(rank)], env=environment) for rank in range(count)]
    try:
        while any(child.poll() is None for child in children) and not any(child.poll() for child in children):
            time.sleep(0.5)
    finally:
        for child in children:
            if child.poll() is None:
                child.terminate()
    return max(abs(child.wait()) for child in children)


def main(argv: Sequence[str] | None = None) -> int:
    """Parse the arguments, train, and return the exit status; see `app.learning.process.program.run`."""
    parser = program.arguments("app.learning.frame.train", "Train a frame network on FER2013 with FERPlus votes.")
    parser.add_argument("--recipe", choices=sorted(NETWORKS), required=True)
    parser.add_argument("--data", type=Path, required=True, help=CONTENTS)
    parser.add_argument("--out", type=Path, required=True, help="folder of the run; an unfinished run in it is resumed")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--epochs", type=int, default=40)
    parser.add_argument("--minutes", type=float, default=0.0, help="let the clock drive the schedule")
    parser.add_argument("--threads", type=int, default=1, help="threads of each worker")
    parser.add_argument("--workers", type=int, default=2, help="number of processes that share the images")
    parser.add_argument("--rank", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--rate", type=float, default=0.1)
    parser.add_argument("--sizes", default="0:32,0.4:40,0.85:44", help="part:side,…")
    parser.add_argument("--enlarge", default="", help="part:side,… to which the network enlarges its faces (resnet10)")
    parser.add_argument("--memory-share", type=float, default=0.4)
    parser.add_argument("--teacher", type=Path, help="soft labels of the training images (.npz)")
    parser.add_argument("--teacher-share", type=float, default=0.6)
    parser.add_argument(
        "--localiser", type=Path, help="the network that aligns the images, see app.learning.frame.localise"
    )
    parser.add_argument("--start", type=Path, help="checkpoint to start from")
    return program.run(parser, partial(_train, sys.argv[1:] if argv is None else argv), argv)


if __name__ == "__main__":
    sys.exit(main())
