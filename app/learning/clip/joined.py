"""The rows that a recipe reads of frozen items: the streams, or the streams with the frame model's probabilities."""

import tempfile
from dataclasses import replace
from typing import Final

import numpy as np

from app.domain.item_data import ItemData
from app.domain.recipe import Recipe
from app.errors import UserError

AT_ONCE: Final = 65_536
"""Frames that are copied at a time."""


def as_read(recipe: Recipe, data: ItemData) -> ItemData:
    """Return the data with the features that a recipe reads.

    Args:
        recipe: The recipe. If it reads "both", the class probabilities follow the columns of the streams, in a file
            that vanishes with the program, so that long data need no memory.
        data: The frozen items.

    Raises:
        UserError: The recipe needs class probabilities, and there are none.
    """
    if recipe.reads != "both":
        return data
    if not data.probabilities.shape[1]:
        raise UserError(
            "No stream gives class probabilities.", "This recipe needs them: name the stream face or face_oval, too."
        )
    count, width = data.features.shape
    with tempfile.TemporaryFile() as file:
        joined = np.memmap(file, np.float32, "w+", shape=(count, width + data.probabilities.shape[1]))
    for start in range(0, count, AT_ONCE):
        part = slice(start, start + AT_ONCE)
        joined[part, :width] = data.features[part]
        joined[part, width:] = data.probabilities[part]
    return replace(data, features=joined)
