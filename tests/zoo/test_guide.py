"""The guided import: what it proposes, what it asks, and what it refuses."""

import json
import os
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper

from app.cli import main
from app.domain.emotions import FERPLUS
from app.errors import UserError
from app.inference import check
from app.inference.cards import find_model, list_models
from app.inference.face_frame import FaceFrameModel
from app.jobs import Context
from app.paths import data_dir
from app.services.models.zoo.guide import CLASS_ORDERS, NORMALISATIONS, own_name, propose
from app.services.models.zoo.install import add_own
from tests.inference.models import double, save, with_external_data

from .networks import picture_network

pytestmark = pytest.mark.process


def nothing_left():
    folder = data_dir() / "models"
    return not folder.exists() or os.listdir(folder) == []


def test_a_joint_output_of_ten(tmp_path):
    picture_network(tmp_path / "m.onnx", 224, 10)
    proposal = propose(tmp_path / "m.onnx", "mine")
    card = proposal.card()
    assert card["input"]["face"]["colour"] == "rgb"
    assert card["input"]["face"]["size"] == 224
    assert card["input"]["face"]["std"] == [0.229, 0.224, 0.225]
    assert card["output"]["expression"]["columns"] == [0, 8]
    assert card["output"]["valence_arousal"]["columns"] == [8, 10]
    asked = " ".join(proposal.questions)
    for word in ("licence", "ImageNet", "red, green, blue", "margin", "neutral, happiness", "valence, then arousal"):
        assert word in asked
    assert "Which size" not in asked


def test_what_was_answered_is_what_runs(tmp_path):
    weights = picture_network(tmp_path / "m.onnx", 48, 8, channels=1)
    proposal = propose(tmp_path / "m.onnx", "mine")
    (use,) = proposal.answers.outputs
    classes = CLASS_ORDERS["AffectNet, by alphabet"]
    answers = replace(
        proposal.answers,
        normalisation="−1…1",
        licence="MIT",
        weaknesses=("Made up.",),
        outputs=(replace(use, classes=classes),),
    )
    done = add_own(proposal.card(answers), tmp_path / "m.onnx", Context())
    card = find_model("mine")
    assert card == done.card
    assert card.licence == "MIT"
    assert card.weaknesses == ("Made up.",)
    crops = np.random.default_rng(0).integers(0, 256, (3, 48, 48), np.uint8)
    got = FaceFrameModel.open(card, "cpu").predict(crops).probabilities
    logits = (crops.reshape(3, -1).mean(axis=1, keepdims=True) / 127.5 - 1) @ weights
    shares = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    np.testing.assert_allclose(got[:, [FERPLUS.index(name) for name in classes]], shares, atol=1e-4)


def test_channels_last_an_open_size_and_probabilities(tmp_path):
    path = save(
        tmp_path / "m.onnx",
        [
            helper.make_node("ReduceMean", ["x"], ["mean"], axes=[1, 2], keepdims=0),
            helper.make_node("MatMul", ["mean", "w"], ["logits"]),
            helper.make_node("Softmax", ["logits"], ["y"]),
        ],
        [("x", TensorProto.FLOAT, ["N", "H", "W", 3])],
        [("y", TensorProto.FLOAT, ["N", 7])],
        [("w", np.arange(21, dtype=np.float32).reshape(3, 7) / 21)],
    )
    proposal = propose(path, "mine")
    card = proposal.card(replace(proposal.answers, size=64, normalisation="0…1"))
    assert card["input"]["face"]["layout"] == "NHWC"
    assert card["output"]["fer"]["activation"] == "probabilities"
    assert not proposal.size_is_fixed
    assert any("Which size" in question for question in proposal.questions)
    done = add_own(card, path, Context())
    got = FaceFrameModel.open(done.card, "cpu").predict([np.zeros((30, 30, 3), np.uint8)])
    np.testing.assert_allclose(got.fer, np.full((1, 7), 1 / 7), atol=1e-6)


