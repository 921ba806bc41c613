"""Erasing a person from a project: every row that belongs to a subject or rater, and every trace in other rows.

Rows are found by following the foreign keys of the schema from the person's own row, so that a new table is reached
without being named here. What other rows say of the person in words (audit log, notes, documents of trainings) is
replaced by a pseudonym that leads nowhere.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import JSON, String, Table
from sqlalchemy.orm import Session

from app.domain.consent import Person
from app.domain.marks import Marks
from db import audit
from db.prepared import TOUCHED
from db.project import Source, reading
from db.schema import Base

ERASED: Final = "rights.erase"
"""Action in the audit log. It names nobody."""
_CHUNK: Final = 500
_KEPT: Final = frozenset({("slot", "presentation"), ("gold", "study")})
"""Parent and child whose reference does not make the child a part of the parent."""
_ALSO: Final = {"face_person": ("track_id", "face_track")}
"""Table whose rows take with them the row that they refer to: a face that is somebody's goes with that person."""
_VOCABULARY: Final = frozenset(
    {
        ("term", "text"), ("study", "name"), ("setting", "key"), ("audit", "action"), ("note_category", "name"),
        ("model", "name"), ("clip", "codec"), ("clip", "time_base"), ("clip", "average_rate"), ("trace", "owner"),
        ("clip_note", "category"), ("clip_note", "colour"), ("note_category", "colour"), ("note_category", "key"),
        ("reason_word", "name"), ("gap_reason", "reason"), ("gap_reason", "model"),
        ("foreign_measure", "program"), ("foreign_measure", "names"),
        ("trace_stream", "program"), ("trace_stream", "names"),
    }
)  # fmt: skip
"""Columns whose words mean the same for everybody: a person may be called like an emotion."""
_FIXED: Final = frozenset(
    {
        "kind", "purpose", "status", "state", "role", "action", "what", "origin", "source", "outcome", "dimensions",
        "condition", "view", "check_name", "device", "machine", "provider", "recipe_name",
    }
)  # fmt: skip
"""Columns of fixed words in every table. Hashes and uids of others are no words either."""

Rows = dict[str, set[int]]


@dataclass(frozen=True)
class Reach:
    """What leads to a person in a project.

    Attributes:
        rows: Table → numbers of the rows that go (rowids where a table has no number).
        marks: The texts by which the person can be recognised.
        clips: Clips that show a subject: hash → path as stored; empty for a rater.
        clip_names: Their names.
        mentions: Table → number of other rows with words that lead to the person.
    """

    rows: Rows
    marks: Marks
    clips: Mapping[str, str]
    clip_names: tuple[str, ...]
    mentions: Mapping[str, int]


def reach(source: Source, person: Person, instead: str) -> Reach:
    """Find everything in a project that belongs to a person or names it.

    Args:
        source: The project, or a session of it.
        person: The subject or rater.
        instead: The pseudonym that takes the place of words that lead to the person.
    """
    with reading(source) as session:
        rows = _rows(session, person)
        texts = {person.code, person.uid}
        parts: set[str] = set()
        if person.party == "rater":
            texts |= {text for row in _values(session, "rater_name", "name, contact", rows) for text in row}
            parts = {part for text in texts - {person.code, person.uid} for part in text.split() if len(part) > 3}
        clips = {row[0]: row[1:] for row in _values(session, "clip", "sha256, name, uid, path", rows)}
        for sha256, (name, uid, path) in clips.items():
            texts |= {sha256, name, uid, path, path.rpartition("/")[2]}
        for name, uid in _values(session, "item", "name, uid", rows):
            texts |= {name, uid}
        _add_gold(session, rows)
        marks = Marks(texts, instead, parts - texts)
        mentions: dict[str, int] = {}
        for table, _, _ in _cleaned(session, marks, rows):
            mentions[table.name] = mentions.get(table.name, 0) + 1
        return Reach(
            rows, marks, {sha256: row[2] for sha256, row in clips.items()},
            tuple(row[0] for row in clips.values()), mentions,
        )  # fmt: skip


