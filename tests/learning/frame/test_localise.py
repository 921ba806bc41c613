import numpy as np
import pytest
import torch

from app.domain.faces import Face
from app.faces.alignment import aligned_crop
from app.inference.geometry import CropGeometry
from app.learning.frame.localise import EYE_Y, MAX_SINE, SCALE, ZOOM_RANGE, Localiser, align, alignment, maps_of, teach

MEAN = torch.tensor([[[-0.37, -0.23], [0.38, -0.23], [0.0, 0.2], [-0.3, 0.58], [0.32, 0.58]]])


def turned(degrees, zoom=1.0):
    angle = np.radians(degrees)
    turn = zoom * torch.tensor([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]], dtype=torch.float32)
    return MEAN @ turn.T


def in_aligned(landmarks):
    theta = alignment(landmarks)
    return torch.linalg.solve(theta[:, :, :2], (landmarks - theta[:, :, 2].unsqueeze(1)).transpose(1, 2)).transpose(
        1, 2
    )


def test_eyes_come_to_their_height_and_scale():
    for marks in (turned(0), turned(20), turned(-15, 1.2), turned(10, 0.8)):
        there = in_aligned(marks)
        eyes, mouth = there[:, :2].mean(dim=1), there[:, 3:].mean(dim=1)
        torch.testing.assert_close(eyes, torch.tensor([[0.0, 2 * EYE_Y - 1]]), atol=1e-3, rtol=0)
        torch.testing.assert_close(there[0, 0, 1], there[0, 1, 1], atol=1e-3, rtol=0)
        assert abs(float(torch.linalg.vector_norm(mouth - eyes)) / 2 - SCALE) < 1e-3


def test_wild_landmarks_turn_and_zoom_only_so_far():
    for marks in (turned(80), turned(0, 0.1), turned(0, 4.0), torch.zeros(1, 5, 2)):
        theta = alignment(marks)
        assert torch.isfinite(theta).all()
        zoom = torch.linalg.det(theta[:, :, :2]).sqrt()
        assert ZOOM_RANGE[0] - 1e-4 <= float(zoom) <= ZOOM_RANGE[1] + 1e-4
        assert abs(float(theta[0, 1, 0] / zoom)) <= MAX_SINE + 1e-4


def test_the_identity_map_changes_nothing():
    face = torch.rand(2, 1, 48, 48) * 255
    identity = torch.tensor([[[1.0, 0, 0], [0, 1.0, 0]]]).expand(2, 2, 3)
    torch.testing.assert_close(align(face, identity, 48), face, atol=1e-2, rtol=0)


def test_it_cuts_as_the_runtime_does():
    """The same face through the localiser's maps and through the crops that video uses."""
    rng = np.random.default_rng(0)
    picture = np.kron(rng.integers(0, 256, (12, 12)), np.ones((4, 4))).astype(np.uint8)
    marks = turned(12)
    pixels = ((marks[0].numpy() + 1) * 24 - 0.5).astype(np.float32)
    face = Face(np.array([4, 4, 40, 40], np.float32), pixels, 1.0)
    geometry = CropGeometry(size=48, grey=True, method="eyes", scale=SCALE, eye_y=EYE_Y)
    ours = align(torch.from_numpy(picture)[None, None].float(), alignment(marks), 48)[0, 0].numpy()
    theirs = aligned_crop(np.repeat(picture[..., None], 3, axis=2), face, geometry)
    assert np.abs(ours - theirs).mean() < 2.0


def drawn_faces(n, seed):
    """Grey discs with two dark eyes and a dark mouth, and where those are."""
    rng = np.random.default_rng(seed)
    images = np.full((n, 48, 48), 170, np.uint8)
    points = np.empty((n, 5, 2), np.float32)
    for row in range(n):
        marks = turned(rng.normal(0, 8), rng.uniform(0.85, 1.15))[0].numpy() + rng.normal(0, 0.06, 2)
        for place, (x, y) in enumerate((marks + 1) * 24):
            if place != 2:
                images[row, max(int(y) - 2, 0) : int(y) + 2, max(int(x) - 2, 0) : int(x) + 2] = 20
        points[row] = marks
    return images, points


@pytest.mark.slow
def test_a_localiser_learns_drawn_faces():
    torch.set_num_threads(1)
    images, points = drawn_faces(300, 0)
    net, error = teach(images, points, epochs=10, seed=1, batch=18)
    baseline = np.linalg.norm(points - points.mean(axis=0), axis=2).mean() / 2
    assert error < 0.8 * baseline
    maps = maps_of(net, images[:5])
    assert maps.shape == (5, 2, 3)
    assert isinstance(net, Localiser)
