"""The owner's side: targets, versions, assignment, simulated raters, corrections, calibration, the command line."""

import json
from dataclasses import replace

import pytest

import db.answers
import db.assignments
import db.audit
import db.clips
import db.edits
import db.items
import db.raters
import db.runs
import db.studies
import db.traces
from app.cli import main
from app.domain.coverage import targets_of
from app.domain.project import ItemRecord
from app.domain.study import AttentionCheck, PracticeClip
from app.domain.study_defaults import default_study
from app.errors import UserError
from app.services.labels.tables import load_project_ratings
from app.services.projects.files import add_clips, create_project
from app.services.study.owner import add_to_study, assign, plan, save_study, study_state
from app.services.study.quick import start_labelling
from app.services.study.session import AnnotateSession
from app.services.study.simulate import simulate_study
from app.synthetic.raters import ConditionEffect, SimulatedRater
from db.project import Project
from tests.interchange.datasets.layouts import video
from tests.study.helpers import SEEN, analysis, full_answer, make_study, media_info


def test_simulated_raters_fill_a_study_and_stay_marked(project, items):
    check = AttentionCheck("five", {"en": "Set Happy to 5."}, {"happy": (5, 5)})
    study = default_study("demo").next_version(
        min_distance=0, raters_per_cell=3, attention=(check,), attention_every=4,
        practice=(PracticeClip(items[0].name, "full_context", expected={"happy": (0, 5)}),),
    )  # fmt: skip
    save_study(project, study)
    add_to_study(project, "demo")
    done = simulate_study(project, "demo", 3, seed=5)
    state = study_state(project, "demo")
    assert done == sum(one.progress.total for one in state.raters)
    assert all(one.progress.finished and one.member.simulated for one in state.raters)
    assert state.missing == {}
    assert state.flags == ()
    record = state.record
    stored = db.answers.every(project, record.id)
    assert all(one.simulated and one.circumstances.source == "simulated" for one in stored)
    tables = load_project_ratings(project)
    assert tables.intensities.simulated
    assert tables.categories.simulated
    assert len(tables.intensities) == 3 * 5 * 2 * 9  # practice and attention checks are not analysed
    assert {trace.samples.device for trace in tables.traces} == {"simulated"}
    assert len(tables.traces) == 3 * 5 * 2
    assert set(tables.attention) == {"S01", "S02", "S03"}
    assert load_project_ratings(project, with_simulated=False).intensities is None
    with pytest.raises(UserError, match="real rater"):
        simulate_study(project, "demo", [SimulatedRater(db.raters.add(project, "R01").code)], 1)


def test_simulation_is_reproducible_and_knows_conditions(project, items):
    truth = {item.name: {"happy": 3.0} for item in items}
    steady = [SimulatedRater(f"S{i}", score_noise=0.0) for i in range(1, 4)]
    effect = ConditionEffect("face_only", shift={"happy": -2.0})
    for name in ("one", "two"):
        save_study(project, default_study(name, trace=False).next_version(min_distance=0, raters_per_cell=3))
        add_to_study(project, name)
        simulate_study(project, name, steady, 9, truth=truth, effects=[effect])
    tables = [load_project_ratings(project, name).intensities for name in ("one", "two")]
    means = []
    for table in tables:
        happy = table.emotion.codes == table.emotion.code_of("happy")
        means.append(
            [
                float(table.score[happy & (table.condition.codes == table.condition.code_of(c))].mean())
                for c in ("full_context", "face_only")
            ]
        )
    assert means[0] == means[1] == [3.0, 1.0]


def test_targets_are_chosen_where_faces_were_tracked(project, items):
    for item in items[:2]:
        db.edits.apply(project, db.edits.set_target(project, item))
    save_study(project, default_study("s", trace=False))
    add_to_study(project, "s")
    assert all(item.track_id is not None for item in db.items.every(project))
    assert len(db.studies.items(project, db.studies.get(project, "s").id)) == 6


