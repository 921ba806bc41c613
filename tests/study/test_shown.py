"""What was never seen cannot be judged: at the door, in the tables, in dealing, in kits, in statistics."""

import json
import sqlite3
from contextlib import closing, contextmanager
from dataclasses import replace

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

import db.answers
import db.assignments
import db.clips
import db.edits
import db.items
import db.presentations
import db.studies
import db.unseen
from app.cli import main
from app.domain.answers import Answer, AnswerKey, Circumstances, Intensity, PresentationLog
from app.domain.shown import suffices
from app.domain.study import PracticeClip
from app.domain.study_defaults import default_study
from app.errors import UserError
from app.services.labels.export import export_labels
from app.services.labels.tables import load_project_ratings
from app.services.projects.files import create_project
from app.services.study.corrections import AnswerCorrections
from app.services.study.kits import make_kit, merge_kit
from app.services.study.owner import add_to_study, assign, plan, save_study, study_state
from app.services.study.reviewers import add_owner
from app.services.study.session import AnnotateSession
from app.services.study.simulate import simulate_study
from db import digests
from db.project import Project
from tests.data.projects import outputs
from tests.study.helpers import SEEN, add_face, full_answer, make_study, media_info

NOTHING = PresentationLog(window_width=1280, window_height=720)
"""What an open screen counts that shows no picture."""


def lose_face(project, item):
    """The target is marked by hand, and no face was tracked there."""
    db.edits.apply(project, db.edits.set_target(project, item, target={"time_s": 0.0, "box": [1, 2, 3, 4]}))


@contextmanager
def as_0_1(path):
    """The file without its guards, to write what an older version let through."""
    with closing(sqlite3.connect(path)) as connection:
        guards = connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for name, _ in guards:
            connection.execute(f"DROP TRIGGER {name}")
        yield connection
        for _, sql in guards:
            connection.execute(sql)
        digests.seal_all(connection)  # an older version wrote it, nothing damaged it
        connection.commit()


def unsee(path, rater="R01"):
    """Make a rater's presentations ones that nobody saw, as 0.1 stored them."""
    with as_0_1(path) as connection:
        connection.execute(
            "UPDATE presentation SET frames_shown = 0, plays = 0, judgeable = NULL WHERE rater_id = "
            "(SELECT id FROM rater WHERE code = ?)", (rater,)
        )  # fmt: skip


@pytest.mark.parametrize(
    "log",
    [None, NOTHING, replace(SEEN, plays=0), replace(SEEN, seen_whole=False),
     replace(SEEN, detail={"frames_face_lost": 100})],
    ids=["no log", "black stage", "not played", "not to its end", "face lost throughout"],
)  # fmt: skip
def test_a_judgement_needs_a_presentation_that_was_enough(project, items, log):
    record = make_study(project, items)
    with AnnotateSession(project, "R01") as session:
        session.begin(session.current())
        with pytest.raises(UserError, match="never shown"):
            session.submit(full_answer(session.study), log)
        assert db.answers.every(project, record.id) == []
        assert session.progress().done == 0
        session.skip("face_not_visible", log=log)
        (given,) = session.history()
        assert {one.missing_reason for one in given.answer.intensities.values()} == {"face_not_visible"}
        with pytest.raises(UserError, match="never shown"):
            session.revise(given, full_answer(session.study))
        session.submit(full_answer(session.study), SEEN)
    shown = db.presentations.every(project, record.id)
    assert [one.judgeable for one in shown] == [False, True]


def test_a_text_alone_needs_no_frames():
    assert suffices(PresentationLog(), has_clip=False)
    assert not suffices(PresentationLog(), has_clip=True)


def refused_below(project, record, item, rater_id):
    """Writes past every service: the tables themselves must refuse."""
    key = AnswerKey(record.id, rater_id, item.id, "face_only")
    with AnnotateSession(project, "R01") as session:
        number = session.begin(session.current())
    for answer in (Answer({"happy": Intensity(3)}), Answer(category="happy")):
        for presentation in (None, number):
            new = db.answers.NewAnswer(key, answer, Circumstances(1, presentation_id=presentation))
            with pytest.raises(IntegrityError, match="never shown"):
                db.answers.add(project, new)
            with pytest.raises(IntegrityError, match="never shown"):
                db.answers.add_many(project, [new])
    assert db.answers.every(project, record.id) == []
    db.answers.add(
        project, db.answers.NewAnswer(key, Answer({"happy": Intensity(3)}), Circumstances(1, source="import"))
    )
    db.answers.add(project, db.answers.NewAnswer(key, Answer.cannot_tell(record.study), Circumstances(1)))
    with project.write() as session:  # what an older version stored may stay, and be found, but no new row comes in
        session.execute(text("UPDATE presentation SET frames_shown = 9, plays = 1, judgeable = NULL"))
    db.answers.add(
        project, db.answers.NewAnswer(key, Answer(category="happy"), Circumstances(1, presentation_id=number))
    )


