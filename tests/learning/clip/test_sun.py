"""The networks of Sun et al. 2018: numbers of parameters, attention by hand, and their ONNX form."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from app.errors import UserError
from app.learning.clip.members.caca import CacaRnn
from tests.learning.clip.sequences import (
    head_of,
    in_plain_runtime,
    network_of,
    nodes_of,
    said_by,
    side_by_side,
    streams_of,
)

NETWORKS = ("face_rnn", "context_rnn", "parallel_rnn", "concatenated_rnn", "caca_a", "caca_b")
SMALL = {"encoded": 5, "hidden": 6}


@pytest.mark.parametrize(
    ("name", "count", "values"),
    [
        ("face_rnn", 1_579_272, {}),
        ("context_rnn", 1_186_056, {}),
        ("parallel_rnn", 858_376, {}),
        ("concatenated_rnn", 1_382_664, {}),
        ("caca_a", 790_792, {}),
        ("caca_b", 790_792, {}),
        ("caca_a", 791_816, {"classifier": "state_attention"}),
    ],
)
def test_the_paper_s_numbers_of_parameters(name, count, values):
    network = network_of(name, streams_of({"face": 2048, "context": 512}), **values)
    assert sum(weights.numel() for weights in network.parameters()) == count


def test_the_submitted_configuration_reads_the_map_itself():
    data = streams_of({"face": 2048, "context": 25088})
    for name in ("caca_a", "caca_b"):
        body = network_of(name, data, configuration="submitted").body
        context, face = (body.leader, body.follower) if name == "caca_a" else (body.follower, body.leader)
        assert (context.input_size if name == "caca_a" else context[0].input_size - 128) == 25088
        assert (len(face) if name == "caca_a" else face.num_layers) == 2
        coded = body.encode_second if name == "caca_a" else body.encode_first
        assert (coded.in_features, coded.out_features) == (2048, 128)
        with torch.no_grad():
            assert torch.isfinite(body(torch.rand(2, 3, 27136), torch.tensor([3, 2]))).all()


@pytest.mark.process
def test_the_2d_3d_network_takes_any_length_and_keeps_given_weights(tmp_path):
    data = streams_of({"face_pixels:16": 768, "context": 3}, classes=4, lengths=(1, 9, 4), shapes=[(16, 16, 3)])
    data.features[:] = np.random.default_rng(3).integers(0, 256, data.features.shape)
    network, feeds = network_of("cnn3d", data, width=0.25), side_by_side(data)
    model, expected = head_of("cnn3d", network, data), said_by(network, feeds)
    said = in_plain_runtime(model, feeds, tmp_path)
    np.testing.assert_allclose(said["joint"], expected, atol=2e-6)
    np.testing.assert_allclose(said["alone"], expected, atol=2e-6)
    assert expected.std(axis=0).max() > 1e-4
    frames, length = (torch.from_numpy(feeds[key]) for key in ("features", "length"))
    network.train()(frames, length).sum().backward()
    assert all(torch.isfinite(weights.grad).all() for weights in network.parameters())
    torch.save(network.body.frame.state_dict(), tmp_path / "face.pt")
    started = network_of("cnn3d", data, width=0.25, weights=str(tmp_path / "face.pt")).train()
    assert torch.equal(started.body.frame[0].weight, network.body.frame[0].weight)
    started(frames, length).sum().backward()
    assert started.body.frame[0].weight.grad is None
    assert started.body.deep[0].weight.grad is not None


def _set(module, **values):
    for name, value in values.items():
        getattr(module, name).data.fill_(value)


def test_attention_by_hand():
    # One unit; the leader's gates are saturated: input and output open, forget closed, so h = tanh(tanh(x)).
    body = CacaRnn(((0, 1),), ((1, 2),), 2, hidden=1, encoded=(0, 0), layers=(1, 1), attention_decides=True)
    open_, shut = 100.0, -100.0
    for cell, names in ((body.leader, ("_l0",) * 4), (body.follower[0], ("",) * 4)):
        for name in ("weight_ih", "weight_hh", "bias_ih", "bias_hh"):
            getattr(cell, name + names[0]).data.zero_()
        getattr(cell, "bias_ih" + names[0]).data.copy_(torch.tensor([open_, shut, 0.0, open_]))
        getattr(cell, "weight_ih" + names[0]).data[2, 0] = 1.0
    follower = body.follower[0]
    follower.weight_ih.data[2, 1] = 1.0  # the attention of the step before is read beside the input
    _set(body.last, bias=0.0)
    body.last.weight.data.copy_(torch.tensor([[1.0, 0.0], [0.0, 1.0]]))
    context, face = [0.5, 2.0], [1.0, -0.3]
    frames = torch.tensor([[[context[0], face[0]], [context[1], face[1]]]])
    with torch.no_grad():
        said, weight = body.explain(frames, torch.tensor([2]))

    def squashed(x):
        return np.tanh(np.tanh(x))

    h_context = squashed(np.array(context))
    attention, weights = 0.0, []
    for x in face:
        h = squashed(x + attention)
        powers = np.exp(h * h_context)
        weights.append(powers / powers.sum())  # eq. 2
        attention = float(weights[-1] @ h_context)  # eq. 3
    np.testing.assert_allclose(said[0], [h, attention], atol=1e-6)
    np.testing.assert_allclose(weight[0], np.mean(weights, axis=0), atol=1e-6)


def test_the_second_network_begins_where_the_first_one_ended():
    data = streams_of({"face": 3, "context": 4}, classes=2, lengths=(1,))
    body = network_of("caca_a", data, **SMALL).body
    frames, length = torch.rand(1, 1, 7), torch.tensor([1])
    with torch.no_grad():
        _, (top, memory) = body.leader(body.encode_first(frames[..., 3:]))
        x = torch.cat([body.encode_second(frames[..., :3])[:, 0], torch.zeros(1, 6)], dim=1)
        state, _ = body.follower[0](x, (top[-1], memory[-1]))
        np.testing.assert_allclose(body(frames, length), body.last(state), atol=1e-6)


@pytest.mark.process
@pytest.mark.parametrize(
    ("name", "values"),
    [
        *((name, {}) for name in NETWORKS),
        ("caca_a", {"configuration": "submitted", "classifier": "state_attention"}),
        ("caca_b", {"configuration": "submitted"}),
    ],
)
def test_a_head_says_what_the_network_says(tmp_path, name, values):
    data = streams_of({"face": 7, "context": 9}, classes=4, lengths=(1, 30, 4, 11))
    network, feeds = network_of(name, data, **SMALL, **values), side_by_side(data)
    model = head_of(name, network, data)
    assert nodes_of(model) <= 200
    said = in_plain_runtime(model, feeds, tmp_path)
    expected = said_by(network, feeds)
    np.testing.assert_allclose(said["joint"], expected, atol=2e-6)
    np.testing.assert_allclose(said["alone"], expected, atol=2e-6)
    if name.startswith("caca"):
        with torch.no_grad():
            _, weight = network.body.explain(*(torch.from_numpy(feeds[key]) for key in ("features", "length")))
        np.testing.assert_allclose(said["evidence"], weight, atol=2e-6)
        np.testing.assert_allclose(said["evidence"].sum(axis=1), 1, atol=1e-5)
        assert (said["evidence"][np.arange(30) >= feeds["length"][:, None]] == 0).all()


@settings(max_examples=15, deadline=None)
@given(
    name=st.sampled_from(NETWORKS),
    faces=st.integers(1, 6),
    scene=st.integers(1, 6),
    lengths=st.lists(st.integers(1, 6), min_size=1, max_size=4),
    layers=st.integers(1, 3),
)
def test_shapes_and_gradients(name, faces, scene, lengths, layers):
    data = streams_of({"face": faces, "context": scene}, classes=3, lengths=lengths)
    network, feeds = network_of(name, data, layers=layers, **SMALL).train(), side_by_side(data)
    said = network(torch.from_numpy(feeds["features"]), torch.from_numpy(feeds["length"]))
    assert said.shape == (len(lengths), 3)
    said.square().sum().backward()
    for key, weights in network.named_parameters():
        assert weights.grad is not None, key
        assert torch.isfinite(weights.grad).all(), key


@pytest.mark.parametrize(("name", "missing"), [("caca_a", "context"), ("parallel_rnn", "face"), ("face_rnn", "face")])
def test_a_stream_that_is_missing_is_named(name, missing):
    sizes = {"face": 3, "context": 4}
    del sizes[missing]
    with pytest.raises(UserError, match="the surroundings" if missing == "context" else "the face"):
        network_of(name, streams_of(sizes))
