"""Made-up labels of eight short clips, for a first try and for the examples in the docstrings of this package."""

from typing import Final

import numpy as np

from app.agreement.report import AgreementReport, agreement_report
from app.agreement.settings import AgreementSettings
from app.agreement.trace_report import TraceAgreement, trace_agreement
from app.domain.ratings import CategoryTable, Factor, Items, RatingTable, TraceLabel
from app.domain.traces import TraceSamples

RATERS: Final = ("R1", "R2", "R3")
CLIPS: Final = tuple("abcdefgh")
SCORES: Final = {
    ("face_only", "happy"): ("010", "231", "544", "102", "334", "000", "453", "213"),
    ("face_only", "sad"): ("312", "001", "000", "425", "100", "534", "010", "241"),
    ("full_context", "happy"): ("000", "222", "554", "111", "344", "000", "454", "223"),
    ("full_context", "sad"): ("222", "000", "000", "445", "000", "544", "000", "232"),
}
"""Condition and emotion → for each clip the scores of the three raters, 0 to 5."""
CHOICES: Final = {
    "face_only": ("sns", "hhn", "hhh", "sss", "hhh", "sss", "hhh", "nsh"),
    "full_context": ("sss", "hhh", "hhh", "sss", "hhh", "sss", "hhh", "nhh"),
}
"""Condition → for each clip the categories that the three raters chose, by their first letters."""


def ratings() -> RatingTable:
    """Intensities of two emotions, given by three raters in two viewing conditions.

    Example:
        >>> table = ratings()
        >>> len(table), table.emotion.names, table.condition.names
        (96, ('happy', 'sad'), ('face_only', 'full_context'))
    """
    rows = [
        (item, condition, rater, emotion, float(score))
        for (condition, emotion), clips in SCORES.items()
        for item, scores in enumerate(clips)
        for rater, score in zip(RATERS, scores, strict=True)
    ]
    item, condition, rater, emotion, score = zip(*rows, strict=True)
    return RatingTable(
        Items.of_clips(CLIPS), np.array(item, np.int32), Factor.encode(condition), Factor.encode(rater),
        Factor.encode(emotion), np.array(score), np.ones(len(rows), np.int32), scale=(0.0, 5.0), simulated=True,
    )  # fmt: skip


def choices() -> CategoryTable:
    """Categories of the same clips: one label by each rater in each condition.

    Example:
        >>> table = choices()
        >>> table.category.names, table.counts().votes[0]
        (('sad', 'neutral', 'happy'), array([2., 1., 0.]))
    """
    names = {"s": "sad", "n": "neutral", "h": "happy"}
    rows = [
        (item, condition, rater, names[letter])
        for condition, clips in CHOICES.items()
        for item, letters in enumerate(clips)
        for rater, letter in zip(RATERS, letters, strict=True)
    ]
    item, condition, rater, category = zip(*rows, strict=True)
    return CategoryTable(
        Items.of_clips(CLIPS), np.array(item, np.int32), Factor.encode(condition), Factor.encode(rater),
        Factor.encode(category), np.ones(len(rows), np.int32), simulated=True,
    )  # fmt: skip


def traces() -> list[TraceLabel]:
    """Traces of two clips of 40 s by the same raters: R2 runs 0.4 s behind R1, and R3 0.8 s.

    Example:
        >>> [(trace.rater, trace.clip) for trace in traces()[:3]]
        [('R1', 'a'), ('R2', 'a'), ('R3', 'a')]
    """
    times_s = np.arange(0, 40, 0.1)
    made = []
    for number, clip in enumerate("ab"):
        for behind_s, rater in zip((0.0, 0.4, 0.8), RATERS, strict=True):
            at = times_s - behind_s + 50 * number
            valence = 0.5 * np.sin(0.9 * at) + 0.3 * np.sin(0.37 * at + 1)
            values = np.stack([valence, 0.6 * np.cos(0.53 * at)], axis=1).astype(np.float32)
            made.append(
                TraceLabel(clip, clip, "full_context", rater, 1, TraceSamples(times_s, values, times_s, "mouse"))
            )
    return made


def series() -> list[np.ndarray[tuple[int, int], np.dtype[np.float64]]]:
    """Valence of `traces` on an even grid of 10 Hz: for each clip (raters, samples).

    Example:
        >>> [block.shape for block in series()]
        [(3, 400), (3, 400)]
    """
    every = [trace.samples.values[:, 0].astype(np.float64) for trace in traces()]
    return [np.stack(every[:3]), np.stack(every[3:])]


def report() -> AgreementReport:
    """Agreement on `ratings` and `choices`, with intervals that leave out one item at a time.

    Example:
        >>> [(one.emotion, round(one.alpha_ordinal.value, 2)) for one in report().emotions][:2]
        [('happy', 0.8), ('sad', 0.73)]
    """
    return agreement_report(ratings(), choices(), AgreementSettings(unit="item"))


def trace_results() -> list[TraceAgreement]:
    """Agreement on `traces`: one result for valence, one for arousal.

    Example:
        >>> [one.dimension for one in trace_results()]
        ['valence', 'arousal']
    """
    return trace_agreement(traces(), AgreementSettings(unit="item"))
