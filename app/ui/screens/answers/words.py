"""The texts of the answers screen."""

from datetime import datetime
from math import isnan
from typing import Final

from app.domain.answers import StoredPresentation
from app.domain.corrections import CorrectionNote, ListedAnswer
from app.domain.trace_rules import Reason
from app.domain.words import many

STATES: Final = {
    "given": "as given",
    "corrected": "corrected by rater",
    "reviewed": "corrected by a reviewer",
    "voided": "void",
    "finished": "as given",
    "interrupted": "broken off",
    "abandoned": "given again",
    "rejected": "rejected",
}
REJECTED: Final = "Rejected: this trace does not count. "
NOT_COUNTED: Final[dict[Reason, str]] = {
    "calibration": "It measures reaction time and does not count as a judgement. ",
    "practice": "Given for practice or as an attention check: it does not count. ",
    "recording": "It is being recorded. ",
    "interrupted": "Interrupted: it does not count until it is accepted. ",
    "abandoned": "The rater gave it again. ",
    "declined": "The rater said afterwards that this cannot be judged: it does not count. ",
    "empty": "Nothing was traced: it does not count. ",
}
"""Reasons why a trace does not count, as the answers screen says them."""
KINDS: Final = {"rating": "rating", "both": "trace", "valence": "valence", "arousal": "arousal"}
ACTIONS: Final = {
    "correct": "corrected",
    "void": "voided",
    "restore": "restored",
    "reject": "rejected",
    "accept": "accepted",
    "note": "noted",
    "undo": "undone",
}
SOURCES: Final = {"screen": "given", "simulated": "simulated", "import": "imported", "review": "correction"}
HINTS: Final = (
    ("↑ ↓", "choose"),
    ("Enter", "change"),
    ("Ctrl+Space", "play"),
    ("Ctrl+S", "save"),
    ("Ctrl+Del", "void"),
    ("Ctrl+Z", "undo"),
    ("Ctrl+F", "find"),
)
"""Keys of the screen, for the line at its foot."""


def moment(at: float | None) -> str:
    """Write date and time to the minute in this machine's time zone; a dash if unknown."""
    if at is None or isnan(at):
        return "–"
    return datetime.fromtimestamp(at).strftime("%Y-%m-%d %H:%M")


def state(row: ListedAnswer) -> str:
    """Return the state of an answer or a trace in words."""
    words = STATES[row.state]
    if row.unseen:
        return "never shown"
    if row.passed is not None:
        words = f"{row.purpose}: {'passed' if row.passed else 'failed'}"
    elif row.purpose != "main":
        words = row.purpose
    elif row.n_missing and row.state not in ("voided", "rejected", "abandoned"):
        words += f", {row.n_missing} missing" if row.kind == "rating" else f", {row.n_missing} flagged"
    return words


def who(note: CorrectionNote | None, rater: str) -> str:
    """Say who made a revision."""
    if note is None:
        return rater
    return note.actor or "owner"


def shown(presentation: StoredPresentation | None, imported: str) -> str:
    """Describe what was really shown, in one paragraph.

    Args:
        presentation: The record of the presentation; None if there is none.
        imported: The origin of the answer in that case.
    """
    if presentation is None:
        return f"It is not known how it was shown ({imported})."
    log = presentation.log
    times = "once" if log.plays == 1 else f"{log.plays} times" if log.plays else "never"
    parts = [f"Shown {moment(presentation.started_at)}, played {times}"]
    if log.frames_shown:
        lost = f", {log.frames_dropped} dropped" if log.frames_dropped else ""
        parts.append(f"{many(log.frames_shown, 'frame')}{lost}")
    if log.window_width:
        parts.append(f"{log.window_width}×{log.window_height} px")
    if log.audio_played:
        parts.append("with sound")
    else:
        parts.append("sound was wanted, but none came out" if presentation.start.audio else "no sound wanted")
    return " · ".join(parts)