def test_ranges_that_overlap_are_one_stimulus():
    def item(name, clip, start, end):
        return ItemRecord(0, "", name, clip, "", "", "", start, end, None, None, {}, "", 0, False)

    targets = targets_of(
        [item("a", 1, 0, 2), item("b", 1, 1, 3), item("c", 1, 3, 4), item("d", 2, None, None), item("e", 2, 5, 6)]
    )
    groups = {t.item: t.stimulus for t in targets}
    assert groups["a"] == groups["b"] != groups["c"]
    assert groups["d"] == groups["e"]
    assert len(set(groups.values())) == 3


def test_preview_changes_nothing_and_assign_extends(project, items):
    save_study(project, default_study("s", trace=False).next_version(raters_per_cell=2, min_distance=1))
    with pytest.raises(UserError, match="nothing to judge in study s"):
        plan(project, "s")
    add_to_study(project, "s")
    with pytest.raises(UserError, match="Nobody takes part"):
        plan(project, "s")
    add_to_study(project, "s", raters=["R01", "R02"])
    shown = plan(project, "s", 3)
    record = db.studies.get(project, "s")
    assert db.assignments.slots(project, record.id) == []
    assert assign(project, "s", 3) == shown
    with AnnotateSession(project, "R01") as session:
        for _ in range(3):
            session.submit(full_answer(session.study), SEEN)
    before = [one for one in db.assignments.slots(project, record.id) if one.slot.state == "answered"]
    add_to_study(project, "s", raters=["R03"])
    assign(project, "s", without=["R02"])
    after = db.assignments.slots(project, record.id)
    assert before == [one for one in after if one.slot.state == "answered"]
    assert not [one for one in after if one.slot.rater == "R02"]
    assert study_state(project, "s").missing == {}
    assert db.studies.get(project, "s").seed == 3


def test_study_refuses_practice_clips_that_are_not_there(project, items):
    study = default_study("s").next_version(practice=(PracticeClip("nowhere", "face_only"),))
    with pytest.raises(UserError, match="items that the project lacks: nowhere"):
        save_study(project, study)


def test_items_beside_a_practice_clip_are_not_said_to_lack_raters(project, items):
    clip = items[0].clip_id
    twin = db.items.add(project, clip, name="clip0 face 2", track_id=items[0].track_id)
    practice = PracticeClip(items[0].name, "face_only")
    save_study(project, default_study("s", trace=False).next_version(practice=(practice,), min_distance=0))
    add_to_study(project, "s", raters=["R01"])
    assign(project, "s")
    state = study_state(project, "s")
    assert state.missing == plan(project, "s").missing
    assert {item for item, _ in state.missing} == {item.name for item in items[1:]}
    assert twin.name not in {item for item, _ in state.missing}


def test_a_correction_in_review_can_be_undone_and_done_again(project, items):
    record = make_study(project, items)
    with AnnotateSession(project, "R01") as session:
        session.submit(full_answer(session.study, score=1), SEEN)
    (stored,) = db.answers.every(project, record.id)
    edit = db.edits.correct_answer(project, stored.id, full_answer(record.study, score=4))
    for step, score in ((edit, 4), (edit.inverse(), 1), (edit, 4)):
        changes = db.edits.apply(project, step, "OWN")
        (current,) = db.answers.every(project, record.id)
        assert changes.ids("answer") == {current.id}
        assert current.answer == full_answer(record.study, score=score)
        assert current.circumstances.source == "review"
    assert [a.revision for a in db.answers.revisions(project, stored.key)] == [1, 2, 3, 4]
    with pytest.raises(UserError, match="changed meanwhile"):
        db.edits.apply(project, edit)
    assert len(db.audit.recent(project, action="edit.apply")) >= 3
    same = db.edits.correct_answer(
        project, db.answers.every(project, record.id)[0].id, full_answer(record.study, score=4)
    )
    assert same.changes == ()


def cells(project, study_id, rater):
    """What a rater was given, in order."""
    slots = [one.slot for one in db.assignments.slots(project, study_id) if one.slot.rater == rater]
    return [(slot.position, slot.item, slot.condition, slot.pass_no, slot.kind, slot.state) for slot in slots]


