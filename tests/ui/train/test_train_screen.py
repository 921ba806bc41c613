from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QComboBox, QDoubleSpinBox, QSpinBox

from app.domain.recipes import RECIPES, find_recipe
from app.services.retrain.category_cells import Confusion
from app.services.retrain.category_runs import METRICS, CategoryRequest, scores_sentence, seeds_sentences
from app.services.retrain.comparison import ClipSeries, compare_series
from app.services.retrain.conditions import ConditionsRequest, gains_sentence
from app.services.retrain.known import CategoriesAtHand, LabelsAtHand
from app.services.retrain.learning_curve import CurvePoint, trend
from app.services.retrain.queue import QueuedRun
from app.services.retrain.runs import TrainRequest
from app.ui.screens.train.confusion import ConfusionTable
from app.ui.screens.train.course import courses, mean_of_folds, of_newest_model
from app.ui.screens.train.curves import LearningCurves
from app.ui.screens.train.form import TrainForm
from app.ui.screens.train.result import ResultPanel
from app.ui.screens.train.view import TrainScreen
from tests.ui.waiting import idle

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


def test_a_recipe_for_categories_asks_for_its_own_labels(form):
    at_hand = CategoriesAtHand(("R1", "R2"), ("face_only", "full_context"), 40, 20, intensities=True, stored=False)
    nothing_traced = LabelsAtHand((), (), 0, 0, stored=False)
    form.set_labels(nothing_traced, at_hand)
    assert not form.start.isEnabled()
    form.recipe.setCurrentIndex(form.recipe.findData("gru"))
    assert form.start.isEnabled()
    assert form.state.text() == "40 items with a category, of 20 subjects."
    assert not form.votes.isHidden()
    assert form.lag.isHidden()
    form.condition.setCurrentIndex(form.condition.findData("full_context"))
    form.votes.setCurrentIndex(form.votes.findData("soft"))
    form.vocabulary.setCurrentIndex(form.vocabulary.findData("fer"))
    form.editors["folds"].setValue(3)
    request = form.request()
    assert isinstance(request, CategoryRequest)
    assert (request.recipe, dict(request.values)) == ("gru", {"folds": 3})
    choice = request.labels
    assert (choice.source, choice.rater, choice.condition) == ("category", "", "full_context")
    assert (choice.method, choice.vocabulary) == ("soft", "fer")
    form.labels.setCurrentIndex(form.labels.findText("R2 alone"))
    assert form.request().labels.rater == "R2"
    form.labels.setCurrentIndex(form.labels.findText("Strongest intensities"))
    assert form.request().labels.source == "intensity"
    form.recipe.setCurrentIndex(form.recipe.findData("gru_head"))
    assert not form.start.isEnabled()
    assert "traced" in form.state.text()
    form.set_labels(nothing_traced, CategoriesAtHand())
    form.recipe.setCurrentIndex(form.recipe.findData("kaverage"))
    assert "Nobody has chosen a category" in form.state.text()


def test_streams_seeds_and_the_control_are_asked_for(form):
    at_hand = CategoriesAtHand(("R1", "R2"), ("face_only", "full_context"), 40, 20, intensities=True, stored=True)
    form.set_labels(AT_HAND, at_hand)
    assert form.teach.isHidden()
    form.recipe.setCurrentIndex(form.recipe.findData("gru"))
    assert form.request().streams == ("face",)
    assert form.request().labels.shuffle_seed is None
    form.streams.boxes["face"].setChecked(False)
    assert not form.start.isEnabled()
    assert "stream" in form.state.text()
    assert form.teach.isEnabled()  # whose streams are its own
    form.streams.boxes["context_masked"].setChecked(True)
    assert form.start.isEnabled()
    form.recipe.setCurrentIndex(form.recipe.findData("kaverage"))
    assert not form.start.isEnabled()
    form.streams.boxes["face_oval"].setChecked(True)
    assert form.start.isEnabled()
    form.recipe.setCurrentIndex(form.recipe.findData("gru"))
    form.seeds.setValue(3)
    form.editors["seed"].setValue(5)
    form.shuffle.setChecked(True)
    asked = []
    form.started.connect(asked.append)
    form.start.click()
    assert [find_recipe("gru").values(one.values)["seed"] for one in asked] == [5, 6, 7]
    assert {one.streams for one in asked} == {("face_oval", "context_masked")}
    assert {one.labels.shuffle_seed for one in asked} == {5}


