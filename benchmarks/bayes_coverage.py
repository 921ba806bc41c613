"""Do the intervals of the model of raters hold what was planted as often as they say?

Each study is drawn from the model with spreads from their priors, fitted, and compared with what it was made of. Of
the ratings a stated share is given, so that designs are unequal. Traces are drawn as smooth courses that raters follow
with a gain, an offset, a lag and slow noise: four raters, two items of 30 s, 80 % of the traces.

    python benchmarks/bayes_coverage.py --resume bayes.jsonl --out benchmarks/bayes_coverage.md   # 200 studies
    python benchmarks/bayes_coverage.py --only traces --studies 4                                 # a look

Wanted: 90 % intervals hold between 87 and 93 %. The error of a share counts studies as units, not intervals. Each
finished study is one line of the file, and a run goes on where it was stopped.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

import numpy as np

from app.agreement.bayes.fit import fit
from app.agreement.bayes.posterior import raters_of, truths_of
from app.agreement.bayes.simulate import StudyShape, draw_study
from app.agreement.bayes.trace_draw import RATE_HZ, draw_traces
from app.agreement.bayes.trace_fit import fit_traces
from app.files import replacing

SHAPE = StudyShape(items=40, raters=8, emotions=3, conditions=2, share=0.7)
WANTED = (0.87, 0.93)


def ordinal(seed: int, shape: StudyShape = SHAPE) -> dict[str, list[int]]:
    """One study of ratings: (intervals that hold, intervals) of each quantity."""
    data, planted = draw_study(shape, np.random.default_rng([seed, 1]))
    done = fit(data)
    truths, raters = truths_of(done), raters_of(done)
    cells = planted.truth[done.columns.unit_item, done.columns.unit_emotion]
    found = {
        "truth": truths.latent.holds(cells), "context, mean of an emotion":
        truths.population.holds(planted.context[:, None]),
        "bias": raters.bias.holds(planted.bias), "thresholds": raters.thresholds.holds(planted.thresholds),
        "noise": raters.noise.holds(planted.noise), "drift": raters.drift.holds(planted.drift),
    }  # fmt: skip
    return {name: [int(held.sum()), int(held.size)] for name, held in found.items()}


def traces(seed: int) -> dict[str, list[int]]:
    """The same of one study of traces."""
    drawn = draw_traces(np.random.default_rng([seed, 2]), raters=4, seconds=(30.0, 30.0), share=0.8)
    found = fit_traces(drawn.clips, RATE_HZ, seed=seed)
    held = {
        "truth": np.concatenate([band.holds(truth) for band, truth in zip(found.truths, drawn.truths, strict=True)]),
        "lag": found.lag_s.holds(drawn.lag_s), "gain": found.gain.holds(drawn.gain),
        "offset": found.offset.holds(drawn.offset), "noise": found.noise.holds(drawn.noise),
    }  # fmt: skip
    return {f"traces: {name}": [int(one.sum()), int(one.size)] for name, one in held.items()}


PARTS: Final = {"ratings": ordinal, "traces": traces}


def known(path: Path | None) -> dict[int, dict[str, list[int]]]:
    """Finished studies of a file; a line without its end is left out."""
    if path is None or not path.exists():
        return {}
    out: dict[int, dict[str, list[int]]] = {}
    for line in map(json.loads, path.read_text("utf-8").rpartition("\n")[0].splitlines()):
        out.setdefault(line["seed"], {}).update(line["held"])
    return out


def missing(seed: int, held: dict[str, list[int]], only: str) -> Iterator[dict[str, list[int]]]:
    """Run the parts of a study that are not known yet."""
    for part, run in PARTS.items():
        if only in ("", part) and not any(name.startswith("traces: ") == (part == "traces") for name in held):
            yield run(seed)


def table(done: dict[int, dict[str, list[int]]]) -> list[str]:
    """The shares that hold, as lines of a Markdown table."""
    lines = ["| quantity | intervals | 90 % intervals hold | standard error | |", "| --- | --- | --- | --- | --- |"]
    names = list(dict.fromkeys(name for held in done.values() for name in held))
    for name in names:
        pairs = np.array([held[name] for held in done.values() if name in held], dtype=np.float64)
        share = pairs[:, 0].sum() / pairs[:, 1].sum()
        rest = pairs[:, 0] - share * pairs[:, 1]
        error = np.sqrt((rest**2).sum()) / pairs[:, 1].sum()
        verdict = "" if WANTED[0] <= share <= WANTED[1] else "**outside 87–93 %**"
        lines.append(f"| {name} | {int(pairs[:, 1].sum())} | {100 * share:.1f} % | {100 * error:.1f} % | {verdict} |")
    return lines


def main(argv: Sequence[str] | None = None) -> int:
    """Run the studies that are missing, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--studies", type=int, default=200)
    parser.add_argument("--only", choices=tuple(PARTS), default="", help="leave the other part out")
    parser.add_argument("--minutes", type=float, default=0.0, help="stop after so many minutes; 0 for never")
    parser.add_argument("--resume", type=Path)
    parser.add_argument("--out", type=Path)
    args = parser.parse_args(argv)
    done, begun = known(args.resume), time.monotonic()
    for seed in range(args.studies):
        if args.minutes and time.monotonic() - begun > 60.0 * args.minutes:
            break
        for held in missing(seed, done.setdefault(seed, {}), args.only):
            done[seed].update(held)
            if args.resume is not None:
                with args.resume.open("a", encoding="utf-8") as file:
                    file.write(json.dumps({"seed": seed, "held": held}) + "\n")
    lines = table({seed: done[seed] for seed in sorted(done) if seed < args.studies})
    print("\n".join(lines))
    if args.out is not None:
        head = (
            f"# Coverage of the model of raters\n\nMade by `python benchmarks/bayes_coverage.py`: {len(done)} studies."
        )
        with replacing(args.out) as temporary:
            temporary.write_text("\n".join([head, "", *lines, ""]), encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
