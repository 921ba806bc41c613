"""Rows taken from the pages of a file are those that SQLite gives, or are left to SQLite."""

import gzip
import random
import sqlite3
import zlib
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from app.errors import UserError
from db import answer_columns, check_sums, digests, pages, suspects
from db.project import Project

SAMPLE = Path(__file__).parents[1] / "data/projects/0.1/sound.affectograph.gz"


@pytest.fixture
def base():
    with closing(sqlite3.connect(":memory:")) as connection:
        yield connection


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """The bytes of a project of this version with rows in most tables."""
    path = tmp_path_factory.mktemp("pages") / "project.affectograph"
    path.write_bytes(gzip.decompress(SAMPLE.read_bytes()))
    Project.open(path).close()
    return path.read_bytes()


def in_memory(data):
    connection = sqlite3.connect(":memory:")
    connection.deserialize(data[:18] + b"\1\1" + data[20:])  # without a log, which memory has no place for
    return connection


def columns(connection, table):
    return pages.Snapshot.take(connection).columns(table)


def test_numbers_of_every_width_and_sign_come_as_they_were_stored(base):
    base.execute("CREATE TABLE t (id INTEGER PRIMARY KEY, whole INTEGER, number DOUBLE)")
    wholes = [sign * (1 << bits) + one for bits in range(63) for sign in (1, -1) for one in (-1, 0, 1)]
    rows = [(k + 1, None if k % 50 == 49 else v, [None, v / 3, float(v)][k % 3]) for k, v in enumerate(wholes)]
    base.executemany("INSERT INTO t VALUES (?, ?, ?)", rows)
    found = columns(base, "t")
    assert found["id"].integers().tolist() == [row[0] for row in rows]
    assert [None if m else v for v, m in zip(found["whole"].integers().tolist(), found["whole"].missing, strict=True)] \
        == [row[1] for row in rows]  # fmt: skip
    np.testing.assert_array_equal(found["number"].numbers(), np.array([row[2] for row in rows], np.float64))


@pytest.mark.parametrize("rows", [0, 1, 300, 30_000])
def test_a_key_of_two_columns_is_read_from_inner_pages_as_well(base, rows):
    base.execute("CREATE TABLE t (a INTEGER, b INTEGER, c INTEGER, PRIMARY KEY (b, a)) WITHOUT ROWID")
    base.executemany("INSERT INTO t VALUES (?, ?, ?)", ((k * 7 % 1009, k, k % 5) for k in range(rows)))
    found = columns(base, "t")
    mine = sorted(zip(*(found[name].integers().tolist() for name in "abc"), strict=True))
    assert mine == sorted(base.execute("SELECT a, b, c FROM t").fetchall())


@pytest.mark.parametrize(
    ("statements", "asked"),
    [
        (["CREATE TABLE t (a TEXT)", "INSERT INTO t VALUES (hex(zeroblob(5000)))"], "text_lengths"),
        (["CREATE TABLE t (a INTEGER)", "INSERT INTO t VALUES ('one')"], "integers"),
        (["CREATE TABLE t (a INTEGER)", "INSERT INTO t VALUES (1.5)"], "integers"),
        (["CREATE TABLE t (a DOUBLE)", "INSERT INTO t VALUES ('one')"], "numbers"),
        (["CREATE TABLE t (a INTEGER)", "INSERT INTO t VALUES (1)", "ALTER TABLE t ADD b INTEGER"], "integers"),
        (["CREATE TABLE t (a INTEGER, b INTEGER AS (a + 1))", "INSERT INTO t VALUES (1)"], "integers"),
        (["CREATE TABLE u (a INTEGER)"], "integers"),
    ],
)
def test_what_is_not_in_the_usual_form_is_left_to_sqlite(base, statements, asked):
    for statement in statements:
        base.execute(statement)
    base.commit()
    with pytest.raises(pages.Unusual):
        getattr(columns(base, "t")["a"], asked)()


def test_a_table_that_lacks_one_row_is_left_to_sqlite(base):
    base.execute("CREATE TABLE t (a INTEGER)")
    base.executemany("INSERT INTO t VALUES (?)", ((k,) for k in range(10)))
    base.commit()
    snapshot = pages.Snapshot.take(base)
    base.execute("INSERT INTO t VALUES (11)")
    with pytest.raises(pages.Unusual):
        snapshot.columns("t")


def test_every_row_of_a_project_is_judged_as_one_by_one(whole, monkeypatch):
    monkeypatch.setattr(suspects, "LARGE", 0)
    with closing(in_memory(whole)) as connection:
        assert list(digests.wrong(connection)) == []
        left = suspects.suspects(pages.Snapshot.take(connection), "answer", digests.PARTS["answer"], digests.COLUMN)
    assert left == []  # all of them were recognised without reading one


def judged(data, large, monkeypatch):
    monkeypatch.setattr(suspects, "LARGE", large)
    with closing(in_memory(data)) as connection:
        try:
            return set(digests.wrong(connection))
        except sqlite3.Error:
            return "unreadable"


