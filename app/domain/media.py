"""Frozen records about clips, images and their frames."""

from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

MediaKind = Literal["video", "image"]
PixelFormat = Literal["rgb24", "bgr24", "bgra", "gray"]


@dataclass(frozen=True)
class MediaInfo:
    """What is known of a clip or an image after its index was built.

    Attributes:
        path: The file.
        kind: `video`, or `image` for a source of exactly one frame.
        width: Pixels of the displayed frame: after rotation or mirroring by the display matrix (EXIF orientation for
            images) and after non-square pixels were made square. The longer side of a pixel decides, so the picture
            is stretched and never shrunk. It is the size of the first frame: a stream may change it on the way, and
            each frame then keeps its own size. Boxes and landmarks are in pixels of the frame that they belong to.
        height: Like `width`.
        rotation_deg: By how much the stored picture is turned clockwise for display: 0, 90, 180 or 270.
        time_base: Seconds a tick of the stream; None for an image.
        n_frames: Frames that are in the file, with damaged ones whose place is known; not what the container claims.
        duration_s: From the start of the first frame to the end of the last; 0 for an image.
        codec: libav's name of the decoder, such as `h264`.
        average_rate: Frames per second over the whole clip, exact; None with fewer than two frames.
        variable_rate: Whether the distance between frames varies by more than the clock's rounding.
        has_audio: Whether there is a sound track that can be read.
        audio_rate: Samples per second of the sound track, 0 without one.
        audio_channels: Channels of the sound track, 0 without one.
        complete: False where the file is cut off or parts of it do not decode.
        note: One sentence on why `complete` is False, else empty.
    """

    path: Path
    kind: MediaKind
    width: int
    height: int
    rotation_deg: int
    time_base: Fraction | None
    n_frames: int
    duration_s: float
    codec: str
    average_rate: Fraction | None
    variable_rate: bool
    has_audio: bool
    audio_rate: int
    audio_channels: int
    complete: bool
    note: str


@dataclass(frozen=True, eq=False)
class Frame:
    """One decoded frame.

    Attributes:
        frame_idx: Number in presentation order, from 0.
        pts: Presentation time stamp in ticks of the stream's time base, unshifted (it may begin below or above 0).
        time_s: `pts` × time base, seconds.
        image: uint8, rows × columns × 3 (`rgb24`, `bgr24`) or × 4 (`bgra`, alpha 255), rows × columns for `gray`;
            C-contiguous, as displayed (see `MediaInfo.width`), 0–255. The array belongs to the receiver.
    """

    frame_idx: int
    pts: int
    time_s: float
    image: NDArray[np.uint8]


@dataclass(frozen=True)
class ClipLength:
    """How long a clip is.

    Attributes:
        n_frames: 0 where unknown.
        duration_s: Seconds, 0 where unknown.
    """

    n_frames: int
    duration_s: float