def test_the_context_experiment_needs_answers_under_both_conditions(form):
    both = CategoriesAtHand(("R1",), ("face_only", "full_context"), 40, 20, intensities=False, stored=True)
    form.recipe.setCurrentIndex(form.recipe.findData("aggregation"))
    form.set_labels(AT_HAND, replace(both, conditions=("full_context",)))
    assert not form.teach.isEnabled()
    assert "both conditions" in form.teach.toolTip()
    form.set_labels(AT_HAND, both)
    form.labels.setCurrentIndex(form.labels.findText("Stored labels of a data set"))
    assert not form.teach.isEnabled()
    form.labels.setCurrentIndex(form.labels.findText("R1 alone"))
    form.condition.setCurrentIndex(form.condition.findData("face_only"))
    form.votes.setCurrentIndex(form.votes.findData("soft"))
    form.seeds.setValue(2)
    asked = []
    form.started.connect(asked.append)
    form.teach.click()
    (made,) = asked
    assert isinstance(made, ConditionsRequest)
    assert (made.recipe, made.seeds, made.conditions) == ("aggregation", 2, ("face_only", "full_context"))
    assert (made.labels.rater, made.labels.method, made.labels.condition) == ("R1", "soft", "")


TAUGHT = {
    "accuracies": [
        {"read": read, "learned": learned, "tested": tested, "accuracy": value, "low": value - 0.1, "high": value + 0.1}
        for read, learned, tested, value in (
            ("face", "face_only", "face_only", 0.5),
            ("face", "face_only", "full_context", 0.4),
            ("face", "full_context", "face_only", 0.45),
            ("face", "full_context", "full_context", 0.55),
        )
    ],
    "gains": [
        {"difference": "both − face, face_only labels", "value": -0.02, "low": None, "high": None},
        {"difference": "both − face, full_context labels", "value": 0.12, "low": 0.05, "high": 0.19},
    ],
    "people": [
        {"condition": "face_only", "accuracy": 0.6, "low": 0.5, "high": 0.7},
        {"condition": "full_context", "accuracy": 0.8, "low": None, "high": None},
    ],
    "notes": [],
}


def test_what_context_teaches_stands_beside_what_people_do(window, qtbot, tmp_path):
    panel = ResultPanel(window.context.theme)
    qtbot.addWidget(panel)
    panel.show()
    panel.show_taught("gru-conditions-1", gains_sentence(TAUGHT), TAUGHT, None, "one note")
    table = panel.taught.table
    cells = [[table.item(i, j).text() for j in range(table.columnCount())] for i in range(table.rowCount())]
    assert cells == [
        ["Face alone, trained on face only", "0.500 [0.400, 0.600]", "0.400 [0.300, 0.500]"],
        ["Face alone, trained on full context", "0.450 [0.350, 0.550]", "0.550 [0.450, 0.650]"],
        ["People: one rater against the others", "0.600 [0.500, 0.700]", "0.800"],
    ]
    assert "both − face, full_context labels: +0.120 [+0.050, +0.190]" in panel.taught.gains.text()
    assert panel.sentence.text() == (
        "Reading the surroundings too changes the accuracy by −0.020 with face only labels and by "
        "+0.120 [+0.050, +0.190] with full context labels."
    )
    assert panel.notes.text() == "one note"
    assert not panel.promote.isVisible()
    panel.show_failure("x", "why")
    assert not panel.taught.isVisible()


