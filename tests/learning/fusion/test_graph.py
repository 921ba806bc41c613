"""The fused graph gives what its members and the rules give, with members missing and items side by side."""

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper

from app.errors import UserError
from app.fusion.stacking import stack
from app.fusion.ways import Fusion
from app.inference.clip_category import member_rows
from app.inference.quantise import loaded
from app.learning.blocks.onnx_graph import VERSIONS, Graph, tensor
from app.learning.clip.base.graph_rows import FEATURES, LENGTH, PROBABILITY
from app.learning.fusion.graph import MEMBERS, Part, columns_of, fused_graph, inlined
from tests.fusion.tables import world

RNG = np.random.default_rng(5)
WIDTH, CLASSES = 7, 4


def head(columns: int, classes: int, seed: int, opset: int = 18) -> onnx.ModelProto:
    """Return a head that averages an item's own frames and classifies the mean."""
    graph, rng = Graph(), np.random.default_rng(seed)
    size = graph.one("Shape", FEATURES, start=1, end=2)
    zero, one = graph.constant(np.int64(0)), graph.constant(np.int64(1))
    places = graph.one("Range", zero, graph.one("Squeeze", size, graph.constant(np.array([0]))), one)
    row, column = graph.constant(np.array([0])), graph.constant(np.array([1]))
    inside = graph.one("Less", graph.one("Unsqueeze", places, row), graph.one("Unsqueeze", LENGTH, column))
    weight = graph.one("Unsqueeze", graph.cast(inside, TensorProto.FLOAT), graph.constant(np.array([2])))
    total = graph.one("ReduceSum", graph.one("Mul", FEATURES, weight), column, keepdims=0)
    mean = graph.one("Div", total, graph.one("ReduceSum", weight, column, keepdims=0))
    score = graph.one("MatMul", mean, graph.constant(rng.normal(size=(columns, classes)).astype(np.float32) * 3))
    graph.one("Softmax", score, axis=1, to=PROBABILITY)
    length = helper.make_tensor_value_info(LENGTH, TensorProto.INT64, ["N"])
    made = helper.make_graph(
        graph.nodes, "head", [tensor(FEATURES, "N", "T", columns), length], [tensor(PROBABILITY, "N", classes)],
        graph.constants,
    )  # fmt: skip
    return helper.make_model(made, **{**VERSIONS, "opset_imports": [helper.make_opsetid("", opset)]})


CARRY = np.array([[1.0, 0, 0, 0], [0, 0, 1.0, 0], [0, 0, 1.0, 0]])
"""Three own classes: the second and the third are one class here, and two classes have no counterpart."""
PARTS = (
    Part("face", head(3, CLASSES, 1), np.array([4, 0, 2]), np.eye(CLASSES)),
    Part("voice", head(2, 3, 2), np.array([1, 6]), CARRY),
    Part("scene", head(1, CLASSES, 3), np.array([5]), np.eye(CLASSES)),
)


def alone(tmp_path, part: Part, features, rows):
    path = tmp_path / f"{part.name}.onnx"
    onnx.save(part.model, str(path))
    feeds = {FEATURES: features[rows][None][:, :, part.columns], LENGTH: np.array([len(rows)])}
    own = loaded(path)(feeds)[PROBABILITY][0].astype(float) @ part.carry
    return own / own.sum()


def weighted() -> Fusion:
    weights = RNG.random((3, CLASSES))
    weights[:, 1] = [0.0, 0.0, 1.0]  # without the scene, nobody has a weight for this class
    return Fusion(("face", "voice", "scene"), weights / weights.sum(axis=0), None, "chosen", 0.0)


def stacked() -> Fusion:
    found = stack(world(people=12, classes=CLASSES))
    return Fusion(("face", "voice", "scene"), np.full((3, CLASSES), 1 / 3), found, "chosen", 0.0)


