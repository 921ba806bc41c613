import numpy as np
import pytest

from app.inference.cards import find_model, load_card
from app.inference.session import open_model
from app.paths import SHIPPED_MODELS

from .pictures import REFERENCE


@pytest.fixture(scope="module")
def reference():
    with np.load(REFERENCE / "face_mesh.npz") as stored:
        return {name: stored[name] for name in stored.files}


def run(name, crops):
    session = open_model(load_card(SHIPPED_MODELS / name), "cpu")
    return session.run({"image": crops.transpose(0, 3, 1, 2).astype(np.float32) / 255})


def test_the_face_network_answers_as_the_original_runtime_does(reference):
    got = run("face_mesh", reference["faces"])
    width = np.ptp(reference["points"][0, :, 0])
    assert width > 100  # the reference is of a face that fills its crop
    assert np.abs(got["points"] - reference["points"]).max() < 1e-4 * width
    np.testing.assert_allclose(got["presence"], reference["presence"], atol=1e-3)


def test_presence_tells_a_face_from_none(reference):
    presence = run("face_mesh", reference["faces"])["presence"].ravel()
    assert (presence > 0).tolist() == [True, True, False]


def test_the_eye_network_answers_as_the_original_runtime_does(reference):
    got = run("iris", reference["eyes"])
    width = np.ptp(reference["contour"][0, :, 0])
    assert np.abs(got["contour"] - reference["contour"]).max() < 1e-4 * width
    assert np.abs(got["iris"] - reference["iris"]).max() < 1e-4 * width


def test_a_batch_answers_as_its_crops_do_one_by_one(reference):
    together = run("face_mesh", reference["faces"])["points"]
    alone = np.concatenate([run("face_mesh", reference["faces"][i : i + 1])["points"] for i in range(3)])
    np.testing.assert_allclose(together, alone, atol=1e-3)


@pytest.mark.parametrize("name", ["face_mesh", "iris"])
def test_both_are_shipped_with_card_and_notice(name):
    card = find_model(name)
    assert (card.kind, card.licence, card.shipped) == ("landmarks", "Apache-2.0", True)
    assert "Apache License, Version 2.0" in (card.folder / "NOTICE").read_text("utf-8")