def test_a_cell_of_the_confusion_asks_for_its_clips_by_mouse_and_by_key(window, qtbot):
    items = {(0, 1): (SimpleNamespace(clip_id=1),)}
    found = Confusion("Held-out subjects", "full_context", ("happy", "sad"), np.array([[3, 1], [0, 2]]), items)
    table = ConfusionTable(window.context.theme)
    qtbot.addWidget(table)
    table.show_confusions((found, replace(found, title="Cross-validation")))
    table.show()
    asked = []
    table.wanted.connect(lambda *cell: asked.append(cell))
    texts = [[table.table.item(i, j).text() for j in range(2)] for i in range(2)]
    assert texts == [["3", "1"], ["·", "2"]]
    assert "Label happy, model sad: 1 item, 25 % of this label" in table.table.item(0, 1).toolTip()

    def click(i, j):
        where = table.table.visualItemRect(table.table.item(i, j)).center()
        qtbot.mouseClick(table.table.viewport(), Qt.MouseButton.LeftButton, pos=where)

    click(1, 0)  # nothing is behind it
    assert asked == []
    click(0, 1)
    assert asked == [(found, 0, 1)]
    table.part.setCurrentIndex(1)
    table.table.setCurrentCell(0, 1)
    qtbot.keyClick(table.table, Qt.Key.Key_Return)
    assert asked[1:] == [(table.shown, 0, 1)]


def test_only_the_model_that_is_trained_is_drawn_of_an_experiment():
    one, two = ([{**each, "learned": name} for each in epochs_of(0, [0.1, 0.2])] for name in ("a", "b"))
    start = {"event": "start", "learned": "b"}
    assert of_newest_model([*one, start, *two]) == two
    assert of_newest_model(epochs_of(0, [0.3])) == epochs_of(0, [0.3])


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
    assert "uncertain" in form.state.text()
    form.set_labels(AT_HAND)
    assert form.start.isEnabled()


def test_without_torch_the_form_says_the_command(form, monkeypatch):
    monkeypatch.setattr("app.ui.screens.train.form.can_train", lambda: False)
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
    idle(window.context)
    run = QueuedRun(1, TrainRequest(), state="running")
    epoch = {"event": "epoch", "epochs": 10, "loss": 0.5, "validation": {"valence": 0.2, "arousal": None}}
    run.events = [{**epoch, "epoch": n, "best_epoch": 1, "left_s": 30.0} for n in (1, 2)]
    assert run.left_s == 30.0
    screen.progress.show_run(run, waiting=2)
    assert screen.progress.stop.isEnabled()
    assert screen.progress.left.text() == "at most 30 s"
    assert "2 waiting" in screen.progress.said.text()
    drawn = screen.progress.curves.drawn("valence")
    assert drawn[0].tolist() == [0.2, 0.2]
    assert np.isnan(screen.progress.curves.drawn("arousal")[0]).all()
    assert screen.progress.curves.legend.text() == "by epoch   solid: the model   upright: best epoch"
    screen.progress.show_run(None, waiting=0)
    screen.progress.show_events([])
    assert screen.progress.curves.drawn("loss") == {}
    assert screen.progress.curves.legend.text() == ""
    assert not screen.progress.curves.loss.getPlotItem().listDataItems()


def epochs_of(fold, values):
    return [
        {
            "event": "epoch",
            "fold": fold,
            "epoch": n,
            "epochs": 9,
            "loss": 1 - value,
            "validation": {"valence": value},
            "best_epoch": 2,
            "left_s": 1.0,
        }
        for n, value in enumerate(values, 1)
    ]


