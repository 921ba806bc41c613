"""A clip whose own clock begins late: people's times count from its first frame, exports keep the file's own."""

import csv
from fractions import Fraction

import av
import numpy as np
import pytest

from app.cli import main
from app.domain.clock import axis_words, clock_text
from app.errors import UserError
from app.media.probe import first_time_s
from app.media.reader import VideoReader
from app.services.demo import loop, report
from app.services.predict import clip_figure
from app.services.projects.clip_clock import begins_s
from app.services.retrain.comparison import ClipSeries, Comparison
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


def drawn_by(module, monkeypatch):
    """Figures that a module makes from now on."""
    drawn, real = [], module.new_figure

    def kept(**changes):
        drawn.append(real(**changes))
        return drawn[-1]

    monkeypatch.setattr(module, "new_figure", kept)
    return drawn


def ends_of(axes):
    return [
        (float(line.get_xdata()[0]), float(line.get_xdata()[-1])) for line in axes.lines if len(line.get_xdata()) > 2
    ]


def series(name, begins_s):
    times = begins_s + np.arange(25) * 0.04
    return ClipSeries(name, 1, name, times, *(np.zeros((25, 2)) for _ in range(3)), begins_s=begins_s)


@pytest.mark.parametrize(("begins_s", "words"), [([100.0], "begins at 100.000 s"), ([0.0, 100.0], "each first frame")])
def test_the_drawing_of_two_models_counts_from_the_first_frame(tmp_path, monkeypatch, begins_s, words):
    drawn = drawn_by(loop, monkeypatch)
    clips = tuple(series(f"S{n}", begin) for n, begin in enumerate(begins_s))
    loop.write_figure(tmp_path / "a.png", Comparison("old", "new", {}, "not better", False, clips))
    (figure,) = drawn
    assert all(ends == pytest.approx((0, 0.96)) for axes in figure.axes for ends in ends_of(axes))
    assert words in figure.axes[-1].get_xlabel()


def test_the_demo_s_drawing_counts_from_the_first_frame(tmp_path, monkeypatch):
    drawn = drawn_by(report, monkeypatch)
    curve = report.Curve("predicted", np.zeros((25, 2), np.float32))
    report.write_comparison(tmp_path / "a.png", 100 + np.arange(25) * 0.04, curve, [curve])
    (figure,) = drawn
    assert all(ends == pytest.approx((0, 0.96)) for axes in figure.axes for ends in ends_of(axes))
    assert "begins at 100.000 s" in figure.axes[-1].get_xlabel()


def test_a_damaged_frame_is_told_by_the_clock_of_people(tmp_path):
    path = write_clip(
        tmp_path / "a.mkv",
        25,
        pts=[100_000 + 40 * n for n in range(25)],
        time_base=Fraction(1, 1000),
        gop=5,
        b_frames=0,
    )
    with av.open(str(path)) as container:
        packets = [bytes(packet) for packet in container.demux(video=0) if packet.size]
    path.write_bytes(path.read_bytes().replace(packets[11], bytes(len(packets[11]))))
    with VideoReader(path) as reader, pytest.raises(UserError, match=r"Frame 11 at 0:00\.440 of a\.mkv is damaged"):
        reader.frame(11)
