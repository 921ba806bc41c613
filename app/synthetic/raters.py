"""Simulated raters, whose bias, use of the scale, noise, reaction lag and lapses of attention are known.

They answer in demos and tests, where the truth must be known. The code that stores their answers marks them as
simulated.
"""

import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

from app.domain.emotions import RATED
from app.domain.ratings import CategoryTable, Factor, Items, RatingTable
from app.domain.traces import TraceSamples
from app.synthetic.paths import AffectPath, ornstein_uhlenbeck

Scores = NDArray[np.float64]
"""float64 items×emotions: whole numbers on the scale, NaN where the rater gave no answer."""


@dataclass(frozen=True)
class SimulatedRater:
    """The ways in which one simulated rater differs from the truth.

    Attributes:
        code: The rater's code.
        bias: Numbers that are added to valence and to arousal.
        gain: Factors for valence and arousal; 1 uses the plane as the truth does, smaller factors stay near the middle.
        noise: Standard deviation of a wandering error of the trace.
        noise_relax_s: Seconds after which the correlation of that error has fallen to 1/e.
        lag_s: Reaction lag in seconds: the trace follows the truth of `lag_s` earlier. It includes `motor_s`.
        motor_s: Time constant of the hand in seconds; the hand is a first-order low-pass filter.
        late_s: Seconds from the clip's start to the first sample.
        lapses_per_min: Mean number of lapses of attention a minute; the hand rests during a lapse.
        lapse_s: Mean length of a lapse in seconds.
        score_bias: Points that are added to every intensity.
        score_gain: Factor for every intensity.
        score_noise: Standard deviation of the error of an intensity, in points.
        missing: Probability that a judgement is "cannot tell".
        careless: Probability that an answer does not depend on the item.
    """

    code: str
    bias: tuple[float, float] = (0.0, 0.0)
    gain: float = 1.0
    noise: float = 0.08
    noise_relax_s: float = 1.5
    lag_s: float = 1.0
    motor_s: float = 0.25
    late_s: float = 0.6
    lapses_per_min: float = 0.0
    lapse_s: float = 1.5
    score_bias: float = 0.0
    score_gain: float = 1.0
    score_noise: float = 0.7
    missing: float = 0.0
    careless: float = 0.0


DEMO_RATERS: Final = (
    SimulatedRater("R1", bias=(0.03, 0.0), gain=0.95, noise=0.06, lag_s=0.9, late_s=0.5, score_noise=0.5),
    SimulatedRater(
        "R2", bias=(-0.1, 0.08), gain=0.75, noise=0.09, lag_s=1.6, late_s=0.9,
        score_bias=-0.3, score_gain=0.85, missing=0.01,
    ),
    SimulatedRater(
        "R3", bias=(0.06, -0.1), gain=1.15, noise=0.13, noise_relax_s=0.8, lag_s=0.6, late_s=1.4, lapses_per_min=4.0,
        score_bias=0.2, score_noise=0.9, missing=0.03, careless=0.03,
    ),
)  # fmt: skip
"""A careful one, a slow and guarded one, a quick and sloppy one."""


def cast(count: int, seed: int = 0) -> tuple[SimulatedRater, ...]:
    """Return `count` different raters with the codes S01, S02 and so on."""
    raters = []
    for i in range(count):
        rng = np.random.default_rng([seed, i, 401])
        raters.append(
            SimulatedRater(
                code=f"S{i + 1:02d}",
                bias=(float(rng.normal(0, 0.08)), float(rng.normal(0, 0.08))),
                gain=float(rng.uniform(0.75, 1.15)),
                noise=float(rng.uniform(0.05, 0.15)),
                lag_s=float(rng.uniform(0.5, 2.0)),
                late_s=float(rng.uniform(0.3, 1.5)),
                lapses_per_min=float(rng.choice([0.0, 0.0, 2.0])),
                score_bias=float(rng.normal(0, 0.3)),
                score_gain=float(rng.uniform(0.8, 1.1)),
                score_noise=float(rng.uniform(0.5, 1.0)),
                missing=float(rng.uniform(0, 0.03)),
                careless=float(rng.uniform(0, 0.03)),
            )
        )
    return tuple(raters)


def named_rng(seed: int, *names: str) -> np.random.Generator:
    """Return a random generator that depends only on names and seed, not on the order of calls."""
    return np.random.default_rng([seed, *(zlib.crc32(name.encode()) for name in names)])


