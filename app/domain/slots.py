"""Records of an assignment: the targets that may be assigned, and planned presentations."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final, Literal

from app.domain.study import AttentionCheck, Part, PracticeClip, Purpose, Study, TaskKind
from app.domain.traces import Dimensions

State = Literal["planned", "started", "answered"]
Cell = tuple[str, str, int, TaskKind]
"""(item, condition, pass, kind) of one main presentation of a rater."""

TRACED: Final[dict[TaskKind, Dimensions]] = {"trace": "both", "trace_valence": "valence", "trace_arousal": "arousal"}
"""What each kind of trace task traces."""
TRACES: Final[dict[Dimensions, TaskKind]] = {dimensions: kind for kind, dimensions in TRACED.items()}
"""Dimensions of a trace → the kind of task that it comes from."""


@dataclass(frozen=True)
class Target:
    """An item as the assignment sees it.

    Attributes:
        item: Its name, unique in the project.
        stimulus: Shared by the items that show the same moments of the same clip.
    """

    item: str
    stimulus: str


@dataclass(frozen=True)
class Slot:
    """One planned presentation.

    Attributes:
        rater: Code of the rater.
        position: From 1, the rater's order; gaps are allowed.
        item: Name of the item; empty for an attention check that is only text.
        condition: Name of the condition; empty likewise.
        pass_no: From 1; for practice and attention checks a running number.
        kind: The task of the rater.
        purpose: "main" ones are analysed.
        check: Name of the attention check, else empty.
        state: "started" and "answered" ones never move.
    """

    rater: str
    position: int
    item: str
    condition: str
    pass_no: int
    kind: TaskKind
    purpose: Purpose = "main"
    check: str = ""
    state: State = "planned"

    @property
    def cell(self) -> Cell:
        """The cell that is judged, whoever judges it."""
        return (self.item, self.condition, self.pass_no, self.kind)


@dataclass(frozen=True)
class Assignment:
    """An assignment.

    Attributes:
        slots: The presentations, ordered by rater and position.
        missing: (item, condition) → how many raters are still lacking.
        notes: What the owner should know, a sentence each.
    """

    slots: tuple[Slot, ...]
    missing: dict[tuple[str, str], int]
    notes: tuple[str, ...]

    def of(self, rater: str) -> tuple[Slot, ...]:
        """Return one rater's presentations in order."""
        return tuple(slot for slot in self.slots if slot.rater == rater)


def answered(slots: Iterable[Slot], cells: Iterable[tuple[str, Cell]]) -> list[Slot]:
    """Return the slots, with those main ones marked as answered whose (rater, cell) is given."""
    done = set(cells)
    return [
        replace(slot, state="answered") if slot.purpose == "main" and (slot.rater, slot.cell) in done else slot
        for slot in slots
    ]


def attention_check(study: Study, slot: Slot) -> AttentionCheck | None:
    """The attention check that a presentation asks; None for other presentations or if the study no longer has it."""
    return next((check for check in study.attention if check.name == slot.check), None) if slot.check else None


def practice_clip(study: Study, slot: Slot) -> PracticeClip | None:
    """The practice clip that a presentation shows; None for other presentations or if the study no longer has it."""
    if slot.purpose != "practice":
        return None
    wanted = (slot.item, slot.condition, slot.kind)
    return next((clip for clip in study.practice if (clip.item, clip.condition, clip.kind) == wanted), None)


def part_of(study: Study, slot: Slot) -> Part | None:
    """Return the practice clip or attention check that a presentation asks; None for other presentations."""
    return practice_clip(study, slot) or attention_check(study, slot)
