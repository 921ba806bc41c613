"""The networks of Xu et al. 2017: sizes as printed, numbers worked by hand, and heads in ONNX Runtime alone."""

import json

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn

from app.domain.item_data import load_items
from app.domain.item_frames import thinned
from app.domain.recipes import find_recipe
from app.domain.training_events import BEST, HELD_OUT, NUMBERS, RESULT
from app.errors import UserError
from app.learning.blocks.backbones import VggBackbone
from app.learning.blocks.c3d import C3d, windows_of
from app.learning.blocks.pictures import PictureColumns, Pictures, colour_pictures
from app.learning.blocks.weights import take_weights
from app.learning.clip import graph
from app.learning.clip.members.bilstm import ResidualBiLstm
from app.learning.clip.members.c3d import LITERAL, draw_window
from app.learning.clip.run import ClipNetwork, build, too_large
from app.learning.clip.second import Staged
from app.learning.clip.train import main
from app.learning.process import checkpoint
from tests.learning.clip import sequences
from tests.learning.clip.data import made_up
from tests.learning.clip.pixel_data import SIDE, made_pixels
from tests.learning.clip.sequences import network_of, streams_of
from tests.learning.clip.test_graph import in_plain_runtime, side_by_side

_PIXELS = {"side": 32, "batch": 8, "epochs": 2, "folds": 1, "grid": "1", "learning_rate": 0.02, "frames": 12}
TINY = {
    "c3d": _PIXELS | {"side": 16, "crop": 18, "width": 0.06, "hidden": 12, "windows": 3, "frames": 100},
    "vgg_fc6": _PIXELS | {"width": 0.06, "units": 10, "crop": 16},
    "resnet10_fc1": _PIXELS | {"width": 0.06, "units": 10},
    "bilstm": {"batch": 8, "epochs": 2, "folds": 1, "units": 5, "frames": 20},
}


def count_of(module):
    return sum(parameter.numel() for parameter in module.parameters())


def test_c3d_has_the_parameters_of_its_authors_and_the_literal_form_many_more():
    with torch.device("meta"):
        plain = C3d()
        assert count_of(plain) == 77_995_776
        assert count_of(plain) + count_of(nn.Linear(4096, 7)) == 78_024_455
        assert plain.fc6.in_features == 512 * 1 * 4 * 4
        assert round(count_of(C3d(128, 112, 112)) / 1e6) == 313
        assert round(count_of(C3d(*LITERAL[1:])) / 1e6) == 548
        kinds = [type(layer) for layer in plain.layers]
    assert (kinds.count(nn.Conv3d), kinds.count(nn.MaxPool3d)) == (8, 5)


def test_vgg_16_up_to_fc6_fits_into_the_largest_file_that_is_read():
    with torch.device("meta"):
        backbone = VggBackbone(side=224)
        whole = count_of(backbone) + count_of(nn.Linear(backbone.size, 4096))
    assert backbone.size == 25088
    assert whole == 117_479_232
    assert whole * 4 < 512 * 2**20


def test_a_network_beyond_the_largest_file_is_named_before_and_not_exported():
    with torch.device("meta"):
        assert too_large(C3d()) == ""
        assert "2090 MiB" in too_large(C3d(*LITERAL[1:]))


def test_windows_are_spread_evenly_and_short_items_repeat_frames():
    assert windows_of(torch.tensor([6, 2]), 2, 4).tolist() == [[0, 1, 2, 3, 2, 3, 4, 5], [0, 0, 1, 1, 0, 0, 1, 1]]
    assert windows_of(torch.tensor([9]), 1, 4).tolist() == [[2, 3, 4, 5]]
    assert windows_of(torch.tensor([1]), 3, 2).tolist() == [[0] * 6]


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(1, 50), min_size=1, max_size=4), st.integers(1, 5), st.integers(1, 20))
def test_windows_stay_within_their_item_and_begin_and_end_with_it(lengths, windows, frames):
    read = windows_of(torch.tensor(lengths), windows, frames).reshape(len(lengths), windows, frames)
    for length, mine in zip(lengths, read, strict=True):
        assert int(mine.min()) >= 0
        assert int(mine.max()) < length
        steps = mine.diff(dim=1)
        assert bool((steps == 1).all() if length >= frames else ((steps == 0) | (steps == 1)).all())
        if windows > 1:
            assert int(mine[0, 0]) == 0
            assert int(mine[-1, -1]) >= length - 1 - length // frames


def test_a_window_is_drawn_in_training_from_any_place():
    values = {"form": "windows", "window": 16}
    starts = {int(draw_window(values, 20, np.random.default_rng(seed))[0]) for seed in range(60)}
    assert starts == set(range(5))
    assert draw_window(values, 3, np.random.default_rng(0)).tolist() == [0, 1, 2]


