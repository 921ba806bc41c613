"""What is played live at the review desk is kept, shown again, and not predicted twice."""

import numpy as np
import pytest

import db.clips
import db.played
import db.runs
from app.domain.faces import Face
from app.domain.live import LiveFace, LiveModel, LiveResult
from app.inference.cards import find_model
from app.ui.screens.review import keeper

from .conftest import FRAMES, RATE, analysis_of
from .waiting import idle, settle

CLASSES = tuple("abcdefgh")


@pytest.fixture
def model():
    card = find_model(None, None)
    return LiveModel(card.name, next(iter(card.files.values())).sha256, '{"live":true}', "CPUExecutionProvider")


def live(number, left, level):
    place = Face(np.float32([left, 20, 40, 50]), np.full((5, 2), 50, np.float32), 0.9)
    raw = np.float32([level, level, *[0.125] * 8])
    return LiveFace(number, place, 0.8, raw[2:], CLASSES, level, level, raw=raw)


def answer(desk, model, frame_idx, *faces):
    """As it arrives from the analyser."""
    desk.live.answered.emit(LiveResult(frame_idx, frame_idx, float(desk.player.times_s[frame_idx]), faces, "", model))


def choose(desk, row):
    desk.clips.select(desk.clips.model.rows()[row].clip.id)
    name = f"clip{row}.mp4"
    settle(lambda: desk.state.row.clip.name == name and desk.player.is_open and len(desk.state.times_s), what=name)
    idle(desk.context)


class Analyser:
    """Takes frames in place of the one with networks, and answers nothing."""

    status = None

    def __init__(self):
        self.frames = []

    def submit(self, _sequence, frame):
        self.frames.append(frame.frame_idx)

    def reset(self):
        pass

    def set_measuring(self, _on):
        pass

    def close(self):
        pass


@pytest.fixture
def fresh(desk, monkeypatch):
    """The desk with the clip that was never analysed, live, where no frame is really predicted."""
    desk.analyser = Analyser()
    monkeypatch.setattr(desk.live, "_make", lambda: desk.analyser)
    choose(desk, 1)
    desk.context.settings.set("analysis.live", True)
    idle(desk.context)
    desk.analyser.frames.clear()
    return desk


def test_a_play_is_there_when_the_clip_is_opened_again(fresh, model):
    desk = fresh
    for idx in range(0, 30):
        answer(desk, model, idx, live(1, 10, idx / 100), live(2, 100, -0.4))
    assert desk.state.prediction.live
    clip = desk.state.row.clip
    choose(desk, 0)
    assert len(db.played.load(desk.context.project, db.played.keys(desk.context.project, clip.id)[0][0])) == 60
    desk.context.settings.set("analysis.live", False)
    choose(desk, 1)
    assert desk.state.analysis is None
    assert np.isfinite(desk.state.prediction.values[:30]).all()
    assert np.isnan(desk.state.prediction.values[30:]).all()
    assert "from live play, 40 % of frames" in desk.origin.name.text()
    assert len(desk.state.others) == 1
    assert {"predicted", "face 0"} <= desk.timeline.rows["valence"].keys
    assert [face.track_id for face in desk.state.faces(3, 3 / RATE)] == [1, 2]
    assert desk.state.faces(31, 31 / RATE) == ()


def test_a_live_answer_without_a_face_hides_no_face_of_the_analysis(fresh, model):
    """The first frame is answered live while the stored analysis is still being read."""
    desk = fresh
    choose(desk, 0)
    assert desk.state.analysis is not None
    desk.state.current = True  # as of the model in use
    stored = [face.track_id for face in desk.state.faces(0, 0.0)]
    assert stored
    answer(desk, model, 0)
    assert [face.track_id for face in desk.state.faces(0, 0.0)] == stored


def test_frames_that_are_known_are_not_predicted_again(fresh, model):
    desk = fresh
    for idx in range(20):
        answer(desk, model, idx, live(1, 10, 0.1))
    for idx in (5, 40):
        desk.player.seek(float(desk.player.times_s[idx]))
        settle(lambda: desk.player.frame_idx == idx)  # noqa: B023 — waited for at once
    assert desk.analyser.frames == [40]
    choose(desk, 0)
    desk.analyser.frames.clear()
    choose(desk, 1)
    for idx in (7, 41):
        desk.player.seek(float(desk.player.times_s[idx]))
        settle(lambda: desk.player.frame_idx == idx)  # noqa: B023
    assert desk.analyser.frames[-1] == 41
    assert 7 not in desk.analyser.frames
    assert [face.track_id for face in desk.state.faces(7, 7 / RATE)] == [1], "drawn as it was stored"


