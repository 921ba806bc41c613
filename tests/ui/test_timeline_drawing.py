"""What the timeline paints: columns where curves are dense, each row once for a new window, hidden rows not at all."""

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QObject, QRectF
from PySide6.QtGui import QColor, QImage, QPen
from PySide6.QtWidgets import QApplication

from app.ui.parts.timeline.curves import Prediction
from app.ui.parts.timeline.picture import Curve, CurvePicture
from app.ui.parts.timeline.plots import CurveRow
from app.ui.parts.timeline.pyramid import Pyramid
from app.ui.parts.timeline.view import TimelineView

HIGH = 80


class Paintings(QObject):
    """Counts how often a widget is painted."""

    def __init__(self, widget):
        super().__init__(widget)
        self.count = 0
        widget.installEventFilter(self)

    def eventFilter(self, watched, event):
        self.count += event.type() == QEvent.Type.Paint
        return False


@pytest.fixture
def timeline(window):
    view = TimelineView(window.context)
    view.resize(900, 420)
    view.show()
    times_s = np.arange(20_000) / 30
    noise = np.random.default_rng(4).uniform(-0.8, 0.8, (20_000, 10)).astype(np.float32)
    view.set_clip(0.0, float(times_s[-1]))
    view.set_prediction(Prediction(times_s, noise[:, :2], np.abs(noise[:, 2:])))
    view.refresh()
    QApplication.processEvents()
    yield view
    view.close()
    view.deleteLater()


def drawn(colour, low, high):
    """The pixels of a row over 0 to 4 seconds in which a curve jumps between two values: ARGB, HIGH rows."""
    values = np.tile([low, high], 2000).astype(np.float32)
    picture = CurvePicture()
    pen = QPen(colour, 2.0)
    picture.set_curves({"one": Curve(Pyramid(np.linspace(0, 4, 4000), values), pen)})
    made = picture._draw(QRectF(0.0, -1.0, 4.0, 2.0), 100, HIGH).toImage()  # noqa: SLF001 — what `paint` keeps
    made = made.convertToFormat(QImage.Format.Format_ARGB32)
    return np.frombuffer(made.constBits(), np.uint32).reshape(HIGH, 100).copy()


def test_a_dense_curve_fills_each_column_from_its_lowest_to_its_highest_value(qapp):
    pixels = drawn(QColor(10, 20, 30), -0.5, 0.5)
    filled = np.flatnonzero(pixels[:, 50])
    # Values of half the axis, and half the width of the pen at either end.
    assert (filled[0], filled[-1]) == (HIGH // 4 - 1, 3 * HIGH // 4)
    assert len(filled) == filled[-1] - filled[0] + 1
    assert set(pixels[filled].ravel().tolist()) == {QColor(10, 20, 30).rgba()}


def test_a_pale_curve_keeps_its_opacity(qapp):
    colour = QColor(200, 100, 40)
    colour.setAlphaF(0.5)
    found = QColor.fromRgba(int(drawn(colour, -0.5, 0.5)[HIGH // 2, 50]))
    assert found.alpha() == colour.alpha()
    assert found.red() == pytest.approx(200, abs=2)


def test_a_curve_beyond_the_axis_is_cut_at_the_edge(qapp):
    assert (drawn(QColor("black"), -3.0, 3.0)[:, 50] != 0).all()
    assert (drawn(QColor("black"), 3.0, 4.0)[1:, 50] == 0).all()


def test_a_new_window_is_painted_once(timeline):
    row = timeline.rows["valence"]
    paintings, before = Paintings(row.viewport()), row.picture.drawings
    timeline.show_range(10.0, 500.0)
    timeline.on_tick()
    QApplication.processEvents()
    assert (paintings.count, row.picture.drawings - before) == (1, 1)


def test_the_playhead_moves_over_curves_that_are_not_drawn_again(timeline):
    row = timeline.rows["valence"]
    before = row.picture.drawings
    for at_s in (20.0, 21.0, 300.0):
        timeline.set_position(at_s, follow=False)
        QApplication.processEvents()
    assert row.picture.drawings == before
    assert row.playhead.value() == 300.0


def test_values_written_meanwhile_are_drawn(timeline):
    row: CurveRow = timeline.rows["valence"]
    prediction, before = timeline.drawn.prediction, row.picture.drawings
    prediction.values[100:200] = 0.9
    prediction.written.append((100, 200))
    timeline.set_prediction(prediction)
    QApplication.processEvents()
    assert row.picture.drawings == before + 1


def test_a_hidden_row_waits_and_is_in_step_once_it_is_shown(timeline):
    row = timeline.notes
    assert row.isHidden()
    whole = row.box.viewRange()[0]
    timeline.show_range(10.0, 500.0)
    timeline.set_position(40.0, follow=False)
    assert row.box.viewRange()[0] == whole
    assert row.playhead.value() != 40.0
    row.setVisible(True)
    QApplication.processEvents()
    assert row.box.viewRange()[0] == pytest.approx([10.0, 500.0], abs=2.0)
    assert row.playhead.value() == 40.0
