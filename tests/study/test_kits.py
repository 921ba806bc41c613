"""Kits hold one rater's work and nothing else; merging brings it back once, and drops nothing."""

import os
import sqlite3
from hashlib import sha256

import numpy as np
import pytest
from sqlalchemy import text

import db.answers
import db.assignments
import db.clips
import db.edits
import db.items
import db.presentations
import db.raters
import db.traces
from app.domain.project import TraceStart
from app.domain.traces import TraceSamples
from app.errors import UserError
from app.services.study.kits import kit_of, make_kit, merge_kit
from app.services.study.owner import add_to_study, assign
from app.services.study.session import AnnotateSession
from db.project import Project
from tests.study.helpers import SEEN, full_answer, make_study, media_info


def work(project, rater, n, **changes):
    with AnnotateSession(project, rater) as session:
        for _ in range(n):
            session.submit(full_answer(session.study, **changes), SEEN)


def test_a_kit_holds_the_raters_own_part_only(project, items, tmp_path):
    make_study(project, items)
    work(project, "R01", 2, comment="mine")
    work(project, "R02", 3, comment="not mine")
    r2 = db.raters.by_code(project, "R02")
    db.raters.set_name(project, r2.id, "Bob Foreign")
    path = make_kit(project, "R01", tmp_path / "kit")
    assert sorted(p.name for p in (tmp_path / "kit").iterdir()) == ["README.txt", "clips", path.name]
    assert len(list((tmp_path / "kit" / "clips").iterdir())) == 6
    connection = sqlite3.connect(path)
    count = {
        name: connection.execute(f"SELECT count(*) FROM {name}").fetchone()[0]
        for name in (
            "answer",
            "rater",
            "rater_name",
            "run",
            "run_track",
            "played_part",
            "span_run",
            "span",
            "measure_run",
            "measure_track",
            "foreign_measure",
            "gold",
            "clip",
            "slot",
            "item",
            "presentation",
        )
    }
    comments = {row[0] for row in connection.execute("SELECT comment FROM answer")}
    connection.close()
    assert count == {
        "answer": 2, "rater": 1, "rater_name": 0, "run": 0, "run_track": 0, "played_part": 0, "span_run": 0, "span": 0,
        "measure_run": 0, "measure_track": 0, "foreign_measure": 0, "gold": 0,
        "clip": 6, "slot": 12, "item": 6, "presentation": 2,
    }  # fmt: skip
    assert comments == {"mine"}
    assert b"not mine" not in path.read_bytes()
    with Project.open(path) as kit, AnnotateSession(kit, "R01") as session:
        assert kit_of(kit) == "R01"
        assert kit_of(project) is None
        assert session.progress().done == 2
        task = session.current()
        assert task.path.is_file()
        assert task.path.parent.name == "clips"
        assert task.problem == ""


def test_work_in_a_kit_comes_back_once(project, items, tmp_path):
    record = make_study(project, items)
    work(project, "R01", 1)
    path = make_kit(project, "R01", tmp_path / "kit")
    with Project.open(path) as kit:
        work(kit, "R01", 4, comment="from afar")
        rater = db.raters.by_code(kit, "R01")
        item = db.assignments.slots(kit, 1)[0].item_id
        samples = TraceSamples(np.arange(3.0), np.zeros((3, 2), np.float32), np.arange(3.0), "mouse")
        db.traces.add(kit, TraceStart(item, rater.id, "full_context", True, "mouse", 1, 1), samples)
    work(project, "R02", 2)
    first = merge_kit(project, tmp_path / "kit")
    assert (first.answers, first.traces, first.presentations, first.known, first.conflicts) == (4, 1, 4, 1, [])
    again = merge_kit(project, path)
    assert (again.answers, again.traces, again.presentations, again.known) == (0, 0, 0, 6)
    stored = db.answers.every(project, record.id)
    assert len(stored) == 7
    r1 = db.raters.by_code(project, "R01")
    mine = [a for a in stored if a.key.rater_id == r1.id]
    assert [a.answer.comment for a in mine] == ["", *["from afar"] * 4]
    assert all(a.circumstances.presentation_id is not None for a in mine)
    shown = {p.id: p for p in db.presentations.every(project, record.id, rater_id=r1.id)}
    assert all(shown[a.circumstances.presentation_id].start.key.item_id == a.key.item_id for a in mine)
    assert db.assignments.progress(project, record.id, rater_id=r1.id)[r1.id].done == 5
    with AnnotateSession(project, "R01") as session:
        assert session.current().number == 6
    np.testing.assert_array_equal(db.traces.samples(project, db.traces.every(project)[0].id).times_s, np.arange(3.0))


