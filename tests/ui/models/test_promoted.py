"""What the models screen and the review desk say of the model in use, in a project that has promoted one."""

import onnx
import pytest

import db.models
import db.runs
from app.files import sha256_of
from app.inference.cards import DEFAULT_MODEL, find_model, project_models, write_card
from app.services.models.in_use import ROLE
from app.services.projects.files import open_project
from app.services.retrain.promote import promote
from tests.ui.waiting import settle


def own_model(project_path, name):
    """The shipped model under another name, and with other bytes, in the project's own folder."""
    card = find_model(None)
    folder = project_models(project_path) / name
    folder.mkdir(parents=True)
    model = onnx.load(str(card.path()))
    model.producer_version = name
    onnx.save(model, str(folder / "model.onnx"))
    file = {
        "path": "model.onnx",
        "sha256": sha256_of(folder / "model.onnx"),
        "bytes": (folder / "model.onnx").stat().st_size,
    }
    table = {key: value for key, value in card.raw.items() if key not in ("variant", "variants")}
    write_card(folder, {**table, "name": name, "file": file})


@pytest.fixture
def promoted(project_path):
    """The project with its own model promoted."""
    own_model(project_path, "mine")
    own_model(project_path, "other")
    with open_project(project_path) as project:
        promote(project, "mine")
    return project_path


def opened(window, path):
    window.projects.open(path)
    settle(lambda: window.context.project is not None)
    screen = window.show_screen("models")
    settle(lambda: screen.shelf.in_use == "mine")
    return screen


def marked(screen):
    return [screen.list.item(at).text() for at in range(screen.list.count()) if "in use" in screen.list.item(at).text()]


def test_the_project_s_promotion_goes_before_the_setting(window, promoted):
    window.context.settings.set("analysis.model", "other")
    screen = opened(window, promoted)
    screen.choose("mine")
    assert len(marked(screen)) == 1
    assert "promoted in this project" in screen.state.text()
    assert not screen.use.isEnabled()
    screen.choose("other")
    assert screen.use.isEnabled()


def test_using_another_one_there_promotes_it_and_leaves_the_setting_alone(window, promoted):
    screen = opened(window, promoted)
    screen.choose("other")
    screen.use.click()
    settle(lambda: screen.shelf.in_use == "other")
    assert window.context.settings.text("analysis.model") == ""
    assert db.models.in_use(window.context.project, ROLE).name == "other"
    assert [p.action for p in db.models.promotions(window.context.project)] == ["promote", "promote"]


def test_the_desk_names_the_model_of_its_curves_and_offers_those_of_the_model_in_use(desk, window):
    # The stored predictions are of a model called "test"; the shipped one is in use.
    assert desk.state.analysis.key.model == "test"
    assert desk.state.in_use == DEFAULT_MODEL
    assert desk.origin.name.text() == "of test"
    assert desk.origin.line.isVisible()
    assert desk.origin.said.text() == "These curves come from test. In use now: Affectograph face expression."
    desk.origin.again.click()
    settle(lambda: desk.state.current and not window.context.work.tasks)
    settle(lambda: not desk.origin.line.isVisible())
    clip = desk.state.row.clip
    assert {run.key.model for run in db.runs.for_clip(window.context.project, clip.id)} == {"test", DEFAULT_MODEL}


def test_what_is_hidden_while_recording_is_not_named(desk):
    desk.origin.show_state(desk.state, hidden=True)
    assert desk.origin.name.text() == ""
    assert not desk.origin.line.isVisible()
