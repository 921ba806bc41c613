"""The words of the annotation screens themselves; labels and instructions come from the study."""

from typing import Final

REASONS: Final = {
    "cannot_tell": "cannot tell",
    "face_not_visible": "face not visible",
    "technical_problem": "technical problem",
    "skipped": "skipped",
}
"""Reasons of `MISSING_REASONS` as raters read them."""

FLAGS: Final = {
    "empty": "Nothing was recorded.",
    "late_start": "The trace begins late: the marker did not move in the first seconds.",
    "gaps": "There are gaps: stretches of the clip without a sample (pauses count).",
    "idle": "The marker stood still for a long time.",
    "saturation": "The marker was at the edge for much of the clip.",
    "ends_early": "The trace ends before the clip does.",
}
"""Quality flags in plain words. They are hints: a calm face may well be traced without a movement."""

DEVICES: Final = {"mouse": "Mouse", "keyboard": "Arrow keys", "gamepad": "Gamepad"}


def reason_words(reason: str) -> str:
    """Return a reason as raters read it."""
    return REASONS.get(reason, reason.replace("_", " "))
