"""What a rater is told after a practice clip or an attention check."""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.answers import Answer, outside, passes, told_after
from app.domain.shown import judges
from app.domain.study import Part
from app.services.study.tasks import Task


@dataclass(frozen=True)
class Feedback:
    """What a rater is told after a practice clip, and after an attention check where the study wants that.

    Attributes:
        text: The study's own words, in the session's language; may be empty.
        passed: Whether the answer was as expected; None where nothing was expected.
        outside: Emotions that were expected otherwise.
        expected: Emotion → (lowest, highest) expected.
    """

    text: str
    passed: bool | None
    outside: tuple[str, ...]
    expected: dict[str, tuple[int, int]]


def told_feedback(task: Task, part: Part, answer: Answer, language: str) -> Feedback | None:
    """What to tell the rater: always after practice, after an attention check only what the study says.

    Args:
        task: What was answered.
        part: The practice clip or attention check of the study.
        answer: What the rater gave.
        language: What the rater reads.
    """
    passed = None if declined(task, answer) else passes(part, answer)
    text = told_after(part, passed, language)
    if task.purpose == "practice":
        return Feedback(text, passed, outside(part, answer) if passed is not None else (), dict(part.expected))
    return Feedback(text, None, (), {}) if text else None


def declined(task: Task, answer: Answer) -> bool:
    """Whether a question with an expected answer could not be put: nothing was expected then."""
    return task.obstacle is not None and not judges(answer)