def simulate_trace(
    truth_times_s: NDArray[np.float64],
    valence: NDArray[np.float64],
    arousal: NDArray[np.float64],
    rater: SimulatedRater,
    seed: int,
    *,
    rate_hz: float = 75.0,
    item: str = "",
) -> TraceSamples:
    """Return the trace that a rater gives while a clip plays once.

    Args:
        truth_times_s: float64 N, PTS times of the clip's frames, ascending.
        valence: float64 N, the truth at each frame, −1…1.
        arousal: float64 N, the same for arousal.
        rater: The rater who traces.
        seed: Seed that determines, with the rater's code and `item`, everything random.
        rate_hz: Samples per second of the monotonic clock, at least 60.
        item: Name of the item, so that a rater errs differently on each item.

    Returns:
        Raw samples with the device "simulated". Their times are those of the frames on screen, and each value holds
        until the next sample.

    Raises:
        ValueError: If the clip is empty or the rate is below 60.
    """
    if len(truth_times_s) == 0 or rate_hz < 60:
        raise ValueError("a trace needs a clip with frames and at least 60 samples per second")
    rng = named_rng(seed, rater.code, item)
    step_s = 1 / rate_hz
    end_s = float(truth_times_s[-1]) + (float(np.median(np.diff(truth_times_s))) if len(truth_times_s) > 1 else 0.04)
    # From well before the start, so that hand and noise are under way when the first sample is taken.
    clock_s = np.arange(truth_times_s[0] - 2.0, end_s, step_s)
    clock_s = clock_s + rng.uniform(-0.15, 0.15, len(clock_s)) * step_s
    delay_s = max(rater.lag_s - rater.motor_s, 0.0)
    keep = np.exp(-step_s / max(min(rater.motor_s, rater.lag_s), 1e-3))
    path = AffectPath(truth_times_s, valence, arousal).at(clock_s - delay_s)
    resting = _lapses(clock_s, rater, rng)
    values = np.empty((len(clock_s), 2))
    for column, seen in enumerate((path.valence, path.arousal)):
        wanted = rater.bias[column] + rater.gain * seen
        wanted = wanted + ornstein_uhlenbeck(clock_s, rater.noise, rater.noise_relax_s, rng)
        hand = float(wanted[0])
        for i, target in enumerate(wanted):
            if not resting[i]:
                hand = keep * hand + (1 - keep) * float(target)
            values[i, column] = hand
    taken = clock_s >= truth_times_s[0] + rater.late_s
    frame = np.clip(np.searchsorted(truth_times_s, clock_s[taken], side="right") - 1, 0, None)
    # A pointer moves in steps of a pixel: about 200 to the unit.
    values = np.clip(np.round(values[taken] * 200) / 200, -1, 1)
    return TraceSamples(
        times_s=truth_times_s[frame].astype(np.float64),
        values=values.astype(np.float32),
        monotonic_s=clock_s[taken] - truth_times_s[0] + 1000.0,
        device="simulated",
    )


def _lapses(clock_s: NDArray[np.float64], rater: SimulatedRater, rng: np.random.Generator) -> NDArray[np.bool_]:
    """Return the samples at which the rater is inattentive, bool N."""
    resting = np.zeros(len(clock_s), np.bool_)
    if rater.lapses_per_min <= 0:
        return resting
    at = float(clock_s[0]) + rng.exponential(60 / rater.lapses_per_min)
    while at < clock_s[-1]:
        until = at + rng.exponential(rater.lapse_s)
        resting |= (clock_s >= at) & (clock_s < until)
        at = until + rng.exponential(60 / rater.lapses_per_min)
    return resting


def demo_traces(truth: AffectPath, seed: int = 0, item: str = "demo") -> dict[str, TraceSamples]:
    """Return the traces of the three demo raters over one clip, by rater code."""
    return {
        rater.code: simulate_trace(truth.times_s, truth.valence, truth.arousal, rater, seed, item=item)
        for rater in DEMO_RATERS
    }


@dataclass(frozen=True)
class ConditionEffect:
    """The effect of a viewing condition on judgements.

    Attributes:
        condition: Name of the condition, such as `face_only`.
        noise: Emotion → standard deviation in points of an error in addition to the rater's own (variances add).
        shift: Emotion → points that are added.
        missing: Probability of "cannot tell" that is added to the rater's own.
    """

    condition: str
    noise: Mapping[str, float] = field(default_factory=dict)
    shift: Mapping[str, float] = field(default_factory=dict)
    missing: float = 0.0


DEMO_CONDITIONS: Final = (
    ConditionEffect("full_context"),
    ConditionEffect(
        "face_only",
        noise={
            "angry": 0.9,
            "sad": 0.9,
            "fear": 1.1,
            "surprise": 0.8,
            "disgust": 0.8,
            "confused": 0.9,
            "contempt": 0.7,
        },
        missing=0.02,
    ),
)
"""Without context raters disagree more, except about happy and neutral: as Sun et al. (2018, III-A) found."""


