"""Does the fast inference of the model of raters say what exact sampling says, on small data?

One small study is drawn and fitted, and its whole posterior, truths and spreads included, is sampled by Hamiltonian
Monte Carlo. Printed are, for each kind of quantity, how far the means lie apart in units of the sampled standard
deviation (root mean square), and the ratio of the standard deviations (geometric mean).

    python benchmarks/bayes_hmc.py --out benchmarks/bayes_hmc.md
    python benchmarks/bayes_hmc.py --traces                        # of the model of traces: three raters, one of 40 s
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from app.agreement.bayes.band import Band
from app.agreement.bayes.columns import Columns
from app.agreement.bayes.fit import fit
from app.agreement.bayes.hmc import sample
from app.agreement.bayes.joint import Joint, Unfolded
from app.agreement.bayes.posterior import raters_of, truths_of
from app.agreement.bayes.simulate import StudyShape, draw_study
from app.agreement.bayes.thresholds import thresholds
from app.agreement.bayes.trace_density import TraceDensity
from app.agreement.bayes.trace_draw import RATE_HZ, draw_traces
from app.agreement.bayes.trace_mode import curvature, gradient, mode_of
from app.agreement.bayes.trace_sample import draw_parameters
from app.files import replacing

Float = NDArray[np.float64]


def quantities(columns: Columns, here: Unfolded) -> dict[str, Float]:
    """What is compared, of one draw."""
    effects = here.effects
    truth = (columns.truth_design @ effects[: columns.added]).reshape(here.own.shape) + here.own
    bias = columns.part("bias", effects)[:, None] + np.zeros(len(columns.data.emotions))
    if "bias_emotion" in columns.where:
        bias = bias + columns.part("bias_emotion", effects)
    cuts = thresholds(columns.part("gap", effects), columns.part("use", effects), columns.n_levels - 1)
    return {"truth": truth, "bias": bias, "thresholds": cuts, "log noise": columns.part("noise", effects)}


def of_traces(seed: int, warm_up: int, draws: int) -> list[str]:
    """Compare the draws of the model of traces with those of Hamiltonian Monte Carlo, in lines of a table."""
    clips = draw_traces(np.random.default_rng([seed, 2]), raters=3, seconds=(40.0,)).clips
    density = TraceDensity(clips, RATE_HZ)
    mode, _ = mode_of(density, clips, RATE_HZ)
    begun = time.process_time()
    cov = curvature(density.cost, mode)
    fast = draw_parameters(density, mode, cov, np.random.default_rng(seed)).points
    fast_s, begun = time.process_time() - begun, time.process_time()
    scale = np.sqrt(np.diag(cov))

    def slope(point: Float) -> tuple[float, Float]:
        at = mode + scale * point
        return -density.cost(at), -scale * gradient(density.cost, at)

    slow = sample(slope, np.zeros(mode.size), np.random.default_rng(seed), warm_up=warm_up, draws=draws)
    each = mode + scale * slow.points
    lines = ["| quantity | number | means apart, in standard deviations | ratio of standard deviations |"]
    lines.append("|" + " --- |" * 4)
    for k, name in enumerate(("log gain", "lag", "log noise")):
        at = slice(4 + 2 * k, 6 + 2 * k)
        mean, sd = (each[:, at] @ density.basis.T).mean(axis=0), (each[:, at] @ density.basis.T).std(axis=0)
        ours = fast[:, at] @ density.basis.T
        apart = np.sqrt((((ours.mean(axis=0) - mean) / sd) ** 2).mean())
        lines.append(f"| {name} | {mean.size} | {apart:.2f} | {np.exp(np.log(ours.std(axis=0) / sd).mean()):.2f} |")
    lines += ["", f"{len(fast)} draws {fast_s:.1f} s of processor time; {draws} of Hamiltonian Monte Carlo "
              f"{time.process_time() - begun:.0f} s, {100 * slow.accepted:.0f} % accepted."]  # fmt: skip
    return lines


def main(argv: Sequence[str] | None = None) -> int:
    """Compare, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--items", type=int, default=12)
    parser.add_argument("--raters", type=int, default=5)
    parser.add_argument("--draws", type=int, default=2000)
    parser.add_argument("--warm-up", type=int, default=600)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path)
    parser.add_argument("--traces", action="store_true", help="check the model of traces instead")
    args = parser.parse_args(argv)
    if args.traces:
        print("\n".join(of_traces(args.seed, args.warm_up, args.draws)))
        return 0
    shape = StudyShape(args.items, args.raters, 2, 2)
    data, _ = draw_study(shape, np.random.default_rng(args.seed))
    begun = time.perf_counter()
    done = fit(data)
    fitted_s, begun = time.perf_counter() - begun, time.perf_counter()
    joint = Joint(done.columns)
    start, rng = np.zeros(joint.size), np.random.default_rng(args.seed)
    draws = sample(joint, start, rng, warm_up=args.warm_up, draws=args.draws)
    sampled_s = time.perf_counter() - begun
    truths, raters = truths_of(done), raters_of(done)
    log_noise = done.columns.part("noise", done.effects)
    fast = {
        "truth": truths.latent, "bias": raters.bias, "thresholds": raters.thresholds,
        "log noise": Band(log_noise, raters.noise.sd / raters.noise.mean, log_noise, log_noise),
    }  # fmt: skip
    each = [quantities(done.columns, joint.unfold(point)) for point in draws.points]
    lines = [
        "| quantity | number | means apart, in standard deviations | ratio of standard deviations |",
        "|" + " --- |" * 4,
    ]
    for name, band in fast.items():
        drawn = np.array([one[name] for one in each])
        mean, sd = drawn.mean(axis=0), drawn.std(axis=0)
        apart = np.sqrt((((band.mean - mean) / sd) ** 2).mean())
        ratio = np.exp(np.log(band.sd / sd).mean())
        lines.append(f"| {name} | {mean.size} | {apart:.2f} | {ratio:.2f} |")
    times = (
        f"{len(data)} ratings, {joint.size} quantities. Fit {fitted_s:.1f} s; {args.draws} draws {sampled_s:.0f} s, "
        f"{100 * draws.accepted:.0f} % accepted."
    )
    print("\n".join([*lines, "", times]))
    if args.out is not None:
        words = f"--items {args.items} --raters {args.raters} --draws {args.draws} --warm-up {args.warm_up}"
        made = f"Made by `python benchmarks/bayes_hmc.py {words} --seed {args.seed}`."
        head = ["# The model of raters against sampling", "", made, ""]
        with replacing(args.out) as temporary:
            temporary.write_text("\n".join([*head, *lines, "", times, ""]), encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
