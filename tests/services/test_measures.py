import csv
import json

import cv2
import numpy as np
import pytest

from app.cli import main
from app.domain.measures import COLUMNS
from app.errors import UserError
from app.media.writer import ClipWriter
from app.services.predict.measures import MeasureWish, measure_clip, parsed_wish
from tests.faces.pictures import portrait


@pytest.fixture(scope="module")
def measured(tmp_path_factory):
    """A clip of the portrait with three frames without a face, measured by the command, and the portrait as a still."""
    folder = tmp_path_factory.mktemp("measures")
    still, clip, masked, tiny = (folder / name for name in ("still.png", "clip.mp4", "masked.png", "tiny.png"))
    picture = cv2.cvtColor(portrait(), cv2.COLOR_RGB2BGR)
    cv2.imwrite(str(still), picture)
    cv2.imwrite(str(tiny), cv2.resize(picture, None, fx=0.36, fy=0.36, interpolation=cv2.INTER_AREA))
    cv2.imwrite(str(masked), cv2.rectangle(picture, (140, 130), (260, 185), (235, 225, 205), -1))
    with ClipWriter(clip, 400, 224, rate=25) as writer:
        for number in range(12):
            picture = np.full((224, 400, 3), 90, np.uint8) if number in (6, 7, 8) else portrait()[:224]
            writer.write(np.ascontiguousarray(picture))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AFFECTOGRAPH_HOME", str(folder / "home"))
        words = [
            "analyze",
            str(clip),
            str(still),
            str(masked),
            str(tiny),
            "--device",
            "cpu",
            "--measures",
            "--openface",
            "--pyfeat",
        ]
        assert main([*words, "--out", str(folder / "out")]) == 0
    return folder / "out"


