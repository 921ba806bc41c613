"""Checks of stored rows: each value against the domain's table of rules, answers against the study they belong to."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, Final

from sqlalchemy import JSON, Boolean, Column, Double, Integer, LargeBinary, String, Table, func, select
from sqlalchemy.orm import Session

from app.domain.answers import Answer as Given
from app.domain.answers import Intensity as Score
from app.domain.answers import check_answer
from app.domain.project import Problem
from app.domain.stored_values import ARRAYS, Rule, rule_of
from app.domain.study import Study, study_from_dict
from app.errors import UserError
from db import terms
from db.blobs import BlobError, unpack
from db.schema import Answer, Base, FaceTrack, Intensity, StudyVersion

RESTORE: Final = "Go back to a backup copy, or remove it and make it again."
_AT_ONCE: Final = 1000
_TOLD: Final = 5
"""Largest number of rows of one table and column that are named one by one."""


def of_values(session: Session) -> Iterator[Problem]:
    """Find values that their column does not allow, by table and row."""
    for table in Base.metadata.sorted_tables:
        if table.name == "intensity":  # millions: `of_answers` looks at each different value
            continue
        ruled = [(column, rule) for column in table.columns if (rule := _rule(table, column)) is not None]
        keys = list(table.primary_key.columns)
        told: dict[str, int] = {}
        query = _raw(table, [*keys, *(column for column, _ in ruled)])
        for row in session.connection().exec_driver_sql(query):
            for value, (column, rule) in zip(row[len(keys) :], ruled, strict=True):
                if value is None:
                    continue
                wrong = rule(value)
                if wrong is not None and told.setdefault(column.name, 0) < _TOLD:
                    told[column.name] += 1
                    yield _problem(table.name, row[: len(keys)], column.name, _shown(value), wrong)


def _rule(table: Table, column: Column[Any]) -> Rule | None:
    if column.name == "digest" or column.foreign_keys or isinstance(column.type, LargeBinary):
        return None
    kinds = ((Boolean, "boolean"), (JSON, "json"), (String, "text"), (Double, "number"), (Integer, "integer"))
    kind = next((name for one, name in kinds if isinstance(column.type, one)), "")
    return rule_of(table.name, column.name, kind)


def _raw(table: Table, columns: list[Column[Any]]) -> str:
    """Write a query of values as they are stored, with documents as text so that broken ones can be reported."""
    names = [f'CAST("{c.name}" AS TEXT)' if isinstance(c.type, JSON) else f'"{c.name}"' for c in columns]
    return f'SELECT {", ".join(names)} FROM "{table.name}"'


def _problem(table: str, key: Any, column: str, value: str, wrong: str) -> Problem:
    return Problem(f"Row {row_name(key)} of table {table} is damaged: {column} {wrong} ({value}).", RESTORE)


def row_name(key: Any) -> str:
    """Name a row by the values of its key."""
    return "/".join(map(str, key))


def _shown(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 40 else f"{text[:37]}…"


def of_answers(session: Session) -> Iterator[Problem]:
    """Find answers that their study does not offer, and revisions that contradict each other."""
    studies = versions(session)
    texts = terms.texts(session)
    combined = select(
        Answer.study_id, Answer.study_version, Intensity.emotion_id, Intensity.score, func.min(Answer.id)
    ).join(Intensity, Intensity.answer_id == Answer.id)
    for study_id, version, emotion, score, answer in session.execute(
        combined.group_by(Answer.study_id, Answer.study_version, Intensity.emotion_id, Intensity.score)
    ):
        judged = Score(score) if score is not None else Score(None, "skipped")
        given = Given({texts.get(emotion, f"term {emotion}"): judged})
        yield from _unfit(studies.get((study_id, version)), given, answer)
    chosen = select(
        Answer.study_id, Answer.study_version, Answer.category_id, Answer.confidence, func.min(Answer.id)
    ).where(Answer.category_id.is_not(None) | Answer.confidence.is_not(None))
    for study_id, version, category, confidence, answer in session.execute(
        chosen.group_by(Answer.study_id, Answer.study_version, Answer.category_id, Answer.confidence)
    ):
        name = "" if category is None else texts.get(category, f"term {category}")
        yield from _unfit(studies.get((study_id, version)), Given({}, category=name, confidence=confidence), answer)
    key = (Answer.study_id, Answer.rater_id, Answer.item_id, Answer.condition_id, Answer.pass_no, Answer.purpose)
    newest = func.max(Answer.revision)
    counting = func.sum(func.coalesce(Answer.current.cast(Integer), 0))
    last = func.max(Answer.revision * Answer.current.cast(Integer))
    groups = select(func.min(Answer.id)).group_by(*key, Answer.check_name)
    for (answer,) in session.execute(groups.having((counting > 1) | (last.not_in((newest, 0))))):
        yield Problem(
            f"Row {answer} of table answer is damaged: which of its revisions counts is not certain.", RESTORE
        )


def versions(session: Session) -> dict[tuple[int, int], Study]:
    """Return every readable version of every study, keyed by the study's number and the version."""
    found = {}
    query = select(StudyVersion.study_id, StudyVersion.version, StudyVersion.document.cast(String))
    for study_id, version, document in session.execute(query):
        try:
            found[study_id, version] = study_from_dict(json.loads(document))
        except (UserError, TypeError, ValueError, RecursionError, AttributeError):
            continue  # told by `of_values`
    return found


