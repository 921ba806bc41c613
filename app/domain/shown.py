"""The rule that nobody can judge what was never shown, for screens, kits, corrections and tables."""

from __future__ import annotations

from app.domain.answers import Answer, AnswerSource, PresentationLog, StoredPresentation
from app.errors import UserError


def unseen() -> UserError:
    """Return what to tell of a judgement of what was never shown; each time anew, as an error keeps its traceback."""
    return UserError(
        "This clip was never shown, so it cannot be judged.",
        "Go on without a judgement. The study's owner sees which clips cannot be shown and why.",
    )


def suffices(log: PresentationLog, *, has_clip: bool) -> bool:
    """Decide whether what was shown is enough to judge it.

    Args:
        log: What the player counted.
        has_clip: False for a question that is only text, for which the screen itself is enough.

    Returns:
        True where the clip was played, at least one frame with what is to be judged was painted, and the clip was seen
        to its end.  A log that does not say whether the end was reached counts as complete, because the screens that
        wrote such logs accepted no answer before the end.
    """
    if not has_clip:
        return True
    lost = int(log.detail.get("frames_face_lost", 0))
    return log.plays > 0 and log.frames_shown > lost and log.seen_whole is not False


def was_shown(presentation: StoredPresentation | None) -> bool:
    """Decide whether a stored presentation was enough; None stands for an answer that names no presentation."""
    if presentation is None:
        return False
    if presentation.judgeable is not None:
        return presentation.judgeable
    return suffices(presentation.log, has_clip=presentation.start.key.item_id is not None)


def judges(answer: Answer) -> bool:
    """Decide whether an answer judges the clip; one in which everything is missing does not."""
    return bool(answer.category) or any(given.score is not None for given in answer.intensities.values())


def check_seen(answer: Answer, source: AnswerSource, shown: bool | None) -> None:
    """Refuse a judgement of what was never shown.

    Args:
        answer: The answer to be stored.
        source: Where it comes from.  Imported and simulated answers need no presentation.
        shown: Whether the presentation that the answer names was enough, as `was_shown` says; None where the answer
            names none.

    Raises:
        UserError: The answer judges what was never shown.
    """
    if source in ("import", "simulated") or not judges(answer):
        return
    if source == "review" and shown is None:
        return  # a correction of an imported or simulated answer inherits that nothing was shown
    if not shown:
        raise unseen()
