"""Feedback to raters after practice clips and attention checks."""

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
    """The feedback to a rater after a practice clip, and after an attention check if the study wants it.

    Attributes:
        text: The study's own words, in the session's language; may be empty.
        passed: Whether the answer was as expected; None where nothing was expected.
        outside: Emotions, or dimensions of a trace, that differ from what was expected.
        expected: The expected (lowest, highest) value by emotion or dimension.
    """

    text: str
    passed: bool | None
    outside: tuple[str, ...]
    expected: dict[str, tuple[float, float]]


def told_feedback(task: Task, part: Part, answer: Answer, language: str) -> Feedback | None:
    """Return the feedback: always after practice, and after an attention check only if the study has words for it.

    Args:
        task: The task that was answered.
        part: The practice clip or attention check of the study.
        answer: The rater's answer.
        language: The rater's language.
    """
    passed = None if declined(task, answer) else passes(part, answer)
    wrong = outside(part, answer) if passed is not None else ()
    return _told(task, told_after(part, passed, language), passed, wrong, dict(part.expected))


def told_of_trace(task: Task, part: Part, measured: Mapping[str, Any], language: str) -> Feedback | None:
    """Return the feedback after a trace, with words and verdict as after a rating; None if there are neither.

    Args:
        task: The task that was traced.
        part: The practice clip or attention check of the study.
        measured: The measures that were stored with the trace (`app.domain.bands`).
        language: The rater's language.
    """
    passed = measured.get(PASSED)
    text = told_after(part, passed, language)
    if passed is None and not text:
        return None
    wrong = outside_band(part, measured.get(MEANS, {})) if passed is not None else ()
    return _told(task, text, passed, wrong, dict(part.band))


def verdict_on(study: Study, earlier: StoredAnswer, item: str, answer: Answer, *, shown: bool) -> bool | None:
    """Return whether the correction of an answer to practice or an attention check is as the study now expects.

    Args:
        study: The version of the study under which it is corrected.
        earlier: The answer that is corrected.
        item: Name of its item; empty for a text.
        answer: The correction.
        shown: Whether enough was shown to judge it.

    Returns:
        The verdict; None if nothing is expected, if the question could not be asked, or if the answer is one that is
        analysed.
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
    """Return whether a question with an expected answer could not be asked, so that nothing was expected."""
    return task.obstacle is not None and not judges(answer)