def _rows(session: Session, person: Person) -> Rows:
    """Follow the foreign keys from the person's row to everything that belongs to it."""
    rows: Rows = {person.party: {person.id}}
    waiting: list[str] = [person.party]
    while waiting:
        parent = waiting.pop()
        for table in Base.metadata.sorted_tables:
            if table.name == "intensity" or (parent, table.name) in _KEPT:
                continue  # parts of an answer go with it
            for key in table.foreign_keys:
                if key.column.table.name == parent and key.column.name == "id":
                    found = _referring(session, table, key.parent.name, rows[parent])
                    fresh = found - rows.setdefault(table.name, set())
                    if fresh:
                        rows[table.name] |= fresh
                        waiting.append(table.name)
                        waiting += _add_referred(session, table.name, fresh, rows)
    return {name: found for name, found in rows.items() if found}


def _add_referred(session: Session, table: str, fresh: set[int], rows: Rows) -> list[str]:
    """Add what rows take with them (`_ALSO`), and return the table of it; nothing for most tables."""
    if table not in _ALSO:
        return []
    column, other = _ALSO[table]
    for some in _chunks(fresh):
        query = f'SELECT "{column}" FROM "{table}" WHERE rowid IN ({some})'
        rows.setdefault(other, set()).update(int(one) for (one,) in session.connection().exec_driver_sql(query))
    return [other]


def _referring(session: Session, table: Table, column: str, numbers: Iterable[int]) -> set[int]:
    found: set[int] = set()
    for some in _chunks(numbers):
        query = f'SELECT rowid FROM "{table.name}" WHERE "{column}" IN ({some})'
        found |= {int(number) for (number,) in session.connection().exec_driver_sql(query)}
    return found


def _values(session: Session, table: str, columns: str, rows: Rows) -> Iterator[tuple[str, ...]]:
    for some in _chunks(rows.get(table, ())):
        query = f"SELECT {columns} FROM {table} WHERE rowid IN ({some})"
        for row in session.connection().exec_driver_sql(query):
            yield tuple(str(value or "") for value in row)


def _add_gold(session: Session, rows: Rows) -> None:
    """Add the gold standards that were made of labels that go: they would carry them on."""
    uids = {uid for table in ("answer", "trace") for (uid,) in _values(session, table, "uid", rows)}
    if not uids:
        return
    for number, sources in session.connection().exec_driver_sql("SELECT id, CAST(sources AS TEXT) FROM gold"):
        if any(text in uids for text in _texts(json.loads(sources))):
            rows.setdefault("gold", set()).add(int(number))


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list | dict):
        for one in value if isinstance(value, list) else (*value.keys(), *value.values()):
            yield from _texts(one)


def _chunks(numbers: Iterable[int]) -> Iterator[str]:
    every = sorted(numbers)
    for start in range(0, len(every), _CHUNK):
        yield ", ".join(map(str, every[start : start + _CHUNK]))


def _worded(table: Table) -> list[tuple[str, bool]]:
    """Return the columns of a table that people write words into, and whether each holds a document."""
    found = []
    for column in table.columns:
        fixed = column.name in _FIXED or column.name == "uid" or column.name.endswith("sha256")
        if column.foreign_keys or fixed or (table.name, column.name) in _VOCABULARY or column.name == "fingerprint":
            continue
        if isinstance(column.type, JSON):
            found.append((column.name, True))
        elif isinstance(column.type, String):
            found.append((column.name, False))
    return found