def test_pictures_are_cut_in_the_middle_and_scaled():
    rows = PictureColumns("face_pixels", 2, 4, 4, 3)
    image = np.arange(48, dtype=np.float32).reshape(4, 4, 3)
    x = torch.from_numpy(np.r_[-1, -1, image.ravel(), -1][None].astype(np.float32))
    made = Pictures(rows, 2, 2, crop=2).eval()(x)
    np.testing.assert_allclose(made[0].numpy(), (image[1:3, 1:3].transpose(2, 0, 1) - 128) / 64)
    vgg = Pictures(rows, 4, 4, scale="vgg_face").eval()(x)
    np.testing.assert_allclose(vgg[0, :, 0, 0].numpy(), image[0, 0] - [129.1863, 104.7624, 93.5940], rtol=1e-5)
    twice = Pictures(rows, 8, 8, turn=20.0).train()
    torch.manual_seed(1)
    assert not torch.allclose(twice.moved(x), twice.moved(x))


def test_data_without_pixels_are_refused_with_what_to_do(tmp_path):
    data = load_items(made_up(tmp_path, subjects=6, clips=2))
    with pytest.raises(UserError, match="pixels"):
        colour_pictures(data)


def test_weights_are_taken_in_order_and_checked(tmp_path):
    torch.manual_seed(0)
    small = nn.Sequential(nn.Conv2d(3, 2, 3), nn.ReLU(), nn.Flatten(), nn.Linear(8, 3))
    theirs = {"a.weight": torch.randn(2, 3, 3, 3), "a.bias": torch.randn(2), "fc6.weight": torch.randn(3, 8)}
    theirs |= {"fc6.bias": torch.randn(3), "fc8.weight": torch.randn(5, 3), "fc8.bias": torch.randn(5)}
    path = tmp_path / "vgg.pth"
    torch.save(theirs, path)
    take_weights(small, path)
    assert torch.equal(small[3].weight, theirs["fc6.weight"])
    (tmp_path / "vgg.pth.sha256").write_text("0" * 64 + "  vgg.pth\n")
    with pytest.raises(UserError, match="SHA-256"):
        take_weights(small, path)
    (tmp_path / "vgg.pth.sha256").unlink()
    with pytest.raises(UserError, match="does not fit"):
        take_weights(nn.Sequential(nn.Conv2d(3, 4, 3)), path)
    path.write_bytes(b"no weights")
    with pytest.raises(UserError, match="cannot be used"):
        take_weights(small, path)


def test_a_residual_layer_of_zero_weights_passes_its_input_on():
    body = ResidualBiLstm(3, 2, units=4, layers=2)
    with torch.no_grad():
        for layer in body.layers:
            for parameter in layer.parameters():
                parameter.zero_()
    frames = torch.randn(2, 5, 3)
    expected = body.last(torch.relu(body.first(frames[torch.arange(2), torch.tensor([4, 1])])))
    torch.testing.assert_close(body(frames, torch.tensor([5, 2])), expected)


@settings(max_examples=10, deadline=None)
@given(st.lists(st.integers(1, 7), min_size=1, max_size=4), st.integers(1, 5), st.integers(1, 3), st.integers(1, 3))
def test_the_bilstm_has_gradients_everywhere_and_ignores_the_padding(lengths, features, units, layers):
    torch.manual_seed(len(lengths))
    body = ResidualBiLstm(features, 3, units=units, layers=layers)
    frames = torch.randn(len(lengths), max(lengths), features)
    said = body(frames, torch.tensor(lengths))
    assert said.shape == (len(lengths), 3)
    said.square().sum().backward()
    assert all(parameter.grad is not None for parameter in body.parameters())
    padded = torch.cat([frames, torch.full_like(frames, 9.0)], dim=1)
    torch.testing.assert_close(body(padded, torch.tensor(lengths)), said)