def test_an_analysed_clip_is_not_predicted_live_unless_by_another_model(fresh, model):
    desk = fresh
    clip = desk.state.row.clip
    made = analysis_of(clip)
    key = type(made.key)(clip.sha256, model.name, model.sha256, "{}")
    desk.context.write(db.runs.save, clip.id, type(made)(key, made.provider, made.times_s, 192, 112, made.tracks))
    idle(desk.context)
    assert desk.state.current
    desk.analyser.frames.clear()
    desk.player.seek(1.0)
    settle(lambda: desk.player.frame_idx == RATE)
    assert desk.analyser.frames == []
    assert [face.track_id for face in desk.state.faces(RATE, 1.0)] == [1]
    choose(desk, 0)  # predicted by a model that is not in use
    assert not desk.state.current
    desk.player.seek(1.0)
    settle(lambda: desk.player.frame_idx == RATE)
    assert RATE in desk.analyser.frames


def test_a_person_keeps_the_number_of_earlier_plays_by_place(fresh, model):
    desk = fresh
    for idx in range(12):
        answer(desk, model, idx, live(1, 10, 0.1), live(2, 100, 0.2))
    desk.context.commands.run("analysis.toggle_live")
    idle(desk.context)
    desk.context.commands.run("analysis.toggle_live")
    idle(desk.context)
    for idx in range(14, 26):  # another run of the analyser counts from one again
        answer(desk, model, idx, live(1, 102, 0.3), live(2, 12, 0.4))
    desk.keeper.write()
    idle(desk.context)
    key = db.played.keys(desk.context.project, desk.state.row.clip.id)[0][0]
    found = db.played.load(desk.context.project, key)
    lefts = {number: found.boxes[found.face_no == number, 0] for number in (1, 2)}
    assert sorted(np.unique(found.face_no)) == [1, 2]
    assert (len(lefts[1]), len(lefts[2])) == (24, 24)
    assert lefts[1].max() < 50 < lefts[2].min()


def test_frames_without_a_face_count_only_after_a_while(fresh, model):
    desk = fresh
    for idx in range(6):
        answer(desk, model, idx)  # the face is on its way
    for idx in range(6, 20):
        answer(desk, model, idx, live(1, 10, 0.1))
    for idx in range(20, 20 + keeper.EMPTY + 5):
        answer(desk, model, idx)
    desk.keeper.write()
    idle(desk.context)
    key = db.played.keys(desk.context.project, desk.state.row.clip.id)[0][0]
    assert db.played.load(desk.context.project, key).looked_idx.tolist() == list(range(6, 25))


def test_another_model_begins_its_own_curves(fresh, model):
    desk = fresh
    for idx in range(20):
        answer(desk, model, idx, live(1, 10, 0.1))
    project, clip = desk.context.project, desk.state.row.clip
    desk.player.pause()
    desk.keeper.write()
    idle(desk.context)
    other = LiveModel("other", "f" * 64, '{"live":true}', "CPU")
    db.played.save(
        project, clip.id, type(db.played.keys(project, clip.id)[0][0])(clip.sha256, "other", "f" * 64, "{}"), "CPU",
        db.played.load(project, db.played.keys(project, clip.id)[0][0]),
    )  # fmt: skip
    answer(desk, other, 30, live(1, 10, 0.9))
    desk.keeper.write()
    idle(desk.context)
    assert {key.model for key, _ in db.played.keys(project, clip.id)} == {model.name, "other"}


def test_what_is_left_is_written_when_the_window_closes(fresh, model, window, project_path):
    desk = fresh
    for idx in range(3):
        answer(desk, model, idx, live(1, 10, 0.1))
    clip = desk.state.row.clip
    window.close()
    from db.project import Project

    with Project.open(project_path, read_only=True) as again:
        (key, _), *_ = db.played.keys(again, clip.id)
        assert db.played.load(again, key).looked_idx.tolist() == [0, 1, 2]


def test_a_pause_writes_what_was_played_but_not_every_step(fresh, model):
    desk = fresh
    project, clip = desk.context.project, desk.state.row.clip
    answer(desk, model, 0, live(1, 10, 0.1))
    desk.player.pause()
    idle(desk.context)
    assert db.played.keys(project, clip.id) == []
    for idx in range(1, keeper.LEAST):
        answer(desk, model, idx, live(1, 10, 0.1))
    desk.player.play()
    desk.player.pause()
    idle(desk.context)
    key = db.played.keys(project, clip.id)[0][0]
    assert len(db.played.load(project, key)) == keeper.LEAST
    assert FRAMES > keeper.LEAST
