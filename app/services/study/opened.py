"""One answer or one trace in full, as a reviewer opens it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from app.domain.answers import StoredAnswer, StoredPresentation
from app.domain.corrections import CorrectionNote, is_voided
from app.domain.project import TraceRecord
from app.domain.shown import check_seen, was_shown
from app.domain.trace_rules import why_not
from app.domain.traces import TraceSamples
from app.errors import UserError
from app.services.study.tasks import Task


@dataclass(frozen=True)
class Revision:
    """One revision of an answer.

    Attributes:
        stored: The stored answer.
        note: Who made it and why; None for the rater's own revision.
    """

    stored: StoredAnswer
    note: CorrectionNote | None


@dataclass(frozen=True, eq=False)
class OpenedAnswer:
    """One answer in full.

    Attributes:
        stored: The current revision.
        rater: Code of the rater.
        task: The presentation as the rater saw it, to be shown again.
        presentation: The record of what was really shown; None for imported and simulated answers.
        revisions: All revisions, oldest first.
    """

    stored: StoredAnswer
    rater: str
    task: Task
    presentation: StoredPresentation | None
    revisions: tuple[Revision, ...]

    @property
    def voided(self) -> bool:
        """Whether it counts as missing because a reviewer voided it."""
        return is_voided(self.stored.answer)

    @property
    def shown(self) -> bool | None:
        """Whether enough was shown to judge it; None if the answer names no presentation."""
        return was_shown(self.presentation) if self.presentation is not None else None

    @property
    def unseen(self) -> bool:
        """Whether it judges what was never shown. Such an answer does not count; it can be voided but not corrected."""
        try:
            check_seen(self.stored.answer, self.stored.circumstances.source, self.shown)
        except UserError:
            return True
        return False

    @property
    def editable(self) -> bool:
        """Whether it may be corrected; answers to practice and attention checks may not."""
        return self.stored.key.purpose == "main"


@dataclass(frozen=True, eq=False)
class OpenedTrace:
    """One trace in full.

    Attributes:
        record: The trace.
        samples: Its raw samples.
        task: The presentation as the rater saw it.
        presentation: The record of what was really shown; None for imported and simulated traces.
        notes: What reviewers did to it, oldest first.
    """

    record: TraceRecord
    samples: TraceSamples
    task: Task
    presentation: StoredPresentation | None
    notes: tuple[CorrectionNote, ...]

    @property
    def rejected(self) -> bool:
        """Whether it does not count because a reviewer rejected it."""
        return self.record.status == "abandoned" and any(note.action == "reject" for note in self.notes)

    @property
    def counts(self) -> bool:
        """Whether it is used in agreement, gold standards, training and exports."""
        return why_not(self.record) is None

    @property
    def acceptable(self) -> bool:
        """Whether a reviewer can make it count, as one that was rejected or broken off."""
        kept = replace(self.record, status="finished")
        return (self.rejected or self.record.status == "interrupted") and why_not(kept) is None
