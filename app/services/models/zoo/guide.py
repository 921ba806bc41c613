"""The guided import of a user's ONNX face model: it examines inputs and outputs, proposes a card and lists doubts."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final, Literal

from app.domain.emotions import FER, FERPLUS
from app.domain.path_text import shown
from app.errors import UserError
from app.inference.check import OnnxFacts, TensorFacts, examine
from app.inference.face_frame import AFFECT_KEYS
from app.jobs import Context
from app.services.models.zoo.fit import DTYPES, shape_text

_FRACTIONS: Final = frozenset({"tensor(float)", "tensor(float16)", "tensor(double)"})

Role = Literal["expression", "fer", "valence_arousal", "valence", "arousal", "expression_affect", "unused"]

ROLES: Final[Mapping[Role, str]] = {
    "expression": "expression",
    "fer": "FER2013's seven classes",
    "valence_arousal": "valence, then arousal",
    "valence": "valence alone",
    "arousal": "arousal alone",
    "expression_affect": "expression, then valence and arousal",
    "unused": "not used",
}
"""What an output may be used for, in words."""

NORMALISATIONS: Final[Mapping[str, Mapping[str, Any]]] = {
    "0…255, as they are": {"range": [0.0, 255.0]},
    "0…1": {"range": [0.0, 1.0]},
    "−1…1": {"range": [-1.0, 1.0]},
    "ImageNet (0…1, less mean, by deviation)": {
        "range": [0.0, 1.0],
        "mean": [0.485, 0.456, 0.406],
        "std": [0.229, 0.224, 0.225],
    },
}
"""Common ways of scaling pixels: their name and their entries in a card."""

CLASS_ORDERS: Final[Mapping[str, tuple[str, ...]]] = {
    "FERPlus": FERPLUS,
    "AffectNet, by alphabet": (
        "anger", "contempt", "disgust", "fear", "happiness", "neutral", "sadness", "surprise",
    ),
    "AffectNet, by number": (
        "neutral", "happiness", "sadness", "surprise", "fear", "disgust", "anger", "contempt",
    ),
    "FER2013": FER,
    "AffectNet without contempt": ("neutral", "happiness", "sadness", "surprise", "fear", "disgust", "anger"),
}  # fmt: skip
"""Common orders of classes."""


@dataclass(frozen=True)
class OutputUse:
    """The meaning that one output tensor is taken to have.

    Attributes:
        tensor: Its name in the file.
        width: Count of numbers that it gives for a face.
        role: See `ROLES`.
        classes: Its classes in the tensor's order; empty for valence and arousal.
        softmax: Whether the numbers are logits instead of probabilities.
    """

    tensor: str
    width: int
    role: Role
    classes: tuple[str, ...] = ()
    softmax: bool = True


@dataclass(frozen=True)
class GuideAnswers:
    """The answers of the person who knows the model. They are guessed first and then corrected.

    Attributes:
        name: Short name, as a Python identifier.
        title: Name that is shown to people.
        licence: SPDX name or a sentence.
        summary: A description in one sentence.
        weaknesses: Known weaknesses, one sentence each.
        size: Side of the crop in pixels.
        colour: "grey" or "rgb", according to the file's channels.
        normalisation: Key of `NORMALISATIONS`.
        alignment: "box", "eyes" or "stretch".
        crop_margin: How much larger the crop is than the detector's box, as a share of the box.
        outputs: The meaning of each output.
    """

    name: str
    title: str
    licence: str
    summary: str
    size: int
    colour: str
    normalisation: str
    alignment: str = "box"
    crop_margin: float = 0.1
    weaknesses: tuple[str, ...] = ()
    outputs: tuple[OutputUse, ...] = ()


@dataclass(frozen=True)
class Proposal:
    """A proposed card, to be confirmed by the person who knows the model.

    Attributes:
        facts: The file's own description.
        answers: The guesses.
        questions: Guesses about what the file does not say, to be read before the model is used.
    """

    facts: OnnxFacts
    answers: GuideAnswers
    questions: list[str] = field(default_factory=list)

    @property
    def size_is_fixed(self) -> bool:
        """Whether the file itself states the size of its crops."""
        return isinstance(_sides(self.facts.inputs[0])[0], int)

    def card(self, answers: GuideAnswers | None = None) -> dict[str, Any]:
        """Return the card that follows from the answers, without its [file] table; by default from the guesses.

        Raises:
            UserError: The answers contradict each other or the file.
        """
        return _card(self.facts, answers or self.answers)


def propose(model: Path, name: str, ctx: Context | None = None) -> Proposal:
    """Examine a file in a child process and propose a card for a face model.

    Args:
        model: The ONNX file.
        name: The name of the model.
        ctx: Can cancel.

    Raises:
        Cancelled: The user cancelled.
        UserError: The file is dangerous or damaged, or cannot be a face model, which reads one picture and gives
            numbers.
    """
    facts = examine(model, ctx)
    if len(facts.inputs) == 1 and not facts.inputs[0].shape:
        raise UserError(
            f"{model.name} does not say which shape its input {facts.inputs[0].name} has.",
            "Export it with the shape batch × channels × height × width.",
        )
    if len(facts.inputs) != 1 or len(facts.inputs[0].shape) != 4:
        shapes = ", ".join(f"{t.name} {shape_text(t.shape)}" for t in facts.inputs) or "nothing"
        raise UserError(
            f"{model.name} takes {shapes}.", "A face model takes one picture: batch × channels × height × width."
        )
    tensor = facts.inputs[0]
    channels, sides = _channels(tensor), _sides(tensor)
    if channels not in (1, 3):
        raise UserError(
            f"{tensor.name} has {channels} channels.", "A face model takes grey (1) or colour (3) pictures."
        )
    if tensor.dtype not in DTYPES:
        raise UserError(f"{tensor.name} takes {tensor.dtype}.", f"A face model takes {', '.join(DTYPES.values())}.")
    if isinstance(sides[0], int) and isinstance(sides[1], int) and sides[0] != sides[1]:
        raise UserError(f"{tensor.name} wants {sides[1]}×{sides[0]} pixels.", "A face model takes square pictures.")
    grey = channels == 1
    size = next((side for side in sides if isinstance(side, int)), 48 if grey else 224)
    # Whole numbers cannot hold what the other scalings make of pixels.
    scaling = tuple(NORMALISATIONS)[0 if grey or tensor.dtype == "tensor(uint8)" else 3]
    answers = GuideAnswers(
        name=name,
        title=(shown(model.stem) if name == own_name(model) else name).replace("_", " "),
        licence="not stated",
        summary=f"Added from {model.name}.",
        size=size,
        colour="grey" if grey else "rgb",
        normalisation=scaling,
        outputs=_guesses(facts),
    )
    if all(use.role == "unused" for use in answers.outputs):
        shapes = ", ".join(f"{t.name} {shape_text(t.shape)}" for t in facts.outputs)
        raise UserError(f"It gives {shapes}.", "A face model gives 8 or 7 classes, valence and arousal, or both.")
    proposal = Proposal(facts, answers)
    return replace(proposal, questions=_questions(proposal))


def own_name(model: Path) -> str:
    """Return a name for the model in a file: the file's stem as an identifier."""
    name = "".join(sign if sign.isascii() and sign.isalnum() else "_" for sign in model.stem).strip("_")[:64]
    return name if name.isidentifier() else f"model_{name}".rstrip("_")


