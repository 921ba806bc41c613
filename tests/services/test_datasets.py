"""Data sets into a project and from there to the labels and parts of a training."""

import av
import pytest

import db.clips
import db.gold
import db.items
from app.cli import main
from app.errors import UserError
from app.interchange.datasets.catalogue import find_dataset
from app.jobs import Context
from app.services.projects.files import create_project, open_project
from app.services.retrain.category_labels import CategoryChoice, category_labels
from app.services.retrain.datasets import bring_dataset
from tests.interchange.datasets.layouts import MAKE, video
from tests.interchange.datasets.test_datasets import SAID

COUNTS = {
    "folders": 4, "list": 2, "afew": 3, "mec": 3, "enterface": 4, "crema-d": 3, "ravdess": 2, "raf-db": 2, "fer2013": 3,
}  # fmt: skip


@pytest.mark.parametrize("name", list(COUNTS))
def test_clips_come_in_with_subjects_and_labels_and_a_second_time_changes_nothing(tmp_path, name):
    folder = MAKE[name](tmp_path / "data")
    with create_project(tmp_path / "p.affectograph") as project:
        brought = bring_dataset(project, name, folder, Context())
        assert brought.clips == COUNTS[name]
        golds = db.gold.every(project, kind="category", chosen_only=True)
        assert len(golds) == COUNTS[name]
        assert all(sum(gold.value.values()) == pytest.approx(1) for gold in golds)
        again = bring_dataset(project, name, folder, Context())
        assert again.clips == COUNTS[name]
        assert len(db.gold.every(project, kind="category")) == COUNTS[name]
        labels = category_labels(project, CategoryChoice(source="stored"))
        assert len(labels.items) == COUNTS[name]


def test_a_clip_without_a_frame_is_named_and_the_rest_goes_on(tmp_path):
    with create_project(tmp_path / "p.affectograph") as project:
        brought = bring_dataset(project, "folders", MAKE["folders"](tmp_path / "data"), Context())
        assert any("broken.mp4" in sentence for sentence in brought.refused)
        assert {clip.name for clip in db.clips.every(project)} == {"a.mp4", "b.mp4", "c.mp4", "d.mp4"}
        assert db.items.every(project)[0].subject


def test_a_clip_whose_container_holds_no_frame_is_named_and_the_rest_goes_on(tmp_path):
    video(tmp_path / "data" / "happy" / "a.mp4")
    with av.open(str(tmp_path / "data" / "happy" / "none.mp4"), "w") as container:
        stream = container.add_stream("mpeg4", 5)
        stream.width = stream.height = 32
        stream.pix_fmt = "yuv420p"
        container.start_encoding()
    with create_project(tmp_path / "p.affectograph") as project:
        brought = bring_dataset(project, "folders", tmp_path / "data", Context())
        assert brought.clips == 1
        assert sum("none.mp4" in sentence for sentence in brought.refused) == 1
        assert [clip.name for clip in db.clips.every(project)] == ["a.mp4"]


def test_one_clip_under_two_labels_keeps_the_first_and_says_so(tmp_path):
    video(tmp_path / "data" / "happy" / "a.mp4")
    (tmp_path / "data" / "sad").mkdir()
    (tmp_path / "data" / "sad" / "b.mp4").write_bytes((tmp_path / "data" / "happy" / "a.mp4").read_bytes())
    with create_project(tmp_path / "p.affectograph") as project:
        brought = bring_dataset(project, "folders", tmp_path / "data", Context())
        assert brought.clips == 1
        assert any("another label" in sentence for sentence in brought.refused)
        assert [gold.value for gold in db.gold.every(project)] == [{"happy": 1.0}]


def test_votes_become_shares(tmp_path):
    with create_project(tmp_path / "p.affectograph") as project:
        bring_dataset(project, "crema-d", MAKE["crema-d"](tmp_path / "data"), Context())
        hard = category_labels(project, CategoryChoice(source="stored"))
        soft = category_labels(project, CategoryChoice(source="stored", method="soft"))
    row = [item.clip for item in hard.items].index("1002_IEO_SAD_LO.flv")
    said = dict(zip(soft.classes, soft.target[row].tolist(), strict=True))
    assert (said["neutral"], said["sad"]) == (pytest.approx(0.6), pytest.approx(0.4))
    assert hard.classes[hard.target[row].argmax()] == "neutral"