def test_simulated_raters_take_nothing_from_people(project, items):
    """Nobody has begun, one has, newcomers join later: what people were given stays as if nobody was simulated."""
    record = make_study(project, items, raters=("R01", "R02", "R03"), raters_per_cell=2)
    with AnnotateSession(project, "R01") as session:
        session.submit(full_answer(session.study), SEEN)
    before = {code: cells(project, record.id, code) for code in ("R01", "R02", "R03")}
    done = simulate_study(project, "faces", 3, seed=5)
    assert {code: cells(project, record.id, code) for code in before} == before
    # Each item has its two simulated raters in each condition besides its two people.
    assert done == 2 * 2 * len(items)
    state = study_state(project, "faces")
    assert state.missing == {}
    alone = plan(project, "faces")
    assert {code: len(alone.of(code)) for code in before} == {code: len(rows) for code, rows in before.items()}
    add_to_study(project, "faces", raters=["R04"])
    assign(project, "faces")
    given = {code: len(cells(project, record.id, code)) for code in ("R01", "R02", "R03", "R04")}
    assert sum(given.values()) == 2 * 2 * len(items)
    assert given["R04"] > 0
    assign(project, "faces", without=["R02", "R03", "R04"])
    assert all(slot.rater.startswith(("R01", "S")) for slot in plan(project, "faces").slots)
    assert study_state(project, "faces").missing != {}


def run(*words):
    return main([str(word) for word in words])


@pytest.mark.slow
def test_the_command_line_from_study_to_merge(project, items, tmp_path, capsys):
    path = project.path
    project.close()
    assert run("study", "new", path, "emotions", "--no-trace", "--raters-per-cell", 2) == 0
    assert run("study", "new", path, "emotions") == 1
    assert "The name emotions is taken by another study." in capsys.readouterr().err
    assert run("study", "export", path, "emotions", "--out", tmp_path / "e.toml") == 0
    text = (tmp_path / "e.toml").read_text(encoding="utf-8")
    (tmp_path / "e.toml").write_text(text.replace("min_distance = 2", "min_distance = 1"), encoding="utf-8")
    assert run("study", "import", path, tmp_path / "e.toml") == 0
    assert "version 2" in capsys.readouterr().out
    assert run("study", "assign", path, "emotions", "--raters", "R01", "R02", "--seed", 4) == 0
    assert run("study", "preview", path, "emotions", "--csv", tmp_path / "plan.csv") == 0
    assert len((tmp_path / "plan.csv").read_text().splitlines()) == 1 + 2 * 12
    assert run("study", "simulate", path, "emotions", "--raters", 1, "--seed", 2) == 0
    assert run("project", "kit", path, "R01", "--out", tmp_path / "kit") == 0
    assert run("project", "merge", path, tmp_path / "kit", tmp_path / "nowhere") == 1
    told = capsys.readouterr()
    assert "0 answers and 0 traces new" in told.out
    assert "nowhere" in told.err
    assert run("ratings", "export", path, "--out", tmp_path / "out") == 0
    assert run("ratings", "import", path, tmp_path / "out") == 0
    assert "0 answers and 0 traces were imported" in capsys.readouterr().out
    assert run("study", "rater", path, "BOSS", "--role", "owner") == 0
    assert "BOSS: owner" in capsys.readouterr().out
    assert run("study", "show", path, "--json") == 0
    (state,) = json.loads(capsys.readouterr().out)
    assert state["study"]["version"] == 2
    assert {one["rater"]: one["simulated"] for one in state["raters"]} == {"R01": False, "R02": False, "S01": True}
    assert run("study", "show", path) == 0
    assert "S01" in capsys.readouterr().out


def stored(project):
    """All that a refused assignment could leave behind."""
    record = db.studies.get(project, "faces")
    return (
        [rater.code for rater in db.raters.every(project)],
        [item.id for item in db.studies.items(project, record.id)],
        [(item.name, item.track_id) for item in db.items.every(project)],
        [(member.rater, member.left_at) for member in db.studies.members(project, record.id)],
        [slot.slot for slot in db.assignments.slots(project, record.id)],
        [line.id for line in db.audit.recent(project)],
    )