def test_each_fold_has_its_curve_and_their_mean_keeps_those_that_stopped_early(window, qtbot):
    curves = LearningCurves(window.context.theme)
    qtbot.addWidget(curves)
    values = ([0.1, 0.5, 0.4], [0.2, 0.4], [0.0, 0.2, 0.6], [0.4])
    curves.show_events([event for fold, each in enumerate(values) for event in epochs_of(fold, each)])
    drawn = curves.drawn("valence")
    assert drawn[1].tolist() == [0.2, 0.4]
    # Fold 1 ended after two epochs and counts on; fold 3 runs and counts for its first only.
    np.testing.assert_allclose(mean_of_folds(drawn), [(0.2 + 0.0 + 0.4) / 3, (0.4 + 0.2) / 2, (0.4 + 0.6) / 2])
    assert "thin: 3 folds" in curves.legend.text()
    # The model, three folds, their mean; no arousal.
    assert len(curves.loss.getPlotItem().listDataItems()) == 5


def test_a_size_sets_the_other_values_and_the_streams(form):
    def choose(recipe, size):
        form.recipe.setCurrentIndex(form.recipe.findData(recipe))
        form.editors["size"].setCurrentIndex(form.editors["size"].findData(size))

    choose("caca_a", "scaled")
    assert form.editors["hidden"].value() == 32
    request = form.request()
    assert (request.values, request.streams) == ({"size": "scaled"}, ("face", "context"))
    form.editors["hidden"].setValue(128)  # the paper's value, chosen in the small size
    assert form.request().values == {"size": "scaled", "hidden": 128}
    form.editors["size"].setCurrentIndex(0)
    assert form.request().values == {}
    choose("convlstm", "scaled")
    assert form.request().streams == ("face_pixels:32", "flow_pixels:32")
    shown = [name for name, box in form.streams.boxes.items() if not box.isHidden()]
    assert all("_pixels" in name for name in shown)
    choose("face_rnn", "paper")
    assert form.request().streams == ("face",)


def test_categories_have_curves_of_their_own(window, qtbot):
    curves = LearningCurves(window.context.theme)
    qtbot.addWidget(curves)
    curves.show_events(
        [{**each, "validation": {"accuracy": 0.5, "uar": 0.25 * n}} for n, each in enumerate(epochs_of(0, [0.1, 0.2]))]
    )
    assert list(curves.lines) == ["loss", "accuracy", "uar"]
    assert curves.drawn("uar")[0].tolist() == [0.0, 0.25]
    assert curves.ccc.getPlotItem().titleLabel.text == "Validation accuracy and UAR"
    assert len(curves.ccc.getPlotItem().listDataItems()) == 2
    curves.show_events(epochs_of(0, [0.1]))
    assert list(curves.lines) == ["loss", "valence", "arousal"]
    assert curves.ccc.getPlotItem().titleLabel.text == "Validation CCC"


def test_an_epoch_told_twice_counts_once():
    found = courses([*epochs_of(1, [0.1, 0.2]), *epochs_of(1, [0.1, 0.3])], lambda e: e["validation"]["valence"])
    assert found[1].tolist() == [0.1, 0.3]
    assert len(mean_of_folds(found)) == 0


def test_a_run_without_a_model_says_why(window, qtbot):
    panel = ResultPanel(window.context.theme)
    qtbot.addWidget(panel)
    panel.show()
    panel.show_failure("gru_head-2 (failed)", "No face was found.")
    assert panel.sentence.text() == "gru_head-2 (failed) made no model."
    assert panel.notes.text() == "No face was found."
    assert not panel.promote.isVisible()
    assert not panel.people.isVisible()


def test_stored_curves_of_another_model_are_offered_to_be_made_anew(window, qtbot):
    panel = ResultPanel(window.context.theme)
    qtbot.addWidget(panel)
    panel.show()
    assert not panel.renew.isVisible()
    panel.set_behind("3 clips still show the curves of another model.")
    assert panel.renew.isVisible()
    with qtbot.waitSignal(panel.renew_wanted):
        panel.renew.click()
    panel.set_behind("")
    assert not panel.renew.isVisible()


