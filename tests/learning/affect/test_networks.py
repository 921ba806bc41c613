import numpy as np
import pytest
import torch

from app.learning.affect.losses import affect_loss, ccc
from app.learning.affect.networks import CnnRnnAffect, RecurrentHead, ResNetAffect, VggAffect
from app.learning.blocks.backbones import ResNetBackbone, VggBackbone
from app.learning.blocks.peephole import PeepholeLstm


def linear_sizes(module):
    return [(m.in_features, m.out_features) for m in module.modules() if isinstance(m, torch.nn.Linear)]


@pytest.fixture(autouse=True)
def _seed():
    torch.manual_seed(0)


def test_table_1_with_and_without_landmarks():
    with torch.device("meta"):  # the paper's sizes without their memory
        assert linear_sizes(ResNetAffect()) == [(2048, 1500), (1500, 2)]
        assert linear_sizes(ResNetAffect(landmarks=136)) == [(2048 + 136, 1500), (1500, 256), (256, 2)]
        backbone = ResNetBackbone()
    convolutions = [m for m in backbone.modules() if isinstance(m, torch.nn.Conv2d)]
    assert len(convolutions) == 1 + 3 * (3 + 4 + 6 + 6) + 4  # stem, bottlenecks, one projection a group


def test_table_2_with_and_without_landmarks():
    with torch.device("meta"):
        assert linear_sizes(VggAffect()) == [(4608, 4096), (4096, 4096), (4096, 2)]
        with_points = VggAffect(landmarks=136)
    assert linear_sizes(with_points) == [(4608, 4096), (4232, 4096), (4096, 2622), (2622, 2)]
    assert sum(isinstance(m, torch.nn.Conv2d) for m in with_points.modules()) == 13


def test_table_3():
    with torch.device("meta"):
        head = RecurrentHead(2048, landmarks=136)
    assert linear_sizes(head) == [(2184, 4096), (128, 2)]
    assert [(layer.input_size, layer.hidden_size) for layer in head.recurrent] == [(4096, 128), (128, 128)]


@pytest.mark.parametrize("cell", ["gru", "lstm"])
def test_a_sequence_in_pieces_gives_what_it_gives_at_once(cell):
    head = RecurrentHead(6, landmarks=4, units=12, hidden=5, cell=cell).eval()
    features, points = torch.randn(3, 11, 6), torch.randn(3, 11, 4)
    whole, state = head(features, points)
    first, carried = head(features[:, :4], points[:, :4])
    second, last = head(features[:, 4:], points[:, 4:], carried)
    torch.testing.assert_close(torch.cat([first, second], 1), whole)
    torch.testing.assert_close(last, state)
    assert state.shape == (3, head.state_size)


def test_without_peepholes_the_layer_is_torchs_lstm():
    ours, theirs = PeepholeLstm(4, 3), torch.nn.LSTM(4, 3, batch_first=True)
    with torch.no_grad():
        ours.peephole.zero_()
        theirs.weight_ih_l0.copy_(ours.weight_input)
        theirs.weight_hh_l0.copy_(ours.weight_hidden)
        theirs.bias_ih_l0.copy_(ours.bias)
        theirs.bias_hh_l0.zero_()
    x = torch.randn(2, 7, 4)
    torch.testing.assert_close(ours(x)[0], theirs(x)[0])


def test_the_gate_of_output_sees_the_new_cell_and_the_others_the_old():
    layer = PeepholeLstm(1, 1)
    with torch.no_grad():
        for each in layer.parameters():
            each.zero_()
        layer.bias[2] = 0.5
        layer.peephole[:] = torch.tensor([[0.3], [0.7], [2.0]])
    old = 0.8
    with torch.no_grad():
        h, (_, c) = layer(torch.zeros(1, 1, 1), (torch.zeros(1, 1, 1), torch.full((1, 1, 1), old)))
    sigmoid = lambda x: 1 / (1 + np.exp(-x))  # noqa: E731
    new = sigmoid(0.7 * old) * old + sigmoid(0.3 * old) * np.tanh(0.5)
    assert float(c) == pytest.approx(new, abs=1e-6)
    assert float(h) == pytest.approx(sigmoid(2.0 * new) * np.tanh(new), abs=1e-6)


def test_peepholes_change_the_answer():
    layer = PeepholeLstm(4, 3)
    x = torch.randn(2, 7, 4)
    before = layer(x)[0]
    with torch.no_grad():
        layer.peephole += 1
    assert (layer(x)[0] - before).abs().max() > 1e-3


def test_missing_landmarks_are_refused():
    with pytest.raises(ValueError, match="4 landmark values"):
        RecurrentHead(6, landmarks=4, units=8, hidden=5)(torch.randn(1, 2, 6))


def test_small_networks_learn_something():
    head = RecurrentHead(128, units=16, hidden=8, dropout=0)
    net = CnnRnnAffect(VggBackbone((1, 1), (4, 8), channels=1, side=16), head)
    target = torch.rand(4, 10, 2) * 2 - 1
    images = torch.rand(4, 10, 1, 16, 16) * 0.1
    images[..., :8, :] += target[..., 0, None, None, None]
    images[..., 8:, :] += target[..., 1, None, None, None]
    optimiser = torch.optim.Adam(net.parameters(), 0.01)
    weight = torch.ones(40)
    losses = []
    for _ in range(60):
        loss = affect_loss(net(images)[0].flatten(0, 1), target.flatten(0, 1), weight)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        losses.append(loss.item())
    assert losses[-1] < 0.6 * losses[0]


def test_ccc_is_lins_with_population_moments():
    rng = np.random.default_rng(1)
    x, y = rng.normal(size=50), rng.normal(size=50) + 0.3
    expected = 2 * np.cov(x, y, ddof=0)[0, 1] / (x.var() + y.var() + (x.mean() - y.mean()) ** 2)
    got = ccc(torch.tensor(x)[:, None], torch.tensor(y)[:, None])
    assert got.item() == pytest.approx(expected, abs=1e-12)
    same = torch.tensor(x)[:6, None]
    assert ccc(same, same).item() == pytest.approx(1)


def test_rows_of_weight_zero_do_not_count():
    x, y = torch.randn(20, 2), torch.randn(20, 2)
    weight = (torch.arange(20) < 12).float()
    torch.testing.assert_close(affect_loss(x, y, weight, "both"), affect_loss(x[:12], y[:12], weight[:12], "both"))
