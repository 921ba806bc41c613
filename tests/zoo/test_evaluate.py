"""`models evaluate` against an independent computation, and what it does with files that are none."""

import json

import numpy as np
import pytest
from onnx import TensorProto, helper, numpy_helper
from sklearn.metrics import confusion_matrix, log_loss, recall_score

from app.cli import main
from app.domain.emotions import FER, FERPLUS
from app.errors import UserError
from app.inference.cards import find_model, write_card
from app.jobs import Context
from app.services.models.evaluate import evaluate_model

from .networks import picture_network

pytestmark = pytest.mark.process

KEYS = {
    "fer_accuracy", "ferplus_accuracy", "ferplus_n", "ece", "cross_entropy", "per_class_recall", "confusion",
    "images_per_s", "n", "model", "provider",
}  # fmt: skip


@pytest.fixture
def model(tmp_path):
    """A grey 12×12 model with both outputs; its class depends on single pixels, so that it is right now and then."""
    folder = tmp_path / "face_model"
    folder.mkdir()
    rng = np.random.default_rng(0)
    weights = {
        "a": rng.normal(scale=0.1, size=(144, 8)).astype(np.float32),
        "b": rng.normal(scale=0.1, size=(144, 7)).astype(np.float32),
    }
    graph = helper.make_graph(
        [
            helper.make_node("Flatten", ["face"], ["flat"]),
            helper.make_node("MatMul", ["flat", "a"], ["expression"]),
            helper.make_node("MatMul", ["flat", "b"], ["fer"]),
        ],
        "g",
        [helper.make_tensor_value_info("face", TensorProto.FLOAT, ["N", 1, 12, 12])],
        [
            helper.make_tensor_value_info("expression", TensorProto.FLOAT, ["N", 8]),
            helper.make_tensor_value_info("fer", TensorProto.FLOAT, ["N", 7]),
        ],
        [numpy_helper.from_array(value, name) for name, value in weights.items()],
    )
    made = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    (folder / "model.onnx").write_bytes(made.SerializeToString())
    write_card(
        folder,
        {
            "name": "face_model",
            "kind": "face_frame",
            "file": {"path": "model.onnx"},
            "input": {
                "face": {
                    "shape": ["N", 1, 12, 12],
                    "colour": "grey",
                    "size": 12,
                    "range": [0.0, 1.0],
                    "alignment": "box",
                }
            },
            "output": {
                "expression": {"activation": "softmax", "classes": list(FERPLUS)},
                "fer": {"activation": "softmax", "classes": list(FER)},
            },
        },
    )
    return folder, weights


def data(path, count=60, *, seed=0, **more):
    rng = np.random.default_rng(seed)
    images = rng.integers(0, 256, (count, 12, 12), np.uint8)
    label = rng.integers(0, 7, count).astype(np.int64)
    votes = rng.multinomial(10, rng.dirichlet(np.full(10, 0.25)), count).astype(np.uint8)
    arrays = {"images": images, "fer_label": label, "ferplus_votes": votes} | more
    np.savez(path, **{key: value for key, value in arrays.items() if value is not None})
    return images, label, votes


def softmax(rows):
    rows = np.exp(rows - rows.max(axis=1, keepdims=True))
    return rows / rows.sum(axis=1, keepdims=True)


def ece_by_loops(shares, labels, bins=15):
    """Guo et al. 2017, equation 3, as it is written there."""
    total = 0.0
    confidence, said = shares.max(axis=1), shares.argmax(axis=1)
    for m in range(bins):
        inside = (confidence > m / bins) & (confidence <= (m + 1) / bins)
        if inside.any():
            total += inside.sum() / len(labels) * abs((said == labels)[inside].mean() - confidence[inside].mean())
    return total


