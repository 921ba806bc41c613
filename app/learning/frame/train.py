"""Trains a frame network: `python -m app.learning.frame.train --recipe student --data DIR --out DIR --seed 0`."""

import argparse
import copy
import json
import os
import subprocess
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from app.child import child_command
from app.learning.blocks.frame_net import FrameNet
from app.learning.blocks.frame_networks import ResNet10Trunk
from app.learning.frame.augment import Augment, augment
from app.learning.frame.data import FaceSet, expression_target, expression_weight, fer_target, load, load_train
from app.learning.frame.evaluate import accuracies, predict
from app.learning.frame.localise import VIEW, Localiser, load_localiser, maps_of, zoomed
from app.learning.frame.memory import SampleMemory
from app.learning.frame.plan import ALIGNED, Plan, stage, stages
from app.learning.frame.recipes import RECIPES, build
from app.learning.process.workers import Crew

VALID = "fer2013_valid.npz"
MEETING = "meeting"


@dataclass(frozen=True)
class Targets:
    """What the images are trained on: FERPlus distribution N×8, its weight N, FER distribution N×7."""

    expression: Tensor
    weight: Tensor
    fer: Tensor


def make_targets(faces: FaceSet, plan: Plan, teacher: Path | None) -> Targets:
    """Labels of `faces`, mixed with a teacher's soft labels (.npz with `expression` and `fer`) when given."""
    expression = expression_target(faces.votes)
    fer = fer_target(faces.fer_label, plan.smoothing)
    if teacher is not None:
        with np.load(teacher) as soft:
            expression = (1 - plan.teacher_share) * expression + plan.teacher_share * soft["expression"]
            fer = (1 - plan.teacher_share) * fer + plan.teacher_share * soft["fer"]
    return Targets(
        torch.from_numpy(expression.astype(np.float32)),
        torch.from_numpy(expression_weight(faces.votes)),
        torch.from_numpy(fer.astype(np.float32)),
    )


def _divergence(target: Tensor, logits: Tensor) -> Tensor:
    """Kullback–Leibler divergence per row; its gradient is cross-entropy's, its floor is zero for soft targets too."""
    return (torch.xlogy(target, target) - target * F.log_softmax(logits, dim=1)).sum(dim=1)