def refuse_unoffered(study: Study | None, given: Given, rater: str) -> None:
    """Refuse an answer from another file that the study in this project does not offer.

    Args:
        study: The version that the answer names; None where this project does not have it.
        given: The answer.
        rater: Code of the rater.

    Raises:
        UserError: The answer does not fit, or the version is missing.
    """
    try:
        if study is None:
            raise UserError("this project does not have its version of the study.", "")
        check_answer(study, given, complete=False)
    except UserError as error:
        raise UserError(
            f"An answer of {rater} does not fit its study: {error.what}",
            "Nothing was merged; ask for another copy of the work.",
        ) from error


def _unfit(study: Study | None, given: Given, answer: int) -> Iterator[Problem]:
    if study is None:
        yield Problem(f"Row {answer} of table answer names a version of its study that is not there.", RESTORE)
        return
    try:
        check_answer(study, given, complete=False)
    except UserError as error:
        yield Problem(f"Row {answer} of table answer does not fit study {study.name}: {error.what}", RESTORE)


def of_arrays(session: Session) -> Iterator[Problem]:
    """Find arrays that cannot be unpacked, have another type or length, or hold values that are not allowed."""
    for name, rules in ARRAYS.items():
        table = Base.metadata.tables[name]
        keys = list(table.primary_key.columns)
        count: list[Any] = [table.c[column] for column in ("n_samples", "n_frames") if column in table.c]
        if name in ("run_track", "measure_track"):
            count = [select(FaceTrack.n_frames).where(FaceTrack.id == table.c.track_id).scalar_subquery()]
        columns = [*keys, *count, *(table.c[column] for column in rules)]
        for row in session.execute(select(*columns).execution_options(yield_per=_AT_ONCE)):
            expected = {row[len(keys)]} if count else set()
            wrong = _wrong(dict(zip(rules, row[len(keys) + len(count) :], strict=True)), name, expected)
            if wrong:
                yield Problem(f"Row {row_name(row[: len(keys)])} of table {name} is damaged: {wrong}.", RESTORE)


def _wrong(blobs: dict[str, bytes | None], table: str, lengths: set[int]) -> str | None:
    for column, blob in blobs.items():
        if blob is None:
            continue
        try:
            alone = ARRAYS[table][column].alone
            array = unpack(blob, rows=None if alone else next(iter(lengths), None))
        except BlobError as error:
            return f"{column} cannot be unpacked ({error.detail})"
        if not alone:
            lengths.add(len(array))
        wrong = ARRAYS[table][column].wrong(array)
        if wrong is not None:
            return f"{column} {wrong}"
    return None
