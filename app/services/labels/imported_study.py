"""The studies of imported rows: which rows do not fit the study that they name, and the study made or widened for them.

A study that exists is a plan that somebody made, so a row that does not fit it is taken for a slip unless the user says
otherwise. Only the study `imported`, which takes whatever names no study, grows with its rows.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import db.studies
from app.domain.near import asked, nearest
from app.domain.study_records import StudyRecord
from app.interchange.label_sheet import Place
from app.interchange.study_file import read_study
from app.services.labels.imported_rows import IMPORTED, USUAL, Cell, Rows
from app.services.labels.label_files import LabelFile
from app.services.labels.rows_study import Lack, NotInStudy, ends_of, lack_of
from db.project import Source


def lacking(source: Source, read: Sequence[LabelFile], default_study: str | None) -> tuple[Lack, ...]:
    """Find what the studies of some rows lack, which a study that exists is not widened by unasked.

    Args:
        source: The project, or a session of it.
        read: The rows.
        default_study: Study for rows that name none; None for `imported`.
    """
    there = {record.name: record for record in db.studies.every(source) if record.name != IMPORTED}
    named = {place.study or default_study or IMPORTED for each in read for place in each.places()}
    if named.isdisjoint(there):
        return ()  # rows are grouped only where there is something to compare them with

    def cell(place: Place, otherwise: str) -> Cell:
        study = place.study or default_study or otherwise
        return study, place.item or place.clip, place.condition, place.rater, place.pass_no

    rows = Rows()
    rows.take(read, cell)
    found = (lack_of(there[name].study, rows.needed(name), rows.span_of(name)) for name in sorted(named & there.keys()))
    return tuple(lack for lack in found if lack is not None)


def study_for(
    session: Source, rows: Rows, name: str, beside: Iterable[Path], *, widen: bool
) -> tuple[StudyRecord, list[str]]:
    """Return the study of some rows, made or widened where it must be, and sentences about what was done.

    Args:
        session: The session of the import.
        rows: The rows.
        name: The name of their study.
        beside: The folders of the files, in which an export leaves the study's own file.
        widen: Whether a study that exists may be widened.

    Raises:
        NotInStudy: It exists, lacks what the rows use, and may not be widened.
    """
    there = [record.name for record in db.studies.every(session)]
    wanted, used = rows.needed(name), rows.span_of(name)
    found, notes = db.studies.find(session, name), []
    if found is None:
        notes.append(f"Study {name} was made{asked(nearest(name, there))}.")
        for folder in sorted(beside):
            path = folder / f"study_{name}.toml"
            if path.is_file():
                found = db.studies.save(session, read_study(path))
        widen = True  # what is made here is nobody's plan yet
    if found is None:
        beyond = used.beyond(USUAL.low, USUAL.high) if used is not None else ""
        if beyond:
            notes.append(
                f"Study {name} was made with a scale of {ends_of(wanted.scale)} instead of {ends_of(USUAL)}, because "
                f"of the score {beyond}. If that is a slip, take this import back, and correct the row."
            )
        return db.studies.save(session, wanted), notes
    lack = lack_of(found.study, wanted, used)
    if lack is None:
        return found, notes
    if not (widen or name == IMPORTED):
        raise NotInStudy(lack.told)
    return db.studies.save(session, lack.wider), [*notes, *lack.notes]
