"""What practice and attention checks expect: the service, the command, the study file, kits, and old verdicts."""

import json
from dataclasses import replace

import pytest

import db.answers
import db.studies
from app.cli import main
from app.domain.answers import Answer, Intensity
from app.domain.study import AttentionCheck, PracticeClip, study_from_dict, study_to_dict
from app.errors import UserError
from app.interchange.study_file import parse_study, study_text
from app.services.study.expectations import Verdicts, find_verdicts, put_part, remove_part, what_stays
from app.services.study.kits import make_kit
from app.services.study.owner import save_study
from app.services.study.session import AnnotateSession
from db.project import Project
from tests.study.helpers import SEEN, full_answer, make_study

RIGHT, WRONG = {"en": "Well done.", "de": "Gut."}, {"en": "Look at the mouth.", "de": "Der Mund!"}


def practice_on(item, **changes):
    return PracticeClip(
        item.name, "full_context", expected={"happy": (3, 5)}, feedback={"en": "A smile."}, right=RIGHT, wrong=WRONG,
        **changes,
    )  # fmt: skip


@pytest.mark.parametrize(("score", "passed", "told"), [(3, True, "A smile.\nGut."), (2, False, "A smile.\nDer Mund!")])
def test_words_for_right_and_wrong_are_told_in_the_raters_language(project, items, score, passed, told):
    make_study(project, items, practice=(practice_on(items[0]),))
    with AnnotateSession(project, "R01", language="de") as session:
        found = session.submit(full_answer(session.study, score=score), SEEN)
    assert (found.passed, found.text) == (passed, told)


def test_nothing_expected_is_no_verdict_and_no_word_of_right_or_wrong(project, items):
    make_study(project, items, practice=(replace(practice_on(items[0]), expected={}),))
    with AnnotateSession(project, "R01") as session:
        found = session.submit(full_answer(session.study), SEEN)
        (answer,) = session.history()
    assert (found.passed, found.text, found.outside) == (None, "A smile.", ())
    assert answer.circumstances.passed is None


def test_an_attention_check_speaks_only_where_the_study_has_words(project, items):
    silent = AttentionCheck("a", {"en": "Set Angry to 5."}, {"angry": (5, 5)})
    spoken = AttentionCheck("b", {"en": "Set Angry to 5."}, {"angry": (5, 5)}, wrong=WRONG)
    make_study(project, items, attention=(silent, spoken), attention_every=1)
    told = {}
    with AnnotateSession(project, "R01") as session:
        while (task := session.current()) is not None and len(told) < 2:
            if task.purpose == "attention":
                told[task.slot.slot.check] = session.submit(Answer({"angry": Intensity(1)}), SEEN)
            else:
                session.submit(full_answer(session.study), SEEN)
    assert told["a"] is None
    assert (told["b"].text, told["b"].passed) == ("Look at the mouth.", None)


def test_a_changed_expectation_leaves_old_verdicts_as_they_are(project, items):
    record = make_study(project, items, practice=(practice_on(items[0]),))
    with AnnotateSession(project, "R01") as session:
        session.submit(full_answer(session.study, score=2), SEEN)
    key = (items[0].name, "full_context", "rating")
    assert find_verdicts(project, "faces") == {key: Verdicts(0, 1, 0)}
    changed = put_part(project, "faces", replace(practice_on(items[0]), expected={"happy": (2, 5)}))
    assert changed.version == record.version + 1
    with AnnotateSession(project, "R02") as session:
        session.submit(full_answer(session.study, score=2), SEEN)
    given = db.answers.every(project, record.id, purpose="practice")
    assert [(a.circumstances.study_version, a.circumstances.passed) for a in given] == [
        (record.version, False),
        (changed.version, True),
    ]
    words = what_stays(find_verdicts(project, "faces")[key], changed.version + 1)
    assert "1 as expected, 1 not" in words
    assert f"from version {changed.version + 1} on" in words
    assert what_stays(None, 2) == ""


