"""A rater's view holds no prediction and nobody else's label: for every query, and for every table."""

import importlib
import inspect
import pkgutil
import shutil
from dataclasses import fields, is_dataclass, replace
from itertools import product

import numpy as np
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError, NoResultFound, OperationalError, ProgrammingError

import db
import db.answers
import db.assignments
import db.edits
import db.gold
import db.items
import db.measures
import db.raters
import db.runs
import db.scope
import db.sights
import db.studies
import db.trace_streams
import db.traces
from app.domain.consent import Person
from app.domain.foreign_measures import ForeignMeasures
from app.domain.gaps import GapReason, ReasonWord, giving, list_edit
from app.domain.marks import Marks
from app.domain.measures import STORED, VERSION, ClipMeasures, MeasuredTrack
from app.domain.project import TraceStart
from app.domain.traces import TraceSamples
from app.errors import UserError
from app.services.study.session import AnnotateSession
from db.project import Project
from db.rules import RULES
from db.schema import Base
from db.scope import RaterView
from tests.study.helpers import SEEN, SENTINEL, add_items, full_answer, make_study

FOREIGN = ("R02", "foreign comment", "foreign reason", "foreign gold", "Bob Foreign")


@pytest.fixture(scope="module")
def world(empty_project, tmp_path_factory):
    """Two raters who both answered everything, predictions, a gold standard, names, exclusions, audit lines.

    Made once: all that is done with it here is to read it, or to try to change it and be refused.
    """
    folder = tmp_path_factory.mktemp("world")
    shutil.copyfile(empty_project, folder / "study.affectograph")
    with Project.open(folder / "study.affectograph") as project:
        yield filled(project, add_items(project, folder / "media"))


def filled(project, items):
    record = make_study(project, items, trace=True, min_distance=0)
    for code, comment in (("R01", "mine"), ("R02", "foreign comment")):
        with AnnotateSession(project, code) as session:
            while (task := session.current()) is not None and not task.is_trace:
                session.submit(full_answer(session.study, comment=comment), SEEN)
    r1, r2 = (db.raters.by_code(project, code) for code in ("R01", "R02"))
    for rater, value in ((r1, 0.25), (r2, SENTINEL)):
        samples = TraceSamples(np.arange(3.0), np.full((3, 2), value, np.float32), np.arange(3.0), "mouse")
        start = TraceStart(items[0].id, rater.id, "full_context", True, "mouse", record.id, 1)
        trace = db.traces.add(project, start, samples)
        gsr = np.full((3, 1), value, np.float32)
        db.trace_streams.add(project, trace.id, [ForeignMeasures("LSL", "", "", ("gsr",), np.arange(3.0), gsr)])
    db.raters.set_name(project, r2.id, "Bob Foreign")
    db.edits.apply(project, db.edits.exclude_rater(project, r2, "foreign reason"))
    for rater in (r1, r2):  # a reviewer's reasons tell what was answered, even of one's own answers
        stored = next(one for one in db.answers.every(project, record.id) if one.key.rater_id == rater.id)
        wanted = full_answer(record.study, score=1, comment=stored.answer.comment)
        db.edits.apply(project, db.edits.correct_answer(project, stored.id, wanted, reason="foreign reason"))
        trace = next(one for one in db.traces.every(project) if one.rater_id == rater.id)
        db.edits.apply(project, db.edits.judge_trace(project, trace.id, "Note", note="seen", reason="foreign reason"))
    for viewer in (r1, r2):
        project.viewer = viewer.id
        db.sights.note(project, [items[0].clip_id], "labels")
    project.viewer = None
    reason = GapReason(
        "g" * 32, items[0].uid, "full_context", "happy", 0.0, 1.0, SENTINEL, SENTINEL, SENTINEL, "test",
        "foreign reason", "foreign comment", "R02", 1e9,
    )  # fmt: skip
    db.edits.apply(project, giving([reason]))
    db.edits.apply(project, list_edit((), [ReasonWord("w" * 32, "foreign reason", 0)], ()))
    db.gold.add(
        project, items[0].id, "intensity", "foreign gold", {"kind": "mean"}, [], condition="full_context",
        value={"happy": SENTINEL},
    )  # fmt: skip
    (run,) = db.runs.for_clip(project, items[0].clip_id)
    analysis = db.runs.load(project, run.id)
    tracks = tuple(
        MeasuredTrack(one.track_id, np.full((len(one), len(STORED)), SENTINEL, np.float32), None)
        for one in analysis.tracks
    )
    key = replace(run.key, parameters=f'{{"version":{VERSION}}}')
    db.measures.save(project, items[0].clip_id, analysis, ClipMeasures(key, "CPU", tracks))
    return project, record, r1, r2


