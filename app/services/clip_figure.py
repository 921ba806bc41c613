"""The picture that goes with an analysed clip: curves, expression and the valence–arousal plane."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from app.domain.analysis import ClipAnalysis, TrackPrediction
from app.domain.emotions import FERPLUS
from app.files import replacing

if TYPE_CHECKING:
    from matplotlib.axes import Axes

VALENCE, AROUSAL = "#0072B2", "#D55E00"
"""Okabe–Ito blue and vermilion: told apart by readers with any common colour vision; the window uses the same two."""

CLASS_COLOURS = dict(
    zip(
        FERPLUS,
        ("#999999", "#F0E442", "#CC79A7", "#56B4E9", "#D55E00", "#009E73", "#7B5EA7", "#8C6D31"),
        strict=True,
    )
)

QUADRANTS = ((-1, 1, "tense, angry"), (1, 1, "excited, happy"), (-1, -1, "sad, bored"), (1, -1, "calm, content"))
"""Signs of valence and arousal, and what people call that corner (Russell 1980)."""


def write_clip_figure(path: Path, analysis: ClipAnalysis, title: str) -> None:
    """Draw a clip's predictions: valence and arousal over time, expression probabilities, and the plane.

    Args:
        path: PNG, SVG or PDF by its ending; replaced as a whole.
        analysis: The predictions; the track with the most frames is drawn fully, others as thin curves.
        title: Above the picture, usually the file's name.

    Raises:
        UserError: When the file cannot be written.
    """
    # An own figure and canvas, not pyplot: no global state, safe in any thread.
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(12, 5.6), dpi=110, layout="constrained")
    FigureCanvasAgg(figure)
    grid = figure.add_gridspec(2, 2, width_ratios=(2.1, 1), height_ratios=(1.25, 1))
    curves = figure.add_subplot(grid[0, 0])
    classes = figure.add_subplot(grid[1, 0], sharex=curves)
    plane = figure.add_subplot(grid[:, 1])
    figure.suptitle(title, x=0.01, ha="left", fontsize=12, fontweight="semibold")
    tracks = sorted(analysis.tracks, key=len, reverse=True)
    _curves(curves, tracks, analysis)
    _classes(classes, tracks)
    _plane(plane, tracks)
    if not tracks:
        curves.text(0.5, 0.5, "No face was found in this clip.", ha="center", va="center", transform=curves.transAxes)
    with replacing(path) as temporary:
        figure.savefig(temporary)


def _gapped(track: TrackPrediction, values: "np.ndarray[Any, np.dtype[np.float32]]") -> tuple[Any, Any]:
    """Times and values with a NaN wherever the face was away, so that no line bridges its absence."""
    breaks = np.flatnonzero(np.diff(track.frame_idx) > 1) + 1
    return (
        np.insert(track.times_s, breaks, np.nan),
        np.insert(values.astype(np.float64), breaks, np.nan, axis=0),
    )


def _curves(axes: "Axes", tracks: list[TrackPrediction], analysis: ClipAnalysis) -> None:
    for number, track in enumerate(tracks):
        times_s, raw = _gapped(track, track.valence_arousal)
        _, smooth = _gapped(track, track.smooth)
        for column, (name, colour) in enumerate((("valence", VALENCE), ("arousal", AROUSAL))):
            axes.plot(times_s, raw[:, column], color=colour, lw=0.6, alpha=0.35)
            label = name if number == 0 else None
            axes.plot(times_s, smooth[:, column], color=colour, lw=1.6 if number == 0 else 0.9, label=label)
    axes.axhline(0, color="#888888", lw=0.6)
    axes.set(ylim=(-1.02, 1.02), ylabel="valence, arousal")
    if len(analysis.times_s) > 1:
        axes.set_xlim(float(analysis.times_s[0]), float(analysis.times_s[-1]))
    if tracks:
        axes.legend(loc="upper right", ncols=2, frameon=False, fontsize=9)
    axes.tick_params(labelbottom=False)


def _classes(axes: "Axes", tracks: list[TrackPrediction]) -> None:
    if tracks and tracks[0].probabilities.size and len(tracks[0]) > 1:
        track = tracks[0]
        colours = [CLASS_COLOURS.get(name, "#444444") for name in track.classes]
        axes.stackplot(track.times_s, track.probabilities.T, labels=track.classes, colors=colours, lw=0)
        place: dict[str, Any] = {"loc": "upper center", "bbox_to_anchor": (0.5, -0.22), "ncols": 8}
        axes.legend(**place, frameon=False, fontsize=8, columnspacing=1)
    axes.set(ylim=(0, 1), ylabel="expression", xlabel="time (s)")


def _plane(axes: "Axes", tracks: list[TrackPrediction]) -> None:
    axes.set(xlim=(-1, 1), ylim=(-1, 1), aspect="equal", xlabel="valence", ylabel="arousal")
    axes.axhline(0, color="#888888", lw=0.6)
    axes.axvline(0, color="#888888", lw=0.6)
    for x, y, name in QUADRANTS:
        axes.text(0.96 * x, 0.95 * y, name, ha="right" if x > 0 else "left", va="center", fontsize=8, color="#777777")
    if tracks:
        points = tracks[0].smooth
        # Marks grow with recency, as in Kollias et al. 2017, Fig. 1–2.
        recency = np.linspace(0, 1, len(points))
        axes.plot(points[:, 0], points[:, 1], color="#555555", lw=0.6, alpha=0.5)
        axes.scatter(points[:, 0], points[:, 1], s=4 + 40 * recency**3, c=recency, cmap="viridis", linewidths=0)
