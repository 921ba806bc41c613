"""Copies the folder of a model, whole or not at all."""

import shutil
from pathlib import Path

from app.errors import UserError
from app.files import folder_beside
from app.inference.cards import CARD_NAME, ModelCard, load_card


def copied(card: ModelCard, place: Path) -> ModelCard:
    """Copy a model's card and files into a folder of its name, unless the same model is there.

    Args:
        card: The model.
        place: The folder of models, which is made if it is missing.

    Raises:
        UserError: Another model of this name is there, or the copy cannot be written.
    """
    folder = place / card.name
    if (folder / CARD_NAME).is_file():
        there = load_card(folder)
        if there.file().sha256 != card.file().sha256:
            raise UserError(f"{place} has another model called {card.name}.", "Train or export under another name.")
        return there
    try:
        place.mkdir(parents=True, exist_ok=True)
        building = folder_beside(folder)
        try:
            shutil.copy2(card.folder / CARD_NAME, building / CARD_NAME)
            for file in card.files.values():
                (building / file.path).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(card.folder / file.path, building / file.path)
            building.rename(folder)
        finally:
            shutil.rmtree(building, ignore_errors=True)
    except OSError as error:
        raise UserError(f"{folder} cannot be written: {error.strerror or error}.", "Free some space.") from error
    return load_card(folder)
