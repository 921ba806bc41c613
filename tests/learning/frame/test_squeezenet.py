"""SqueezeNet's features from a local file of weights: the network, its ONNX model, and the streams that read it."""

import numpy as np
import pytest
import torch

from app.domain.faces import Face
from app.errors import UserError
from app.inference.cards import load_card
from app.learning.frame.squeezenet import SqueezeNetFeatures, main
from app.streams import catalogue
from app.streams.network import NetworkFeatures
from app.streams.stream import Seen


@pytest.fixture(scope="module")
def weights(tmp_path_factory):
    """Weights as torchvision names them, with the classifier behind the features."""
    torch.manual_seed(2)
    names = iter(SqueezeNetFeatures().state_dict().items())
    path = tmp_path_factory.mktemp("weights") / "squeezenet1_1.pth"
    state = {f"features.{number}": value for number, (_, value) in enumerate(names)}
    torch.save(state | {"classifier.1.weight": torch.zeros(10, 512, 1, 1)}, path)
    return path


def test_the_network_has_the_size_of_squeezenet_1_1():
    # 1,235,496 parameters with the classifier of 1000 classes (512·1000 + 1000)
    assert sum(each.numel() for each in SqueezeNetFeatures().parameters()) == 1_235_496 - 513_000
    with torch.no_grad():
        assert SqueezeNetFeatures(maps=True)(torch.rand(1, 3, 224, 224)).shape == (1, 25_088)


@pytest.mark.process
@pytest.mark.parametrize("maps", [False, True])
def test_the_stream_gives_what_the_network_gives(weights, tmp_path, maps):
    words = ["--weights", str(weights), "--out", str(tmp_path), *(["--maps"] if maps else [])]
    assert main(words) == 0
    stream = NetworkFeatures("context:squeezenet", load_card(tmp_path), "context", "cpu", catalogue.CONTEXT_HZ)
    assert (stream.spec.columns, stream.spec.frame_classes, stream.spec.rate_hz) == (25_088 if maps else 512, (), 5.0)
    image = np.random.default_rng(0).integers(0, 255, (140, 200, 3), np.uint8)
    face = Face(np.float32([40, 30, 60, 80]), np.float32([[58, 62], [82, 62], [70, 76], [60, 92], [80, 92]]), 0.9)
    picture = stream.source.cut(Seen(image, face))
    masked = NetworkFeatures("context_masked:squeezenet", load_card(tmp_path), "context_masked", "cpu")
    assert (masked.source.cut(Seen(image, face)) != picture).any()
    network = SqueezeNetFeatures(maps=maps).eval()
    network.load_state_dict(dict(zip(network.state_dict(), torch.load(weights).values(), strict=False)))
    mean, std = torch.tensor([0.485, 0.456, 0.406]), torch.tensor([0.229, 0.224, 0.225])
    pixels = ((torch.from_numpy(picture) / 255 - mean) / std).permute(2, 0, 1)[None]
    with torch.no_grad():
        np.testing.assert_allclose(stream.rows(picture[None], np.zeros(1)), network(pixels), atol=1e-4, rtol=1e-3)


def test_other_weights_are_refused(tmp_path):
    torch.save({"a": torch.zeros(3, 3)}, tmp_path / "other.pt")
    assert main(["--weights", str(tmp_path / "other.pt"), "--out", str(tmp_path / "out")]) != 0
    assert not (tmp_path / "out").exists()


def test_names_of_networks_of_the_surroundings():
    assert catalogue.read_names("face,context:squeezenet") == ("face", "context:squeezenet")
    with pytest.raises(UserError, match="no stream named context:"):
        catalogue.read_names("context:")
    with pytest.raises(UserError, match="nowhere"):
        catalogue.open_streams(("context:nowhere",))
