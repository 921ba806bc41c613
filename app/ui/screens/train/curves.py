"""Curves of a training: the loss, and the scores on the subjects for early stopping."""

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import Qt
from PySide6.QtGui import QPen
from PySide6.QtWidgets import QHBoxLayout, QStackedLayout, QWidget

from app.domain.traces import DIMENSIONS
from app.domain.training_events import EPOCH
from app.domain.words import many
from app.ui.look.language import tr
from app.ui.look.theme import Theme
from app.ui.look.tokens import SPACE_M, SPACE_S
from app.ui.parts.widgets.basic import column, label, row
from app.ui.parts.widgets.plain_plot import dress, pen, plot
from app.ui.screens.train.course import Course, best_epoch, courses, mean_of_folds

NOTHING: Final = tr("The loss, and the model's score on people it is not trained on, are drawn here epoch by epoch.")
CATEGORY: Final = "accuracy"
"""A number that only trainings of categories tell of their validation."""


class LearningCurves(QWidget):
    """The loss at the left, and the score on the subjects for early stopping at the right.

    The score is the concordance of valence and arousal, or accuracy and recall of categories.

    The model's own curve is solid, each fold of the cross-validation is thin, and their mean is dashed.

    Args:
        theme: The window's fonts and colours.
    """

    TITLES: Final = {"loss": tr("Loss"), "ccc": tr("Validation CCC")}
    LINES: Final = {"loss": ("loss", "text_soft"), "valence": ("ccc", "valence"), "arousal": ("ccc", "arousal")}
    CATEGORY_LINES: Final = {"loss": ("loss", "text_soft"), "accuracy": ("ccc", "valence"), "uar": ("ccc", "arousal")}
    NAMES: Final = {"accuracy": "accuracy", "uar": "UAR", **{name: name for name in DIMENSIONS}}

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._events: list[dict[str, Any]] = []
        self.loss, self.ccc = plot(self.TITLES["loss"]), plot(self.TITLES["ccc"])
        self._plots = {"loss": self.loss, "ccc": self.ccc}
        self.legend = label("", "caption", wrap=True)
        self._names = [label(name, "caption", tone=name) for name in DIMENSIONS]
        self._drawn = QWidget()
        box = column(row(self.loss, self.ccc, spacing=SPACE_M), _stretched(self.legend, *self._names), spacing=SPACE_S)
        box.setStretch(0, 1)
        self._drawn.setLayout(box)
        self.nothing = label(NOTHING, "soft", wrap=True)
        self.nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._stack = QStackedLayout(self)
        self._stack.addWidget(self._drawn)
        self._stack.addWidget(self.nothing)
        self.ccc.getPlotItem().setLimits(yMin=-1.05, yMax=1.05)
        theme.redraw_with(self, self.restyle)
        self.restyle()

    def restyle(self) -> None:
        """Take the theme's colours."""
        for key, made in self._plots.items():
            dress(made, self._theme, self.TITLES[key])
        self._draw()

    def show_events(self, events: list[dict[str, Any]]) -> None:
        """Draw a run's events; an empty list clears the plots."""
        self._events = events
        self._draw()

    @property
    def lines(self) -> dict[str, tuple[str, str]]:
        """What is drawn: name of a number → plot and colour."""
        told = any(CATEGORY in event.get("validation", {}) for event in self._events if event.get("event") == EPOCH)
        return self.CATEGORY_LINES if told else self.LINES

    def drawn(self, name: str) -> dict[int, Course]:
        """Return the curves of a number of `lines` by fold; 0 is the model."""
        return courses(self._events, lambda event: _value(event, name))

    def _draw(self) -> None:
        any_epoch = any(event.get("event") == EPOCH for event in self._events)
        self._stack.setCurrentWidget(self._drawn if any_epoch else self.nothing)
        for made in self._plots.values():
            made.clear()
        folds = 0
        lowest = 0.0
        lines = self.lines
        title = self.TITLES["ccc"] if lines is self.LINES else tr("Validation accuracy and UAR")
        dress(self.ccc, self._theme, title)
        for made, name in zip(self._names, list(lines)[1:], strict=True):
            made.setText(self.NAMES[name])
        for name, (key, colour) in lines.items():
            curves = self.drawn(name)
            folds = max(folds, len([fold for fold in curves if fold]))
            for fold, values in curves.items():
                drawn = pen(self._theme, colour, width=1.0, alpha=0.45) if fold else pen(self._theme, colour, width=2.0)
                self._line(key, values, drawn)
            self._line(key, mean_of_folds(curves), pen(self._theme, colour, dashed=True, width=2.0))
            if key == "ccc":
                known = [float(np.nanmin(each)) for each in curves.values() if np.isfinite(each).any()]
                lowest = min([lowest, *known])
        self.ccc.setYRange(lowest, 1)
        best = best_epoch(self._events)
        if best:
            self.ccc.addItem(pg.InfiniteLine(best, angle=90, pen=pen(self._theme, "accent", dashed=True, width=1)))
        words = [tr("by epoch"), tr("solid: the model")]
        if folds:
            words.append(tr("thin: {folds}", folds=many(folds, tr("fold"), tr("folds"))))
        if folds > 1:
            words.append(tr("dashed: their mean"))
        if best:
            words.append(tr("upright: best epoch"))
        self.legend.setText("   ".join(words) if self._events else "")

    def _line(self, key: str, values: Course, drawn: QPen) -> None:
        if len(values):
            self._plots[key].plot(np.arange(1, len(values) + 1), values, pen=drawn, connect="finite")


def _stretched(first: QWidget, *rest: QWidget) -> QHBoxLayout:
    made = row(first, *rest, spacing=SPACE_M)
    made.setStretch(0, 1)
    return made


def _value(event: Mapping[str, Any], name: str) -> float | None:
    found = event.get("loss") if name == "loss" else event.get("validation", {}).get(name)
    return None if found is None else float(found)
