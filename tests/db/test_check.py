"""Damage is found, named and told apart from a file that only moved."""

import os
import sqlite3

import pytest
from sqlalchemy import text

from app.domain.project import TraceStart
from app.errors import Cancelled, UserError
from app.jobs import Context
from app.services.projects.health import check_project, project_info
from db import check, runs, traces
from db.project import Project

from .build import analysis, samples


@pytest.fixture
def filled(project, clip, item, rater):
    runs.save(project, clip.id, analysis())
    traces.add(project, TraceStart(item.id, rater.id, "full_context", True, "mouse"), samples(50))
    return project


def execute(project, *statements):
    """Do with the rows what no code of ours does."""
    with project.write() as session:
        session.execute(text("PRAGMA defer_foreign_keys=ON"))
        for statement in statements:
            session.execute(text(statement))


def whats(found):
    return [problem.what for problem in found]


def test_a_sound_project_has_no_problems(filled):
    assert check.problems(filled) == []


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("UPDATE face_track SET boxes = x'00' WHERE track_no = 1", "Row 1 of table face_track is damaged"),
        (
            "UPDATE run_track SET smooth = substr(smooth, 1, 90)",
            "Row 1/1 of table run_track is damaged",
        ),
        ("UPDATE run SET times_s = x''", "Row 1 of table run is damaged"),
        ("UPDATE face_track SET n_frames = 7 WHERE track_no = 1", "but should have 7 rows"),
        ("UPDATE trace_chunk SET monotonic_s = x'41'", "Row 1/0 of table trace_chunk is damaged"),
        ("UPDATE trace SET n_samples = 60", "50 of the 60 samples"),
        ("DELETE FROM trace_chunk", "0 of the 50 samples"),
        ("UPDATE trace_chunk SET seq = 3", "pieces of it are missing"),
        ("DELETE FROM run_track WHERE track_id = 1", "1 of 2 tracks"),
    ],
)
def test_damaged_rows_are_found(filled, statement, words):
    execute(filled, statement)
    found = check.problems(filled)
    assert found
    assert all(problem.damage for problem in found)
    assert words in " ".join(whats(found))


def test_rows_without_what_they_refer_to_are_found(filled):
    filled.close()
    raw = sqlite3.connect(filled.path)
    raw.execute("DELETE FROM clip")  # a tool that does not check references
    raw.commit()
    raw.close()
    with Project.open(filled.path) as project:
        assert any("does not exist" in what for what in whats(check.problems(project)))


def test_damaged_pages_are_found_or_refused(filled):
    """Whatever page is overwritten, the user hears of it, and not by a traceback."""
    filled.close()
    whole = filled.path.read_bytes()
    pages = len(whole) // 4096
    noticed = 0
    for page in range(0, pages, 7):
        filled.path.write_bytes(whole[: page * 4096] + os.urandom(4096) + whole[(page + 1) * 4096 :])
        try:
            with Project.open(filled.path) as project:
                noticed += bool(check.problems(project))
        except UserError:
            noticed += 1
    assert noticed == len(range(0, pages, 7))


def test_values_that_a_damaged_index_makes_up_are_no_traceback(filled, monkeypatch):
    def of_traces(session):
        yield from ()
        assert session.execute(text("SELECT NULL")).scalar() + 1

    monkeypatch.setattr(check, "_of_traces", of_traces)
    with pytest.raises(TypeError):  # in a sound project it is a fault of ours, which must show
        check.problems(filled)
    execute(filled, "UPDATE run SET n_tracks = 7")
    monkeypatch.setattr(check, "_of_rows", lambda session: check._of_runs(session))  # noqa: SLF001
    assert any("could not be checked" in what for what in whats(check.problems(filled)))


def test_an_open_trace_of_a_dead_process_is_a_note(filled, item, rater):
    trace = traces.begin(filled, TraceStart(item.id, rater.id, "full_context", True, "mouse"))
    assert check.problems(filled) == []  # under way right now
    execute(filled, f"UPDATE trace SET owner = 'x/1/1/1' WHERE id = {trace}")
    (problem,) = check.problems(filled)
    assert not problem.damage


def of_files(project, **options):
    return [problem for problem in check_project(project, **options) if problem.what.startswith("The file of clip")]


def test_files_of_clips(filled, clip):
    assert [problem for problem in check_project(filled, hash_files=False) if problem.damage] == []
    assert of_files(filled, hash_files=False) == []
    (changed,) = of_files(filled)  # the hash of the fixture is not that of its file
    assert changed.damage
    assert "has changed" in changed.what
    clip.path.write_bytes(b"longer than before, by far")
    assert "has changed" in of_files(filled, hash_files=False)[0].what
    clip.path.unlink()
    (missing,) = of_files(filled)
    assert not missing.damage
    assert str(clip.path) in missing.what


def test_a_check_can_be_stopped(filled):
    ctx = Context()
    ctx.cancel()
    with pytest.raises(Cancelled):
        check_project(filled, ctx=ctx)


def test_info_counts(filled):
    info = project_info(filled)
    assert (info.videos, info.images, info.missing, info.duration_s) == (1, 0, 0, 10.01)
    assert (info.rows["item"], info.rows["trace"], info.rows["rater"]) == (1, 1, 1)
    assert (info.runs, info.traces) == ({"frame": 1}, {"finished": 1})
    assert info.size_bytes > 0
