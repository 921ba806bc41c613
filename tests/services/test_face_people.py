"""Whose faces the tracks of a project are: proposed from real pictures, decided, undone, exported and erased."""

import csv

import cv2
import numpy as np
import pytest

import db.consent
import db.edits
import db.face_people
import db.items
import db.tracks
from app.cli import main
from app.jobs import Context
from app.media.writer import ClipWriter
from app.services.predict.people import faces_of, people_edit, propose_people
from app.services.projects.files import open_project
from app.services.rights.erase import plan_erasing
from tests.faces.pictures import portrait


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A project with a clip of two people, who are a portrait and its dark mirror, and a clip of the first alone."""
    folder = tmp_path_factory.mktemp("people")
    face = portrait()[:224]
    other = cv2.flip(np.clip(face.astype(np.int16)[..., ::-1] - 60, 0, 255).astype(np.uint8), 1)
    for name, picture in (("alone.mp4", face), ("both.mp4", np.concatenate([face, other], axis=1))):
        height, width = picture.shape[:2]
        with ClipWriter(folder / name, width, height, rate=25) as writer:
            for _ in range(8):
                writer.write(np.ascontiguousarray(picture))
    project = folder / "p.affectograph"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AFFECTOGRAPH_HOME", str(folder / "home"))
        clips = [str(folder / "both.mp4"), str(folder / "alone.mp4")]
        assert main(["project", "new", str(project)]) == 0
        assert main(["project", "add", str(project), *clips]) == 0
        out = ["--project", str(project), "--device", "cpu", "--out", str(folder / "out")]
        assert main(["analyze", *clips, *out]) == 0
    return folder


@pytest.fixture
def project(made):
    with open_project(made / "p.affectograph") as opened:
        yield opened
        wanted = {"": [face.track_id for face in faces_of(opened)]}
        edit = people_edit(opened, wanted)
        if edit.changes:
            db.edits.apply(opened, edit)


def named(project):
    return {(face.clip, face.track_no): face for face in faces_of(project)}


def test_the_same_face_in_two_clips_is_proposed_as_one_person(project):
    found, said = propose_people(Context(), project)
    assert said == []
    assert len(found) == 3
    assert all(face.picture is not None for face in found)
    by = {(face.clip, face.track_no): face for face in found}
    left = min((face for face in found if face.clip == "both.mp4"), key=lambda face: x_of(project, face))
    alone = by["alone.mp4", 1]
    assert alone.proposed == left.proposed == "S01"
    assert "like face 1 of alone.mp4" in left.why or "like face 1 of alone.mp4" in alone.why or left.why
    (right,) = [face for face in found if face.clip == "both.mp4" and face.track_id != left.track_id]
    assert right.proposed == ""  # seen together with the first: another person, however alike
    assert named(project)["alone.mp4", 1].person == ""  # nothing was stored


def x_of(project, face):
    (track,) = db.tracks.geometry(project, [face.track_id])
    return float(track.boxes[0, 0])


def test_what_was_decided_is_kept_proposed_further_and_undone(project):
    faces = named(project)
    edit = people_edit(project, {"Ada": [faces["alone.mp4", 1].track_id]})
    db.edits.apply(project, edit)
    assert named(project)["alone.mp4", 1].person == "Ada"
    found, _ = propose_people(Context(), project)
    assert sum(face.proposed == "Ada" for face in found) == 2
    db.edits.apply(project, edit.inverse())
    assert named(project)["alone.mp4", 1].person == ""
    db.edits.apply(project, edit)
    other = people_edit(project, {"Eve": [faces["alone.mp4", 1].track_id]})
    db.edits.apply(project, other)
    assert named(project)["alone.mp4", 1].person == "Eve"


def test_items_and_exports_name_the_person_of_the_face(made, project, capsys, monkeypatch):
    monkeypatch.setenv("AFFECTOGRAPH_HOME", str(made / "home"))
    faces = named(project)
    numbers = {no: faces["both.mp4", no].track_id for no in (1, 2)}
    clip_id = faces["both.mp4", 1].clip_id
    db.edits.apply(project, db.edits.set_subject(project, [clip_id], "Crowd"))
    db.edits.apply(project, people_edit(project, {"Ada": [numbers[1]]}))
    items = [db.items.add(project, clip_id, name=f"face {no}", track_id=number) for no, number in numbers.items()]
    assert [db.items.get(project, one.id).subject for one in items] == ["Ada", "Crowd"]
    subjects = {one.name: one.subject for one in db.items.names(project)}
    assert (subjects["face 1"], subjects["face 2"], subjects["both.mp4"]) == ("Ada", "Crowd", "Crowd")
    words = ["analyze", str(made / "both.mp4"), "--project", str(made / "p.affectograph"), "--device", "cpu"]
    assert main([*words, "--out", str(made / "again")]) == 0
    with (made / "again" / "both.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert {(row["track_id"], row["subject"]) for row in rows if row["track_id"]} == {("1", "Ada"), ("2", "Crowd")}
    with (made / "out" / "both.csv").open(encoding="utf-8", newline="") as file:
        assert {row["subject"] for row in csv.DictReader(file)} == {""}
    for one in items:
        db.edits.apply(project, db.edits.remove_items(project, [one.id]))
    db.edits.apply(project, db.edits.set_subject(project, [clip_id], ""))


def test_the_command_says_whose_face_it_is(made, project, capsys):
    place = str(made / "p.affectograph")
    assert main(["project", "set", place, "both.mp4", "--face", "2", "--subject", "Bea"]) == 0
    assert "both.mp4, face 2: – → Bea" in capsys.readouterr().out
    assert named(project)["both.mp4", 2].person == "Bea"
    assert main(["project", "set", place, "both.mp4", "--face", "7", "--subject", "Bea"]) == 1
    assert "no face 7" in capsys.readouterr().err
    assert main(["project", "set", place, "both.mp4", "alone.mp4", "--face", "1", "--subject", "Bea"]) == 1
    assert "Name one clip" in capsys.readouterr().err


def test_another_code_that_exists_joins_two_people(project):
    faces = named(project)
    first, second = faces["both.mp4", 1].track_id, faces["both.mp4", 2].track_id
    db.edits.apply(project, people_edit(project, {"Ada": [first], "Bea": [second]}))
    db.edits.apply(project, db.edits.rename_subject(project, "Bea", "Ada"))
    assert set(db.face_people.of_tracks(project).values()) == {"Ada"}


def test_with_a_person_goes_what_was_found_on_that_face(made, tmp_path):
    copy = tmp_path / "p.affectograph"
    copy.write_bytes((made / "p.affectograph").read_bytes())
    with open_project(copy) as project:
        faces = named(project)
        mine, clip_id = faces["both.mp4", 2].track_id, faces["both.mp4", 2].clip_id
        db.edits.apply(project, people_edit(project, {"Ada": [mine]}))
        item = db.items.add(project, clip_id, name="Ada's face", track_id=mine)
        reach = plan_erasing(project, "subject", "Ada").reach
        assert reach.rows["face_track"] == {mine}
        assert item.id in reach.rows["item"]
        assert not reach.clips  # the clip shows somebody else, too
