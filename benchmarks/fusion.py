"""The cost of the search for weights of Kahou et al. 2015, beside a plain loop over the same draws.

    python -m benchmarks.fusion [--items 383] [--classes 7] [--members 5] [--draws 100000] [--loop 20000] [--json OUT]

The data have the size of AFEW's validation partition: 383 clips, 7 classes, 5 members whose errors are known. First,
the whole search runs: 82 stages of 100,000 draws. Then a part of it runs twice, once by the program and once by a plain
loop, which weighs, adds and compares one draw after the other. Both use the same draws and must accept the same
weights. Both are measured in processor time of one thread. Targets: the whole search takes ≤ 60 s and is ≥ 15× as fast
as the loop.
"""

import argparse
import json
import os
import time
from dataclasses import replace
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
os.environ.setdefault("MKL_NUM_THREADS", "1")

import numpy as np

from app.fusion.search import Scorer, SearchPlan, SearchState, begin, drawn, search
from app.fusion.table import Kind, MemberTable


def made(items: int, classes: int, members: int, seed: int = 0) -> MemberTable:
    """Return members whose errors are independent; each is slightly worse than the one before it."""
    rng = np.random.default_rng(seed)
    label = rng.integers(0, classes, items)
    said = rng.dirichlet(np.full(classes, 0.8), (members, items))
    said[:, np.arange(items), label] += np.linspace(0.25, 0.05, members)[:, None]
    said /= said.sum(axis=2, keepdims=True)
    kind = np.full((members, items), int(Kind.HELD_OUT), np.int8)
    target = np.eye(classes)[label]
    names = tuple(f"m{n}" for n in range(members))
    words = tuple(f"c{n}" for n in range(classes))
    clips = tuple(str(n) for n in range(items))
    return MemberTable(names, words, clips, clips, said, kind, target, np.zeros((items, classes)))


def looped(table: MemberTable, plan: SearchPlan, draws: int) -> tuple[SearchState, float]:
    """Return the end of a search by a plain loop over the same draws, and its CPU seconds without drawing."""
    scorer = Scorer.of(table)
    said, label = table.said.astype(np.float32), table.label
    state, spent_s = begin(scorer), 0.0
    for _ in range(-(-draws // plan.draws)):
        for chunk in range(plan.chunks):
            state = replace(state, chunk=chunk)
            weights = drawn(plan, state, scorer.shape)
            best, value = -1, state.value
            began_s = time.process_time()
            for number in range(len(weights)):
                scores = (said * weights[number][:, None, :]).sum(axis=0)
                found = float((scores.argmax(axis=1) == label).mean())
                if found > value + 1e-12:
                    best, value = number, found
            spent_s += time.process_time() - began_s
            if best >= 0:
                state = replace(state, weights=weights[best].astype(np.float64), value=value)
        state = replace(state, stage=state.stage + 1)
    return state, spent_s


def measured(items: int, classes: int, members: int, draws: int, loop: int) -> dict[str, float | bool]:
    """Measure the whole search, and a part of it beside the loop."""
    table = made(items, classes, members)
    scorer, plan = Scorer.of(table), SearchPlan(draws=draws)
    began_s = time.process_time()
    whole = search(scorer, plan)
    whole_s = time.process_time() - began_s
    part = replace(plan, draws=max(loop // 2, 1))
    slow, loop_s = looped(table, part, 2 * part.draws)
    state, ours_s = begin(scorer), 0.0
    for stage in range(2):
        for chunk in range(part.chunks):
            state = replace(state, stage=stage, chunk=chunk)
            weights = drawn(part, state, scorer.shape)
            began_s = time.process_time()
            values = scorer.values(weights)
            ours_s += time.process_time() - began_s
            best = int(values.argmax())
            if values[best] > state.value + 1e-12:
                state = replace(state, weights=weights[best].astype(np.float64), value=float(values[best]))
    return {
        "items": items,
        "classes": classes,
        "members": members,
        "draws": whole.draws,
        "search_s": whole_s,
        "found": whole.value,
        "accepted": whole.accepted,
        "loop_draws": 2 * part.draws,
        "loop_us_per_draw": 1e6 * loop_s / (2 * part.draws),
        "ours_us_per_draw": 1e6 * ours_s / (2 * part.draws),
        "times_faster": loop_s / ours_s,
        "same_optimum": bool(np.array_equal(slow.weights, state.weights)),
    }


def main() -> None:
    """Measure, and print or write the results."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--items", type=int, default=383)
    parser.add_argument("--classes", type=int, default=7)
    parser.add_argument("--members", type=int, default=5)
    parser.add_argument("--draws", type=int, default=100_000, help="draws in each of the 82 stages")
    parser.add_argument("--loop", type=int, default=20_000, help="draws of the plain loop")
    parser.add_argument("--json", type=Path)
    args = parser.parse_args()
    found = measured(args.items, args.classes, args.members, args.draws, args.loop)
    text = json.dumps(found, indent=2)
    print(text)
    if args.json is not None:
        args.json.write_text(text + "\n", "utf-8")


if __name__ == "__main__":
    main()