def test_numbers_are_those_of_another_computation(model, tmp_path, capsys):
    folder, weights = model
    images, label, votes = data(tmp_path / "d.npz")
    out = tmp_path / "out.json"
    words = ["--model", str(folder), "--data", str(tmp_path / "d.npz"), "--json", str(out), "--device", "cpu"]
    assert main(["models", "evaluate", *words]) == 0
    result = json.loads(out.read_text())
    assert set(result) >= KEYS
    assert "ferplus_accuracy" in capsys.readouterr().out
    pixels = images.reshape(60, 144) / 255.0
    fer, expression = softmax(pixels @ weights["b"]), softmax(pixels @ weights["a"])
    assert result["fer_accuracy"] == pytest.approx((fer.argmax(axis=1) == label).mean())
    assert result["cross_entropy_fer"] == pytest.approx(log_loss(label, fer, labels=range(7)), rel=1e-4)
    assert result["ece_fer"] == pytest.approx(ece_by_loops(fer, label), abs=1e-5)
    # The rule, image by image.
    kept, tops = [], []
    for at, row in enumerate(votes):
        counts = [0 if vote == 1 else int(vote) for vote in row]
        top = int(np.argmax(counts[:8]))
        if counts[top] > sum(counts) / 2:
            kept.append(at)
            tops.append(top)
    assert result["ferplus_n"] == len(kept) > 10
    said = expression[kept].argmax(axis=1)
    assert result["ferplus_accuracy"] == pytest.approx((said == tops).mean())
    assert result["ece"] == pytest.approx(ece_by_loops(expression[kept], np.array(tops)), abs=1e-5)
    terms = []
    for row, shares in zip(votes, expression, strict=True):
        counts = np.array([vote if vote > 1 else 0 for vote in row[:8]], float)
        counts = counts if counts.sum() else row[:8].astype(float)
        if counts.sum():
            terms.append(-(counts / counts.sum() * np.log(shares)).sum())
    assert result["cross_entropy"] == pytest.approx(np.mean(terms), rel=1e-4)
    confusion = confusion_matrix(tops, said, labels=range(8))
    assert result["confusion"]["expression"] == {"classes": list(FERPLUS), "rows_are_labels": confusion.tolist()}
    recall = recall_score(tops, said, labels=range(8), average=None, zero_division=np.nan)
    for name, value in zip(FERPLUS, recall, strict=True):
        got = result["per_class_recall"]["expression"][name]
        assert got is None if np.isnan(value) else got == pytest.approx(value)
    assert result["images_per_s"] > 0
    assert result["n"] == 60


def test_classes_in_another_order_are_understood(model, tmp_path):
    folder, _ = model
    order = list(reversed(FER))
    _, label, _ = data(tmp_path / "a.npz")
    data(tmp_path / "b.npz", fer_label=6 - label, fer_classes=np.array(order))
    one, other = (
        evaluate_model(tmp_path / f"{name}.npz", model=str(folder), device="cpu", ctx=Context()) for name in "ab"
    )
    assert one["fer_accuracy"] == other["fer_accuracy"]


def test_null_where_the_file_has_no_such_labels(model, tmp_path):
    folder, _ = model
    data(tmp_path / "d.npz", ferplus_votes=None)
    result = evaluate_model(tmp_path / "d.npz", model=str(folder), device="cpu", ctx=Context())
    assert result["fer_accuracy"] is not None
    for key in ("ferplus_accuracy", "ferplus_n", "ece", "cross_entropy"):
        assert result[key] is None


@pytest.mark.parametrize(
    ("columns", "given"),
    [(2, set()), (7, {"fer_accuracy", "ece_fer", "cross_entropy_fer"}),
     (8, {"ferplus_accuracy", "ferplus_n", "ece", "cross_entropy"})],
)  # fmt: skip
def test_every_field_is_there_and_null_where_the_model_lacks_the_output(tmp_path, capsys, columns, given):
    # Small weights keep two columns within the plane of valence and arousal.
    picture_network(tmp_path / "net.onnx", 12, columns, channels=1, scale=1 / 512 if columns == 2 else 1.0)
    assert main(["models", "add", str(tmp_path / "net.onnx"), "--yes"]) == 0
    data(tmp_path / "d.npz")
    out = tmp_path / "out.json"
    capsys.readouterr()
    words = ["--model", "net", "--data", str(tmp_path / "d.npz"), "--json", str(out), "--device", "cpu"]
    assert main(["models", "evaluate", *words]) == 0
    result = json.loads(out.read_text())
    numbers = {"fer_accuracy", "ece_fer", "cross_entropy_fer", "ferplus_accuracy", "ferplus_n", "ece", "cross_entropy"}
    assert {key for key in numbers if result[key] is not None} == given
    for output, accuracy in (("fer", "fer_accuracy"), ("expression", "ferplus_accuracy")):
        for table in ("confusion", "per_class_recall"):
            assert (result[table][output] is not None) == (accuracy in given)
    assert set(result) >= KEYS
    lines = dict(line.split(maxsplit=1) for line in capsys.readouterr().out.splitlines() if line.startswith("  "))
    for key in ("fer_accuracy", "ferplus_accuracy", "ferplus_n", "ece", "cross_entropy"):
        assert (lines[key] == "not given") == (key not in given)
    assert float(lines["images_per_s"].replace(",", "")) > 0


