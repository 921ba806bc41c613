"""The geometry of a frame model's face crops. It is part of the card, so that use and training agree."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal, cast

from app.errors import UserError

Method = Literal["eyes", "box", "stretch"]
_METHODS: Final = ("eyes", "box", "stretch")


@dataclass(frozen=True)
class CropGeometry:
    """A square crop of a face. Lengths are shares of the crop's side.

    The defaults place a video's face in its crop as the training faces lie in theirs. They are the landmarks that MTCNN
    finds in FER2013's own crops (medians over 612 faces of the validation set: eyes 0.367 apart, 0.399 above the mouth,
    at a height of 0.384).

    Attributes:
        size: Side in pixels.
        grey: Whether the crop has one channel instead of RGB.
        method: "eyes" turns the face so that the eyes are level and scales it by eyes and mouth; "box" takes an upright
            square around the detector's box; "stretch" squeezes the box itself into a square.
        scale: For "eyes", the wanted length of the larger of two distances: between the eyes, and from the middle of
            the eyes to the middle of the mouth. A face in half profile, whose eyes lie closer, is thus not enlarged too
            much.
        eye_y: For "eyes", the height of the eyes, from the top.
        margin: For "box" and "stretch", how much larger the crop is than the box's longer side (or than its sides); 0.1
            is a tenth.
        shift_y: For "box" and "stretch", the shift downwards.
    """

    size: int = 48
    grey: bool = True
    method: Method = "eyes"
    scale: float = 0.405
    eye_y: float = 0.384
    margin: float = 0.0
    shift_y: float = 0.0


def parse_geometry(name: str, table: Mapping[str, Any]) -> CropGeometry:
    """Return the geometry from the table of a card's face input.

    Args:
        name: The model's name, for the error.
        table: The entries beyond name, shape and type: `size` (a number or [side, side]), `colour`, `alignment`
            ("eyes", "box", "stretch"), `scale`, `eye_y`, `crop_margin`, `shift_y`.

    Raises:
        UserError: A value is unknown or out of range.
    """
    try:
        size = table.get("size", CropGeometry.size)
        sides = {int(side) for side in size} if isinstance(size, list | tuple) else {int(size)}
        method = str(table.get("alignment", CropGeometry.method))
        geometry = CropGeometry(
            size=max(sides),
            grey=is_grey(table),
            method=cast(Method, method),
            scale=float(table.get("scale", CropGeometry.scale)),
            eye_y=float(table.get("eye_y", CropGeometry.eye_y)),
            margin=float(table.get("crop_margin", CropGeometry.margin)),
            shift_y=float(table.get("shift_y", CropGeometry.shift_y)),
        )
    except (TypeError, ValueError) as error:
        raise UserError(f"The card of {name} describes its crops wrongly ({error}).", "Correct the card.") from error
    if method not in _METHODS:
        raise UserError(f"The card of {name} wants crops aligned by {method}.", f"Known: {', '.join(_METHODS)}.")
    if len(sides) != 1 or not 8 <= geometry.size <= 1024:
        raise UserError(f"The card of {name} wants crops of {size} pixels.", "Crops are squares of 8 to 1024 pixels.")
    if not 0.05 <= geometry.scale <= 1 or geometry.margin <= -0.9:
        raise UserError(f"The card of {name} has a crop scale or margin out of range.", "Correct the card.")
    return geometry


def is_grey(table: Mapping[str, Any]) -> bool:
    """Return whether the face input has one channel."""
    return str(table.get("colour", "grey")).lower() in {"grey", "gray", "greyscale", "grayscale"}
