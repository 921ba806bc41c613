"""The guided import of an own ONNX face model: look at its inputs and outputs, propose a card, say what is unclear."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from app.domain.emotions import FER, FERPLUS
from app.errors import UserError
from app.inference.check import OnnxFacts, TensorFacts, examine

IMAGENET: Mapping[str, Any] = {"range": [0.0, 1.0], "mean": [0.485, 0.456, 0.406], "std": [0.229, 0.224, 0.225]}


@dataclass
class Proposal:
    """A card to be confirmed by the person who knows the model.

    Attributes:
        card: The proposed card, without its [file] table.
        facts: What the file says about itself.
        questions: What the file does not say and was guessed; to be read before it is used.
    """

    card: dict[str, Any]
    facts: OnnxFacts
    questions: list[str] = field(default_factory=list)


def propose(model: Path, name: str) -> Proposal:
    """Examine a file in a child process and propose a card for a face model.

    Args:
        model: The ONNX file.
        name: What to call the model.

    Raises:
        UserError: The file is dangerous or broken, or cannot be a face model (one picture in, numbers out).
    """
    facts = examine(model)
    pictures = [tensor for tensor in facts.inputs if len(tensor.shape) == 4]
    if len(facts.inputs) != 1 or len(pictures) != 1:
        shapes = ", ".join(f"{t.name} {list(t.shape)}" for t in facts.inputs)
        raise UserError(
            f"{model.name} takes {shapes}.", "A face model takes one picture: batch × channels × height × width."
        )
    questions: list[str] = []
    card: dict[str, Any] = {
        "name": name,
        "title": name.replace("_", " "),
        "version": "1",
        "kind": "face_frame",
        "licence": "not stated",
        "summary": f"Added from {model.name}.",
        "input": {"face": _input(pictures[0], questions)},
        "output": _outputs(facts.outputs, questions),
    }
    questions.append("Under which licence may the model be used? The card says `not stated`.")
    return Proposal(card, facts, questions)


def _input(tensor: TensorFacts, questions: list[str]) -> dict[str, Any]:
    _, *rest = tensor.shape
    channels_last = rest[2] in (1, 3)
    channels, sides = (rest[2], rest[:2]) if channels_last else (rest[0], rest[1:])
    if channels not in (1, 3):
        raise UserError(
            f"{tensor.name} has {channels} channels.", "A face model takes grey (1) or colour (3) pictures."
        )
    side = sides[0] if isinstance(sides[0], int) else (48 if channels == 1 else 224)
    if not isinstance(sides[0], int):
        questions.append(f"Which size does it want? The file leaves it open; {side} pixels are taken.")
    table: dict[str, Any] = {"name": tensor.name, "dtype": "float32", "size": side, "alignment": "box"}
    table |= {"colour": "grey" if channels == 1 else "rgb", "crop_margin": 0.1}
    if channels_last:
        table["layout"] = "NHWC"
    if channels == 3:
        table |= IMAGENET
        questions.append("Is it normalised as ImageNet models are (0…1, mean 0.485 0.456 0.406)? That is taken.")
    else:
        table["range"] = [0.0, 255.0]
        questions.append("Does it want grey values 0…255? That is taken.")
    questions.append("How much around the face does it want? A margin of a tenth of the box is taken.")
    return table


def _outputs(tensors: tuple[TensorFacts, ...], questions: list[str]) -> dict[str, Any]:
    outputs: dict[str, Any] = {}
    for tensor in tensors:
        width = tensor.shape[-1] if len(tensor.shape) == 2 else None
        if width == 2 and "valence_arousal" not in outputs:
            outputs["valence_arousal"] = {"name": tensor.name}
            questions.append(f"Is {tensor.name} valence, then arousal, both −1…1? That is taken.")
        elif width in (8, 10) and "expression" not in outputs:
            outputs["expression"] = {"name": tensor.name, "activation": "softmax", "classes": list(FERPLUS)}
            questions.append(f"Are the classes of {tensor.name} in the order {', '.join(FERPLUS)}, before softmax?")
            if width == 10:
                outputs["expression"]["columns"] = [0, 8]
                outputs["valence_arousal"] = {"name": tensor.name, "columns": [8, 10]}
                questions.append(f"Are the last two numbers of {tensor.name} valence and arousal? That is taken.")
        elif width == 7 and "fer" not in outputs:
            outputs["fer"] = {"name": tensor.name, "activation": "softmax", "classes": list(FER)}
            questions.append(f"Are the classes of {tensor.name} in the order {', '.join(FER)}, before softmax?")
    if not outputs:
        shapes = ", ".join(f"{t.name} {list(t.shape)}" for t in tensors)
        raise UserError(f"It gives {shapes}.", "A face model gives 8 or 7 classes, valence and arousal, or both.")
    return outputs
