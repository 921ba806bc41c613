"""Studies and assignments as the project keeps them."""

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
        """Of the study."""
        return self.study.name

    @property
    def version(self) -> int:
        """Of the definition."""
        return self.study.version


@dataclass(frozen=True)
class Member:
    """A rater in a study.

    Attributes:
        left_at: Since when no more, None while taking part.
        unblinded_at: Since when predictions or others' labels were in sight, None while blind.
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
        """What an answer given here belongs to."""
        slot = self.slot
        return AnswerKey(
            self.study_id, self.rater_id, self.item_id, slot.condition, slot.pass_no, slot.purpose, slot.check
        )


@dataclass(frozen=True)
class Waiting:
    """What a rater still has to do of one kind.

    Attributes:
        count: Presentations that are not answered.
        clips_s: How long their clips, or the parts that are judged, are together in seconds.
    """

    count: int
    clips_s: float


@dataclass(frozen=True)
class RaterProgress:
    """How far a rater is.

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
        """Presentations that are still to be answered."""
        return self.total - self.done

    @property
    def finished(self) -> bool:
        """Whether nothing is left."""
        return self.left <= 0