def _channels(tensor: TensorFacts) -> int | str:
    return tensor.shape[3] if _channels_last(tensor) else tensor.shape[1]


def _sides(tensor: TensorFacts) -> tuple[int | str, int | str]:
    shape = tensor.shape
    return (shape[1], shape[2]) if _channels_last(tensor) else (shape[2], shape[3])


def _channels_last(tensor: TensorFacts) -> bool:
    return tensor.shape[3] in (1, 3) and tensor.shape[1] not in (1, 3)


_KEYS: Final[Mapping[str, set[str]]] = {
    "expression_affect": {"expression", "valence", "arousal"},
    "valence_arousal": {"valence", "arousal"},
}
"""What a role takes, where it is not its own name: two outputs of the same are one too many."""


def _guesses(facts: OnnxFacts) -> tuple[OutputUse, ...]:
    """Guess the use of each output; of several that look alike, the first is used and the others are not."""
    taken: set[str] = set()
    uses = []
    for tensor in facts.outputs:
        use = _guess(tensor, facts)
        keys = _KEYS.get(use.role, {str(use.role)})
        if use.role != "unused" and keys & taken:
            use = replace(use, role="unused", classes=())
        taken |= keys
        uses.append(use)
    return tuple(uses)


def _guess(tensor: TensorFacts, facts: OnnxFacts) -> OutputUse:
    width = _width(tensor, facts)
    softmax = not facts.operators.get("Softmax")
    if width == 1:
        named = [role for role in ("valence", "arousal") if role in tensor.name.lower()]
        return OutputUse(tensor.name, 1, named[0] if len(named) == 1 else "unused")  # type: ignore[arg-type]
    if width == 2:
        return OutputUse(tensor.name, 2, "valence_arousal")
    if width == 7:
        return OutputUse(tensor.name, 7, "fer", FER, softmax)
    if width in (8, 9, 10):
        classes = CLASS_ORDERS["AffectNet without contempt"] if width == 9 else FERPLUS
        return OutputUse(tensor.name, width, "expression" if width == 8 else "expression_affect", classes, softmax)
    return OutputUse(tensor.name, width, "unused")


