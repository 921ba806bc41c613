"""Calibrated on a drawn person whose eyes are known, by the networks that measure every face."""

import numpy as np
import pytest

from app.domain.faces import Face
from app.domain.gaze import CHECKED, PLACES, calibrate
from app.faces.face_measures import measure
from app.faces.head_pose import head_pose
from app.faces.mesh import MeshFinder
from app.synthetic.identity import identity
from app.synthetic.parameters import INDEX, rest
from app.synthetic.portrait import FaceRenderer
from app.synthetic.view import View

VIEW = View(width=400, height=232, scale=1.6, centre=(200.0, 116.0))


@pytest.mark.slow
def test_the_error_at_points_of_the_check_is_small():
    finder, renderer, rng = MeshFinder("cpu"), FaceRenderer(identity(1), VIEW), np.random.default_rng(0)

    def looking(place):
        frames = []
        for _ in range(6):
            row = rest()
            row[INDEX["gaze_x"]], row[INDEX["gaze_y"]] = 0.7 * (1 - 2 * place[0]), 0.7 * (2 * place[1] - 1)
            for name in ("yaw", "pitch", "roll"):
                row[INDEX[name]] = rng.normal(0, 1.5)
            truth = renderer.truth(row)
            mesh = finder.find(renderer.frame(row), [Face(truth.box, truth.landmarks, 1.0)])[0]
            pose = head_pose(mesh.points, VIEW.width, VIEW.height)
            frames.append(np.r_[mesh.presence, pose.yaw_deg, pose.pitch_deg, pose.roll_deg, measure(mesh.points), 0.0])
        return frames

    made = calibrate({place: looking(place) for place in PLACES}, {place: looking(place) for place in CHECKED})
    assert max(made.error) < 0.08
    assert min(made.guess) > 0.2
