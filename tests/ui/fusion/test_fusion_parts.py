"""The parts of the fusion screen, each filled with a real fusion of made-up members."""

import json
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
from PySide6.QtCore import Qt

from app.domain.live import LiveCategory
from app.domain.verdicts_beside import VerdictsBeside
from app.fusion.affect import fused_affect
from app.fusion.gains import EQUAL, FUSION
from app.fusion.partition import WARNING_AS_IN_D, InTheWay, dealt
from app.fusion.ways import Way
from app.jobs import Progress
from app.services.fusion.affect import AffectFusionRequest
from app.services.fusion.affect_outcome import AffectOutcome, affect_outcome
from app.services.fusion.members import AFFECT, CATEGORIES, Candidate
from app.services.fusion.outcome import CONTROL
from app.services.fusion.runs import FusionRequest
from app.services.fusion.survey import Survey
from app.services.predict.clip_categories import ClipCategories
from app.services.retrain.queue import QueuedRun
from app.ui.parts.categories.said import CategorySaid
from app.ui.screens.fusion.calibration import CalibrationPage
from app.ui.screens.fusion.form import FEW, FusionForm
from app.ui.screens.fusion.matrices import DiversityPage, WeightPage
from app.ui.screens.fusion.members import MemberTable
from app.ui.screens.fusion.people import PeopleCard
from app.ui.screens.fusion.progress import ProgressStrip
from app.ui.screens.fusion.result import ResultPage
from app.ui.screens.fusion.scores import LeftOutPage, ScorePage
from app.ui.screens.fusion.tables import with_interval
from app.ui.screens.fusion.turns import TurnPage
from app.ui.screens.fusion.views import NONE, ViewsPage
from app.ui.screens.review.categories import said_of_item
from app.ui.screens.review.side import SidePanel
from app.ui.screens.review.state import ReviewState
from tests.fusion.affect_world import world
from tests.ui.fusion.outcomes import outcome

FACE = Candidate("face", "Face", "gru", ("face",), "full_context", False, True, 8, 0.5, "own clips", ("a", "b"))
VOICE = replace(FACE, name="voice", recipe="aggregation", streams=("audio",), accuracy=0.625)
MIXED = replace(FACE, name="control", shuffled=True)
ELSEWHERE = replace(FACE, name="elsewhere", recipe="", condition="", folds=False, held_out=0, accuracy=None)


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    return outcome(tmp_path_factory.mktemp("fused"))


@pytest.fixture
def theme(window):
    return window.context.theme


def test_members_are_ticked_by_key_and_by_mouse(qtbot):
    table = MemberTable()
    qtbot.addWidget(table)
    table.resize(900, 300)
    table.show()
    table.show_candidates((FACE, VOICE, MIXED, ELSEWHERE))
    # Those that can choose weights at once; a control on shuffled labels is nobody's wish.
    assert table.names() == ("face", "voice")
    told = []
    table.ticked.connect(lambda: told.append(table.names()))
    table.setCurrentCell(2, 3)
    qtbot.keyClick(table, Qt.Key.Key_Space)
    assert told == [("face", "voice", "control")]
    where = table.visualItemRect(table.item(0, 1)).center()
    qtbot.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=where)
    assert table.names() == ("voice", "control")
    # What was unticked stays so when the table is read again.
    table.show_candidates((FACE, VOICE, MIXED, ELSEWHERE))
    assert table.names() == ("voice", "control")
    cells = [[table.item(at, column).text() for column in range(table.columnCount())] for at in (1, 2, 3)]
    assert cells[0] == ["voice", "aggregation", "audio", "full context", "0.625 of 8 people", "yes", "own clips"]
    assert cells[1][3] == "full context, shuffled"
    assert cells[2][1:6] == ["from elsewhere", "face", "", "", "no"]
    assert "Licence: own clips" in table.item(1, 0).toolTip()