def test_the_tables_refuse_it_too(project, items):
    record = make_study(project, items)
    refused_below(project, record, items[0], db.studies.members(project, record.id)[0].rater_id)


def test_the_tables_of_a_server_refuse_it_too(postgres, tmp_path):
    with create_project(postgres) as project:
        clips = [db.clips.add(project, media_info(tmp_path / f"c{i}.mp4"), f"{i:064x}") for i in range(3)]
        items = [add_face(project, db.items.every(project, clip_id=clip.id)[0]) for clip in clips]
        record = make_study(project, items)
        refused_below(project, record, items[0], db.studies.members(project, record.id)[0].rater_id)


def cells(slots):
    return {(slot.item, slot.condition) for slot in slots if slot.purpose == "main"}


def test_what_cannot_be_shown_is_not_given_out_and_its_partner_neither(project, items):
    lose_face(project, items[0])
    study = default_study("s", trace=False).next_version(
        min_distance=1, raters_per_cell=2, practice=(PracticeClip(items[1].name, "face_only"),)
    )
    lose_face(project, items[1])
    save_study(project, study)
    add_to_study(project, "s", [item.name for item in items], ["R01", "R02"])
    made = assign(project, "s", 1)
    both = {(item.name, name) for item in items[2:] for name in ("face_only", "full_context")}
    assert cells(made.slots) == both
    assert not [slot for slot in made.slots if slot.purpose == "practice"]
    assert any("Practice clip" in note for note in made.notes)
    assert made.missing == {}
    state = study_state(project, "s")
    assert state.missing == {}
    assert {(one.item, one.condition, one.obstacle.kind) for one in state.flags} == {
        (items[0].name, "face_only", "no_face"), (items[1].name, "face_only", "no_face"),
    }  # fmt: skip
    alone = db.studies.get(project, "s").study.next_version(deal_incomplete=True, practice=())
    db.studies.save(project, alone)
    cells_now = cells(plan(project, "s").slots)
    assert cells_now == both | {(items[0].name, "full_context"), (items[1].name, "full_context")}


def test_a_lower_limit_gives_it_out(project, items):
    study = default_study("s", trace=False).next_version(min_distance=1, raters_per_cell=1)
    save_study(project, study)
    begin = db.items.add(project, items[0].clip_id, name="late", start_s=0.0, end_s=8.0, track_id=items[0].track_id)
    add_to_study(project, "s", [begin.name, *(item.name for item in items[1:4])], ["R01"])
    assert begin.name not in {item for item, _ in cells(assign(project, "s", 1).slots)}
    (flag,) = study_state(project, "s").flags
    assert flag.obstacle.kind == "face_lost"
    assert "lower the limit" in flag.obstacle.todo
    db.studies.save(project, db.studies.get(project, "s").study.next_version(visible_share=0.4))
    assert begin.name in {item for item, _ in cells(assign(project, "s").slots)}
    assert study_state(project, "s").flags == ()


def test_assigning_exits_0_and_says_what_is_left_out_and_what_to_do(project, items, capsys):
    lose_face(project, items[0])
    save_study(project, default_study("s", trace=False).next_version(min_distance=1))
    path = str(project.path)
    project.close()
    assert main(["study", "assign", path, "s", "--raters", "R01", "--seed", "1"]) == 0
    said = capsys.readouterr().out
    assert f"face_only, {items[0].name}: No face" in said
    assert "leave it out" in said
    assert "not given out in any condition" in said
    assert main(["study", "set", path, "s", "--deal-incomplete", "yes", "--visible-share", "0.5"]) == 0
    with Project.open(project.path, read_only=True) as again:
        study = db.studies.get(again, "s").study
        assert (study.deal_incomplete, study.visible_share) == (True, 0.5)


def test_simulated_raters_judge_only_what_can_be_shown(project, items):
    lose_face(project, items[0])
    save_study(project, default_study("s", trace=True).next_version(min_distance=1, deal_incomplete=True))
    simulate_study(project, "s", 2, seed=1, add_items=True)
    record = db.studies.get(project, "s")
    judged = {(one.key.item_id, one.key.condition) for one in db.answers.every(project, record.id)}
    assert (items[0].id, "full_context") in judged
    assert (items[0].id, "face_only") not in judged
    assert len(judged) == 2 * len(items) - 1


def test_a_kit_of_an_older_version_brings_nothing_that_was_never_seen(project, items, tmp_path):
    record = make_study(project, items)
    path = make_kit(project, "R01", tmp_path / "kit")
    with Project.open(path) as kit, AnnotateSession(kit, "R01") as session:
        for score in (1, 2):
            session.submit(full_answer(session.study, score=score), SEEN)
    unsee(path)
    for _ in range(2):  # twice is once
        merged = merge_kit(project, path)
    assert merged.answers == 0
    stored = db.answers.every(project, record.id)
    assert len(stored) == 2
    for one in stored:
        assert {part.missing_reason for part in one.answer.intensities.values()} == {"voided"}
        assert (one.answer.category, one.answer.category_missing) == ("", "voided")
    assert db.unseen.count(project) == 0


