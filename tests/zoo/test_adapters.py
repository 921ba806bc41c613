"""The adapters of EmotiEffLib's networks, on networks of the same inputs and outputs made here."""

import csv
import json
from fractions import Fraction

import cv2
import numpy as np
import pytest

from app.cli import main
from app.domain.emotions import FERPLUS
from app.errors import UserError
from app.inference.cards import find_model
from app.inference.face_frame import FaceFrameModel
from app.jobs import Context
from app.media.writer import ClipWriter
from app.services.models.zoo.install import install
from app.services.models.zoo.manifest import find_entry
from tests.faces.pictures import portrait

from .networks import picture_network

pytestmark = pytest.mark.process

AFFECTNET = ["anger", "contempt", "disgust", "fear", "happiness", "neutral", "sadness", "surprise"]
"""The order of EmotiEffLib's classes."""

SIZES = {"enet_b0_8_va_mtl": (224, 10), "enet_b2_8": (260, 8)}


@pytest.fixture(params=SIZES)
def stand_in(request, tmp_path):
    """(name, folder that holds its file, weights)."""
    side, columns = SIZES[request.param]
    weights = picture_network(tmp_path / f"{request.param}.onnx", side, columns)
    return request.param, tmp_path, weights


def by_hand(crops, weights, side):
    """What EmotiEffLib's own preprocessing and the stand-in give: RGB 0…1, ImageNet's mean and deviation, softmax."""
    means = []
    for crop in crops:
        how = cv2.INTER_AREA if crop.shape[0] > side else cv2.INTER_LINEAR
        small = cv2.resize(crop, (side, side), interpolation=how).astype(np.float64) / 255
        means.append(((small - [0.485, 0.456, 0.406]) / [0.229, 0.224, 0.225]).mean(axis=(0, 1)))
    answer = np.array(means) @ weights.astype(np.float64)
    logits = answer[:, :8]
    shares = np.exp(logits - logits.max(axis=1, keepdims=True))
    return shares / shares.sum(axis=1, keepdims=True), answer[:, 8:]


def test_installed_from_a_file_without_a_known_hash(stand_in, capsys):
    name, folder, _ = stand_in
    assert main(["models", "install", name, "--from", str(folder), "--yes"]) == 0
    said = capsys.readouterr().out
    assert "NON-COMMERCIAL" in said
    assert "not pinned" in said
    card = find_model(name)
    assert f"SHA-256 {card.file().sha256}" in said
    assert card.licence == find_entry(name).licence
    assert main(["models", "list"]) == 0
    lines = capsys.readouterr().out.splitlines()
    at = next(number for number, line in enumerate(lines) if line.split()[:1] == [name])
    assert lines[at + 1].strip().startswith("NON-COMMERCIAL: ")
    assert main(["models", "info", name]) == 0
    assert "NON-COMMERCIAL" in capsys.readouterr().out
    assert main(["models", "verify", name]) == 0
    assert main(["models", "install", name, "--from", str(folder), "--yes"]) == 0


def test_numbers_are_those_of_its_own_preprocessing(stand_in):
    name, folder, weights = stand_in
    side, columns = SIZES[name]
    install(find_entry(name), Context(), source=folder)
    rng = np.random.default_rng(0)
    crops = [rng.integers(0, 256, (n, n, 3), np.uint8) for n in (side, 300, 100, 64, 350)]
    got = FaceFrameModel.open(find_model(name), "cpu").predict(crops)
    shares, affect = by_hand(crops, weights, side)
    np.testing.assert_allclose(got.probabilities[:, [FERPLUS.index(c) for c in AFFECTNET]], shares, atol=1e-4)
    assert got.fer is None
    if columns == 10:
        np.testing.assert_allclose(got.valence_arousal, np.clip(affect, -1, 1), atol=1e-4)
    else:
        assert np.isnan(got.valence_arousal).all()


@pytest.mark.parametrize("batch", [1, 4])
def test_a_file_of_one_batch_size_and_other_tensor_names(tmp_path, batch):
    picture_network(tmp_path / "enet_b2_8.onnx", 260, 8, batch=batch, name="x.1", output="scores")
    card = install(find_entry("enet_b2_8"), Context(), source=tmp_path).card
    crops = np.random.default_rng(0).integers(0, 256, (6, 260, 260, 3), np.uint8)
    assert FaceFrameModel.open(card, "cpu").predict(crops).probabilities.shape == (6, 8)


@pytest.mark.parametrize(("side", "columns", "channels"), [(224, 8, 3), (256, 10, 3), (224, 10, 1)])
def test_a_file_of_other_inputs_or_outputs_is_refused(tmp_path, side, columns, channels):
    picture_network(tmp_path / "enet_b0_8_va_mtl.onnx", side, columns, channels=channels)
    with pytest.raises(UserError, match="does not fit"):
        install(find_entry("enet_b0_8_va_mtl"), Context(), source=tmp_path)
    with pytest.raises(UserError, match="no model"):
        find_model("enet_b0_8_va_mtl")


@pytest.fixture(scope="module")
def clip(tmp_path_factory):
    """Twelve frames of a face."""
    path = tmp_path_factory.mktemp("clip") / "face.mp4"
    picture = portrait()
    picture = picture[: picture.shape[0] // 2 * 2, : picture.shape[1] // 2 * 2]
    with ClipWriter(path, picture.shape[1], picture.shape[0], rate=Fraction(12)) as writer:
        for _ in range(12):
            writer.write(picture)
    return path


def test_analyze_a_clip_with_it(stand_in, clip, tmp_path):
    name, folder, _ = stand_in
    install(find_entry(name), Context(), source=folder)
    assert main(["analyze", str(clip), "--model", name, "--out", str(tmp_path / "out")]) == 0
    (table,) = (tmp_path / "out").glob("*.csv")
    rows = list(csv.DictReader(table.read_text("utf-8").splitlines()))
    assert len(rows) == 12
    for row in rows:
        assert sum(float(row[emotion]) for emotion in FERPLUS) == pytest.approx(1, abs=1e-3)
        if name == "enet_b0_8_va_mtl":
            assert -1 <= float(row["valence"]) <= 1
        else:
            assert row["valence"] in ("", "nan")
    assert not list((tmp_path / "out").glob("*.tmp"))


def test_evaluate_it(stand_in, tmp_path):
    name, folder, weights = stand_in
    install(find_entry(name), Context(), source=folder)
    rng = np.random.default_rng(0)
    images = rng.integers(0, 256, (20, 48, 48), np.uint8)
    votes = np.zeros((20, 10), np.uint8)
    votes[np.arange(20), rng.integers(0, 8, 20)] = 10
    np.savez(tmp_path / "data.npz", images=images, fer_label=rng.integers(0, 7, 20), ferplus_votes=votes)
    out = tmp_path / "out.json"
    words = ["models", "evaluate", "--model", name, "--data", str(tmp_path / "data.npz"), "--json", str(out)]
    assert main([*words, "--device", "cpu"]) == 0
    result = json.loads(out.read_text())
    for key in ("fer_accuracy", "ece_fer", "cross_entropy_fer"):
        assert result[key] is None
    assert result["confusion"]["fer"] is None
    shares, _ = by_hand([np.repeat(image[..., None], 3, axis=2) for image in images], weights, SIZES[name][0])
    said = np.array([FERPLUS.index(AFFECTNET[k]) for k in shares.argmax(axis=1)])
    assert result["ferplus_n"] == 20
    assert result["ferplus_accuracy"] == pytest.approx((said == votes.argmax(axis=1)).mean())
