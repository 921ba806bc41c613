"""Figures in the size and type of a journal, as SVG, PDF or PNG."""

from __future__ import annotations

import io
import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from app.agreement.figures import save_figure
from app.domain.paper import FONTS, MM_PER_INCH, Paper
from app.results import Goal

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from matplotlib.legend import Legend

FIGURE_KINDS: Final[dict[str, str]] = {
    ".svg": "Scalable Vector Graphics",
    ".pdf": "PDF",
    ".png": "PNG, 300 dpi",
}
"""Endings of the files that hold a figure, and what people call them."""

_USUAL_POINTS: Final = 10.0
"""Size of the type for which the drawings are made."""
_SMALLEST: Final = 0.8
"""Type that is smaller in a drawing than the usual one keeps at least this share of the chosen size."""
_LEAST_POINTS: Final = 5.0


def set_on_paper(figure: Figure, paper: Paper) -> None:
    """Give a figure the size and the type of a paper.

    Args:
        figure: The drawing, which is changed.
        paper: The size in millimetres, the family and the size of the type.
    """
    from matplotlib.text import Text

    width, height = figure.get_size_inches()
    wide = paper.width_mm / MM_PER_INCH
    high = paper.height_mm / MM_PER_INCH if paper.height_mm else wide * height / width
    if not paper.height_mm and paper.points:
        # Type does not shrink with the width, and the rows of a drawing need their height.
        high = max(high, height * min(paper.points / _USUAL_POINTS, 1.0))
    figure.set_size_inches(wide, high)
    if not paper.points and not paper.font:
        return
    for axes in figure.axes:
        for axis in (axes.xaxis, axes.yaxis):
            for label in axis.get_ticklabels():
                axis.set_tick_params(labelsize=_points(float(label.get_fontsize()), paper))
                break
    for text in figure.findobj(Text):
        assert isinstance(text, Text)
        if paper.points:
            text.set_fontsize(_points(float(text.get_fontsize()), paper))
        if paper.font:
            text.set_fontfamily([paper.font, "DejaVu Sans"])
    _fit_legends(figure)


def _points(drawn: float, paper: Paper) -> float:
    """Return the size of type in a drawing of a given size: that of the paper, or slightly smaller."""
    if not paper.points:
        return drawn
    share = min(max(drawn / _USUAL_POINTS, _SMALLEST), 1.0)
    return max(paper.points * share, min(_LEAST_POINTS, paper.points))


def _fit_legends(figure: Figure) -> None:
    """Break a legend of the whole figure that is wider than the figure into more rows."""
    for legend in list(figure.legends):
        names = legend.get_texts()
        widest = max((text.get_window_extent().width for text in names), default=0.0)
        handle = float(names[0].get_fontsize()) * figure.dpi / 72 * 4 if names else 0.0
        fits = max(int(figure.get_window_extent().width // max(widest + handle, 1.0)), 1)
        if fits < min(len(names), getattr(legend, "_ncols", len(names))):
            _relaid(figure, legend, fits)


def _relaid(figure: Figure, legend: Legend, columns: int) -> None:
    handles, names = list(legend.legend_handles), [text.get_text() for text in legend.get_texts()]
    first = legend.get_texts()[0]
    size, family = first.get_fontsize(), first.get_fontfamily()
    legend.remove()
    made = figure.legend(
        [handle for handle in handles if handle is not None], names, loc="outside upper center",
        ncols=math.ceil(len(names) / math.ceil(len(names) / columns)), frameon=False, fontsize=size,
    )  # fmt: skip
    for text in made.get_texts():
        text.set_fontfamily(family)


def write_figure(figure: Figure, goal: Goal, paper: Paper | None = None, about: Sequence[tuple[str, str]] = ()) -> None:
    """Write a figure; the ending chooses SVG, PDF or PNG.

    Args:
        figure: The drawing, which is changed.
        goal: Where to.
        paper: Its size and type; None keeps those of the drawing.
        about: (what, value) on its origin, for the metadata of the file.

    Raises:
        UserError: The ending is unknown, or the file cannot be written.
    """
    if paper is not None:
        set_on_paper(figure, paper)
    save_figure(figure, goal, about="\n".join(f"{what}: {value}" for what, value in about))


def picture_of(figure: Figure, dpi: int = 200) -> bytes:
    """Return a figure as the bytes of a PNG file, for the clipboard."""
    out = io.BytesIO()
    figure.savefig(out, format="png", dpi=dpi)
    return out.getvalue()


def known_fonts() -> list[str]:
    """Return the families of `FONTS` that this machine has."""
    from matplotlib import font_manager

    here = set(font_manager.get_font_names())
    return [name for name in FONTS if name in here]
