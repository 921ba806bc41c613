import pytest
import torch

from app.learning.blocks.frame_net import FrameNet, ResidualTrunk, Standardise, Student
from app.learning.blocks.frame_networks import KahouCnn, ResNet10
from app.learning.frame.networks import NETWORKS


def count(net):
    return sum(p.numel() for p in net.parameters())


def test_brightness_and_contrast_drop_out():
    face = torch.rand(2, 1, 48, 48) * 100 + 50
    prepare = Standardise(floor=0.0)
    torch.testing.assert_close(prepare(face), prepare(face * 1.7 + 12), atol=1e-4, rtol=1e-4)


def test_a_flat_face_stays_finite():
    assert torch.isfinite(Standardise()(torch.full((1, 1, 48, 48), 77.0))).all()


@pytest.mark.parametrize("side", [32, 40, 44, 48])
def test_student_takes_every_training_size(side):
    net = Student(stem=8, widths=(8, 16, 16)).eval()
    expression, fer, embedding = net(torch.rand(3, 1, side, side) * 255)
    assert expression.shape == (3, 8)
    assert fer.shape == (3, 7)
    assert embedding.shape == (3, 16)


def test_sizes_of_the_papers():
    resnet, kahou = ResNet10(), KahouCnn()
    assert resnet.embedding_size == 512
    assert 5.0e6 < count(resnet) < 5.4e6
    kernels = [tuple(p.shape) for p in kahou.trunk.parameters() if p.ndim == 4]
    assert kernels == [(32, 1, 9, 9), (32, 32, 9, 9), (64, 32, 9, 9)]


def test_student_file_stays_below_twelve_megabytes():
    assert 4 * count(NETWORKS["student"]()) < 11.5e6


def test_teacher_is_larger_than_the_student():
    assert count(NETWORKS["teacher"]()) > 3 * count(NETWORKS["student"]())


def test_small_versions_of_the_papers_networks_run():
    face = torch.rand(2, 1, 48, 48) * 255
    small = ResNet10(side=40, channels=1, widths=(8, 8, 16, 16), fc1=12).eval()
    assert small(face)[2].shape == (2, 12)
    assert KahouCnn(kernel=3, filters=(4, 4, 8)).eval()(face)[2].shape == (2, 36 * 8)
    assert isinstance(FrameNet(ResidualTrunk(4, (4, 8), (1, 2)), 8, 0.0)(face)[0], torch.Tensor)