def test_no_image_has_a_majority(model, tmp_path):
    folder, _ = model
    data(tmp_path / "d.npz", ferplus_votes=np.ones((60, 10), np.uint8))
    result = evaluate_model(tmp_path / "d.npz", model=str(folder), device="cpu", ctx=Context())
    assert result["ferplus_n"] == 0
    assert result["ferplus_accuracy"] is None
    json.dumps(result, allow_nan=False)


@pytest.mark.parametrize(
    "more",
    [
        {"images": np.zeros((60, 12, 12), np.float32)},
        {"images": np.zeros((0, 12, 12), np.uint8)},
        {"images": np.zeros((60, 12, 12, 3), np.uint8)},
        {"images": None},
        {"fer_label": None, "ferplus_votes": None},
        {"fer_label": np.full(60, 7)},
        {"fer_label": np.full(60, -1)},
        {"fer_label": np.full(59, 1)},
        {"fer_label": np.full(60, 0.5)},
        {"fer_label": np.full(60, "happy")},
        {"fer_classes": np.array(["a"] * 7)},
        {"ferplus_votes": np.zeros((60, 8), np.uint8)},
        {"images": np.array([{}] * 60, dtype=object)},
    ],
)
def test_files_that_are_none(tmp_path, more):
    data(tmp_path / "d.npz", **more)
    with pytest.raises(UserError, match="npz"):
        evaluate_model(tmp_path / "d.npz", model=None, device="cpu", ctx=Context())


@pytest.mark.parametrize("content", [b"", b"text", b"PK\x03\x04 cut off", None])
def test_what_is_no_npz(tmp_path, content):
    path = tmp_path / "d.npz"
    if content is None:
        np.save(tmp_path / "d.npy", np.zeros(3))
        path = tmp_path / "d.npy"
    else:
        path.write_bytes(content)
    with pytest.raises(UserError):
        evaluate_model(path, model=None, device="cpu", ctx=Context())


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"image,label\n1,2\n", "is no .npz file"),
        (b"PK\x03\x04 cut off", "is damaged"),
        ({"pictures": np.zeros(3)}, "has no array `images`, it has pictures"),
        ({"images": np.array([{}] * 3, dtype=object), "fer_label": np.zeros(3, int)}, "not plain numbers"),
    ],
)
def test_it_says_what_the_file_should_be_in_our_words(tmp_path, content, sentence, capsys):
    path = tmp_path / "faces.csv"
    if isinstance(content, bytes):
        path.write_bytes(content)
    else:
        with path.open("wb") as stream:
            np.savez(stream, **content)
    assert main(["models", "evaluate", "--data", str(path), "--json", str(tmp_path / "o.json")]) == 1
    said = capsys.readouterr().err
    assert sentence in said
    assert "images` (N×48×48 uint8)" in said
    assert "docs/models-zoo.md" in said
    for numpys in ("pickle", "allow_", "zip file", "Error"):
        assert numpys not in said


def test_an_unwritable_place_for_the_result_is_told_first(tmp_path, capsys, monkeypatch):
    def never(*_args, **_more):
        raise AssertionError("the work began")

    monkeypatch.setattr("app.services.models.evaluate.evaluate_model", never)
    (tmp_path / "file").write_text("")
    words = ["--data", str(tmp_path / "d.npz"), "--json", str(tmp_path / "file" / "o.json")]
    assert main(["models", "evaluate", *words]) == 1
    assert "could not be written" in capsys.readouterr().err


def test_a_detector_cannot_be_evaluated(tmp_path, capsys):
    data(tmp_path / "d.npz")
    words = ["--model", "mtcnn", "--data", str(tmp_path / "d.npz"), "--json", str(tmp_path / "o.json")]
    assert main(["models", "evaluate", *words]) == 1
    assert "kind face_detector" in capsys.readouterr().err
    assert not (tmp_path / "o.json").exists()


def test_the_shipped_model_reaches_what_its_card_says(shared):
    metrics = find_model().metrics
    result = evaluate_model(shared / "data" / "fer2013_valid.npz", model=None, device="cpu", ctx=Context())
    assert result["ferplus_n"] == 3199
    # Another machine's last bits may tip a handful of images.
    for key in ("fer_accuracy", "ferplus_accuracy", "ece", "cross_entropy"):
        assert result[key] == pytest.approx(metrics[key], abs=0.003)
