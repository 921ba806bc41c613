"""A clip whose own clock begins late: people's times count from its first frame, exports keep the file's own."""

import csv
from fractions import Fraction

import numpy as np
import pytest

from app.cli import main
from app.domain.clock import axis_words, clock_text
from app.media.probe import first_time_s
from app.services.predict import clip_figure
from app.services.projects.clip_clock import begins_s
from tests.media.clips import write_clip


@pytest.fixture
def late(tmp_path):
    pts = [100_000 + 40 * number for number in range(25)]
    return write_clip(tmp_path / "late.mkv", 25, pts=pts, time_base=Fraction(1, 1000))


def test_times_are_read_as_people_say_them():
    assert [clock_text(t) for t in (0, 0.96, 100.96, 3661.0005, -1.5)] == [
        "0:00.000", "0:00.960", "1:40.960", "1:01:01.000", "−0:01.500",
    ]  # fmt: skip
    assert axis_words(0) == "time (s)"
    assert "begins at 100.000 s" in axis_words(100)


def test_where_a_clip_begins_is_asked_of_its_file_and_of_a_changed_one_again(late, tmp_path):
    assert first_time_s(late) == begins_s(late) == 100.0
    write_clip(late, 10, pts=[5000 + 40 * n for n in range(10)], time_base=Fraction(1, 1000))
    assert begins_s(late) == 5.0
    assert begins_s(tmp_path / "gone.mp4") == 0.0
    (tmp_path / "text.mp4").write_text("no clip")
    assert begins_s(tmp_path / "text.mp4") == 0.0


def test_the_csv_keeps_the_clock_of_the_file_and_the_figure_counts_from_the_first_frame(late, tmp_path, monkeypatch):
    drawn = []
    real = clip_figure.new_figure

    def kept(**changes):
        drawn.append(real(**changes))
        return drawn[-1]

    monkeypatch.setattr(clip_figure, "new_figure", kept)
    assert main(["analyze", str(late), "--out", str(tmp_path / "out"), "--device", "cpu"]) == 0
    with (tmp_path / "out" / "late.csv").open() as file:
        times = [float(row["time_s"]) for row in csv.DictReader(file)]
    np.testing.assert_allclose(times, 100 + 0.04 * np.arange(25))
    (figure,) = drawn
    curves, classes = figure.axes[:2]
    assert curves.get_xlim() == pytest.approx((0, 0.96))
    assert "the file's own clock, as in the CSV, begins at 100.000 s" in classes.get_xlabel()
