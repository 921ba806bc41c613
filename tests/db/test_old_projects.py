"""Projects as old versions wrote them: they open, are migrated after a backup, lose nothing, and say the same.

A new migration needs nothing here: `SCHEMA_VERSION` decides what is due. Where one changes old values on purpose, name
the column in `CHANGED` with the reason. Where outputs change on purpose, see `tests/data/projects/outputs.py`.
"""

import json
import math
import sqlite3
from collections import Counter
from contextlib import closing

import pytest

import db.leftovers
from app.agreement import page
from app.cli import main as affectograph
from app.services.projects.files import check_project, open_project
from db import migrate
from db.engine import sqlite_engine
from db.schema import SCHEMA_VERSION
from tests.data.projects import outputs

from .next_schema import next_schema, upgrade

CHANGED: dict[tuple[str, str], str] = {}
"""(table, column) → why a migration gives old rows other values in it."""


@pytest.fixture(params=outputs.SAMPLES, ids="-".join)
def sample(request):
    return request.param


@pytest.fixture
def old(sample, tmp_path):
    """An old project with its clips, as its version left it."""
    return outputs.unpack(*sample, tmp_path / "old")


def version_of(path):
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute("PRAGMA user_version").fetchone()[0]


def opened(path):
    """Open and close a project as the program does; the backups that this made."""
    open_project(path).close()
    return list(path.parent.glob("*.bak"))


def lost(before, after, changed=CHANGED):
    """What of one file is not in another, a line each; rows are compared by all the columns that they share."""
    found = []
    with closing(sqlite3.connect(before)) as connection:
        connection.execute("ATTACH ? AS new", (str(after),))
        for (table,) in connection.execute("SELECT name FROM main.sqlite_master WHERE type = 'table'").fetchall():
            if table == "alembic_version":
                continue
            had, has = (
                [row[1] for row in connection.execute(f'PRAGMA {schema}.table_info("{table}")')]
                for schema in ("main", "new")
            )
            gone = [f"{table}.{column}" for column in had if column not in has and (table, column) not in changed]
            columns = ", ".join(f'"{name}"' for name in had if name in has and (table, name) not in changed)
            count = 0
            if columns:
                old, new = (f'SELECT {columns} FROM {schema}."{table}"' for schema in ("main", "new"))
                count = connection.execute(f"SELECT count(*) FROM ({old} EXCEPT {new})").fetchone()[0]
            found += gone + ([f"{table}: {count} rows"] if count else [])
    return found


def test_an_old_project_opens_after_a_backup_and_loses_nothing(sample, old, tmp_path):
    before = outputs.unpack(*sample, tmp_path / "untouched")
    due = version_of(old) < SCHEMA_VERSION
    backups = opened(old)
    assert len(backups) == due
    assert version_of(old) == SCHEMA_VERSION
    assert lost(before, old) == []
    for backup in backups:
        assert version_of(backup) == version_of(before)
        assert lost(before, backup, {}) == []
    assert opened(old) == backups  # once is enough


def test_its_rows_are_those_that_were_counted_then(sample, old):
    version, name = sample
    counted = json.loads((outputs.HERE / version / "rows.json").read_text("utf-8"))[name]
    assert outputs.row_counts(old) == counted
    opened(old)
    now = outputs.row_counts(old)
    assert {table: (rows, now.get(table)) for table, rows in counted.items() if now.get(table, 0) < rows} == {}


def test_its_schema_is_that_of_a_new_project(old):
    opened(old)
    engine = sqlite_engine(old, writer=False)
    with engine.connect() as connection:
        assert migrate.differences(connection) == []
    engine.dispose()


def test_it_is_sound_and_its_clips_are_found(old):
    opened(old)
    with open_project(old, read_only=True) as project:
        assert [problem for problem in check_project(project) if problem.damage] == []


def test_it_survives_one_more_migration(sample, old, tmp_path):
    before = outputs.unpack(*sample, tmp_path / "untouched")
    opened(old)
    upgrade(old, next_schema(tmp_path / "versions"))
    assert version_of(old) == SCHEMA_VERSION + 1
    assert lost(before, old) == []
    assert any(version_of(backup) == SCHEMA_VERSION for backup in old.parent.glob("*.bak"))