@settings(max_examples=8, deadline=None)
@given(
    name=st.sampled_from(["vgg_fc6", "resnet10_fc1", "c3d"]),
    side=st.integers(16, 36),
    shown=st.integers(4, 20),
    lengths=st.lists(st.integers(1, 6), min_size=2, max_size=3),
    units=st.integers(1, 9),
    classes=st.integers(2, 9),
)
def test_shapes_and_gradients(name, side, shown, lengths, units, classes):
    data = streams_of({"face_pixels": shown * shown * 3}, classes, lengths, shapes=[(shown, shown, 3)])
    data.features[:] = np.random.default_rng(4).integers(0, 256, data.features.shape)
    last = {"hidden": units, "windows": 2, "window": 16} if name == "c3d" else {"units": units}
    side = 32 * (side // 16) if name == "vgg_fc6" else side
    network = network_of(name, data, side=side, crop=0, width=0.06, dropout=0.0, **last).train()
    feeds = sequences.side_by_side(data)
    said = network(torch.from_numpy(feeds["features"]), torch.from_numpy(feeds["length"]))
    assert said.shape == (len(lengths), classes)
    assert bool(said.isfinite().all())
    said.log_softmax(dim=1)[:, 0].sum().backward()
    for key, weights in network.named_parameters():
        assert weights.grad is not None, key
        assert bool(weights.grad.isfinite().all()), key
    first = next(weights for weights in network.parameters() if weights.dim() > 1)
    assert float(first.grad.abs().max()) > 0


@pytest.fixture(scope="module")
def pixels(tmp_path_factory):
    return made_pixels(tmp_path_factory.mktemp("pixels"))


@pytest.fixture(scope="module")
def rows_of_features(tmp_path_factory):
    return made_up(tmp_path_factory.mktemp("rows"), subjects=9, clips=4, frames=(1, 40))


@pytest.mark.process
@pytest.mark.parametrize("name", list(TINY))
def test_a_head_says_what_the_training_said(pixels, rows_of_features, tmp_path, name):
    items, run = rows_of_features if name == "bilstm" else pixels, tmp_path / "run"
    settings_ = [word for key, value in TINY[name].items() for word in ("--set", f"{key}={value}")]
    lead = ["--threads", "1", "--device", "cpu", "--items", str(items), "--recipe", name, "--out", str(run)]
    assert main([*lead, *settings_]) == 0
    data, recipe = load_items(items), find_recipe(name)
    values = recipe.values(json.loads((run / RESULT).read_text())["values"])
    network = build(recipe, values, data)
    network.load_state_dict(checkpoint.read(run / BEST))
    member = network.eval()
    if name != "bilstm":
        with np.load(run / NUMBERS) as file:
            member = Staged(network, dict(file))
    with np.load(run / HELD_OUT) as file:
        expected = file["predicted"]
    tested = np.flatnonzero(np.isfinite(expected).all(axis=1))
    every = int(values["frames"])
    rows = [np.asarray(data.features[data.frames(i)], np.float32) for i in tested]
    rows = [row[thinned(len(row), every)] for row in rows]
    model = graph.head(member, recipe.network, rows[0].shape[1], len(data.classes))
    said = in_plain_runtime(model, side_by_side(rows), tmp_path)
    np.testing.assert_allclose(said["joint"], expected[tested], atol=1e-5)
    np.testing.assert_allclose(said["alone"], expected[tested], atol=1e-5)
    assert len(model.graph.node) < 200


@pytest.mark.process
def test_the_networks_themselves_become_graphs_too(pixels, tmp_path):
    """Early stopping reads the networks without the machine behind them, and so may a graph."""
    data = load_items(pixels)
    for name in ("c3d", "vgg_fc6"):
        recipe = find_recipe(name)
        network = build(recipe, recipe.values(TINY[name]), data).eval()
        feeds = side_by_side([np.asarray(data.features[data.frames(i)], np.float32) for i in range(3)])
        with torch.no_grad():
            expected = network(*(torch.from_numpy(feeds[key]) for key in ("features", "length"))).softmax(1).numpy()
        said = in_plain_runtime(graph.head(network, recipe.network, 3 * SIDE**2, 3), feeds, tmp_path)
        np.testing.assert_allclose(said["joint"], expected, atol=1e-5)


@pytest.mark.parametrize("name", ["c3d", "vgg_fc6"])
def test_deep_networks_start_so_that_pictures_differ(pixels, name):
    """With torch's usual start, the features of all items are equal to some eight digits, and nothing is learned."""
    data, recipe = load_items(pixels), find_recipe(name)
    torch.manual_seed(0)
    body = build(recipe, recipe.values(TINY[name] | {"width": 0.125, "hidden" if name == "c3d" else "units": 32}), data)
    feeds = side_by_side([np.asarray(data.features[data.frames(i)], np.float32) for i in range(8)])
    rows, length = (torch.from_numpy(feeds[key]) for key in ("features", "length"))
    with torch.no_grad():
        network = body.eval().body
        seen = network.embed(rows, length) if name == "c3d" else network.moments(rows, length)[:, :32]
    used = seen.mean(dim=0) > 1e-3
    assert int(used.sum()) >= 4
    assert float((seen.std(dim=0) / seen.mean(dim=0))[used].median()) > 0.01


def test_the_literal_form_reads_128_frames_of_128_by_171(pixels):
    data, recipe = load_items(pixels), find_recipe("c3d")
    body = build(recipe, recipe.values({"form": "literal", "width": 0.02, "hidden": 4}), data).body
    assert (body.windows, body.frames, body.pictures.height, body.pictures.width) == LITERAL
    assert isinstance(body.network, C3d)
    assert isinstance(ClipNetwork(body, 4), nn.Module)