def test_several_outputs(tmp_path):
    nodes, outputs, weights = [], [], []
    nodes.append(helper.make_node("ReduceMean", ["x"], ["mean"], axes=[2, 3], keepdims=0))
    for name, width in (("classes", 8), ("affect", 2), ("features", 64)):
        nodes.append(helper.make_node("MatMul", ["mean", f"w_{name}"], [name]))
        outputs.append((name, TensorProto.FLOAT, ["N", width]))
        weights.append((f"w_{name}", np.ones((1, width), np.float32)))
    path = save(tmp_path / "m.onnx", nodes, [("x", TensorProto.FLOAT, ["N", 1, 40, 40])], outputs, weights)
    proposal = propose(path, "mine")
    assert [use.role for use in proposal.answers.outputs] == ["expression", "valence_arousal", "unused"]
    assert set(proposal.card()["output"]) == {"expression", "valence_arousal"}
    assert any("features" in question for question in proposal.questions)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda a: replace(a, outputs=(replace(a.outputs[0], role="unused"),)), "No output is used"),
        (lambda a: replace(a, outputs=(replace(a.outputs[0], classes=FERPLUS[:7]),)), "7 are named"),
        (lambda a: replace(a, outputs=a.outputs * 2), "Two outputs"),
        (lambda a: replace(a, normalisation="odd"), "not known"),
        (lambda a: replace(a, size=32), "does not fit"),
        (lambda a: replace(a, colour="rgb"), "does not fit"),
        (lambda a: replace(a, alignment="nose"), "aligned by nose"),
        (lambda a: replace(a, outputs=(replace(a.outputs[0], classes=("joy", *FERPLUS[1:])),)), "unknown class joy"),
        (lambda a: replace(a, name="no name!"), "cannot be a model's name"),
        (lambda a: replace(a, name="../../evil"), "cannot be a model's name"),
        (lambda a: replace(a, name="affectograph_face"), "already"),
        (lambda a: replace(a, name="enet_b2_8"), "name of a model of the zoo"),
    ],
)
def test_answers_that_do_not_fit(tmp_path, change, sentence):
    picture_network(tmp_path / "m.onnx", 48, 8, channels=1)
    proposal = propose(tmp_path / "m.onnx", "mine")
    with pytest.raises(UserError, match=sentence):
        add_own(proposal.card(change(proposal.answers)), tmp_path / "m.onnx", Context())
    assert nothing_left()


def shaped(path, shape, outputs=(("y", 8),), dtype=TensorProto.FLOAT):
    nodes = [helper.make_node("ConstantOfShape", [f"s{i}"], [name]) for i, (name, _) in enumerate(outputs)]
    nodes.append(helper.make_node("Identity", ["x"], ["same"]))
    return save(
        path,
        nodes,
        [("x", dtype, shape)],
        [(name, TensorProto.FLOAT, [1, width]) for name, width in outputs],
        [(f"s{i}", np.int64([1, width])) for i, (_, width) in enumerate(outputs)],
    )


@pytest.mark.parametrize(
    ("shape", "outputs", "sentence"),
    [
        (["N", 3, 8], [("y", 8)], "takes one picture"),
        (["N", 4, 48, 48], [("y", 8)], "4 channels"),
        (["N", 1, 48, 64], [("y", 8)], "square"),
        (["N", 1, 48, 48], [("y", 5)], "8 or 7 classes"),
    ],
)
def test_what_cannot_be_a_face_model(tmp_path, shape, outputs, sentence):
    with pytest.raises(UserError, match=sentence):
        propose(shaped(tmp_path / "m.onnx", shape, outputs), "mine")


def test_data_outside_the_folder(tmp_path, capsys):
    path = with_external_data(tmp_path / "m.onnx", "../../etc/passwd")
    assert main(["models", "add", str(path), "--yes"]) == 1
    assert "outside its folder" in capsys.readouterr().err
    assert nothing_left()


