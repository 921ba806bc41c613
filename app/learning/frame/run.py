"""A training run of a frame network: its data, schedule and state, which continue where a killed process left them."""

import copy
import json
import time
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any, Final

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from app.domain.training_events import DONE, EPOCH, STOPPED, asked_to_stop
from app.errors import UserError
from app.learning.blocks.frame_net import FrameNet
from app.learning.blocks.frame_networks import ResNet10Trunk
from app.learning.frame.augment import augment
from app.learning.frame.data import FaceSet, expression_target, expression_weight, fer_target
from app.learning.frame.evaluate import accuracies, predict
from app.learning.frame.localise import VIEW, Localiser, maps_of, zoomed
from app.learning.frame.memory import SampleMemory
from app.learning.frame.networks import build
from app.learning.frame.plan import Plan, stage
from app.learning.process import checkpoint, together
from app.learning.process.journal import Journal
from app.learning.process.workers import Crew

FINAL: Final = "final.pt"
"""File of the state at the end of a run; its averaged weights are the trained network."""


@dataclass(frozen=True)
class Targets:
    """The targets of the images: FERPlus distribution N×8, its weight N, and FER distribution N×7."""

    expression: Tensor
    weight: Tensor
    fer: Tensor


def make_targets(faces: FaceSet, plan: Plan, teacher: Path | None) -> Targets:
    """Return the labels of `faces`, mixed with a teacher's soft labels (.npz with `expression` and `fer`) if given."""
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
    """Return the Kullback–Leibler divergence of each row, whose gradient is cross-entropy's and whose floor is 0."""
    return (torch.xlogy(target, target) - target * F.log_softmax(logits, dim=1)).sum(dim=1)


class FrameRun:
    """One training run with its checkpoints in a folder.

    Args:
        plan: The hyperparameters.
        faces: The training images.
        valid: The validation images for the curve.
        out: Folder of the checkpoints, of `FINAL` and of the journal.
        teacher: Soft labels, see `make_targets`.
        start: Checkpoint whose averaged weights to start from.
        crew: The workers that share the run.
        localiser: The network that aligns every image, if given.
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
        self.plan, self.out, self.taught = plan, out, teacher is not None
        self.crew = crew or Crew()
        torch.manual_seed(plan.seed)
        self.net = build(plan.recipe)
        self.net.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
        if start is not None:
            self.net.load_state_dict(checkpoint.read(start)["average"])
        self.average: FrameNet = copy.deepcopy(self.net).requires_grad_(False)
        together.prepare(self.net)
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
        """Return the share of the run that is done: by the clock if the plan has minutes, otherwise by epochs."""
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
        with together.sharing(len(faces)) as mine:
            own, other, _ = self.net(faces[mine].contiguous(memory_format=torch.channels_last))
            first, second = together.gathered(own), together.gathered(other)
        voted = _divergence(expression, first) * self.targets.weight[rows]
        labelled = _divergence(fer, second)
        loss = ((voted + labelled) * weight).mean()
        self.optimiser.zero_grad(set_to_none=True)
        torch.autograd.backward(loss)
        together.sum_gradients(self.net)
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
                    raise UserError(
                        f"The network {self.plan.recipe} does not enlarge the face.", "Leave out --enlarge."
                    )
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
        """Train one epoch and return its line of the curve."""
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
            here = together.first(partial(self.part, since, step / steps))
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
        """Return the validation accuracies of the averaged weights, at the present size and view of the run."""
        side = self.plan.size_at(self.done)
        expression, fer = predict(self.average, self.valid.images, flip, side, self.valid_maps)
        found = accuracies(expression, fer, self.valid)
        n, kept = len(self.valid), found["ferplus_n"]
        counts = [n * found["fer_accuracy"], n, kept * found["ferplus_accuracy"], kept]
        sums = self.crew.mean(torch.tensor(counts, dtype=torch.float64))
        return {"fer_accuracy": float(sums[0] / sums[1]), "ferplus_accuracy": float(sums[2] / sums[3])}

    def _state(self) -> dict[str, Any]:
        return {
            "recipe": self.plan.recipe,
            "enlarge": stage(self.plan.enlarge, self.done) if self.plan.enlarge else None,
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

    @property
    def identity(self) -> str:
        """Return the facts that must be equal to resume a checkpoint: plan, number of images, teacher and workers."""
        facts = [asdict(self.plan), len(self.images), self.taught, self.maps is not None, self.crew.size]
        return json.dumps(facts, sort_keys=True)

    def save(self) -> None:
        """Store the progress of this worker; see `resume`."""
        if together.is_first():
            checkpoint.save(self.out, self.identity, self._state(), self.crew.rank)

    def resume(self) -> bool:
        """Resume this worker's last checkpoint if the folder has one.

        Raises:
            UserError: The checkpoint is damaged or belongs to a run of another plan.
        """
        state = together.first(lambda: checkpoint.load(self.out, self.identity, self.crew.rank))
        if state is None:
            return False
        self.net.load_state_dict(state["net"])
        self.average.load_state_dict(state["average"])
        self.optimiser.load_state_dict(state["optimiser"])
        self.memory.restore(state["memory"])
        self.tensor_rng.set_state(state["tensor_rng"])
        self.order_rng.bit_generator.state = json.loads(state["order_rng"])
        self.epoch, self.steps = state["epoch"], state["steps"]
        self.elapsed, self.done = state["elapsed"], state["done"]
        return True

    def _asked_to_stop(self) -> bool:
        """Whether somebody asked the run to end: one answer for all workers, which else would wait for each other."""
        return self.crew.least(0 if together.first(lambda: asked_to_stop(self.out)) else 1) == 0

    def go(self) -> None:
        """Train to the end, or until somebody asks to stop; the first worker keeps the journal and writes `FINAL`."""
        journal = Journal(self.out) if self.crew.rank == 0 else None
        ending = "minutes" if self.plan.minutes > 0 else "epochs"
        scores: dict[str, float] = {}
        try:
            while self.done < 1:
                if self._asked_to_stop():
                    ending = STOPPED
                    break
                line = self.train_epoch()
                last = self.done >= 1
                if last or self.epoch % self.plan.evaluate_every == 0:
                    scores = self.look(flip=last)
                    line |= scores
                self.save()
                if journal is not None:
                    _write_down(journal, line)
            if ending == STOPPED:
                scores = self.look(flip=True)
            if journal is not None:
                checkpoint.write(self.out / FINAL, self._state())
                journal.tell(DONE, ending=ending, epochs=self.epoch, **scores)
        finally:
            if journal is not None:
                journal.close()


def _write_down(journal: Journal, line: dict[str, Any]) -> None:
    journal.tell(EPOCH, **line)
    for name in ("loss", "train_accuracy", "fer_accuracy", "ferplus_accuracy"):
        if line.get(name) is not None:
            journal.curve(name, line[name], line["epoch"])
