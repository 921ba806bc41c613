"""The study that rows of imported labels need: its conditions, and a study widened by what the rows use."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from app.domain.study import FULL_CONTEXT, VIEWS, Condition, Scale, Study, Term
from app.domain.study_defaults import default_condition
from app.interchange.tidy import Judgement


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


def widened(study: Study, wanted: Study, used: Span | None = None) -> Study | None:
    """Widen a study by the names and scores that the rows use; None where it has them all.

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
    low, high = study.scale.low, study.scale.high
    if used is not None:
        low, high = min(low, used.low), max(high, used.high)
    levels = study.confidence_levels
    if wanted.confidence_levels > max(levels, 5):
        levels = wanted.confidence_levels
    wider = (low, high, levels) != (study.scale.low, study.scale.high, study.confidence_levels)
    if not (emotions or categories or conditions or wider):
        return None
    return study.next_version(
        emotions=study.emotions + emotions,
        categories=study.categories + categories,
        conditions=study.conditions + conditions,
        scale=Scale(low, high, study.scale.anchors),
        confidence_levels=levels,
    )