def _width(tensor: TensorFacts, facts: OnnxFacts) -> int:
    """Return how many numbers an output gives each face; 0 where it does not give one row a face, or no fractions."""
    if not tensor.shape or tensor.dtype not in _FRACTIONS:
        return 0
    batch, *sizes = tensor.shape
    wanted = facts.inputs[0].shape[0]
    # One row is what a file says that was exported with one picture, whatever it takes.
    if isinstance(batch, int) and batch not in (1, wanted):
        return 0  # anchors, a table: nothing of faces
    fixed = [size for size in sizes if isinstance(size, int)]
    # N×8×1×1 is eight numbers a face; N×?×8 and N×2×4 are something else.
    wide = [size for size in fixed if size != 1]
    return 0 if len(fixed) < len(sizes) or len(wide) > 1 else (wide[0] if wide else 1)


def _questions(proposal: Proposal) -> list[str]:
    answers = proposal.answers
    questions = ["Under which licence may the model be used? The card says `not stated`."]
    if not proposal.size_is_fixed:
        questions.append(f"Which size does it want? The file leaves it open; {answers.size} pixels are taken.")
    questions.append(f"Which values do its pixels have? Taken: {answers.normalisation}.")
    if answers.colour == "rgb":
        questions.append("Does it want colours in the order red, green, blue? That is taken.")
    questions.append("How much around the face does it want? A margin of a tenth of the detector's box is taken.")
    for use in answers.outputs:
        if use.classes:
            state = "logits, before softmax" if use.softmax else "probabilities, after softmax"
            questions.append(f"Is {use.tensor} in the order {', '.join(use.classes)}? Taken: so, as {state}.")
        if use.role in ("valence_arousal", "expression_affect"):
            which = "two" if use.role == "valence_arousal" else "last two"
            questions.append(
                f"Are the {which} numbers of {use.tensor} valence, then arousal, both −1…1? That is taken."
            )
        if use.role in AFFECT_KEYS:
            questions.append(f"Is {use.tensor} the {use.role}, −1…1? That is taken.")
        if use.role == "unused":
            questions.append(f"What is {use.tensor}? It is not used.")
    return questions


def _card(facts: OnnxFacts, answers: GuideAnswers) -> dict[str, Any]:
    tensor = facts.inputs[0]
    if answers.normalisation not in NORMALISATIONS:
        raise UserError(f"Pixels of {answers.normalisation} are not known.", f"Known: {', '.join(NORMALISATIONS)}.")
    face: dict[str, Any] = {
        "name": tensor.name,
        "dtype": DTYPES[tensor.dtype],
        "shape": [size or f"size_{place}" for place, size in enumerate(tensor.shape)],
        "size": answers.size,
        "colour": answers.colour,
        "alignment": answers.alignment,
        "crop_margin": answers.crop_margin,
        **NORMALISATIONS[answers.normalisation],
    }
    if _channels_last(tensor):
        face["layout"] = "NHWC"
    return {
        "name": answers.name,
        "title": answers.title.strip() or answers.name,
        "version": "1",
        "kind": "face_frame",
        "licence": answers.licence.strip() or "not stated",
        "summary": answers.summary.strip(),
        "weaknesses": [line.strip() for line in answers.weaknesses if line.strip()],
        "input": {"face": face},
        "output": _outputs(answers.outputs),
    }


def _outputs(uses: tuple[OutputUse, ...]) -> dict[str, Any]:
    outputs: dict[str, Any] = {}

    def add(key: str, table: dict[str, Any]) -> None:
        if key in outputs:
            raise UserError(f"Two outputs are taken for {ROLES[key]}.", "Choose one of them.")  # type: ignore[index]
        outputs[key] = table

    for use in uses:
        classes = use.width - 2 if use.role == "expression_affect" else use.width
        if use.role in ("expression", "fer", "expression_affect"):
            if len(use.classes) != classes:
                raise UserError(
                    f"{use.tensor} gives {classes} classes, {len(use.classes)} are named.", "Name each class once."
                )
            table: dict[str, Any] = {"name": use.tensor, "classes": list(use.classes)}
            table["activation"] = "softmax" if use.softmax else "probabilities"
            if use.role == "expression_affect":
                table["columns"] = [0, classes]
                add("valence_arousal", {"name": use.tensor, "columns": [classes, use.width]})
            add("fer" if use.role == "fer" else "expression", table)
        elif use.role in ("valence_arousal", "valence", "arousal"):
            add(use.role, {"name": use.tensor})
    if "valence_arousal" in outputs and outputs.keys() & set(AFFECT_KEYS):
        raise UserError("Two outputs are taken for valence or arousal.", "Choose one of them.")
    if not outputs:
        raise UserError("No output is used.", "Say what at least one of them is.")
    return outputs