def test_a_refused_assignment_writes_nothing_and_names_the_command_that_helps(project, items, capsys):
    save_study(project, default_study("faces", trace=False).next_version(min_distance=50))
    db.edits.apply(project, db.edits.set_target(project, items[0]))  # the next look would choose a face again
    before = stored(project)
    assert run("study", "assign", project.path, "faces", "--raters", "R01", "R02") == 1
    told = capsys.readouterr().err
    assert stored(project) == before
    best = int(told.split("--min-distance ")[1].split("`")[0])
    assert f"`affectograph study set P faces --min-distance {best}`" in told
    with pytest.raises(UserError, match="cannot be kept"):
        simulate_study(project, "faces", 3, seed=1, add_items=True)
    assert stored(project) == before
    assert run("study", "set", project.path, "faces", "--min-distance", best) == 0
    assert "version 2" in capsys.readouterr().out
    assert run("study", "assign", project.path, "faces", "--raters", "R01", "R02") == 0
    assert [member.rater for member in db.studies.members(project, db.studies.get(project, "faces").id)] == [
        "R01",
        "R02",
    ]


def test_how_a_running_study_deals_can_be_changed(project, items, capsys):
    record = make_study(project, items, raters=("R01", "R02"))
    with AnnotateSession(project, "R01") as session:
        session.submit(full_answer(session.study), SEEN)
    assert run("study", "set", project.path, "faces", "--passes", 2, "--raters-per-cell", 1) == 0
    assert "clips that were given out stay given out" in capsys.readouterr().out
    assert run("study", "set", project.path, "faces", "--passes", 2) == 0
    assert f"is like this already, at version {record.version + 1}" in capsys.readouterr().out
    changed = db.studies.get(project, "faces").study
    assert (changed.passes, changed.raters_per_cell, changed.version) == (2, 1, record.version + 1)
    begun = [one.slot for one in db.assignments.slots(project, record.id) if one.slot.state == "answered"]
    made = assign(project, "faces")
    assert len(made.slots) == len(items) * 2 * 2 * 2  # conditions, passes, and two raters: none is taken back
    assert [slot for slot in made.slots if slot.state == "answered"] == begun
    assert [slot.rater for slot in begun] == ["R01"]
    wide = db.studies.get(project, "faces").study
    save_study(project, wide.next_version(min_distance=40))
    assert any("keep their order, less than 40 apart: R01, R02" in note for note in assign(project, "faces").notes)
    changed = save_study(project, wide).study
    assert not any("apart" in note for note in assign(project, "faces").notes)
    for words in (["--min-distance", -1], ["--raters-per-cell", 0], []):
        assert run("study", "set", project.path, "faces", *words) == 1
    assert db.studies.get(project, "faces").study == changed


def test_what_cannot_be_shown_is_said_once_for_all_clips(project, items, capsys):
    for item in items:
        db.edits.apply(project, db.edits.set_target(project, item))
    make_study(project, items)
    assert run("study", "show", project.path, "faces") == 0
    printed = capsys.readouterr().out
    assert printed.count("No face was chosen") == 1
    assert f"face_only, {len(items)} items: No face was chosen" in printed
    assert "Choose its target, or leave it out of the study." in printed
    assert "affectograph analyze" not in printed


def bare_project(tmp_path, faces):
    """A project with a study that hides all but the face; `faces` says of each clip how often a face is found in it."""
    with create_project(tmp_path / "p.affectograph") as project:
        for i, tracks in enumerate(faces):
            clip = db.clips.add(project, media_info(tmp_path / f"c{i}.mp4"), f"{i:064x}")
            if tracks is not None:
                found = analysis(clip.sha256)
                db.runs.save(project, clip.id, replace(found, tracks=found.tracks[:tracks]))
        save_study(project, default_study("faces", trace=False).next_version(min_distance=1, raters_per_cell=1))
    return tmp_path / "p.affectograph"


