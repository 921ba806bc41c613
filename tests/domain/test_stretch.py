"""Times that people write, and the frames that lie between them."""

import numpy as np
import pytest

from app.domain.stretch import Stretch, seconds_in
from app.errors import UserError

TIMES_S = np.array([1.0, 1.04, 1.08, 1.5, 2.0])


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("0", 0), ("83.5", 83.5), (" 1:23.5 ", 83.5), ("90:00", 5400), ("1:02:03", 3723), ("59:59", 3599)],
)
def test_times(text, seconds):
    assert seconds_in(text) == seconds


@pytest.mark.parametrize("text", ["", "-1", "1:60", "1:60:00", "1:2:3:4", "nan", "inf", "1e3", "1,5", "later"])
def test_what_is_no_time(text):
    with pytest.raises(UserError, match="is no time"):
        seconds_in(text)


@pytest.mark.parametrize(
    ("start_s", "end_s", "frames"),
    [(None, None, (0, 5)), (1.04, 1.5, (1, 3)), (1.05, None, (2, 5)), (None, 1.04, (0, 1)), (0.0, 99.0, (0, 5))],
)
def test_frames(start_s, end_s, frames):
    assert Stretch(start_s, end_s).frames(TIMES_S, "a.mp4") == frames


@pytest.mark.parametrize(("start_s", "end_s"), [(3.0, None), (None, 1.0), (1.5, 1.04), (1.1, 1.2)])
def test_where_the_clip_has_no_frame_that_is_said(start_s, end_s):
    with pytest.raises(UserError, match=r"a.mp4 has no frame .* from 0:01.000 to 0:02.000"):
        Stretch(start_s, end_s).frames(TIMES_S, "a.mp4")
