"""Recently decoded frames, bounded in bytes."""

from collections import OrderedDict

import av


class FrameCache:
    """Holds decoded frames in the decoder's own format (a third of RGB's size), the most recently used one last.

    Args:
        max_bytes: Upper bound for all planes together; a single frame that is larger is still kept.

    Attributes:
        max_bytes: The bound.
    """

    def __init__(self, max_bytes: int) -> None:
        self.max_bytes = max_bytes
        self._frames: OrderedDict[int, av.VideoFrame] = OrderedDict()
        self._bytes = 0

    def __len__(self) -> int:
        return len(self._frames)

    def __contains__(self, idx: int) -> bool:
        return idx in self._frames

    @property
    def bytes(self) -> int:
        """Number of bytes held now."""
        return self._bytes

    def get(self, idx: int) -> av.VideoFrame | None:
        """Return a frame and mark it as used; None if it is not held."""
        frame = self._frames.get(idx)
        if frame is not None:
            self._frames.move_to_end(idx)
        return frame

    def put(self, idx: int, frame: av.VideoFrame) -> None:
        """Hold a frame; those unused for longest are dropped."""
        old = self._frames.pop(idx, None)
        if old is not None:
            self._bytes -= _size(old)
        self._frames[idx] = frame
        self._bytes += _size(frame)
        while self._bytes > self.max_bytes and len(self._frames) > 1:
            self._bytes -= _size(self._frames.popitem(last=False)[1])

    def clear(self) -> None:
        """Drop all frames."""
        self._frames.clear()
        self._bytes = 0


def _size(frame: av.VideoFrame) -> int:
    return sum(plane.buffer_size for plane in frame.planes)
