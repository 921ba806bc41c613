"""The curves of the timeline as a table of frames and as a figure for paper."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from app.domain.clock import axis_words
from app.domain.plotted import Curve, Plot, Rule
from app.domain.tables import Cell, Heading, Table
from app.domain.traces import DIMENSIONS
from app.ui.core.exports import Drawing, Offer
from app.ui.look.language import tr
from app.ui.look.tokens import LIGHT
from app.ui.parts.categories.said import Band
from app.ui.parts.timeline.curves import Annotation, Prediction

if TYPE_CHECKING:
    from matplotlib.figure import Figure

CLASSES: Final = ("#999999", "#B8860B", "#CC79A7", "#56B4E9", "#D55E00", "#009E73", "#7B5EA7", "#8C6D31")
"""Colours of the curves of classes on paper, in the order of the classes."""
_GREY: Final = "#8a8f98"


def curves_offers(
    prediction: Prediction | None,
    annotations: Sequence[Annotation],
    chosen: str,
    band: Band,
    begins_s: float,
) -> list[Offer]:
    """Return what can be exported of the timeline: curves of one face, and verdicts on its last seconds.

    Args:
        prediction: The predictions; None without any.
        annotations: The annotations.
        chosen: Key of the annotation that the prediction is compared with.
        band: The verdicts.
        begins_s: Time at which the clip begins on its own axis.
    """
    found = []
    predicted = prediction is not None and not prediction.empty
    times_s = _times(prediction, annotations)
    if predicted or (len(times_s) and annotations):
        shown = prediction if predicted else None
        found.append(
            Offer(
                tr("Curves of this face"),
                lambda: [_frames(times_s, shown, annotations)],
                lambda: _drawing(_plots(times_s - begins_s, shown, annotations, chosen, begins_s)),
                help=tr("Valence, arousal and expressions in every frame, predicted and annotated."),
            )
        )
    if len(band.times_s):
        found.append(Offer(tr("Verdicts on the last seconds"), lambda: [_verdicts(band)]))
    return found


def _times(prediction: Prediction | None, annotations: Sequence[Annotation]) -> NDArray[np.float64]:
    """Return the frame axis; it is unknown if there are only annotations and the clip is not open yet."""
    if prediction is None or any(len(one.values) != len(prediction.times_s) for one in annotations):
        return np.zeros(0)
    return prediction.times_s


def _drawing(plots: list[Plot]) -> Drawing:
    def draw() -> "Figure":
        from app.services.exports.plots import plots_figure

        return plots_figure(plots)

    return draw


def _frames(times_s: NDArray[np.float64], prediction: Prediction | None, annotations: Sequence[Annotation]) -> Table:
    headings = [Heading("frame_idx", meaning=tr("frame number from 0")),
                Heading("time_s", "s", tr("the frame's own presentation time stamp"))]  # fmt: skip
    columns: list[list[Any]] = [list(range(len(times_s))), times_s.tolist()]
    if prediction is not None:
        for at, name in enumerate(DIMENSIONS):
            headings.append(Heading(f"{name}_predicted", meaning=tr("-1 to 1; empty where the face is not seen")))
            columns.append(prediction.values[:, at].astype(float).tolist())
        for at, name in enumerate(prediction.classes):
            headings.append(Heading(name, meaning=tr("probability of this expression, 0 to 1")))
            columns.append(prediction.probabilities[:, at].astype(float).tolist())
    for one in annotations:
        for at, name in enumerate(DIMENSIONS):
            where = ", ".join(filter(None, (one.group, one.note)))
            headings.append(Heading(f"{name}: {one.title}", meaning=f"annotated, -1 to 1. {where}".strip()))
            columns.append(one.values[:, at].astype(float).tolist())
    rows: tuple[tuple[Cell, ...], ...] = tuple(zip(*columns, strict=True))
    return Table(tr("Curves of this face"), tuple(headings), rows)


def _plots(
    times_s: NDArray[np.float64], prediction: Prediction | None, annotations: Sequence[Annotation], chosen: str,
    begins_s: float,
) -> list[Plot]:  # fmt: skip
    x = axis_words(begins_s)
    ends = (float(times_s[0]), float(times_s[-1])) if len(times_s) else None
    plots = []
    for at, name in enumerate(DIMENSIONS):
        curves = []
        for one in sorted(annotations, key=lambda each: each.key == chosen):
            ink, width = ("#222222", 1.4) if one.key == chosen else (_GREY, 0.9)
            curves.append(Curve(one.title, times_s, one.values[:, at].astype(np.float64), ink, 1.0, width, "dashed"))
        if prediction is not None:
            values = prediction.values[:, at].astype(np.float64)
            curves.append(Curve("prediction" if not at else "", times_s, values, getattr(LIGHT, name), 1.0, 1.4))
        plots.append(
            Plot(name.capitalize(), x, name, tuple(curves), (Rule(0.0, colour="#bbbbbb"),), ends, (-1.02, 1.02))
        )
    if prediction is not None and not np.isnan(prediction.probabilities).all():
        shares = tuple(
            Curve(name, times_s, prediction.probabilities[:, at].astype(np.float64), CLASSES[at % len(CLASSES)])
            for at, name in enumerate(prediction.classes)
        )
        plots.append(Plot(tr("Expression"), x, "probability", shares, (), ends, (0.0, 1.0)))
    return plots


def _verdicts(band: Band) -> Table:
    headings = [Heading("time_s", "s", tr("the time at which this is said of the last seconds"))]
    headings += [Heading(name, meaning=tr("share of the category, 0 to 1")) for name in band.classes]
    shares = np.asarray(band.probabilities, np.float64)
    rows = tuple((float(time), *row) for time, row in zip(band.times_s.tolist(), shares.tolist(), strict=True))
    return Table(tr("Verdicts on the last seconds"), tuple(headings), rows)
