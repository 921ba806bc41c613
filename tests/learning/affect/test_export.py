import json
import subprocess
import sys

import numpy as np
import onnx
import pytest
from onnx import numpy_helper

from app.domain.snapshot import load_snapshot
from app.errors import UserError
from app.inference.cards import load_card
from app.inference.face_sequence import FaceSequenceModel
from app.inference.session import open_model
from app.learning.affect import export, train
from tests.learning.affect.data import write_snapshot
from tests.learning.affect.frames import SIDE, embed, write_frame_model

SMALL = {
    "gru_head": {"units": 12, "hidden": 8, "length": 20},
    "frame_head": {"units": 12, "second": 6},
    "kollias_cnn": {"scale": 0.02, "backbone": "vgg"},
    "kollias_cnn_rnn": {"scale": 0.02, "backbone": "resnet", "units": 12, "hidden": 8, "length": 12, "cell": "lstm"},
}


@pytest.fixture(scope="module")
def card(tmp_path_factory):
    return write_frame_model(tmp_path_factory.mktemp("frame") / "small_face")


def trained(folder, card, recipe="gru_head", **settings):
    data = write_snapshot(folder / "data", images=True, subjects=4, clips=1, frames=45)
    embed(data, card)
    values = {"epochs": 1} | SMALL[recipe] | settings
    words = [w for key, value in values.items() for w in ("--set", f"{key}={value}")]
    where = ["--snapshot", str(data), "--recipe", recipe, "--out", str(folder / "run"), "--device", "cpu"]
    assert train.main([*where, "--threads", "1", *words]) == 0
    return data


def exported(folder, data, card, name="mine"):
    return export.export_run(folder / "run", data, folder / name, name, card.folder)


@pytest.mark.parametrize("recipe", list(SMALL))
def test_every_recipe_is_exported_and_runs_alike_live_and_at_once(recipe, tmp_path, card):
    data = trained(tmp_path, card, recipe)
    parity = exported(tmp_path, data, card)
    assert max(parity.values()) < 1e-4
    made = load_card(tmp_path / "mine")
    assert made.kind == "face_sequence"
    assert made.training["snapshot_sha256"] == load_snapshot(data).sha256
    model = FaceSequenceModel(open_model(made, "cpu"), made)
    snapshot = load_snapshot(data)
    rows = np.arange(40)
    times_s = rows / 25
    times_s[25:] += 3.0  # the face was away: it is met anew in the middle
    whole = model.track(snapshot.images[rows], snapshot.landmarks[rows], times_s)
    state, live = None, []
    for row, time_s in zip(rows, times_s, strict=True):
        answer, (state,) = model.live([snapshot.images[row]], snapshot.landmarks[row : row + 1], [state], time_s)
        live.append(answer)
    np.testing.assert_allclose(np.concatenate([a.valence_arousal for a in live]), whole.valence_arousal, atol=1e-4)
    np.testing.assert_allclose(np.concatenate([a.probabilities for a in live]), whole.probabilities, atol=1e-4)
    assert whole.probabilities.shape == (40, 8)
    assert len(model.track(snapshot.images[:0], snapshot.landmarks[:0], times_s[:0])) == 0
    assert len(model.live([], snapshot.landmarks[:0], [], 0.0)[0]) == 0


@pytest.mark.parametrize("recipe", ["gru_head", "kollias_cnn"])
def test_coloured_crops_are_learned_from_and_exported_too(recipe, tmp_path):
    apart = {"mean": [120.0, 110.0, 90.0], "std": [60.0, 50.0, 70.0]} if recipe == "gru_head" else {}
    card = write_frame_model(tmp_path / "coloured", colour=True, **apart)
    data = trained(tmp_path, card, recipe)
    assert load_snapshot(data).images.shape[1:] == (SIDE, SIDE, 3)
    assert max(exported(tmp_path, data, card).values()) < 1e-4
    made = load_card(tmp_path / "mine")
    model = FaceSequenceModel(open_model(made, "cpu"), made)
    assert not model.crop_geometry.grey
    snapshot = load_snapshot(data)
    answer = model.track(snapshot.images[:9], snapshot.landmarks[:9], np.arange(9) / 25)
    grey = np.repeat(snapshot.images[:9].mean(axis=3, keepdims=True), 3, axis=3).astype(np.uint8)
    other = model.track(grey, snapshot.landmarks[:9], np.arange(9) / 25)
    assert np.abs(answer.probabilities - other.probabilities).max() > 1e-4


