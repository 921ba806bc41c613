"""The geometry of the face-only view: a square that follows the tracked face, its outline, and times without a face."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from app.domain.face_outline import face_outlines


@dataclass(frozen=True)
class FaceViewGeometry:
    """The parameters of the crop, which are stored with every label given on it.

    Attributes:
        margin: Side of the square over the longer side of the face's box.
        smooth_s: Standard deviation of the Gaussian over time, seconds.
        gap_s: A face not seen for longer than this is lost; shorter gaps are bridged by a straight line.
        fill: Grey value 0–255 of what lies outside the picture or while the face is lost.
        shape: "face": what is shown ends with the outline of the face (`app.domain.face_outline`). "mesh": it ends
            with the surface of the face mesh (`app.faces.mesh_mask`), and with the outline where no mesh is found.
            "oval": an upright oval that fills the square, as version 0.1 showed it.
        outline_margin: What is shown fades out over so much beyond the outline, as a share of the way to its edge.
        outline_smooth_s: Standard deviation of the Gaussian over time by which the outline is smoothed, seconds. It is
            short, so that a quick movement stays within the outline.
    """

    margin: float = 1.3
    smooth_s: float = 0.25
    gap_s: float = 0.5
    fill: int = 128
    shape: Literal["face", "mesh", "oval"] = "face"
    outline_margin: float = 0.1
    outline_smooth_s: float = 0.04

    @classmethod
    def from_dict(cls, stored: Mapping[str, Any]) -> FaceViewGeometry:
        """Return the geometry that a presentation stored; one of version 0.1 does not say its shape."""
        return cls(**{"shape": "oval", **stored})

    def to_dict(self) -> dict[str, Any]:
        """Return plain values."""
        return asdict(self)


@dataclass(frozen=True, eq=False)
class FaceView:
    """The squares and outlines of the crop at the requested times.

    Attributes:
        squares: float64 N×3 [centre x, centre y, side], pixels of the displayed frame; NaN where the face is lost.
        outlines: float64 N×6 of the face's outline, see `app.domain.face_outline`; NaN likewise.
        lost: float64 M×2 [from, to] seconds in which the face is lost, ascending.
        visible_share: Share of the asked range in which the face is there, 0–1.
    """

    squares: NDArray[np.float64]
    outlines: NDArray[np.float64]
    lost: NDArray[np.float64]
    visible_share: float


def face_view(
    times_s: NDArray[np.float64],
    boxes: NDArray[np.float32],
    at_s: NDArray[np.float64],
    start_s: float,
    end_s: float,
    geometry: FaceViewGeometry | None = None,
    landmarks: NDArray[np.float32] | None = None,
) -> FaceView:
    """Return the squares and outlines that follow a face.

    Args:
        times_s: float64 K, ascending, when the face was seen.
        boxes: float32 K×4 [x, y, w, h], pixels of the displayed frame.
        at_s: float64 N, the times to show.
        start_s: Where the item begins on the clip's PTS axis.
        end_s: Where it ends.
        geometry: How the crop is made.
        landmarks: float32 K×5×2, the face's landmarks; without them the outline is made from the boxes.
    """
    geometry = geometry or FaceViewGeometry()
    lost = _lost(times_s, start_s, end_s, geometry.gap_s)
    length = max(end_s - start_s, 1e-9)
    visible = 1.0 - float((lost[:, 1] - lost[:, 0]).sum()) / length if times_s.size else 0.0
    squares, outlines = np.full((at_s.size, 3), np.nan), np.full((at_s.size, 6), np.nan)
    if times_s.size:
        box = boxes.astype(np.float64)
        track = np.column_stack([box[:, 0] + box[:, 2] / 2, box[:, 1] + box[:, 3] / 2, box[:, 2:].max(axis=1)])
        track[:, 2] *= geometry.margin
        squares = _smoothed(times_s, track, at_s, geometry.smooth_s, geometry.gap_s)
        points = np.full((len(boxes), 5, 2), np.nan) if landmarks is None else landmarks
        shape = face_outlines(boxes, points)
        outlines = _smoothed(times_s, shape, at_s, geometry.outline_smooth_s, geometry.gap_s)
        gone = (at_s < times_s[0] - geometry.gap_s) | (at_s > times_s[-1] + geometry.gap_s)
        for begin, end in lost:
            gone |= (at_s > begin) & (at_s < end)
        squares[gone], outlines[gone] = np.nan, np.nan
    return FaceView(squares, outlines, lost, max(0.0, min(1.0, visible)))


def _lost(times_s: NDArray[np.float64], start_s: float, end_s: float, gap_s: float) -> NDArray[np.float64]:
    inside = times_s[(times_s >= start_s) & (times_s <= end_s)]
    if not inside.size:
        return np.array([[start_s, end_s]])
    edges = np.concatenate([[start_s], inside, [end_s]])
    holes = np.flatnonzero(np.diff(edges) > gap_s)
    return np.column_stack([edges[holes], edges[holes + 1]])


def _smoothed(
    times_s: NDArray[np.float64],
    track: NDArray[np.float64],
    at_s: NDArray[np.float64],
    smooth_s: float,
    gap_s: float,
) -> NDArray[np.float64]:
    """Smooth over time by a Gaussian on a regular grid, each unbroken stretch alone, so that no jump drags the crop."""
    smoothed = np.full((at_s.size, track.shape[1]), np.nan)
    breaks = np.flatnonzero(np.diff(times_s) > gap_s) + 1
    for rows in np.split(np.arange(times_s.size), breaks):
        t, values = times_s[rows], track[rows]
        first, last = t[0] - gap_s, t[-1] + gap_s
        mine = np.flatnonzero((at_s >= first) & (at_s <= last) & np.isnan(smoothed[:, 0]))
        if not mine.size:
            continue
        step = max(smooth_s / 8, 1e-3)
        grid = np.arange(t[0], t[-1] + step, step)
        reach = int(np.ceil(4 * smooth_s / step))
        kernel = np.exp(-0.5 * (np.arange(-reach, reach + 1) * step / max(smooth_s, 1e-9)) ** 2)
        for axis in range(track.shape[1]):
            padded = np.pad(np.interp(grid, t, values[:, axis]), reach, mode="edge")
            smooth = np.convolve(padded, kernel / kernel.sum(), mode="valid")
            smoothed[mine, axis] = np.interp(at_s[mine], grid, smooth)
    return smoothed
