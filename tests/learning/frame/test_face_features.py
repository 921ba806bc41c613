"""Features of a frame network that was trained on faces of items, as a model that a stream reads."""

import json

import numpy as np
import pytest
import torch

from app.domain.faces import Face
from app.domain.recipes import find_recipe
from app.domain.training_events import BEST, RESULT
from app.errors import UserError
from app.inference.cards import load_card
from app.learning.clip.members.frame_features import resnet10_trunk
from app.learning.frame.face_features import _crop, main, write
from app.learning.process import checkpoint
from app.streams.network import NetworkFeatures
from app.streams.stream import Seen

SMALL = {"side": 32, "width": 0.06, "units": 10}


@pytest.fixture
def run(tmp_path):
    """What a training of ResNet-10 leaves behind, as far as it is read."""
    torch.manual_seed(0)
    recipe = find_recipe("resnet10_fc1")
    values = recipe.values(SMALL)
    trunk, _ = resnet10_trunk(values, "")
    place = tmp_path / "run"
    place.mkdir()
    (place / RESULT).write_text(json.dumps({"recipe": recipe.name, "values": values}))
    state = {f"body.trunk.{name}": value for name, value in trunk.state_dict().items()}
    checkpoint.write(place / BEST, state | {"body.last.weight": torch.zeros(3, 10)})
    return place, trunk.eval()


@pytest.mark.process
def test_a_stream_reads_what_the_network_says(run, tmp_path):
    place, trunk = run
    assert main(["--recipe", "resnet10_fc1", "--run", str(place), "--out", str(tmp_path / "model")]) == 0
    card = load_card(tmp_path / "model")
    assert card.name.startswith("resnet10_fc1_")
    stream = NetworkFeatures("face:it", card, "square", "cpu")
    image = np.random.default_rng(0).integers(0, 255, (140, 160, 3), np.uint8)
    points = np.float32([[58, 62], [82, 62], [70, 76], [60, 92], [80, 92]])
    crop = stream.source.cut(Seen(image, Face(np.float32([40, 30, 60, 80]), points, 0.9)))
    assert crop.shape == (32, 32, 3)
    rows = stream.rows(np.stack([crop, crop[:, ::-1]]), np.zeros(2))
    assert rows.shape == (2, 10)
    assert stream.spec.columns == 10
    pixels = torch.from_numpy((crop.astype(np.float32) - 128) / 64).permute(2, 0, 1)[None]
    with torch.no_grad():
        expected = torch.relu(trunk(pixels)).numpy()
    np.testing.assert_allclose(rows[:1], expected, atol=1e-5)


def test_other_weights_have_another_name_and_wrong_calls_a_sentence(run, tmp_path):
    place, trunk = run
    write("resnet10_fc1", tmp_path / "one", run=place)
    with torch.no_grad():
        trunk[0].weight += 1
    checkpoint.write(place / BEST, {f"body.trunk.{k}": v for k, v in trunk.state_dict().items()})
    write("resnet10_fc1", tmp_path / "two", run=place)
    assert load_card(tmp_path / "one").name != load_card(tmp_path / "two").name
    with pytest.raises(UserError, match="weights or a run"):
        write("resnet10_fc1", tmp_path / "three")
    with pytest.raises(UserError, match="is a run of"):
        write("vgg_fc6", tmp_path / "three", run=place)
    with pytest.raises(UserError, match="finished"):
        write("vgg_fc6", tmp_path / "three", run=tmp_path)


def test_a_crop_out_of_larger_pictures_is_a_larger_face():
    values = find_recipe("vgg_fc6").values({"crop": 64})
    found = _crop(values, 128)
    assert found["scale"] == pytest.approx(2 * 0.405)
    # The eyes lie 0.384·128 from the top, 32 of which are cut off; of the 64 that are left.
    assert found["eye_y"] == pytest.approx((0.384 * 128 - 32) / 64)
