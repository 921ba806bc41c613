"""ONNX files of all kinds that people have, made here: each is added and runs, or is refused with one sentence."""

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper

from app.cli import main
from app.domain.emotions import FER, FERPLUS
from app.errors import UserError
from app.inference.cards import find_model, verify_file
from app.inference.face_frame import FaceFrameModel
from app.jobs import Context
from app.paths import data_dir
from app.services.models.zoo.answers import probe_crops
from app.services.models.zoo.guide import propose
from app.services.models.zoo.install import add_own

pytestmark = pytest.mark.process
FLOAT = TensorProto.FLOAT


def model_of(outputs, *, input_type=FLOAT, shape=("N", 3, 64, 64), opset=17, ir=8, extra=(), scale=0.02, declared=None):
    """A network of each channel's mean. `outputs`: (name, columns, "", "softmax", "sigmoid", "squeeze", "nan", …)."""
    channels = shape[1] if isinstance(shape[1], int) else 3
    nodes = [
        helper.make_node("Cast", ["input"], ["float_input"], to=FLOAT),
        helper.make_node("ReduceMean", ["float_input"], ["mean"], axes=[2, 3], keepdims=0),
    ]
    weights, values = [], []
    for number, (name, columns, after) in enumerate(outputs):
        w = np.random.default_rng(number).normal(0, scale, (channels, columns)).astype(np.float32)
        if after == "constant":
            w[:] = 0
        weights.append(numpy_helper.from_array(w, f"w_{name}"))
        nodes.append(helper.make_node("MatMul", ["mean", f"w_{name}"], [f"z_{name}"]))
        kind, sizes, type_ = "Identity", [shape[0], columns], FLOAT
        more = {}
        inputs = [f"z_{name}"]
        if after in ("softmax", "sigmoid"):
            kind, more = after.capitalize(), {"axis": -1} if after == "softmax" else {}
        elif after == "squeeze":
            weights.append(numpy_helper.from_array(np.array([1], np.int64), f"a_{name}"))
            kind, sizes, inputs = "Squeeze", [shape[0]], [f"z_{name}", f"a_{name}"]
        elif after == "4d":
            weights.append(numpy_helper.from_array(np.array([2, 3], np.int64), f"a_{name}"))
            kind, sizes, inputs = "Unsqueeze", [shape[0], columns, 1, 1], [f"z_{name}", f"a_{name}"]
        elif after == "argmax":
            kind, sizes, type_, more = "ArgMax", [shape[0]], TensorProto.INT64, {"axis": 1, "keepdims": 0}
        elif after == "scalar":
            kind, sizes, more = "ReduceMean", [], {"keepdims": 0}
        elif after == "table":
            weights.append(numpy_helper.from_array(np.ones((5, 7), np.float32), f"c_{name}"))
            sizes, inputs = [5, 7], [f"c_{name}"]
        elif after == "nan":
            weights.append(numpy_helper.from_array(np.float32([np.nan]), f"c_{name}"))
            kind, inputs = "Add", [f"z_{name}", f"c_{name}"]
        nodes.append(helper.make_node(kind, inputs, [name], **more))
        values.append(helper.make_tensor_value_info(name, type_, sizes))
    face = helper.make_tensor_value_info("input", input_type, list(shape))
    if declared == "no shape":
        face.type.tensor_type.ClearField("shape")
    graph = helper.make_graph(nodes, "g", [face, *extra], values, weights)
    made = helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset)])
    made.ir_version = ir
    return made


def saved(folder, made, name="own.onnx"):
    (folder / name).write_bytes(made.SerializeToString())
    return folder / name


def added(path, name="own"):
    add_own(propose(path, name).card(), path, Context())
    return FaceFrameModel.open(find_model(name), "cpu")


EIGHT = ("expression", 8, "softmax")
AFFECT = [("valence", 1, ""), ("arousal", 1, "")]

RUNS = {
    "eight": ([EIGHT], {}, 8, False),
    "logits": ([("expression", 8, "")], {}, 8, False),
    "another name": ([("out_0:1", 8, "softmax")], {}, 8, False),
    "seven": ([("emotion", 7, "softmax")], {}, 8, False),
    "seven logits and affect": ([("emotion", 7, ""), ("va", 2, "")], {"scale": 0.001}, 8, True),
    "ten": ([("all", 10, "")], {"scale": 0.001}, 8, True),
    "affect alone": ([("va", 2, "")], {"scale": 0.001}, 0, True),
    "affect in two columns": ([EIGHT, *AFFECT], {"scale": 0.001}, 8, True),
    "affect in two rows": (
        [EIGHT, ("out_arousal", 1, "squeeze"), ("out_valence", 1, "squeeze")], {"scale": 0.001}, 8, True,
    ),
    "with a scalar": ([EIGHT, ("loss", 3, "scalar")], {}, 8, False),
    "with a table": ([EIGHT, ("anchors", 7, "table")], {}, 8, False),
    "with an argmax": ([EIGHT, ("label", 8, "argmax")], {}, 8, False),
    "with an embedding": ([("embedding", 512, ""), EIGHT], {}, 8, False),
    "four axes": ([("expression", 8, "4d")], {}, 8, False),
    "one at a time": ([EIGHT], {"shape": (1, 3, 64, 64)}, 8, False),
    "four at a time": ([EIGHT], {"shape": (4, 3, 48, 48)}, 8, False),
    "grey": ([EIGHT], {"shape": ("N", 1, 48, 48)}, 8, False),
    "open size": ([EIGHT], {"shape": ("N", 3, "H", "W")}, 8, False),
    "half": ([EIGHT], {"input_type": TensorProto.FLOAT16}, 8, False),
    "double": ([EIGHT], {"input_type": TensorProto.DOUBLE}, 8, False),
    "bytes": ([EIGHT], {"input_type": TensorProto.UINT8, "scale": 0.001}, 8, False),
    "an old opset": ([EIGHT], {"opset": 9}, 8, False),
}  # fmt: skip


