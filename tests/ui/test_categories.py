"""What Review shows of categories: the verdict on the item beside people's votes, live verdicts, the band."""

from dataclasses import replace

import numpy as np
import pytest

from app.domain.analysis import RunKey
from app.domain.live import LiveCategory, LiveFace, LiveResult
from app.domain.project import ItemRecord
from app.domain.spans import ClipVerdicts, ItemVerdict, WindowVerdicts
from app.services.predict.clip_categories import ClipCategories
from app.ui.parts.categories.said import Band, CategorySaid, vote_shares
from app.ui.parts.categories.verdict import VerdictWidget
from app.ui.parts.timeline.view import TimelineView
from app.ui.screens.review.categories import LiveVerdicts, attention_of, band_of, live_attention, said_of_item
from app.ui.screens.review.side import SidePanel
from app.ui.screens.review.state import ReviewState
from tests.db.build import analysis

CLASSES = ("happy", "sad", "worried")
SHARES = np.array([0.2, 0.7, 0.1], np.float32)
VOTES = {"full_context": {"happy": 1, "sadness": 3, "contempt": 1}, "face_only": {"happy": 4}}


def known(whole):
    first_s, last_s = float(whole.times_s[0]), float(whole.times_s[-1])
    nothing = np.zeros(0), np.zeros(0, np.float32)
    window = WindowVerdicts(1, np.array([0.0, 0.4]), np.array([1.2, 1.6]), np.stack([SHARES, SHARES[::-1]]))
    verdicts = ClipVerdicts(
        RunKey("a" * 64, "gru-1", "c" * 64, "{}"), "CPU", CLASSES, 1.2, 0.4,
        (ItemVerdict(1, first_s, last_s, SHARES, *nothing), ItemVerdict(2, 0.5, 2.0, SHARES[::-1], *nothing)),
        (window,),
    )  # fmt: skip
    return ClipCategories("gru-1", verdicts, {7: VOTES})


def an_item(**changes):
    facts = {"id": 7, "start_s": None, "end_s": None, **changes}
    return ItemRecord(**{name: facts.get(name) for name in ItemRecord.__dataclass_fields__})


def test_votes_are_told_in_the_models_classes_and_what_has_no_counterpart_is_counted():
    face, context = vote_shares(VOTES, CLASSES)
    assert (face.condition, face.raters, face.lost) == ("face_only", 4, 0)
    np.testing.assert_allclose(face.shares, [1, 0, 0])
    np.testing.assert_allclose(context.shares, [0.2, 0.6, 0])
    assert context.words == "full context, 5 raters, 1 for other words"


def test_the_verdict_on_the_item_that_is_looked_at_stands_beside_its_votes():
    whole = analysis()
    said = said_of_item(known(whole), whole, 1, an_item(), None)
    assert (said.title, said.answer) == ("Whole item", "sad 70 %")
    assert [each.condition for each in said.votes] == ["face_only", "full_context"]
    part = said_of_item(known(whole), whole, 2, an_item(id=8, start_s=0.5, end_s=2.0), None)
    assert part.answer == "sad 70 %"
    np.testing.assert_array_equal(part.probabilities, SHARES[::-1])
    assert part.votes == ()
    elsewhere = said_of_item(known(whole), whole, 2, an_item(start_s=3.0, end_s=3.5), None)
    assert elsewhere.answer == ""
    assert "not seen" in elsewhere.caption
    assert said_of_item(None, whole, 1, an_item(), None) is None
    unsaid = said_of_item(ClipCategories("gru-1", None, {7: VOTES}), None, 0, an_item(), None)
    assert (unsaid.probabilities, unsaid.classes) == (None, ("contempt", "happy", "sadness"))


def face(time_s, shares, track_id=1, seconds=1.0):
    said = LiveCategory(time_s, seconds, CLASSES, np.array(shares, np.float32))
    return LiveFace(track_id, None, 1.0, np.zeros(0, np.float32), (), 0.0, 0.0, said)


def test_live_verdicts_take_the_place_of_the_stored_one_and_grow_into_the_band():
    whole, live = analysis(), LiveVerdicts()
    assert band_of(known(whole), 1, live.band(1)).times_s.tolist() == [1.2, 1.6]
    for time_s, shares in ((2.0, [1, 0, 0]), (1.0, [0, 1, 0]), (2.0, [0, 0, 1])):
        live.take((face(time_s, shares), face(time_s, [0.5, 0.5, 0], track_id=2)))
    band = band_of(known(whole), 1, live.band(1))
    assert band.times_s.tolist() == [1.0, 2.0]
    np.testing.assert_array_equal(band.probabilities, [[0, 1, 0], [0, 0, 1]])
    said = said_of_item(known(whole), whole, 1, an_item(), live.at(1, 2.3))
    assert (said.title, said.answer) == ("Last 1.0 s, live", "worried 100 %")
    assert len(said.votes) == 2
    # What was seen later, or longer ago than the verdict reaches, is not said where the playhead is.
    assert live.at(1, 1.2).time_s == 1.0
    assert live.at(1, 0.9) is None
    assert live.at(1, 3.2) is None
    assert band_of(None, 1, band).classes == ()


