"""Figures in the size and the type of a journal."""

import re

import numpy as np
import pytest
from PIL import Image

from app.agreement.example import report
from app.agreement.figures import difference_figure, disagreement_figure
from app.domain.paper import Paper
from app.domain.plotted import Curve, Plot, Rule, numbers_of
from app.services.exports.figures import known_fonts, set_on_paper, write_figure
from app.services.exports.plots import plots_figure

X = np.linspace(0.0, 4.0, 9)
PLOT = Plot(
    "Valence", "time (s)", "valence",
    (Curve("prediction", X, np.sin(X), "#0072b2"), Curve("R1", X, np.where(X > 2, np.nan, np.cos(X)), "#222222")),
    (Rule(0.0),), (0.0, 4.0), (-1.0, 1.0),
)  # fmt: skip


def drawings():
    return {
        "disagreement": disagreement_figure(report()),
        "difference": difference_figure(report()),
        "plots": plots_figure([PLOT, PLOT]),
    }


@pytest.mark.parametrize("name", ["disagreement", "difference", "plots"])
@pytest.mark.parametrize("wide", [85.0, 174.0])
def test_a_figure_has_the_width_of_the_column_and_the_type_of_the_journal(tmp_path, name, wide):
    font = next(iter(known_fonts()))
    write_figure(drawings()[name], tmp_path / "a.svg", Paper(wide, 0.0, font, 7.0))
    text = (tmp_path / "a.svg").read_text("utf-8")
    points = float(re.search(r'width="([\d.]+)pt"', text)[1])
    assert points / 72 * 25.4 == pytest.approx(wide, abs=0.01)
    sizes = {float(size) for size in re.findall(r"font-size: ([\d.]+)px", text)}
    # points of the SVG are its units: nothing larger than asked for, nothing too small to read
    assert sizes
    assert max(sizes) <= 7.0 + 1e-6
    assert min(sizes) >= 5.0


def test_png_has_300_dots_an_inch_and_the_height_that_was_asked_for(tmp_path):
    write_figure(drawings()["plots"], tmp_path / "a.png", Paper(85.0, 60.0, "", 8.0))
    with Image.open(tmp_path / "a.png") as picture:
        assert picture.size == (int(85 / 25.4 * 300), int(60 / 25.4 * 300))


def test_a_legend_that_is_too_wide_is_broken_into_rows():
    curves = tuple(Curve(f"a rater with a long name, {n}", X, X * n, "#222222") for n in range(4))
    figure = plots_figure([Plot("Many", "time (s)", "y", curves)])
    set_on_paper(figure, Paper(85.0, 0.0, "", 8.0))
    figure.draw_without_rendering()
    legend = figure.legends[0].get_window_extent()
    whole = figure.get_window_extent()
    assert whole.x0 <= legend.x0
    assert legend.x1 <= whole.x1


def test_the_numbers_behind_a_plot():
    table = numbers_of([PLOT], "Curves")
    assert [heading.name for heading in table.headings] == ["plot", "curve", "x", "y"]
    assert len(table.rows) == 18
    assert table.rows[1] == ("Valence", "prediction", 0.5, pytest.approx(np.sin(0.5)))
    named = numbers_of([Plot("Bars", "", "", (Curve("a", X[:2], X[:2], "#000000"),), x_ticks=((0.0, "fear"),))], "B")
    assert named.rows[0] == ("Bars", "a", "fear", 0.0, 0.0)