@pytest.mark.slow
def test_flipped_bits_are_found_as_they_are_one_by_one(whole, monkeypatch):
    pick, differing = random.Random(0), 0
    with closing(in_memory(whole)) as connection:
        roots = dict(
            connection.execute("SELECT name, rootpage FROM sqlite_master WHERE name IN ('answer', 'intensity')")
        )
    places = [(root - 1) * 4096 + pick.randrange(2500, 4096) for root in roots.values() for _ in range(25)]
    for place in places + [pick.randrange(100, len(whole)) for _ in range(10)]:
        data = bytearray(whole)
        data[place] ^= 1 << pick.randrange(8)
        mine, slow = judged(bytes(data), 0, monkeypatch), judged(bytes(data), 10**9, monkeypatch)
        assert mine == slow, place
        differing += bool(mine)
    assert differing > 0


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE intensity SET score = 5 - score WHERE rowid_of = 1",
        "DELETE FROM intensity WHERE rowid_of = 1",
        "UPDATE answer SET comment = 'It''s “odd”' WHERE id = 1",
        "UPDATE answer SET response_s = -response_s - 1 WHERE id = 1",
    ],
)
def test_what_another_program_changed_is_found(whole, monkeypatch, change):
    monkeypatch.setattr(suspects, "LARGE", 0)
    with closing(in_memory(whole)) as connection:
        (number,) = connection.execute("SELECT min(answer_id) FROM intensity").fetchone()
        text = change.replace("rowid_of = 1", f"answer_id = {number}").replace("id = 1", f"id = {number}")
        connection.execute(text)
        connection.commit()
        assert list(digests.wrong(connection)) == [("answer", number)]


def test_scores_from_pages_are_those_of_the_query(whole, tmp_path, monkeypatch):
    path = tmp_path / "project.affectograph"
    path.write_bytes(whole)
    with Project.open(path, read_only=True) as project:
        asked = answer_columns.answers(project)
        slow = answer_columns.intensities(project, asked)
        monkeypatch.setattr(answer_columns, "PAGES_FROM", 1)
        fast = answer_columns.intensities(project, asked)
    assert slow.row.size
    for name in ("row", "emotion", "score"):
        np.testing.assert_array_equal(getattr(fast, name), getattr(slow, name))


def test_scores_that_lie_in_the_log_alone_are_read_from_pages_as_well(whole, tmp_path, monkeypatch):
    path = tmp_path / "project.affectograph"
    path.write_bytes(whole)
    monkeypatch.setattr(answer_columns, "PAGES_FROM", 1)
    with Project.open(path) as project:
        asked = answer_columns.answers(project)
        before = answer_columns.intensities(project, asked).score
        with closing(sqlite3.connect(path)) as other:
            other.execute("UPDATE intensity SET score = (score + 1) % 6 WHERE score IS NOT NULL")
            other.commit()
        assert Path(f"{path}-wal").stat().st_size
        after = answer_columns.intensities(project, answer_columns.answers(project)).score
    given = ~np.isnan(before)
    assert given.any()
    np.testing.assert_array_equal(after[given], (before[given] + 1) % 6)


def test_a_damaged_file_is_refused_before_its_pages_are_read(whole, tmp_path, monkeypatch):
    from db import check

    monkeypatch.setattr(suspects, "LARGE", 0)
    path = tmp_path / "project.affectograph"
    data = bytearray(whole)
    with closing(in_memory(whole)) as connection:
        (root,) = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = 'answer'").fetchone()
    data[(root - 1) * 4096 + 3] ^= 0x40
    path.write_bytes(data)
    with pytest.raises(UserError, match="damaged"), Project.open(path, read_only=True) as project:
        check.require_sound(project)


def test_sums_of_whole_numbers_are_those_of_their_texts():
    values = np.array([0, 9, 10, 99, 100, 12345, 10**17, 10**18 - 1, 10**18, 2**63 - 1])
    found = check_sums.numbers(values)
    texts = [str(value).encode() for value in values.tolist()]
    assert found.sums.tolist() == [zlib.crc32(text) for text in texts]
    assert found.lengths.tolist() == [len(text) for text in texts]


def test_a_column_of_many_different_numbers_and_texts_is_summed_like_a_row(base, monkeypatch):
    base.execute("CREATE TABLE t (id INTEGER PRIMARY KEY, a INTEGER, b DOUBLE, c VARCHAR(20), d TEXT, digest BIGINT)")
    rows = [(k, k * k % 7919, k / 7 if k % 3 else None, f"text {k}", "it's" if k % 5 == 0 else "") for k in range(9000)]
    base.executemany("INSERT INTO t (id, a, b, c, d) VALUES (?, ?, ?, ?, ?)", rows)
    digests.seal_all(base)
    base.commit()
    left = suspects.suspects(pages.Snapshot.take(base), "t", None, digests.COLUMN)
    assert left == list(range(0, 9000, 5))  # an apostrophe changes how Python writes a text
    assert list(digests.wrong(base)) == []
    base.execute("UPDATE t SET a = a + 1 WHERE id = 4321")
    base.commit()
    assert list(digests.wrong(base)) == [("t", 4321)]