def test_the_moments_that_counted_lie_under_the_timeline(qtbot, window):
    whole = analysis()
    attended = ItemVerdict(1, 0.5, 2.0, SHARES, np.array([0.5, 0.7, 0.9]), np.array([0.2, 0.5, 0.3], np.float32))
    facts = known(whole)
    facts = replace(facts, verdicts=replace(facts.verdicts, items=(*facts.verdicts.items, attended)))
    band = attention_of(facts, whole, 1, an_item(start_s=0.5, end_s=2.0))
    np.testing.assert_allclose(band.probabilities[:, 0], [0.4, 1.0, 0.6])
    assert attention_of(facts, whole, 1, an_item()).classes == ()  # this verdict weighs no moments
    assert attention_of(None, whole, 1, an_item()).classes == ()
    # A live verdict shows the moments of the last seconds.
    live = face(1.0, SHARES).category
    assert live_attention(live).classes == ()
    attends = replace(live, read_s=np.array([0.8, 1.0]), weight=np.array([0.75, 0.25], np.float32))
    np.testing.assert_allclose(live_attention(attends).probabilities[:, 0], [1, 1 / 3])
    timeline = TimelineView(window.context)
    qtbot.addWidget(timeline)
    timeline.set_clip(0.2, 3.0)
    timeline.set_attention(band)
    assert timeline.attention.isVisibleTo(timeline)
    assert timeline.attention.accessibleName() == "Attention, strongest at 0:00.500"
    timeline.set_attention(attention_of(None, whole, 1, an_item()))
    assert not timeline.attention.isVisibleTo(timeline)


def test_live_bars_while_it_plays_and_the_item_where_it_stands(qtbot):
    whole = analysis()
    state = ReviewState()
    state.analysis, state.categories, state.live_on, state.track_id = whole, known(whole), True, 1
    state.verdicts.take((face(2.0, [1, 0, 0]),))
    state.now_s = 2.1
    assert state.category.title == "Whole item"
    state.playing = True
    assert (state.category.title, state.category.answer) == ("Last 1.0 s, live", "happy 100 %")
    state.now_s = 0.3  # it was played again from the beginning
    assert state.category.title == "Whole item"
    state.now_s, state.playing = 2.1, False
    state.categories = ClipCategories("gru-1", None, {})
    assert state.category.title == "Last 1.0 s, live"


def test_the_whole_item_stays_in_sight_beside_live_bars_and_what_has_none_says_why(qtbot):
    whole = analysis()
    state = ReviewState()
    state.analysis, state.categories, state.live_on, state.track_id = whole, known(whole), True, 1
    state.playing, state.now_s = True, 2.1
    state.take_live(LiveResult(1, 50, 2.0, (), "ears reads the sound: it has no live verdict."))
    said = state.category
    assert (said.title, said.answer) == ("Whole item", "sad 70 %")
    assert said.note == "ears reads the sound: it has no live verdict."
    state.take_live(LiveResult(2, 51, 2.04, ()))
    assert state.category.note == ""
    state.verdicts.take((face(2.0, [1, 0, 0]),))
    assert (state.category.answer, state.category.note) == ("happy 100 %", "Whole item: sad 70 %")
    state.categories = ClipCategories("gru-1", None, {})  # not analysed: nothing is known of the whole
    assert (state.category.answer, state.category.note) == ("happy 100 %", "")


def test_the_widget_draws_the_bars_and_says_them(window, qtbot):
    widget = VerdictWidget(window.context.theme)
    qtbot.addWidget(widget)
    widget.resize(300, 260)
    empty = widget.grab().toImage()
    widget.show_said(CategorySaid("Whole item", "gru-1", CLASSES, SHARES, vote_shares(VOTES, CLASSES)))
    with_votes = widget.grab().toImage()
    widget.show_said(CategorySaid("Whole item", "gru-1", CLASSES, SHARES))
    without = widget.grab().toImage()
    widget.show_said(CategorySaid("Whole item", "gru-1", CLASSES, SHARES, note="ears reads the sound."))
    noted = widget.grab().toImage()
    assert "ears reads the sound." in widget.accessibleDescription()
    assert len({bytes(image.constBits()) for image in (empty, with_votes, without, noted)}) == 4
    widget.show_said(CategorySaid("Whole item", "gru-1", CLASSES, SHARES, vote_shares(VOTES, CLASSES)))
    assert widget.accessibleDescription() == (
        "Whole item. sad 70 %. face only, 4 raters; full context, 5 raters, 1 for other words"
    )


def test_the_row_of_the_timeline_and_the_card_are_there_only_with_a_model(window, qtbot):
    timeline, side = TimelineView(window.context), SidePanel(window.context)
    for part in (timeline, side):
        qtbot.addWidget(part)
    timeline.set_clip(0.0, 4.0)
    assert timeline.categories.isHidden()
    assert side.category.isHidden()
    timeline.set_categories(Band(CLASSES, np.array([1.0, 2.0]), np.stack([SHARES, SHARES])))
    assert not timeline.categories.isHidden()
    timeline.refresh()
    side.resize(330, 900)
    side.show_category(CategorySaid("Whole item", "gru-1", CLASSES, SHARES))
    assert not side.category.isHidden()
    side.set_covered(True)
    assert side.verdict.isHidden()
    side.set_covered(False)
    side.show_category(None)
    assert side.category.isHidden()
    timeline.clear()
    assert timeline.categories.isHidden()


@pytest.mark.parametrize("height", [400, 600, 1000])
def test_the_category_is_reached_at_every_height(window, qtbot, height):
    side = SidePanel(window.context)
    qtbot.addWidget(side)
    side.resize(330, height)
    side.show()
    side.show_category(CategorySaid("Whole item", "gru-1", CLASSES, SHARES))
    titles = [side.tabs.tabText(at) for at in range(side.tabs.count())]
    assert "Category" in titles
    side.tabs.setCurrentIndex(titles.index("Category"))
    assert side.category.isVisible()