def test_the_form_asks_for_what_it_shows(qtbot):
    form = FusionForm()
    qtbot.addWidget(form)
    assert form.request(("a", "b"), "cpu") == FusionRequest(("a", "b"), device="cpu")
    assert form.problem(("a",)) == FEW
    assert form.problem(("a", "b")) == ""
    form.way.setCurrentIndex(form.way.findData("class"))
    assert form.draws.value() == 100_000
    form.draws.setValue(70)
    form.measure.setCurrentIndex(form.measure.findData("uar"))
    form.partition.setCurrentIndex(form.partition.findData("nested"))
    form.folds.setValue(3)
    form.people.setText(" S1, S2,")
    form.leave_out.setChecked(True)
    form.seed.setValue(4)
    form.name.setText("joint")
    wanted = FusionRequest(
        ("a", "b"), Way("class", (), 70, "uar", 4), "nested", 3, ("S1", "S2"), True, device="cpu", name="joint"
    )
    assert form.request(("a", "b"), "cpu") == wanted
    form.shuffle.setChecked(True)
    assert form.request(("a", "b"), "cpu") == replace(wanted, shuffle_seed=4)


@pytest.mark.parametrize("text", ["", "1", "1, 2, 3", "1, -1", "0, 0", "one, two"])
def test_given_weights_must_fit_the_members(qtbot, text):
    form = FusionForm()
    qtbot.addWidget(form)
    form.way.setCurrentIndex(form.way.findData("fixed"))
    form.weights.setText(text)
    assert "2 weights" in form.problem(("a", "b"))
    form.weights.setText("0.75 0.25")
    assert form.problem(("a", "b")) == ""
    assert form.request(("a", "b"), "cpu").way == Way("fixed", (0.75, 0.25))


def test_models_of_one_kind_are_offered_with_their_ways(qtbot):
    form, table = FusionForm(), MemberTable()
    for part in (form, table):
        qtbot.addWidget(part)
        part.show()
    asked = []
    form.kind_changed.connect(lambda: asked.append(form.kind))
    form.set_kinds((CATEGORIES,))
    assert form.predicts.isHidden()
    form.set_kinds((CATEGORIES, AFFECT))
    assert not form.predicts.isHidden()
    form.shuffle.setChecked(True)
    form.predicts.setCurrentIndex(form.predicts.findData(AFFECT))
    assert asked == [AFFECT]
    assert [form.way.itemData(at) for at in range(form.way.count())] == ["ccc", "stacking", "equal", "fixed"]
    assert form.partition.findData("as_in_d") >= 0
    assert not form.shuffle.isHidden()
    form.shuffle.setChecked(False)
    form.seed.setValue(7)
    form.name.setText("joint")
    form.way.setCurrentIndex(form.way.findData("ccc"))
    wanted = AffectFusionRequest(("gru", "frames"), "ccc", seed=7, device="cpu", name="joint")
    assert form.request(("gru", "frames"), "cpu") == wanted
    form.way.setCurrentIndex(form.way.findData("fixed"))
    form.weights.setText("3, 1")
    assert form.request(("gru", "frames"), "cpu").weights == (3.0, 1.0)
    # Ticks of one kind stay while the other is shown.
    table.show_candidates((FACE, VOICE))
    table.tick(("voice",))
    affect = replace(FACE, name="gru", predicts=AFFECT, concordance=(0.5, None), data="new")
    table.show_candidates((affect, replace(affect, name="frames"), replace(affect, name="old", data="old")))
    assert table.names() == ("gru", "frames")  # the old one was trained on other data
    assert table.horizontalHeaderItem(4).text() == "Concordance, valence / arousal"
    assert table.item(0, 4).text() == "0.500 / – of 8 people"
    table.show_candidates((FACE, VOICE))
    assert table.names() == ("voice",)
    form.set_kinds((CATEGORIES,))
    assert form.kind == CATEGORIES
    assert form.way.currentData() in ("stacking", "fixed")


