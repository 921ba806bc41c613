"""Finds the model that predicts: the named one, the project's promoted one, the setting's, or the shipped one."""

from pathlib import Path
from typing import Final

import db.models
from app.addresses import Place, home_of, is_server
from app.domain.analysis import RunKey
from app.errors import UserError
from app.files import sha256_of
from app.inference.cards import ModelCard, find_model, project_models
from app.services.models.shared import fetch
from db.project import Project

ROLE: Final = "frame"
"""The role, in the project's registry, of the model that reads faces."""
CATEGORY_ROLE: Final = "category"
"""The role of the model that says the category of whole items."""
ROLES: Final = {"face_frame": ROLE, "face_sequence": ROLE, "clip_category": CATEGORY_ROLE}
"""Kind of a card → the role in which such a model can be in use."""


def _is_there(place: Place) -> bool:
    """Return whether there may be a project at a place; a server is asked when it is opened."""
    return is_server(place) or Path(place).is_file()


def _home(project: Project | Place | None) -> Path | None:
    if project is None:
        return None
    return project.home if isinstance(project, Project) else home_of(project)


def card_in_use(name: str | None, project: Project | Place | None) -> ModelCard:
    """Return the card of the model that predicts.

    Args:
        name: A model chosen by hand; None for the project's own choice.
        project: The open project, or its place; None without one.

    Raises:
        UserError: The model is not installed, or its file is not the one that was promoted.
    """
    if name is not None or project is None:
        return find_model(name, _home(project))
    if not isinstance(project, Project):
        if not _is_there(project):
            return find_model(None, home_of(project))
        with Project.open(project, read_only=True) as opened:
            return card_in_use(None, opened)
    return _promoted(project, ROLE) or find_model(None, project.home)


def category_card(name: str | None, project: Project | None) -> ModelCard | None:
    """Return the card of the model that predicts categories; None if the project has promoted none.

    Args:
        name: A model chosen by hand, or the folder of one; None for the project's own choice.
        project: The open project; None without one.

    Raises:
        UserError: The model is not installed, or its file is not the one that was promoted.
    """
    if name is not None:
        return find_model(name, project.home if project is not None else None)
    return None if project is None else _promoted(project, CATEGORY_ROLE)


def _promoted(project: Project, role: str) -> ModelCard | None:
    promoted = db.models.in_use(project, role)
    if promoted is None:
        return None
    again = (
        "Roll back under Train, or put its folder back beside the project.",
        "Roll back (affectograph models rollback), or put its folder back beside the project.",
    )
    if project.path is None:
        asked = (
            f"Ask whoever promoted it for its folder, and put it into {project_models(project.home)}. Models that are "
            "promoted while the clips lie in a shared folder come by themselves."
        )
        again = (asked, asked)
    try:
        card = find_model(promoted.name, project.home)
    except UserError as error:
        fetched = fetch(project, promoted.name, promoted.sha256)
        if fetched is None:
            raise UserError(f"The model {promoted.name}, promoted in this project, is not there.", *again) from error
        card = fetched
    if sha256_of(card.path()) != promoted.sha256:
        raise UserError(f"The file of {promoted.name} is not the one that was promoted.", *again)
    return card


def wished_model(setting: str, project: Project | None) -> str | None:
    """Return the name to pass to `card_in_use` if nobody named a model for this call.

    Args:
        setting: The user's own choice; empty for none. It holds for projects that have promoted no model.
        project: The open project.

    Returns:
        The setting, or None for the project's promoted model or the shipped one.
    """
    return None if has_promoted(project) else setting or None


def has_promoted(project: Project | Place | None) -> bool:
    """Return whether a project has promoted a model that was not rolled back."""
    if project is not None and not isinstance(project, Project):
        if not _is_there(project):
            return False
        with Project.open(project, read_only=True) as opened:
            return has_promoted(opened)
    return project is not None and db.models.in_use(project, ROLE) is not None


def promoted_category(project: Place | None) -> str:
    """Return the name of the model of categories that a project has promoted; empty without one."""
    if project is None or not _is_there(project):
        return ""
    with Project.open(project, read_only=True) as opened:
        promoted = db.models.in_use(opened, CATEGORY_ROLE)
    return promoted.name if promoted is not None else ""


def card_wished(setting: str, project: Project | Place | None) -> ModelCard:
    """Return the card of the model that predicts if none is named: the promoted, the setting's, or the shipped one.

    Raises:
        UserError: See `card_in_use`.
    """
    if project is not None and not isinstance(project, Project):
        if not _is_there(project):
            return find_model(setting or None, home_of(project))
        with Project.open(project, read_only=True) as opened:
            return card_wished(setting, opened)
    return card_in_use(wished_model(setting, project), project)


def is_of(key: RunKey, card: ModelCard) -> bool:
    """Return whether stored predictions come from this model, whether from its main file or a variant."""
    known = {file.sha256 for file in card.files.values()} | {variant.file.sha256 for variant in card.variants}
    return key.model == card.name and key.model_sha256 in known
