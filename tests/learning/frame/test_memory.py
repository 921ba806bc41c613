import numpy as np
import torch

from app.learning.frame.memory import SampleMemory


def test_first_prediction_is_taken_whole_and_later_ones_are_averaged():
    memory = SampleMemory(3, momentum=0.75)
    rows = torch.tensor([1])
    memory.update(rows, torch.eye(8)[:1], torch.eye(7)[:1], torch.tensor([0.5]))
    assert memory.expression[1, 0] == 1
    memory.update(rows, torch.eye(8)[1:2], torch.eye(7)[1:2], torch.tensor([0.1]))
    torch.testing.assert_close(memory.expression[1, :2], torch.tensor([0.75, 0.25]))
    torch.testing.assert_close(memory.fer[1, :2], torch.tensor([0.75, 0.25]))


def test_unseen_images_keep_their_own_target():
    memory = SampleMemory(2)
    memory.update(torch.tensor([0]), torch.eye(8)[:1], torch.eye(7)[:1], torch.tensor([0.5]))
    target8, target7 = torch.eye(8)[[3, 3]], torch.eye(7)[[3, 3]]
    first, second = memory.blend(torch.tensor([0, 1]), target8, target7, 0.4)
    torch.testing.assert_close(first[0, [0, 3]], torch.tensor([0.4, 0.6]))
    torch.testing.assert_close(first[1], target8[1])
    torch.testing.assert_close(second[1], target7[1])


def test_skipping_keeps_the_expected_weight():
    memory = SampleMemory(20_000)
    memory.loss = torch.linspace(0, 1, 20_000)
    rows, weight = memory.choose(0.5, np.random.default_rng(0))
    assert 14_000 < len(rows) < 16_000
    assert len(set(rows.tolist())) == len(rows)
    easy = memory.loss.numpy()[rows] < 0.5
    assert set(weight[easy].tolist()) == {2.0}
    assert set(weight[~easy].tolist()) == {1.0}
    assert abs(weight.sum() / 20_000 - 1) < 0.03


def test_everything_is_shown_at_first_and_without_skipping():
    memory = SampleMemory(100)
    assert sorted(memory.choose(0.5, np.random.default_rng(0))[0].tolist()) == list(range(100))
    memory.loss = torch.rand(100)
    rows, weight = memory.choose(0.0, np.random.default_rng(0))
    assert sorted(rows.tolist()) == list(range(100))
    assert (weight == 1).all()
