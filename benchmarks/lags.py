"""The material that a lag needs: errors of estimated lags, and raters who are set aside, with simulated raters.

All raters follow one signal that changes within about two seconds. Each has a lag of 0 to 1.6 s and wobble of the same
kind, either 0.7 times as strong as the signal (two raters correlate by .67) or as strong as the signal (.50). Rules of
the program rest on this table: `LEAST_S` in app/agreement/lags.py and `OPPOSED` in app/agreement/set_aside.py.

    python benchmarks/lags.py                 # 200 repetitions of each design, some ten minutes of one core: lags.md
    python benchmarks/lags.py --repetitions 20
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from app.agreement import lags as rules
from app.agreement.lag_sums import pair_sums
from app.agreement.lags import lags_of_sums
from app.agreement.set_aside import opposing

Float = NDArray[np.float64]

RATE = 25.0
MAX_LAG = 150
LAGS_S = (0.0, 0.6, 1.2, 1.6, 0.3)
DESIGNS = ((1, 6), (1, 12), (1, 24), (5, 6), (1, 60), (5, 12), (10, 6), (10, 12), (10, 30))


def swing(n: int, rng: np.random.Generator) -> Float:
    """Return a smooth random signal of n samples and variance 1."""
    window = np.hanning(63)[1:-1]
    return np.convolve(rng.normal(size=n + window.size - 1), window / np.sqrt((window**2).sum()), mode="valid")


def clips_of(rng: np.random.Generator, clips: int, length_s: int, raters: int, wobble: float) -> list[Float]:
    """Per clip (raters, n) traces."""
    out = []
    for _ in range(clips):
        n, most = round(length_s * RATE), 200
        truth = swing(n + most, rng)
        starts = [most - round(lag * RATE) for lag in LAGS_S[:raters]]
        out.append(np.stack([truth[at : at + n] + wobble * swing(n, rng) for at in starts]))
    return out


def measure(design: tuple[int, int], raters: int, wobble: float, repetitions: int) -> dict[str, float]:
    """Share of raters with a lag, errors in seconds, and how often somebody is set aside."""
    errors: list[float] = []
    accepted = honest = inverted = other = 0
    true = np.array(LAGS_S[:raters])
    last = np.r_[np.ones(raters - 1), -1.0][:, None]
    for repetition in range(repetitions):
        rng = np.random.default_rng([repetition, raters, *design, round(10 * wobble)])
        clips = clips_of(rng, *design, raters, wobble)
        sums = pair_sums(clips, MAX_LAG)
        found = np.array([one.lag_s for one in lags_of_sums(sums, RATE)])
        accepted += int((~np.isnan(found)).sum())
        if not np.isnan(found).any():
            errors += np.abs((found - found.mean()) - (true - true.mean())).tolist()
        honest += bool(opposing(sums, RATE))
        inverted += raters - 1 in opposing(pair_sums([clip * last for clip in clips], MAX_LAG), RATE)
        strange = [np.vstack([clip[:-1], swing(clip.shape[1], rng)]) for clip in clips]
        other += bool(opposing(pair_sums(strange, MAX_LAG), RATE))
    known = np.array(errors) if errors else np.array([np.nan])
    return {
        "accepted": accepted / repetitions / raters, "median": float(np.median(known)),
        "p95": float(np.quantile(known, 0.95)), "most": float(known.max()), "honest": honest / repetitions,
        "inverted": inverted / repetitions, "other": other / repetitions,
    }  # fmt: skip


def main(words: Sequence[str] | None = None) -> int:
    """Print the table as Markdown."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--repetitions", type=int, default=200)
    args = parser.parse_args(words)
    # The rule itself is what is looked for here: without it, lags of short clips would not be seen.
    least = rules.LEAST_S
    header = "| clips | seconds in all | raters | r of two | has a lag | error: median | 95 % | most "
    print(f"{header}| set aside: honest | inverted | follows something else |")
    print("| --- " * 11 + "|")
    for wobble in (0.7, 1.0):
        for raters in (3, 5):
            for clips, length_s in DESIGNS:
                rules.LEAST_S = 0.0  # type: ignore[misc]
                try:
                    row = measure((clips, length_s), raters, wobble, args.repetitions)
                finally:
                    rules.LEAST_S = least  # type: ignore[misc]
                errors = " | ".join(f"{row[key]:.2f} s" for key in ("median", "p95", "most"))
                told = f"{row['honest']:.0%} | {row['inverted']:.0%} | {row['other']:.0%}"
                if clips * length_s < least:
                    told = "– | – | –"
                print(
                    f"| {clips} of {length_s} s | {clips * length_s} | {raters} | {1 / (1 + wobble**2):.2f} | "
                    f"{row['accepted']:.0%} | {errors} | {told} |",
                    flush=True,
                )
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
