"""The part of a clip that a condition shows. It is prepared once for a task and applied to each frame."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from app.domain.face_view import FaceView, FaceViewGeometry, face_view
from app.domain.media import Frame
from app.domain.project import TrackGeometry
from app.domain.study import CONTEXT_ONLY, FACE_ONLY
from app.faces.face_only import draw_context_only, draw_face_only
from app.services.study.shown_mesh import ShownMesh, shared_finder
from app.services.study.tasks import Task

Image = NDArray[np.uint8]

FACE_SIDES: Final = (160, 480)
"""Least and greatest side of the face-only picture, which the screen scales: no more pixels than the clip has."""
_REACH: Final = 1.6
"""Half the side of the area that the cover of a face can touch, in longer sides of the face's box or square."""


@dataclass(frozen=True, eq=False)
class Picture:
    """The part of one frame that is put on the screen.

    Attributes:
        image: H×W×4 uint8 BGRA, alpha 255.
        lost: Whether the face is lost, so that the picture is plain grey.
    """

    image: Image
    lost: bool


def prepare_views(tasks: Iterable[Task]) -> None:
    """Load what the views of tasks need beside a clip, which may take a moment: call it outside the window's thread.

    Raises:
        UserError: The study shows faces by their mesh, and its network is missing or damaged.
    """
    for task in tasks:
        if task.condition is not None and task.condition.view == FACE_ONLY and task.geometry.shape == "mesh":
            shared_finder()


class TaskView:
    """Turns frames of a task's clip into what its condition shows.

    Args:
        task: The task; a condition that hides something needs its track.
        times_s: float64 F, the times of all frames of the clip.
        start_s: Beginning of the item in seconds.
        end_s: End of the item in seconds.

    Raises:
        ValueError: The condition hides something, and there is no track that says what.
        UserError: The study shows faces by their mesh, and its network is missing or damaged.
    """

    def __init__(self, task: Task, times_s: NDArray[np.float64], start_s: float, end_s: float) -> None:
        self._view = task.condition.view if task.condition is not None else ""
        self._geometry = task.geometry
        self._follow: FaceView | None = None
        self._others: list[NDArray[np.float64]] = []
        self._boxes: dict[int, NDArray[np.float32]] = {}
        self._mesh: ShownMesh | None = None
        self._side = FACE_SIDES[1]
        if self._view in (FACE_ONLY, CONTEXT_ONLY):
            if task.track is None:
                raise ValueError("this condition needs a face track")
            track = task.track
            self._follow = _followed(track, times_s, start_s, end_s, task.geometry)
            if self._view == FACE_ONLY and task.geometry.shape == "mesh":
                self._mesh = ShownMesh(track)
            if self._view == FACE_ONLY and task.geometry.shape in ("face", "mesh"):
                self._others = [
                    _followed(other, times_s, start_s, end_s, task.geometry).outlines for other in task.neighbours
                ]
            sides = self._follow.squares[:, 2]
            largest = float(np.nanmax(sides)) if np.isfinite(sides).any() else 0.0
            self._side = int(min(max(np.ceil(largest), FACE_SIDES[0]), FACE_SIDES[1]))
            self._boxes = dict(zip((int(i) for i in track.frame_idx), track.boxes, strict=True))

    def square(self, frame_idx: int) -> NDArray[np.float64]:
        """Return the smoothed crop of the face: float64 [centre x, centre y, side] in pixels; NaN where it is lost.

        Raises:
            ValueError: The condition shows the whole picture and follows no face.
        """
        if self._follow is None:
            raise ValueError("this condition follows no face")
        square: NDArray[np.float64] = self._follow.squares[frame_idx]
        return square

    def picture(self, frame: Frame) -> Picture:
        """Cut out the part of a frame that is shown.

        Args:
            frame: The frame, with a `bgra` image.
        """
        if self._follow is None:
            return Picture(frame.image, False)
        square = self._follow.squares[frame.frame_idx]
        lost = not bool(np.isfinite(square).all())
        if self._view == FACE_ONLY:
            # What is drawn mixes no colours, so that BGR is as good as the RGB it speaks of.
            idx = frame.frame_idx
            outline, others = self._follow.outlines[idx], [one[idx] for one in self._others]
            mesh = None
            if self._mesh is not None and not lost:
                mesh = self._mesh.points(frame, _rgb(frame.image))
            face = draw_face_only(_bgr(frame.image), square, self._side, self._geometry, outline, others, mesh)
            return Picture(_bgra(face), lost)
        return Picture(_bgra(self._covered(frame, square, lost)), lost)

    def _covered(self, frame: Frame, square: NDArray[np.float64], lost: bool) -> Image:
        """Return the frame with the face covered; only the part around the face is computed again."""
        whole = _bgr(frame.image)
        if lost:
            return draw_context_only(whole, square, self._geometry)
        box = self._boxes.get(frame.frame_idx)
        x, y, side = (float(v) for v in square)
        reach = _REACH * side
        left, top, right, bottom = x - reach, y - reach, x + reach, y + reach
        if box is not None:
            bx, by, bw, bh = (float(v) for v in box)
            more = _REACH * max(bw, bh)
            mx, my = bx + bw / 2, by + bh / 2
            left, top = min(left, mx - more), min(top, my - more)
            right, bottom = max(right, mx + more), max(bottom, my + more)
        height, width = whole.shape[:2]
        x0, y0 = max(int(left), 0), max(int(top), 0)
        x1, y1 = min(int(right) + 1, width), min(int(bottom) + 1, height)
        if x0 < x1 and y0 < y1:
            part_square = square - np.array([x0, y0, 0.0])
            part_box = None if box is None else (box - np.array([x0, y0, 0, 0], np.float32)).astype(np.float32)
            part = draw_context_only(whole[y0:y1, x0:x1], part_square, self._geometry, part_box)
            whole[y0:y1, x0:x1] = part
        return whole


def _followed(
    track: TrackGeometry, at_s: NDArray[np.float64], start_s: float, end_s: float, geometry: FaceViewGeometry
) -> FaceView:
    return face_view(track.times_s, track.boxes, at_s, start_s, end_s, geometry, track.landmarks)


def _rgb(image: Image) -> Image:
    return np.asarray(cv2.cvtColor(image, cv2.COLOR_BGRA2RGB), np.uint8)


def _bgr(image: Image) -> Image:
    return np.asarray(cv2.cvtColor(image, cv2.COLOR_BGRA2BGR), np.uint8)


def _bgra(image: Image) -> Image:
    return np.asarray(cv2.cvtColor(image, cv2.COLOR_BGR2BGRA), np.uint8)


def marked_box(task: Task) -> tuple[float, NDArray[np.float64]] | None:
    """Return the target's place at the item's beginning: (time in s, [x, y, w, h] in pixels of the displayed frame).

    The time is the first moment of the item in which the target's face was seen. None means that no target was chosen.
    """
    if task.track is not None and task.track.times_s.size:
        times = task.track.times_s
        row = int(np.searchsorted(times, task.start_s)) if task.start_s is not None else 0
        row = min(row, times.size - 1)
        return float(times[row]), task.track.boxes[row].astype(np.float64)
    target = task.item.target if task.item is not None else {}
    if target and "box" in target:
        return float(target.get("time_s", task.start_s or 0.0)), np.asarray(target["box"], np.float64)
    return None


def told_problem(task: Task) -> str:
    """Say to a rater why a task cannot be shown, without file names, which may reveal the emotion."""
    if task.clip is not None and task.clip.missing:
        return "The file of this clip is not where it was."
    return task.problem
