"""How long the model of raters takes, against the size of the study.

Each study is drawn from the model, with two conditions, and fitted once. Times are processor time of one core, because
the machine may be busy; the ratings of the largest size take a few gigabytes.

    python benchmarks/bayes.py
    python benchmarks/bayes.py --sizes 200x10x9,1000x10x9,5000x20x9      # items x raters x emotions
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Sequence

import numpy as np

from app.agreement.bayes.fit import fit
from app.agreement.bayes.posterior import truths_of
from app.agreement.bayes.simulate import StudyShape, draw_study

SIZES = "50x5x9,200x10x9,1000x10x9"


def main(argv: Sequence[str] | None = None) -> int:
    """Fit each size, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", default=SIZES, help=f"items x raters x emotions, separated by commas ({SIZES})")
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args(argv)
    print("| items | raters | emotions | ratings | steps | seconds of processor time |\n|" + " --- |" * 6)
    for size in args.sizes.split(","):
        items, raters, emotions = (int(part) for part in size.split("x"))
        data, _ = draw_study(StudyShape(items, raters, emotions), np.random.default_rng(args.seed))
        begun = time.process_time()
        done = fit(data)
        truths_of(done)
        spent = time.process_time() - begun
        print(f"| {items} | {raters} | {emotions} | {len(data)} | {done.steps} | {spent:.1f} |", flush=True)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
