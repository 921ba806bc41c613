"""A judgement in the making. Nothing is set until the rater touches it. Without Qt."""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

from app.domain.answers import Answer, Intensity
from app.domain.study import MISSING_REASONS, Study

CATEGORY: Final = "category?"
CONFIDENCE: Final = "confidence?"
"""Names of the questions that are not emotions; no emotion can have these names."""


@dataclass(frozen=True)
class _Said:
    """All values of a draft at one moment."""

    given: dict[str, Intensity]
    category: str
    category_missing: str
    confidence: int | None
    before: tuple[dict[str, Intensity], str] | None
    was: dict[str, object]


class RatingDraft:
    """The values that a rater has given for one item so far.

    Args:
        study: The version of the study under which they are given.
        now: Function that returns monotonic seconds.
    """

    def __init__(self, study: Study, now: Callable[[], float] = time.monotonic) -> None:
        self.study = study
        self._now = now
        self._began_s = now()
        self._given: dict[str, Intensity] = {}
        self.category = ""
        self.category_missing = ""
        self.confidence: int | None = None
        self.comment = ""
        self._before: tuple[dict[str, Intensity], str] | None = None  # what stood before the clip was given up
        self._was: dict[str, object] = {}
        self._past: list[tuple[str, _Said]] = []

    @classmethod
    def of(cls, study: Study, answer: Answer) -> "RatingDraft":
        """Return the draft of an earlier answer, to be corrected."""
        draft = cls(study)
        draft._given = dict(answer.intensities)
        draft.category, draft.category_missing = answer.category, answer.category_missing
        draft.confidence, draft.comment = answer.confidence, answer.comment
        return draft

    def restart_clock(self) -> None:
        """Restart the clock of response times, because the presentation begins now."""
        self._began_s = self._now()

    def score(self, emotion: str) -> int | None:
        """Return the point that was given; None if there is none."""
        given = self._given.get(emotion)
        return None if given is None else given.score

    def reason(self, emotion: str) -> str:
        """Return the reason for a missing point; empty if there is a point or nothing was given."""
        given = self._given.get(emotion)
        return "" if given is None else given.missing_reason

    def set_score(self, emotion: str, score: int) -> None:
        """Give a point of the scale."""
        if score in self.study.scale:
            self._remember(emotion)
            self._given[emotion] = Intensity(score, response_s=self._elapsed())

    def set_reason(self, emotion: str, reason: str) -> None:
        """Give the reason for a missing point."""
        self._remember(emotion)
        self._given[emotion] = Intensity(None, reason, self._elapsed())

    def next_reason(self, emotion: str) -> None:
        """Give the first reason, or the one after the present reason."""
        self.set_reason(emotion, _after(self.reason(emotion)))

    def clear(self, emotion: str) -> None:
        """Clear an emotion, as if it had not been touched."""
        self._remember(emotion)
        self._given.pop(emotion, None)

    def set_category(self, name: str) -> None:
        """Choose a category."""
        if name in self.study.category_names:
            self._remember(CATEGORY)
            self.category, self.category_missing = name, ""

    def next_category_reason(self) -> None:
        """Give the first reason for a missing category, or the one after the present reason."""
        self._remember(CATEGORY)
        self.category, self.category_missing = "", _after(self.category_missing)

    def clear_category(self) -> None:
        """Clear the category, as if none had been chosen."""
        self._remember(CATEGORY)
        self.category = self.category_missing = ""

    def set_confidence(self, level: int | None) -> None:
        """Set the confidence; None clears it."""
        before = self._before
        self._remember(CONFIDENCE)
        self._before = before  # it is not a judgement: a clip that was given up stays so
        self.confidence = level

    def give_up(self, reason: str) -> None:
        """Give a reason for everything that is still open. `take_back` undoes this until something else is given."""
        self._remember("")
        self._before = (dict(self._given), self.category_missing)
        for name in self.study.emotion_names:
            if name not in self._given:
                self._given[name] = Intensity(None, reason, self._elapsed())
        if self.study.categories and not self.category and not self.category_missing:
            self.category_missing = reason

    def take_back(self) -> None:
        """Undo `give_up`."""
        if self._before is not None:
            before = self._before
            self._remember("")
            self._given, self.category_missing = before

    def was(self, question: str) -> object:
        """Return what an answer of this item overwrote: an `Intensity`, a category with its reason, or a confidence.

        Args:
            question: Name of an emotion, `CATEGORY` or `CONFIDENCE`.

        Returns:
            The earlier value; None if nothing was overwritten, or by an equal value.
        """
        was = self._was.get(question)
        return None if was is None or _plain(was) == _plain(self._value(question)) else was

    def undo(self) -> str | None:
        """Undo the last step on this item.

        Returns:
            The question of the step; empty for all of them, and None if there is nothing to undo.
        """
        if not self._past:
            return None
        question, said = self._past.pop()
        self._given, self._was, self._before = dict(said.given), dict(said.was), said.before
        self.category, self.category_missing, self.confidence = said.category, said.category_missing, said.confidence
        return question

    @property
    def given_up(self) -> bool:
        """Whether everything that was open was given up at once, and nothing was given since."""
        return self._before is not None

    @property
    def declined(self) -> bool:
        """Whether the whole clip was given up in one step, without a judgement of any question."""
        return self.given_up and not self.category and all(one.score is None for one in self._given.values())

    @property
    def touched(self) -> bool:
        """Whether anything was given."""
        return bool(self._given or self.category or self.category_missing)

    def open_emotions(self) -> tuple[str, ...]:
        """Return the emotions for which nothing was given."""
        return tuple(name for name in self.study.emotion_names if name not in self._given)

    @property
    def category_open(self) -> bool:
        """Whether a category is asked for and none was given."""
        return bool(self.study.categories) and not (self.category or self.category_missing)

    @property
    def complete(self) -> bool:
        """Whether everything that must be judged is judged."""
        return not self.open_emotions() and not self.category_open

    def answer(self) -> Answer:
        """Return the answer to store."""
        return Answer(
            intensities=dict(self._given),
            category=self.category,
            category_missing=self.category_missing,
            confidence=self.confidence,
            comment=self.comment.strip(),
            response_s=self._elapsed(),
        )

    def _value(self, question: str) -> object:
        if question == CATEGORY:
            return (self.category, self.category_missing) if self.category or self.category_missing else None
        return self.confidence if question == CONFIDENCE else self._given.get(question)

    def _remember(self, question: str) -> None:
        """Something is said now: what stood before can be taken back, and is no longer given up at once."""
        said = _Said(
            dict(self._given), self.category, self.category_missing, self.confidence, self._before, dict(self._was)
        )
        self._past.append((question, said))
        old = self._value(question) if question else None
        if old is not None:
            self._was[question] = old
        self._before = None

    def _elapsed(self) -> float:
        return round(self._now() - self._began_s, 4)


def _after(reason: str) -> str:
    at = MISSING_REASONS.index(reason) + 1 if reason in MISSING_REASONS else 0
    return MISSING_REASONS[at % len(MISSING_REASONS)]


def _plain(value: object) -> object:
    """Return a value without how long it took."""
    return replace(value, response_s=None) if isinstance(value, Intensity) else value