class Run:
    """One training run with its checkpoints in a folder.

    Args:
        plan: Hyperparameters.
        faces: Training images.
        valid: Images for the curve.
        out: Folder of `last-<rank>.pt`, `final.pt`, `curves.jsonl` and `plan.json`.
        teacher: Soft labels, see `make_targets`.
        start: Checkpoint whose averaged weights to start from.
        crew: The workers that share the run.
        localiser: Aligns every image when given.
    """

    def __init__(
        self,
        plan: Plan,
        faces: FaceSet,
        valid: FaceSet,
        out: Path,
        teacher: Path | None = None,
        start: Path | None = None,
        crew: Crew | None = None,
        localiser: Localiser | None = None,
    ) -> None:
        self.plan, self.out = plan, out
        self.crew = crew or Crew()
        torch.manual_seed(plan.seed)
        self.net = build(plan.recipe)
        self.net.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
        if start is not None:
            self.net.load_state_dict(torch.load(start, weights_only=True)["average"])
        self.average: FrameNet = copy.deepcopy(self.net).requires_grad_(False)
        share = slice(self.crew.rank, None, self.crew.size)
        self.valid = valid.take(np.arange(self.crew.rank, len(valid), self.crew.size))
        self.maps = self.valid_maps = None
        if localiser is not None:
            self.maps = maps_of(localiser, faces.images[share])
            self.valid_maps = zoomed(maps_of(localiser, self.valid.images), VIEW)
        self.images = torch.from_numpy(faces.images[share])
        whole = make_targets(faces, plan, teacher)
        self.targets = Targets(whole.expression[share], whole.weight[share], whole.fer[share])
        self.memory = SampleMemory(len(self.images))
        self.batch = plan.batch // self.crew.size
        self.tensor_rng = torch.Generator().manual_seed(1000 * plan.seed + 1 + self.crew.rank)
        self.order_rng = np.random.default_rng((plan.seed, self.crew.rank))
        self.optimiser = self._optimiser()
        self.epoch, self.steps, self.elapsed, self.done = 0, 0, 0.0, 0.0

    def _optimiser(self) -> torch.optim.SGD:
        decayed = [p for p in self.net.parameters() if p.ndim > 1]
        plain = [p for p in self.net.parameters() if p.ndim <= 1]
        return torch.optim.SGD(
            [{"params": decayed, "weight_decay": self.plan.decay}, {"params": plain, "weight_decay": 0.0}],
            lr=self.plan.rate,
            momentum=0.9,
            nesterov=True,
        )

    def part(self, since: float, shown: float) -> float:
        """How much of the run lies behind: by the clock when the plan has minutes, else by epochs."""
        if self.plan.minutes > 0:
            return min((self.elapsed + time.monotonic() - since) / (60 * self.plan.minutes), 1.0)
        return min((self.epoch + shown) / self.plan.epochs, 1.0)

    def _step(self, rows: Tensor, weight: Tensor, part: float, here: float) -> tuple[float, float, float]:
        for group in self.optimiser.param_groups:
            group["lr"] = self.plan.rate_at(part)
        self._enlarge(part)
        maps = None if self.maps is None else self.maps[rows]
        faces = augment(self.images[rows], self.plan.size_at(part), self.plan.augment, self.tensor_rng, maps)
        expression, fer = self.memory.blend(
            rows, self.targets.expression[rows], self.targets.fer[rows], self.plan.memory_share * part
        )
        first, second, _ = self.net(faces.contiguous(memory_format=torch.channels_last))
        voted = _divergence(expression, first) * self.targets.weight[rows]
        labelled = _divergence(fer, second)
        loss = ((voted + labelled) * weight).mean()
        self.optimiser.zero_grad(set_to_none=True)
        torch.autograd.backward(loss)
        part = self.crew.average_gradients(self.net, here)
        torch.nn.utils.clip_grad_norm_(self.net.parameters(), 5.0)
        self.optimiser.step()
        self.steps += 1
        with torch.no_grad():
            self.memory.update(rows, first.softmax(1), second.softmax(1), (voted + labelled).detach())
            right = (second.argmax(1) == self.targets.fer[rows].argmax(1)).float().mean()
        self._average_weights()
        return float(loss.detach()), float(right), part

    def _enlarge(self, part: float) -> None:
        if self.plan.enlarge:
            for trunk in (self.net.trunk, self.average.trunk):
                if not isinstance(trunk, ResNet10Trunk):
                    raise SystemExit(f"--enlarge is for networks that enlarge the face; {self.plan.recipe} does not.")
                trunk.side = stage(self.plan.enlarge, part)

    def _average_weights(self) -> None:
        decay = min(self.plan.average, (1 + self.steps) / (10 + self.steps))
        with torch.no_grad():
            for kept, new in zip(self.average.state_dict().values(), self.net.state_dict().values(), strict=True):
                if kept.is_floating_point():
                    kept.lerp_(new, 1 - decay)
                else:
                    kept.copy_(new)

    def train_epoch(self) -> dict[str, Any]:
        """Shows one epoch and returns its line of the curve."""
        since = time.monotonic()
        agreed = self.done
        skip = self.plan.skip if self.epoch >= 2 and agreed < 0.85 else 0.0
        rows, weight = self.memory.choose(skip, self.order_rng)
        steps = self.crew.least(len(rows) // self.batch)
        self.net.train()
        losses, rights = [], []
        for step in range(steps):
            if self.plan.minutes > 0 and agreed >= 1:
                break
            batch = slice(step * self.batch, (step + 1) * self.batch)
            part = agreed if step else self.done
            here = self.part(since, step / steps)
            loss, right, agreed = self._step(torch.from_numpy(rows[batch]), torch.from_numpy(weight[batch]), part, here)
            losses.append(loss)
            rights.append(right)
        spent = time.monotonic() - since
        self.elapsed += spent
        self.epoch += 1
        self.done = agreed if self.plan.minutes > 0 else self.part(time.monotonic(), 0.0)
        self.crew.average_buffers(self.net)
        self.crew.average_buffers(self.average)
        return {
            "epoch": self.epoch,
            "part": round(self.done, 4),
            "side": self.plan.size_at(part),
            "rate": self.plan.rate_at(part),
            "images": len(losses) * self.plan.batch,
            "images_per_s": len(losses) * self.plan.batch / spent,
            "minutes": self.elapsed / 60,
            "loss": float(np.mean(losses)) if losses else None,
            "train_accuracy": float(np.mean(rights)) if rights else None,
        }

    def look(self, flip: bool) -> dict[str, float]:
        """Validation accuracies of the averaged weights, at the size and view that the run is at."""
        side = self.plan.size_at(self.done)
        expression, fer = predict(self.average, self.valid.images, flip, side, self.valid_maps)
        found = accuracies(expression, fer, self.valid)
        n, kept = len(self.valid), found["ferplus_n"]
        counts = [n * found["fer_accuracy"], n, kept * found["ferplus_accuracy"], kept]
        sums = self.crew.mean(torch.tensor(counts, dtype=torch.float64))
        return {"fer_accuracy": float(sums[0] / sums[1]), "ferplus_accuracy": float(sums[2] / sums[3])}

    def save(self, name: str) -> None:
        """Writes a checkpoint through a temporary file, so that a crash leaves the old one."""
        state = {
            "recipe": self.plan.recipe,
            "net": self.net.state_dict(),
            "average": self.average.state_dict(),
            "optimiser": self.optimiser.state_dict(),
            "memory": self.memory.state(),
            "tensor_rng": self.tensor_rng.get_state(),
            "order_rng": json.dumps(self.order_rng.bit_generator.state),
            "epoch": self.epoch,
            "steps": self.steps,
            "elapsed": self.elapsed,
            "done": self.done,
        }
        partial = self.out / f"{name}.partial"
        torch.save(state, partial)
        os.replace(partial, self.out / name)

    def _last(self) -> str:
        return f"last-{self.crew.rank}.pt"

    def resume(self) -> bool:
        """Takes up this worker's last checkpoint if the folder has one."""
        path = self.out / self._last()
        if not path.exists():
            return False
        state = torch.load(path, weights_only=True)
        self.net.load_state_dict(state["net"])
        self.average.load_state_dict(state["average"])
        self.optimiser.load_state_dict(state["optimiser"])
        self.memory.restore(state["memory"])
        self.tensor_rng.set_state(state["tensor_rng"])
        self.order_rng.bit_generator.state = json.loads(state["order_rng"])
        self.epoch, self.steps = state["epoch"], state["steps"]
        self.elapsed, self.done = state["elapsed"], state["done"]
        return True

    def go(self) -> None:
        """Trains to the end; one JSON line an epoch goes to `curves.jsonl` and standard output."""
        while self.done < 1:
            line = self.train_epoch()
            last = self.done >= 1
            if last or self.epoch % self.plan.evaluate_every == 0:
                line |= self.look(flip=last)
            self.save(self._last())
            if self.crew.rank == 0:
                with (self.out / "curves.jsonl").open("a", encoding="utf-8") as curves:
                    curves.write(json.dumps(line) + "\n")
                sys.stdout.write(json.dumps(line) + "\n")
                sys.stdout.flush()
        if self.crew.rank == 0:
            self.save("final.pt")


def parser() -> argparse.ArgumentParser:
    """The command line."""
    line = argparse.ArgumentParser(prog="app.learning.frame.train", description=__doc__)
    line.add_argument("--recipe", choices=sorted(RECIPES), required=True)
    line.add_argument("--data", type=Path, required=True, help="folder with fer2013_train_*.npz and fer2013_valid.npz")
    line.add_argument("--out", type=Path, required=True, help="folder of the run; an unfinished run in it is resumed")
    line.add_argument("--seed", type=int, default=0)
    line.add_argument("--epochs", type=int, default=40)
    line.add_argument("--minutes", type=float, default=0.0, help="let the clock drive the schedule")
    line.add_argument("--threads", type=int, default=1, help="threads of each worker")
    line.add_argument("--workers", type=int, default=2, help="processes that share the images")
    line.add_argument("--rank", type=int, help=argparse.SUPPRESS)
    line.add_argument("--rate", type=float, default=0.1)
    line.add_argument("--sizes", default="0:32,0.4:40,0.85:44", help="part:side,…")
    line.add_argument("--enlarge", default="", help="part:side,… that the network enlarges its faces to (resnet10)")
    line.add_argument("--memory-share", type=float, default=0.4)
    line.add_argument("--teacher", type=Path, help="soft labels of the training images (.npz)")
    line.add_argument("--teacher-share", type=float, default=0.6)
    line.add_argument("--localiser", type=Path, help="aligns the images, see app.learning.frame.localise")
    line.add_argument("--start", type=Path, help="checkpoint to start from")
    return line


def main(arguments: list[str] | None = None) -> None:
    """Entry of the command line."""
    given = parser().parse_args(arguments)
    given.out.mkdir(parents=True, exist_ok=True)
    if given.workers > 1 and given.rank is None:
        (given.out / MEETING).unlink(missing_ok=True)
        sys.exit(_start_workers(sys.argv[1:] if arguments is None else arguments, given.workers))
    torch.set_num_threads(given.threads)
    plan = Plan(
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
    )
    crew = Crew(given.rank or 0, given.workers)
    crew.join(given.out / MEETING)
    run = Run(
        plan,
        load_train(given.data),
        load(given.data / VALID),
        given.out,
        teacher=given.teacher,
        start=given.start,
        crew=crew,
        localiser=load_localiser(given.localiser) if given.localiser else None,
    )
    if crew.rank == 0:
        (given.out / "plan.json").write_text(json.dumps(asdict(plan), indent=1) + "\n", encoding="utf-8")
    run.resume()
    run.go()
    crew.leave()


def _start_workers(arguments: list[str], count: int) -> int:
    """Runs this program once per worker; when one fails the others are ended. Returns the exit status."""
    environment = os.environ | {"OMP_NUM_THREADS": "1"}
    command = child_command("app.learning.frame.train", *arguments)
    children = [subprocess.Popen([*command, "--rank", str(rank)], env=environment) for rank in range(count)]
    try:
        while any(child.poll() is None for child in children) and not any(child.poll() for child in children):
            time.sleep(0.5)
    finally:
        for child in children:
            if child.poll() is None:
                child.terminate()
    return max(abs(child.wait()) for child in children)


if __name__ == "__main__":
    main()
