"""Which model predicts: the one named, else the one promoted in the project, else the shipped one."""

from pathlib import Path
from typing import Final

import db.models
from app.errors import UserError
from app.inference.cards import ModelCard, find_model, sha256_of
from db.project import Project

ROLE: Final = "frame"
"""The role, in the project's registry, of the model that reads faces."""


def card_in_use(name: str | None, project: Project | Path | None) -> ModelCard:
    """The card of the model that predicts.

    Args:
        name: A model chosen by hand; None for the project's own choice.
        project: The project, open or where it lies; None without one.

    Raises:
        UserError: It is not installed, or its file is not the one that was promoted.
    """
    if name is not None or project is None:
        return find_model(name, project if isinstance(project, Path) else project.path if project else None)
    if isinstance(project, Path):
        if not project.is_file():
            return find_model(None, project)
        with Project.open(project, read_only=True) as opened:
            return card_in_use(None, opened)
    promoted = db.models.in_use(project, ROLE)
    if promoted is None:
        return find_model(None, project.path)
    again = "Roll back (affectograph models rollback), or put its folder back beside the project."
    try:
        card = find_model(promoted.name, project.path)
    except UserError as error:
        raise UserError(f"The model {promoted.name}, promoted in this project, is not there.", again) from error
    if sha256_of(card.path()) != promoted.sha256:
        raise UserError(f"The file of {promoted.name} is not the one that was promoted.", again)
    return card
