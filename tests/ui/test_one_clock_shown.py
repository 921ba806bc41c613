"""The player and the timeline say the same time of a clip whose own clock begins late."""

from app.ui.parts.timeline.plots import TimeAxis


def test_the_axis_counts_from_the_first_frame_in_round_numbers(qtbot):
    axis = TimeAxis("bottom")
    axis.set_begin(100.37)
    ticks = axis.tickValues(100.37, 110.37, 600)
    spacing, values = ticks[0]
    texts = axis.tickStrings(values, 1, spacing)
    assert texts[0] == "0:00"
    assert all(text.startswith("0:") and "." not in text for text in texts)
    assert [round(value - 100.37, 6) % spacing for value in values] == [0] * len(values)
    axis.set_begin(0.0)
    assert axis.tickStrings([100.96], 1, 0.5) == ["1:40.960"]