def rows(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_csv_has_the_measures_of_each_face(measured):
    table = rows(measured / "clip.csv")
    seen = [row for row in table if row["status"] == "face"]
    assert len(seen) >= 8
    assert set(COLUMNS) <= set(seen[0])
    for row in seen:
        assert abs(float(row["yaw_deg"])) < 15
        assert -15 < float(row["roll_deg"]) < 5
        assert 0.1 < float(row["eye_open_left"]) < 0.6
        assert abs(float(row["corner_pull"])) < 0.05  # relative to the track's median, and the face stands still
        assert float(row["mesh"]) > 0.9


def test_frames_without_a_face_have_no_measures(measured):
    empty = [row for row in rows(measured / "clip.csv") if row["status"] == "no_face"]
    assert empty
    assert all(row[name] == "" for row in empty for name in COLUMNS)


def test_a_clip_without_a_face_has_the_same_columns(tmp_path):
    path = tmp_path / "grey.png"
    cv2.imwrite(str(path), np.full((120, 160, 3), 90, np.uint8))
    assert main(["analyze", str(path), "--device", "cpu", "--measures", "--out", str(tmp_path / "out")]) == 0
    (row,) = rows(tmp_path / "out" / "grey.csv")
    assert all(row[name] == "" for name in COLUMNS)


def test_a_still_has_measures_without_a_baseline(measured):
    (row,) = rows(measured / "still.csv")
    assert float(row["lip_stretch"]) > 0.5
    assert row["blink"] == "0.0000"


def test_a_covered_mouth_has_no_measures_and_the_rest_of_the_face_has(measured):
    (row,) = rows(measured / "masked.csv")
    assert row["status"] == "face"
    assert row["corner_pull"] == row["jaw_drop"] == row["asymmetry"] == ""
    assert float(row["eye_open_left"]) > 0.1
    assert row["yaw_deg"] != ""


def test_a_tiny_face_has_no_measures(measured):
    (row,) = rows(measured / "tiny.csv")
    assert row["status"] == "face"
    assert all(row[name] == "" for name in COLUMNS)


def test_the_summary_has_blinks_by_track(measured):
    clips = json.loads((measured / "summary.json").read_text("utf-8"))["clips"]
    (track,) = clips[0]["measures"].values()
    assert track["measured_frames"] >= 8
    assert track["blinks"] == 0
    assert track["left_eye_frames"] == track["mouth_frames"] == track["measured_frames"]
    (masked,) = clips[2]["measures"].values()
    assert (masked["measured_frames"], masked["right_eye_frames"], masked["mouth_frames"]) == (1, 1, 0)


def test_wishes_are_read_and_refused():
    assert parsed_wish("12", 50) == MeasureWish(12, 50)
    assert parsed_wish("none", 65.2).baseline == "none"
    with pytest.raises(UserError, match="no baseline called often"):
        parsed_wish("often", 50)
    with pytest.raises(UserError, match="field of view of 0 degrees"):
        parsed_wish("median", 0)


def test_a_neutral_frame_without_a_face_is_refused(tmp_path, capsys):
    still = tmp_path / "still.png"
    cv2.imwrite(str(still), cv2.cvtColor(portrait(), cv2.COLOR_RGB2BGR))
    words = ["analyze", str(still), "--device", "cpu", "--measures", "--baseline", "7", "--out", str(tmp_path / "out")]
    assert main(words) == 1
    assert "Frame 7 shows no measured face of track 1" in capsys.readouterr().err


def test_openfaces_layout_has_its_names_units_and_signs(measured):
    table = rows(measured / "clip.openface.csv")
    ours = [row for row in rows(measured / "clip.csv") if row["status"] == "face"]
    assert list(table[0])[:5] == ["frame", "face_id", "timestamp", "confidence", "success"]
    assert [row["frame"] for row in table] == [str(number) for number in range(1, 13)]
    assert [row["success"] for row in table[6:9]] == ["0"] * 3
    assert table[6]["pose_Rx"] == table[6]["x_30"] == ""
    row = table[0]
    for theirs, mine in (("pose_Rx", "pitch_deg"), ("pose_Ry", "yaw_deg"), ("pose_Rz", "roll_deg")):
        assert float(row[theirs]) == pytest.approx(np.deg2rad(float(ours[0][mine])), abs=1e-4)
    x, y, w, h = (float(ours[0][name]) for name in "xywh")
    assert x < float(row["x_30"]) < x + w  # the tip of the nose is in the face's box
    assert y < float(row["y_30"]) < y + h
    assert float(row["x_36"]) < float(row["x_45"])  # iBUG's order: the viewer's left eye first
    # A face of 80 pixels' width between the temples at OpenFace's focal length is about half a metre away.
    assert 200 < float(row["pose_Tz"]) < 1500


def test_pyfeats_layout_turns_the_pitch_round(measured):
    table = rows(measured / "clip.pyfeat.csv")
    ours = [row for row in rows(measured / "clip.csv") if row["status"] == "face"]
    row = table[0]
    assert (row["input"], row["frame"]) == ("clip.mp4", "0")
    assert float(row["Pitch"]) == pytest.approx(-float(ours[0]["pitch_deg"]), abs=1e-3)
    assert float(row["Roll"]) == pytest.approx(float(ours[0]["roll_deg"]), abs=1e-3)
    assert float(row["Yaw"]) == pytest.approx(float(ours[0]["yaw_deg"]), abs=1e-3)
    assert float(row["FaceRectWidth"]) == float(ours[0]["w"])
    assert float(row["happiness"]) == pytest.approx(float(ours[0]["happiness"]), abs=1e-4)
    assert table[7]["FaceScore"] == "0"
    assert table[7]["Pitch"] == ""


def test_a_project_keeps_measures_and_does_not_measure_again(tmp_path, monkeypatch):
    still, project = tmp_path / "still.png", tmp_path / "p.affectograph"
    cv2.imwrite(str(still), cv2.cvtColor(portrait(), cv2.COLOR_RGB2BGR))
    assert main(["project", "new", str(project)]) == 0
    words = ["analyze", str(still), "--device", "cpu", "--measures", "--project", str(project)]
    assert main([*words, "--out", str(tmp_path / "one")]) == 0

    calls = []

    def counted(path, *args, **kwargs):
        calls.append(path)
        return measure_clip(path, *args, **kwargs)

    monkeypatch.setattr("app.services.predict.measures.measure_clip", counted)
    assert main([*words, "--out", str(tmp_path / "two")]) == 0
    assert calls == []
    assert (tmp_path / "one" / "still.csv").read_text() == (tmp_path / "two" / "still.csv").read_text()
    assert main([*words, "--field-of-view", "90", "--out", str(tmp_path / "three")]) == 0
    assert calls == [still]
    assert (tmp_path / "one" / "still.csv").read_text() != (tmp_path / "three" / "still.csv").read_text()