def test_work_on_what_is_not_dealt_stays_behind(project, items, tmp_path):
    record = make_study(project, items)
    work(project, "R01", 3)
    r1 = db.raters.by_code(project, "R01")
    gone = db.assignments.slots(project, record.id, rater_id=r1.id)[0].item_id
    samples = TraceSamples(np.arange(3.0), np.zeros((3, 2), np.float32), np.arange(3.0), "mouse")
    db.traces.add(project, TraceStart(gone, r1.id, "full_context", True, "mouse", 1, 1), samples)
    answered = db.answers.every(project, record.id)
    with project.write() as session:  # as after an import of answers on clips that were never dealt
        session.execute(text("DELETE FROM slot WHERE item_id = :item"), {"item": gone})
    path = make_kit(project, "R01", tmp_path / "kit")
    with Project.open(path) as kit:
        names = {item.name for item in db.items.every(kit)}
        assert len(names) == len(items) - 1
        assert len(db.answers.every(kit, 1)) == len([one for one in answered if one.key.item_id != gone])
        assert db.traces.every(kit) == []
    assert merge_kit(project, path).conflicts == []
    assert len(db.answers.every(project, record.id)) == 3


def test_answers_given_in_both_places_are_both_kept_and_listed(project, items, tmp_path):
    record = make_study(project, items)
    path = make_kit(project, "R01", tmp_path / "kit")
    work(project, "R01", 2, score=1)
    with Project.open(path) as kit:
        work(kit, "R01", 3, score=4)
    result = merge_kit(project, path)
    assert result.answers == 3
    assert [c.kit_is_current for c in result.conflicts] == [True, True]
    assert {c.rater for c in result.conflicts} == {"R01"}
    assert merge_kit(project, path).conflicts == []
    stored = db.answers.every(project, record.id, current_only=False)
    assert len(stored) == 5
    assert sorted(a.answer.intensities["sad"].score for a in stored if a.current) == [4, 4, 4]
    for conflict in result.conflicts:
        key = next(a.key for a in stored if a.key.condition == conflict.condition and a.revision == 2)
        assert [a.answer.intensities["sad"].score for a in db.answers.revisions(project, key)] == [1, 4]


def test_the_later_answer_counts_also_when_it_is_the_projects(project, items, tmp_path):
    record = make_study(project, items)
    path = make_kit(project, "R01", tmp_path / "kit")
    with Project.open(path) as kit:
        work(kit, "R01", 1, score=4)
    work(project, "R01", 1, score=1)
    (conflict,) = merge_kit(project, path).conflicts
    assert not conflict.kit_is_current
    (current,) = db.answers.every(project, record.id)
    assert current.answer.intensities["sad"].score == 1
    assert len(db.answers.revisions(project, current.key)) == 2


def test_two_kits_and_a_new_rater_meanwhile(project, items, tmp_path):
    record = make_study(project, items)
    kits = [make_kit(project, code, tmp_path / code) for code in ("R01", "R02")]
    add_to_study(project, "faces", [item.name for item in items], ["R03"])
    assign(project, "faces")
    for path, code in zip(kits, ("R01", "R02"), strict=True):
        with Project.open(path) as kit:
            work(kit, code, 12)
    assert [merge_kit(project, path).answers for path in kits] == [12, 12]
    assert len(db.answers.every(project, record.id)) == 24
    progress = db.assignments.progress(project, record.id)
    assert all(one.finished for rater, one in progress.items() if one.done)


def test_strangers_are_refused(project, items, tmp_path):
    make_study(project, items)
    path = make_kit(project, "R01", tmp_path / "kit", link=True)
    assert not (tmp_path / "kit" / "clips").exists()
    with pytest.raises(UserError, match="already exists"):
        make_kit(project, "R01", tmp_path / "kit")
    with pytest.raises(UserError, match="no rater R77"):
        make_kit(project, "R77", tmp_path / "kit2")
    db.raters.add(project, "R08")
    with pytest.raises(UserError, match="nothing assigned"):
        make_kit(project, "R08", tmp_path / "kit3")
    with Project.create(tmp_path / "else.affectograph") as other:
        with pytest.raises(UserError, match="does not belong to this project"):
            merge_kit(other, path)
        with pytest.raises(UserError, match="is not a kit"):
            merge_kit(project, other.path)
    with pytest.raises(UserError, match="holds 0 projects"):
        merge_kit(project, tmp_path / "media")


