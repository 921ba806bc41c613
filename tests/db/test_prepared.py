"""Statements that are compiled once do what SQLAlchemy does with them."""

import pytest
from sqlalchemy import Boolean, Column, Integer, MetaData, String, Table, bindparam, func, insert, select, update
from sqlalchemy.exc import ResourceClosedError
from sqlalchemy.types import JSON

from app.ledger import noting
from db import digests, engine
from db.kinds import KIND_OF
from db.prepared import TOUCHED, Prepared
from db.schema import Rater

_THING = Table(
    "thing", MetaData(), Column("id", Integer, primary_key=True), Column("name", String),
    Column("fine", Boolean), Column("more", JSON), Column("digest", Integer),
)  # fmt: skip
_RATER = Rater.__table__
ROWS = [
    {"name": "a", "fine": True, "more": {"x": [1, None, "ü"]}},
    {"name": "b", "fine": False, "more": {}},
    {"name": None, "fine": None, "more": {"nested": {"y": 0.1}}},
]


@pytest.fixture
def things(project, monkeypatch):
    """A session whose project has a table for this, with values of every type that SQLAlchemy converts."""
    monkeypatch.setitem(KIND_OF, "thing", "setting")
    with project.write() as session:
        _THING.create(session.connection())
    with project.write() as session:
        yield session


def stored(session):
    return [
        tuple(row) for row in session.connection().exec_driver_sql("SELECT name, fine, more FROM thing ORDER BY id")
    ]


def test_rows_are_those_that_sqlalchemy_writes(things):
    session = things
    session.connection().execute(insert(_THING), ROWS)
    usual = stored(session)
    session.connection().exec_driver_sql("DELETE FROM thing")
    Prepared(insert(_THING)).run_many(session, [dict(row) for row in ROWS])
    assert stored(session) == usual
    assert usual[0] == ("a", 1, '{"x": [1, null, "\\u00fc"]}')
    one = Prepared(insert(_THING))
    session.connection().exec_driver_sql("DELETE FROM thing")
    for row in ROWS:
        assert one.run(session, row) == []
    assert stored(session) == usual


def test_constants_of_the_statement_stay_and_results_come_back(things):
    highest = select(func.coalesce(func.max(_THING.alias("before").c.id), 40) + 1).scalar_subquery()
    add = Prepared(insert(_THING).values(id=highest).returning(_THING.c.id, _THING.c.name))
    assert [add.run(things, {"name": name}) for name in "ab"] == [[(41, "a")], [(42, "b")]]
    rename = Prepared(update(_THING).where(_THING.c.name == bindparam("old")).values(name=bindparam("new"), fine=False))
    assert rename.run(things, {"old": "a", "new": "c"}) == []
    assert stored(things) == [("c", 0, None), ("b", None, None)]


def test_a_session_of_no_project_takes_the_usual_way_to_the_same_rows(things):
    add = Prepared(insert(_THING).returning(_THING.c.name))
    touched = things.info.pop(TOUCHED)
    assert add.run(things, ROWS[0]) == [("a",)]
    things.info[TOUCHED] = touched
    assert add.run(things, ROWS[0]) == [("a",)]
    first, second = stored(things)
    assert first == second


def test_a_transaction_that_was_rolled_back_takes_nothing_more(project):
    rename = Prepared(update(_RATER).values(code=bindparam("new")))

    def rename_after_a_rollback():
        with project.write() as session:
            session.rollback()
            rename.run(session, {"new": "R77"})

    with pytest.raises(ResourceClosedError):
        rename_after_a_rollback()


def test_what_is_read_changes_nothing(project, rater):
    find = Prepared(select(_RATER.c.id).where(_RATER.c.code == bindparam("code")).limit(1))
    with noting() as ledger, project.write() as session:
        assert find.run(session, {"code": rater.code}) == [(rater.id,)]
        assert find.run(session, {"code": "nobody"}) == []
    assert ledger.changes.kinds == frozenset()


def test_a_missing_value_is_an_error_and_no_null(things):
    rename = Prepared(update(_THING).where(_THING.c.name == bindparam("old")).values(name=bindparam("new")))
    with pytest.raises(KeyError, match="new"):
        rename.run(things, {"old": "a"})
    add = Prepared(insert(_THING))
    add.run(things, ROWS[0])
    with pytest.raises(KeyError, match="more"):
        add.run(things, {"name": "a", "fine": True})


def test_what_is_written_is_noted_and_sealed(project, rater):
    rename = Prepared(update(_RATER).where(_RATER.c.id == bindparam("number")))
    with noting() as ledger, project.write() as session:
        rename.run(session, {"number": rater.id, "code": "R77"})
    assert ledger.changes.kinds == {"rater"}
    with project.read() as session:
        driver = engine.driver(session.connection())
        assert driver.execute("SELECT code FROM rater").fetchall() == [("R77",)]
        assert list(digests.wrong(driver)) == []
