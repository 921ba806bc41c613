"""The entries of a model card in words and numbers for people; the window and the command line show the same."""

from collections.abc import Mapping
from typing import Any, Final

from app.domain.emotions import FER, FERPLUS

KINDS: Final = {
    "face_frame": "Expression, valence and arousal of a face",
    "face_detector": "Finds faces",
    "landmarks": "Finds landmarks",
    "face_sequence": "Valence and arousal of a face over time",
    "clip_category": "Category of a whole item",
}
"""Kind of card → its description for people."""

_WORDS: Final = {
    "va": "valence and arousal",
    "fer": "FER2013",
    "ferplus": "FERPlus",
    "ece": "ECE",
    "ccc": "CCC",
    "mse": "MSE",
    "n": "n",
    "sha256": "SHA-256",
    "url": "URL",
    "licence": "licence",
    "fps": "frames/s",
}


def kind_words(kind: str) -> str:
    """Describe a kind of model."""
    return KINDS.get(kind, kind.replace("_", " "))


def name_words(key: str) -> str:
    """Write the name of an entry without underscores, with correct abbreviations and its unit in brackets."""
    if key == "valence_arousal":
        return "valence and arousal"
    unit = ""
    for ending, sign in (("_hz", " (Hz)"), ("_s", " (s)")):
        if key.endswith(ending) and not key.endswith("_per_s"):
            key, unit = key.removesuffix(ending), sign
    return " ".join(_WORDS.get(part, part) for part in key.split("_")) + unit


def value_words(value: object) -> str:
    """Write a plain value: a number with four digits, yes or no, or a list with commas."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:.4g}".replace("-", "−")
    if isinstance(value, list | tuple):
        return ", ".join(value_words(one) for one in value)
    return "none" if value is None else str(value)


def is_nested(value: object) -> bool:
    """Return whether an entry is a table, several tables or a matrix instead of a plain value."""
    if isinstance(value, list) and value and all(isinstance(one, Mapping) for one in value):
        return True
    return isinstance(value, Mapping) or is_matrix(value)


def is_matrix(value: Any) -> bool:
    """Return whether an entry is several rows of numbers."""
    return (
        isinstance(value, list)
        and len(value) > 1
        and all(isinstance(row, list) for row in value)
        and all(isinstance(cell, int | float) for row in value for cell in row)
    )


def classes_of(key: str, count: int) -> tuple[str, ...]:
    """Return the classes of a confusion matrix in a card; none for another matrix."""
    return next((names for names in (FERPLUS, FER) if "confusion" in key and len(names) == count), ())
