"""The study that rows of imported labels need: its conditions, and a study widened by what the rows use."""

from collections.abc import Sequence

from app.domain.study import FULL_CONTEXT, VIEWS, Condition, Scale, Study, Term
from app.domain.study_defaults import default_condition


def condition_named(name: str) -> Condition:
    """Make the condition of a name: the usual one, or one that shows everything."""
    return default_condition(name) if name in VIEWS else Condition(name, FULL_CONTEXT)


def widened(study: Study, wanted: Study) -> Study | None:
    """Widen a study by the names that the rows use; None where it has them all."""

    def missing(have: Sequence[Term], need: Sequence[Term]) -> tuple[Term, ...]:
        names = {term.name for term in have}
        return tuple(term for term in need if term.name not in names)

    emotions = missing(study.emotions, wanted.emotions)
    categories = missing(study.categories, wanted.categories) if wanted.categories != (Term("unknown"),) else ()
    have = {condition.name for condition in study.conditions}
    conditions = tuple(condition for condition in wanted.conditions if condition.name not in have)
    low, high = study.scale.low, study.scale.high
    if wanted.emotions and (wanted.scale.low < low or wanted.scale.high > max(high, 5)):
        low, high = min(low, wanted.scale.low), max(high, wanted.scale.high)
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