def simulate_intensities(
    truth: Scores,
    rater: SimulatedRater,
    effect: ConditionEffect,
    seed: int,
    *,
    emotions: Sequence[str] = RATED,
    scale: tuple[int, int] = (0, 5),
    pass_no: int = 1,
) -> Scores:
    """Return the intensities that a rater gives.

    Args:
        truth: float64 items×emotions, the intensities that everybody would give without error, in points.
        rater: The rater who judges.
        effect: The effect of the viewing condition.
        seed: Seed that determines, with rater, condition and pass, everything random.
        emotions: Names of the columns.
        scale: Lowest and highest point of the scale.
        pass_no: Number of the pass, from 1.

    Returns:
        float64 items×emotions, whole numbers within the scale, NaN for missing answers.
    """
    rng = named_rng(seed, rater.code, effect.condition, str(pass_no))
    low, high = scale
    extra = np.array([effect.noise.get(name, 0.0) for name in emotions])
    shift = np.array([effect.shift.get(name, 0.0) for name in emotions])
    spread = np.hypot(rater.score_noise, extra)
    error = rng.standard_normal(truth.shape) * spread
    scores = np.clip(np.rint(rater.score_gain * truth + rater.score_bias + shift + error), low, high)
    careless = rng.random(truth.shape) < rater.careless
    scores = np.where(careless, rng.integers(low, high + 1, truth.shape), scores)
    missing = rng.random(truth.shape) < min(rater.missing + effect.missing, 1.0)
    return np.where(missing, np.nan, scores)


def simulate_categories(
    truth: NDArray[np.float64], rater: SimulatedRater, effect: ConditionEffect, seed: int, *, pass_no: int = 1
) -> NDArray[np.int32]:
    """Return the category that a rater names for each item.

    Args:
        truth: float64 items×categories, the share of careful raters who would choose each category; rows sum to 1.
        rater: The rater who judges. A `score_noise` of 1 draws from the shares; a smaller one sharpens them, a larger
            one flattens them.
        effect: The effect of the viewing condition; the mean of its `noise` flattens the shares further.
        seed: Seed that determines, with rater, condition and pass, everything random.
        pass_no: Number of the pass, from 1.

    Returns:
        int32, one number of a column of `truth` per item; −1 if the rater could not tell.
    """
    rng = named_rng(seed, "category", rater.code, effect.condition, str(pass_no))
    extra = float(np.mean(list(effect.noise.values()))) if effect.noise else 0.0
    flat = max(0.3, rater.score_noise + extra)
    # The Gumbel trick: the largest of log-share + noise is a draw from the shares; scaled noise flattens them.
    score = np.log(np.maximum(truth, 1e-4)) + flat * rng.gumbel(size=truth.shape)
    chosen = score.argmax(axis=1)
    careless = rng.random(len(truth)) < rater.careless
    chosen = np.where(careless, rng.integers(truth.shape[1], size=len(truth)), chosen)
    missing = rng.random(len(truth)) < min(rater.missing + effect.missing, 1.0)
    return np.where(missing, -1, chosen).astype(np.int32)


def intensity_table(
    items: Items,
    truth: Scores,
    raters: Sequence[SimulatedRater],
    effects: Sequence[ConditionEffect],
    seed: int,
    *,
    emotions: Sequence[str] = RATED,
    scale: tuple[int, int] = (0, 5),
) -> RatingTable:
    """Return a table in which every rater judges every item once under every condition; it is marked as simulated."""
    n_items, n_emotions = truth.shape
    cells = [(r, c) for r in range(len(raters)) for c in range(len(effects))]
    scores = [
        simulate_intensities(truth, raters[r], effects[c], seed, emotions=emotions, scale=scale).ravel()
        for r, c in cells
    ]
    per = n_items * n_emotions
    rater = np.repeat(np.array([r for r, _ in cells], np.int32), per)
    condition = np.repeat(np.array([c for _, c in cells], np.int32), per)
    item = np.tile(np.repeat(np.arange(n_items, dtype=np.int32), n_emotions), len(cells))
    emotion = np.tile(np.arange(n_emotions, dtype=np.int32), n_items * len(cells))
    return RatingTable(
        items=items,
        item=item,
        condition=Factor(condition, tuple(e.condition for e in effects)),
        rater=Factor(rater, tuple(r.code for r in raters)),
        emotion=Factor(emotion, tuple(emotions)),
        score=np.concatenate(scores) if scores else np.empty(0),
        pass_no=np.ones(per * len(cells), np.int32),
        scale=(float(scale[0]), float(scale[1])),
        simulated=True,
    )


def category_table(
    items: Items,
    truth: NDArray[np.float64],
    categories: Sequence[str],
    raters: Sequence[SimulatedRater],
    effects: Sequence[ConditionEffect],
    seed: int,
) -> CategoryTable:
    """Return a table in which every rater names every item's category once per condition; it is marked as simulated."""
    cells = [(r, c) for r in range(len(raters)) for c in range(len(effects))]
    chosen = [simulate_categories(truth, raters[r], effects[c], seed) for r, c in cells]
    n = len(truth)
    return CategoryTable(
        items=items,
        item=np.tile(np.arange(n, dtype=np.int32), len(cells)),
        condition=Factor(np.repeat(np.array([c for _, c in cells], np.int32), n), tuple(e.condition for e in effects)),
        rater=Factor(np.repeat(np.array([r for r, _ in cells], np.int32), n), tuple(r.code for r in raters)),
        category=Factor(np.concatenate(chosen) if chosen else np.empty(0, np.int32), tuple(categories)),
        pass_no=np.ones(n * len(cells), np.int32),
        simulated=True,
    )
