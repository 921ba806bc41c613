"""Random keys and clicks of a signed-in rater: see `tests.ui.annotate.driver`. `RANDOM_STEPS=2000` does more."""

import os

import pytest
from sqlalchemy import select

import db.runs
import db.unseen
from app.services.study.reviewers import add_owner
from app.services.study.simulate import simulate_study
from db.project import Project
from db.schema import Answer, Presentation
from tests.ui.annotate.driver import RandomRater
from tests.ui.waiting import settle

STEPS = int(os.environ.get("RANDOM_STEPS", "200"))


@pytest.mark.slow
@pytest.mark.parametrize("guarded", [True, False])
def test_nothing_but_the_own_tasks_is_seen_read_or_changed(desk, make, guarded):
    path = make(clips=12, codes="listed", comments=False, confidence_levels=0)
    with Project.open(path) as project:
        simulate_study(project, "faces", 2, 1, add_items=True)
        if guarded:
            add_owner(project, "OWN", "55")
    desk.open(path)
    for screen in ("review", "agreement", "train", "answers", "study", "annotate"):
        desk.window.show_screen(screen)
    settle(lambda: desk.window.context.jobs.busy == 0, what="work in the background")
    rater = RandomRater(desk, path, seed=7)
    rater.run(STEPS)
    rater.screen.flow.end(wait=True)
    settle(lambda: desk.window.context.jobs.busy == 0, what="work in the background")
    assert sum(rater.done.values()) == STEPS
    assert {act for act, _ in rater.submitted} <= {"key", "click"}
    project = desk.window.context.opened
    with project.read() as session:
        given = session.execute(
            select(Answer.id, Presentation.frames_shown, Presentation.judgeable)
            .outerjoin(Presentation, Answer.presentation_id == Presentation.id)
            .where(Answer.source == "screen")
        ).all()
    assert len(given) <= len(rater.submitted)
    assert all(shown and judgeable for _, shown, judgeable in given)
    assert db.unseen.count(project) == 0
    print(f"{STEPS} steps, {len(given)} answers, {dict(rater.done)}")
