"""Small pictures of a clip at even distances, for the strip under its curves."""

from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from app.domain.analysis import ClipAnalysis
from app.jobs import Context
from app.services.predict.readers import open_reader

BOX = (255, 200, 60)


@dataclass(frozen=True, eq=False)
class Thumbnail:
    """A reduced frame.

    Attributes:
        time_s: Its time on the clip's axis.
        image: uint8 H×W×3, RGB, with frames around the faces that were found.
    """

    time_s: float
    image: NDArray[np.uint8]


def clip_thumbnails(
    path: Path, analysis: ClipAnalysis, ctx: Context, *, count: int = 8, height: int = 160
) -> tuple[Thumbnail, ...]:
    """Return frames from the middles of `count` equal stretches of time, cut to the faces, with boxes around them.

    Args:
        path: The clip that was analysed.
        analysis: Its predictions.
        ctx: Can cancel.
        count: Number of pictures; fewer for a clip of fewer frames.
        height: Height of each, in pixels.

    Raises:
        UserError: The clip cannot be read.
        Cancelled: The user cancelled.
    """
    times_s = analysis.times_s[np.setdiff1d(np.array(analysis.looked_at, np.intp), analysis.lost_idx)]
    if not len(times_s):
        return ()
    edges_s = np.linspace(times_s[0], times_s[-1], min(count, len(times_s)) + 1)
    wanted_s = (edges_s[:-1] + edges_s[1:]) / 2
    places = np.unique(np.abs(times_s[:, None] - wanted_s).argmin(axis=0))
    left, top, right, bottom = _window(analysis)
    made = []
    with open_reader(path, ctx) as reader:
        for place in places:
            idx = int(np.abs(reader.index.times_s - times_s[place]).argmin())
            image = reader.frame(idx, ctx=ctx).image
            for track in analysis.tracks:
                for box in track.boxes[np.abs(track.times_s - times_s[place]) < 1e-6]:
                    x, y, w, h = (round(float(side)) for side in box)
                    cv2.rectangle(image, (x, y), (x + w, y + h), BOX, max((bottom - top) // 120, 2))
            part = image[top:bottom, left:right]
            if not part.size:  # this frame is smaller than those in which the faces were
                part = image
            width = max(round(part.shape[1] * height / part.shape[0]), 1)
            small = cv2.resize(part, (width, height), interpolation=cv2.INTER_AREA)
            made.append(Thumbnail(float(times_s[place]), small.astype(np.uint8)))
    return tuple(made)


def _window(analysis: ClipAnalysis) -> tuple[int, int, int, int]:
    """Return the part of all frames to show, which holds the faces with some room: left, top, right, bottom."""
    whole = (0, 0, analysis.width, analysis.height)
    boxes = [track.boxes for track in analysis.tracks if len(track)]
    if not boxes:
        return whole
    joined = np.concatenate(boxes)
    low, high = joined[:, :2].min(axis=0), (joined[:, :2] + joined[:, 2:]).max(axis=0)
    room = 0.35 * joined[:, 2:].max()
    left, top = np.maximum(low - room, 0).astype(int)
    right, bottom = np.minimum(high + room, whole[2:]).astype(int)
    if right - left < 32 or bottom - top < 32:
        return whole
    return int(left), int(top), int(right), int(bottom)
