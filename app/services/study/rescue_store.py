"""Stores rescued answers in a project by the same rules as when they are given.

Judgements of what was never shown, or of what was answered since, are refused. Storing twice changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any, Literal

import db.answers
import db.assignments
import db.audit
import db.clips
import db.edits
import db.items
import db.presentations
import db.raters
import db.studies
import db.traces
from app.domain.answers import Circumstances, StoredPresentation, check_answer, passes
from app.domain.bands import verdict_of
from app.domain.changes import Edit, RowChange
from app.domain.project import ENDED, ItemRecord, RaterRecord, TraceStart
from app.domain.rescue import Rescued, start_of
from app.domain.shown import check_seen, judges, suffices, unseen, was_shown
from app.domain.slots import part_of
from app.domain.study_records import StoredSlot, StudyRecord
from app.domain.trace_quality import trace_quality
from app.domain.trace_rules import keepable
from app.domain.traces import TraceSamples
from app.errors import UserError
from app.services.projects import rescue_files
from app.services.projects.rescue_files import RescueFile
from app.services.study.feedback import verdict_on
from db.project import Project

Fate = Literal["stored", "known", "refused", "elsewhere"]


@dataclass(frozen=True)
class Outcome:
    """The outcome of storing an entry.

    Attributes:
        fate: What became of it; "known" if the project had it already, "elsewhere" if it belongs to another project.
        why: The reason why it was refused; empty if it was not.
    """

    entry: Rescued
    fate: Fate
    why: str = ""

    @property
    def words(self) -> str:
        """One line for people, which reveals nothing of the judgement."""
        said = {"stored": "stored", "known": "was in the project already", "elsewhere": "belongs to another project"}
        return f"{self.entry.place}: {self.entry.words}: {said.get(self.fate, self.why)}"


class _Elsewhere(Exception):
    """The project lacks what an entry names."""


def belonging(project: Project, files: Iterable[RescueFile]) -> list[RescueFile]:
    """Return the files with an entry that names a rater, an item and a study of this project."""
    with project.read() as session:
        finder = _Finder(session)
        return [file for file in files if any(finder.knows(entry) for entry in file.entries)]


def store(project: Project, file: RescueFile) -> list[Outcome]:
    """Store the entries of a rescue file, and put the file aside unless entries belong to another project.

    Args:
        project: The project, open for writing.
        file: The file as it was read.

    Returns:
        The outcomes of the entries in their order.

    Raises:
        UserError: The project cannot be written. Nothing is lost; call this again.
    """
    told = [_store_one(project, entry) for entry in file.entries]
    stored = sum(one.fate == "stored" for one in told)
    if stored:
        db.audit.add(project, "rescue.store", {"entries": len(told), "stored": stored, "file": file.path.name})
    if not any(one.fate == "elsewhere" for one in told):
        where = str(project.path or project.address)
        rescue_files.set_aside(file, [one.words for one in told], where)
    return told


def _store_one(project: Project, entry: Rescued) -> Outcome:
    try:
        with project.write() as session:
            return Outcome(entry, _Door(project, session, entry).store())
    except _Elsewhere:
        return Outcome(entry, "elsewhere")
    except _Refused as refused:
        return Outcome(entry, "refused", str(refused))


class _Refused(Exception):
    """A rule speaks against an entry; says which."""


class _Finder:
    """Finds what entries name, by uid."""

    def __init__(self, session: Any) -> None:
        self.session = session
        self.raters = {one.uid: one for one in db.raters.every(session)}
        self.studies = {one.uid: one for one in db.studies.every(session)}

    def knows(self, entry: Rescued) -> bool:
        """Return whether everything that an entry names is here."""
        known = entry.rater.uid in self.raters and (entry.study is None or entry.study.uid in self.studies)
        return known and (entry.item is None or db.items.by_uid(self.session, entry.item.uid) is not None)


class _Door:
    """One entry on its way into the project, within one transaction.

    Raises:
        _Elsewhere: The project lacks what it names.
    """

    def __init__(self, project: Project, session: Any, entry: Rescued) -> None:
        self.project, self.session, self.entry = project, session, entry
        found = _Finder(session)
        if not found.knows(entry):
            raise _Elsewhere
        self.rater: RaterRecord = found.raters[entry.rater.uid]
        self.item: ItemRecord | None = None if entry.item is None else db.items.by_uid(session, entry.item.uid)
        self.study: StudyRecord | None = None
        if entry.study is not None:
            known = found.studies[entry.study.uid]
            self.study = db.studies.find(session, known.name, entry.study_version)
            if self.study is None:
                raise _Elsewhere

    def store(self) -> Fate:
        """Store it.

        Raises:
            _Refused: A rule speaks against it.
        """
        try:
            if self.entry.what == "trace":
                return self._trace()
            if self.entry.edit is not None:
                return self._edit(replace(self.entry.edit, actor=self.rater.code))
            return self._correction() if self.entry.what == "correction" else self._answer()
        except UserError as error:
            raise _Refused(error.what) from error

    # -- answers --------------------------------------------------------------------------------------------------

    def _answer(self) -> Fate:
        entry, study, slot = self.entry, self._needs_study(), self._slot()
        given = db.answers.every(self.session, study.id, rater_id=self.rater.id, current_only=False)
        if any(one.uid == entry.uid for one in given):
            return "known"
        if not entry.confirmed and entry.shown is None:
            raise _Refused("the clip had not been shown, so it is given again")
        presentation = self._presentation(slot)
        if presentation is not None and presentation.outcome == "answered" and entry.what == "declined":
            return "known"
        if slot.slot.state == "answered":
            raise _Refused("has been answered since, and that counts")
        answer = entry.answer
        enough = self._enough()
        passed = None
        if answer is not None:
            check_answer(study.study, answer, complete=entry.purpose != "attention")
            check_seen(answer, "screen", enough)
            part = part_of(study.study, slot.slot)
            passed = passes(part, answer) if part is not None and (enough or judges(answer)) else None
        number = self._close(slot, presentation, "answered", enough)
        if answer is not None:
            shown = entry.shown
            around = Circumstances(
                entry.study_version,
                shown.media_sha256 if shown else "",
                shown.track_sha256 if shown else "",
                number,
                entry.blinded,
                "simulated" if self.rater.simulated else "screen",
                passed,
            )
            key, moment = slot.key, round(entry.at, 6)
            new = db.answers.NewAnswer(key, answer, around, moment, self.rater.simulated, entry.uid)
            db.answers.add(self.session, new)
        return "stored"

    def _correction(self) -> Fate:
        entry, study = self.entry, self._needs_study()
        given = db.answers.every(self.session, study.id, rater_id=self.rater.id, current_only=False)
        if any(one.uid == entry.uid for one in given):
            return "known"
        earlier = next((one for one in given if one.uid == entry.corrects), None)
        if earlier is None or entry.answer is None:
            raise _Elsewhere
        if not earlier.current:
            raise _Refused("has been corrected since, and that counts")
        check_answer(study.study, entry.answer, complete=earlier.key.purpose != "attention")
        number = earlier.circumstances.presentation_id
        shown = was_shown(db.presentations.get(self.session, number)) if number is not None else None
        check_seen(entry.answer, earlier.circumstances.source, shown)
        around = Circumstances(
            entry.study_version, earlier.circumstances.media_sha256, earlier.circumstances.track_sha256, number,
            entry.blinded, earlier.circumstances.source,
            verdict_on(
                study.study, earlier, self.item.name if self.item is not None else "", entry.answer, shown=bool(shown)
            ),
        )  # fmt: skip
        new = db.answers.NewAnswer(
            earlier.key, entry.answer, around, round(entry.at, 6), self.rater.simulated, entry.uid
        )
        db.answers.add(self.session, new)
        return "stored"

    def _edit(self, edit: Edit) -> Fate:
        """Store what a reviewer or owner did, as one step, where everything is still as that person saw it."""
        if db.audit.known(self.session, [self.entry.uid]) or all(self._is_done(change) for change in edit.changes):
            return "known"
        db.edits.apply(self.session, edit, uid=self.entry.uid)
        return "stored"

    def _is_done(self, change: RowChange) -> bool:
        """Return whether a row says already what was wanted; refuses what its study does not allow."""
        assert change.after is not None  # a rescue file without it is none
        if change.kind == "trace":
            found = db.traces.by_uid(self.session, change.key)
            if found is None:
                raise _Elsewhere
            return {"status": found.status, "note": found.note} == change.after
        number = db.answers.number_of(self.session, change.key)
        if number is None:
            raise _Elsewhere
        current = next(
            one for one in db.answers.revisions(self.session, db.answers.get(self.session, number).key) if one.current
        )
        wanted, study = db.edits.to_answer(change.after), db.studies.by_id(self.session, current.key.study_id).study
        check_answer(study, wanted, complete=False)
        shown_no = current.circumstances.presentation_id
        shown = was_shown(db.presentations.get(self.session, shown_no)) if shown_no is not None else None
        check_seen(wanted, current.circumstances.source, shown)
        return current.answer == wanted

    # -- traces ---------------------------------------------------------------------------------------------------

    def _trace(self) -> Fate:
        """Return a trace that the rater had kept counts like any other; one under way is stored as broken off."""
        entry, samples = self.entry, self.entry.samples
        if samples is None or self.item is None:
            raise _Elsewhere
        known = db.traces.by_uid(self.session, entry.uid)
        if known is not None and known.status in ENDED:
            return "known"
        if known is not None and known.n_samples == len(samples) and not entry.confirmed:
            return "known"
        slot = self._slot() if self.study is not None else None
        presentation = self._presentation(slot) if slot is not None else None
        enough = self._enough() if slot is not None else True
        counts = entry.confirmed
        if counts and slot is not None and slot.slot.state == "answered":
            raise _Refused("has been answered since, and that counts")
        quality, verdict = None, dict[str, Any]()
        if counts and slot is not None:
            if not enough:
                raise _Refused(unseen().what)
            quality = trace_quality(samples, *self._range(samples))
            if not keepable(quality):
                raise _Refused("most of the clip was not traced")
            part = part_of(self._needs_study().study, slot.slot)
            verdict = verdict_of(part, samples, *self._range(samples))
        number = self._put(known.id if known is not None else None, samples)
        note = "" if counts else "The project was lost while this was recorded."
        status: Literal["finished", "interrupted"] = "finished" if counts else "interrupted"
        measured = {**quality.to_dict(), **verdict} if quality is not None else None
        db.traces.finish(self.session, number, status, quality=measured, note=note)
        if slot is not None:
            self._close(slot, presentation, "answered" if counts else "interrupted", enough, number)
        return "stored"

    def _put(self, number: int | None, samples: TraceSamples) -> int:
        """Add what the project lacks; the trace itself where it is not there."""
        entry, done = self.entry, 0
        if number is not None:
            stored = db.traces.samples(self.session, number)
            done = len(stored)
            if done > len(samples) or (stored.monotonic_s != samples.monotonic_s[:done]).any():
                raise _Refused("is in the project with other samples")
            db.traces.resume(self.session, number)
        else:
            assert self.item is not None
            start = TraceStart(
                item_id=self.item.id, rater_id=self.rater.id, condition=entry.condition, blinded=entry.blinded,
                device=samples.device, study_id=self.study.id if self.study else None,
                study_version=entry.study_version if self.study else None, pass_no=entry.pass_no,
                dimensions=entry.dimensions, uid=entry.uid,
            )  # fmt: skip
            number = db.traces.begin(self.session, start)
        rest = TraceSamples(samples.times_s[done:], samples.values[done:], samples.monotonic_s[done:], samples.device)
        db.traces.append(self.session, number, rest)
        return number

    def _range(self, samples: TraceSamples) -> tuple[float, float]:
        assert self.item is not None
        start_s, end_s = self.item.start_s, self.item.end_s
        if start_s is None:
            first = self.entry.shown.log.first_frame_s if self.entry.shown is not None else None
            start_s = first if first is not None else float(samples.times_s[0]) if len(samples) else 0.0
        if end_s is None:
            end_s = start_s + db.clips.get(self.project, self.item.clip_id).duration_s
        return start_s, max(end_s, start_s + 1e-3)

    # -- both -----------------------------------------------------------------------------------------------------

    def _needs_study(self) -> StudyRecord:
        if self.study is None:
            raise _Elsewhere
        return self.study

    def _slot(self) -> StoredSlot:
        entry, study = self.entry, self._needs_study()
        item_id = self.item.id if self.item is not None else None
        for one in db.assignments.slots(self.session, study.id, rater_id=self.rater.id):
            slot = one.slot
            wanted = (item_id, entry.condition, entry.pass_no, entry.purpose, entry.check, entry.kind)
            if (one.item_id, slot.condition, slot.pass_no, slot.purpose, slot.check, slot.kind) == wanted:
                return one
        raise _Refused("is not assigned to this rater")

    def _enough(self) -> bool:
        """Return whether what was shown was enough, by what was counted then and what the project holds now."""
        shown = self.entry.shown
        if shown is None or not shown.judgeable or not suffices(shown.log, has_clip=self.item is not None):
            return False
        return self.item is None or shown.media_sha256 == self.item.clip_sha256

    def _presentation(self, slot: StoredSlot) -> StoredPresentation | None:
        """Return the entry's presentation where the project has it: it was begun before the loss."""
        shown = self.entry.shown
        if shown is None:
            return None
        number = db.presentations.uids(self.session, slot.study_id).get(shown.uid)
        found = None if number is None else db.presentations.get(self.session, number)
        if found is not None and found.start.key != slot.key:
            raise _Refused("names the presentation of something else")
        return found

    def _close(
        self,
        slot: StoredSlot,
        presentation: StoredPresentation | None,
        outcome: Literal["answered", "interrupted"],
        enough: bool,
        trace_id: int | None = None,
    ) -> int | None:
        shown = self.entry.shown
        number = presentation.id if presentation is not None else None
        if number is None and shown is not None:
            start = start_of(self.entry, slot.key, slot.id)
            assert start is not None
            number = db.presentations.begin(self.session, start, started_at=shown.started_at)
        if number is not None and shown is not None:
            detail = {**shown.log.detail, "rescued": True, "confirmed": self.entry.confirmed}
            db.presentations.finish(
                self.session, number, outcome, replace(shown.log, detail=detail), trace_id=trace_id,
                ended_at=shown.ended_at or self.entry.at, judgeable=enough if outcome == "answered" else None,
            )  # fmt: skip
        if outcome == "answered":
            db.assignments.set_state(self.session, slot.id, "answered")
        return number