def test_a_kit_says_what_it_did_not_bring(project, items, tmp_path):
    make_study(project, items)
    path = make_kit(project, "R01", tmp_path / "kit")
    with Project.open(path) as kit, AnnotateSession(kit, "R01") as session:
        session.submit(full_answer(session.study), SEEN)
    unsee(path)
    (note,) = merge_kit(project, path).notes
    assert "without having been shown it" in note


@pytest.fixture
def damaged(project, items):
    """R01 has judged twice what 0.1 never showed, R02 the same things properly; a simulated rater everything."""
    record = make_study(project, items, raters=("R01", "R02"))
    for code in ("R01", "R02"):
        with AnnotateSession(project, code) as session:
            for score in (1, 2):
                session.submit(full_answer(session.study, score=score), SEEN)
    simulate_study(project, "faces", 1, seed=1)
    unsee(project.path)
    return record


def test_old_answers_of_this_kind_count_for_nothing_and_say_how_many(project, damaged, tmp_path):
    ratings = load_project_ratings(project)
    assert "R01" not in ratings.intensities.rater.names
    assert "R01" not in ratings.categories.rater.names
    (lost, came) = ratings.intensities.notes
    assert lost.startswith("2 answers were given to what was never shown")
    assert came.startswith("Answers: 2 given on a screen, ")
    assert came.endswith(" simulated.")
    export_labels(project, tmp_path / "out")
    assert "R01" not in (tmp_path / "out" / "intensities.csv").read_text("utf-8")


def test_only_answers_that_judge_something_are_told_by_where_they_came_from(project, items):
    record = make_study(project, items, raters=("R01", "R02"))
    with AnnotateSession(project, "R01") as session:
        session.submit(full_answer(session.study), SEEN)
        session.submit(Answer.cannot_tell(session.study), SEEN)
    with AnnotateSession(project, "R02") as session:
        session.submit(full_answer(session.study), SEEN)
    simulate_study(project, "faces", 1, seed=1)
    simulated = db.unseen.sources(project)["simulated"]
    assert db.unseen.sources(project)["screen"] == 2
    add_owner(project, "O1")
    desk = AnswerCorrections(project, "O1")
    every = [desk.answer(row.id) for row in desk.listed("faces") if row.kind == "rating"]
    opened = {one.rater: one for one in every if one.stored.answer.category}
    mock = next(code for code in opened if code not in ("R01", "R02"))
    better = full_answer(record.study, score=5)
    db.edits.apply(project, desk.correct(opened["R01"], better, "a slip"), "O1")
    db.edits.apply(project, desk.correct(opened[mock], better, "a slip"), "O1")
    db.edits.apply(project, desk.void(opened["R02"], "another clip was judged"), "O1")
    assert db.unseen.sources(project) == {"screen": 1, "simulated": simulated}


def test_they_are_voided_in_one_act_that_can_be_taken_back(project, damaged):
    add_owner(project, "O1")
    corrections = AnswerCorrections(project, "O1")
    assert [row.rater for row in corrections.listed("faces") if row.unseen] == ["R01", "R01"]
    opened = corrections.answer(corrections.unseen("faces")[0])
    assert opened.unseen
    with pytest.raises(UserError, match="never shown"):
        corrections.correct(opened, full_answer(damaged.study, score=5), "slipped")
    with pytest.raises(UserError, match="reason"):
        corrections.void_unseen("faces", " ")
    edit = corrections.void_unseen("faces", "nothing was shown")
    db.edits.apply(project, edit)
    assert corrections.unseen("faces") == []
    assert db.unseen.count(project) == 0
    voided = [row for row in corrections.listed("faces") if row.state == "voided"]
    assert [row.rater for row in voided] == ["R01", "R01"]
    with pytest.raises(UserError, match="never shown"):
        corrections.restore(corrections.answer(voided[0].id), 1, "back")
    db.edits.apply(project, edit.inverse())
    assert len(corrections.unseen("faces")) == 2
    db.edits.apply(project, edit)
    with pytest.raises(UserError, match="nothing to void"):
        corrections.void_unseen("faces", "again")


def test_the_old_project_opens_and_its_figures_leave_them_out(tmp_path):
    path = outputs.unpack("0.1", "unseen", tmp_path / "old")
    with Project.open(path) as project:
        assert db.unseen.count(project) == 3
        (lost, _) = load_project_ratings(project).intensities.notes
        assert lost.startswith("3 answers")
    outputs.ask(path, tmp_path / "out")
    report = json.loads((tmp_path / "out" / "agreement.json").read_text("utf-8"))
    assert any("never shown" in warning for warning in report["warnings"])