def test_a_network_of_pixels_refuses_a_frame_model_that_scales_its_channels_apart(tmp_path):
    card = write_frame_model(tmp_path / "coloured", colour=True, mean=[120.0] * 3, std=[60.0] * 3)
    data = trained(tmp_path, card, "kollias_cnn")
    with pytest.raises(UserError, match="scales each channel differently"):
        exported(tmp_path, data, card)


def test_one_dimension_leaves_the_other_to_the_frame_model(tmp_path, card):
    data = trained(tmp_path, card, dimension="arousal")
    exported(tmp_path, data, card)
    from app.inference.face_frame import FaceFrameModel

    snapshot = load_snapshot(data)
    made = load_card(tmp_path / "mine")
    model = FaceSequenceModel(open_model(made, "cpu"), made)
    got = model.track(snapshot.images[:9], snapshot.landmarks[:9], np.arange(9) / 25)
    frame = FaceFrameModel(open_model(card, "cpu"), card).predict(snapshot.images[:9])
    np.testing.assert_allclose(got.valence_arousal[:, 0], frame.valence_arousal[:, 0], atol=1e-5)


def test_a_file_that_differs_from_torch_is_refused_and_not_written(tmp_path, card, monkeypatch):
    data = trained(tmp_path, card)
    real = export.assemble

    def spoiled(*args, **kwargs):
        model = real(*args, **kwargs)
        for tensor in model.graph.initializer:
            value = numpy_helper.to_array(tensor)
            if value.ndim == 3:  # a recurrent weight
                tensor.CopyFrom(numpy_helper.from_array((value * 1.5).astype(np.float32), tensor.name))
        return model

    monkeypatch.setattr(export, "assemble", spoiled)
    with pytest.raises(UserError, match="differs"):
        exported(tmp_path, data, card, "bad")
    assert not (tmp_path / "bad" / "model.onnx").exists()
    assert not (tmp_path / "bad" / "card.toml").exists()


def test_other_data_and_other_frame_models_are_refused(tmp_path, card):
    data = trained(tmp_path, card)
    other = embed(write_snapshot(tmp_path / "other", images=True, subjects=4, clips=1, seed=5), card)
    with pytest.raises(UserError, match="other data"):
        exported(tmp_path, other, card)
    stranger = write_frame_model(tmp_path / "stranger", seed=9)
    with pytest.raises(UserError, match="another file"):
        exported(tmp_path, data, stranger)


def test_the_file_runs_in_plain_onnx_runtime(tmp_path, card):
    data = trained(tmp_path, card)
    exported(tmp_path, data, card)
    code = (
        "import sys, json, numpy as np, onnxruntime as o;"
        "s = o.InferenceSession(sys.argv[1], providers=['CPUExecutionProvider']);"
        "f = {i.name: np.zeros([2 if d == 'N' else 5 if d == 'T' else d for d in i.shape], 'float32')"
        " for i in s.get_inputs()};"
        "print(json.dumps([list(a.shape) for a in s.run(None, f)]));"
        "assert not any(m.split('.')[0] == 'app' for m in sys.modules)"
    )
    path = str(tmp_path / "mine" / "model.onnx")
    done = subprocess.run([sys.executable, "-c", code, path], capture_output=True, text=True, check=True)
    assert json.loads(done.stdout)[:2] == [[2, 5, 2], [2, 16]]
    assert onnx.load(path).graph.input[0].type.tensor_type.shape.dim[4].dim_value == SIDE
