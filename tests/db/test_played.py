"""What was predicted live survives a restart, grows with every play, and stays out of everything else."""

import numpy as np
import pytest

from app.domain.analysis import RunKey
from app.domain.played import Played
from db import check, clip_uses, clips, played, runs, summary, tracks
from db.project import Project

from .build import analysis, media_info

KEY = RunKey("a" * 64, "frame", "b" * 64, '{"live":true,"smoothing":{}}')


def play(frames, level=0.5, looked=None):
    frames = np.asarray(frames, np.int32)
    n = len(frames)
    return Played(
        np.asarray(frames if looked is None else looked, np.int32), frames, np.ones(n, np.int32), frames / 25.0,
        np.ones((n, 4), np.float32), np.ones((n, 5, 2), np.float32), np.full(n, 0.9, np.float32),
        np.full(n, 0.8, np.float32), np.full((n, 2), 0.5, np.float32), np.full((n, 2), level, np.float32), ("a", "b"),
    )  # fmt: skip


def test_it_survives_a_restart(project, clip):
    played.save(project, clip.id, KEY, "CPUExecutionProvider", play([3, 5], looked=[3, 4, 5]))
    project.close()
    with Project.open(project.path) as again:
        assert played.keys(again, clip.id) == [(KEY, "CPUExecutionProvider")]
        found = played.load(again, KEY)
        assert found.looked_idx.tolist() == [3, 4, 5]
        assert found.frame_idx.tolist() == [3, 5]
        assert found.classes == ("a", "b")
        np.testing.assert_array_equal(found.valence_arousal, play([3, 5]).valence_arousal, strict=True)
        assert check.problems(again) == []


def test_every_play_adds_the_frames_that_were_not_known_across_parts(project, clip, monkeypatch):
    monkeypatch.setattr(played, "FRAMES", 10)
    played.save(project, clip.id, KEY, "CPU", play([5, 9, 31], 0.1))
    played.save(project, clip.id, KEY, "CPU", play([8, 9, 10, 30], 0.7))
    found = played.load(project, KEY)
    assert found.looked_idx.tolist() == [5, 8, 9, 10, 30, 31]
    np.testing.assert_allclose(found.valence_arousal[:, 0], [0.1, 0.7, 0.1, 0.7, 0.7, 0.1], atol=1e-6)
    assert check.problems(project) == []


def test_the_key_that_was_played_last_comes_first(project, clip):
    other = RunKey(KEY.media_sha256, "other", "c" * 64, KEY.parameters)
    assert (played.keys(project, clip.id), played.load(project, KEY)) == ([], None)
    for key in (KEY, other, KEY):
        played.save(project, clip.id, key, "CPU", play([len(played.keys(project, clip.id))]))
    assert [key for key, _ in played.keys(project, clip.id)] in ([KEY, other], [other, KEY])
    played.save(project, clip.id, other, "CPU", play([40]))
    assert played.keys(project, clip.id)[0][0] == other
    assert played.load(project, other).looked_idx.tolist() == [1, 40]


def test_nothing_else_of_the_project_counts_it(project, clip, tmp_path):
    def counted():
        return (
            runs.count(project),
            runs.newest(project),
            runs.for_clip(project, clip.id),
            runs.find(project, KEY),
            tracks.numbers_of_clip(project, clip.id),
            summary.runs_by_model(project),
            clip_uses.every(project),
        )

    before = counted()
    played.save(project, clip.id, KEY, "CPU", play(range(250)))
    assert counted() == before
    other = clips.add(project, media_info(tmp_path / "media" / "b.mp4"), "d" * 64)
    runs.save(project, other.id, analysis("d" * 64))
    assert set(runs.newest(project)) == {other.id}


@pytest.mark.parametrize(
    ("damage", "told"),
    [
        ("looked_idx = substr(looked_idx, 1, 30)", "looked_idx cannot be unpacked"),
        ("face_no = frame_idx", "face_no holds 0"),
        ("quality = looked_idx", "quality holds int32"),
    ],
)
def test_damage_is_found(project, clip, damage, told):
    played.save(project, clip.id, KEY, "CPU", play([0, 1, 2]))
    with project.write() as session:
        session.connection().exec_driver_sql(f"UPDATE played_part SET {damage}")
    assert any(told in problem.what for problem in check.problems(project))
