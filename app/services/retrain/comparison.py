"""The comparison of two models: pooled scores, a bootstrap interval of the difference by subject, and a verdict."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Literal

import numpy as np
from numpy.typing import NDArray

from app.agreement.among_raters import AmongRaters, RatedClip, among_raters
from app.agreement.estimate import NAN
from app.agreement.pooled import LEAST_SUBJECTS, LEVEL, REPLICATES, ccc_of_moments, expanded_interval, moments
from app.agreement.prediction import SeriesScore, series_score
from app.agreement.resample import bootstrap_sums
from app.batch import Failed
from app.domain import json_values
from app.domain.traces import DIMENSIONS
from app.domain.words import many

Verdict = Literal["better", "not better", "too few subjects"]
Float = NDArray[np.float64]
BOOTSTRAP: Final = {
    "unit": "subject",
    "interval": "expanded percentile",
    "replicates": REPLICATES,
    "level": LEVEL,
    "seed": 0,
}
"""How the intervals of a comparison are made, as its JSON says it."""


@dataclass(frozen=True, eq=False)
class ClipSeries:
    """One held-out clip: predictions of both models and labels of people, frame by frame.

    Attributes:
        clip: Name of the clip.
        clip_id: Number of the clip in the project.
        subject: Code of the person seen.
        times_s: float64 N, seconds on the clip's own clock.
        gold: float64 N×2, NaN where there is no label.
        old: float64 N×2, the old model's predictions.
        new: float64 N×2, the new model's predictions.
        raters: Each rater's traces by code, float64 N×2 with lags removed.
        begins_s: Beginning of the clip's own clock in seconds; times on screens count from there.
    """

    clip: str
    clip_id: int
    subject: str
    times_s: Float
    gold: Float
    old: Float
    new: Float
    raters: dict[str, Float] = field(default_factory=dict)
    begins_s: float = 0.0

    def scores(self, dimension: int) -> tuple[SeriesScore, SeriesScore]:
        """Score both models against the labels of this clip."""
        gold = self.gold[:, dimension]
        return series_score(self.old[:, dimension], gold), series_score(self.new[:, dimension], gold)


@dataclass(frozen=True)
class Difference:
    """The comparison in one dimension, pooled over held-out frames.

    Attributes:
        old: Scores of the old model.
        new: Scores of the new one.
        difference: CCC of the new model minus that of the old one.
        interval: Bootstrap interval of the difference over subjects; NaN if there are too few.
        n_subjects: Number of held-out subjects.
        verdict: The verdict, which is "better" if the interval lies above 0.
        among: The agreement of each rater, and of both models in the rater's place, with the mean of the other raters
            on the same frames; None with fewer than two raters.
    """

    old: SeriesScore
    new: SeriesScore
    difference: float
    interval: tuple[float, float]
    n_subjects: int
    verdict: Verdict
    among: AmongRaters | None

    @property
    def worse(self) -> bool:
        """Whether the interval lies below 0."""
        return self.interval[1] < 0

    def as_dict(self) -> dict[str, Any]:
        """Return plain values for JSON; NaN becomes null."""
        return {
            "old": json_values.number(self.old.ccc),
            "new": json_values.number(self.new.ccc),
            "difference": json_values.number(self.difference),
            "interval": [json_values.number(self.interval[0]), json_values.number(self.interval[1])],
            "n_subjects": self.n_subjects,
            "verdict": self.verdict,
            "worse": self.worse,
            "statistic": "CCC",
            "scores": {"old": json_values.plain(self.old.__dict__), "new": json_values.plain(self.new.__dict__)},
            "human_ceiling": None if self.among is None else json_values.number(self.among.human),
            "among_raters": None if self.among is None else self.among.as_dict(("old", "new")),
        }


@dataclass(frozen=True, eq=False)
class Comparison:
    """The comparison of two models on held-out subjects.

    Attributes:
        old: Name of the old model.
        new: Name of the new one.
        dimensions: The comparison of each dimension by name; a dimension without labels is left out.
        overall: Verdict on the mean CCC over both dimensions.
        worse: Whether that mean is certainly worse.
        clips: Series of every clip.
        labels: The labels that they were compared with, in words.
        notes: Sentences that the reader should know.
        failed: The errors of clips that could not be compared, each with the clip's name and the reason.
        device: The device on which the models were asked to run.
    """

    old: str
    new: str
    dimensions: dict[str, Difference]
    overall: Verdict
    worse: bool
    clips: tuple[ClipSeries, ...]
    labels: str = ""
    notes: tuple[str, ...] = ()
    failed: tuple[Failed, ...] = ()
    device: str = "auto"

    @property
    def offers_promotion(self) -> bool:
        """Whether the new model has proved better overall, and is not worse in any dimension."""
        return self.overall == "better" and not any(d.worse for d in self.dimensions.values())

    @property
    def _answer(self) -> Verdict:
        return "not better" if self.overall == "better" and not self.offers_promotion else self.overall

    @property
    def sentence(self) -> str:
        """The answer in one sentence."""
        n = max((d.n_subjects for d in self.dimensions.values()), default=0)
        return answer_sentence(
            self.old, self.new, n, self.overall, worse=self.worse, offers=self.offers_promotion, parts="dimension"
        )

    def as_dict(self) -> dict[str, Any]:
        """Return plain values for JSON: each dimension as in `Difference.as_dict`, then the facts of the comparison."""
        return {
            **{name: each.as_dict() for name, each in self.dimensions.items()},
            "overall": {
                "verdict": self._answer,
                "worse": self.worse,
                "offers_promotion": self.offers_promotion,
                "text": self.sentence,
            },
            "models": {"old": self.old, "new": self.new},
            "labels": self.labels,
            "subjects": sorted({clip.subject for clip in self.clips}),
            "bootstrap": dict(BOOTSTRAP),
            "notes": list(self.notes),
            "failed": [dict(one) for one in self.failed],
            "device": self.device,
        }


def answer_sentence(
    old: str, new: str, n_subjects: int, overall: Verdict, *, worse: bool, offers: bool, parts: str
) -> str:
    """Say in one sentence whether a model is better than another.

    Args:
        old: Name of the old model.
        new: Name of the new one.
        n_subjects: Number of held-out subjects.
        overall: Verdict on the mean of everything that was compared.
        worse: Whether that mean is certainly worse.
        offers: Whether the new model is better overall and not worse in any part.
        parts: The word for one of the compared parts, such as "dimension".
    """
    who = f"{many(n_subjects, 'subject')} that it has never seen"
    if overall == "too few subjects":
        there = "There is" if n_subjects == 1 else "There are"
        return f"{there} {many(n_subjects, 'held-out subject')}: too few to say whether {new} is better."
    if offers:
        return f"{new} is better than {old} on {who}."
    text = f"{new} is not better than {old} on {who}"
    if worse:
        return f"{text}: it is worse."
    if overall == "better":
        return f"{text}: it is worse in one {parts}."
    return f"{text}."


def compare_series(
    old: str, new: str, clips: Sequence[ClipSeries], *, labels: str = "", notes: Sequence[str] = (), seed: int = 0
) -> Comparison:
    """Compare two models on the same frames.

    Args:
        old: Name of the old model.
        new: Name of the new one.
        clips: Held-out clips; frames without a label or without one of the predictions are skipped.
        labels: The labels that they are compared with, in words.
        notes: Sentences to put into the result.
        seed: Seed of the bootstrap.
    """
    subjects = sorted({clip.subject for clip in clips})
    found: dict[str, Difference] = {}
    draws: list[Float] = []
    for number, name in enumerate(DIMENSIONS):
        columns = [_common(clip, number) for clip in clips]
        if not sum(len(gold) for gold, _, _ in columns):
            continue
        gold, was, now = (np.concatenate([column[part] for column in columns]) for part in range(3))
        drawn = _drawn(clips, columns, subjects, seed)
        draws.append(drawn)
        a, b = series_score(was, gold), series_score(now, gold)
        interval = expanded_interval(drawn, len(subjects))
        verdict = verdict_of(interval, enough=len(subjects) >= LEAST_SUBJECTS)
        found[name] = Difference(a, b, b.ccc - a.ccc, interval, len(subjects), verdict, _among(clips, number, seed))
    enough = len(subjects) >= LEAST_SUBJECTS and bool(draws)
    joint = expanded_interval(np.mean(draws, axis=0), len(subjects)) if draws else (NAN, NAN)
    verdict = verdict_of(joint, enough=enough)
    return Comparison(old, new, found, verdict, joint[1] < 0, tuple(clips), labels, tuple(notes))


def _common(clip: ClipSeries, dimension: int) -> tuple[Float, Float, Float]:
    rows = np.stack([clip.gold[:, dimension], clip.old[:, dimension], clip.new[:, dimension]])
    rows = rows[:, np.isfinite(rows).all(axis=0)]
    return rows[0], rows[1], rows[2]


def _drawn(
    clips: Sequence[ClipSeries], columns: Sequence[tuple[Float, Float, Float]], subjects: Sequence[str], seed: int
) -> Float:
    """Differences of pooled CCC over resampled subjects."""
    sums = np.zeros((len(subjects), 9))
    for clip, (gold, was, now) in zip(clips, columns, strict=True):
        sums[subjects.index(clip.subject)] += moments(gold, was, now)
    s = bootstrap_sums(sums, REPLICATES, seed)
    return np.asarray(ccc_of_moments(s, 1) - ccc_of_moments(s, 0), np.float64)


def verdict_of(interval: tuple[float, float], *, enough: bool) -> Verdict:
    """Return the verdict that follows from the interval of a difference, new minus old."""
    if not enough:
        return "too few subjects"
    return "better" if interval[0] > 0 else "not better"


def _among(clips: Sequence[ClipSeries], dimension: int, seed: int) -> AmongRaters | None:
    raters = sorted({rater for clip in clips for rater in clip.raters})
    if len(raters) < 2:
        return None
    rated = []
    for clip in clips:
        block = np.full((len(raters), len(clip.times_s)), np.nan)
        for row, rater in enumerate(raters):
            if rater in clip.raters:
                block[row] = clip.raters[rater][:, dimension]
        # Frames without a label are passed over here, too.
        block[:, ~np.isfinite(clip.gold[:, dimension])] = np.nan
        rated.append(RatedClip(clip.subject, block, np.stack([clip.old[:, dimension], clip.new[:, dimension]])))
    found = among_raters(rated, seed=seed)
    return None if np.isnan(found.human) else found
