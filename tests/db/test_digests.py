"""A changed row is found whoever changed it and however: by table and row, and nothing is printed of it."""

import sqlite3
from contextlib import closing

import pytest
from sqlalchemy import select, update

from app.domain.project import TraceStart
from app.errors import UserError
from db import check, digests, raters, runs, traces
from db.project import Project
from db.schema import Base, Clip, Rater

from .build import analysis, samples


@pytest.fixture
def filled(project, clip, item, rater):
    runs.save(project, clip.id, analysis())
    traces.add(project, TraceStart(item.id, rater.id, "full_context", True, "mouse"), samples(50))
    return project


def wrong(project):
    with project.read() as session:
        return list(digests.wrong(digests.driver_of(session.connection())))


def by_hand(project, statement):
    """Change the file as another program does."""
    with closing(sqlite3.connect(project.path)) as connection:
        connection.execute(statement)
        connection.commit()


def test_every_table_has_digests_but_parts_of_a_whole():
    bare = {table.name for table in Base.metadata.sorted_tables if "digest" not in table.c}
    assert bare == {part for part, _, _ in digests.PARTS.values()}


def test_rows_written_by_the_program_have_their_digest(filled, rater):
    assert wrong(filled) == []
    raters.set_lag(filled, rater.id, 0.25)  # an update through the ORM
    with filled.write() as session:
        session.execute(update(Clip).values(note="in bulk"))
    assert wrong(filled) == []
    with filled.read() as session:
        assert None not in session.scalars(select(Rater.digest)).all()


def test_what_is_rolled_back_leaves_no_digest_behind(filled):
    def broken_off():
        with filled.write() as session:
            session.execute(update(Clip).values(note="gone"))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        broken_off()
    raters.add(filled, "R09")
    assert wrong(filled) == []


@pytest.mark.parametrize(
    ("statement", "row"),
    [
        ("UPDATE clip SET duration_s = duration_s * (1 + 1e-15)", ("clip", 1)),
        ("UPDATE trace SET blinded = 0", ("trace", 1)),
        ("UPDATE rater SET code = 'R02'", ("rater", 1)),
        ("UPDATE item SET note = CAST(note AS BLOB)", ("item", 1)),
        ("UPDATE item SET note = CAST(x'ff' AS TEXT)", ("item", 1)),
        ("UPDATE clip SET digest = 7 WHERE id = 1", ("clip", 1)),
        ("INSERT INTO setting (key, value) VALUES ('a', '1')", ("setting", 2)),
    ],
)
def test_what_another_program_changes_is_found(filled, statement, row):
    by_hand(filled, statement)
    found = wrong(filled)
    assert found == [row]
    assert any(f"Row {row[1]} of table {row[0]}" in problem.what for problem in check.problems(filled))


def test_numbers_of_a_damaged_project_are_refused(filled):
    by_hand(filled, "UPDATE trace SET n_samples = 49")
    with Project.open(filled.path, read_only=True) as again, pytest.raises(UserError, match="Row 1 of table trace"):
        check.require_sound(again)


def test_a_migration_does_not_make_damage_look_sound(filled, tmp_path):
    from .next_schema import next_schema, upgrade

    by_hand(filled, "UPDATE trace SET n_samples = 49")
    filled.close()
    upgrade(filled.path, next_schema(tmp_path / "versions"))
    with closing(sqlite3.connect(filled.path)) as connection:
        assert list(digests.wrong(connection)) == [("trace", 1)]


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("ALTER TABLE clip DROP COLUMN codec", "definition of table clip is damaged"),
        ("DROP TABLE gold", "table gold is missing"),
        ("CREATE TRIGGER t AFTER INSERT ON clip BEGIN DELETE FROM trace; END", "holds the trigger t"),
    ],
)
def test_a_changed_definition_is_named(filled, statement, words):
    by_hand(filled, statement)
    filled.close()
    with Project.open(filled.path, read_only=True) as again:
        assert any(words in problem.what for problem in check.problems(again))
