"""Turns a decoded frame into the picture as displayed: colours, square pixels, orientation."""

from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final, cast

import av
import numpy as np
from av.video.reformatter import VideoReformatter
from numpy.typing import NDArray

from app.domain.media import PixelFormat

_SANE_ASPECT: Final = (Fraction(1, 4), Fraction(4))
"""Range of pixel shapes; those outside come from damaged metadata and are ignored."""


@dataclass(frozen=True)
class Orientation:
    """How the stored picture becomes the displayed one: it is transposed first, then mirrored.

    Attributes:
        transpose: Whether rows become columns.
        flip_h: Whether left and right are exchanged after transposing.
        flip_v: Whether top and bottom are exchanged after transposing.
    """

    transpose: bool = False
    flip_h: bool = False
    flip_v: bool = False

    @property
    def rotation_deg(self) -> int:
        """Clockwise turn of the picture in degrees: 0, 90, 180 or 270. A mirrored picture is turned first."""
        if self.transpose:
            return 90 if self.flip_h else 270
        return 180 if self.flip_v else 0

    def apply(self, image: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """Turn an image (rows × columns [× channels]); the result is C-contiguous, and the same array if upright."""
        if self.transpose:
            image = np.swapaxes(image, 0, 1)
        if self.flip_h:
            image = image[:, ::-1]
        if self.flip_v:
            image = image[::-1]
        return np.ascontiguousarray(image)


_EXIF: Final = {
    2: Orientation(flip_h=True),
    3: Orientation(flip_h=True, flip_v=True),
    4: Orientation(flip_v=True),
    5: Orientation(transpose=True),
    6: Orientation(transpose=True, flip_h=True),
    7: Orientation(transpose=True, flip_h=True, flip_v=True),
    8: Orientation(transpose=True, flip_v=True),
}


def orientation_from_exif(value: int) -> Orientation:
    """Return the orientation for an EXIF value 1–8."""
    return _EXIF.get(value, Orientation())


def orientation_of(frame: av.VideoFrame) -> Orientation:
    """Read a frame's display matrix; turns that are not a multiple of 90° are rounded to the nearest one."""
    try:
        data = frame.side_data.get("DISPLAYMATRIX")
    except ValueError:  # PyAV 18 does not know every kind of side data and refuses them all then
        turn = round(frame.rotation / 90) % 4  # counter-clockwise
        return orientation_from_exif((1, 8, 3, 6)[turn])
    if data is None:
        return Orientation()
    (a, b, _), (c, d, _), _ = np.frombuffer(cast(Any, data), np.int32).reshape(3, 3).tolist()
    # A stored point (x, y) is shown at (a x + c y, b x + d y), y downwards.
    if max(abs(a), abs(d)) >= max(abs(b), abs(c)):
        return Orientation(flip_h=a < 0, flip_v=d < 0)
    return Orientation(transpose=True, flip_h=c < 0, flip_v=b < 0)


def square_size(width: int, height: int, aspect: Fraction | None) -> tuple[int, int]:
    """Return the size with square pixels: the picture is stretched along one side, never shrunk.

    Args:
        width: Stored columns.
        height: Stored rows.
        aspect: Width of a pixel over its height; None or 0 where unknown.
    """
    if not aspect or not _SANE_ASPECT[0] <= aspect <= _SANE_ASPECT[1]:
        return width, height
    if aspect >= 1:
        return round(width * aspect), height
    return width, round(height / aspect)


class Converter:
    """Turns decoded frames into displayed pictures. Each thread needs its own, because it holds one scaling context.

    The size of the pictures may change within a stream, as in network calls and on telephones that are turned; each
    picture is then displayed in its own size.

    Args:
        orientation: The orientation that is applied to each picture.
        aspect: Width of a pixel over its height; None where pixels are square or their shape is unknown.
    """

    def __init__(self, orientation: Orientation, aspect: Fraction | None = None) -> None:
        self._orientation, self._aspect = orientation, aspect
        # PyAV 18 would make a scaling context for each frame; and with its own threads it disturbs the decoder's.
        self._reformatter = VideoReformatter()

    def image(self, frame: av.VideoFrame, pixel_format: PixelFormat) -> NDArray[np.uint8]:
        """Convert one frame to uint8 of the given format, as displayed; the array is new."""
        width, height = square_size(frame.width, frame.height, self._aspect)
        picture = self._reformatter.reformat(frame, width=width, height=height, format=pixel_format, threads=1)
        # A one-frame image that is in this format already comes back untouched: the array must not share its memory.
        array = np.asarray(picture.to_ndarray(), dtype=np.uint8)
        return self._orientation.apply(array.copy() if picture is frame else array)
