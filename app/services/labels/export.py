"""Exports labels of a project as tidy CSV, with a data dictionary and the studies' definitions."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

import db.answer_columns
import db.answer_list
import db.items
import db.raters
import db.showings
import db.studies
import db.terms
import db.traces
from app.batch import Failures
from app.domain import json_values
from app.domain.consent import Purpose
from app.domain.project import ItemRecord
from app.domain.study_records import StudyRecord
from app.errors import UserError
from app.interchange import tidy
from app.interchange.data_dictionary import write_dictionary
from app.interchange.label_sheet import Place
from app.interchange.r_script import NAME as R_SCRIPT
from app.interchange.r_script import write_r_script
from app.interchange.study_file import write_study
from app.jobs import Context
from app.services.consent.covered import Allowed, allowed
from app.services.consent.left import note_left
from app.services.consent.pseudonyms import Pseudonyms
from app.services.labels.tables import current_traces
from db.project import Project, Source

FILES: Final[Mapping[tidy.Kind, str]] = {
    "intensities": "intensities.csv",
    "categories": "categories.csv",
    "answers": "answers.csv",
    "traces": "traces.csv",
}
PRESENTATIONS: Final = "presentations.csv"
"""File that is exported but never imported: how items were shown, with the sound required and the sound played."""


@dataclass(frozen=True)
class Exported:
    """The result of an export.

    Attributes:
        files: The number of rows of each file.
        refused: The reasons why files were not written, each naming its file; the other files were written.
        notes: Who was left out, and what pseudonyms cannot hide.
    """

    files: dict[Path, int]
    refused: list[UserError] = field(default_factory=list)
    notes: tuple[str, ...] = ()


def export_labels(
    project: Project,
    folder: Path,
    study: str | None = None,
    ctx: Context | None = None,
    *,
    comments: bool = False,
    purpose: Purpose = "export",
    without_refused: bool = False,
    names: Pseudonyms | None = None,
) -> Exported:
    """Write all current labels into a folder: CSV files, their data dictionary, the studies' definitions, an R script.

    Raters appear by code; no name, contact or PIN leaves the project.

    Args:
        project: The open project.
        folder: The folder, which is made if it is missing. Existing files are replaced only if an export wrote them.
        study: Name of the study to keep to; empty or None for all.
        ctx: Receives the progress, and can cancel.
        comments: Whether to write the raters' own words, which may reveal who they are.
        purpose: What for, by which people's consent is looked up.
        without_refused: Whether to leave out people whose consent does not cover it; otherwise it is refused.
        names: Other names for raters, subjects, clips and items; None keeps their own.

    Raises:
        UserError: The study does not exist, consent does not cover the export, or no file could be written.
    """
    ctx = ctx or Context()
    failures = Failures()
    with project.read() as session:
        records = [db.studies.get(session, study)] if study is not None else db.studies.every(session)
        study_id = records[0].id if study is not None else None
        may = allowed(session, purpose, without=without_refused)
        rows = LabelRows(session, records, study_id, may, names)
        written: dict[Path, int] = {}
        steps: tuple[tuple[str, Callable[[Path], int]], ...] = (
            (FILES["intensities"], lambda path: tidy.write_intensities(path, rows.intensities())),
            (FILES["categories"], lambda path: tidy.write_categories(path, rows.categories())),
            (FILES["answers"], lambda path: tidy.write_answers(path, rows.answers(session, comments))),
            (FILES["traces"], lambda path: tidy.write_traces(path, rows.traces(session))),
            (PRESENTATIONS, lambda path: tidy.write_presentations(path, rows.presentations(session))),
            ("raters.csv", lambda path: tidy.write_raters(path, rows.raters())),
        )
        for done, (name, write) in enumerate(steps):
            ctx.progress(done, len(steps), f"Writing {name}")
            with failures.of(name):
                written[folder / name] = write(folder / name)
        notes = rows.notes
        excluded = [rows.names.rater(one.rater) for one in db.raters.exclusions(session)]
    if not written:
        raise failures.errors[0]
    with failures.of("dictionary.csv"):
        write_dictionary(folder / "dictionary.csv", [record.study for record in records])
    with failures.of(R_SCRIPT):
        write_r_script(folder / R_SCRIPT, excluded)
    for record in records:
        with failures.of(f"study_{record.name}.toml"):
            write_study(folder / f"study_{record.name}.toml", rows.names.study(record.study))
    if purpose == "export":  # an archive has a line of its own
        note_left(project, f"labels of {study}" if study else "labels", folder, counts=_counted(written))
    ctx.progress(len(steps), len(steps), "Done")
    return Exported(written, failures.errors, notes)


def _counted(written: Mapping[Path, int]) -> dict[str, int]:
    return {"files": len(written), "rows": sum(written.values())}


class LabelRows:
    """The rows of labels, made as they are written.

    Args:
        source: The project, or a session of it, to read from.
        records: The studies.
        study_id: Number of the study to keep to; None for all.
        may: Who may be exported.
        names: The pseudonyms; None keeps codes and names.

    Raises:
        Uncovered: Consent does not cover somebody's export, and nobody said to leave these people out.
    """

    def __init__(
        self,
        source: Source,
        records: Sequence[StudyRecord],
        study_id: int | None,
        may: Allowed,
        names: Pseudonyms | None = None,
    ) -> None:
        self.study_id = study_id
        self.columns = db.answer_columns.answers(source, study_id)
        self.parts = db.answer_columns.intensities(source, self.columns, details=True)
        self.terms = {-1: "", **db.terms.texts(source)}
        self.emotions = [name for record in records for name in record.study.emotion_names]
        self.study_name = {record.id: record.name for record in records}
        self.all_raters = {rater.id: rater for rater in db.raters.every(source)}
        self.items = {item.id: item for item in db.items.every(source, removed=True)}
        self.names = names or Pseudonyms(off=True)
        self.may = may
        self._keep_to_covered(source)
        self.used: set[int] = set(np.unique(self.columns.rater[self._covered]).tolist())

    def _keep_to_covered(self, source: Source) -> None:
        """Refuse people whom consent does not cover, or note which answers are left out with them."""
        used = set(np.unique(self.columns.rater).tolist())
        shown = set(np.unique(self.columns.item).tolist())
        for trace in current_traces(source, self.study_id):
            used.add(trace.rater_id)
            shown.add(trace.item_id)
        subjects = [self.items[number].subject for number in shown if number in self.items]
        self.may.require(subjects=subjects, raters=[self.all_raters[number].code for number in used])
        raters = [number for number, rater in self.all_raters.items() if rater.code in self.may.raters]
        items = [number for number, item in self.items.items() if item.subject in self.may.subjects]
        self._covered = ~(np.isin(self.columns.rater, raters) | np.isin(self.columns.item, items))

    def covers(self, rater: int, item: int | None) -> bool:
        """Return whether consent covers the export of what a rater said of an item."""
        known = None if item is None else self.items.get(item)
        return self.all_raters[rater].code not in self.may.raters and (
            known is None or known.subject not in self.may.subjects
        )

    @property
    def notes(self) -> tuple[str, ...]:
        """Who was left out, and what pseudonyms cannot hide."""
        return tuple(note for note in (self.may.note, self.names.note) if note)

    def _place(self, row: int) -> Place:
        columns = self.columns
        item = self.items[int(columns.item[row])]
        return self._of(
            int(columns.study[row]), item, self.terms[int(columns.condition[row])], int(columns.rater[row]),
            int(columns.pass_no[row]),
        )  # fmt: skip

    def _of(self, study: int | None, item: ItemRecord, condition: str, rater: int, pass_no: int) -> Place:
        name = self.study_name.get(study, "") if study is not None else ""
        return self.names.of(
            Place(
                name, item.name, item.clip, item.clip_sha256, item.subject, condition, self.all_raters[rater].code,
                pass_no,
            )
        )  # fmt: skip

    def _ranks(self) -> NDArray[np.int64]:
        """Rank of each answer by study, item, condition, rater and pass: equal contents give equal files."""
        columns = self.columns

        def ranked(names: Mapping[int, str], numbers: NDArray[np.int64]) -> NDArray[np.int64]:
            places = {number: place for place, number in enumerate(sorted(names, key=lambda n: (names[n], n)))}
            return np.array([places[int(number)] for number in numbers], np.int64)

        order = np.lexsort(
            (
                columns.pass_no,
                ranked({n: self.names.rater(rater.code) for n, rater in self.all_raters.items()}, columns.rater),
                ranked(self.terms, columns.condition),
                ranked({n: self.names.item(item.name) for n, item in self.items.items()}, columns.item),
                ranked(self.study_name, columns.study),
            )
        )
        ranks = np.empty(order.size, np.int64)
        ranks[order] = np.arange(order.size)
        return ranks

    def intensities(self) -> Iterator[tidy.Judgement]:
        """Yield the intensities by study, item, condition, rater and pass."""
        parts, columns = self.parts, self.columns
        names = [self.terms[int(number)] for number in parts.emotion]
        place = {name: i for i, name in enumerate(dict.fromkeys([*self.emotions, *sorted(set(names))]))}
        emotion = np.array([place[name] for name in names], np.int64)
        for i in np.lexsort((emotion, self._ranks()[parts.row])).tolist():
            row = int(parts.row[i])
            if not self._covered[row]:
                continue
            score = parts.score[i]
            own = json_values.number(parts.response_s[i])
            yield tidy.Judgement(
                self._place(row),
                self.terms[int(parts.emotion[i])],
                None if np.isnan(score) else int(score),
                self.terms[int(parts.missing[i])],
                json_values.number(columns.answered_at[row]),
                own if own is not None else json_values.number(columns.response_s[row]),
            )

    def categories(self) -> Iterator[tidy.Judgement]:
        """Yield the categories in the same order."""
        columns = self.columns
        asked = ((columns.category >= 0) | (columns.category_missing >= 0)) & self._covered
        order = np.argsort(self._ranks(), kind="stable")
        for row in order[asked[order]].tolist():
            yield tidy.Judgement(
                self._place(row),
                self.terms[int(columns.category[row])],
                None,
                self.terms[int(columns.category_missing[row])],
                json_values.number(columns.answered_at[row]),
                json_values.number(columns.response_s[row]),
            )

    def answers(self, source: Source, comments: bool) -> Iterator[tidy.AnswerDetail]:
        """Yield the facts about whole answers."""
        columns = self.columns
        said = db.answer_list.details(source, columns)
        for row in np.argsort(self._ranks(), kind="stable").tolist():
            if not self._covered[row]:
                continue
            confidence, comment = said.get(row, (None, ""))
            yield tidy.AnswerDetail(
                self._place(row),
                confidence,
                comment if comments else "",
                json_values.number(columns.answered_at[row]),
                json_values.number(columns.response_s[row]),
            )

    def traces(self, source: Source) -> Iterator[tidy.TidyTrace]:
        """Yield the traces that count."""
        found = []
        for trace in current_traces(source, self.study_id):
            if not self.covers(trace.rater_id, trace.item_id):
                continue
            self.used.add(trace.rater_id)
            item = self.items[trace.item_id]
            place = self._of(trace.study_id, item, trace.condition, trace.rater_id, trace.pass_no)
            found.append((place, trace.dimensions, trace.id))
        for place, _, number in sorted(found):
            yield tidy.TidyTrace(place, db.traces.samples(source, number))

    def presentations(self, source: Source) -> Iterator[tidy.TidyPresentation]:
        """Yield how judged items were shown."""
        found = []
        for shown in db.showings.answered(source, self.study_id):
            start, log = shown.presentation.start, shown.presentation.log
            key = start.key
            if not self.covers(key.rater_id, key.item_id):
                continue
            item = self.items[key.item_id or 0]
            counts = (log.plays, log.frames_shown, log.frames_dropped, log.window_width, log.window_height)
            self.used.add(key.rater_id)
            found.append(
                tidy.TidyPresentation(
                    self._of(key.study_id, item, key.condition, key.rater_id, key.pass_no),
                    start.kind, start.study_version, start.view, shown.presentation.started_at, start.audio,
                    shown.clip_has_sound, log.audio_played, counts, log.detail.get("sitting") or {},
                )
            )  # fmt: skip
        yield from sorted(found, key=lambda row: (row.place, row.task, row.started_at))

    def raters(self) -> Iterator[tidy.TidyRater]:
        """Yield the raters of the rows that were made so far."""
        found = (self.all_raters[number] for number in self.used)
        for rater in sorted(found, key=lambda one: self.names.rater(one.code)):
            yield tidy.TidyRater(self.names.rater(rater.code), rater.role, rater.simulated)
