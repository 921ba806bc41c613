from dataclasses import replace

import torch

from app.learning.frame.augment import Augment, augment, camera, erase, geometry, jpeg_like

STILL = Augment(rotation=0, scale=0, aspect=0, shift=0, view=48, gamma=0, light=0, soften=0, jpeg=0, noise=0, erase=0)


def images(n=8, seed=0):
    return torch.randint(0, 256, (n, 48, 48), generator=torch.Generator().manual_seed(seed)).to(torch.uint8)


def rng(seed=0):
    return torch.Generator().manual_seed(seed)


def test_same_seed_same_batch_and_range():
    one = augment(images(), 40, Augment(), rng(5))
    two = augment(images(), 40, Augment(), rng(5))
    assert one.shape == (8, 1, 40, 40)
    assert torch.equal(one, two)
    assert not torch.equal(one, augment(images(), 40, Augment(), rng(6)))
    assert one.min() >= -1e-3
    assert one.max() <= 255 + 1e-3


def test_without_strength_only_the_mirror_is_left():
    source = images(64).unsqueeze(1).float()
    bent = geometry(source, 48, STILL, rng(1))
    same = torch.isclose(bent, source, atol=1e-2).flatten(1).all(dim=1)
    mirrored = torch.isclose(bent, source.flip(3), atol=1e-2).flatten(1).all(dim=1)
    assert (same | mirrored).all()
    assert same.any()
    assert mirrored.any()


def test_shift_moves_by_the_given_pixels():
    source = torch.zeros(256, 1, 48, 48)
    source[:, :, 24, 24] = 255.0
    moved = geometry(source, 48, replace(STILL, shift=5.0), rng(2))
    rows = moved.flatten(1).argmax(dim=1) // 48
    assert 4 <= (rows - 24).abs().max() <= 6


def test_jpeg_blocks_keep_a_flat_face_and_lose_fine_detail():
    flat = torch.full((1, 1, 48, 48), 128.0)
    assert torch.allclose(jpeg_like(flat, torch.tensor([1.0])), flat, atol=1e-3)
    source = images(1).unsqueeze(1).float()
    mild = jpeg_like(source, torch.tensor([0.01]))
    hard = jpeg_like(source, torch.tensor([3.0]))
    assert (mild - source).abs().mean() < 1
    assert (hard - source).abs().mean() > 10


def test_camera_leaves_its_input_alone():
    source = images().unsqueeze(1).float()
    before = source.clone()
    seen = camera(source, Augment(), rng(3))
    assert torch.equal(source, before)
    assert not torch.equal(seen, before)


def test_erase_touches_about_its_share():
    source = torch.full((400, 1, 40, 40), 300.0)
    erased = erase(source, 0.25, rng(4))
    share = (erased != 300.0).flatten(1).any(dim=1).float().mean()
    assert 0.15 < share < 0.35