def test_an_assignment_that_deals_nothing_is_refused_with_a_reason_for_each_clip(tmp_path, capsys):
    path = bare_project(tmp_path, [None, None, 0])
    words = ["faces", "--raters", "R01"]
    told = []
    for action in ("preview", "assign"):
        assert run("study", action, path, *words) == 1
        said = capsys.readouterr()
        assert said.out == ""
        told.append(said.err)
    assert told[0] == told[1]
    assert "Nothing of study faces can be given out. c0.mp4 and c1.mp4 as face_only: Nobody has looked" in told[0]
    assert "c2.mp4 as face_only: No face was found in this clip" in told[0]
    assert "`affectograph study set P faces --deal-incomplete yes`" in told[0]
    with Project.open(path) as project:
        assert not db.raters.every(project)


def test_a_preview_shows_what_assign_then_does_after_an_analysis(tmp_path, capsys):
    path = bare_project(tmp_path, [1, 1, None])
    words = ["faces", "--raters", "R01", "--seed", 3, "--csv"]
    assert run("study", "preview", path, *words, tmp_path / "before.csv") == 0
    with Project.open(path) as project:
        assert not db.raters.every(project)
        assert {item.track_id for item in db.items.every(project)} == {None}
    assert run("study", "assign", path, *words, tmp_path / "after.csv") == 0
    capsys.readouterr()
    assert (tmp_path / "before.csv").read_text() == (tmp_path / "after.csv").read_text()
    assert len((tmp_path / "after.csv").read_text().splitlines()) == 1 + 4
    assert run("study", "show", path) == 0
    printed = capsys.readouterr().out
    assert "face_only, c2.mp4: Nobody has looked for faces in this clip yet" in printed
    assert "`affectograph analyze CLIP --project P`" in printed
    assert "No face was chosen" not in printed


def test_labelling_starts_without_setting_anything_up(project, items, tmp_path):
    with pytest.raises(UserError, match="nothing to label"):
        start_labelling(empty_project(tmp_path), "R01")
    hidden = db.edits.remove_items(project, [item.id for item in items[1:]])
    db.edits.apply(project, hidden)
    record = start_labelling(project, "R01", trace=False)
    assert record.study.min_distance == 0  # one clip only
    with AnnotateSession(project, "R01") as session:
        assert [session.current().condition.name, session.progress().total] == ["face_only", 2]
        session.submit(full_answer(session.study), SEEN)
    db.edits.apply(project, hidden.inverse())
    start_labelling(project, "R01")
    start_labelling(project, "R02")
    state = study_state(project, "labels")
    assert {one.member.rater: (one.progress.done, one.progress.total) for one in state.raters} == {
        "R01": (1, 12), "R02": (0, 12),
    }  # fmt: skip


def test_imported_answers_are_told_beside_what_was_given_out(project, items, tmp_path, capsys):
    make_study(project, items)
    lines = "".join(f"{one.clip},face_only,R01,happy,2\n" for one in items[:2])
    (tmp_path / "x.csv").write_text(f"clip,condition,rater,emotion,score\n{lines}")
    assert run("ratings", "import", project.path, tmp_path / "x.csv", "--study", "faces") == 0
    capsys.readouterr()
    assert run("study", "show", project.path, "faces") == 0
    printed = capsys.readouterr().out
    assert "R01: 0 of 12" in printed
    assert "2 answers were imported (R01): they are analysed, but were not given out here, so they" in printed


def empty_project(folder):
    from db.project import Project

    return Project.create(folder / "nothing.affectograph")


def test_the_command_says_what_simulated_raters_could_not_judge(tmp_path, capsys):
    with create_project(tmp_path / "p.affectograph") as project:
        add_clips(project, [video(tmp_path / "a.mp4", 40), video(tmp_path / "b.mp4", 60)])
        path = project.path
    assert run("study", "new", path, "unseen", "--no-trace") == 0
    capsys.readouterr()
    assert run("study", "simulate", path, "unseen", "--raters", 1) == 1
    said = capsys.readouterr().err
    assert "a.mp4 and b.mp4 as face_only: Nobody has looked for faces" in said
    assert "`affectograph analyze CLIP --project P` finds the faces." in said
    assert "`affectograph study set P unseen --deal-incomplete yes`" in said
    assert run("study", "set", path, "unseen", "--deal-incomplete", "yes") == 0
    assert run("study", "simulate", path, "unseen", "--raters", 1) == 0
    assert "face_only, a.mp4, b.mp4: Nobody has looked" in capsys.readouterr().out