def test_huge_shapes(tmp_path):
    with pytest.raises(UserError, match="larger than allowed"):
        propose(shaped(tmp_path / "m.onnx", [1, 3, 2**20, 2**20]), "mine")
    model = onnx.load(str(double(tmp_path / "n.onnx")))
    model.graph.initializer[0].dims[:] = [2**40]
    (tmp_path / "n.onnx").write_bytes(model.SerializeToString())
    with pytest.raises(UserError, match="elements"):
        propose(tmp_path / "n.onnx", "mine")


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="memory limits of the child are Linux's")
def test_a_file_that_wants_more_memory_than_allowed(tmp_path):
    # Harmless to read, but running it once asks for 32 GB.
    path = save(
        tmp_path / "m.onnx",
        [
            helper.make_node("ConstantOfShape", ["huge"], ["big"]),
            helper.make_node("ReduceMean", ["big"], ["mean"], keepdims=0),
            helper.make_node("ReduceMean", ["x"], ["own"], axes=[1, 2, 3], keepdims=0),
            helper.make_node("Add", ["own", "mean"], ["sum"]),
            helper.make_node("Unsqueeze", ["sum", "one"], ["column"]),
            helper.make_node("MatMul", ["column", "w"], ["y"]),
        ],
        [("x", TensorProto.FLOAT, ["N", 1, 48, 48])],
        [("y", TensorProto.FLOAT, ["N", 8])],
        [("huge", np.int64([2**33])), ("one", np.int64([1])), ("w", np.ones((1, 8), np.float32))],
    )
    with pytest.raises(UserError, match=r"refused|memory"):
        add_own(propose(path, "mine").card(), path, Context())
    assert nothing_left()


@pytest.mark.skipif(sys.platform == "win32", reason="signals are POSIX")
def test_a_file_that_brings_the_examination_down(tmp_path, monkeypatch, capsys):
    """The child really dies of a signal while it looks at the file."""
    picture_network(tmp_path / "m.onnx", 48, 8, channels=1)
    killer = tmp_path / "python"
    killer.write_text(f'#!/bin/sh\nexec "{sys.executable}" -c "import os; os.kill(os.getpid(), 11)"\n')
    killer.chmod(0o755)
    monkeypatch.setattr(check.sys, "executable", str(killer))
    assert main(["models", "add", str(tmp_path / "m.onnx"), "--yes"]) == 1
    assert "the process that examined it crashed (signal 11)" in capsys.readouterr().err
    assert nothing_left()


def test_the_command_asks_before_it_adds(tmp_path, capsys, monkeypatch):
    picture_network(tmp_path / "My Net-v2.onnx", 48, 8, channels=1)
    words = ["models", "add", str(tmp_path / "My Net-v2.onnx")]
    monkeypatch.setattr(sys.stdin, "isatty", lambda: False, raising=False)
    assert main(words) == 1
    assert "not confirmed" in capsys.readouterr().err
    assert nothing_left()
    assert main([*words, "--yes", "--licence", "MIT"]) == 0
    said = capsys.readouterr().out
    assert "It takes input: N×1×48×48" in said
    assert "These were guessed" in said
    assert find_model("My_Net_v2").licence == "MIT"


def test_a_card_is_written_corrected_and_used(tmp_path, capsys):
    picture_network(tmp_path / "m.onnx", 48, 8, channels=1)
    card = tmp_path / "card.toml"
    assert main(["models", "add", str(tmp_path / "m.onnx"), "--name", "mine", "--write-card", str(card)]) == 0
    assert nothing_left()
    card.write_text(card.read_text("utf-8").replace('title = "mine"', 'title = "My network"'), "utf-8")
    assert main(["models", "add", str(tmp_path / "m.onnx"), "--card", str(card)]) == 0
    assert main(["models", "info", "mine"]) == 0
    assert "My network" in capsys.readouterr().out
    card.write_text("not = [toml", "utf-8")
    assert main(["models", "add", str(tmp_path / "m.onnx"), "--name", "b", "--card", str(card)]) == 1


def test_a_written_card_guides_its_correction(tmp_path, capsys):
    model, card = tmp_path / "my net.onnx", tmp_path / "my card.toml"
    picture_network(model, 48, 8, channels=1)
    assert main(["models", "add", str(model), "--write-card", str(card)]) == 0
    assert f"affectograph models add '{model}' --card '{card}'" in capsys.readouterr().out
    notes = [line for line in card.read_text("utf-8").splitlines() if line.startswith("#")]
    for question in propose(model, "my_net").questions:
        assert f"# - {question}" in notes
    assert any(", ".join(CLASS_ORDERS["AffectNet, by number"]) in note for note in notes)
    assert main(["models", "add", str(model), "--card", str(card)]) == 0
    assert find_model("my_net").outputs["expression"].more["classes"] == list(FERPLUS)


def test_of_outputs_that_look_alike_the_first_is_taken(tmp_path):
    outputs = (("a", 2), ("b", 2), ("c", 8), ("d", 10))
    proposal = propose(shaped(tmp_path / "m.onnx", ["N", 1, 48, 48], outputs), "mine")
    assert [use.role for use in proposal.answers.outputs] == ["valence_arousal", "unused", "expression", "unused"]
    assert set(proposal.card()["output"]) == {"valence_arousal", "expression"}
    assert any(question.startswith("What is d?") for question in proposal.questions)