def test_a_lost_row_and_a_changed_value_would_be_noticed(tmp_path):
    before, after = (outputs.unpack("0.1", "sound", tmp_path / name) for name in ("before", "after"))
    with closing(sqlite3.connect(after)) as connection:
        connection.execute("DELETE FROM review_note WHERE id = 1")
        connection.execute("UPDATE answer SET blinded = 0 WHERE blinded = 1 AND id <= 3")
        connection.commit()
    assert lost(before, after) == ["answer: 3 rows", "review_note: 1 rows"]
    assert lost(before, after, {("answer", "blinded"): "for this test"}) == ["review_note: 1 rows"]


@pytest.mark.slow
def test_commands_say_and_export_the_same(sample, old, tmp_path, monkeypatch):
    if sample[1] != "sound":  # drawings take most of the time and are not compared: one project's are enough
        monkeypatch.setattr(page, "figure_svg", lambda _figure: "<svg></svg>")
    opened(old)
    outputs.ask(old, tmp_path / "out")
    found, expected = outputs.committed(tmp_path / "out"), outputs.stored(*sample)
    assert sorted(found) == sorted(expected)
    assert [name for name, text in expected.items() if not same(found[name], text)] == []


def same(one, other):
    (words, numbers), (expected_words, expected) = outputs.split(one), outputs.split(other)
    return words == expected_words and all(map(close, numbers, expected))


def close(one, other):
    return math.isclose(one, other, rel_tol=1e-9, abs_tol=1e-9)


def test_other_numbers_and_words_would_be_noticed():
    assert same('{"ccc": 0.5000000000001}', '{"ccc": 0.5}')
    assert not same('{"ccc": 0.501}', '{"ccc": 0.5}')
    assert not same('{"ccc": -0.5}', '{"ccc": 0.5}')
    assert not same('{"ccc": null}', '{"ccc": 0.5}')
    assert not same('{"icc": 0.5}', '{"ccc": 0.5}')


DAMAGE = {
    "unseen": (
        """SELECT count(*) FROM answer JOIN presentation AS shown ON shown.id = presentation_id
        WHERE shown.item_id IS NOT NULL AND frames_shown = 0 AND plays = 0 AND outcome = 'answered'""",
        3,
    ),
    "empty_traces": (
        """SELECT count(*) FROM trace JOIN presentation AS shown ON shown.trace_id = trace.id
        WHERE n_samples = 0 AND status = 'finished' AND outcome = 'answered'""",
        2,
    ),
    "led": (
        """SELECT count(*) FROM trace JOIN item ON item.id = item_id JOIN run ON run.clip_id = item.clip_id
        WHERE blinded AND started_at > run.created_at AND study_id IS NULL AND status = 'finished'""",
        1,
    ),
    "practice": (
        """SELECT count(*) FROM answer JOIN term ON term.id = condition_id
        WHERE purpose = 'practice' AND passed AND text = 'full_context' AND (SELECT count(*) FROM study_version
        WHERE document LIKE '%"condition": "full_context", "kind": "rating", "expected": {}, "category": ""%') > 0""",
        3,
    ),
}
"""Project → what 0.1 did wrong in it, and how often."""


LEFT: dict[str, dict[str, int]] = {
    "sound": {},
    "unseen": {"unseen": 3},
    "empty_traces": {"empty_trace": 4},  # two without a sample, two with three samples at the clip's end
    "led": {"led": 1},
    "practice": {"verdict": 3},
}
"""Project → how many rows of each kind are named."""


@pytest.mark.parametrize("name", LEFT)
def test_what_faults_left_behind_is_named_row_by_row(name, tmp_path, capsys):
    old = outputs.unpack("0.1", name, tmp_path / "old")
    opened(old)
    with open_project(old, read_only=True) as project:
        found = db.leftovers.find(project)
    assert Counter(one.kind for one in found) == LEFT[name]
    assert len({(one.table, one.id) for one in found}) == len(found)
    assert affectograph(["project", "check", str(old)]) == 0  # nothing is damaged
    said = capsys.readouterr().out
    for one in found:
        assert f"note: {one.what} {one.todo}" in said
    before = outputs.row_counts(old)
    opened(old)
    assert outputs.row_counts(old) == before  # nothing is deleted


@pytest.mark.parametrize("name", DAMAGE)
def test_each_kind_of_damage_is_in_its_project_only(name, tmp_path):
    query, rows = DAMAGE[name]
    counts = {}
    for which in [which for version, which in outputs.SAMPLES if version == "0.1"]:
        with closing(sqlite3.connect(outputs.unpack("0.1", which, tmp_path / which))) as connection:
            counts[which] = connection.execute(query).fetchone()[0]
    assert counts == {**dict.fromkeys(counts, 0), name: rows}