def test_a_fusion_of_valence_and_arousal_is_read_by_dimension(window, qtbot):
    table = world()
    partition = dealt(table.rule, "folds")
    fusion = fused_affect(table, table.frames(partition.search), "ccc")
    outcome = affect_outcome(table, partition, fusion, "ccc", (), 0, "full_context")
    assert AffectOutcome.of(json.loads(json.dumps(outcome.as_dict()))).as_dict() == outcome.as_dict()
    page = ResultPage(window.context)
    qtbot.addWidget(page)
    page.resize(1100, 800)
    page.show()
    record = SimpleNamespace(metrics={}, note="", snapshot={}, status="finished")
    page.show_affect(record, outcome, None, in_use=False)
    assert page.sentence.text() == outcome.sentence
    assert "10 people who chose nothing" in page.sentence.text()
    affect = page.affect
    for at, dimension in enumerate(("valence", "arousal")):
        affect.dimension.setCurrentIndex(at)
        rows = [row for row in outcome.rows if row.dimension == dimension]
        texts = affect.scores.texts()
        assert [text[0].split("  ")[0] for text in texts] == [row.name for row in rows]
        assert texts[0][2] == with_interval(rows[0].held_out.ccc, *rows[0].held_out.interval)
        assert texts[0][3] == with_interval(rows[0].gain, *rows[0].interval, sign=True)
        assert [text[0] for text in affect.left.texts()] == list(table.members)
        assert [text[0] for text in affect.pairs.texts()] == ["m0 and m1", "m0 and m2", "m1 and m2"]
    shown = [[float(cell) for cell in row[1:]] for row in affect.weights.texts()]
    np.testing.assert_allclose(shown, outcome.weights, atol=0.006)
    # Clips, those on which the fusion gains most first; a click plays them from there.
    told, asked = [], []
    affect.shown.connect(told.append)
    affect.wanted.connect(lambda title, names: asked.append((title, names)))
    affect.page("Clip by clip")
    gains = [float(row[-1].replace("−", "-")) for row in affect.items.rows.rows]
    assert gains == sorted(gains, reverse=True)
    assert told[-1] == affect.clips
    view = affect.items
    where = view.visualRect(view.model().index(1, 0)).center()
    qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=where)
    assert asked == [("Arousal, fusion against m0", (*affect.clips[1:], affect.clips[0]))]


def test_people_are_told_by_name(qtbot):
    card = PeopleCard()
    qtbot.addWidget(card)
    way = (InTheWay("face", ("S7", "S8"), "saw"),)
    card.show_survey(Survey(("S1", "S2"), 6, ("S3",), 1, way, warning=WARNING_AS_IN_D, notes=("A note.",)))
    text = card.text()
    for words in (
        "Choose the weights: 2 people, 6 items", "S1, S2", "Are the result: 1 person, 1 item", "S3",
        "face learned from S7, S8.", "As in D", "A note.",
    ):  # fmt: skip
        assert words in text
    card.show_survey(Survey(refusal="face learned from S1.", todo="Train it with folds."))
    assert card.text() == "face learned from S1.\nTrain it with folds."
    assert card.refusal.property("tone") == "danger"


def test_the_strip_follows_a_search(qtbot):
    strip = ProgressStrip()
    qtbot.addWidget(strip)
    run = QueuedRun(1, FusionRequest(("a", "b"), Way("class")), state="running")
    strip.show_run(run, waiting=0)
    assert not strip.stop.isEnabled()
    run.progress = Progress(30, 120, "Stage 1 of 4: 0.500", 1.0)
    run.events = [{"event": "progress", "value": value} for value in (0.4, 0.512)]
    strip.show_run(run, waiting=1)
    assert strip.bar.value() == 250
    assert strip.said.text() == "Stage 1 of 4: 0.500  (+1 waiting)"
    assert strip.best.text() == "Best so far: accuracy 0.512 on the people who choose"
    assert strip.stop.isEnabled()
    strip.show_run(None, waiting=0)
    assert strip.isHidden()


def test_both_parts_stand_side_by_side_with_intervals(theme, qtbot, found):
    page = ScorePage(theme)
    qtbot.addWidget(page)
    page.show_outcome(found)
    texts = page.table.texts()
    assert [row[0].split("  ")[0] for row in texts] == [*found.members, EQUAL, FUSION]
    best = next(row for row in texts if "(best member)" in row[0])
    assert best[0].startswith(found.best)
    accuracy = found.row(found.best).held_out.measures["accuracy"]
    assert best[2] == with_interval(accuracy.value, accuracy.low, accuracy.high)
    gain = found.gain.measures["accuracy"]
    assert best[3] == with_interval(gain.difference, *gain.interval, sign=True)
    assert texts[-1][3] == ""
    assert "96 items of 16 people. The held-out scores come from 48 items of 8 people." in page.told.text()
    page.measure.setCurrentIndex(page.measure.findData("ece"))
    ece = found.row(FUSION).search.measures["ece"]
    assert page.table.texts()[-1][1] == with_interval(ece.value, ece.low, ece.high)