def test_partitions_and_groups_come_to_the_training(tmp_path):
    with create_project(tmp_path / "p.affectograph") as project:
        bring_dataset(project, "enterface", MAKE["enterface"](tmp_path / "data"), Context())
        labels = category_labels(project, CategoryChoice(source="stored"))
        assert dict(zip((i.subject for i in labels.items), labels.groups, strict=True)) == {
            "subject 1": "1", "subject 2": "2", "subject 6": "1",
        }  # fmt: skip


def test_nothing_of_a_wrong_folder_comes_in(tmp_path):
    (tmp_path / "data").mkdir()
    with create_project(tmp_path / "p.affectograph") as project:
        with pytest.raises(UserError, match="does not have the expected layout"):
            bring_dataset(project, "ravdess", tmp_path / "data", Context())
        assert db.clips.every(project) == []
        with pytest.raises(UserError, match="No categories are stored"):
            category_labels(project, CategoryChoice(source="stored"))


def test_the_command_lists_layouts_and_brings_a_folder_in(tmp_path, capsys):
    assert main(["dataset", "--list"]) == 0
    assert "Actor_01/01-01-03-01-01-01-01.mp4" in capsys.readouterr().out
    create_project(tmp_path / "p.affectograph").close()
    folder = MAKE["ravdess"](tmp_path / "data")
    assert main(["dataset", "ravdess", str(folder), "--project", str(tmp_path / "p.affectograph")]) == 0
    assert "2 labelled clips" in capsys.readouterr().out
    with open_project(tmp_path / "p.affectograph") as project:
        assert len(db.gold.every(project)) == 2
    assert main(["dataset", "ravdess"]) == 1


def test_a_listed_file_that_is_missing_fails_the_command_as_a_clip_of_a_batch_does(tmp_path, capsys):
    path, table = tmp_path / "p.affectograph", tmp_path / "list.csv"
    create_project(path).close()
    video(tmp_path / "a.mp4")
    table.write_text("path,category\na.mp4,happy\n", "utf-8")
    assert main(["dataset", "list", str(table), "--project", str(path)]) == 0
    table.write_text("path,category\na.mp4,happy\ngone.mp4,sad\n", "utf-8")
    capsys.readouterr()
    assert main(["dataset", "list", str(table), "--project", str(path)]) == 1
    said = capsys.readouterr()
    assert said.err.splitlines() == ["affectograph: left out: list.csv, line 3: gone.mp4 is missing."]
    assert said.out.startswith("1 labelled clip.")


@pytest.mark.parametrize("name", list(MAKE))
def test_the_command_says_each_fault_of_a_layout_in_one_line_and_brings_in_the_rest(tmp_path, capsys, name):
    folder = MAKE[name](tmp_path / "data")
    victim = next((clip for clip in find_dataset(name).read(folder).clips if clip.picture is None), None)
    if victim is not None:  # the pictures of FER2013 lie in its table
        victim.path.write_bytes(b"")
    path = tmp_path / "p.affectograph"
    create_project(path).close()
    status = main(["dataset", name, str(folder), "--project", str(path)])
    said = capsys.readouterr()
    for fault in SAID[name]:
        assert sum(fault in line for line in (said.out + said.err).splitlines()) == 1, (fault, said)
    # A file of zero bytes under the name of one that was there.
    refused = [line for line in said.err.splitlines() if "left out:" in line]
    assert status == (1 if refused else 0)
    there = COUNTS[name] - (victim is not None)
    if victim is not None:
        assert sum(victim.path.name in line for line in refused) == 1, said.err
    with open_project(path) as project:
        golds = db.gold.every(project, kind="category", chosen_only=True)
        assert len(golds) == len(db.clips.every(project)) == there