def test_one_practice_clip_in_one_condition_stands_once(project, items):
    make_study(project, items, practice=(practice_on(items[0]),))
    study = db.studies.get(project, "faces").study
    with pytest.raises(UserError, match="twice in one condition"):
        save_study(project, replace(study, practice=study.practice * 2))
    put_part(project, "faces", practice_on(items[0], category="happy"))
    (clip,) = db.studies.get(project, "faces").study.practice
    assert clip.category == "happy"
    with pytest.raises(UserError, match="no practice clip or attention check"):
        remove_part(project, "faces", ("", "", "nothing"))


def test_the_study_file_and_kits_carry_it_and_old_fingerprints_stay(project, items, tmp_path):
    check = AttentionCheck("a", {"en": "Set Angry to 5."}, {"angry": (5, 5)}, right=RIGHT)
    make_study(project, items, practice=(practice_on(items[0]),), attention=(check,), attention_every=3)
    study = db.studies.get(project, "faces").study
    assert parse_study(study_text(study)) == study
    assert study_from_dict(study_to_dict(study)).fingerprint() == study.fingerprint()
    plain = replace(study, practice=(PracticeClip(items[0].name, "full_context"),), attention=(), attention_every=0)
    assert not {"right", "wrong"} & set(study_to_dict(plain)["practice"][0])  # as version 0.1 stored it
    with Project.open(make_kit(project, "R01", tmp_path / "kit")) as kit:
        assert db.studies.get(kit, "faces").study == study


def test_the_command_sets_lists_and_removes(project, items, tmp_path, capsys):
    make_study(project, items)
    path = str(project.path)

    def run(*words):
        assert main(["study", "expect", path, "faces", *words]) == 0
        return capsys.readouterr().out

    assert "neither practice clips nor attention checks" in run()
    item = items[1].name
    out = run("--practice", item, "--condition", "face_only", "--expect", "happy=3-5", "sad=0", "--wrong", "Look!")
    assert "version 2" in out or "version 3" in out
    out = run("--practice", item, "--expect", "sad=any", "--category", "happy", "--right", "Ja.", "--language", "de")
    assert "is at version" in out
    (clip,) = db.studies.get(project, "faces").study.practice
    assert clip == PracticeClip(
        item, "face_only", expected={"happy": (3, 5)}, category="happy", right={"de": "Ja."}, wrong={"en": "Look!"}
    )
    assert "like this already" in run("--practice", item, "--wrong", "Look!")
    out = run("--check", "five", "--prompt", "Set Angry to 5.", "--expect", "angry=5")
    assert "attention checks are not asked yet" in out
    assert main(["study", "set", path, "faces", "--attention-every", "4"]) == 0
    capsys.readouterr()
    listed = run()
    assert f"practice {item}, face_only, rating: Happy 3–5; category Happy" in listed
    assert "attention check five: Angry 5" in listed
    found = json.loads(run("--json"))
    assert [(one["purpose"], one["expected"]) for one in found] == [
        ("practice", {"happy": [3, 5]}),
        ("attention", {"angry": [5, 5]}),
    ]
    run("--practice", item, "--remove")
    assert db.studies.get(project, "faces").study.practice == ()


@pytest.mark.parametrize(
    ("words", "what"),
    [
        (("--expect", "happy=3"), "Nothing was named to change"),
        (("--practice", "clip0.mp4", "--expect", "happy"), "does not state an expected rating"),
        (("--practice", "clip0.mp4", "--expect", "joy=3"), "unknown emotion"),
        (("--practice", "clip0.mp4", "--expect", "happy=3-9"), "expects 3–9"),
        (("--practice", "nowhere.mp4", "--expect", "happy=3"), "the project lacks"),
        (("--practice", "clip0.mp4", "--kind", "trace", "--expect", "happy=3"), "which is not traced"),
        (("--check", "a", "--prompt", "Set it."), "cannot fail"),
        (("--check", "a", "--remove"), "no practice clip or attention check"),
    ],
)
def test_what_cannot_be_expected_is_refused_and_nothing_is_stored(project, items, capsys, words, what):
    record = make_study(project, items)
    assert main(["study", "expect", str(project.path), "faces", *words]) == 1
    assert what in capsys.readouterr().err
    assert db.studies.get(project, "faces").version == record.version
