"""Asking for the judgements that help most: proposals, dealing, marks, taking back."""

import csv
import io
from dataclasses import replace

import numpy as np
import pytest

import db.assignments
import db.audit
import db.raters
import db.studies
from app.agreement.bayes.next_best import Aim
from app.cli import main
from app.domain.answers import Intensity
from app.domain.asked import ASK, TAKE_BACK
from app.errors import UserError
from app.jobs import Context
from app.services.labels.tables import load_project_ratings
from app.services.study.asking import Wish, asked_rows, deal_asked, propose, take_back
from app.services.study.session import AnnotateSession
from tests.study.helpers import SEEN, full_answer, make_study


@pytest.fixture
def judged(project, items):
    """Two raters have judged six clips in both conditions; two more take part and have judged nothing."""
    record = make_study(project, items)
    chance = np.random.default_rng(0)
    for code in ("R01", "R02"):
        with AnnotateSession(project, code) as session:
            while session.current() is not None:
                plain = full_answer(session.study)
                scores = {name: Intensity(int(chance.integers(0, 6)), response_s=1.0) for name in plain.intensities}
                session.submit(replace(plain, intensities=scores), SEEN)
    db.studies.add_raters(project, record.id, [db.raters.add(project, code).id for code in ("R03", "R04")])
    return record


def cells(found):
    return [(one.rater, one.item, one.condition, one.how) for one in found.judgements]


def test_what_is_proposed_is_new_and_the_same_for_the_same_seed(project, judged):
    found = propose(Context(), project, "faces", Wish(count=10, seed=3))
    assert len(found.judgements) == 10
    assert {one.rater for one in found.judgements} == {"R03", "R04"}
    assert [one.how for one in found.judgements].count("random") == 2
    assert len(set(cells(found))) == 10
    assert cells(propose(Context(), project, "faces", Wish(count=10, seed=3))) == cells(found)
    assert cells(propose(Context(), project, "faces", Wish(count=10, seed=4))) != cells(found)
    assert found.after < found.now
    assert db.audit.recent(project, action=ASK) == []  # nothing was dealt


def test_what_is_dealt_follows_the_rules_and_stands_in_the_audit_log(project, judged):
    found = propose(Context(), project, "faces", Wish(count=16, seed=1))
    deal_asked(project, found, actor="Owner")
    dealt = 0
    for code in ("R03", "R04"):
        who = db.raters.by_code(project, code)
        mine = [one.slot for one in db.assignments.slots(project, judged.id, rater_id=who.id)]
        shown = [(slot.item, slot.condition) for slot in sorted(mine, key=lambda slot: slot.position)]
        assert len(set(shown)) == len(shown) <= 10
        dealt += len(shown)
        faces = [place for place, (_, condition) in enumerate(shown) if condition == "face_only"]
        contexts = [place for place, (_, condition) in enumerate(shown) if condition != "face_only"]
        assert max(faces, default=-1) < min(contexts, default=99)
    assert dealt == 16
    (line,) = db.audit.recent(project, action=ASK)
    assert line.actor == "Owner"
    assert line.detail["seed"] == 1
    assert len(line.detail["judgements"]) == 16
    with pytest.raises(UserError, match="dealt in the meantime"):
        deal_asked(project, found)
    later = propose(Context(), project, "faces", Wish(count=8))
    assert not {one[:3] for one in cells(later)} & {one[:3] for one in cells(found)}
    before = {(rater, item) for rater, item, condition, _ in cells(found) if condition == "full_context"}
    assert not {(o.rater, o.item) for o in later.judgements if o.condition == "face_only"} & before


def test_answers_that_were_asked_for_are_told_in_reports(project, judged):
    found = propose(Context(), project, "faces", Wish(count=6, share=0.5))
    deal_asked(project, found)
    assert not any("asked for" in note for note in load_project_ratings(project).intensities.notes)
    who = found.judgements[0].rater
    with AnnotateSession(project, who) as session:
        session.submit(full_answer(session.study), SEEN)
    (told,) = [note for note in load_project_ratings(project).intensities.notes if "asked for" in note]
    assert "random" in told
    rows = asked_rows(project, "faces")
    assert sorted(row[3] for row in rows) == ["asked"] * 3 + ["random"] * 3


def test_what_nobody_has_started_can_be_taken_back(project, judged):
    before = [one.slot for one in db.assignments.slots(project, judged.id)]
    found = propose(Context(), project, "faces", Wish(count=6))
    deal_asked(project, found)
    with AnnotateSession(project, found.judgements[0].rater) as session:
        session.submit(full_answer(session.study), SEEN)
    left = take_back(project, "faces")
    assert left <= 5
    now = [one.slot for one in db.assignments.slots(project, judged.id)]
    assert len(now) == len(before) + 6 - left
    assert len(asked_rows(project, "faces")) == 6 - left
    (line,) = db.audit.recent(project, action=TAKE_BACK)
    assert len(line.detail["judgements"]) == left
    with pytest.raises(UserError, match="Nothing is left"):
        take_back(project, "faces")


def test_a_goal_is_told_in_judgements(project, judged):
    near = propose(Context(), project, "faces", Wish(count=2, narrow=50.0))
    assert near.enough == 0
    some = propose(Context(), project, "faces", Wish(count=2, narrow=near.now * 0.97))
    assert some.enough is not None
    assert some.enough > 0
    assert propose(Context(), project, "faces", Wish(count=2, narrow=0.0)).enough is None


@pytest.mark.parametrize(
    ("wish", "words"),
    [
        (Wish(count=0), "1 to"),
        (Wish(share=1.5), "share of chance"),
        (Wish(raters=("R99",)), "R99 does not take part"),
        (Wish(aim=Aim("items", "joy of life")), "Nobody has rated"),
        (Wish(raters=("R01",)), "Nothing is left to ask for"),
    ],
)
def test_a_wish_that_cannot_be_met_is_refused_in_a_sentence(project, judged, wish, words):
    with pytest.raises(UserError, match=words):
        propose(Context(), project, "faces", wish)


def test_without_labels_nothing_can_be_proposed(project, items):
    make_study(project, items)
    with pytest.raises(UserError, match="no intensities"):
        propose(Context(), project, "faces", Wish())


def test_the_command_changes_nothing_unless_it_is_told_to(project, judged, tmp_path, capsys):
    path, out = str(project.path), tmp_path / "next.csv"
    project.close()
    assert main(["study", "next", path, "faces", "--count", "4", "--csv", str(out)]) == 0
    told = capsys.readouterr().out
    assert "nothing was changed" in told
    assert "hour" in told
    assert len(list(csv.DictReader(io.StringIO(out.read_text(encoding="utf-8-sig"))))) == 4
    assert main(["study", "next", path, "faces", "--count", "4", "--deal", "--narrow", "0.2"]) == 0
    assert "dealt" in capsys.readouterr().out
    assert main(["study", "asked", path, "faces", "--csv", str(tmp_path / "asked.csv")]) == 0
    assert "4 judgements were asked for" in capsys.readouterr().out
    assert main(["study", "asked", path, "faces", "--take-back"]) == 0
    assert "took back 4 judgements" in capsys.readouterr().out