@pytest.mark.parametrize(
    ("words", "sentence"),
    [(["{folder}"], "is a folder"), (["{model}", "--card", "{folder}/none.toml"], "(No such file or directory)")],
)
def test_what_cannot_be_read_is_a_sentence(tmp_path, capsys, words, sentence):
    picture_network(tmp_path / "m.onnx", 48, 8, channels=1)
    words = [word.format(folder=tmp_path, model=tmp_path / "m.onnx") for word in words]
    assert main(["models", "add", *words]) == 1
    said = capsys.readouterr().err
    assert sentence in said
    assert "Errno" not in said


@pytest.mark.parametrize(
    ("stem", "name"),
    [("model-v2.1", "model_v2_1"), ("2fast", "model_2fast"), ("é", "model"), ("a b", "a_b"), ("x" * 200, "x" * 64)],
)
def test_names_from_files(stem, name):
    assert own_name(Path(f"{stem}.onnx")) == name


def test_every_scaling_is_one_the_model_family_knows(tmp_path):
    picture_network(tmp_path / "m.onnx", 48, 8)
    proposal = propose(tmp_path / "m.onnx", "mine")
    for number, scaling in enumerate(NORMALISATIONS):
        answers = replace(proposal.answers, name=f"m{number}", normalisation=scaling)
        add_own(proposal.card(answers), tmp_path / "m.onnx", Context())
    assert len([card for card in list_models() if not card.shipped]) == 4


def test_list_info_verify_and_remove(tmp_path, capsys):
    picture_network(tmp_path / "m.onnx", 48, 8, channels=1)
    assert main(["models", "add", str(tmp_path / "m.onnx"), "--name", "mine", "--yes"]) == 0
    capsys.readouterr()
    assert main(["models", "list", "--json"]) == 0
    facts = json.loads(capsys.readouterr().out)
    by_name = {model["name"]: model for model in facts["installed"]}
    assert by_name["mine"]["shipped"] is False
    assert [name for name, model in by_name.items() if model["in_use"]] == ["affectograph_face"]
    assert {model["name"]: model["non_commercial"] for model in facts["available"]} == {
        "yunet_n_640_640": False, "enet_b0_8_va_mtl": True, "enet_b2_8": True,
    }  # fmt: skip
    assert main(["models", "list"]) == 0
    said = capsys.readouterr().out
    assert "mine" in said
    assert "NON-COMMERCIAL" in said
    assert "(in use)" in said
    assert main(["models", "verify"]) == 0
    path = find_model("mine").path()
    path.write_bytes(path.read_bytes()[:-1] + b"\0")
    assert main(["models", "verify"]) == 1
    assert "mine" in capsys.readouterr().err
    assert main(["models", "verify", "affectograph_face"]) == 0
    assert main(["models", "remove", "mine"]) == 0
    assert main(["models", "remove", "affectograph_face"]) == 1
    assert main(["models", "info", "none"]) == 1


def test_info_shows_the_terms_of_one_that_is_not_installed(capsys):
    assert main(["models", "info", "enet_b2_8"]) == 0
    said = capsys.readouterr().out
    assert "NON-COMMERCIAL" in said
    assert "not installed" in said


def test_nothing_is_fetched_unasked(capsys, monkeypatch):
    monkeypatch.setattr(sys.stdin, "isatty", lambda: False, raising=False)
    assert main(["models", "install", "enet_b2_8", "--url", "http://127.0.0.1:1/x"]) == 1
    said = capsys.readouterr()
    assert "Nothing is fetched without your agreement" in said.err
    assert "licence" in said.out


@pytest.mark.parametrize(
    ("stem", "title"), [("naïve model (1)", "naïve model (1)"), ("喜_v2", "喜 v2"), ("a_b", "a b")]
)
def test_the_title_keeps_what_the_file_is_called(tmp_path, stem, title):
    path = tmp_path / f"{stem}.onnx"
    picture_network(path, 64, 10)
    proposal = propose(path, own_name(path))
    assert proposal.answers.title == title
    assert proposal.answers.name.isidentifier()
    assert propose(path, "chosen_one").answers.title == "chosen one"
