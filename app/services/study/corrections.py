"""Lets reviewers and owners look through answers and correct them; raters may not.

Every step is an edit that can be undone. It adds a revision, and who did it and why is stored (`db.corrections`).
"""

from __future__ import annotations

from dataclasses import replace

import db.answer_list
import db.answers
import db.corrections
import db.edits
import db.items
import db.presentations
import db.raters
import db.sights
import db.studies
import db.traces
import db.tracks
import db.unseen
from app.domain.answers import Answer, Intensity, StoredPresentation, check_answer
from app.domain.changes import Edit, RowChange
from app.domain.corrections import ListedAnswer, voided
from app.domain.face_view import FaceViewGeometry
from app.domain.project import ItemRecord, RaterRecord, TraceStatus
from app.domain.shown import check_seen
from app.domain.slots import TRACES, Slot
from app.domain.study import Purpose, Study
from app.domain.study_records import StoredSlot, StudyRecord
from app.domain.words import many
from app.errors import UserError
from app.services.study.opened import OpenedAnswer, OpenedTrace, Revision
from app.services.study.reviewers import add_owner, add_person, refuse_kits
from app.services.study.tasks import Task, assembled, faces_of
from app.services.study.views import looker
from db.project import Project, Source


class AnswerCorrections:
    """The session of a reviewer or owner. Any thread may read; `db.edits.apply` applies the edits."""

    def __init__(self, project: Project, code: str, pin: str = "") -> None:
        """Sign in.

        Args:
            project: The open project.
            code: Code of a reviewer or an owner.
            pin: The PIN of that person, where one is asked for.

        Raises:
            UserError: The code is a rater's or unknown, the PIN is wrong, or this is a kit.
        """
        refuse_kits(project)
        self.project = project
        self.who = looker(project, code, pin)
        project.viewer = self.who.id

    def close(self) -> None:
        """Sign out. From now on, everything is shown to anybody who sits at this machine."""
        self.project.viewer = None

    def add_reviewer(self, code: str, pin: str = "") -> RaterRecord:
        """Add a reviewer. A rater cannot become one, because raters must not see other answers.

        Raises:
            UserError: The person is not an owner, or the code is taken.
        """
        if self.who.role != "owner":
            raise UserError("Only an owner can add reviewers.", "Ask the study's owner.")
        return add_person(self.project, code, "reviewer", pin)

    def studies(self) -> list[str]:
        """Return the names of the studies."""
        return [record.name for record in db.studies.every(self.project)]

    def listed(self, study: str) -> list[ListedAnswer]:
        """Return all current answers and all traces of a study, oldest first within each."""
        with self.project.read() as session:
            record = db.studies.get(session, study)
            return [*db.answer_list.answers(session, record.id), *db.answer_list.traces(session, record.id)]

    def answer(self, answer_id: int) -> OpenedAnswer:
        """Return one answer in full.

        Args:
            answer_id: Number of any revision; the current one of its key is opened.

        Raises:
            KeyError: The answer does not exist.
        """
        with self.project.read() as session:
            history = db.answers.revisions(session, db.answers.get(session, answer_id).key)
            stored = next(one for one in history if one.current)
            notes = db.corrections.of_answers(session, [one.id for one in history])
            number = stored.circumstances.presentation_id
            shown = db.presentations.get(session, number) if number is not None else None
            record = _version(session, stored.key.study_id, stored.circumstances.study_version)
            rater = db.raters.get(session, stored.key.rater_id).code
            item = db.items.get(session, stored.key.item_id) if stored.key.item_id is not None else None
        if item is not None:
            db.sights.note(self.project, [item.clip_id], "labels")
        key = stored.key
        slot = Slot(
            rater,
            0,
            item.name if item is not None else "",
            key.condition,
            key.pass_no,
            "rating",
            key.purpose,
            key.check,
        )
        place = StoredSlot(0, "", key.study_id, key.rater_id, key.item_id, slot)
        task = self._task(place, record.study, item, stored.circumstances.track_sha256, shown)
        revisions = tuple(Revision(one, notes.get(one.id)) for one in history)
        return OpenedAnswer(stored, rater, task, shown, revisions)

    def trace(self, trace_id: int) -> OpenedTrace:
        """Return one trace in full.

        Raises:
            KeyError: The trace does not exist.
        """
        with self.project.read() as session:
            trace = db.traces.get(session, trace_id)
            samples = db.traces.samples(session, trace_id)
            notes = db.corrections.of_traces(session, [trace_id]).get(trace_id, [])
            study_id = trace.study_id or 0
            given = db.presentations.every(session, study_id, rater_id=trace.rater_id, item_id=trace.item_id)
            shown = next((one for one in given if one.trace_id == trace_id), None)
            record = _version(session, study_id, trace.study_version)
            item = db.items.get(session, trace.item_id)
        db.sights.note(self.project, [item.clip_id], "labels")
        purpose: Purpose = shown.start.key.purpose if shown is not None else "main"
        slot = Slot(trace.rater, 0, item.name, trace.condition, trace.pass_no, TRACES[trace.dimensions], purpose)
        place = StoredSlot(0, "", study_id, trace.rater_id, trace.item_id, slot)
        task = self._task(place, record.study, item, trace.track_sha256 or "", shown)
        return OpenedTrace(trace, samples, task, shown, tuple(notes))

    def correct(self, opened: OpenedAnswer, answer: Answer, reason: str) -> Edit:
        """Make an edit that replaces an answer by a corrected one. Nothing changes until it is applied.

        Response times of unchanged parts are kept. Those of changed parts are unknown, because no rater took them.

        Raises:
            UserError: No reason is given, the answer does not fit the study, or a judged part would be left open.
        """
        _refuse_without(reason)
        _refuse_uneditable(opened)
        before = opened.stored.answer
        study = opened.task.study
        check_answer(study, answer, complete=False)
        lost = [term.label(study.language) for term in study.emotions
                if term.name in before.intensities and term.name not in answer.intensities]  # fmt: skip
        if lost or ((before.category or before.category_missing) and not (answer.category or answer.category_missing)):
            what = ", ".join(lost) or "the category"
            raise UserError(f"There is no answer for {what} any more.", "Give a value, or say why there is none.")
        parts = {name: _kept_time(given, before.intensities.get(name)) for name, given in answer.intensities.items()}
        wanted = replace(answer, intensities=parts, response_s=before.response_s)
        _refuse_unseen(opened, wanted)
        return self._edit(opened, wanted, f"Correct {_named(opened)}", reason)

    def void(self, opened: OpenedAnswer, reason: str) -> Edit:
        """Make an edit that voids an answer; its content stays as the revision before.

        Raises:
            UserError: No reason is given, or the answer is void already.
        """
        _refuse_without(reason)
        _refuse_uneditable(opened)
        if opened.voided:
            raise UserError("This answer is void already.", "Restore an earlier revision to bring it back.")
        return self._edit(opened, voided(opened.stored.answer), f"Void {_named(opened)}", reason)

    def unseen(self, study: str) -> list[int]:
        """Return the numbers of the study's answers that judge what was never shown, without practice and checks."""
        with self.project.read() as session:
            record = db.studies.get(session, study)
            return db.unseen.numbers(session, record.id, main_only=True)

    def void_unseen(self, study: str, reason: str) -> Edit:
        """Make one edit that voids every answer of a study that judges what was never shown.

        Raises:
            UserError: No reason is given, or there is no such answer.
        """
        _refuse_without(reason)
        changes: list[RowChange] = []
        for number in self.unseen(study):
            with self.project.read() as session:
                answer = voided(db.answers.get(session, number).answer)
            changes += db.edits.correct_answer(self.project, number, answer).changes
        if not changes:
            raise UserError("Every answer of this study was given to what was shown.", "There is nothing to void.")
        title = f"Void {many(len(changes), 'answer')} to what was never shown"
        return Edit(title, tuple(changes), reason.strip(), self.who.code)

    def restore(self, opened: OpenedAnswer, revision: int, reason: str) -> Edit:
        """Make an edit that repeats an earlier revision as a new one, so that it counts again.

        Raises:
            UserError: No reason is given, the revision does not exist, or it equals the one that counts.
        """
        _refuse_without(reason)
        _refuse_uneditable(opened)
        found = next((one.stored for one in opened.revisions if one.stored.revision == revision), None)
        if found is None or found.answer == opened.stored.answer:
            raise UserError("This revision counts already.", "Choose an earlier revision with another content.")
        _refuse_unseen(opened, found.answer)
        return self._edit(opened, found.answer, f"Restore revision {revision} of {_named(opened)}", reason)

    def reject(self, opened: OpenedTrace, reason: str) -> Edit:
        """Make an edit after which a trace does not count; its samples stay.

        Raises:
            UserError: No reason is given, or the trace does not count now.
        """
        _refuse_without(reason)
        if not opened.counts:
            raise UserError("This trace already does not count.", "")
        return self._judge(opened, "Reject trace", reason, status="abandoned")

    def accept(self, opened: OpenedTrace, reason: str) -> Edit:
        """Make an edit after which a rejected or interrupted trace counts.

        Raises:
            UserError: No reason is given, or no reviewer rejected the trace, because the rater gave it again.
        """
        _refuse_without(reason)
        if not opened.acceptable:
            raise UserError("No reviewer has rejected this trace.", "One that the rater gave again stays abandoned.")
        return self._judge(opened, "Accept trace", reason, status="finished")

    def note(self, opened: OpenedTrace, text: str) -> Edit:
        """Make an edit of the note on a trace; an empty note removes it."""
        return self._judge(opened, "Note on trace", text, note=text.strip())

    def _judge(
        self, opened: OpenedTrace, did: str, reason: str, *, status: TraceStatus | None = None, note: str | None = None
    ) -> Edit:
        title = f"{did} of {opened.record.rater}"
        return db.edits.judge_trace(
            self.project,
            opened.record.id,
            title,
            status=status,
            note=note,
            reason=reason.strip(),
            actor=self.who.code,
        )

    def _edit(self, opened: OpenedAnswer, answer: Answer, title: str, reason: str) -> Edit:
        edit = db.edits.correct_answer(
            self.project, opened.stored.id, answer, title, reason=reason.strip(), actor=self.who.code
        )
        if not edit.changes:
            raise UserError("Nothing was changed.", "Change a value first.")
        return edit

    def _task(
        self,
        place: StoredSlot,
        study: Study,
        item: ItemRecord | None,
        track_sha256: str,
        shown: StoredPresentation | None,
    ) -> Task:
        """Return the presentation as the rater had it, with the same face track and the crop as it was made then."""
        condition = next((one for one in study.conditions if one.name == place.slot.condition), None)
        with self.project.read() as session:
            track_id = item.track_id if item is not None else None
            if item is not None and track_sha256:
                track_id = db.tracks.by_geometry(session, item.clip_id, track_sha256) or track_id
            track, others = faces_of(session, item.clip_id, track_id) if item is not None else (None, ())
        geometry = FaceViewGeometry.from_dict(shown.start.geometry) if shown and shown.start.geometry else None
        study = replace(study, replays=-1)  # a reviewer may look as often as needed
        return assembled(
            self.project, study, place, condition, item, track, study.language, geometry, neighbours=others
        )


