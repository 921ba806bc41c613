"""Models that are in use in a project on a server reach its other users through the folder of the clips.

A server holds rows, and no models. Where the clips lie in a folder that all computers know, models lie below it, too;
where they come from a web address, whoever looks after it puts them there by hand, or everybody installs them.
"""

from pathlib import Path
from typing import Final

import db.places
import db.settings
from app.addresses import is_address
from app.inference.cards import CARD_NAME, ModelCard, load_card, project_models, verify_file
from app.services.models.copies import copied
from db.project import Project

FOLDER: Final = "affectograph-models"
"""Folder of the models below that of the clips."""


def shared_folder(project: Project) -> Path | None:
    """Return the folder of shared models; None for a project file, or where clips come from a web address."""
    if project.path is not None:
        return None
    said = str(db.settings.get(project, db.places.CLIPS, ""))
    return project.folder / FOLDER if said and not is_address(said) else None


def share(project: Project, card: ModelCard) -> None:
    """Put a model where the other users of a project on a server find it; shipped ones are on every computer.

    Raises:
        UserError: The folder holds another model of this name, or cannot be written: nobody else could predict then.
    """
    folder = shared_folder(project)
    if folder is None or card.shipped or not project.folder.is_dir():
        return
    copied(card, folder)


def fetch(project: Project, name: str, sha256: str) -> ModelCard | None:
    """Copy a model that somebody else put into use to this computer; None if it is not shared.

    Args:
        project: The project.
        name: Name of the model.
        sha256: SHA-256 of its file, as it was promoted.

    Raises:
        UserError: What is shared under this name is damaged, or the copy cannot be written.
    """
    folder = shared_folder(project)
    if folder is None or not (folder / name / CARD_NAME).is_file():
        return None
    card = load_card(folder / name)
    if card.file().sha256 != sha256:
        return None
    for key in card.files:
        verify_file(card, key)
    return copied(card, project_models(project.home))
