"""Curves of several faces, and of a clip that is still being analysed."""

import numpy as np

import db.runs
import db.sights
from app.domain.analysis import AnalysedPart
from app.domain.emotions import FERPLUS
from tests.ui.conftest import FRAMES, analysis_of
from tests.ui.waiting import idle, settle


def part(clip, first, last, faces=(1,)):
    """What is told of some frames: every face has its number's tenth as valence."""
    frames = np.repeat(np.arange(first, last, dtype=np.int32), len(faces))
    ids = np.tile(np.int32(faces), last - first)
    affect = np.stack([ids / 10, np.full(len(ids), 0.5)], 1).astype(np.float32)
    return AnalysedPart(clip.sha256, "test", frames, ids, np.full((len(ids), 8), 0.125, np.float32), affect, FERPLUS)


def other_clip(desk):
    """The second clip, which has no predictions, on the desk."""
    desk.clips.move(1)
    settle(lambda: desk.player.is_open and desk.state.row.clip.name == "clip1.mp4" and len(desk.state.times_s))
    idle(desk.context)
    return desk.state.row.clip


def test_the_curves_of_the_other_faces_lie_behind_those_of_the_chosen_one(desk):
    row = desk.timeline.rows["valence"]
    assert row.keys >= {"predicted", "face 0"}
    other = desk.state.others[0]
    np.testing.assert_array_equal(other.values[:, 0], desk.state.analysis.tracks[1].smooth[:, 0])
    desk.context.commands.run("analysis.next_face")
    np.testing.assert_array_equal(desk.state.others[0].values[:, 0], desk.state.analysis.tracks[0].smooth[:, 0])
    assert "other faces" in [text for text, *_ in desk.timeline.legend._parts()]  # noqa: SLF001 — what it paints


def test_they_can_be_switched_off_and_on(desk):
    row, commands = desk.timeline.rows["valence"], desk.context.commands
    assert commands.checked("timeline.toggle_faces")
    commands.run("timeline.toggle_faces")
    assert row.keys.isdisjoint({"face 0"})
    assert not commands.checked("timeline.toggle_faces")
    commands.run("timeline.toggle_faces")
    assert "face 0" in row.keys


def test_the_curves_of_a_clip_grow_while_it_is_analysed(desk):
    clip = other_clip(desk)
    assert "predicted" not in desk.timeline.rows["valence"].keys or desk.state.prediction.empty
    desk.analysis._on_part(part(clip, 0, 20))  # noqa: SLF001 — as from the thread that analyses
    idle(desk.context)
    drawn = desk.state.prediction
    assert np.isfinite(drawn.values[:20]).all()
    assert np.isnan(drawn.values[20:]).all()
    assert desk.origin.name.text() == "of test, so far"
    assert (clip.name, "predictions") in {(one.clip, one.what) for one in db.sights.every(desk.context.project)}
    desk.analysis._on_part(part(clip, 20, 40, faces=(1, 2)))  # noqa: SLF001
    idle(desk.context)
    assert desk.state.prediction is drawn
    assert np.isfinite(drawn.values[:40]).all()
    assert "face 0" in desk.timeline.rows["valence"].keys
    desk.timeline.refresh()
    low, high = desk.timeline.drawn.pyramids(drawn)[0].columns(0.0, 40 / 25, 16)
    assert np.isfinite([low, high]).all()


def test_a_clip_that_is_opened_meanwhile_shows_what_was_told_before(desk):
    clip = other_clip(desk)
    desk.clips.move(-1)
    settle(lambda: desk.player.is_open and desk.state.row.clip.name == "clip0.mp4", what="the first clip")
    idle(desk.context)
    desk.analysis._on_part(part(clip, 0, 30))  # noqa: SLF001
    idle(desk.context)
    assert desk.origin.name.text() == "of test"  # the other clip's are not shown here
    other_clip(desk)
    assert np.isfinite(desk.state.prediction.values[:30]).all()


def test_what_is_stored_takes_the_place_and_a_stopped_analysis_leaves_nothing(desk):
    clip = other_clip(desk)
    desk.analysis._on_part(part(clip, 0, 30))  # noqa: SLF001
    idle(desk.context)
    desk.analysis.ended.emit()  # stopped: nothing was stored
    idle(desk.context)
    assert desk.state.prediction.empty
    assert desk.origin.name.text() == ""
    desk.analysis._on_part(part(clip, 0, 30))  # noqa: SLF001
    idle(desk.context)
    desk.context.write(db.runs.save, clip.id, analysis_of(clip))
    idle(desk.context)
    assert desk.state.stored is not None
    assert np.isfinite(desk.state.prediction.values).all()
    assert len(desk.state.prediction.values) == FRAMES
