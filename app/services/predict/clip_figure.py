"""The figure of an analysed clip: curves, frames, expression and the valence–arousal plane."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from app.domain.analysis import ClipAnalysis, TrackPrediction
from app.domain.clock import axis_words
from app.domain.emotions import FERPLUS
from app.drawing import label_of, new_figure
from app.results import result

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from app.services.predict.thumbnails import Thumbnail

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


def write_clip_figure(path: Path, analysis: ClipAnalysis, title: str, thumbnails: "Sequence[Thumbnail]" = ()) -> None:
    """Draw a clip's predictions: valence and arousal over time, expression probabilities, and the plane.

    Args:
        path: PNG, SVG or PDF by its ending; replaced as a whole.
        analysis: The predictions; the track with the most frames is drawn fully, others as thin curves.
        title: The heading, usually the file's name.
        thumbnails: Frames to show under the curves (`app.services.predict.thumbnails`).

    Raises:
        UserError: The file cannot be written.
    """
    # An own figure and canvas, not pyplot: no global state, safe in any thread.
    figure = new_figure(figsize=(12, 6.8 if thumbnails else 5.6), dpi=110, layout="constrained")
    figure.suptitle(label_of(title, 90), x=0.01, ha="left", fontsize=12, fontweight="bold")
    heights = (1.25, 0.55, 1) if thumbnails else (1.25, 1)
    grid = figure.add_gridspec(len(heights), 2, width_ratios=(2.1, 1), height_ratios=heights)
    curves = figure.add_subplot(grid[0, 0])
    classes = figure.add_subplot(grid[-1, 0], sharex=curves)
    plane = figure.add_subplot(grid[:, 1])
    begins_s = float(analysis.times_s[0]) if len(analysis.times_s) else 0.0
    tracks = [replace(track, times_s=track.times_s - begins_s) for track in analysis.tracks]
    tracks.sort(key=len, reverse=True)
    _curves(curves, tracks, analysis)
    if thumbnails:
        _frames(figure.add_subplot(grid[1, 0], sharex=curves), thumbnails, begins_s)
    if len(analysis.times_s) > 1:
        _classes(classes, tracks)
        classes.set_xlabel(axis_words(begins_s))
    else:
        _still(curves, classes, tracks)
    _plane(plane, tracks)
    if not tracks:
        curves.text(0.5, 0.5, "No face was found in this clip.", ha="center", va="center", transform=curves.transAxes)
    with result(path) as temporary:
        figure.savefig(temporary)


def _gapped(track: TrackPrediction, values: "np.ndarray[Any, Any]") -> tuple[Any, Any]:
    """Return times and values with a NaN wherever the face was away, so that no line bridges its absence."""
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
        axes.set_xlim(0.0, float(analysis.times_s[-1] - analysis.times_s[0]))
    if tracks:
        axes.legend(loc="upper right", ncols=2, frameon=False, fontsize=9)
    axes.tick_params(labelbottom=False)


def _frames(axes: "Axes", thumbnails: "Sequence[Thumbnail]", begins_s: float) -> None:
    """Each frame centred on its time, as high as the strip; the curves' own time axis stays."""
    from matplotlib.offsetbox import AnnotationBbox, OffsetImage

    axes.set(ylim=(0, 1), yticks=[])
    axes.tick_params(labelbottom=False, length=0)
    for spine in axes.spines.values():
        spine.set_visible(False)
    rows, columns = thumbnails[0].image.shape[:2]
    # The strip has about 760×90 pixels of the figure; an offset image is drawn at 72 dots an inch times its zoom.
    zoom = 72 / 110 * min(760 / (columns * len(thumbnails)), 90 / rows)
    for thumbnail in thumbnails:
        picture = OffsetImage(thumbnail.image, zoom=zoom)
        axes.add_artist(AnnotationBbox(picture, (thumbnail.time_s - begins_s, 0.5), frameon=False, pad=0))


def _classes(axes: "Axes", tracks: list[TrackPrediction]) -> None:
    if tracks and tracks[0].probabilities.size and len(tracks[0]) > 1:
        track = tracks[0]
        colours = [CLASS_COLOURS.get(name, "#444444") for name in track.classes]
        areas = axes.stackplot(track.times_s, track.probabilities.T, colors=colours, lw=0)
        _class_legend(axes, areas, list(track.classes))
    axes.set(ylim=(0, 1), ylabel="expression")


def _still(curves: "Axes", classes: "Axes", tracks: list[TrackPrediction]) -> None:
    """Draw the values of a still picture: those of each face side by side, in the order of their tracks."""
    faces = sorted((track for track in tracks if len(track)), key=lambda track: track.track_id)
    places = np.arange(len(faces)) - (len(faces) - 1) / 2
    curves.set(xlim=(-max(len(faces), 2) / 2 - 0.5, max(len(faces), 2) / 2 + 0.5), xticks=places)
    for place, track in zip(places, faces, strict=True):
        for column, colour in enumerate((VALENCE, AROUSAL)):
            curves.plot([place], [track.smooth[0, column]], "o", color=colour)
        below = 0.0
        for name, share in zip(track.classes, track.probabilities[0], strict=False):
            classes.bar(place, share, 0.5, bottom=below, color=CLASS_COLOURS.get(name, "#444444"), label=name)
            below += float(share)
    classes.set(ylim=(0, 1), ylabel="expression", xlabel="face")
    classes.set_xticks(places, [str(track.track_id) for track in faces])
    handles, names = classes.get_legend_handles_labels()
    if names:
        once = dict(zip(names, handles, strict=True))
        _class_legend(classes, list(once.values()), list(once))


def _class_legend(axes: "Axes", handles: list[Any], names: list[str]) -> None:
    place: dict[str, Any] = {"loc": "upper center", "bbox_to_anchor": (0.5, -0.22), "ncols": 8}
    axes.legend(handles, names, **place, frameon=False, fontsize=8, columnspacing=1)


def _plane(axes: "Axes", tracks: list[TrackPrediction]) -> None:
    axes.set(xlim=(-1, 1), ylim=(-1, 1), aspect="equal", xlabel="valence", ylabel="arousal")
    axes.axhline(0, color="#888888", lw=0.6)
    axes.axvline(0, color="#888888", lw=0.6)
    for x, y, name in QUADRANTS:
        axes.text(0.96 * x, 0.95 * y, name, ha="right" if x > 0 else "left", va="center", fontsize=8, color="#777777")
    if tracks:
        one_picture = len(tracks[0]) == 1
        points = np.concatenate([track.smooth for track in tracks]) if one_picture else tracks[0].smooth
        # Marks grow with recency, as in Kollias et al. 2017, Fig. 1–2.
        recency = np.ones(len(points)) if one_picture else np.linspace(0, 1, len(points))
        if not one_picture:
            axes.plot(points[:, 0], points[:, 1], color="#555555", lw=0.6, alpha=0.5)
        axes.scatter(points[:, 0], points[:, 1], s=4 + 40 * recency**3, c=recency, cmap="viridis", linewidths=0)