def test_the_heat_map_is_darker_where_a_weight_is_larger(theme, qtbot, found):
    page = WeightPage(theme)
    qtbot.addWidget(page)
    page.show_outcome(found)
    shown = np.array([[float(text) for text in row[1:]] for row in page.table.texts()])
    np.testing.assert_allclose(shown, found.fusion.weights, atol=0.006)
    alphas = np.array(
        [
            [page.table.item(i, 1 + j).background().color().alphaF() for j in range(shown.shape[1])]
            for i in range(len(shown))
        ]
    )
    order = np.argsort(found.fusion.weights.ravel(), kind="stable")
    assert (np.diff(alphas.ravel()[order]) >= -1e-6).all()
    assert page.table.accessibleName() == "Weights of members by class"


def test_members_left_out_pairs_and_calibration_are_told(theme, qtbot, found):
    left, pairs, curves = LeftOutPage(theme), DiversityPage(theme), CalibrationPage(theme)
    for page in (left, pairs, curves):
        qtbot.addWidget(page)
        page.show_outcome(found)
    assert [row[0] for row in left.table.texts()] == list(found.members)
    gain = found.left_out[0].gain.measures["accuracy"]
    assert left.table.texts()[0][3] == with_interval(gain.difference, *gain.interval, sign=True)
    assert [row[0] for row in pairs.table.texts()] == ["m0 and m1", "m0 and m2", "m1 and m2"]
    assert float(pairs.table.texts()[0][2]) == pytest.approx(found.diversity.disagreement[0, 1], abs=6e-4)
    assert [row[0] for row in curves.table.texts()] == [*found.members, FUSION]
    # The diagonal, and a curve for each.
    assert len(curves.plot.getPlotItem().listDataItems()) == 1 + len(found.members) + 1
    assert FUSION in curves.plot.accessibleDescription()


def test_a_stopped_search_says_that_no_member_was_left_out(theme, qtbot, found):
    page = LeftOutPage(theme)
    qtbot.addWidget(page)
    page.show_outcome(replace(found, left_out=(), stopped=True))
    assert "was stopped" in page.told.text()
    assert page.table.isHidden()


def test_items_won_and_lost_are_played_by_mouse_and_by_key(qtbot, found):
    page = TurnPage()
    qtbot.addWidget(page)
    page.resize(900, 500)
    page.show()
    page.show_outcome(found)
    assert page.other.currentText() == found.best
    won, lost = found.turned(found.best)
    assert (page.won.items, page.lost.items) == (won, lost)
    assert len(won) > 1
    assert page.won.title.text() == f"Won against {found.best}: {len(won)} items"
    asked = []
    page.wanted.connect(lambda title, items: asked.append((title, items)))
    table = page.won.table
    qtbot.mouseClick(
        table.viewport(), Qt.MouseButton.LeftButton, pos=table.visualRect(table.model().index(1, 0)).center()
    )
    assert asked == [(f"Won against {found.best}", (*won[1:], won[0]))]
    table.setCurrentIndex(table.model().index(0, 0))
    qtbot.keyClick(table, Qt.Key.Key_Return)
    assert asked[-1] == (f"Won against {found.best}", won)
    page.won.play.click()
    assert asked[-1][1] == won
    page.other.setCurrentIndex(page.other.findText(EQUAL))
    assert (page.won.items, page.lost.items) == found.turned(EQUAL)
    assert page.lost.play.isEnabled() == bool(page.lost.items)
    # The member that says nothing of an item has a dash there.
    page.other.setCurrentIndex(page.other.findText("m2"))
    silent = next(n for n, each in enumerate(found.items) if not np.isfinite(each.members[2]).all())
    if found.items[silent].right:
        row = [each.name for each in page.won.items].index(found.items[silent].name)
        assert table.rows.rows[row][-1] == "–"


def test_what_a_viewing_condition_adds_is_told_by_category_and_by_item(theme, qtbot, found):
    page = ViewsPage(theme)
    qtbot.addWidget(page)
    page.resize(1100, 700)
    page.show()
    page.show_outcome(found)
    pairs = [page.pair.itemText(at) for at in range(page.pair.count())]
    assert pairs == ["full context minus face only", "the fusion minus face only", "the fusion minus full context"]
    gain = found.views[0]
    texts = page.emotions.texts()
    assert [row[0].casefold() for row in texts] == ["all items", *found.classes]
    assert texts[0][4] == with_interval(gain.emotions[0].gain, *gain.emotions[0].interval, sign=True)
    assert page.shown() == tuple(found.items[each.place] for each in gain.items)
    assert page.table.rows.rows[0][0] == found.items[gain.items[0].place].name
    asked = []
    page.wanted.connect(lambda title, items: asked.append((title, items)))
    table = page.table
    where = table.visualRect(table.model().index(1, 0)).center()
    qtbot.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=where)
    assert asked == [("Full context minus face only", (*page.items[1:], page.items[0]))]
    page.pair.setCurrentIndex(2)
    assert page.shown() == tuple(found.items[each.place] for each in found.views[2].items)
    page.show_outcome(replace(found, views=()))
    assert page.how.text() == NONE
    assert page.table.isHidden()
    assert page.shown() == ()


