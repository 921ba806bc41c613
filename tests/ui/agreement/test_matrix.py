"""The matrix of pairs of raters: a few cells with numbers, or hundreds of raters as a picture; names are text."""

import numpy as np
import pytest
from PySide6.QtCore import QPointF

from app.services.agreement.reliability import PairMatrix
from app.settings import Settings
from app.ui.look.theme import Theme
from app.ui.parts.widgets.basic import tip_text
from app.ui.screens.agreement.matrix import MatrixChart


def matrix_of(n):
    values = np.linspace(-1, 1, n * n).reshape(n, n)
    values = (values + values.T) / 2
    values[0, 1] = values[1, 0] = np.nan
    return PairMatrix("intensity", "Intensities", "kappa", tuple(f"<i>R{k}" for k in range(n)), values)


@pytest.mark.parametrize("n", [3, 40, 200])
def test_every_pair_has_its_colour_and_its_words(qapp, n):
    chart = MatrixChart(Theme(qapp, Settings()))
    chart.resize(500, 400)
    chart.show_matrix(matrix_of(n))
    seen = chart.grab().toImage()
    cells = [chart.spot_at(QPointF(x + 0.5, y + 0.5)) for x in range(500) for y in range(400)]
    areas = {tuple(map(round, spot.area.getRect())): spot for spot in cells if spot is not None}
    assert len(areas) >= min(n * (n - 1), 10_000)
    right, wrong = 0, 0
    for spot in list(areas.values())[:: max(1, len(areas) // 200)]:
        value = spot.tip.partition("kappa: <b>")[2].partition("</b>")[0]
        assert spot.tip.startswith("<b>&lt;i&gt;R")
        if value not in ("–", ""):
            want = chart.ground(float(value.replace("−", "-")))
            at = spot.area.center() if n > 3 else QPointF(spot.area.left() + 4, spot.area.top() + 4)
            shown = seen.pixelColor(at.toPoint())
            near = max(abs(shown.red() - want.red()), abs(shown.green() - want.green())) <= 12
            right, wrong = right + near, wrong + (not near)
    assert right > 10 * wrong
    assert any("no item in common" in spot.tip for spot in areas.values())


def test_no_name_is_markup_in_a_tool_tip():
    assert tip_text("a.mp4\n0:01") == "a.mp4\n0:01"
    assert tip_text("<b>a</b>\nx & y") == "<qt>&lt;b&gt;a&lt;/b&gt;<br>x &amp; y</qt>"
