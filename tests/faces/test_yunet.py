import cv2
import numpy as np
import pytest

from app.errors import UserError
from app.faces.boxes import corners, overlap
from app.faces.clip_tracks import track_clip
from app.faces.mtcnn import MtcnnDetector
from app.faces.yunet import MODEL, YuNetDetector, is_installed
from app.inference.cards import write_card
from app.paths import data_dir

from .pictures import FACE_BOX, as_frames, empty, portrait, shifted

pytestmark = pytest.mark.process


@pytest.fixture
def yunet(shared):
    folder = data_dir() / "models" / MODEL
    folder.mkdir(parents=True)
    data = (shared / "models" / f"{MODEL}.onnx").read_bytes()
    (folder / f"{MODEL}.onnx").write_bytes(data)
    write_card(folder, {"name": MODEL, "kind": "face_detector", "file": {"path": f"{MODEL}.onnx", "bytes": len(data)}})
    return YuNetDetector()


def test_without_its_file_it_says_how_to_get_it():
    assert not is_installed()
    with pytest.raises(UserError, match="list under Models") as refused:
        YuNetDetector()
    assert "models install yunet" in refused.value.at_command_line


def test_a_file_that_is_no_network_is_refused():
    folder = data_dir() / "models" / MODEL
    folder.mkdir(parents=True)
    (folder / "x.onnx").write_bytes(b"<html>")
    write_card(folder, {"name": MODEL, "kind": "face_detector", "file": {"path": "x.onnx"}})
    with pytest.raises(UserError, match="refused"):
        YuNetDetector()


def test_finds_the_face_with_landmarks_in_our_order(yunet):
    (face,) = yunet.detect(portrait())
    assert float(overlap(corners(face.box), corners(FACE_BOX))[0, 0]) > 0.7
    (reference,) = MtcnnDetector("cpu").detect(portrait())
    assert np.abs(face.landmarks - reference.landmarks).max() < 0.08 * FACE_BOX[3]
    assert yunet.detect(empty()) == []


def test_refine_and_tracking(yunet):
    here, nowhere = yunet.refine(portrait(), [FACE_BOX + np.array([6, 4, 0, 8]), np.array([5, 5, 60, 60])])
    assert nowhere is None
    assert float(overlap(corners(here.box), corners(FACE_BOX))[0, 0]) > 0.7
    pictures = [shifted(portrait(), 5 * i) for i in range(12)]
    assert [[s.track_id for s in each.faces] for each in track_clip(as_frames(pictures), yunet)] == [[1]] * 12


@pytest.mark.slow
def test_both_detectors_agree_on_a_real_clip(yunet, shared):
    from app.media.reader import VideoReader

    with VideoReader(shared / "media" / "WolfgangLanger_Pexels.mp4") as reader:
        tracked = list(track_clip(reader.frames(0, 240), MtcnnDetector("cpu")))
    shares = []
    for each in tracked[::3]:
        boxes = corners(np.stack([face.box for face in yunet.detect(each.frame.image)]))
        ours = corners(np.stack([seen.face.box for seen in each.faces]))
        shares.append(float(overlap(ours, boxes).max()))
    assert np.mean(np.array(shares) >= 0.5) >= 0.95


def test_several_faces(yunet, shared):
    picture = cv2.cvtColor(cv2.imread(str(shared / "media" / "multi_face.jpg")), cv2.COLOR_BGR2RGB)
    assert len(yunet.detect(picture)) >= 4


def test_nothing_appears_on_the_terminal(yunet, capfd):
    level = cv2.utils.logging.getLogLevel()
    YuNetDetector().detect(portrait())
    assert capfd.readouterr() == ("", "")
    assert cv2.utils.logging.getLogLevel() == level
