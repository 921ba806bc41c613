"""The signs of our angles against files of OpenFace and py-feat: our average face is fitted to their 68 landmarks."""

import csv

import numpy as np
import pytest

from app.faces.head_pose import HeadPose, euler, neutral_face, rotation
from app.faces.mesh_points import MESH_OF_68

STIFF = [*range(17, 36), 36, 39, 42, 45]
"""Brows, nose and corners of the eyes."""


def fitted(landmarks):
    """Pitch, yaw and roll of the average face that lies nearest to 68 landmarks, seen from far away: N×3 degrees."""
    shape = neutral_face()[list(MESH_OF_68)][STIFF]
    shape = shape - shape.mean(axis=0)
    found = []
    for flat in landmarks:
        flat = flat[STIFF] - flat[STIFF].mean(axis=0)
        first, second = np.linalg.lstsq(shape, flat, rcond=None)[0].T
        first, second = first / np.linalg.norm(first), second / np.linalg.norm(second)
        u, _, v = np.linalg.svd(np.stack([first, second, np.cross(first, second)]))
        pose = euler(u @ v)
        found.append((pose.pitch_deg, pose.yaw_deg, pose.roll_deg))
    return np.array(found)


def read(path, columns):
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, skipinitialspace=True))
    landmarks = np.array([[[float(row[f"{axis}_{i}"]) for axis in "xy"] for i in range(68)] for row in rows])
    return landmarks, np.array([[float(row[name]) for name in columns] for row in rows])


def test_the_fit_gives_the_pose_of_a_drawn_face():
    poses = [(-12.0, 20.0, 5.0), (10.0, -15.0, -8.0), (0.0, 0.0, 0.0)]
    face = neutral_face()[list(MESH_OF_68)]
    drawn = [(face @ rotation(HeadPose(yaw, pitch, roll)).T)[:, :2] * 9 + 100 for pitch, yaw, roll in poses]
    np.testing.assert_allclose(fitted(drawn), poses, atol=0.01)


def test_openfaces_angles_have_our_signs(shared):
    landmarks, theirs = read(
        shared / "formats" / "openface" / "pyfeat_OpenFace_Test.csv", ("pose_Rx", "pose_Ry", "pose_Rz")
    )
    ours = fitted(landmarks)
    r = [np.corrcoef(ours[:, i], theirs[:, i])[0, 1] for i in range(3)]
    assert r[1] > 0.95
    assert r[2] > 0.8
    assert r[0] > 0.3  # the face hardly nods
    assert np.polyfit(ours[:, 1], np.rad2deg(theirs[:, 1]), 1)[0] == pytest.approx(1, abs=0.2)  # radians


def test_pyfeats_pitch_has_the_other_sign(shared):
    landmarks, theirs = read(shared / "formats" / "pyfeat" / "feat_tests_001.csv", ("Pitch", "Yaw", "Roll"))
    ours = fitted(landmarks)
    r = [np.corrcoef(ours[:, i], theirs[:, i])[0, 1] for i in range(3)]
    assert r[0] < -0.8
    assert r[1] > 0.1  # the face hardly turns
    assert r[2] > 0.8
