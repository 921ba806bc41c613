"""Examines a model's answers to a few pictures before it is installed, to see whether they fit its card."""

from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from app.errors import UserError
from app.inference.cards import ModelCard, TensorSpec
from app.inference.face_frame import KIND, FaceFrameModel, read_outputs
from app.inference.session import open_once

_SIDE: Final = 96
_SUM_TOLERANCE: Final = 0.02
_SAME: Final = 1e-7
_ADVICE: Final = "Correct what was guessed (in a command: --write-card, then --card), or use another file."


def probe_crops() -> NDArray[np.uint8]:
    """Return six pictures, uint8 6×96×96×3: black, white, grey and colour gradients, a drawn face, blurred noise."""
    ramp = np.tile(np.linspace(0, 255, _SIDE, dtype=np.uint8), (_SIDE, 1))
    face = np.full((_SIDE, _SIDE, 3), 90, np.uint8)
    cv2.ellipse(face, (48, 50), (32, 40), 0, 0, 360, (224, 180, 150), -1)
    for x in (36, 60):
        cv2.ellipse(face, (x, 42), (6, 4), 0, 0, 360, (40, 30, 30), -1)
    cv2.ellipse(face, (48, 68), (14, 6), 0, 0, 180, (160, 60, 60), 3)
    noise = np.random.default_rng(0).integers(0, 256, (_SIDE, _SIDE, 3), np.uint8)
    return np.stack([
        np.zeros_like(face), np.full_like(face, 255), np.dstack([ramp] * 3), np.dstack([ramp, ramp.T, ramp[:, ::-1]]),
        face, cv2.GaussianBlur(noise, (0, 0), 3),
    ])  # fmt: skip


def check_answers(card: ModelCard) -> None:
    """Run a face model once on some pictures and examine its answers.

    Args:
        card: Card of a model whose file was examined and lies in the card's folder.

    Raises:
        UserError: The model cannot be run, or its answers are not numbers, exceed the range of valence and arousal, are
            not a distribution although its card says so, are a distribution although its card says logits, or are the
            same for every picture.
    """
    if card.kind != KIND:
        return
    crops = probe_crops()
    try:
        answers = _Raw(card).answers(crops)
        read_outputs(card, answers, len(crops))
    except UserError as error:
        raise UserError(error.what, _ADVICE) from error
    except Exception as error:  # ONNX Runtime raises classes of its own, which differ between its versions
        raise UserError(f"The model {card.name} cannot be run: {str(error).splitlines()[0][:160]}.", _ADVICE) from error
    for spec in card.outputs.values():
        _check_output(card, spec, np.asarray(answers[spec.name], np.float64))


class _Raw(FaceFrameModel):
    """A frame model that hands out what its outputs hold, before it is made into classes."""

    def __init__(self, card: ModelCard) -> None:
        super().__init__(open_once(card), card)

    def answers(self, crops: NDArray[np.uint8]) -> dict[str, NDArray[Any]]:
        """By output name, one row for each crop."""
        return self._answers(self._crops.pixels(crops))


def _check_output(card: ModelCard, spec: TensorSpec, values: NDArray[np.float64]) -> None:
    rows = values.reshape(len(values), -1)
    if "columns" in spec.more:
        first, end = spec.more["columns"]
        rows = rows[:, int(first) : int(end)]
    if np.ptp(rows, axis=0).max(initial=0.0) <= _SAME:
        raise _refused(card, f"its {spec.name} answers the same to every picture")
    if spec.key not in ("expression", "fer"):
        return
    is_shares = bool((rows >= -1e-6).all() and (np.abs(rows.sum(axis=1) - 1) <= _SUM_TOLERANCE).all())
    says_logits = str(spec.more.get("activation", "none")) == "softmax"
    if says_logits and is_shares:
        raise _refused(
            card, f"its {spec.name} gives probabilities already, and the card says logits that need a softmax"
        )
    if not says_logits and not is_shares:
        found = f"they run from {rows.min():.3g} to {rows.max():.3g} and add up to {rows.sum(axis=1).max():.3g}"
        raise _refused(card, f"its {spec.name} should give probabilities, but {found}")


def _refused(card: ModelCard, why: str) -> UserError:
    return UserError(f"The model {card.name} is refused: {why}.", _ADVICE)
