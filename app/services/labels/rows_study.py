"""The study that rows of imported labels need, and what a study lacks of it, with a study widened by that."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from app.domain.near import asked, nearest
from app.domain.study import FULL_CONTEXT, VIEWS, Condition, Scale, Study, Term
from app.domain.study_defaults import default_condition
from app.domain.words import joined, named, study_called
from app.errors import UserError
from app.interchange.tidy import Judgement

NAMED: Final = 6
"""Largest number of names that a sentence lists."""


def condition_named(name: str) -> Condition:
    """Make the condition of a given name: the usual one, or one that shows everything."""
    return default_condition(name) if name in VIEWS else Condition(name, FULL_CONTEXT)


@dataclass(frozen=True)
class Span:
    """The lowest and the highest score of the rows, and who gave them.

    Attributes:
        low: The lowest score.
        high: The highest score.
        who: What the lowest and the highest belong to, in words.
    """

    low: int
    high: int
    who: tuple[str, str]

    @classmethod
    def of(cls, rows: Iterable[Judgement]) -> "Span | None":
        """Return the span of the scores of some rows; None where there is no score."""
        scored = [(row.score, row) for row in rows if row.score is not None]
        if not scored:
            return None
        low, high = min(scored, key=lambda one: one[0]), max(scored, key=lambda one: one[0])
        return cls(low[0], high[0], (_whose(low[1]), _whose(high[1])))

    def beyond(self, low: int, high: int) -> str:
        """Return in words which scores lie beyond these ends; empty where none does."""
        found = [f"{self.low} ({self.who[0]})"] if self.low < low else []
        return " and ".join(found + ([f"{self.high} ({self.who[1]})"] if self.high > high else []))


def _whose(row: Judgement) -> str:
    return f"{row.place.clip}, rater {row.place.rater}, {row.name}"


@dataclass(frozen=True)
class Lack:
    """What rows use that a study does not have.

    Attributes:
        study: The study as it is.
        emotions: Emotions that it does not ask about.
        categories: Categories that cannot be chosen in it.
        conditions: Conditions that it does not have.
        scores: The scores beyond its scale, in words; empty where all lie within.
        scale: The scale that holds all scores.
        levels: The number of levels of confidence that holds all of the rows.
    """

    study: Study
    emotions: tuple[Term, ...]
    categories: tuple[Term, ...]
    conditions: tuple[Condition, ...]
    scores: str
    scale: Scale
    levels: int

    @property
    def names(self) -> str:
        """The names that it lacks, in words, each with the nearest name that it has."""
        have = self.study
        several = (
            ("emotion", "emotions", self.emotions, have.emotion_names),
            ("category", "categories", self.categories, have.category_names),
            ("condition", "conditions", self.conditions, [one.name for one in have.conditions]),
        )
        parts = [
            f"the {one if len(lacked) == 1 else more} {listed([term.name for term in lacked], known)}"
            for one, more, lacked, known in several
            if lacked
        ]
        if self.levels != have.confidence_levels:
            parts.append(f"a confidence of {self.levels} (it has {have.confidence_levels} levels)")
        return joined(parts)

    @property
    def told(self) -> str:
        """What it lacks, in a sentence."""
        ends = f"its scale of {ends_of(self.study.scale)}"
        beyond = f"the scores of the rows go beyond {ends}: {self.scores}" if self.scores else ""
        lacks = f"it lacks {self.names}" if self.names else ""
        return f"The rows do not fit {study_called(self.study.name)}: {'; '.join(filter(None, [lacks, beyond]))}."

    @property
    def wider(self) -> Study:
        """The study widened by all of it, as its next version."""
        return self.study.next_version(
            emotions=self.study.emotions + self.emotions,
            categories=self.study.categories + self.categories,
            conditions=self.study.conditions + self.conditions,
            scale=self.scale,
            confidence_levels=self.levels,
        )

    @property
    def notes(self) -> list[str]:
        """What widening the study did, in sentences."""
        name, notes = self.study.name, []
        if self.scores:
            notes.append(
                f"The scale of study {name} was widened from {ends_of(self.study.scale)} to {ends_of(self.scale)} by "
                f"the score {self.scores}."
            )
        if self.names:
            notes.append(f"Study {name} was widened by {self.names}.")
        return [f"{one} If that is a slip, take this import back, and correct the rows." for one in notes]


class NotInStudy(UserError):
    """Rows use names or scores that the study which they name does not have."""

    def __init__(self, what: str, todo: str = "", command: str = "") -> None:
        super().__init__(
            what, todo or "Correct the rows, or tick “Widen the study” to accept all of it.",
            command or "Correct the rows, or accept all of it with --widen.",
        )  # fmt: skip


def lack_of(study: Study, wanted: Study, used: Span | None = None) -> Lack | None:
    """Find what a study lacks of the names and scores that rows use; None where it has them all.

    Args:
        study: The study as it is.
        wanted: The smallest study that holds the rows.
        used: Their lowest and highest score; None without scores.
    """

    def missing(have: Sequence[Term], need: Sequence[Term]) -> tuple[Term, ...]:
        names = {term.name for term in have}
        return tuple(term for term in need if term.name not in names)

    emotions = missing(study.emotions, wanted.emotions)
    categories = missing(study.categories, wanted.categories) if wanted.categories != (Term("unknown"),) else ()
    have = {condition.name for condition in study.conditions}
    conditions = tuple(condition for condition in wanted.conditions if condition.name not in have)
    low, high, scores = study.scale.low, study.scale.high, ""
    if used is not None:
        scores = used.beyond(low, high)
        low, high = min(low, used.low), max(high, used.high)
    levels = study.confidence_levels
    if wanted.confidence_levels > max(levels, 5):
        levels = wanted.confidence_levels
    if not (emotions or categories or conditions or scores or levels != study.confidence_levels):
        return None
    return Lack(study, emotions, categories, conditions, scores, Scale(low, high, study.scale.anchors), levels)


def listed(names: Sequence[str], known: Iterable[str], near: Callable[[str, Iterable[str]], str] = nearest) -> str:
    """Return some names in words, each with the known name that may be meant.

    Args:
        names: The names.
        known: The names that are known.
        near: Finds the one that may be meant.

    Example:
        >>> listed(["hapy", "bored"], ["happy", "sad"])
        'hapy (did you mean happy?) and bored'
    """
    kept = list(known)
    return named([f"{name}{asked(near(name, kept))}" for name in names], NAMED)


def ends_of(scale: Scale) -> str:
    """Return the ends of a scale in words: `0 to 5`."""
    return f"{scale.low} to {scale.high}"