def test_every_table_has_a_rule():
    assert {table.name for table in Base.metadata.sorted_tables} | {"alembic_version"} == RULES.keys()


def test_a_table_without_a_rule_closes_the_view(project, monkeypatch):
    monkeypatch.delitem(RULES, "answer")
    with pytest.raises(UserError, match="not decided what raters may see of answer"):
        RaterView(project, 1)


def test_every_row_of_every_table_is_filtered(world):
    project, _, r1, _ = world
    with RaterView(project, r1.id) as view, view.read() as session, project.read() as whole:
        for table, (rule, _) in RULES.items():
            seen = session.execute(text(f'SELECT count(*) FROM "{table}"')).scalar_one()
            there = whole.execute(text(f'SELECT count(*) FROM "{table}"')).scalar_one()
            if rule == "closed":
                assert seen == 0, table
            elif rule == "open":
                assert seen == there, table
            else:
                assert 0 < seen < there, table


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT * FROM main.answer",
        "SELECT * FROM main.run_track",
        "SELECT * FROM temp.answer, main.intensity",
        "DROP VIEW temp.answer",
        "ATTACH DATABASE ':memory:' AS other",
        "PRAGMA query_only=OFF",
        "CREATE TEMP VIEW mine AS SELECT * FROM main.answer",
        "DELETE FROM main.answer",
        "UPDATE main.answer SET comment = ''",
    ],
)
def test_there_is_no_way_around(world, statement):
    project, _, r1, _ = world
    with RaterView(project, r1.id) as view, view.read() as session, pytest.raises((DatabaseError, UserError)):
        session.execute(text(statement)).all()


def contents(value, depth=0):
    """All plain values inside records, lists, dictionaries and arrays."""
    if depth > 8 or value is None:
        return
    if is_dataclass(value) and not isinstance(value, type):
        for f in fields(value):
            yield from contents(getattr(value, f.name), depth + 1)
    elif isinstance(value, dict):
        for key, part in value.items():
            yield from contents(key, depth + 1)
            yield from contents(part, depth + 1)
    elif isinstance(value, list | tuple | set | frozenset):
        for part in value:
            yield from contents(part, depth + 1)
    elif isinstance(value, np.ndarray):
        yield from contents(value.tolist(), depth + 1)
    else:
        yield value


def candidates(world, items):
    """What the parameters of queries may be given, by name: always with foreign rows among them."""
    project, record, r1, r2 = world
    answers = db.answers.every(project, record.id)
    slots = db.assignments.slots(project, record.id)
    traces = db.traces.every(project)
    foreign = [one.key for one in answers if one.key.rater_id == r2.id]
    runs = [run for item in items for run in db.runs.for_clip(project, item.clip_id)]
    return {
        "answer_id": [one.id for one in answers],
        "answer_ids": [[one.id for one in answers]],
        "trace_ids": [[one.id for one in traces]],
        "slot_id": [one.id for one in slots],
        "presentation_id": [one.id for one in db.presentations.every(project, record.id)],
        "trace_id": [one.id for one in traces],
        "run_id": [run.id for run in runs],
        "analysis": [db.runs.load(project, run.id) for run in runs],
        "study_id": [record.id],
        "rater_id": [r2.id],
        "item_id": [item.id for item in items],
        "clip_id": [item.clip_id for item in items],
        "track_ids": [[item.track_id for item in items]],
        "uid": [items[0].uid, *(one.uid for one in answers), *(one.uid for one in traces)],
        "code": ["R01", "R02"],
        "marks": [Marks(["R01", "R02", "foreign comment"], "…")],
        "instead": ["…"],
        "person": [Person("rater", one.code, one.uid, one.id) for one in (r1, r2)],
        "party": ["subject", "rater"],
        "name": ["faces", "frame", items[0].name],
        "key": [*foreign, *(run.key for run in runs), "kit"],
        "text": ["foreign comment"],
        "wanted": [[one.uid for one in answers]],
        "uids": [[*(one.uid for one in answers), *(one.uid for one in traces)]],
        "sha256": [items[0].clip_sha256],
        "position": [1, 5],
        "model_sha256": [run.key.model_sha256 for run in runs],
    }


WRITES = ("add", "save", "set", "put", "remove", "begin", "append", "finish", "replace", "open", "dismiss", "choose",
          "record", "promote", "roll", "apply", "abandon", "recover", "start", "interrupt", "update",
          "annotate", "erase")  # fmt: skip


