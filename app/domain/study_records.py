"""Studies and assignments as the project stores them."""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.answers import AnswerKey
from app.domain.slots import Slot
from app.domain.study import Study


@dataclass(frozen=True)
class StudyRecord:
    """One stored version of a study.

    Attributes:
        id: Number of the study, the same for all its versions.
        uid: Name that is the same on all machines and for all versions.
        study: The definition.
        newest: Whether there is no later version.
        seed: Seed of the assignment.
        created_at: When this version was stored, seconds since the epoch, UTC.
    """

    id: int
    uid: str
    study: Study
    newest: bool
    seed: int
    created_at: float

    @property
    def name(self) -> str:
        """The study's name."""
        return self.study.name

    @property
    def version(self) -> int:
        """The number of the study's version."""
        return self.study.version


@dataclass(frozen=True)
class Member:
    """A rater in a study.

    Attributes:
        left_at: When the rater left, None while taking part.
        unblinded_at: When the rater first saw predictions or others' labels, None while blind.
    """

    rater_id: int
    rater: str
    simulated: bool
    joined_at: float
    left_at: float | None
    unblinded_at: float | None


@dataclass(frozen=True)
class StoredSlot:
    """A planned presentation with its numbers in this project.

    Attributes:
        item_id: None for an attention check that is only text.
    """

    id: int
    uid: str
    study_id: int
    rater_id: int
    item_id: int | None
    slot: Slot

    @property
    def key(self) -> AnswerKey:
        """The key of an answer that is given here."""
        slot = self.slot
        return AnswerKey(
            self.study_id, self.rater_id, self.item_id, slot.condition, slot.pass_no, slot.purpose, slot.check
        )


@dataclass(frozen=True)
class Waiting:
    """The tasks of one kind that a rater still has to do.

    Attributes:
        count: Presentations that are not answered.
        clips_s: How long their clips, or the parts that are judged, are together in seconds.
    """

    count: int
    clips_s: float


@dataclass(frozen=True)
class RaterProgress:
    """The progress of a rater.

    Attributes:
        done: Presentations answered, practice and checks included.
        total: Presentations planned.
        items_done: How many of the items that are analysed are done.
        items_total: How many items are analysed.
    """

    done: int
    total: int
    items_done: int
    items_total: int

    @property
    def left(self) -> int:
        """Number of presentations that are still to be answered."""
        return self.total - self.done

    @property
    def finished(self) -> bool:
        """Whether nothing is left."""
        return self.left <= 0