def test_a_missing_clip_stops_the_kit_and_leaves_nothing(project, items, tmp_path):
    make_study(project, items)
    (tmp_path / "media" / "clip3.mp4").unlink()
    with pytest.raises(UserError, match=r"missing: clip3\.mp4"):
        make_kit(project, "R01", tmp_path / "kit")
    assert not list(tmp_path.glob("*kit*"))


def calibrate(project, record, lag_s, folder):
    """What the calibration clip leaves behind: a clip in no list, a trace on it and the rater's lag."""
    rater = db.raters.by_code(project, "R01")
    path = folder / "reaction-lag.mp4"
    info = media_info(path)
    path.write_bytes(f"dot {lag_s}".encode())
    clip = db.clips.add(project, info, sha256(path.read_bytes()).hexdigest())
    db.edits.apply(project, db.edits.remove_clips(project, [clip.id]))
    (item,) = db.items.every(project, clip_id=clip.id, removed=True)
    samples = TraceSamples(np.arange(3.0), np.full((3, 2), lag_s, np.float32), np.arange(3.0), "mouse")
    start = TraceStart(item.id, rater.id, "calibration", True, "mouse", record.id, 1, calibration=True)
    db.traces.add(project, start, samples)
    db.raters.set_lag(project, rater.id, lag_s)


def calibrations(project):
    return [trace for trace in db.traces.every(project) if trace.calibration]


def test_a_measured_reaction_lag_comes_back_with_its_trace_once(project, items, tmp_path):
    record = make_study(project, items)
    path = make_kit(project, "R01", tmp_path / "kit")
    with Project.open(path) as kit:
        calibrate(kit, record, 0.375, path.parent)
        work(kit, "R01", 1)
    lists = [clip.name for clip in db.clips.every(project)]
    first = merge_kit(project, tmp_path / "kit")
    assert (first.answers, first.traces, first.notes) == (1, 1, [])
    assert db.raters.by_code(project, "R01").lag_s == 0.375
    (trace,) = calibrations(project)
    assert db.traces.samples(project, trace.id).values[0, 0] == 0.375
    assert [clip.name for clip in db.clips.every(project)] == lists
    (brought,) = (clip for clip in db.clips.every(project, removed=True) if clip.removed)
    assert brought.path.parent == project.folder
    assert not brought.missing
    second = merge_kit(project, tmp_path / "kit")
    assert (second.answers, second.traces, second.notes, second.waiting) == (0, 0, [], set())
    assert len(calibrations(project)) == 1
    assert db.raters.by_code(project, "R01").lag_s == 0.375


def test_a_clip_that_comes_with_a_kit_is_at_no_moment_in_the_lists(project, items, tmp_path):
    record = make_study(project, items)
    path = make_kit(project, "R01", tmp_path / "kit")
    with Project.open(path) as kit:
        calibrate(kit, record, 0.375, path.parent)
    with project.write() as session:  # a program that is killed leaves what it had written by then
        session.execute(
            text("CREATE TRIGGER none BEFORE INSERT ON clip WHEN NOT new.removed BEGIN SELECT RAISE(ABORT, 'no'); END")
        )
    merge_kit(project, tmp_path / "kit")
    (brought,) = (clip for clip in db.clips.every(project, removed=True) if clip.removed)
    assert brought.name == "reaction-lag.mp4"


def test_a_lag_measured_in_both_places_is_listed_and_the_projects_stays(project, items, tmp_path):
    record = make_study(project, items)
    path = make_kit(project, "R01", tmp_path / "kit")
    with Project.open(path) as kit:
        calibrate(kit, record, 0.5, path.parent)
    calibrate(project, record, 0.25, project.folder)
    for _ in range(2):
        result = merge_kit(project, tmp_path / "kit")
        assert result.notes == [
            "The reaction lag of R01 was measured in both places: 0.25 s stays, 0.50 s came with the kit."
        ]
    assert db.raters.by_code(project, "R01").lag_s == 0.25
    assert len(calibrations(project)) == 2
    assert (
        sorted(clip.path.name[:12] for clip in db.clips.every(project, removed=True) if clip.removed)
        == ["reaction-lag"] * 2
    )


