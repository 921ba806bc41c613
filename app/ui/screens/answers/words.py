"""The texts of the answers screen."""

from datetime import datetime
from math import isnan
from typing import Final

from app.domain.answers import StoredPresentation
from app.domain.corrections import CorrectionNote, ListedAnswer
from app.domain.trace_rules import Reason
from app.domain.words import many
from app.ui.look.language import tr

STATES: Final = {
    "given": tr("as given"),
    "corrected": tr("corrected by rater"),
    "reviewed": tr("corrected by a reviewer"),
    "voided": "void",
    "finished": tr("as given"),
    "interrupted": tr("broken off"),
    "abandoned": tr("given again"),
    "rejected": "rejected",
}
REJECTED: Final = tr("Rejected: this trace does not count. ")
NOT_COUNTED: Final[dict[Reason, str]] = {
    "calibration": tr("It measures reaction time and does not count as a judgement. "),
    "practice": tr("Given for practice or as an attention check: it does not count. "),
    "recording": tr("It is being recorded. "),
    "interrupted": tr("Interrupted: it does not count until it is accepted. "),
    "abandoned": tr("The rater gave it again. "),
    "declined": tr("The rater said afterwards that this cannot be judged: it does not count. "),
    "empty": tr("Nothing was traced: it does not count. "),
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
    ("↑ ↓", tr("choose")),
    ("Enter", tr("change")),
    ("Ctrl+Space", tr("play")),
    ("Ctrl+S", tr("save")),
    ("Ctrl+Del", tr("void")),
    ("Ctrl+Z", tr("undo")),
    ("Ctrl+F", tr("find")),
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
        return tr("never shown")
    if row.passed is not None:
        words = f"{row.purpose}: {(tr('passed') if row.passed else tr('failed'))}"
    elif row.purpose != "main":
        words = row.purpose
    elif row.n_missing and row.state not in ("voided", "rejected", "abandoned"):
        words += (
            tr(", {n_missing} missing", n_missing=row.n_missing)
            if row.kind == "rating"
            else tr(", {n_missing} flagged", n_missing=row.n_missing)
        )
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
        return tr("It is not known how it was shown ({imported}).", imported=imported)
    log = presentation.log
    times = "once" if log.plays == 1 else tr("{plays} times", plays=log.plays) if log.plays else "never"
    parts = [tr("Shown {moment}, played {times}", moment=moment(presentation.started_at), times=times)]
    if log.frames_shown:
        lost = tr(", {frames_dropped} dropped", frames_dropped=log.frames_dropped) if log.frames_dropped else ""
        parts.append(f"{many(log.frames_shown, tr('frame'), tr('frames'))}{lost}")
    if log.window_width:
        parts.append(f"{log.window_width}×{log.window_height} px")
    if log.audio_played:
        parts.append(tr("with sound"))
    else:
        parts.append(tr("sound was wanted, but none came out") if presentation.start.audio else tr("no sound wanted"))
    return " · ".join(parts)
