from fractions import Fraction

import numpy as np
import pytest

import db.gold
from app.errors import UserError
from app.interchange.aff_wild import read_aff_wild
from app.jobs import Context
from app.media.writer import ClipWriter
from app.services.projects.files import create_project
from app.services.retrain.external import bring_aff_wild
from app.services.retrain.labels import LabelChoice, labels_of, settled


def video(path, frames=12, grey=90):
    path.parent.mkdir(parents=True, exist_ok=True)
    with ClipWriter(path, 64, 48, rate=Fraction(12)) as writer:
        for number in range(frames):
            writer.write(np.full((48, 64, 3), grey + number, np.uint8))


@pytest.fixture
def first_layout(tmp_path):
    folder = tmp_path / "aff-wild"
    video(folder / "videos" / "train" / "105.mp4")
    for name, value in (("valence", 500), ("arousal", -250)):
        place = folder / "annotations" / "train" / name
        place.mkdir(parents=True)
        (place / "105.txt").write_text("\n".join([str(value)] * 12))
    return folder


@pytest.fixture
def second_layout(tmp_path):
    folder = tmp_path / "aff-wild2"
    video(folder / "batch1" / "1-30-1280x720.mp4", grey=60)
    video(folder / "batch1" / "10-60-1280x720.mp4", grey=120)
    place = folder / "VA_Estimation" / "Train_Set"
    place.mkdir(parents=True)
    (place / "1-30-1280x720.txt").write_text("valence,arousal\n" + "0.5,-0.25\n" * 10 + "-5,-5\n" * 2)
    (place / "10-60-1280x720_left.txt").write_text("valence,arousal\n" + "0.1,0.1\n" * 12)
    (place / "gone.txt").write_text("valence,arousal\n0.1,0.1\n")
    (place / "notes.txt").write_text("nothing of ours\n")
    return folder


def test_both_layouts_are_read_to_the_same_scale(first_layout, second_layout):
    (old,), _ = read_aff_wild(first_layout)
    new, notes = read_aff_wild(second_layout)
    np.testing.assert_allclose(old.values, [[0.5, -0.25]] * 12)
    np.testing.assert_allclose(new[0].values[:10], [[0.5, -0.25]] * 10)
    assert np.isnan(new[0].values[10:]).all()
    assert new[1].side == "left"
    assert notes == ["VA_Estimation/Train_Set/gone.txt was left out: gone.txt has no video."]


def test_labels_come_into_a_project_once_and_can_be_learned_from(second_layout, tmp_path):
    with create_project(tmp_path / "p") as project:
        brought = bring_aff_wild(project, second_layout, Context())
        assert brought.clips == 1
        assert any("two people" in note for note in brought.notes)
        bring_aff_wild(project, second_layout, Context())
        assert len(db.gold.every(project)) == 1
        choice = settled(project, LabelChoice())
        assert choice.source == "stored"
        (labels,) = labels_of(project, choice)
        at = labels.at(labels.times_s)
        np.testing.assert_allclose(at[:10, 0], 0.5)
        assert np.isnan(at[10:]).all()


def test_a_folder_without_annotations_is_refused(tmp_path):
    with pytest.raises(UserError, match="no annotated videos"):
        read_aff_wild(tmp_path)
    with pytest.raises(UserError, match="no folder"):
        read_aff_wild(tmp_path / "nowhere")


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (9, "7 was left out: it has 9 lines of labels, but 7.mp4 has 12 frames."),
        (20, "7 was left out: it has 20 lines of labels, but 7.mp4 has 12 frames."),
        (11, "7 has 11 lines for 12 frames; the first 11 were taken."),
        (13, "7 has 13 lines for 12 frames; the first 12 were taken."),
    ],
)
def test_lines_that_are_not_as_many_as_frames_are_said(tmp_path, lines, said):
    for name, grey in (("6", 60), ("7", 120)):
        video(tmp_path / "set" / "batch" / f"{name}.mp4", grey=grey)
        count = lines if name == "7" else 12
        (tmp_path / "set" / "batch" / f"{name}.txt").write_text("valence,arousal\n" + "0.5,-0.25\n" * count)
    with create_project(tmp_path / "p") as project:
        brought = bring_aff_wild(project, tmp_path / "set", Context())
        assert brought.notes + brought.refused == (said,)
        assert bool(brought.refused) == ("left out" in said)
        kept = sorted(len(gold.times_s) for gold in db.gold.every(project))
        assert kept == ([12] if "left out" in said else [min(12, lines), 12])