@pytest.mark.parametrize("kind", RUNS)
def test_what_can_be_mapped_is_added_and_runs(tmp_path, kind):
    outputs, changes, classes, affect = RUNS[kind]
    model = added(saved(tmp_path, model_of(outputs, **changes)))
    says = model.predict(probe_crops())
    assert says.probabilities.shape == (6, classes)
    if classes:
        np.testing.assert_allclose(says.probabilities.sum(axis=1), 1, atol=1e-5)
        assert np.ptp(says.probabilities, axis=0).max() > 1e-6
    assert np.isfinite(says.valence_arousal).all() == affect
    assert len(model.predict([]).probabilities) == 0
    assert model.predict([]).probabilities.shape[1] == classes


def test_seven_classes_are_ours_with_no_contempt(tmp_path):
    model = added(saved(tmp_path, model_of([("emotion", 7, "softmax")])))
    says = model.predict(probe_crops())
    ours = {"angry": "anger", "happy": "happiness", "sad": "sadness"}
    for column, name in enumerate(FER):
        np.testing.assert_array_equal(says.fer[:, column], says.probabilities[:, FERPLUS.index(ours.get(name, name))])
    assert (says.probabilities[:, FERPLUS.index("contempt")] == 0).all()


def test_valence_and_arousal_of_two_outputs_are_not_exchanged(tmp_path):
    outputs = [("arousal", 1, "squeeze"), ("valence", 1, "")]
    model = added(saved(tmp_path, model_of(outputs, scale=0.001)))
    white = model.predict([np.full((64, 64, 3), 255, np.uint8)]).valence_arousal[0]
    pixels = (1 - np.float32([0.485, 0.456, 0.406])) / np.float32([0.229, 0.224, 0.225])
    expected = [
        float(pixels @ np.random.default_rng(number).normal(0, 0.001, (3, 1)).astype(np.float32)[:, 0])
        for number in (1, 0)
    ]
    np.testing.assert_allclose(white, expected, rtol=1e-4)


REFUSED = {
    "answers nan": ([("expression", 8, "nan")], {}, "its expression holds values that are not numbers"),
    "answers the same": ([("expression", 8, "constant")], {}, "its expression answers the same to every picture"),
    "one of two is constant": (
        [EIGHT, ("va", 2, "constant")], {}, "its va answers the same to every picture",
    ),
    "affect beyond its ends": ([("va", 2, "")], {"scale": 5}, "where ±1 is the end"),
    "affect of 0 to 100": ([EIGHT, ("va", 2, "")], {"scale": 50}, "where ±1 is the end"),
    "three classes": ([("expression", 3, "softmax")], {}, "A face model gives 8 or 7 classes"),
    "only a table": ([("anchors", 7, "table")], {}, "A face model gives 8 or 7 classes"),
    "five channels": ([EIGHT], {"shape": ("N", 5, 64, 64)}, "has 5 channels"),
    "channels open": ([EIGHT], {"shape": ("N", "C", 64, 64)}, "has C channels"),
    "not square": ([EIGHT], {"shape": ("N", 3, 64, 96)}, "wants 96×64 pixels"),
    "tiny": ([EIGHT], {"shape": ("N", 3, 4, 4)}, "Crops are squares of 8 to 1024 pixels"),
    "whole numbers": ([EIGHT], {"input_type": TensorProto.INT64}, "takes tensor(int64)"),
    "no shape": ([EIGHT], {"declared": "no shape"}, "does not say which shape its input"),
    "two inputs": (
        [EIGHT], {"extra": [helper.make_tensor_value_info("scale", FLOAT, [1])]}, "A face model takes one picture",
    ),
    "opset too new": ([EIGHT], {"opset": 99}, "it was made for opset 99, but this ONNX Runtime knows opsets up to"),
    "format too new": ([EIGHT], {"ir": 99}, "it has the IR version 99, but this ONNX Runtime knows versions up to"),
}  # fmt: skip


@pytest.mark.parametrize("kind", REFUSED)
def test_what_cannot_be_used_is_refused_when_it_is_added(tmp_path, capsys, kind):
    outputs, changes, words = REFUSED[kind]
    path = saved(tmp_path, model_of(outputs, **changes))
    assert main(["models", "add", str(path), "--name", "own", "--yes"]) == 1
    said = capsys.readouterr().err
    assert words in said
    assert said.count("\n") == 1
    assert len(said) < 400
    assert "onnxruntime_src" not in said
    assert not (data_dir() / "models" / "own").exists()


