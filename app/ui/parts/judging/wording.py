"""The words of the annotation screens themselves; labels and instructions come from the study."""

from typing import Final

from app.ui.look.language import tr

REASONS: Final = {
    "cannot_tell": tr("cannot tell"),
    "face_not_visible": tr("face not visible"),
    "technical_problem": tr("technical problem"),
    "skipped": "skipped",
}
"""Reasons of `MISSING_REASONS` as raters read them."""

FLAGS: Final = {
    "empty": tr("Nothing was recorded."),
    "late_start": tr("The trace begins late: the marker did not move in the first seconds."),
    "gaps": tr("There are gaps: stretches of the clip without a sample (pauses count)."),
    "idle": tr("The marker stood still for a long time."),
    "saturation": tr("The marker was at the edge for much of the clip."),
    "ends_early": tr("The trace ends before the clip does."),
}
"""Quality flags in plain words. They are hints: a calm face may well be traced without a movement."""

DEVICES: Final = {"mouse": tr("Mouse"), "keyboard": tr("Arrow keys"), "gamepad": tr("Gamepad")}


def reason_words(reason: str) -> str:
    """Return a reason as raters read it."""
    return REASONS.get(reason, reason.replace("_", " "))