def _cleaned(session: Session, marks: Marks, rows: Rows) -> Iterator[tuple[Table, int, dict[str, str]]]:
    """Yield the other rows that lead to the person: table, rowid, and the columns as they should be."""
    for table in Base.metadata.sorted_tables:
        columns = _worded(table)
        if not columns or table.name == "intensity":
            continue
        names = ", ".join(f'CAST("{name}" AS TEXT)' for name, _ in columns)
        some = " OR ".join(f"\"{name}\" <> ''" for name, _ in columns)
        gone = rows.get(table.name, set())
        query = f'SELECT rowid, {names} FROM "{table.name}" WHERE {some}'
        for number, *values in session.connection().exec_driver_sql(query).all():
            if int(number) in gone:
                continue
            news = {}
            for (name, document), value in zip(columns, values, strict=True):
                if value is None:
                    continue
                new = _clean_document(marks, value, table.name) if document else marks.clean(value)
                if new != value:
                    news[name] = new
            if news:
                yield table, int(number), news


def _clean_document(marks: Marks, text: str, table: str) -> str:
    try:
        before = json.loads(text)
    except ValueError:
        return marks.clean(text)
    after = marks.clean_json(before)
    if table == "audit" and after != before and "…" in str(after.get("title", "")):
        after["title"] = marks.instead  # words that were cut off may end in half a name
    return text if after == before else json.dumps(after)


def erase(session: Session, person: Person, found: Reach, actor: str = "") -> dict[str, int]:
    """Delete the rows and clean the others, in the caller's transaction.

    Args:
        session: A session that may write.
        person: The person.
        found: What `reach` found in the same transaction.
        actor: Code of the person who does it.

    Returns:
        Table → number of rows that were deleted.
    """
    connection = session.connection()
    connection.exec_driver_sql("PRAGMA defer_foreign_keys=ON")
    touched = session.info[TOUCHED]
    for table, number, news in list(_cleaned(session, found.marks, found.rows)):
        sets = ", ".join(f'"{name}" = ?' for name in news)
        connection.exec_driver_sql(
            f'UPDATE "{table.name}" SET {sets} WHERE rowid = ?', (*news.values(), number)
        )  # fmt: skip
        touched.add(table.name)
    if person.party == "rater":
        _forget_number(session, person.id)
    for some in _chunks(found.rows.get("answer", ())):
        connection.exec_driver_sql(f"DELETE FROM intensity WHERE answer_id IN ({some})")
    for table in reversed(Base.metadata.sorted_tables):
        for some in _chunks(found.rows.get(table.name, ())):
            connection.exec_driver_sql(f'DELETE FROM "{table.name}" WHERE rowid IN ({some})')
        if table.name in found.rows:
            touched.add(table.name)
    _break_references(session)
    count = {name: len(numbers) for name, numbers in sorted(found.rows.items())}
    detail = {"party": person.party, "as": found.marks.instead, "rows": count}
    audit.add(session, ERASED, detail, "" if actor == person.code else actor)
    return count


def _forget_number(session: Session, number: int) -> None:
    """Take the number of a rater out of the audit log: the next rater may get it, and would inherit its lines."""
    connection = session.connection()
    query = "SELECT id, CAST(detail AS TEXT) FROM audit WHERE detail LIKE '%\"rater%'"
    for row, text in connection.exec_driver_sql(query).all():
        detail = json.loads(text)
        news = {key: 0 if key in ("rater", "rater_id") and value == number else value for key, value in detail.items()}
        if news != detail:
            connection.exec_driver_sql("UPDATE audit SET detail = ? WHERE id = ?", (json.dumps(news), row))


def _break_references(session: Session) -> None:
    """Let go of rows that do not exist any more, where a reference may be empty."""
    connection = session.connection()
    for name, row, parent, at in connection.exec_driver_sql("PRAGMA foreign_key_check").all():
        keys = connection.exec_driver_sql(f'PRAGMA foreign_key_list("{name}")').all()
        column = next(key[3] for key in keys if key[0] == at and key[2] == parent)
        connection.exec_driver_sql(f'UPDATE "{name}" SET "{column}" = NULL WHERE rowid = ?', (row,))


def mentions_left(source: Source, marks: Marks) -> list[str]:
    """Return where words of a project still lead to a person: table and row, for the proof after erasing."""
    with reading(source) as session:
        return [f"{table.name} {number}" for table, number, _ in _cleaned(session, marks, {})]
