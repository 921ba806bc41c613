import numpy as np
import pytest

from app.domain.measures import EYES, MOVEMENTS, NAMES
from app.faces.face_measures import measure, relative
from app.faces.head_pose import neutral_face
from app.faces.mesh_points import LEFT_LIDS, RIGHT_LIDS

UNIT = 6.35
"""Centimetres between the eyes' middles of the neutral face."""


def face():
    """The neutral face with irises in the middle of its eyes."""
    mesh = neutral_face()
    irises = [np.repeat(mesh[list(lids)].mean(axis=0)[None], 5, axis=0) for lids in (LEFT_LIDS, RIGHT_LIDS)]
    return np.concatenate([mesh, *irises])


def changes(points, by):
    mesh = face()
    mesh[list(points)] += by
    return dict(zip(NAMES, measure(mesh) - measure(face()), strict=True))


# Movements of the neutral face's own points by 4 mm, y down.
UP = np.array([0, -0.4, 0])
CASES = {
    "brow_raise_inner": ((107, 55, 336, 285), UP),
    "brow_raise_outer": ((70, 63, 300, 293), UP),
    "brow_lower": ((52, 65, 55, 66, 107, 282, 295, 285, 296, 336), -UP),
    "lid_raise": ((160, 159, 158, 387, 386, 385), UP),
    "cheek_raise": ((50, 101, 118, 280, 330, 347, 144, 145, 153, 373, 374, 380), UP),
    "nose_wrinkle": ((2,), UP),
    "corner_pull": ((61, 291), UP),
    "corner_depress": ((61, 291), -UP),
    "lip_press": ((37, 0, 267), -UP / 2),
    "mouth_open": ((87, 14, 317, 84, 17, 314), -UP),
    "jaw_drop": ((148, 152, 377, 84, 17, 314), -UP),
    "asymmetry": ((61,), UP),
}


@pytest.mark.parametrize("name", list(CASES))
def test_a_measure_grows_with_its_movement(name):
    points, by = CASES[name]
    change = changes(points, by)
    assert change[name] > 0.004
    if name not in ("lip_press", "asymmetry", "lid_raise", "brow_lower"):
        assert change[name] == pytest.approx(0.4 / UNIT, rel=0.15)


def test_stretched_and_puckered_lips_are_told_apart():
    wider = face()
    wider[[61, 291]] += [[-0.4, 0, 0], [0.4, 0, 0]]
    at_rest, stretched = (dict(zip(NAMES, measure(mesh), strict=True)) for mesh in (face(), wider))
    assert stretched["lip_stretch"] - at_rest["lip_stretch"] == pytest.approx(0.8 / UNIT, rel=0.1)
    assert stretched["pucker"] < at_rest["pucker"]


def test_movements_are_relative_to_the_median_or_to_a_chosen_face_and_eyes_are_not():
    values = np.repeat(measure(face())[None], 5, axis=0)
    values[4] += 0.1
    values[2] = np.nan
    result = relative(values)
    np.testing.assert_allclose(result[0, len(EYES) :], 0, atol=1e-12)
    np.testing.assert_allclose(result[4, len(EYES) :], 0.1, atol=1e-12)
    np.testing.assert_array_equal(result[:, : len(EYES)], values[:, : len(EYES)])
    assert np.isnan(result[2]).all()
    np.testing.assert_allclose(relative(values, values[4])[0, len(EYES) :], -0.1, atol=1e-12)


def test_the_iris_moves_in_the_eye():
    mesh = face()
    mesh[468:478, 0] += 0.3
    change = dict(zip(NAMES, measure(mesh) - measure(face()), strict=True))
    assert change["iris_x_left"] == pytest.approx(change["iris_x_right"], rel=0.1)
    assert 0.1 < change["iris_x_left"] < 0.4
    assert len(NAMES) == len(EYES) + len(MOVEMENTS)