def queries():
    """Every public function of `db` whose first parameter is a session or project."""
    for module in pkgutil.iter_modules(db.__path__):
        if module.ispkg or module.name in {"migrate", "upgrades", "engine", "files", "project", "scope"}:
            continue
        loaded = importlib.import_module(f"db.{module.name}")
        for name, function in inspect.getmembers(loaded, inspect.isfunction):
            if name.startswith("_") or function.__module__ != loaded.__name__:
                continue
            first = next(iter(inspect.signature(function).parameters.values()), None)
            if first is not None and first.name == "source" and not name.startswith(WRITES):
                yield f"{module.name}.{name}", function


def attempt(function, session, given):
    """(whether it was run, what came back); a row that is not there is just what a rater should see."""
    try:
        return True, function(session, **given)
    except (KeyError, UserError):
        return True, None
    except (AttributeError, TypeError, NoResultFound, ProgrammingError):
        return False, None  # a key of another kind, or nothing found
    except OperationalError as error:
        if "cannot modify" not in str(error):
            raise
        session.rollback()
        return False, None  # a write, which a view refuses


def test_no_query_returns_a_foreign_label_or_a_prediction(world):
    project, record, r1, r2 = world
    known = candidates(world, db.items.every(project))
    foreign_ids = {one.id for one in db.answers.every(project, record.id, rater_id=r2.id)}
    tried = 0
    with RaterView(project, r1.id) as view, view.read() as session:
        for name, function in queries():
            if name in OTHERS:
                continue
            needed = [p for p in inspect.signature(function).parameters.values() if p.default is p.empty][1:]
            unknown = {p.name for p in needed} - known.keys()
            assert not unknown, f"{name} needs {unknown}: say in candidates() what to try it with"
            for given in product(*(known[p.name] for p in needed)):
                given_by_name = {p.name: value for p, value in zip(needed, given, strict=True)}
                done, found = attempt(function, session, given_by_name)
                tried += done
                for value in contents(found):
                    assert not (isinstance(value, str) and value in FOREIGN), (name, given)
                    assert not (isinstance(value, float) and abs(value - SENTINEL) < 1e-6), (name, given)
                if name.startswith("answer_list."):
                    assert {one.rater for one in found} == {"R01"}
                if name == "answer_columns.answers":
                    assert set(found.rater.tolist()) == {r1.id}
                    assert not foreign_ids & set(found.answer.tolist())
    assert tried > 60


# Functions that give no rows of people or models back, or only open files.
OTHERS = {
    "answer_list.details",  # takes answers that were found already; tried below with foreign ones
    "answer_columns.intensities",  # takes answers that were found already; tried below with foreign ones
    "raters.check_pin",  # says yes or no
    "pins.note_try",  # writes only
    "kit_definitions.copy_definitions",  # what kits are made with; tried with them
    "row_values.clip_numbers",  # likewise; clips are open to everybody
    "row_values.rows_of",  # runs what its caller asks, on the caller's session
    "row_values.values_of",
}


def test_queries_that_need_a_whole_project_are_not_for_raters():
    """A rater's view is not a project, so these cannot be called with it; only lists of clips are open to everybody."""
    modules = set()
    for module in pkgutil.iter_modules(db.__path__):
        if module.ispkg or module.name in {"migrate", "upgrades", "engine", "files", "project", "scope"}:
            continue
        loaded = importlib.import_module(f"db.{module.name}")
        for name, function in inspect.getmembers(loaded, inspect.isfunction):
            first = next(iter(inspect.signature(function).parameters.values()), None)
            own = function.__module__ == loaded.__name__ and not name.startswith("_")
            if own and first is not None and first.name == "project":
                modules.add(module.name)
    assert modules <= {
        "clips",
        "edits",
        "edit_rows",
        "check",
        "compact",
        "consent",
        "face_people",
        "measures",
        "moving",
        "played",
        "runs",
        "sights",
        "spans",
        "traces",
        "answer_edits",
    }
    assert not issubclass(RaterView, Project)


def test_intensities_of_foreign_answers_stay_closed(world):
    project, record, r1, _ = world
    whole = db.answer_columns.answers(project, record.id)
    with RaterView(project, r1.id) as view, view.read() as session:
        parts = db.answer_columns.intensities(session, whole)
        said = db.answer_list.details(session, whole)
    assert set(whole.rater[parts.row].tolist()) == {r1.id}
    assert parts.row.size
    assert {int(whole.rater[row]) for row in said} == {r1.id}
    assert {comment for _, comment in said.values()} == {"mine"}


def test_a_screen_reads_through_the_view(world):
    project = world[0]
    with AnnotateSession(project, "R01") as session:
        assert {one.answer.comment for one in session.history()} == {"mine"}
        with session.view.read() as rows:
            assert db.raters.by_code(rows, "R02") is None


def test_a_stranger_sees_no_label(world):
    project, record, _, _ = world
    with RaterView(project, 999) as view, view.read() as session:
        assert db.answers.every(session, record.id) == []
        assert db.traces.every(session) == []
