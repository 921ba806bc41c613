"""Imports labels from tidy CSV, each file as a whole or not at all. Importing a file twice changes nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import db.answers
import db.audit
import db.clips
import db.imports
import db.items
import db.raters
import db.studies
import db.traces
from app.batch import Failures
from app.domain.answers import AnswerKey, Circumstances
from app.domain.clip_times import TimesOutside, check_times
from app.domain.imports import ImportRecord
from app.domain.near import same_code
from app.domain.project import ClipRecord, Role, TraceStart
from app.domain.study_records import StudyRecord
from app.domain.words import many
from app.errors import UserError
from app.interchange import tidy
from app.interchange.label_sheet import Place
from app.jobs import Context
from app.media.probe import first_time_s
from app.results import written_here
from app.services.labels.imported_rows import Cell, Rows, dimensions_of, same_answer, same_samples
from app.services.labels.imported_study import lacking, study_for
from app.services.labels.label_files import LabelFile, label_files_of, read_label_file
from app.services.labels.rows_study import NotInStudy, listed
from db.project import Project, Source


@dataclass
class Imported:
    """The outcome of an import.

    Attributes:
        answers: Number of new answers, including revisions.
        traces: Number of new traces.
        known: Number of answers and traces that the project already had, bit by bit.
        revised: Number of new answers that differ from an answer in the project, which is kept as a revision.
        notes: Sentences that the user should read.
        refused: The reasons why files were left out, each naming its file.
        record: What was stored, by which it can be taken back; None where nothing was, or a larger import notes it.
    """

    answers: int = 0
    traces: int = 0
    known: int = 0
    revised: int = 0
    notes: list[str] = field(default_factory=list)
    refused: list[UserError] = field(default_factory=list)
    record: ImportRecord | None = None

    @property
    def told(self) -> str:
        """What was stored, in a sentence."""
        revised = (
            f" ({many(self.revised, 'as a revision of an earlier one', 'as revisions of earlier ones')})"
            if self.revised
            else ""
        )
        known = f" {many(self.known, 'was', 'were')} there already." if self.known else ""
        return f"{many(self.answers, 'answer')}{revised} and {many(self.traces, 'trace')} were imported.{known}"


def import_labels(
    project: Project,
    files: Sequence[Path],
    study: str | None = None,
    ctx: Context | None = None,
    *,
    widen: bool = False,
) -> Imported:
    """Import labels from tidy CSV into a project. Importing them twice changes nothing.

    `app.services.exchange.store.undo_import` takes an import back.

    Each file, or all files of a folder together, are imported whole or not at all. If several are given, those that
    cannot be used are left out and named in `refused`.

    Args:
        project: The project to import into. Its clips are found by SHA-256, or else by name.
        files: Intensities, categories, answers and traces in any order; a folder stands for the files that an export
            wrote in it.
        study: Study for rows that name none; `imported` by default. A missing study is made from the file beside the
            CSV, or else from what the rows use.
        ctx: Receives the progress, and can cancel.
        widen: Whether a study that exists is widened by names and scores that it does not have; else such files are
            refused. The study `imported` is widened in any case.

    Raises:
        UserError: No file can be read, has all its clips in the project and fits its study. Then nothing is changed.
    """
    ctx = ctx or Context()
    units = [(one, label_files_of(one)) for one in files]
    paths = [path for _, unit in units for path in unit]
    if not paths:
        raise UserError("There is nothing to import.", "Name CSV files or the folder of an export.")
    # Clips and studies that must be made are read here, before the one writing transaction.
    job = _Import(project, study, {path.parent for path in paths}, widen=widen)
    failures = Failures()
    read: list[LabelFile] = []
    for one, unit in units:
        with failures.of(one.name):
            ctx.progress(len(read), len(paths) + 1, f"Reading {one.name}")
            found = [read_label_file(path) for path in unit]
            for each in found:
                job.check(each, own=written_here(each.path))
            job.check_studies(found)
            read += found
    if failures and len(failures) == len(units):
        raise failures.errors[0]
    ctx.progress(len(paths), len(paths) + 1, "Storing")
    job.take(read)
    with project.write() as session:
        then = db.imports.before(session)
        done = job.store(session)
        done.record = db.imports.note_added(session, then, [each.path.name for each in read])
    done.refused = failures.errors
    return done


def storing(
    project: Project, read: Sequence[LabelFile], study: str | None = None, *, widen: bool = False
) -> Callable[[Source], Imported]:
    """Check labels that were read already, and return what stores them as a part of a transaction.

    Args:
        project: The project, whose clips are found by SHA-256, or else by name.
        read: The labels.
        study: Study for rows that name none; `imported` by default.
        widen: See `import_labels`.

    Raises:
        UserError: A row names a clip that the project does not have, a time outside its clip, or what its study lacks.
    """
    job = _Import(project, study, set(), widen=widen)
    for each in read:
        job.check(each, own=written_here(each.path))
    job.check_studies(read)
    job.take(read)
    return job.store


class _Import:
    """Collects the rows of the files, then stores them in one transaction."""

    def __init__(self, project: Project, default_study: str | None, beside: set[Path], *, widen: bool) -> None:
        self.project = project
        self.default_study = default_study
        self.widen = widen
        self.result = Imported()
        clips = db.clips.every(project, removed=True)
        self.clip_by_hash = {clip.sha256: clip for clip in clips}
        self.clip_by_name = {clip.name: clip for clip in clips}
        self.items = {item.name: item for item in db.items.every(project, removed=True)}
        self.new_items: dict[str, int] = {}  # name → number of its clip
        self.simulated = {r.code: r for folder in beside for r in _raters_beside(folder)}
        self.beside = beside
        self.begins: dict[int, float | None] = {}
        self.rows = Rows()

    def check(self, read: LabelFile, *, own: bool) -> None:
        """Refuse a file with clips that the project does not have, or times outside its clips.

        A trace may have been stored that ends after its clip. What an export wrote comes back in as it is, and a row
        that names its clip by content is compared for mistaken units only; both are noted.
        """
        unknown = sorted({place.clip for place in read.places() if self._clip(place) is None})
        if unknown:
            more = f" and {len(unknown) - 5} more" if len(unknown) > 5 else ""
            raise UserError(
                f"The project has no clip {', '.join(unknown[:5])}{more}.", "Add these clips first, then import again."
            )
        for trace in read.traces:
            clip = self._clip(trace.place)
            if clip is not None and clip.kind == "video" and len(trace.samples):
                times_s = trace.samples.times_s
                what = f"{read.path.name}: time_s of rater {trace.place.rater}"
                try:
                    check_times(
                        what, float(times_s[0]), float(times_s[-1]), clip.name, self._begins(clip), clip.duration_s
                    )
                except TimesOutside as error:
                    if not (own or (trace.place.clip_sha256 and not error.seems)):
                        raise
                    self.result.notes.append(f"{error.what} It was taken as it is.")

    def check_studies(self, read: Sequence[LabelFile]) -> None:
        """Refuse files that use what their study lacks, unless it shall be widened."""
        lacks = () if self.widen else lacking(self.project, read, self.default_study)
        if lacks:
            raise NotInStudy(" ".join(lack.told for lack in lacks))

    def take(self, read: Sequence[LabelFile]) -> None:
        """Sort the rows of the files into answers and traces."""
        repeated = self.rows.take(read, self._cell)
        if repeated:
            self.result.notes.append(
                f"{many(repeated, 'row repeats', 'rows repeat')} a judgement of the same files; the last one counts."
            )

    def _begins(self, clip: ClipRecord) -> float | None:
        """Return where the clip's own clock begins, None where its file cannot be asked."""
        if clip.id not in self.begins:
            try:
                self.begins[clip.id] = first_time_s(clip.path)
            except UserError:
                self.begins[clip.id] = None
        return self.begins[clip.id]

    def _clip(self, place: Place) -> ClipRecord | None:
        clip = self.clip_by_hash.get(place.clip_sha256) or self.clip_by_name.get(place.clip)
        # Another file of the same name is another clip.
        return None if clip is not None and place.clip_sha256 not in ("", clip.sha256) else clip

    def _cell(self, place: Place, otherwise: str) -> Cell:
        clip = self._clip(place)
        assert clip is not None  # `check` refused a file with unknown clips
        name = place.item or clip.name
        known = self.items.get(name)
        if known is not None and known.clip_id != clip.id:
            name = f"{clip.name}/{name}"
            known = self.items.get(name)
        if known is None:
            self.new_items[name] = clip.id
        return (place.study or self.default_study or otherwise, name, place.condition, place.rater, place.pass_no)

    def store(self, session: Source) -> Imported:
        """Write everything as a part of a transaction."""
        cells = self.rows.cells()
        for name, clip_id in self.new_items.items():
            self.items[name] = db.items.add(session, clip_id, name=name)
            self.result.notes.append(f"Item {name} was made: the whole clip, no target chosen.")
        raters = self._raters(session, sorted({cell[3] for cell in cells}))
        # Traces may stand outside any study; answers never do.
        named = sorted({cell[0] for cell in cells} - {""})
        studies = {}
        for name in named:
            studies[name], notes = study_for(session, self.rows, name, self.beside, widen=self.widen)
            self.result.notes += notes
        for name, record in studies.items():
            mine = [cell for cell in cells if cell[0] == name]
            db.studies.add_items(session, record.id, [self.items[cell[1]].id for cell in mine])
            db.studies.add_raters(session, record.id, sorted({raters[cell[3]][0] for cell in mine}))
        self._store_answers(session, studies, raters)
        self._store_traces(session, studies, raters)
        counts = {"answers": self.result.answers, "traces": self.result.traces, "known": self.result.known}
        db.audit.add(session, "labels.import", counts)
        return self.result

    def _raters(self, session: Source, codes: Sequence[str]) -> dict[str, tuple[int, bool]]:
        """Return the number of each rater and whether the rater is simulated; those who are new are added and told."""
        known = {rater.code for rater in db.raters.every(session)}
        new = [code for code in codes if code not in known]
        if new:
            who = "Rater" if len(new) == 1 else "Raters"
            added = "was" if len(new) == 1 else "were"
            self.result.notes.append(f"{who} {listed(new, known, same_code)} {added} added to the project.")
        return {code: self._rater(session, code) for code in codes}

    def _rater(self, session: Source, code: str) -> tuple[int, bool]:
        known = db.raters.by_code(session, code)
        if known is None:
            told = self.simulated.get(code)
            role: Role = "rater"
            simulation = {"imported": True} if told is not None and told.simulated else None
            known = db.raters.add(session, code, role, simulation=simulation)
        return known.id, known.simulated

    def _store_answers(
        self, session: Source, studies: Mapping[str, StudyRecord], raters: Mapping[str, tuple[int, bool]]
    ) -> None:
        new: list[db.answers.NewAnswer] = []
        existing = {
            one.key: one for record in studies.values() for one in db.answers.every(session, record.id, purpose="main")
        }
        for cell in self.rows.answered():
            study, item, condition, rater, pass_no = cell
            record, (rater_id, simulated) = studies[study], raters[rater]
            key = AnswerKey(record.id, rater_id, self.items[item].id, condition, pass_no)
            old = existing.get(key)
            answer, at = self.rows.answer(cell, old.answer if old is not None else None)
            if old is not None and same_answer(old.answer, answer) and old.answered_at == at:
                self.result.known += 1
                continue
            self.result.revised += old is not None
            around = Circumstances(record.version, media_sha256=self.items[item].clip_sha256, source="import")
            new.append(db.answers.NewAnswer(key, answer, around, at, simulated))
        self.result.answers += db.answers.add_many(session, new)

    def _store_traces(
        self, session: Source, studies: Mapping[str, StudyRecord], raters: Mapping[str, tuple[int, bool]]
    ) -> None:
        for cell, trace in self.rows.traces:
            study, item, condition, rater, pass_no = cell
            record, (rater_id, _) = studies.get(study), raters[rater]
            study_id = record.id if record is not None else None
            alike = db.traces.for_item(session, self.items[item].id, rater_id=rater_id)
            mine = [
                samples
                for stored, samples in alike
                if (stored.study_id, stored.condition, stored.pass_no) == (study_id, condition, pass_no)
            ]
            if any(same_samples(samples, trace.samples) for samples in mine):
                self.result.known += 1
                continue
            start = TraceStart(
                item_id=self.items[item].id,
                rater_id=rater_id,
                condition=condition,
                blinded=True,
                device=trace.samples.device,
                study_id=study_id,
                study_version=record.version if record is not None else None,
                pass_no=pass_no,
                dimensions=dimensions_of(trace),
            )
            db.traces.add(session, start, trace.samples, note=trace.note)
            self.result.traces += 1


def _raters_beside(folder: Path) -> list[tidy.TidyRater]:
    path = folder / "raters.csv"
    return tidy.read_raters(path) if path.is_file() else []
