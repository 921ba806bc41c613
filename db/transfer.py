"""Brings a rater's work from a kit back into the project, row by row, by uid.

It reads through a session that shows one rater's rows only (`db.scope`), so a kit cannot carry more.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from app.domain.answers import Answer as Given
from app.domain.answers import Intensity as Score
from app.domain.corrections import VOIDED
from db import sights, terms
from db.check_values import refuse_unoffered, versions
from db.row_values import clip_numbers, rows_of, values_of
from db.schema import (
    Answer,
    Clip,
    Intensity,
    Item,
    Presentation,
    Rater,
    Sight,
    Slot,
    Study,
    Trace,
    TraceChunk,
)
from db.unseen import shown_row


@dataclass(frozen=True)
class Conflict:
    """Two answers to the same question from two places. Both are kept.

    Attributes:
        kit_is_current: Whether the answer from the kit counts now, because it is the later one.
    """

    study: str
    rater: str
    item: str
    condition: str
    pass_no: int
    kit_is_current: bool


@dataclass
class Transferred:
    """The result of bringing work over.

    Attributes:
        known: Number of answers and traces that the project already had.
        notes: Sentences with other facts that the owner should know.
        waiting: Hashes of calibration clips that the target lacks; traces on them were left behind.
    """

    answers: int = 0
    traces: int = 0
    presentations: int = 0
    known: int = 0
    conflicts: list[Conflict] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    waiting: set[str] = field(default_factory=set)


class Carrier:
    """Brings a rater's work from one project into another.

    Rows whose uid is known are skipped, so that it may run twice.
    """

    def __init__(self, source: Session, target: Session, rater_id: int, *, part: bool = False) -> None:
        """Look up what both sides have.

        Args:
            source: Shows this rater's rows only.
            target: Open for writing.
            rater_id: Number of the rater in the source.
            part: Whether the target holds a part of the source only, as a new kit does: work on studies and items that
                it lacks stays behind.

        Raises:
            KeyError: The target does not know the rater or none of the studies: they do not belong together.
        """
        self.source, self.target, self.rater_id, self._part = source, target, rater_id, part
        rater = source.get_one(Rater, rater_id)
        self.code = rater.code
        mine = target.scalar(select(Rater).where(Rater.uid == rater.uid))
        if mine is None:
            raise KeyError(f"rater {rater.code}")
        self.mine = mine
        self.study_of = self._pairs(Study)
        self.item_of = self._pairs(Item)
        if not self.study_of:
            raise KeyError("studies")
        self.study_names = dict(source.execute(select(Study.id, Study.name)).all())
        self.item_names = dict(source.execute(select(Item.id, Item.name)).all())
        self.texts = terms.texts(source)
        self.offered = versions(target)
        self.result = Transferred()
        self._carry_lag(rater.lag_s)
        self._slots: dict[int, int] = {}
        self._traces: dict[int, int] = {}
        self._shown: dict[int, int] = {}
        self._enough: dict[int, bool] = {}

    def _carry_lag(self, lag_s: float | None) -> None:
        """Bring the reaction lag over, unless one was measured here too."""
        if self.mine.lag_s is None:
            self.mine.lag_s = lag_s
        elif lag_s is not None and lag_s != self.mine.lag_s:
            self.result.notes.append(
                f"The reaction lag of {self.code} was measured in both places: {self.mine.lag_s:.2f} s stays, "
                f"{lag_s:.2f} s came with the kit."
            )

    def _pairs(self, model: Any) -> dict[int, int]:
        """Return the number in the source → number in the target, by uid."""
        there = {uid: number for uid, number in self.target.execute(select(model.uid, model.id))}  # noqa: C416
        here = self.source.execute(select(model.id, model.uid)).all()
        return {number: there[uid] for number, uid in here if uid in there}

    def carry(self) -> Transferred:
        """Bring everything over."""
        self._carry_sights()
        for study_id in self.study_of:
            self._carry_slots(study_id)
        self._carry_traces()
        self._carry_presentations()
        self._carry_answers()
        self.target.flush()
        return self.result

    def _carry_sights(self) -> None:
        """What was shown to this rater, or with nobody signed in: first of all, since judgements hang on it."""
        clip_of = clip_numbers(self.source, self.target)
        known = {
            (row.rater_id, row.machine, row.clip_id, row.what): row
            for row in rows_of(self.target, Sight)
            if row.rater_id in (None, self.mine.id)
        }
        for sight in rows_of(self.source, Sight):
            clip_id = clip_of.get(sight.clip_id)
            if clip_id is None:
                continue
            values = {
                **values_of(sight, "id"),
                "rater_id": None if sight.rater_id is None else self.mine.id,
                "clip_id": clip_id,
            }
            there = known.get((values["rater_id"], sight.machine, clip_id, sight.what))
            if there is None:
                self.target.add(Sight(**values))
            else:
                there.at = min(there.at, sight.at)
        self.target.flush()

    def _blinded(self, blinded: bool, item_id: int | None, at: float | None) -> bool:
        """Return whether a judgement was blind, as far as both sides know."""
        return blinded and not (at is not None and sights.led(self.target, self.mine.id, item_id, at, here=False))

    def _carry_slots(self, study_id: int) -> None:
        theirs = rows_of(self.target, Slot, Slot.study_id == self.study_of[study_id], Slot.rater_id == self.mine.id)
        by_uid = {slot.uid: slot for slot in theirs}
        by_cell = {_cell(slot, slot.item_id): slot for slot in theirs}
        last = max((slot.position for slot in theirs), default=0)
        for slot in rows_of(self.source, Slot, Slot.study_id == study_id, Slot.rater_id == self.rater_id):
            item_id = self._item(slot.item_id)
            found = by_uid.get(slot.uid) or by_cell.get(_cell(slot, item_id))
            if found is None and slot.state == "planned":
                continue  # dealt to somebody else meanwhile, and not begun here
            if found is None:
                last += 1
                moved = {"study_id": self.study_of[study_id], "rater_id": self.mine.id, "item_id": item_id}
                found = Slot(**{**values_of(slot, "id"), **moved, "position": last})
                self.target.add(found)
                self.target.flush()
            elif slot.state == "answered" or (slot.state == "started" and found.state == "planned"):
                found.state = slot.state
            self._slots[slot.id] = found.id

    def _stays(self, row: Answer | Presentation | Trace) -> bool:
        """Return whether a row stays behind, because the target is not meant to hold its study or item."""
        lacks_study = row.study_id is not None and row.study_id not in self.study_of
        return self._part and (lacks_study or (row.item_id is not None and row.item_id not in self.item_of))

    def _item(self, item_id: int | None) -> int | None:
        if item_id is None:
            return None
        if item_id not in self.item_of:
            raise KeyError(f"item {self.item_names.get(item_id, item_id)}")
        return self.item_of[item_id]

    def _carry_traces(self) -> None:
        known = {uid: number for uid, number in self.target.execute(select(Trace.uid, Trace.id))}  # noqa: C416
        for trace in rows_of(self.source, Trace, Trace.rater_id == self.rater_id):
            if trace.uid in known:
                self._traces[trace.id] = known[trace.uid]
                self.result.known += 1
                continue
            if not trace.calibration and self._stays(trace):
                continue
            item_id = self._calibration_item(trace) if trace.calibration else self._item(trace.item_id)
            if item_id is None:
                self.result.waiting.add(trace.media_sha256)
                continue
            values = {
                **values_of(trace, "id", "owner"),
                "rater_id": self.mine.id,
                "item_id": item_id,
                "study_id": self.study_of.get(trace.study_id) if trace.study_id is not None else None,
            }
            if trace.status == "recording":
                values["status"] = "interrupted"
            chunks = rows_of(self.source, TraceChunk, TraceChunk.trace_id == trace.id)
            values["n_samples"] = sum(chunk.n_samples for chunk in chunks)
            values["revision"] = self._next_trace_revision(values)
            if not trace.calibration:
                values["blinded"] = self._blinded(trace.blinded, item_id, trace.started_at)
            copy = Trace(**values, owner="")
            self.target.add(copy)
            self.target.flush()
            for chunk in chunks:
                self.target.add(TraceChunk(**{**values_of(chunk), "trace_id": copy.id}))
            self._traces[trace.id] = copy.id
            self.result.traces += 1

    def _calibration_item(self, trace: Trace) -> int | None:
        """Return the item of the same calibration clip: it is in no study, and each machine makes it for itself."""
        same = select(Item.id).join(Clip, Item.clip_id == Clip.id).where(Clip.sha256 == trace.media_sha256)
        return self.target.scalar(same.order_by(Item.id).limit(1))

    def _next_trace_revision(self, values: dict[str, Any]) -> int:
        same = [getattr(Trace, name) == values[name] for name in ("rater_id", "item_id", "condition", "pass_no")]
        same.append(Trace.dimensions == values["dimensions"])
        study = values["study_id"]
        same.append(Trace.study_id.is_(None) if study is None else Trace.study_id == study)
        return (self.target.scalar(select(func.max(Trace.revision)).where(*same)) or 0) + 1

    def _carry_presentations(self) -> None:
        mine = rows_of(self.target, Presentation, Presentation.rater_id == self.mine.id)
        known = {row.uid: row for row in mine}
        for shown in rows_of(self.source, Presentation, Presentation.rater_id == self.rater_id):
            if self._stays(shown):
                continue
            values = {
                **values_of(shown, "id"),
                "rater_id": self.mine.id,
                "study_id": self.study_of[shown.study_id],
                "item_id": self._item(shown.item_id),
                "slot_id": self._slots.get(shown.slot_id) if shown.slot_id is not None else None,
                "trace_id": self._traces.get(shown.trace_id) if shown.trace_id is not None else None,
            }
            row = known.get(shown.uid)
            if row is None:
                row = Presentation(**values)
                self.target.add(row)
                self.target.flush()
                self.result.presentations += 1
            elif row.outcome == "open" and shown.outcome != "open":
                for name, value in values.items():
                    setattr(row, name, value)
            self._shown[shown.id] = row.id
            self._enough[shown.id] = shown_row(shown)

    def _carry_answers(self) -> None:
        theirs = rows_of(self.target, Answer, Answer.rater_id == self.mine.id)
        known = {row.uid for row in theirs}
        numbers = terms.numbers(self.target, [*self.texts.values(), VOIDED])
        by_key: dict[tuple[Any, ...], list[Answer]] = {}
        for row in theirs:
            by_key.setdefault(_answer_key(row), []).append(row)
        groups: dict[tuple[Any, ...], list[Answer]] = {}
        all_ours = rows_of(self.source, Answer, Answer.rater_id == self.rater_id)
        ours = [row for row in all_ours if not self._stays(row)]
        for row in sorted(ours, key=lambda one: one.revision):
            values = self._answer_values(row, numbers)
            groups.setdefault(_answer_key(Answer(**values)), []).append(row)
        for key, rows in groups.items():
            new = [row for row in rows if row.uid not in known]
            self.result.known += len(rows) - len(new)
            if not new:
                continue
            there = by_key.get(key, [])
            here = {row.uid for row in rows}
            both_moved = any(row.uid not in here for row in there)
            self._add_answers(new, there, both_moved, numbers)

    def _add_answers(
        self, new: Sequence[Answer], there: Sequence[Answer], both_moved: bool, numbers: dict[str, int]
    ) -> None:
        current = next((row for row in there if row.current), None)
        newest = new[-1]
        later = current is None or not both_moved or (newest.answered_at or 0.0) >= (current.answered_at or 0.0)
        revision = max((row.revision for row in there), default=0)
        unseen = {row.id for row in new if self._is_unseen(row)}
        later = later and not (unseen and current is not None)  # what was never shown takes no answer's place
        if later and current is not None:
            self.target.execute(update(Answer).where(Answer.id == current.id).values(current=False))
        for row in new:
            self._check(row)
            revision += 1
            values = {**self._answer_values(row, numbers), "revision": revision}
            gone = numbers[VOIDED] if row.id in unseen else None
            if gone is not None:
                had = values["category_id"] or values["category_missing_id"]
                values |= {"category_id": None, "category_missing_id": gone if had else None, "confidence": None}
            copy = Answer(**{**values, "current": later and row is newest})
            self.target.add(copy)
            self.target.flush()
            for part in rows_of(self.source, Intensity, Intensity.answer_id == row.id):
                missing = numbers[self.texts[part.missing_id]] if part.missing_id is not None else None
                moved: dict[str, Any] = {"answer_id": copy.id, "emotion_id": numbers[self.texts[part.emotion_id]]}
                if gone is not None:
                    moved["score"], missing = None, gone
                self.target.add(Intensity(**{**values_of(part), **moved, "missing_id": missing}))
            self.result.answers += 1
        if unseen:
            what = self.item_names.get(newest.item_id, "") if newest.item_id is not None else newest.check_name
            condition = self.texts.get(newest.condition_id or 0, "")
            self.result.notes.append(
                f"{self.code} judged {what} as {condition} without having been shown it. The answer is stored as "
                f"void; its content stays in the kit."
            )
        if both_moved:
            self.result.conflicts.append(
                Conflict(
                    study=self.study_names[newest.study_id],
                    rater=self.code,
                    item=self.item_names.get(newest.item_id, "") if newest.item_id is not None else newest.check_name,
                    condition=self.texts.get(newest.condition_id or 0, ""),
                    pass_no=newest.pass_no,
                    kit_is_current=later,
                )
            )

    def _is_unseen(self, row: Answer) -> bool:
        """Return whether an answer judges what was never shown there; the tables refuse such a one."""
        if row.source != "screen":
            return False
        if row.presentation_id is not None and self._enough.get(row.presentation_id, False):
            return False
        if row.category_id is not None:
            return True
        parts = rows_of(self.source, Intensity, Intensity.answer_id == row.id)
        return any(part.score is not None for part in parts)

    def _check(self, row: Answer) -> None:
        """Refuse an answer that the target's own study does not offer, whatever the source says of the study."""
        parts = {}
        for part in rows_of(self.source, Intensity, Intensity.answer_id == row.id):
            reason = self.texts[part.missing_id] if part.missing_id is not None else ""
            parts[self.texts[part.emotion_id]] = Score(part.score, reason, part.response_s)
        given = Given(parts, self.texts.get(row.category_id or 0, ""), confidence=row.confidence)
        refuse_unoffered(self.offered.get((self.study_of[row.study_id], row.study_version)), given, self.code)

    def _answer_values(self, row: Answer, numbers: dict[str, int]) -> dict[str, Any]:
        def term(number: int | None) -> int | None:
            return numbers[self.texts[number]] if number is not None else None

        item_id = self._item(row.item_id)
        blinded = row.blinded if row.simulated else self._blinded(row.blinded, item_id, row.answered_at)
        return {
            **values_of(row, "id"),
            "blinded": blinded,
            "rater_id": self.mine.id,
            "study_id": self.study_of[row.study_id],
            "item_id": item_id,
            "condition_id": term(row.condition_id),
            "category_id": term(row.category_id),
            "category_missing_id": term(row.category_missing_id),
            "presentation_id": self._shown.get(row.presentation_id) if row.presentation_id is not None else None,
        }


def _cell(slot: Slot, item_id: int | None) -> tuple[Any, ...]:
    return (slot.purpose, item_id, slot.condition, slot.pass_no, slot.kind, slot.check_name)


def _answer_key(row: Answer) -> tuple[Any, ...]:
    return (row.study_id, row.item_id, row.condition_id, row.pass_no, row.purpose, row.check_name)