def open_corrections(project: Project, code: str, pin: str = "", *, first: bool = False) -> AnswerCorrections:
    """Sign a reviewer or owner in to look through the answers.

    Args:
        project: The open project.
        code: Code of a reviewer or an owner.
        pin: The PIN of that person, if one is asked for.
        first: Whether the project has no owner yet; the code becomes that of its owner, with this PIN.

    Raises:
        UserError: See `AnswerCorrections` and `app.services.study.reviewers.add_owner`.
    """
    if first:
        add_owner(project, code, pin)
    return AnswerCorrections(project, code, pin)


def _version(source: Source, study_id: int, version: int | None) -> StudyRecord:
    """Return the version that was answered; the newest one where an import named a version that the project lacks."""
    try:
        return db.studies.by_id(source, study_id, version)
    except KeyError:
        return db.studies.by_id(source, study_id)


def _kept_time(given: Intensity, before: Intensity | None) -> Intensity:
    same = before is not None and (given.score, given.missing_reason) == (before.score, before.missing_reason)
    return replace(given, response_s=before.response_s if same and before is not None else None)


def _named(opened: OpenedAnswer) -> str:
    return f"answer of {opened.rater}"


def _refuse_unseen(opened: OpenedAnswer, wanted: Answer) -> None:
    """Refuse a correction of something never shown; a correction inherits the presentation of the original."""
    check_seen(wanted, opened.stored.circumstances.source, opened.shown)


def _refuse_without(reason: str) -> None:
    if not reason.strip():
        raise UserError("The reason is missing.", "Say in a few words why. The reason is stored with the change.")


def _refuse_uneditable(opened: OpenedAnswer) -> None:
    if not opened.editable:
        raise UserError(
            "Practice and attention checks stay as they were answered.", "They are looked at, never analysed."
        )