def test_a_control_says_so_and_cannot_be_promoted(window, qtbot, found):
    page = ResultPage(window.context)
    qtbot.addWidget(page)
    better = {"overall": {"text": "joint is better than gru.", "offers_promotion": True}}
    record = SimpleNamespace(
        metrics={"comparison": better}, note="", snapshot={"labels": {"shuffle_seed": 3}}, status="finished"
    )
    page.show_outcome(record, found, None, in_use=False)
    assert not page.promote.isHidden()
    data = found.data
    facts = {**data.facts, "labels": {**data.facts["labels"], "shuffle_seed": 3}}
    page.show_outcome(record, replace(found, data=replace(data, facts=facts)), None, in_use=False)
    assert CONTROL in page.notes.text()
    assert page.promote.isHidden()
    assert page.compared.text() == ""


def test_the_category_card_shows_members_on_demand(window, qtbot):
    classes = ("happy", "sad", "worried")
    members = (("face", np.float32([0.7, 0.2, 0.1])), ("voice", np.full(3, np.nan, np.float32)))
    said = CategorySaid("Whole item", "joint", classes, np.float32([0.2, 0.7, 0.1]), members=members, label="happy")
    side = SidePanel(window.context)
    qtbot.addWidget(side)
    side.resize(330, 900)
    side.show()
    side.show_category(replace(said, members=(), label=""))
    assert not side.members.isVisible()
    side.show_category(said)
    side.tabs.setCurrentIndex(side.tabs.count() - 1)
    assert side.members.isVisible()
    assert "label happy, face happy 70 %, voice nothing" in side.verdict.accessibleDescription()
    alone = side.verdict.grab().toImage()
    qtbot.keyClick(side.members, Qt.Key.Key_Space)
    assert side.verdict.grab().toImage() != alone
    side.set_covered(True)
    assert not side.members.isVisible()
    side.set_covered(False)
    qtbot.keyClick(side.members, Qt.Key.Key_Space)
    assert side.verdict.grab().toImage() == alone


def test_the_category_card_keeps_its_place_while_another_clip_is_read(window, qtbot):
    said = CategorySaid("Whole item", "joint", ("happy", "sad"), np.float32([0.2, 0.8]))
    side = SidePanel(window.context)
    qtbot.addWidget(side)
    side.resize(330, 900)
    side.show()
    side.show_category(said)
    assert side.category.isVisible()
    assert side.verdict.accessibleDescription()
    before = side.cards[0].geometry(), side.category.geometry()
    # Somebody chose another tab: it stays.
    side.tabs.setCurrentIndex(0)
    side.show_category(None, reading=True)
    assert side.verdict.said is None
    assert side.verdict.accessibleDescription() == ""
    assert side.tabs.currentIndex() == 0
    side.tabs.setCurrentIndex(side.tabs.count() - 1)
    assert side.category.isVisible()
    assert (side.cards[0].geometry(), side.category.geometry()) == before
    # The next clip has no category after all.
    side.show_category(None)
    assert not side.category.isVisible()


def test_live_verdicts_and_played_items_carry_their_members():
    members = (("face", np.float32([1, 0])),)
    live = LiveCategory(1.0, 1.0, ("a", "b"), np.float32([0.5, 0.5]), members)
    known = ClipCategories("joint", None, {})
    assert said_of_item(known, None, 1, None, live).members == members
    beside = VerdictsBeside("joint", "b", ("a", "b"), np.float32([0.3, 0.7]), members)
    state = ReviewState()
    assert state.category is None
    state.beside = beside
    said = state.category
    assert (said.answer, said.label, said.members) == ("b 70 %", "b", members)
    state.choose_track(3)
    assert state.category is None
