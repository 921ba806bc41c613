"""Random keys and clicks of a signed-in rater: see `tests.ui.annotate.driver`.

`RANDOM_STEPS=2000 RANDOM_SEED=7` before the command does more, and other ones.
"""

import os
from dataclasses import replace

import pytest
from sqlalchemy import select

import db.answers
import db.presentations
import db.unseen
from app.services.study.reviewers import add_owner
from app.services.study.simulate import simulate_study
from db.project import Project
from db.schema import Answer
from tests.ui.annotate.book import everything, given
from tests.ui.annotate.driver import RandomRater
from tests.ui.waiting import idle

STEPS = int(os.environ.get("RANDOM_STEPS", "200"))
SEED = int(os.environ.get("RANDOM_SEED", "7"))
OF_RATER = {"answer", "presentation", "slot"}
"""Tables in which a rater's own rows change or are added; an answer's scores go with it."""
PLAIN = {"comments": False, "confidence_levels": 0}
FULL = {"comments": True, "confidence_levels": 3, "batch_size": 3}


@pytest.mark.slow
@pytest.mark.timeout(max(300, 2 * STEPS))
@pytest.mark.parametrize(("guarded", "asked"), [(True, PLAIN), (False, FULL)], ids=["guarded", "unguarded"])
def test_nothing_but_the_own_tasks_is_seen_read_or_changed(desk, make, guarded, asked):
    path = make(clips=max(12, STEPS // 25), codes="listed", **asked)
    with Project.open(path) as project:
        simulate_study(project, "faces", 2, 1, add_items=True)
        if guarded:
            add_owner(project, "OWN", "55")
    desk.open(path)
    for screen in ("review", "agreement", "train", "answers", "study", "annotate"):
        desk.window.show_screen(screen)
    idle(desk.window.context)
    project = desk.window.context.opened
    before = everything(project)
    rater = RandomRater(desk, path, seed=SEED)
    rater.run(STEPS)
    rater.screen.flow.end(wait=True)
    idle(desk.window.context)
    assert sum(rater.done.values()) == STEPS
    assert len(rater.eyes.looked_at) >= 3, "the window asked nothing while the rater was at work"
    answered = answers_follow_from_acts(project, rater)
    nothing_else_changed(before, everything(project), rater.rater_id)
    assert db.unseen.count(project) == 0
    assert answered >= STEPS // 40
    print(f"seed {SEED}, {STEPS} steps, {answered} answers, {len(rater.eyes.looked_at)} statements, {dict(rater.done)}")


def answers_follow_from_acts(project, rater):
    """Every answer in the database was handed over by the rater, and says what acts on each question have said."""
    with project.read() as session:
        study = session.scalars(select(Answer.study_id)).first()
        ids = session.scalars(select(Answer.id).where(Answer.source == "screen").order_by(Answer.id)).all()
        stored = {one.id: one for one in db.answers.every(session, study, current_only=False)}
        for number, handed in zip(ids, rater.book.handed, strict=True):
            one = stored[number]
            assert handed.act in ("key", "click", "whole answer")
            assert one.key == (handed.corrects or one).key == handed.key
            assert given(one.answer) == given(handed.answer)
            for question, values in handed.possible.items():
                assert given(one.answer).get(question) in values, (number, question, values)
            assert handed.commented or not one.answer.comment
            shown = db.presentations.get(session, one.circumstances.presentation_id)
            assert shown.judgeable, number
            assert shown.start.key == replace(one.key), number
            assert shown.log.plays >= 1, number
            assert shown.log.frames_shown > shown.log.detail.get("frames_face_lost", 0), number
    return len(ids)


def nothing_else_changed(before, after, rater_id):
    """Rows of others, and of other kinds, are what they were; of an own answer only `current` may have changed."""
    own_answers = {key for key, row in after["answer"].items() if row["rater_id"] == rater_id}
    for table, rows in before.items():
        for key, row in rows.items():
            now = after[table].get(key)
            if table in OF_RATER and row["rater_id"] == rater_id:
                assert now is not None, (table, key)
            else:
                assert now == row, (table, key)
    for table, rows in after.items():
        for key in rows.keys() - before[table].keys():
            if table in OF_RATER:
                assert rows[key]["rater_id"] == rater_id, (table, rows[key])
            elif table == "intensity":
                assert (rows[key]["answer_id"],) in own_answers
            else:
                # The first write of an opening is noted in the file.
                assert table in ("term", "audit") or rows[key].get("key", "").startswith("open."), (table, rows[key])
    acts = {row["action"] for key, row in after["audit"].items() if key not in before["audit"]}
    assert not acts, acts
