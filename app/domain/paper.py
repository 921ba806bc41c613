"""The size of a figure on paper, and the type in which it is set."""

from dataclasses import dataclass
from typing import Final

MM_PER_INCH: Final = 25.4


@dataclass(frozen=True)
class Paper:
    """How a figure is set.

    Attributes:
        width_mm: The width in millimetres, such as that of a journal's column.
        height_mm: The height in millimetres; 0 keeps the proportions of the drawing.
        font: The family of the type; empty keeps that of the drawing.
        points: The size of the type in points; 0 keeps that of the drawing.
    """

    width_mm: float
    height_mm: float = 0.0
    font: str = ""
    points: float = 0.0


WIDTHS: Final[dict[str, float]] = {"One column": 85.0, "One and a half columns": 114.0, "Two columns": 174.0}
"""Widths of figures that most journals print, in millimetres."""

FONTS: Final = ("DejaVu Sans", "Arial", "Helvetica", "Liberation Sans", "Times New Roman", "DejaVu Serif")
"""Families that journals ask for; those that this machine lacks are not offered."""
