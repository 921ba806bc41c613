"""Which curves of valence and arousal the timeline draws, and how well the prediction fits the chosen annotation."""

from collections.abc import Mapping
from typing import Final

import numpy as np

from app.domain.traces import DIMENSIONS
from app.ui.parts.timeline.curves import Annotation, Prediction
from app.ui.parts.timeline.keys import FitTable
from app.ui.parts.timeline.plots import CurveRow
from app.ui.parts.timeline.pyramid import Pyramid
from app.ui.parts.timeline.stats import Fit, fit, in_window

_WHOLE: Final = slice(None)


class DrawnCurves:
    """The predictions and annotations that are drawn.

    The pyramids of a curve are kept for as long as its time axis stays the same, and grow with a live prediction.

    Args:
        rows: The row of each dimension, which draws the curves.
        tables: The numbers beside each row.

    Attributes:
        prediction: The prediction of the chosen face; None if there is none.
        others: The predictions of other faces.
        annotations: All annotations of the face.
        chosen: Key of the annotation that the prediction is compared with.
    """

    def __init__(self, rows: Mapping[str, CurveRow], tables: Mapping[str, FitTable]) -> None:
        self._rows, self._tables = rows, tables
        self.prediction: Prediction | None = None
        self.others: tuple[Prediction, ...] = ()
        self.annotations: tuple[Annotation, ...] = ()
        self.chosen = ""
        self._taken: dict[Prediction, int] = {}
        self._pyramids: dict[Annotation | Prediction, tuple[object, tuple[Pyramid, ...]]] = {}
        self._whole_fits: tuple[Fit, ...] | None = None

    def pyramids(self, each: Annotation | Prediction) -> tuple[Pyramid, ...]:
        """Return what is drawn of a curve: a pyramid for each dimension."""
        return self._pyramids[each][1]

    def growth(self, prediction: Prediction) -> list[tuple[int, int]]:
        """Bring a prediction's curves up to date; return the ranges of rows that were written since the last call."""
        new = list(prediction.written[self._taken[prediction] :])
        self._taken[prediction] += len(new)
        for first, last in new:
            for pyramid in self.pyramids(prediction):
                pyramid.update(first, last)
        if new:
            self._whole_fits = None
        return new

    def rebuild(self) -> None:
        """Hand the rows all curves that are to be drawn now, as other ones are."""
        drawn = self._to_draw()
        self._pyramids = {each: self._made(each) for each, _ in drawn.values()}
        self._taken = {each: len(each.written) for each, _ in drawn.values() if isinstance(each, Prediction)}
        for number, name in enumerate(DIMENSIONS):
            self._rows[name].set_curves(
                {key: (self.pyramids(each)[number], look) for key, (each, look) in drawn.items()}
            )
        self._whole_fits = None

    def show_fits(self, left_s: float, right_s: float) -> None:
        """Write the fits of the part in view and of the whole clip beside the rows.

        Args:
            left_s: Begin of the part in seconds.
            right_s: Its end.
        """
        chosen, prediction = self._compared(), self.prediction
        if chosen is None or prediction is None:
            for table in self._tables.values():
                table.show_fits(None, None)
            return
        part = in_window(prediction.times_s, left_s, right_s)
        if self._whole_fits is None:
            self._whole_fits = _fits(prediction, chosen, _WHOLE)
        whole = part.stop - part.start == len(prediction.times_s)
        seen = self._whole_fits if whole else _fits(prediction, chosen, part)
        for name, visible, all_of_it in zip(DIMENSIONS, seen, self._whole_fits, strict=True):
            self._tables[name].show_fits(visible, all_of_it)

    def _compared(self) -> Annotation | None:
        return next((one for one in self.annotations if one.key == self.chosen), None)

    def _to_draw(self) -> dict[str, tuple[Annotation | Prediction, str]]:
        """Each curve by its key, with its look; those in front come last."""
        chosen = self._compared()
        drawn: dict[str, tuple[Annotation | Prediction, str]] = {}
        for annotation in self.annotations:
            if annotation is not chosen and (chosen is None or annotation.mean or not annotation.beside(chosen)):
                continue
            drawn[annotation.key] = (annotation, "annotated" if annotation is chosen else "other")
        for number, prediction in enumerate(self.others):
            drawn[f"face {number}"] = (prediction, "face")
        if self.prediction is not None:
            drawn["predicted"] = (self.prediction, "predicted")
        return drawn

    def _made(self, each: Annotation | Prediction) -> tuple[object, tuple[Pyramid, ...]]:
        """Return the pyramids of both dimensions with the time axis that they lie on, which are kept from before."""
        first = self.prediction or next(iter(self.others), None)
        axis = first.times_s if first is not None else None
        kept = self._pyramids.get(each)
        if kept is not None and kept[0] is axis:
            return kept
        times = axis if axis is not None else np.arange(len(each.values), dtype=np.float64)
        return axis, tuple(Pyramid(times, each.values[:, number]) for number in range(len(DIMENSIONS)))


def _fits(prediction: Prediction, chosen: Annotation, part: slice) -> tuple[Fit, ...]:
    """Return the fit of each dimension in a part of the time axis."""
    ours, theirs = prediction.values[part], chosen.values[part]
    return tuple(fit(ours[:, number], theirs[:, number]) for number in range(len(DIMENSIONS)))
