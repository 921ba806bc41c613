"""Chooses the weights of a fusion: `python -m app.learning.fusion.train --data DIR --way JSON --out DIR`.

It runs in a separate process on frozen predictions. Started again with the same arguments, a search goes on where it
was interrupted, with the same draws. The file `stop` in the output folder asks it to end and to keep the best weights
so far.
"""

import argparse
import json
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

import numpy as np

from app.cluster import Cluster
from app.domain.training_events import DONE, HELD_OUT, PROGRESS, RESULT, SEARCH, START, STOPPED, asked_to_stop
from app.errors import UserError
from app.files import replacing
from app.fusion.far_search import FarScorer
from app.fusion.frozen import Frozen, load
from app.fusion.gains import applied, without_each
from app.fusion.search import Scorer, Scores, SearchState
from app.fusion.ways import SEARCHED, Fusion, Way, fused
from app.jobs import Context
from app.learning.process import program
from app.learning.process.journal import Journal

EVERY_S: Final = 1.0
"""Seconds between two reports of a search."""


class Chooser:
    """Chooses the weights of one deal after the other, and keeps how far it is.

    Args:
        data: The frozen predictions.
        way: How to fuse.
        out: Folder of the run.
        journal: Receives the progress.
        cluster: The cluster whose workers score draws; None for this process.
    """

    def __init__(self, data: Frozen, way: Way, out: Path, journal: Journal, cluster: Cluster | None = None) -> None:
        self._data, self._way, self._out, self._journal, self._cluster = data, way, out, journal, cluster
        self.stopped = False
        nested = len(data.partition.deals) > 1
        self._choices = len(data.partition.deals) + nested
        self._identity = [data.sha256, asdict(way)]
        self._kept = self._read()
        self._told_s = 0.0

    def choose(self) -> tuple[Fusion, list[Fusion]]:
        """Return the fusion of the model, and that of each deal."""
        partition = self._data.partition
        deals = [self._one(number, deal.search) for number, deal in enumerate(partition.deals)]
        model = deals[0] if len(deals) == 1 else self._one(len(deals), partition.search)
        return model, deals

    def _one(self, number: int, rows: Any) -> Fusion:
        key = str(number)
        if key in self._kept.get("done", {}):
            return Fusion.of(self._kept["done"][key])
        state = None
        if self._kept.get("number") == number:
            state = SearchState.of(self._kept["state"])
        made = fused(self._data.table.only(rows), self._way, state, self._followed(number), self._spread)
        if not self.stopped:
            self._kept = {"done": {**self._kept.get("done", {}), key: made.as_dict()}}
            self._write()
        return made

    def _spread(self, scorer: Scorer) -> Scores:
        return scorer if self._cluster is None else FarScorer(scorer, self._cluster, Context())

    def _followed(self, number: int) -> Callable[[SearchState], bool]:
        plan = self._way.plan
        each = plan.stages * plan.draws

        def follow(state: SearchState) -> bool:
            now_s = time.monotonic()
            if now_s - self._told_s >= EVERY_S:
                self._told_s = now_s
                self._kept = {**self._kept, "number": number, "state": state.as_dict()}
                self._write()
                self._journal.tell(
                    PROGRESS,
                    done=number * each + state.draws,
                    total=self._choices * each,
                    text=f"Stage {min(state.stage + 1, plan.stages)} of {plan.stages}: {state.value:.3f}",
                    value=state.value,
                )
            self.stopped = self.stopped or asked_to_stop(self._out)
            return not self.stopped

        return follow

    def _read(self) -> dict[str, Any]:
        try:
            found: dict[str, Any] = json.loads((self._out / SEARCH).read_text("utf-8"))
        except (OSError, ValueError):
            return {}
        same = found.get("identity") == json.loads(json.dumps(self._identity))
        return found if same else {}

    def _write(self) -> None:
        with replacing(self._out / SEARCH) as temporary:
            temporary.write_text(json.dumps({"identity": self._identity, **self._kept}), "utf-8")


def run_all(data: Frozen, way: Way, out: Path, journal: Journal, cluster: Cluster | None = None) -> None:
    """Choose weights, apply them to the result, leave out each member once, and write what was found."""
    table, partition = data.table, data.partition
    journal.tell(START, recipe=f"fusion {way.name}", members=list(table.members), partition=partition.name)
    began_s = time.monotonic()
    chooser = Chooser(data, way, out, journal, cluster)
    model, deals = chooser.choose()
    said = applied(table, partition, deals)

    def leaving(member: int) -> None:
        total = len(table.members)
        journal.tell(PROGRESS, done=member, total=total, text=f"Without {table.members[member]}")

    # After a stop nothing more is searched: the weights so far are wanted now.
    values, without = np.zeros(0), np.zeros((0, *said.fusion.shape))
    if not chooser.stopped:
        values, without = without_each(table, partition, _quicker(way), leaving)
    with replacing(out / HELD_OUT) as temporary, temporary.open("wb") as file:
        np.savez_compressed(
            file,
            predicted=said.fusion.astype(np.float32),
            classes=np.array(table.classes),
            items=np.array([table.items[row] for row in said.rows]),
            without=without.astype(np.float32),
            without_value=values,
        )
    ending = STOPPED if chooser.stopped else "fused"
    facts = {
        "way": asdict(way),
        "data_sha256": data.sha256,
        "ending": ending,
        "fusion": model.as_dict(),
        "deals": [each.as_dict() for each in deals],
        "seconds": round(time.monotonic() - began_s, 2),
    }
    with replacing(out / RESULT) as temporary:
        temporary.write_text(json.dumps(facts, indent=1) + "\n", "utf-8")
    (out / SEARCH).unlink(missing_ok=True)
    journal.tell(DONE, ending=ending, value=model.value, taken=model.taken)


def _quicker(way: Way) -> Way:
    """Return the way with a tenth of the draws, by which members are left out: that is many searches more."""
    if way.name not in SEARCHED:
        return way
    return Way(way.name, way.weights, max(way.plan.draws // 10, 1), way.measure, way.seed)


def _way(text: str) -> Way:
    try:
        facts = json.loads(text)
        return Way(**{**facts, "weights": tuple(facts.get("weights", ()))})
    except (ValueError, TypeError) as error:
        raise UserError(f"The way {text} cannot be read ({error}).", "Fuse again from the project.") from error


def _train(args: argparse.Namespace) -> None:
    args.out.mkdir(parents=True, exist_ok=True)
    journal = Journal(args.out)
    try:
        with ExitStack() as stack:
            cluster = stack.enter_context(Cluster(args.scheduler, Context())) if args.scheduler else None
            run_all(load(args.data), _way(args.way), args.out, journal, cluster)
    finally:
        journal.close()


def main(argv: Sequence[str] | None = None) -> int:
    """Parse the arguments, choose weights, and return the exit status; see `app.learning.process.program.run`."""
    parser = program.arguments("app.learning.fusion.train", "Choose the weights of a fusion on frozen predictions.")
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--way", required=True, metavar="JSON")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--scheduler", default="", metavar="ADDRESS")
    return program.run(parser, _train, argv)


if __name__ == "__main__":
    program.step_back()
    sys.exit(main())
