"""The model family "face_sequence": reads crops of one face over time and gives valence and arousal.

The state that one call returns is the next call's input. Frame by frame (live) and many frames at once (whole clips)
therefore give the same numbers to 1e-4.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from app.errors import UserError
from app.inference.cards import ModelCard
from app.inference.face_frame import CropReader, FramePredictions, Image, read_outputs
from app.inference.geometry import CropGeometry
from app.inference.session import Session, open_model

Floats = NDArray[np.float32]

KIND: Final = "face_sequence"
CHUNK: Final = 64
"""Number of frames in one run: enough to be fast, and few enough to need little memory."""


@dataclass(frozen=True, eq=False)
class TrackState:
    """The state that a track carries from frame to frame.

    Attributes:
        values: float32 S.
        time_s: PTS time in seconds at which the face was last seen.
    """

    values: Floats
    time_s: float


class FaceSequenceModel:
    """Runs a sequence model on the faces of tracks.

    Attributes:
        session: The session behind it.
        card: Its card.
        crop_geometry: How faces must be cut for it.
        max_gap_s: A face that is away for longer than this many seconds begins with an empty state.
        points: The landmarks that it reads, "mtcnn5", "mesh68" or "dlib68".
    """

    def __init__(self, session: Session, card: ModelCard) -> None:
        """Prepare to use a session that `open_model` has made.

        Raises:
            UserError: The card is not a sequence model's, or its tables cannot be used.
        """
        missing = {"face", "landmarks", "state"} - set(card.inputs)
        if card.kind != KIND or missing or "state_out" not in card.outputs or "valence_arousal" not in card.outputs:
            raise UserError(f"{card.name} is not a model of face sequences.", "Choose a face model.")
        self.session = session
        self.card = card
        self._crops = CropReader(card.name, card.inputs["face"])
        self.crop_geometry: CropGeometry = self._crops.geometry
        self._state_size = _size(card, "state")
        self.n_landmarks = _size(card, "landmarks")
        self.points = str(card.inputs["landmarks"].more.get("points", "mtcnn5"))
        self.max_gap_s = float(card.raw.get("sequence", {}).get("max_gap_s", 0.5))

    @classmethod
    def open(
        cls, card: ModelCard, device: str = "auto", threads: int = 1, file: str | None = None
    ) -> "FaceSequenceModel":
        """Open the session and the model; see `open_model`."""
        return cls(open_model(card, device, threads, file), card)

    @property
    def provider(self) -> str:
        """Name of the execution provider that really runs."""
        return self.session.provider.actual

    def live(
        self,
        crops: Sequence[Image],
        landmarks: Floats,
        states: Sequence[TrackState | None],
        time_s: float,
    ) -> tuple[FramePredictions, tuple[TrackState, ...]]:
        """Predict the faces of one frame.

        Args:
            crops: One uint8 crop for each face.
            landmarks: float32 faces×P, −1…1 over the crop.
            states: The state of each face's track so far; None for a new track.
            time_s: PTS time of the frame in seconds.

        Returns:
            A row for each face, and the new state of each track.
        """
        if not crops:
            return read_outputs(self.card, self._nothing(), 0), ()
        before = np.stack([self._start(state, time_s) for state in states])
        answers = self._run(self._crops.pixels(crops)[:, None], landmarks[:, None], before)
        after = answers["state_out"]
        return self._rows(answers, len(crops)), tuple(TrackState(row.copy(), time_s) for row in after)

    def track(
        self, crops: Sequence[Image] | Image, landmarks: Floats, times_s: NDArray[np.float64]
    ) -> FramePredictions:
        """Predict one track from its beginning to its end: `advance` without a state."""
        return self.advance(crops, landmarks, times_s, None)[0]

    def advance(
        self,
        crops: Sequence[Image] | Image,
        landmarks: Floats,
        times_s: NDArray[np.float64],
        state: TrackState | None,
    ) -> tuple[FramePredictions, TrackState | None]:
        """Predict the next frames of one track.

        Args:
            crops: N uint8 crops, in time order.
            landmarks: float32 N×P.
            times_s: float64 N.
            state: The state of the track; None at its beginning.

        Returns:
            N rows, equal to those that `live` gives frame by frame, and the new state of the track.
        """
        parts: list[dict[str, NDArray[Any]]] = []
        edges = np.flatnonzero(np.diff(times_s) > self.max_gap_s) + 1
        for first, last in zip(np.r_[0, edges], np.r_[edges, len(times_s)], strict=True):
            for start in range(int(first), int(last), CHUNK):
                stop = min(start + CHUNK, int(last))
                before = self._start(state, float(times_s[start]))
                answers = self._run(
                    self._crops.pixels(crops[start:stop])[None], landmarks[None, start:stop], before[None]
                )
                state = TrackState(answers["state_out"][0].copy(), float(times_s[stop - 1]))
                parts.append(answers)
        if not parts:
            return read_outputs(self.card, self._nothing(), 0), state
        names = [name for name in parts[0] if name != "state_out"]
        joined = {name: np.concatenate([part[name] for part in parts], axis=1) for name in names}
        return self._rows(joined, len(times_s)), state

    def _start(self, state: TrackState | None, time_s: float) -> Floats:
        if state is None or not 0 <= time_s - state.time_s <= self.max_gap_s:
            return np.zeros(self._state_size, np.float32)
        return state.values

    def _run(self, faces: Floats, landmarks: Floats, state: Floats) -> dict[str, NDArray[Any]]:
        names = self.card.inputs
        return self.session.run(
            {names["face"].name: faces, names["landmarks"].name: landmarks, names["state"].name: state}
        )

    def _rows(self, answers: dict[str, NDArray[Any]], count: int) -> FramePredictions:
        flat = {name: a.reshape(count, -1) for name, a in answers.items() if name != "state_out"}
        return read_outputs(self.card, flat, count)

    def _nothing(self) -> dict[str, NDArray[Any]]:
        specs = {key: spec for key, spec in self.card.outputs.items() if key != "state_out"}
        return {spec.name: np.zeros((0, int((spec.shape or (1,))[-1])), np.float32) for spec in specs.values()}


def _size(card: ModelCard, key: str) -> int:
    shape = card.inputs[key].shape
    if not shape or not isinstance(shape[-1], int):
        raise UserError(f"The card of {card.name} does not say how large {key} is.", "Install the model again.")
    return shape[-1]
