"""Figures for reports, set up so that names given by people are drawn as they are."""

import warnings
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from app.domain.path_text import shown

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_SCRIPTS: Final = (
    *("Noto Sans CJK JP", "Noto Sans CJK SC", "Noto Sans JP", "Noto Sans SC", "Noto Sans KR", "Source Han Sans"),
    *("WenQuanYi Zen Hei", "WenQuanYi Micro Hei", "Droid Sans Fallback", "Hiragino Sans", "PingFang SC", "Yu Gothic"),
    *("Apple SD Gothic Neo", "Microsoft YaHei", "SimHei", "Malgun Gothic", "Noto Sans Arabic", "Noto Sans Hebrew"),
    *("Noto Sans Thai", "Noto Sans Devanagari", "Arial Unicode MS"),
)
"""Fonts with other scripts, of which those that this machine has stand behind matplotlib's own."""


def new_figure(**options: Any) -> "Figure":
    """Begin a figure that is drawn without a window.

    Names of files, raters and emotions are text: a `$` in them does not begin a formula, and letters that
    matplotlib's own font lacks come from another font of this machine, or are drawn as boxes.

    Args:
        options: Arguments of `matplotlib.figure.Figure`.
    """
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    _prepare()
    # A letter that no font has is drawn as a box; a warning for each would tell the reader of the figure nothing.
    warnings.filterwarnings("ignore", message="Glyph .* missing from font", category=UserWarning)
    figure = Figure(**options)
    FigureCanvasAgg(figure)
    return figure


def label_of(name: str, most: int = 32) -> str:
    """Return a name that fits beside an axis; the middle of a longer one is left out."""
    name = shown(name)
    half = (most - 1) // 2
    return name if len(name) <= most else f"{name[:half]}…{name[-half:]}"


@lru_cache(maxsize=1)
def _prepare() -> None:
    import matplotlib
    from matplotlib import font_manager

    here = set(font_manager.get_font_names())
    matplotlib.rcParams["text.parse_math"] = False
    matplotlib.rcParams["font.family"] = ["DejaVu Sans", *(name for name in _SCRIPTS if name in here)]
