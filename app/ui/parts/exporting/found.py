"""Finds what can be exported in the window: every table, every plot, and what widgets offer by themselves."""

import sys
from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QTableView, QWidget

from app.domain.tables import Table
from app.ui.core.exports import Drawing, Offer, Offers
from app.ui.look.language import tr
from app.ui.parts.exporting.of_table import table_of

if TYPE_CHECKING:
    from app.domain.plotted import Plot


def offers_of(root: QWidget) -> list[Offer]:
    """Return what can be exported of everything that is visible within a widget.

    Args:
        root: A screen, or a dialog.
    """
    found: list[Offer] = []
    _collect(root, found)
    return found + list(root.exports() if isinstance(root, Offers) else ())


def offers_at(widget: QWidget | None, root: QWidget) -> list[Offer]:
    """Return what can be exported of the innermost widget around a place.

    Args:
        widget: The widget at the place.
        root: The screen or dialog in which it lies.
    """
    while widget is not None and widget is not root:
        found = _own(widget)
        if found is not None:
            return found
        widget = widget.parentWidget()
    return []


def _collect(parent: QWidget, found: list[Offer]) -> None:
    for child in parent.children():
        if not isinstance(child, QWidget) or child.isWindow() or not child.isVisible():
            continue
        own = _own(child)
        if own is None:
            _collect(child, found)
        else:
            found += own


def _own(widget: QWidget) -> list[Offer] | None:
    """Return what one widget offers; None if it only contains others."""
    if isinstance(widget, Offers):
        return list(widget.exports())
    if isinstance(widget, QTableView):
        shown = widget.model() is not None and widget.model().rowCount() > 0
        name = widget.accessibleName() or tr("Table")
        return [Offer(name, partial(_tables, widget))] if shown else []
    if _is_plot(widget):
        return _plot_offers(widget)
    return None


def _is_plot(widget: QWidget) -> bool:
    """Return whether a widget is a plot of pyqtgraph, which is not loaded before a screen needs it."""
    loaded = sys.modules.get("pyqtgraph")
    return loaded is not None and isinstance(widget, loaded.PlotWidget)


def _tables(view: QTableView) -> Sequence[Table]:
    return [table_of(view)]


def _plot_offers(widget: Any) -> list[Offer]:
    from app.ui.parts.exporting.of_plot import plot_of

    plot = plot_of(widget)
    return [plots_offer(plot.title, [plot])] if plot.curves else []


def plots_offer(title: str, plots: "Sequence[Plot]") -> Offer:
    """Return an offer of plots: as a figure, and the numbers behind them as a table.

    Args:
        title: Its name for people.
        plots: The plots, as they are now.
    """
    from app.domain.plotted import numbers_of

    def draw() -> Drawing:
        from app.services.exports.plots import plots_figure

        return partial(plots_figure, list(plots))

    return Offer(title, lambda: [numbers_of(plots, title)], draw)