@pytest.mark.parametrize("make", [weighted, stacked])
def test_the_graph_gives_what_members_and_rules_give(tmp_path, make):
    fusion = make()
    path = tmp_path / "fused.onnx"
    onnx.save(fused_graph(PARTS, fusion, WIDTH), str(path))
    whole = loaded(path)
    lengths = (6, 1, 4, 5)
    # Every member reads frames of its own; the third item lacks the scene, and the fourth has the scene alone.
    read = [[np.arange(n), np.arange(0, n, 2), np.array([n - 1])] for n in lengths]
    nothing = np.zeros(0, np.int64)
    read[2][2] = nothing
    read[3][0] = read[3][1] = nothing
    items = [RNG.normal(size=(n, WIDTH)).astype(np.float32) for n in lengths]
    said = np.full((3, len(items), CLASSES), np.nan)
    for n, (features, rows) in enumerate(zip(items, read, strict=True)):
        for m, part in enumerate(PARTS):
            if len(rows[m]):
                said[m, n] = alone(tmp_path, part, features, rows[m])
    expected = fusion.predict(said)
    joint = np.full((len(items), 6, WIDTH), 7.0, np.float32)  # padding must not matter
    for n, features in enumerate(items):
        joint[n, : len(features)] = features
    found = whole({FEATURES: joint, **member_rows(read)})
    np.testing.assert_allclose(found[PROBABILITY], expected, atol=1e-5)
    np.testing.assert_allclose(found[MEMBERS], np.nan_to_num(said.transpose(1, 0, 2)), atol=1e-5)
    one = whole({FEATURES: items[2][None], **member_rows([read[2]])})
    np.testing.assert_allclose(one[PROBABILITY][0], expected[2], atol=1e-5)


def test_constants_that_a_loop_takes_from_outside_are_renamed_as_well(tmp_path):
    body = helper.make_graph(
        [helper.make_node("Add", ["state", "x"], ["sum"]), helper.make_node("Mul", ["sum", "factor"], ["next"]),
         helper.make_node("Identity", ["next"], ["out"])],
        "body",
        [tensor("state", 1), tensor("x", 1)],
        [tensor("next", 1), tensor("out", 1)],
    )  # fmt: skip
    loop = helper.make_node("Scan", ["start", "xs"], ["last", "all"], num_scan_inputs=1, body=body)
    constants = [
        onnx.numpy_helper.from_array(np.array([value], np.float32), name)
        for name, value in (("factor", 0.5), ("start", 0.0))
    ]
    made = helper.make_graph([loop], "loop", [tensor("xs", "T", 1)], [tensor("last", 1)], constants)
    model = helper.make_model(made, **VERSIONS)
    graph = Graph()
    ends = [inlined(graph, model, prefix, {"xs": "rows"})["last"] for prefix in ("a/", "b/")]
    graph.one("Add", *ends, to="both")
    whole = helper.make_graph(graph.nodes, "whole", [tensor("rows", "T", 1)], [tensor("both", 1)], graph.constants)
    path = tmp_path / "loop.onnx"
    onnx.save(helper.make_model(whole, **VERSIONS), str(path))
    # ((1·½ + 2)·½) = 1.25, twice
    assert loaded(path)({"rows": np.array([[1.0], [2.0]], np.float32)})["both"].tolist() == [2.5]


def test_members_of_other_operator_sets_are_refused():
    other = Part("old", head(1, CLASSES, 4, opset=17), np.array([0]), np.eye(CLASSES))
    with pytest.raises(UserError, match="old uses version 17"):
        fused_graph((*PARTS[:1], other), weighted(), WIDTH)


def test_each_member_reads_its_own_columns():
    streams = [
        {"name": "face", "columns": 5, "frame_classes": ["a", "b"]},
        {"name": "audio", "columns": 2, "frame_classes": []},
    ]
    assert columns_of(streams, ["audio", "face"], "features").tolist() == [5, 6, 0, 1, 2]
    assert columns_of(streams, ["face"], "probabilities").tolist() == [3, 4]
    assert columns_of(streams, ["face", "audio"], "both").tolist() == [0, 1, 2, 5, 6, 3, 4]
    assert columns_of(streams, ["audio"], "probabilities").tolist() == [5, 6]
