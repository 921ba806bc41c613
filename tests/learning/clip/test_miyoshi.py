"""The networks of Miyoshi et al. 2019: cells by hand, the printed ResNet, the variants, and their ONNX form."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from app.errors import UserError
from app.learning.blocks.clip_pictures import ClipPictures, around
from app.learning.blocks.convlstm import ConvLstmCell
from app.learning.blocks.pictures import PictureColumns
from app.learning.blocks.slim_resnet import STAGES, SlimBlock, SlimResNet50
from app.learning.clip.base.windows import Windows
from app.learning.clip.members.convlstm import dynamic_image
from tests.learning.clip.sequences import (
    head_of,
    in_plain_runtime,
    network_of,
    nodes_of,
    said_by,
    side_by_side,
    streams_of,
)

TINY = {"channels": 4, "groups": 2, "width": 0.07, "grid": 2, "units": 32, "clip_frames": 4, "clip_step": 2}


def clips(side=8, lengths=(4,), streams=(3, 2), classes=4):
    names = [f"{name}_pixels:{side}" for name in ("face", "flow")]
    shapes = [(side, side, channels) for channels in streams]
    sizes = {name: side * side * channels for name, channels in zip(names, streams, strict=False)}
    data = streams_of(sizes, classes, lengths, shapes=shapes)
    data.features[:] = np.random.default_rng(3).integers(0, 256, data.features.shape)
    return data


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def cell_by_hand(xs, w, *, enhanced):
    """Eq. 1 and 2 for one pixel, one channel and kernels of which only the middle counts."""
    h, earlier, c, said = 0.0, 0.0, 0.0, []
    for x in xs:
        take = sigmoid(w["xi"] * x + w["hi"] * h + w["ci"] * c + w["bi"])
        keep = sigmoid(w["xf"] * x + w["hf"] * h + w["cf"] * c + w["bf"])
        give = sigmoid(w["xo"] * x + w["ho"] * h + w["co"] * c + w["bo"])  # c of the step before
        c = keep * c + take * np.tanh(w["xc"] * x + w["hc"] * h + w["bc"])
        out = give * np.tanh(c)
        if enhanced:
            out = out + earlier + w["xs"] * x
        h, earlier = out, h
        said.append(out)
    return said


@pytest.mark.parametrize("enhanced", [False, True])
def test_a_cell_by_hand(enhanced):
    rng = np.random.default_rng(0)
    keys = [f"{a}{b}" for a in "xhb" for b in "ifoc"] + ["ci", "cf", "co", "xs"]
    w = {key: float(value) for key, value in zip(keys, rng.normal(size=len(keys)), strict=True)}
    cell = ConvLstmCell(1, 1, 3, enhanced=enhanced)
    for weights in (cell.of_input.weight, cell.of_state.weight):
        weights.data.zero_()
    for row, gate in enumerate("ifoc"):
        cell.of_input.weight.data[row, 0, 1, 1] = w["x" + gate]
        cell.of_state.weight.data[row, 0, 1, 1] = w["h" + gate]
        cell.of_input.bias.data[row] = w["b" + gate]
    cell.peephole.data.copy_(torch.tensor([w["ci"], w["cf"], w["co"]]))
    if enhanced:
        cell.skip.weight.data.zero_()
        cell.skip.weight.data[0, 0, 1, 1] = w["xs"]
        cell.norm = torch.nn.Identity()  # normalising a single value would leave nothing
    xs = [0.7, -1.2, 0.4, 2.0]
    states = cell.begin(torch.zeros(1, 1, 1, 1))
    said = []
    with torch.no_grad():
        for x in xs:
            states = cell(torch.full((1, 1, 1, 1), x), states)
            said.append(float(states[0]))
    np.testing.assert_allclose(said, cell_by_hand(xs, w, enhanced=enhanced), atol=1e-6)


def test_the_enhanced_cell_normalises_in_groups_of_channels():
    cell = ConvLstmCell(2, 4, 3, enhanced=True, groups=2)
    with torch.no_grad():
        out, _, _ = cell(torch.randn(3, 2, 6, 5), cell.begin(torch.zeros(3, 2, 6, 5)))
    groups = out.reshape(3, 2, -1)
    np.testing.assert_allclose(groups.mean(dim=2), 0, atol=1e-6)
    np.testing.assert_allclose(groups.var(dim=2, unbiased=False), 1, atol=1e-2)


def test_the_slim_resnet_is_the_printed_one():
    network = SlimResNet50()
    assert sum(weights.numel() for weights in network.parameters()) == 571_408
    first, blocks = network.layers[0], iter(network.layers[3:])
    assert (first.in_channels, first.out_channels, first.kernel_size) == (3, 16, (3, 3))
    layers = 1
    for channels, count in STAGES:
        for _ in range(count):
            block = next(blocks)
            assert isinstance(block, SlimBlock)
            three = [layer for layer in block.body if isinstance(layer, torch.nn.Conv2d)]
            assert tuple(layer.out_channels for layer in three) == channels
            assert [layer.kernel_size for layer in three] == [(1, 1), (3, 3), (1, 1)]
            layers += 3
    assert next(blocks, None) is None
    assert layers + 1 == 50  # with the classifier
    printed = [((16, 16, 32), 3), ((32, 32, 64), 4), ((64, 32, 128), 6), ((128, 64, 128), 3)]
    assert list(STAGES) == printed
    assert network(torch.rand(1, 3, 112, 112)).shape == (1, 128, 14, 14)


def test_dynamic_images_by_hand():
    clip = torch.tensor([1.0, 10.0, 100.0]).reshape(1, 3, 1, 1, 1)
    assert dynamic_image(clip, ranked=False).item() == 111
    assert dynamic_image(clip, ranked=True).item() == -2 * 1 + 0 * 10 + 2 * 100
    turned = clip.flip(1)
    assert dynamic_image(turned, ranked=False).item() == 111
    assert dynamic_image(turned, ranked=True).item() == -198


def test_pictures_are_cut_and_their_motion_is_zero_where_nothing_moves():
    colours, motion = PictureColumns("face", 0, 6, 6, 3), PictureColumns("flow", 108, 6, 6, 2)
    rows = torch.cat([torch.arange(108.0), torch.full((72,), 128.0)]).expand(2, 4, -1).clone()
    rows[:, :, 108::2] = 136.0
    pictures = ClipPictures((colours, motion), crop=4).eval()
    face, flow = pictures(rows)
    np.testing.assert_allclose(face[0, 0, :, 0, 0], (torch.tensor([21.0, 22.0, 23.0]) - 127.5) / 32, atol=1e-6)
    assert face.shape == (2, 4, 3, 4, 4)
    np.testing.assert_allclose(flow[:, :, 0], 1, atol=1e-5)
    np.testing.assert_allclose(flow[:, :, 1], 0, atol=1e-5)


def test_in_training_clips_are_mirrored_with_their_motion_and_nothing_jumps():
    colours, motion = PictureColumns("face", 0, 6, 6, 3), PictureColumns("flow", 108, 6, 6, 2)
    rows = torch.cat([torch.arange(108.0), torch.full((72,), 128.0)]).expand(40, 4, -1).clone()
    rows[:, :, 108::2] = 136.0
    torch.manual_seed(0)
    face, flow = ClipPictures((colours, motion), crop=4, shift=1).train()(rows)
    assert (face == face[:, :1]).all()
    mirrored = face[:, 0, 0, 0, 0] > face[:, 0, 0, 0, -1]
    assert 10 < mirrored.sum() < 30
    np.testing.assert_allclose(flow[:, 0, 0, 0, 0], torch.where(mirrored, -1.0, 1.0), atol=1e-5)
    assert len(face[:, 0, 0, 2, 2].unique()) >= 9  # of three places each way, some of them mirrored


def test_what_stays_the_same_in_a_clip_is_not_seen():
    still = torch.randn(2, 1, 3, 4, 4)
    assert around(still.expand(-1, 5, -1, -1, -1)).abs().max() < 1e-5
    clip = torch.randn(2, 5, 2, 4, 4)
    np.testing.assert_allclose(around(clip + still[:, :, :2]), around(clip), atol=1e-5)


def test_windows_overlap_and_short_items_repeat_their_last_frame():
    windows = Windows(16, 8)
    assert windows.starts(40).tolist() == [0, 8, 16, 24]
    assert windows.starts(39).tolist() == [0, 8, 16]
    assert windows.starts(3).tolist() == [0]
    frames = torch.arange(40.0).repeat(2, 1)[:, :, None]
    cut, own = windows.cut(frames, torch.tensor([3, 40]))
    assert own.tolist() == [[True, False, False, False], [True] * 4]
    assert cut[0, 0, :, 0].tolist() == [0, 1, *[2] * 14]
    assert cut[1, 2, :, 0].tolist() == list(range(16, 32))
    said = torch.log(torch.tensor([[[0.2, 0.8], [0.5, 0.5]], [[0.9, 0.1], [0.1, 0.9]]]))
    mean = windows.mean(said, torch.tensor([[True, True], [True, False]])).exp()
    np.testing.assert_allclose(mean, [[0.35, 0.65], [0.9, 0.1]], atol=1e-6)


@pytest.mark.parametrize(
    ("variant", "resnets", "kind"), [("a", 2, None), ("b", 0, False), ("c", 0, True), ("d", 2, False), ("e", 2, True)]
)
def test_the_variants(variant, resnets, kind):
    body = network_of("convlstm", clips(), variant=variant, **TINY).body
    assert len(body.resnets) == resnets
    kinds = {cell.enhanced for lstm in body.lstms for cell in lstm.layers}
    assert kinds == (set() if kind is None else {kind})
    for lstm in body.lstms:
        assert [cell.of_input.kernel_size[0] for cell in lstm.layers] == [5, 5, 3, 3]


@pytest.mark.process
@pytest.mark.parametrize(
    ("variant", "more"), [("b", {"relative": False}), ("c", {"crop": 7, "side": 5}), ("c", {"crop": 7}), ("e", {})]
)
def test_a_head_says_what_the_network_says(tmp_path, variant, more):
    data = clips(side=9, lengths=(1, 11, 4, 7))
    network, feeds = network_of("convlstm", data, variant=variant, **TINY, **more), side_by_side(data)
    for norm in (each for each in network.modules() if isinstance(each, torch.nn.BatchNorm2d)):
        norm.running_mean.uniform_(-1, 1)
        norm.running_var.uniform_(0.5, 2)
    for cell in (each for each in network.modules() if isinstance(each, ConvLstmCell)):
        cell.peephole.data.uniform_(-1, 1)
    for lstm in network.body.lstms:
        lstm.to_maps.weight.data.mul_(100 if variant == "b" else 1)  # fresh plain cells give next to no output
    model = head_of("convlstm", network, data)
    if variant != "e":
        assert nodes_of(model) <= 200
    said, expected = in_plain_runtime(model, feeds, tmp_path), said_by(network, feeds)
    assert expected.std(axis=0).max() > 1e-4
    np.testing.assert_allclose(said["joint"], expected, atol=1e-5)
    np.testing.assert_allclose(said["alone"], expected, atol=1e-5)


@settings(max_examples=10, deadline=None)
@given(
    variant=st.sampled_from("abcde"),
    side=st.integers(4, 10),
    lengths=st.lists(st.integers(1, 9), min_size=2, max_size=3),
    streams=st.lists(st.integers(1, 3), min_size=1, max_size=2),
    dynamic=st.sampled_from(["sum", "rank"]),
)
def test_shapes_and_gradients(variant, side, lengths, streams, dynamic):
    data = clips(side, lengths, streams, classes=3)
    network = network_of("convlstm", data, variant=variant, dynamic=dynamic, **TINY).train()
    feeds = side_by_side(data)
    said = network(torch.from_numpy(feeds["features"]), torch.from_numpy(feeds["length"]))
    assert said.shape == (len(lengths), 3)
    np.testing.assert_allclose(said.detach().exp().sum(dim=1), 1, atol=1e-5)
    said[:, 0].sum().backward()
    for key, weights in network.named_parameters():
        assert weights.grad is not None, key
        assert torch.isfinite(weights.grad).all(), key


def test_streams_that_do_not_fit_are_named():
    with pytest.raises(UserError, match="none of the streams has any"):
        network_of("convlstm", streams_of({"face": 4}), **TINY)
    with pytest.raises(UserError, match="differ in size"):
        network_of("convlstm", streams_of({"a": 48, "b": 75}, shapes=[(4, 4, 3), (5, 5, 3)]), **TINY)
    with pytest.raises(UserError, match="do not divide"):
        network_of("convlstm", clips(), **(TINY | {"groups": 3}))