@pytest.mark.parametrize(
    ("activation", "after", "words"),
    [
        ("softmax", "softmax", "gives probabilities already"),
        ("probabilities", "", "should give probabilities, but they run from"),
        ("probabilities", "sigmoid", "should give probabilities, but they run from"),
    ],
)
def test_what_a_card_says_of_classes_is_compared_with_answers(tmp_path, activation, after, words):
    path = saved(tmp_path, model_of([("expression", 8, after)], scale=0.5))
    card = propose(path, "own").card()
    card["output"]["expression"]["activation"] = activation
    with pytest.raises(UserError, match=words):
        add_own(card, path, Context())


def with_data(folder, location):
    path = folder / "own.onnx"
    onnx.save_model(
        model_of([EIGHT]), path, save_as_external_data=True, all_tensors_to_one_file=True, location=location,
        size_threshold=0,
    )  # fmt: skip
    return path


@pytest.mark.parametrize("location", ["own.onnx_data", "weights.bin", "größe.data"])
def test_data_beside_a_file_is_copied_along_and_checked(tmp_path, location):
    model = added(with_data(tmp_path, location))
    card = model.card
    assert [part.path for part in card.file().data] == [location]
    before = model.predict(probe_crops()).probabilities
    (tmp_path / location).unlink()
    (tmp_path / "own.onnx").unlink()
    np.testing.assert_array_equal(FaceFrameModel.open(card, "cpu").predict(probe_crops()).probabilities, before)
    held = card.folder / location
    held.write_bytes(held.read_bytes()[:-1] + b"\x01")
    with pytest.raises(UserError, match="was changed"):
        verify_file(card)


def test_data_that_is_not_beside_the_file_is_asked_for(tmp_path):
    path = with_data(tmp_path, "gone.data")
    (tmp_path / "gone.data").unlink()
    with pytest.raises(UserError, match=r"keeps its weights in gone\.data, but this data file is missing") as refused:
        propose(path, "own")
    assert refused.value.todo == "Put gone.data into the same folder, then try again."


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"version https://git-lfs.github.com/spec/v1\noid sha256:aaaa\nsize 12345\n", "only a pointer of Git LFS"),
        (b"PK\x03\x04archive/data.pkl", "a zip file, such as PyTorch saves"),
        (b"<!DOCTYPE html><html>", "a web page"),
        (b"", "not an ONNX file"),
    ],
)
def test_what_is_only_called_a_model(tmp_path, content, words):
    (tmp_path / "own.onnx").write_bytes(content)
    with pytest.raises(UserError, match=words):
        propose(tmp_path / "own.onnx", "own")


def custom_operator():
    made = model_of([EIGHT])
    made.graph.node[1].domain = "my.custom"
    made.opset_import.append(helper.make_opsetid("my.custom", 1))
    return made.SerializeToString()


def more_memory_than_allowed():
    made = model_of([EIGHT])
    made.graph.initializer.append(numpy_helper.from_array(np.array([200_000, 200_000], np.int64), "big"))
    made.graph.node.append(helper.make_node("ConstantOfShape", ["big"], ["bomb"]))
    made.graph.output.append(helper.make_tensor_value_info("bomb", FLOAT, [None, None]))
    return made.SerializeToString()


def classes_of_scikit_learn():
    table = helper.make_tensor_value_info("X", FLOAT, [None, 4])
    classes = helper.make_node(
        "LinearClassifier", ["X"], ["label", "p"], domain="ai.onnx.ml", coefficients=[0.1] * 8, intercepts=[0.0, 0.0],
        classlabels_ints=[0, 1], multi_class=0, post_transform="SOFTMAX",
    )  # fmt: skip
    label = helper.make_tensor_value_info("label", TensorProto.INT64, [None])
    graph = helper.make_graph([classes], "g", [table], [label])
    opsets = [helper.make_opsetid("", 17), helper.make_opsetid("ai.onnx.ml", 3)]
    made = helper.make_model(graph, opset_imports=opsets)
    made.ir_version = 8
    return made.SerializeToString()


def cut_in_half():
    whole = model_of([EIGHT]).SerializeToString()
    return whole[: len(whole) // 2]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (custom_operator, "it needs operators of the domain my.custom"),
        (more_memory_than_allowed, "running it takes more memory than allowed"),
        (classes_of_scikit_learn, "A face model takes one picture"),
        (cut_in_half, "it is cut off or not an ONNX file"),
    ],
)
def test_what_would_harm_or_is_no_face_model_is_refused_in_one_sentence(tmp_path, capsys, content, words):
    (tmp_path / "own.onnx").write_bytes(content())
    assert main(["models", "add", str(tmp_path / "own.onnx"), "--name", "own", "--yes"]) == 1
    said = capsys.readouterr().err
    assert words in said
    assert said.count("\n") == 1
    assert len(said) < 400
    assert not (data_dir() / "models" / "own").exists()
