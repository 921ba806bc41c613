import numpy as np
import pytest

from app.domain.emotions import FERPLUS
from app.errors import UserError
from app.inference.cards import load_card
from app.inference.face_frame import FaceFrameModel, batches
from app.inference.geometry import CropGeometry, parse_geometry

from .models import EIGHT, card, face_model

pytestmark = pytest.mark.process

FACE = {"shape": ["N", 1, 8, 8], "dtype": "float32", "colour": "grey", "range": [0.0, 255.0], "size": 8}


def made(folder, side=8, channels=1, columns=8, **table):
    folder.mkdir(exist_ok=True)
    face_model(folder / "model.onnx", side, channels, columns)
    default = {"kind": "face_frame", "input": {"face": FACE}}
    default["output"] = {"expression": {"activation": "softmax", "classes": EIGHT}}
    card(folder, default | table)
    model = load_card(folder)
    return FaceFrameModel.open(model, "cpu")


def softmax(rows):
    rows = np.exp(rows - rows.max(axis=1, keepdims=True))
    return rows / rows.sum(axis=1, keepdims=True)


@pytest.mark.parametrize("count", [0, 1, 2, 3, 5, 16, 37])
def test_every_crop_gets_its_own_row_whatever_the_batches(tmp_path, count):
    model = made(tmp_path / "m")
    crops = np.random.default_rng(count).integers(0, 256, (count, 8, 8), np.uint8)
    got = model.predict(crops)
    mean = crops.reshape(count, 64).mean(axis=1) if count else np.zeros(0)
    np.testing.assert_allclose(got.probabilities, softmax(mean[:, None] * np.arange(8) / 255), atol=1e-5)
    assert got.probabilities.shape == (count, 8)
    assert got.fer is None
    assert np.isnan(got.valence_arousal).all()
    assert got.valence_arousal.shape == (count, 2)


def test_batches_are_few_sizes_and_little_padding():
    for count in range(200):
        parts = list(batches(count))
        assert [start for start, _, _ in parts] == [0, *[stop for _, stop, _ in parts][:-1]][: len(parts)]
        assert sum(stop - start for start, stop, _ in parts) == count
        assert {size for _, _, size in parts} <= {1, 4, 16}
        assert all(stop - start >= size * 3 / 4 for start, stop, size in parts)


@pytest.mark.parametrize("batch", [1, 3])
def test_a_file_of_one_batch_size_is_fed_that_size(tmp_path, batch):
    folder = tmp_path / "m"
    folder.mkdir()
    face_model(folder / "model.onnx", batch=batch)
    card(
        folder,
        {
            "kind": "face_frame",
            "input": {"face": {**FACE, "shape": [batch, 1, 8, 8]}},
            "output": {"expression": {"activation": "softmax", "classes": EIGHT}},
        },
    )
    crops = np.random.default_rng(0).integers(0, 256, (5, 8, 8), np.uint8)
    got = FaceFrameModel.open(load_card(folder), "cpu").predict(crops)
    mean = crops.reshape(5, 64).mean(axis=1)
    np.testing.assert_allclose(got.probabilities, softmax(mean[:, None] * np.arange(8) / 255), atol=1e-5)


def test_crops_of_another_size_and_colour_are_converted(tmp_path):
    model = made(tmp_path / "m")
    crop = np.full((30, 30, 3), (200, 100, 50), np.uint8)
    grey = round(0.299 * 200 + 0.587 * 100 + 0.114 * 50)
    same = model.predict([np.full((8, 8), grey, np.uint8)])
    np.testing.assert_allclose(model.predict([crop]).probabilities, same.probabilities, atol=2e-3)


def test_colour_range_mean_and_std_of_the_card(tmp_path):
    face = {
        "shape": ["N", 3, 8, 8], "dtype": "float32", "colour": "RGB", "size": [8, 8], "range": [0.0, 1.0],
        "mean": [0.5, 0.4, 0.3], "std": [0.5, 0.25, 0.1],
    }  # fmt: skip
    model = made(tmp_path / "m", channels=3, input={"face": face})
    crop = np.full((8, 8, 3), (255, 0, 51), np.uint8)
    mean = np.mean([(1 - 0.5) / 0.5, (0 - 0.4) / 0.25, (0.2 - 0.3) / 0.1])
    wanted = softmax(np.array([[mean]]) * np.arange(8) / 255)
    np.testing.assert_allclose(model.predict([crop]).probabilities, wanted, atol=1e-5)


def test_a_joint_output_of_another_vocabulary_is_taken_apart_and_put_in_our_order(tmp_path):
    classes = ["Anger", "Contempt", "Disgust", "Fear", "Happiness", "Neutral", "Sadness", "Surprise"]
    output = {
        "expression": {"columns": [0, 8], "classes": classes, "activation": "softmax"},
        "valence_arousal": {"name": "expression", "columns": [8, 10]},
    }
    model = made(tmp_path / "m", columns=10, output=output)
    got = model.predict([np.full((8, 8), 25, np.uint8)])
    logits = 25 * np.arange(10) / 255
    ours = dict(zip((c.lower() for c in classes), softmax(logits[None, :8])[0], strict=True))
    np.testing.assert_allclose(got.probabilities[0], [ours[name] for name in FERPLUS], atol=1e-5)
    np.testing.assert_allclose(got.valence_arousal, [[logits[8], logits[9]]], atol=1e-5)


def test_valence_and_arousal_stay_in_their_range(tmp_path):
    output = {"valence_arousal": {"name": "expression", "columns": [6, 8]}}
    got = made(tmp_path / "m", output=output).predict([np.full((8, 8), 55, np.uint8)])
    np.testing.assert_array_equal(got.valence_arousal, [[1, 1]])
    assert got.probabilities.shape == (1, 0)


def test_valence_and_arousal_far_beyond_their_range_are_refused(tmp_path):
    output = {"valence_arousal": {"name": "expression", "columns": [6, 8]}}
    with pytest.raises(UserError, match="a valence or arousal of 7, where ±1 is the end"):
        made(tmp_path / "m", output=output).predict([np.full((8, 8), 255, np.uint8)])


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"kind": "face_detector"}, "of the kind"),
        ({"input": {"face": FACE | {"alignment": "ears"}}}, "aligned by ears"),
        ({"input": {"face": FACE | {"size": [8, 9]}}}, "squares"),
        ({"input": {"face": FACE | {"std": 0}}}, "std of zero"),
        ({"input": {"face": FACE | {"range": [1, 1]}}}, "empty range"),
    ],
)
def test_cards_that_make_no_sense_are_refused(tmp_path, change, reason):
    with pytest.raises(UserError, match=reason):
        made(tmp_path / "m", **change)


@pytest.mark.parametrize("classes", [EIGHT[:7], [*EIGHT[:7], "boredom"]])
def test_wrong_class_names_are_refused(tmp_path, classes):
    model = made(tmp_path / "m", output={"expression": {"classes": classes}})
    with pytest.raises(UserError, match="class"):
        model.predict([np.zeros((8, 8), np.uint8)])


def test_geometry_of_a_card():
    table = {"size": [64, 64], "colour": "RGB", "alignment": "box", "crop_margin": 0.2, "shift_y": 0.05}
    assert parse_geometry("m", table) == CropGeometry(64, False, "box", margin=0.2, shift_y=0.05)
    assert parse_geometry("m", {}) == CropGeometry()
