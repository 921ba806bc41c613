"""Estimates how long judging takes before anybody has judged, from the length of what is shown and what is asked."""

from typing import Final

from app.domain.study import Study, TaskKind

EMOTION_S: Final = 2.0
"""Seconds that the rating of one emotion takes."""
CATEGORY_S: Final = 4.0
"""Seconds that the choice of a category takes."""
TRACE_MORE_S: Final = 10.0
"""Seconds beyond the clip's length that a trace takes: countdown, getting ready, looking at it."""


def judging_s(study: Study, kind: TaskKind, shown_s: float) -> float:
    """Return about how many seconds a rater needs for one presentation.

    Args:
        study: What is asked.
        kind: The task.
        shown_s: Seconds that the clip plays; 0 for a picture or a text.
    """
    if kind != "rating":
        return shown_s + TRACE_MORE_S
    return shown_s + EMOTION_S * len(study.emotions) + (CATEGORY_S if study.categories else 0.0)
