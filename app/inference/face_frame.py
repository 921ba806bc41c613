"""The model family "face_frame": reads one face crop and gives expression, valence and arousal."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from app.domain.emotions import FER, FERPLUS
from app.errors import UserError
from app.inference.cards import ModelCard, TensorSpec
from app.inference.geometry import CropGeometry, parse_geometry
from app.inference.session import Session, open_model

Image = NDArray[np.uint8]
Floats = NDArray[np.float32]

KIND: Final = "face_frame"
BATCHES: Final = (16, 4, 1)
"""Batch sizes in use. There are few of them, so that a GPU prepares for few shapes."""

_SYNONYMS: Final = {
    "neutral": "neutral", "neutrality": "neutral", "happy": "happiness", "happiness": "happiness",
    "surprise": "surprise", "surprised": "surprise", "sad": "sadness", "sadness": "sadness", "angry": "anger",
    "anger": "anger", "disgust": "disgust", "disgusted": "disgust", "fear": "fear", "fearful": "fear",
    "contempt": "contempt",
}  # fmt: skip
_FERPLUS_OF_FER: Final = tuple(_SYNONYMS[name] for name in FER)


@dataclass(frozen=True, eq=False)
class FramePredictions:
    """Outputs of a frame model for N crops.

    Attributes:
        probabilities: float32 N×8 over FERPlus' classes, rows sum to one; N×0 where the model gives none. A model of
            FER2013's seven classes gives 0 for contempt, which it does not know.
        fer: float32 N×7 over FER2013's classes; None where the model gives none.
        valence_arousal: float32 N×2 in −1…1; NaN where the model gives none.
        embedding: float32 N×D; None where the model gives none.
    """

    probabilities: Floats
    fer: Floats | None
    valence_arousal: Floats
    embedding: Floats | None

    def __len__(self) -> int:
        return len(self.valence_arousal)


class FaceFrameModel:
    """Runs a frame model on crops.

    Attributes:
        session: The session behind it.
        card: Its card.
        crop_geometry: How faces must be cut for it (see `app.faces.alignment`).
    """

    def __init__(self, session: Session, card: ModelCard) -> None:
        """Prepare to use a session that `open_model` has made.

        Raises:
            UserError: The card is not a frame model's, or its tables cannot be used.
        """
        if card.kind != KIND:
            raise UserError(f"{card.name} is a model of the kind {card.kind}.", "Choose a face model.")
        faces = card.tensors(card.inputs, None)
        if len(faces) != 1:
            raise UserError(f"{card.name} has {len(faces)} inputs, but a face model has one.", "Choose another model.")
        self.session = session
        self.card = card
        self._input = faces[0]
        # A file exported for one batch size takes no other.
        fixed = self._input.shape[0] if self._input.shape else None
        self._batches: tuple[int, ...] = (fixed,) if isinstance(fixed, int) else BATCHES
        self._crops = CropReader(card.name, self._input)
        self.crop_geometry: CropGeometry = self._crops.geometry

    @classmethod
    def open(cls, card: ModelCard, device: str = "auto", threads: int = 1, file: str | None = None) -> "FaceFrameModel":
        """Open the session and the model; see `open_model`."""
        return cls(open_model(card, device, threads, file), card)

    @property
    def provider(self) -> str:
        """Name of the execution provider that really runs."""
        return self.session.provider.actual

    def predict(self, crops: Sequence[Image] | Image) -> FramePredictions:
        """Predict face crops.

        Args:
            crops: N crops, uint8, each H×W grey or H×W×3 RGB; another size or colour than the model's is converted.

        Returns:
            One row for each crop, in order. N may be 0.

        Raises:
            UserError: The model fails, does not answer in time, or gives impossible values.
        """
        pixels = self._crops.pixels(crops)
        if not len(pixels):
            return self._empty()
        return read_outputs(self.card, self._answers(pixels), len(pixels))

    def _answers(self, pixels: Floats) -> dict[str, NDArray[Any]]:
        """Return the used outputs by name, with one row for each of N ≥ 1 crops in the form that the model takes."""
        parts: list[dict[str, NDArray[Any]]] = []
        for start, stop, size in batches(len(pixels), self._batches):
            chunk = pixels[start:stop]
            if len(chunk) < size:
                chunk = np.concatenate([chunk, np.repeat(chunk[-1:], size - len(chunk), axis=0)])
            answer = self.session.run({self._input.name: chunk})
            for name, value in answer.items():
                # An answer with rows for something else than the faces of its batch would be shared out wrongly.
                if value.ndim == 0 or len(value) != len(chunk):
                    rows = len(value) if value.ndim else "no"
                    raise _nonsense(self.card, f"it gave {rows} rows of {name} for {len(chunk)} faces")
            parts.append({name: value[: stop - start] for name, value in answer.items()})
        return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}

    def _empty(self) -> FramePredictions:
        outputs = self.card.outputs
        return FramePredictions(
            probabilities=np.empty((0, len(FERPLUS) if {"expression", "fer"} & set(outputs) else 0), np.float32),
            fer=np.empty((0, len(FER)), np.float32) if "fer" in outputs else None,
            valence_arousal=np.empty((0, 2), np.float32),
            embedding=None,
        )


class CropReader:
    """Turns face crops into the tensor that the face input of a card describes.

    Args:
        name: The model's name, for errors.
        spec: Its face input.

    Attributes:
        geometry: How faces must be cut for it.

    Raises:
        UserError: The card's table cannot be used.
    """

    def __init__(self, name: str, spec: TensorSpec) -> None:
        self.geometry: CropGeometry = parse_geometry(name, spec.more)
        self._scale, self._shift = _normalisation(name, spec, self.geometry.grey)
        self._channels_last = spec.more.get("layout") == "NHWC"

    def pixels(self, crops: Sequence[Image] | Image) -> Floats:
        """Convert N crops, uint8 H×W or H×W×3 RGB of any size, to float32 N×C×size×size (N×size×size×C for NHWC)."""
        geometry = self.geometry
        shape = (geometry.size, geometry.size) if geometry.grey else (geometry.size, geometry.size, 3)
        stack = np.empty((len(crops), *shape), np.float32)
        for row, crop in zip(stack, crops, strict=True):
            row[...] = _as_wanted(crop, geometry)
        stack = stack * self._scale + self._shift
        if geometry.grey:
            stack = stack[..., None]
        return stack if self._channels_last else np.ascontiguousarray(stack.transpose(0, 3, 1, 2))


AFFECT_KEYS: Final = ("valence", "arousal")
"""Outputs of a card that hold valence and arousal separately, where no output `valence_arousal` holds both."""

MOST_AFFECT: Final = 2.0
"""Networks without a bound give valence and arousal slightly beyond ±1, which are cut off. Larger values are errors."""


def _nonsense(card: ModelCard, why: str) -> UserError:
    return UserError(f"The model {card.name} cannot be used: {why}.", "Choose another model, or install it again.")


def read_outputs(card: ModelCard, answers: dict[str, NDArray[Any]], count: int) -> FramePredictions:
    """Return a model's outputs in our classes and order.

    Args:
        card: The model's card.
        answers: The outputs by name, with one row for each face.
        count: Number of rows.

    Raises:
        UserError: Rows are missing, or values are not numbers or lie outside their range.
    """
    outputs = card.outputs
    for name in {spec.name for spec in outputs.values()} & set(answers):
        answer = answers[name]
        if answer.ndim == 0 or len(answer) != count:
            rows = len(answer) if answer.ndim else "no"
            raise _nonsense(card, f"it gave {rows} rows of {name} for {count} faces")
        if not np.isfinite(answer).all():
            raise _nonsense(card, f"its {name} holds values that are not numbers")
    expression = _column_block(answers, outputs.get("expression"))
    fer = _column_block(answers, outputs.get("fer"))
    if expression is not None:
        probabilities = _in_order(card.name, outputs["expression"], expression, FERPLUS, FERPLUS)
    elif fer is not None:
        probabilities = _in_order(card.name, outputs["fer"], fer, FERPLUS, _FERPLUS_OF_FER)
    else:
        probabilities = np.empty((count, 0), np.float32)
    affect = _affect(answers, card, count)
    if np.abs(affect).max(initial=0.0, where=np.isfinite(affect)) > MOST_AFFECT:
        raise _nonsense(card, f"it gave a valence or arousal of {np.nanmax(np.abs(affect)):.3g}, where ±1 is the end")
    return FramePredictions(
        probabilities=probabilities,
        fer=None if fer is None else _in_order(card.name, outputs["fer"], fer, _FERPLUS_OF_FER, FER),
        valence_arousal=np.clip(affect, -1, 1),
        embedding=_column_block(answers, outputs.get("embedding")),
    )


def class_columns(card: ModelCard) -> tuple[TensorSpec, Floats]:
    """Find the output of a card that holds its classes, and how its columns become FERPlus' eight.

    Returns:
        The output, and a matrix columns×8: the answer, after the card's softmax if it asks for one, times this matrix
        are the probabilities of `read_outputs`.

    Raises:
        UserError: The card names no classes, or unknown ones.
    """
    for key, default in (("expression", FERPLUS), ("fer", _FERPLUS_OF_FER)):
        spec = card.outputs.get(key)
        if spec is not None:
            count = len(spec.more.get("classes", default))
            return spec, _in_order(card.name, spec, np.eye(count, dtype=np.float32), FERPLUS, default)
    raise UserError(f"{card.name} gives no class probabilities.", "Choose a model of expressions.")


def _affect(answers: dict[str, NDArray[Any]], card: ModelCard, count: int) -> Floats:
    """Return float32 N×2 from one output of both or from one of each, NaN for what the model does not give."""
    both = _column_block(answers, card.outputs.get("valence_arousal"))
    if both is not None:
        return both
    affect = np.full((count, 2), np.nan, np.float32)
    for column, key in enumerate(AFFECT_KEYS):
        alone = _column_block(answers, card.outputs.get(key))
        if alone is not None:
            affect[:, column] = alone.reshape(count)
    return affect


def joined_rows(parts: Sequence[FramePredictions], rows: NDArray[np.int64]) -> FramePredictions:
    """Return predictions put together from parts.

    Args:
        parts: Predictions of one model, at least one part.
        rows: int64; for each row of the parts, one after the other, its place in the result.
    """
    order = np.argsort(rows, kind="stable")

    def joined(values: list[Floats | None]) -> Floats | None:
        known = [value for value in values if value is not None]
        return np.concatenate(known)[order] if len(known) == len(values) else None

    return FramePredictions(
        probabilities=np.concatenate([part.probabilities for part in parts])[order],
        fer=joined([part.fer for part in parts]),
        valence_arousal=np.concatenate([part.valence_arousal for part in parts])[order],
        embedding=joined([part.embedding for part in parts]),
    )


def batches(count: int, sizes: tuple[int, ...] = BATCHES) -> Iterator[tuple[int, int, int]]:
    """Split rows into batches (first, end, size); the last batch may hold fewer rows than its size.

    A batch is padded only where at least three quarters of it are real rows, or where there is no smaller size.

    Args:
        count: Number of rows.
        sizes: Batch sizes in descending order.
    """
    start = 0
    while start < count:
        left = count - start
        size = next((size for size in sizes if left >= size * 3 / 4), sizes[-1])
        stop = min(start + size, count)
        yield start, stop, size
        start = stop


def _normalisation(name: str, spec: TensorSpec, grey: bool) -> tuple[Floats, Floats]:
    """Return factor and summand that turn 0…255 into what `range`, `mean` and `std` of the card ask for."""
    channels = 1 if grey else 3
    try:
        low, high = (float(value) for value in spec.more.get("range", (0.0, 255.0)))
        mean = np.broadcast_to(np.asarray(spec.more.get("mean", 0.0), np.float64), (channels,))
        std = np.broadcast_to(np.asarray(spec.more.get("std", 1.0), np.float64), (channels,))
    except (TypeError, ValueError) as error:
        raise UserError(f"The card of {name} has no usable range, mean or std ({error}).", "Correct it.") from error
    if high <= low or (std <= 0).any():
        raise UserError(f"The card of {name} has an empty range or a std of zero.", "Correct it.")
    scale = (high - low) / 255 / std
    shift = (low - mean) / std
    if grey:
        return np.float32(scale[0]) * np.ones(1, np.float32), np.float32(shift[0]) * np.ones(1, np.float32)
    return scale.astype(np.float32), shift.astype(np.float32)


def _as_wanted(crop: Image, geometry: CropGeometry) -> NDArray[Any]:
    picture: NDArray[Any] = crop
    if geometry.grey and picture.ndim == 3:
        picture = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY)
    elif not geometry.grey and picture.ndim == 2:
        picture = cv2.cvtColor(picture, cv2.COLOR_GRAY2RGB)
    if picture.shape[:2] != (geometry.size, geometry.size):
        smaller = picture.shape[0] > geometry.size
        how = cv2.INTER_AREA if smaller else cv2.INTER_LINEAR
        picture = cv2.resize(picture, (geometry.size, geometry.size), interpolation=how)
    return picture


def _column_block(answers: dict[str, NDArray[Any]], spec: TensorSpec | None) -> Floats | None:
    """Return the rows of an output; `columns = [first, end]` in the card takes a part of a joint one."""
    if spec is None:
        return None
    rows = np.asarray(answers[spec.name], np.float32)
    rows = rows.reshape(len(rows), int(np.prod(rows.shape[1:])))
    if "columns" in spec.more:
        first, end = spec.more["columns"]
        rows = rows[:, int(first) : int(end)]
    if str(spec.more.get("activation", "none")) == "softmax":
        rows = np.exp(rows - rows.max(axis=1, keepdims=True))
        rows = rows / rows.sum(axis=1, keepdims=True)
    return rows


def _in_order(name: str, spec: TensorSpec, rows: Floats, wanted: tuple[str, ...], default: tuple[str, ...]) -> Floats:
    """Return columns in our order, by the class names of the card; a class the model lacks stays zero."""
    classes = [str(word).lower() for word in spec.more.get("classes", default)]
    if len(classes) != rows.shape[1]:
        raise UserError(
            f"{name} gives {rows.shape[1]} classes, but its card names {len(classes)}.", "Correct the card."
        )
    ordered = np.zeros((len(rows), len(wanted)), np.float32)
    for column, word in enumerate(classes):
        ours = _SYNONYMS.get(word)
        if ours is None:
            raise UserError(f"The card of {name} names the unknown class {word}.", f"Known: {', '.join(FERPLUS)}.")
        if ours in wanted:
            ordered[:, wanted.index(ours)] += rows[:, column]
    return ordered