def test_a_rater_who_was_measured_in_the_project_takes_the_lag_along(project, items, tmp_path):
    record = make_study(project, items)
    calibrate(project, record, 0.25, project.folder)
    path = make_kit(project, "R01", tmp_path / "kit")
    with Project.open(path) as kit:
        assert db.raters.by_code(kit, "R01").lag_s == 0.25
        assert calibrations(kit) == []
        work(kit, "R01", 2)
    result = merge_kit(project, tmp_path / "kit")
    assert (result.answers, result.notes) == (2, [])
    assert len(calibrations(project)) == 1


def kit_with(tmp_path, project, items, place, content=b"secret", named=None):
    """A kit whose row of the calibration clip names another file than the one that was judged."""
    record = make_study(project, items)
    path = make_kit(project, "R01", tmp_path / "kit")
    with Project.open(path) as kit:
        calibrate(kit, record, 0.375, path.parent)
    if place is not None:
        place.write_bytes(content)
    sha = sha256(content).hexdigest()
    with Project.open(path) as kit, kit.write() as session:  # as a program would that makes such kits on purpose
        was = session.scalar(text("SELECT sha256 FROM clip WHERE name = 'reaction-lag.mp4'"))
        session.execute(
            text("UPDATE clip SET path = :path, sha256 = :sha WHERE sha256 = :was"),
            {"path": named or str(place), "sha": sha, "was": was},
        )
        session.execute(
            text("UPDATE trace SET media_sha256 = :sha WHERE media_sha256 = :was"), {"sha": sha, "was": was}
        )
    return path


@pytest.mark.parametrize(
    "where", ["elsewhere", "up", "hidden", "no media", "linked", "other bytes", "deeper", "gone", "pipe"]
)
def test_a_kit_brings_no_file_that_it_does_not_own(project, items, tmp_path, where):
    kit = tmp_path / "kit"
    (tmp_path / "home").mkdir()
    foreign = tmp_path / "home" / "diary.mp4"
    foreign.write_bytes(b"secret")
    before = sorted(project.folder.iterdir())
    named = {
        "elsewhere": str(foreign), "up": "clips/../../home/diary.mp4", "hidden": "clips/.bash_login",
        "no media": "clips/notes.affectograph", "linked": "clips/link.mp4", "other bytes": "clips/a.mp4",
        "deeper": "clips/more/a.mp4", "gone": "clips/gone.mp4", "pipe": "clips/pipe.mp4",
    }[where]  # fmt: skip
    path = kit_with(tmp_path, project, items, None, b"secret", named)
    (kit / "clips" / "more").mkdir()
    for name in (".bash_login", "notes.affectograph", "more/a.mp4"):
        (kit / "clips" / name).write_bytes(b"secret")
    (kit / "clips" / "a.mp4").write_bytes(b"not what was judged")
    (kit / "clips" / "link.mp4").symlink_to(foreign)
    os.mkfifo(kit / "clips" / "pipe.mp4")
    result = merge_kit(project, path)
    assert [note for note in result.notes if "was not taken" in note]
    assert sorted(p for p in project.folder.iterdir() if p != kit) == before
    assert [clip.name for clip in db.clips.every(project, removed=True)] == [i.clip for i in items]
    assert calibrations(project) == []


def test_a_clip_of_a_kit_never_goes_over_a_file(project, items, tmp_path):
    record = make_study(project, items)
    path = make_kit(project, "R01", tmp_path / "kit")
    with Project.open(path) as kit:
        calibrate(kit, record, 0.375, path.parent)
    mine = project.folder / "reaction-lag.mp4"
    mine.write_bytes(b"mine")
    merge_kit(project, path)
    assert mine.read_bytes() == b"mine"
    (brought,) = (clip for clip in db.clips.every(project, removed=True) if clip.removed)
    assert brought.path.name.startswith("reaction-lag-")
    assert len(calibrations(project)) == 1
    assert not [p.name for p in project.folder.iterdir() if p.name.startswith(".reaction")]