def test_folds_and_the_learning_curve_are_told_in_words(window, qtbot):
    panel = ResultPanel(window.context.theme)
    qtbot.addWidget(panel)
    panel.show()
    found = {
        "folds": 3,
        "valence": {"ccc": 0.5, "interval": [0.25, 0.75], "n_subjects": 10},
        "arousal": {"ccc": -0.1, "interval": [None, None], "n_subjects": 10},
    }
    points = (CurvePoint(3, 0.2, 0.2), CurvePoint(5, 0.4, 0.3), CurvePoint(8, 0.5, 0.4))
    panel.show_result("mine", compared(better=True), None, validated=found, points=points)
    assert panel.validated.text() == (
        "Cross-validated on the other 10 people in 3 folds: valence CCC 0.500 [0.250, 0.750], arousal CCC −0.100."
    )
    assert "more people are likely to help" in panel.people.said.text()
    assert not panel.people.ask.isVisible()
    assert len(panel.people.plot.getPlotItem().listDataItems()) == 2
    flat = (CurvePoint(5, 0.4, 0.3), CurvePoint(8, 0.41, 0.3))
    assert "not likely to help much" in trend(flat)
    panel.show_result("mine", compared(better=True), None)
    assert panel.people.ask.isVisible()
    with qtbot.waitSignal(panel.people.wanted):
        panel.people.ask.click()


def test_the_form_asks_for_folds(form):
    form.editors["folds"].setValue(5)
    assert dict(form.request().values) == {"folds": 5}


def test_a_training_of_categories_shows_its_scores_and_report(window, qtbot, tmp_path):
    panel = ResultPanel(window.context.theme)
    qtbot.addWidget(panel)
    each = {"value": 0.5, "low": 0.4, "high": 0.6}
    said = scores_sentence("Held-out subjects", {"n": 20, "n_subjects": 6, "accuracy": each, "uar": each})
    assert (
        said == "Held-out subjects: accuracy 0.500 [0.400, 0.600], UAR 0.500 [0.400, 0.600] (20 items of 6 subjects)."
    )
    page = tmp_path / "report.html"
    page.write_text("<p>")
    panel.show_categories("gru-1", [said], page, "One item was left out.")
    assert "gru-1" in panel.sentence.text()
    assert panel.validated.text() == said
    assert not panel.report.isHidden()
    assert panel.promote.isHidden()
    each = {"old": 0.3, "new": 0.5, "difference": 0.2, "interval": [0.1, 0.3], "human_ceiling": 0.7}
    told = {"uar": each, "models": {"old": "frame averaging"}}
    for offers, words in ((True, "gru-1 is better"), (False, "gru-1 is not better")):
        told["overall"] = {"text": words, "offers_promotion": offers}
        panel.show_categories("gru-1", [said], page, "", told)
        assert panel.sentence.text() == words
        assert panel.promote.isHidden() != offers
        assert "UAR: frame averaging 0.300 → 0.500 (+0.200 [+0.100, +0.300]); one rater" in panel.validated.text()
    panel.show_result("", None, None)
    assert panel.report.isHidden()


def a_record(seed, accuracy, sha256="a", **parameters):
    metrics = {METRICS: {"test": {"accuracy": {"value": accuracy}}}}
    values = {"seed": seed, **parameters}
    return SimpleNamespace(recipe="gru", parameters=values, seed=seed, snapshot_sha256=sha256, metrics=metrics)


def test_trainings_that_differ_in_their_seed_alone_are_told_together():
    records = [a_record(0, 0.5), a_record(1, 0.9), a_record(2, 0.6), a_record(3, 0.1, sha256="b"), a_record(4, 0, e=1)]
    (said,) = seeds_sentences(records[0], records)
    assert said == "3 seeds: median accuracy 0.600 on held-out subjects, from 0.500 to 0.900."
    assert seeds_sentences(records[3], records) == []
