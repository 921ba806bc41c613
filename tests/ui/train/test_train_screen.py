import numpy as np
import pytest
from PySide6.QtWidgets import QCheckBox, QComboBox, QDoubleSpinBox, QSpinBox

from app.domain.recipes import RECIPES, find_recipe
from app.services.retrain.comparison import ClipSeries, compare_series
from app.services.retrain.queue import QueuedRun
from app.services.retrain.runs import TrainRequest
from app.ui.train.form import LabelsAtHand, TrainForm
from app.ui.train.result import ResultPanel
from app.ui.train.view import TrainScreen

AT_HAND = LabelsAtHand(("R1", "R2"), ("full_context", "face_only"), 24, 12, stored=True)


@pytest.fixture
def form(qtbot):
    made = TrainForm()
    qtbot.addWidget(made)
    return made


def compared(better):
    rng = np.random.default_rng(0)
    clips = []
    for i in range(6):
        truth = np.cumsum(rng.normal(0, 0.1, (60, 2)), axis=0)
        old, new = (truth + rng.normal(0, s, truth.shape) for s in ((1.0, 0.1) if better else (0.1, 1.0)))
        clips.append(ClipSeries(f"c{i}.mp4", i, f"S{i}", np.arange(60) / 25, truth, old, new, {}))
    return compare_series("shipped", "mine", clips)


@pytest.mark.parametrize("recipe", [recipe.name for recipe in RECIPES])
def test_every_recipe_has_a_row_for_every_parameter_with_its_default(form, recipe):
    form.recipe.setCurrentIndex(form.recipe.findData(recipe))
    parameters = find_recipe(recipe).parameters
    assert list(form.editors) == [p.key for p in sorted(parameters, key=lambda p: not p.basic)]
    kinds = {bool: QCheckBox, int: QSpinBox, float: QDoubleSpinBox}
    for parameter in parameters:
        editor = form.editors[parameter.key]
        if parameter.choices:
            assert isinstance(editor, QComboBox)
        elif type(parameter.default) in kinds:
            assert isinstance(editor, kinds[type(parameter.default)])
        assert editor.toolTip() == parameter.help
    request = form.request()
    assert request.recipe == recipe
    assert find_recipe(recipe).values(request.values) == find_recipe(recipe).values()


def test_what_is_changed_in_the_form_is_asked_for(form):
    form.set_labels(AT_HAND)
    form.editors["epochs"].setValue(7)
    form.editors["landmarks"].setChecked(False)
    form.labels.setCurrentIndex(form.labels.findText("R2 alone"))
    form.condition.setCurrentIndex(form.condition.findData("face_only"))
    form.lag.setCurrentIndex(form.lag.findData("none"))
    request = form.request()
    assert dict(request.values) == {"epochs": 7, "landmarks": False}
    assert (request.labels.source, request.labels.condition, request.labels.lag) == ("R2", "face_only", "none")


def test_the_choice_survives_when_the_labels_are_read_again(form):
    form.set_labels(AT_HAND)
    form.labels.setCurrentIndex(form.labels.findText("R2 alone"))
    form.set_labels(AT_HAND)
    assert form.labels.currentText() == "R2 alone"


def test_the_button_waits_for_enough_subjects_and_says_why(form):
    form.set_labels(None)
    assert not form.start.isEnabled()
    form.set_labels(LabelsAtHand(("R1",), ("full_context",), 2, 2, stored=False))
    assert not form.start.isEnabled()
    assert "three" in form.state.text()
    form.set_labels(LabelsAtHand(("R1",), ("full_context",), 5, 5, stored=False))
    assert form.start.isEnabled()
    assert "little" in form.state.text()
    form.set_labels(AT_HAND)
    assert form.start.isEnabled()


def test_without_torch_the_form_says_the_command(form, monkeypatch):
    monkeypatch.setattr("app.ui.train.form.can_train", lambda: False)
    form.set_labels(AT_HAND)
    assert not form.start.isEnabled()
    assert "pip install 'affectograph[train]'" in form.state.text()


def test_only_what_is_better_offers_promotion(window, qtbot):
    panel = ResultPanel(window.context.theme)
    qtbot.addWidget(panel)
    panel.show()
    panel.show_result("mine", compared(better=True), None)
    assert panel.promote.isVisible()
    assert "is better than shipped" in panel.sentence.text()
    assert panel.clips.count() == 6
    assert "CCC" in panel.per_clip.text()
    with qtbot.waitSignal(panel.promote_wanted) as asked:
        panel.promote.click()
    assert asked.args == ["mine"]
    panel.show_result("mine", compared(better=False), None)
    assert not panel.promote.isVisible()
    assert "worse" in panel.sentence.text()


def test_stored_numbers_are_shown_without_series(window, qtbot):
    panel = ResultPanel(window.context.theme)
    qtbot.addWidget(panel)
    panel.show()
    panel.show_result("mine", None, compared(better=True).as_dict())
    assert panel.promote.isVisible()
    assert not panel.clips.isVisible()
    panel.show_result("", None, None)
    assert not panel.promote.isVisible()


def test_the_screen_follows_a_run(window, qtbot):
    screen = window.show_screen("train")
    assert isinstance(screen, TrainScreen)
    qtbot.waitUntil(lambda: not window.context.jobs.busy, timeout=20_000)
    run = QueuedRun(1, TrainRequest(), state="running")
    epoch = {"event": "epoch", "epochs": 10, "loss": 0.5, "validation": {"valence": 0.2, "arousal": None}}
    run.events = [{**epoch, "epoch": n, "best_epoch": 1, "left_s": 30.0} for n in (1, 2)]
    assert run.left_s == 30.0
    screen.curves.show_events(run.events)
    x, y = screen.curves._lines["valence"].getData()
    assert list(x) == [1, 2]
    assert list(y) == [0.2, 0.2]
    screen.curves.show_events([])
    assert screen.curves._lines["loss"].getData()[0] is None or len(screen.curves._lines["loss"].getData()[0]) == 0
