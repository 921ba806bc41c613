"""What a rater is told after a practice clip or an attention check."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.domain.answers import Answer, StoredAnswer, outside, passes, told_after
from app.domain.bands import MEANS, PASSED, outside_band
from app.domain.shown import judges
from app.domain.study import Part, Study
from app.services.study.tasks import Task


@dataclass(frozen=True)
class Feedback:
    """What a rater is told after a practice clip, and after an attention check where the study wants that.

    Attributes:
        text: The study's own words, in the session's language; may be empty.
        passed: Whether the answer was as expected; None where nothing was expected.
        outside: Emotions, or dimensions of a trace, that were expected otherwise.
        expected: Emotion or dimension → (lowest, highest) expected.
    """

    text: str
    passed: bool | None
    outside: tuple[str, ...]
    expected: dict[str, tuple[float, float]]


def told_feedback(task: Task, part: Part, answer: Answer, language: str) -> Feedback | None:
    """Return what to tell the rater: always after practice, after an attention check only what the study says.

    Args:
        task: What was answered.
        part: The practice clip or attention check of the study.
        answer: What the rater gave.
        language: What the rater reads.
    """
    passed = None if declined(task, answer) else passes(part, answer)
    wrong = outside(part, answer) if passed is not None else ()
    return _told(task, told_after(part, passed, language), passed, wrong, dict(part.expected))


def told_of_trace(task: Task, part: Part, measured: Mapping[str, Any], language: str) -> Feedback | None:
    """Return what to tell the rater after a trace: words and verdict as after a rating; nothing where there is neither.

    Args:
        task: What was traced.
        part: The practice clip or attention check of the study.
        measured: What was stored with the trace (`app.domain.bands`).
        language: What the rater reads.
    """
    passed = measured.get(PASSED)
    text = told_after(part, passed, language)
    if passed is None and not text:
        return None
    wrong = outside_band(part, measured.get(MEANS, {})) if passed is not None else ()
    return _told(task, text, passed, wrong, dict(part.band))


def verdict_on(study: Study, earlier: StoredAnswer, item: str, answer: Answer, *, shown: bool) -> bool | None:
    """Return whether the correction of an answer to practice or an attention check is as the study expects it now.

    Args:
        study: The version under which it is corrected.
        earlier: The answer that is corrected.
        item: Name of its item; empty for a text.
        answer: The correction.
        shown: Whether what was shown for it was enough.

    Returns:
        None where nothing is expected, where the question could not be put, and of what is analysed.
    """
    key = earlier.key
    part: Part | None = None
    if key.purpose == "attention":
        part = next((check for check in study.attention if check.name == key.check), None)
    elif key.purpose == "practice":
        asked = (clip for clip in study.practice if clip.kind == "rating")
        part = next((clip for clip in asked if (clip.item, clip.condition) == (item, key.condition)), None)
    return passes(part, answer) if part is not None and (shown or judges(answer)) else None


def _told(
    task: Task, text: str, passed: bool | None, wrong: tuple[str, ...], expected: dict[str, tuple[float, float]]
) -> Feedback | None:
    if task.purpose == "practice":
        return Feedback(text, passed, wrong, expected)
    return Feedback(text, None, (), {}) if text else None


def declined(task: Task, answer: Answer) -> bool:
    """Return whether a question with an expected answer could not be put: nothing was expected then."""
    return task.obstacle is not None and not judges(answer)
