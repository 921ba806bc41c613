import json
import shutil
from pathlib import Path

import numpy as np
import onnx
import pytest
import torch
from onnx import helper

from app.domain.class_metrics import expected_calibration_error
from app.errors import UserError
from app.inference.quantise import largest_difference, run_file
from app.learning.blocks.frame_net import Student
from app.learning.frame.affect import coordinates
from app.learning.frame.evaluate import fit_temperature, softmax
from app.learning.frame.export import OUTPUTS, Shipped, assemble
from app.learning.frame.localise import Localiser, load_localiser
from app.learning.frame.networks import build
from app.learning.frame.ship import Shipment, export_in_child, halved

pytestmark = pytest.mark.process


def small(seed):
    torch.manual_seed(seed)
    return Student(stem=8, widths=(8, 16, 24)).eval()


def test_joined_classifiers_average_the_networks_logits():
    nets = [small(1), small(2)]
    shipped = Shipped(nets, (2.0, 0.5), flip=False)
    shipped.eval()
    face = torch.rand(4, 1, 48, 48) * 255
    expression, fer, affect, embedding = shipped(face)
    first = (nets[0](face)[0] + nets[1](face)[0]) / 2
    second = (nets[0](face)[1] + nets[1](face)[1]) / 2
    torch.testing.assert_close(expression, torch.softmax(first / 2.0, 1), atol=1e-6, rtol=1e-5)
    torch.testing.assert_close(fer, torch.softmax(second / 0.5, 1), atol=1e-6, rtol=1e-5)
    torch.testing.assert_close(affect, expression @ torch.from_numpy(coordinates()))
    assert embedding.shape == (4, 48)


def test_a_mirrored_face_gives_the_same_answer():
    shipped = Shipped([small(3)], (1.0, 1.0), flip=True)
    shipped.eval()
    face = torch.rand(2, 1, 48, 48) * 255
    for one, other in zip(shipped(face), shipped(face.flip(3)), strict=True):
        torch.testing.assert_close(one, other, atol=1e-5, rtol=1e-4)


@pytest.fixture(scope="module")
def exported(tmp_path_factory) -> tuple[Shipment, Path]:
    """A student with a localiser, exported in a process of its own."""
    folder = tmp_path_factory.mktemp("export")
    torch.manual_seed(5)
    net = build("student")
    torch.save({"recipe": "student", "average": net.state_dict()}, folder / "final.pt")
    torch.save(Localiser().state_dict(), folder / "localiser.pt")
    parts = Shipment([folder / "final.pt"], flip=True, side=40, localiser=folder / "localiser.pt")
    export_in_child(parts, (1.3, 0.9), folder / "model.onnx")
    return parts, folder / "model.onnx"


@pytest.mark.parametrize("batch", [1, 3, 16])
def test_file_and_torch_agree(exported, batch):
    parts, path = exported
    shipped = assemble(parts.checkpoints, (1.3, 0.9), parts.flip, parts.side, parts.localiser)
    face = torch.randint(0, 256, (batch, 1, 48, 48), generator=torch.Generator().manual_seed(batch)).float()
    with torch.inference_mode():
        ours = {name: value.numpy() for name, value in zip(OUTPUTS, shipped(face), strict=True)}
    theirs = run_file(path, {"face": face.numpy()})
    assert list(theirs) == list(OUTPUTS)
    assert largest_difference(ours, theirs) <= 1e-4
    np.testing.assert_allclose(theirs["expression"].sum(axis=1), 1, atol=1e-5)
    np.testing.assert_allclose(theirs["fer"].sum(axis=1), 1, atol=1e-5)
    assert np.abs(theirs["valence_arousal"]).max() <= 1


def test_half_of_the_file_takes_its_place_and_says_nearly_the_same(exported, faces, tmp_path):
    main = tmp_path / "model.onnx"
    shutil.copy(exported[1], main)
    whole = run_file(main, {"face": faces.images[:8, None].astype(np.float32)})
    half = halved(main, faces)
    assert (half.name, main.exists()) == ("model.fp16.onnx", False)
    assert half.stat().st_size < 0.55 * exported[1].stat().st_size
    assert largest_difference(whole, run_file(half, {"face": faces.images[:8, None].astype(np.float32)})) <= 1e-2


def test_file_is_small_enough(exported):
    assert exported[1].stat().st_size <= 12_000_000


def test_the_file_tells_nothing_about_the_machine_that_wrote_it(exported):
    assert str(Path(__file__).resolve().parents[3]).encode() not in exported[1].read_bytes()


def test_temperature_mends_overconfidence():
    rng = np.random.default_rng(0)
    logits = rng.normal(0, 1.5, (4000, 7)).astype(np.float32)
    chance = softmax(logits)
    labels = np.array([rng.choice(7, p=row / row.sum()) for row in chance.astype(np.float64)])
    sharp = logits * 3
    heat = fit_temperature(sharp, lambda p: -float(np.log(p[np.arange(4000), labels] + 1e-9).mean()))
    assert heat == pytest.approx(3.0, abs=0.2) or heat > 2.7
    before = expected_calibration_error(softmax(sharp), labels)
    after = expected_calibration_error(softmax(sharp, heat), labels)
    assert after < before / 3
    assert json.dumps(heat)


def test_the_localiser_in_a_file_is_the_one_that_it_was_made_from(exported):
    parts, path = exported
    face = torch.rand(3, 1, 48, 48) * 255
    with torch.inference_mode():
        expected, found = load_localiser(parts.localiser)(face), load_localiser(path)(face)
    torch.testing.assert_close(found, expected, atol=1e-5, rtol=1e-4)


def test_a_file_without_a_localiser_is_refused(tmp_path):
    empty = helper.make_graph([], "none", [], [])
    onnx.save(helper.make_model(empty), tmp_path / "model.onnx")
    with pytest.raises(UserError, match="has no localiser"):
        load_localiser(tmp_path / "model.onnx")
