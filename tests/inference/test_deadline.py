"""A model that never answers, or answers nonsense, is a sentence."""

import signal
import threading

import numpy as np
import pytest
from onnx import TensorProto, helper

from app.errors import Cancelled, UserError
from app.inference import check, deadline, session
from app.inference.cards import load_card
from app.inference.check import examine
from app.inference.session import open_model
from app.jobs import Context

from .models import card, save
from .test_face_frame import made as made_model

pytestmark = pytest.mark.process


def loops_on_light(path):
    """The picture itself where it is black; an endless loop where it is not."""
    true = helper.make_node("Constant", [], ["go_on"], value=helper.make_tensor("t", TensorProto.BOOL, [], [True]))
    body = helper.make_graph(
        [true],
        "body",
        [
            helper.make_tensor_value_info("i", TensorProto.INT64, []),
            helper.make_tensor_value_info("cond_in", TensorProto.BOOL, []),
        ],
        [helper.make_tensor_value_info("go_on", TensorProto.BOOL, [])],
    )
    del body.input[:]
    body.input.extend(
        [
            helper.make_tensor_value_info("i", TensorProto.INT64, []),
            helper.make_tensor_value_info("cond_in", TensorProto.BOOL, []),
            helper.make_tensor_value_info("v_in", TensorProto.FLOAT, None),
        ]
    )
    body.node.extend([helper.make_node("Identity", ["v_in"], ["v_out"])])
    body.output.extend([helper.make_tensor_value_info("v_out", TensorProto.FLOAT, None)])
    return save(
        path,
        [
            helper.make_node("ReduceMax", ["x"], ["most"], keepdims=0),
            helper.make_node("Greater", ["most", "zero"], ["light"]),
            helper.make_node("Loop", ["", "light", "x"], ["y"], body=body),
        ],
        [("x", TensorProto.FLOAT, ["batch", 3])],
        [("y", TensorProto.FLOAT, ["batch", 3])],
        [("zero", np.float32(0))],
    )


@pytest.mark.parametrize(
    ("limit", "words"), [("TIME_LIMIT_S", "8 seconds[.]"), ("CPU_LIMIT_S", "8 seconds of computing")]
)
def test_a_loop_without_end_on_light_pictures_is_found_by_examining(tmp_path, monkeypatch, limit, words):
    if limit == "CPU_LIMIT_S" and not hasattr(signal, "SIGXCPU"):
        pytest.skip("this system does not limit computing")
    monkeypatch.setattr(check, limit, 8)
    with pytest.raises(UserError, match=f"not examined within {words}"):
        examine(loops_on_light(tmp_path / "m.onnx"))


def test_examining_can_be_cancelled(tmp_path, monkeypatch):
    ctx = Context()
    begin = check.subprocess.Popen

    def begun(*words, **how):
        threading.Thread(target=ctx.cancel).start()
        children.append(begin(*words, **how))
        return children[-1]

    children = []
    monkeypatch.setattr(check.subprocess, "Popen", begun)
    with pytest.raises(Cancelled):
        examine(loops_on_light(tmp_path / "m.onnx"), ctx)
    (child,) = children
    assert child.returncode == -signal.SIGKILL if hasattr(signal, "SIGKILL") else child.returncode != 0


def test_a_run_without_end_is_stopped(tmp_path, monkeypatch):
    loops_on_light(tmp_path / "model.onnx")
    tensors = {"input": {"x": {}}, "output": {"y": {}}}
    card(tmp_path, {"name": "m", **tensors})
    monkeypatch.setattr(check, "examine", lambda _path: None)
    opened = open_model(load_card(tmp_path), "cpu")
    with monkeypatch.context() as patch:
        patch.setattr(session, "RUN_LIMIT_S", 1.0)
        with pytest.raises(UserError, match="did not answer within 1 s"):
            opened.run({"x": np.ones((1, 3), np.float32)})
    dark = np.zeros((1, 3), np.float32)
    np.testing.assert_array_equal(opened.run({"x": dark})["y"], dark)  # and it goes on


def test_one_thread_watches_all_runs():
    for _ in range(3):
        with deadline.ended_after(60.0, object()) as late:
            assert not late.is_set()
    assert sum(thread.name == deadline.NAME for thread in threading.enumerate()) == 1


class Answers:
    """A session whose answers are given."""

    def __init__(self, made):
        self.made = made

    def run(self, inputs):
        return {"expression": self.made(len(next(iter(inputs.values()))))}


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (lambda n: np.full((n, 8), np.nan, np.float32), "not numbers"),
        (lambda n: np.full((n, 8), np.inf, np.float32), "not numbers"),
        (lambda n: np.zeros((1, 8), np.float32), "rows of expression for"),
    ],
)
def test_nonsense_is_a_sentence(tmp_path, answer, words):
    model = made_model(tmp_path)
    model.session = Answers(answer)
    with pytest.raises(UserError, match=words):
        model.predict([np.zeros((8, 8), np.uint8)] * 3)
