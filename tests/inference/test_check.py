import contextlib
import json
import subprocess

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper

from app.errors import UserError
from app.inference import check, onnx_scan
from app.inference.cards import SHIPPED_MODELS, load_card
from app.inference.check import examine
from app.inference.session import open_model

from .models import card, double, save, with_external_data


def test_facts_of_a_good_file(tmp_path):
    facts = examine(double(tmp_path / "m.onnx"))
    assert [(t.name, t.dtype, t.shape) for t in facts.inputs] == [("x", "tensor(float)", ("batch", 3))]
    assert [t.name for t in facts.outputs] == ["y"]
    assert facts.operators == {"Mul": 1}
    assert facts.parameters == 1


def test_the_verdict_is_kept_by_hash(tmp_path, monkeypatch):
    path = double(tmp_path / "m.onnx")
    first = examine(path)
    monkeypatch.setattr(subprocess, "Popen", lambda *a, **k: pytest.fail("the child ran again"))
    assert examine(path) == first


def test_a_model_from_elsewhere_is_examined_before_it_is_loaded(tmp_path):
    double(tmp_path / "model.onnx")
    card(tmp_path, {"name": "m"})
    path = with_external_data(tmp_path / "model.onnx", "../secret.bin")
    card(tmp_path, {"name": "m"}, path.name)
    with pytest.raises(UserError, match="outside its folder"):
        open_model(load_card(tmp_path), "cpu")


@pytest.mark.parametrize("location", ["../weights.bin", "/etc/passwd", "a/../../b", "C:\\x", "\\\\host\\x", ""])
def test_data_outside_the_folder_is_refused(tmp_path, location):
    with pytest.raises(UserError, match="outside its folder"):
        onnx_scan.scan(with_external_data(tmp_path / "m.onnx", location))


def test_data_through_a_link_is_refused(tmp_path):
    (tmp_path / "in").mkdir()
    (tmp_path / "secret.bin").write_bytes(b"\0\0\0\x40")
    (tmp_path / "in" / "w.bin").symlink_to(tmp_path / "secret.bin")
    with pytest.raises(UserError, match="link"):
        onnx_scan.scan(with_external_data(tmp_path / "in" / "m.onnx", "w.bin"))


def test_data_inside_the_folder_is_allowed_and_examined_every_time(tmp_path):
    (tmp_path / "w.bin").write_bytes(b"\0\0\0\x40")
    path = with_external_data(tmp_path / "m.onnx", "w.bin")
    assert examine(path).external == ("w.bin",)
    (tmp_path / "w.bin").unlink()
    with pytest.raises(UserError, match="missing"):
        examine(path)


def test_data_hidden_in_a_subgraph_is_found(tmp_path):
    inner = onnx.load(str(with_external_data(tmp_path / "inner.onnx", "../x")), load_external_data=False).graph
    constant = helper.make_node("Constant", [], ["c"], value=inner.initializer[0])
    branch = helper.make_graph([constant], "b", [], [helper.make_tensor_value_info("c", TensorProto.FLOAT, [1])])
    node = helper.make_node("If", ["cond"], ["y"], then_branch=branch, else_branch=branch)
    outer = helper.make_graph(
        [node],
        "g",
        [helper.make_tensor_value_info("cond", TensorProto.BOOL, [])],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, [1])],
    )
    path = tmp_path / "outer.onnx"
    path.write_bytes(helper.make_model(outer, opset_imports=[helper.make_opsetid("", 17)]).SerializeToString())
    with pytest.raises(UserError, match="outside its folder"):
        onnx_scan.scan(path)


def test_foreign_operators_are_refused(tmp_path):
    node = helper.make_node("Evil", ["x"], ["y"], domain="evil.ops")
    value = [("x", TensorProto.FLOAT, [1])], [("y", TensorProto.FLOAT, [1])]
    with pytest.raises(UserError, match=r"domain evil\.ops"):
        onnx_scan.scan(save(tmp_path / "m.onnx", [node], *value, domain="evil.ops"))


@pytest.mark.parametrize("data", [b"", b"<!DOCTYPE html><html></html>", b"\xff" * 100, b"\x08\x08", b"PK\x03\x04zip"])
def test_what_is_no_model_is_refused(tmp_path, data):
    path = tmp_path / "m.onnx"
    path.write_bytes(data)
    with pytest.raises(UserError, match="refused"):
        onnx_scan.scan(path)


def test_what_only_looks_like_a_model_is_refused_by_the_child(tmp_path):
    model = onnx.load(str(double(tmp_path / "m.onnx")))
    model.graph.node[0].op_type = "NoSuchOperator"
    (tmp_path / "m.onnx").write_bytes(model.SerializeToString())
    with pytest.raises(UserError, match="it needs the operator NoSuchOperator"):
        examine(tmp_path / "m.onnx")


def test_every_cut_of_a_good_file_ends_in_a_sentence(tmp_path):
    whole = (SHIPPED_MODELS / "mtcnn" / "pnet.onnx").read_bytes()
    path = tmp_path / "cut.onnx"
    for length in range(0, len(whole), 997):
        path.write_bytes(whole[:length])
        with pytest.raises(UserError, match="refused"):
            onnx_scan.scan(path)


@pytest.mark.parametrize("seed", range(4))
def test_damaged_bytes_never_end_in_anything_but_a_sentence(tmp_path, seed):
    whole = (SHIPPED_MODELS / "mtcnn" / "pnet.onnx").read_bytes()
    path, rng = tmp_path / "m.onnx", np.random.default_rng(seed)
    for _ in range(150):
        data = bytearray(whole)
        # Structure lies in the first and last bytes; weights fill the middle.
        for at in rng.integers(0, 900, rng.integers(1, 8)) * rng.choice([1, -1]):
            data[int(at)] = int(rng.integers(0, 256))
        path.write_bytes(data)
        # Anything but these two ends the test: a refusal, or contents within the limits.
        with contextlib.suppress(UserError):
            assert onnx_scan.scan(path).operators.total() <= onnx_scan.MAX_NODES


def test_huge_tensors_are_refused(tmp_path):
    model = onnx.load(str(double(tmp_path / "m.onnx")))
    model.graph.initializer[0].dims[:] = [2**40]
    (tmp_path / "m.onnx").write_bytes(model.SerializeToString())
    with pytest.raises(UserError, match="elements"):
        onnx_scan.scan(tmp_path / "m.onnx")


def test_a_child_that_dies_is_a_sentence(tmp_path, monkeypatch):
    monkeypatch.setattr(
        check.sys, "executable", "/bin/false" if check.os.path.exists("/bin/false") else "/usr/bin/false"
    )
    with pytest.raises(UserError, match="the process that examined it crashed"):
        examine(double(tmp_path / "m.onnx"))


def test_old_rules_are_not_believed(tmp_path):
    path = double(tmp_path / "m.onnx")
    facts = examine(path)
    (kept,) = (check.data_dir() / "examined").iterdir()
    kept.write_text(json.dumps({**json.loads(kept.read_text()), "rules": check.RULES - 1, "parameters": 99}))
    assert examine(path) == facts


def test_a_missing_file(tmp_path):
    with pytest.raises(UserError, match="missing"):
        examine(tmp_path / "none.onnx")
