"""Live predictions as a stream of the Lab Streaming Layer (LSL), where they meet EEG, EDA and markers of PsychoPy."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from app.errors import UserError
from app.extras import how_to_add

if TYPE_CHECKING:
    from app.domain.live import LiveFace, LiveResult

NAME: Final = "Affectograph"
KIND: Final = "Affect"
"""Type of the stream, by which other programs look for it."""
OWN: Final = "affectograph-"
"""The beginning of the ids of our own streams."""
FIRST: Final = ("track", "quality", "valence", "arousal")
"""The first channels; the probabilities of the model's classes follow."""


def channels_of(face: LiveFace) -> tuple[str, ...]:
    """Return the names of the channels for the faces of a model."""
    return (*FIRST, *face.classes)


def sample_of(face: LiveFace) -> list[float]:
    """Return the values of the channels for a face."""
    return [float(face.track_id), face.quality, face.valence, face.arousal, *map(float, face.probabilities)]


def leading_face(result: LiveResult) -> LiveFace | None:
    """Return the face that is sent: the largest one, which is usually nearest to the camera; None without any."""
    return max(result.faces, key=lambda one: float(np.prod(one.face.box[2:4])), default=None)


class LslOut:
    """A stream that begins with the first face. Other programs see it as long as this is open.

    Args:
        source: What is predicted, such as `camera`; a part of the stream's id, by which it is found again after a
            restart.

    Raises:
        UserError: LSL is not installed, or its library cannot be loaded.
    """

    def __init__(self, source: str) -> None:
        self._lsl = library()
        self._source = source
        self._outlet: Any = None
        self._channels: tuple[str, ...] = ()

    @property
    def channels(self) -> tuple[str, ...]:
        """The names of the channels; empty before the first face."""
        return self._channels

    def send(self, result: LiveResult, latency_s: float = 0.0) -> None:
        """Send the largest face of a result; nothing without one. It does not wait for receivers.

        Args:
            result: The result.
            latency_s: How long ago its picture was shown; the sample's time stamp is that much earlier.
        """
        face = leading_face(result)
        if face is None:
            return
        channels = channels_of(face)
        if channels != self._channels:
            self._begin(channels)
        self._outlet.push_sample(sample_of(face), self._lsl.local_clock() - latency_s)

    def close(self) -> None:
        """End the stream. A second call does nothing."""
        self._outlet, self._channels = None, ()

    def _begin(self, channels: tuple[str, ...]) -> None:
        self._outlet = None  # a stream cannot change its channels: that of another model ends first
        info = self._lsl.StreamInfo(
            NAME, KIND, len(channels), self._lsl.IRREGULAR_RATE, "float32", f"{OWN}{self._source}"
        )
        described = info.desc().append_child("channels")
        for name in channels:
            channel = described.append_child("channel")
            channel.append_child_value("label", name)
            channel.append_child_value("unit", "number" if name == "track" else "none")
        self._outlet, self._channels = self._lsl.StreamOutlet(info), channels


def library() -> Any:
    """Return the module pylsl.

    Raises:
        UserError: It is not installed, or its library cannot be loaded.
    """
    try:
        import pylsl
    except ImportError as error:
        raise UserError("The Lab Streaming Layer is not installed.", f"{how_to_add('lsl')}.") from error
    except (OSError, RuntimeError) as error:
        raise UserError(
            f"The library of the Lab Streaming Layer cannot be loaded: {error}.",
            "Install liblsl, or set PYLSL_LIB to its file.",
        ) from error
    return pylsl
