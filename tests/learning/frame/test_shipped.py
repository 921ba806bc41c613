"""The models that lie in the repository are those that their cards describe, and as good as the cards say."""

import re

import numpy as np
import onnx
import pytest
from onnx import TensorProto, numpy_helper

from app.domain.emotions import FER, FERPLUS
from app.files import sha256_of
from app.inference.cards import load_card, verify_file
from app.inference.quantise import largest_difference, run_batches, run_file
from app.jobs import Context
from app.learning.frame.data import load
from app.learning.frame.localise import EYE_Y, SCALE
from app.learning.frame.measure import measure
from app.paths import SHIPPED_MODELS
from app.services.models.evaluate import evaluate_model

MAIN = "affectograph_face"


@pytest.fixture(scope="module", params=[MAIN, "kahou_cnn", "resnet10"])
def card(request):
    return load_card(SHIPPED_MODELS / request.param)


def random_faces(n):
    return np.random.default_rng(0).integers(0, 256, (n, 1, 48, 48)).astype(np.float32)


def test_files_are_those_of_the_card(card):
    verify_file(card)
    assert card.file().bytes <= 12_000_000
    for variant in card.variants:
        assert sha256_of(card.folder / variant.file.path) == variant.file.sha256


def test_card_says_what_users_need(card):
    assert card.licence == "Apache-2.0"
    assert card.outputs["expression"].more["classes"] == list(FERPLUS)
    assert card.outputs["fer"].more["classes"] == list(FER)
    assert "derived" in card.outputs["valence_arousal"].more
    assert len(card.weaknesses) >= 4
    assert {"data", "labels", "commit", "run"} <= set(card.training)
    assert card.metrics["ferplus_n"] == 3199
    assert np.sum(card.metrics["confusion_fer"]) == 3579
    assert card.metrics["torch_parity"] <= 1e-4


def test_card_and_training_agree_on_the_crop(card):
    face = card.inputs["face"].more
    assert (face["scale"], face["eye_y"]) == (SCALE, EYE_Y)


@pytest.mark.parametrize("batch", [1, 2, 7])
def test_outputs_are_well_formed_at_any_batch(card, batch):
    says = run_file(card.path(), {"face": random_faces(batch)})
    assert says["expression"].shape == (batch, 8)
    assert says["fer"].shape == (batch, 7)
    assert says["valence_arousal"].shape == (batch, 2)
    assert says["embedding"].shape == (batch, card.outputs["embedding"].more["size"])
    np.testing.assert_allclose(says["expression"].sum(axis=1), 1, atol=1e-5)


def test_variants_stay_close(card):
    whole = run_file(card.path(), {"face": random_faces(8)})
    for variant in card.variants:
        assert variant.accuracy_loss is not None
        assert variant.accuracy_loss <= 0.5
        if variant.name == "fp16":
            assert variant.more["parity"] <= 1e-2
            assert largest_difference(whole, run_file(card.folder / variant.file.path, {"face": random_faces(8)})) < 0.1


def test_int8_says_the_same_on_older_processors():
    card = load_card(SHIPPED_MODELS / MAIN)
    small = next(variant for variant in card.variants if variant.name == "int8")
    stored = onnx.load(card.folder / small.file.path).graph.initializer
    largest = max(np.abs(numpy_helper.to_array(t).astype(int)).max() for t in stored if t.data_type == TensorProto.INT8)
    assert largest <= 64, "pairs of products could be clipped, see decision 0093"


@pytest.mark.slow
def test_training_measures_what_an_evaluation_measures(card, shared, tmp_path):
    """That the numbers of the card are reached is seen in tests/zoo/test_evaluate.py, on all images."""
    with np.load(shared / "data" / "fer2013_valid.npz") as file:
        np.savez(tmp_path / "some.npz", **{name: file[name][:320] for name in file.files})
    faces = load(tmp_path / "some.npz")
    got = measure(run_batches(card.path(), "face", faces.images[:, None].astype(np.float32)), faces)
    told = evaluate_model(tmp_path / "some.npz", model=card.name, device="cpu", ctx=Context())
    assert got.fer_accuracy == pytest.approx(told["fer_accuracy"], abs=1e-9)
    for key in ("ferplus_accuracy", "ferplus_n", "ece", "cross_entropy"):
        assert got.table[key] == pytest.approx(told[key], abs=1e-6), key


@pytest.mark.parametrize("name", ["kahou_cnn", "resnet10"])
def test_other_networks_say_that_the_main_one_is_right_more_often(name):
    main, second = (load_card(SHIPPED_MODELS / each) for each in (MAIN, name))
    assert re.search(rf"{MAIN}(, which)? is right more often", second.summary)
    for measure_ in ("fer_accuracy", "ferplus_accuracy"):
        assert second.metrics[measure_] < main.metrics[measure_]
