"""Checks that a card fits its file when a model is installed, not when it is first used."""

from typing import Any, Final

import numpy as np

from app.errors import UserError
from app.inference.cards import ModelCard, TensorSpec
from app.inference.check import OnnxFacts, TensorFacts
from app.inference.face_frame import AFFECT_KEYS, KIND, CropReader, read_outputs

DTYPES: Final = {
    "tensor(float)": "float32",
    "tensor(float16)": "float16",
    "tensor(double)": "float64",
    "tensor(uint8)": "uint8",
}
"""Element types a face model may take, as ONNX Runtime and as numpy write them."""

_ADVICE: Final = "Correct the card, or choose the file it was written for."


def check_fit(card: ModelCard, facts: OnnxFacts) -> None:
    """Compare the card of one file with the file's own description.

    Names, shapes and types are compared; for a face model also the crops, the columns and the classes, by turning an
    answer of zeros into predictions.

    Raises:
        UserError: They do not fit; the message says where.
    """
    for what, specs, tensors in (("input", card.inputs, facts.inputs), ("output", card.outputs, facts.outputs)):
        found = {tensor.name: tensor for tensor in tensors}
        for spec in specs.values():
            if spec.name not in found:
                raise _misfit(card, f"it names the {what} {spec.name}, the file has {', '.join(found) or 'none'}")
            _check_tensor(card, spec, found[spec.name])
    if card.kind == KIND:
        _check_face_model(card, facts)


def _check_tensor(card: ModelCard, spec: TensorSpec, tensor: TensorFacts) -> None:
    dtype = DTYPES.get(tensor.dtype, tensor.dtype)
    if spec.dtype and spec.dtype != dtype:
        raise _misfit(card, f"{spec.name} is {dtype} and not {spec.dtype}")
    if spec.shape is None:
        return
    clash = len(spec.shape) != len(tensor.shape) or any(
        isinstance(said, int) and isinstance(has, int) and said != has
        for said, has in zip(spec.shape, tensor.shape, strict=True)
    )
    if clash:
        raise _misfit(card, f"{spec.name} has the shape {shape_text(tensor.shape)} and not {shape_text(spec.shape)}")


def _check_face_model(card: ModelCard, facts: OnnxFacts) -> None:
    if len(card.inputs) != 1 or len(facts.inputs) != 1:
        raise _misfit(card, f"a face model has one input, the file {len(facts.inputs)}, the card {len(card.inputs)}")
    (spec,), (tensor,) = card.inputs.values(), facts.inputs
    pixels = CropReader(card.name, spec).pixels([np.zeros((8, 8), np.uint8)])
    same_rank = len(tensor.shape) == 4
    if not same_rank or any(
        isinstance(has, int) and has != made for has, made in zip(tensor.shape[1:], pixels.shape[1:], strict=same_rank)
    ):
        made = shape_text(("N", *pixels.shape[1:]))
        raise _misfit(card, f"{spec.name} has the shape {shape_text(tensor.shape)}, its crops are {made}")
    answers: dict[str, Any] = {}
    used = {spec.name for spec in card.outputs.values()}
    for output in facts.outputs:
        if output.name not in used:
            continue
        sizes = [size if isinstance(size, int) else 1 for size in output.shape[1:]]
        answers[output.name] = np.zeros((1, *sizes), np.float32)
    for wanted in card.outputs.values():
        width = int(np.prod(answers[wanted.name].shape[1:]))
        first, end = wanted.more.get("columns", (0, width))
        if not 0 <= int(first) < int(end) <= width:
            raise _misfit(card, f"{wanted.name} has {width} columns, {wanted.key} wants {first} to {end}")
        if wanted.key == "valence_arousal" and int(end) - int(first) != 2:
            raise _misfit(card, f"valence and arousal are two numbers and not {int(end) - int(first)}")
        if wanted.key in AFFECT_KEYS and int(end) - int(first) != 1:
            raise _misfit(card, f"{wanted.key} is one number and not {int(end) - int(first)}")
    read_outputs(card, answers, 1)


def _misfit(card: ModelCard, reason: str) -> UserError:
    return UserError(f"The card of {card.name} does not fit the file: {reason}.", _ADVICE)


def shape_text(shape: tuple[int | str, ...]) -> str:
    """Write a shape for people, such as 1×3×224×224, with free sizes by name."""
    return "×".join(str(size) if size else "?" for size in shape) or "a single number"
