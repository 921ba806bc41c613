"""Corrections of answers and traces by reviewers. Every step is kept with who took it, when and why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from app.domain.answers import Answer, Intensity

CorrectionAction = Literal["correct", "void", "restore", "reject", "accept", "note", "undo"]
VOIDED: Final = "voided"
"""The reason that marks an answer as voided by a reviewer. It is missing from then on; earlier revisions are kept."""


@dataclass(frozen=True)
class CorrectionNote:
    """One step of a correction.

    Attributes:
        action: What was done; "undo" reverses the step before.
        reason: Why, in the reviewer's words.
        actor: Code of the person who did it; empty for whoever runs the program.
        at: Seconds since the epoch, UTC.
    """

    action: CorrectionAction
    reason: str
    actor: str
    at: float


def voided(answer: Answer) -> Answer:
    """Return the same answer with nothing left to analyse: every judgement is missing because it was voided.

    Confidence and comment go too; the revision before keeps them. Response times stay because they were measured.
    """
    return Answer(
        {name: Intensity(None, VOIDED, given.response_s) for name, given in answer.intensities.items()},
        category_missing=VOIDED if answer.category or answer.category_missing else "",
        response_s=answer.response_s,
    )


def is_voided(answer: Answer) -> bool:
    """Return whether a reviewer has voided it."""
    reasons = {given.missing_reason for given in answer.intensities.values()}
    if answer.category or answer.category_missing:
        reasons.add(answer.category_missing)
    return reasons == {VOIDED}


@dataclass(frozen=True, slots=True)
class ListedAnswer:
    """A current answer or a trace as a list shows it, without its content.

    Attributes:
        kind: "rating", or what was traced.
        id: Number of the answer, or of the trace.
        rater: Code of the rater.
        item: Name; that of the attention check for one that is only text.
        revision: Number of revisions of its key.
        source: Where an answer came from; the device of a trace.
        state: "given", "corrected" (the rater's own later revision), "reviewed" (the newest revision is a reviewer's),
            "voided"; of traces "finished", "interrupted", "abandoned" (the rater gave it again) or "rejected".
        n_missing: Emotions without a score; of traces the number of quality flags.
        at: When its first revision was given, seconds since the epoch, NaN unknown.
        passed: Whether practice or an attention check was answered as expected; None where nothing was expected.
        unseen: Whether it judges what was never shown, and so counts for nothing.
    """

    kind: Literal["rating", "both", "valence", "arousal"]
    id: int
    rater: str
    item: str
    condition: str
    pass_no: int
    purpose: str
    revision: int
    source: str
    state: str
    n_missing: int
    at: float
    simulated: bool
    blinded: bool
    passed: bool | None
    comment: bool
    unseen: bool = False
