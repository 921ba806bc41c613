"""Playing, seeking and dragging at random: the frame shown is the frame asked for. Its long form is a command."""

import pytest

from tests.ui.random_playing import Viewer, furnish
from tests.ui.waiting import idle, settle


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2])
def test_the_frame_shown_is_the_frame_asked_for(window, tmp_path, seed):
    window.projects.open(furnish(tmp_path, frames=120))
    settle(lambda: window.context.project is not None)
    viewer = Viewer(window, seed)
    settle(lambda: viewer.desk.player.frame is not None)
    for _ in range(12):
        viewer.burst(0.01)
    idle(window.context)
    assert viewer.wrong == []
    assert viewer.shown >= 12
