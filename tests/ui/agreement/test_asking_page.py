"""The page that asks for what helps most: a proposal, dealing it, taking it back, and nothing while somebody rates."""

from dataclasses import replace

import pytest

import db.clips
import db.runs
from app.agreement.bayes.next_best import Aim
from app.errors import UserError
from app.jobs import Context
from app.services.agreement.asked_models import weights_of
from app.services.labels.tables import load_project_ratings
from app.services.study.asking import Wish, asked_rows, propose
from app.services.study.setup import let_join, study_names
from db.project import Project
from tests.ui.agreement.test_dashboard import predict
from tests.ui.agreement.test_screen import open_project_in, ready
from tests.ui.waiting import settle


@pytest.fixture
def screen(window, study_path):
    with Project.open(study_path) as project:
        let_join(project, study_names(project)[0], "NEW")
    open_project_in(window, study_path)
    made = window.show_screen("agreement")
    ready(made)
    return made


def found(page, other=None):
    settle(lambda: page.found is not None and page.found is not other)
    return page.found


def test_what_is_proposed_is_dealt_and_taken_back(screen, window):
    screen.page("asking")
    page = screen.asking
    first = found(page)
    assert page.view.proxy.rowCount() == len(first.judgements)
    assert "90 % interval" in page.known.text()
    page.count.setValue(3)
    few = found(page, first)
    assert len(few.judgements) == 3
    page.deal.click()
    settle(lambda: len(asked_rows(window.context.project, page.study)) == 3)
    later = found(page, few)
    assert "Before earlier batches: ±" in page.known.text()
    assert not {(o.rater, o.item, o.condition) for o in later.judgements} & {
        (o.rater, o.item, o.condition) for o in few.judgements
    }
    page.back.click()
    settle(lambda: asked_rows(window.context.project, page.study) == [])
    again = found(page, later)
    page.aim.setCurrentIndex(1)
    assert "effect of context" in (found(page, again) and page.known.text())
    page.narrow.setValue(4.0)
    settle(lambda: "It is enough" in page.known.text())
    # Nothing of it stays while somebody rates.
    window.context.commands.set_condition("annotating", True)
    assert page.found is None
    assert page.view.proxy.rowCount() == 0
    window.context.commands.set_condition("annotating", False)
    ready(screen)


def asked_for(project, study, what, emotion=""):
    wish = Wish(count=6, aim=Aim(what, emotion), share=0.0)
    return propose(Context(), project, study, wish, weights_of)


def test_models_tell_what_is_worth_asking_for(study_path):
    with Project.open(study_path) as project:
        study = study_names(project)[0]
        let_join(project, study, "NEW")
        with pytest.raises(UserError, match="predictions"):
            asked_for(project, study, "gaps")
        predict(project)
        weights = weights_of(Context(), project, load_project_ratings(project, study).intensities, "gaps")
        gaps = asked_for(project, study, "gaps")
        # Most of what is asked for is where people and the model part most.
        of_item = {}
        for (item, _, _), size in weights.items():
            of_item[item] = of_item.get(item, 0.0) + size
        assert {one.item for one in gaps.judgements} <= of_item.keys()
        assert "people and the model part" in gaps.known[0]
        with pytest.raises(UserError, match="two models"):
            asked_for(project, study, "models")
        clip = db.clips.every(project)[0]
        run = db.runs.newest(project)[clip.id]
        analysis = db.runs.load(project, run.id)
        (track,) = analysis.tracks
        other = track.probabilities.copy()
        late = track.times_s >= 15
        other[late] = other[late][:, ::-1]
        changed = replace(track, probabilities=other)
        db.runs.save(
            project, clip.id, replace(analysis, key=replace(run.key, model_sha256="1" * 64), tracks=(changed,))
        )
        models = asked_for(project, study, "models", "happy")
        assert {float(one.item.split()[1]) >= 15 for one in models.judgements} == {True}
        assert "models differ" in models.known[0]
