"""Puts a model into use in a project and rolls it back. Every change is logged."""

from typing import Any

import db.models
from app.domain.project import ModelOrigin
from app.errors import UserError
from app.inference.cards import CARD_NAME, ModelCard, find_model, load_card, project_models, verify_file
from app.services.models.copies import copied
from app.services.models.in_use import CATEGORY_ROLE, ROLE, ROLES
from app.services.models.shared import share
from app.services.retrain.named_folders import named_folder
from db.project import Project


def register(project: Project, card: ModelCard, *, trained: bool) -> int:
    """Register a model in the project and return its number."""
    origin: ModelOrigin = "trained" if trained else "shipped" if card.shipped else "project"
    text = (card.folder / CARD_NAME).read_text("utf-8")
    return db.models.add(project, card.name, card.file().sha256, text, origin).id


def keep_in_project(project: Project, card: ModelCard) -> ModelCard:
    """Return the model as one of the project's own, copied beside the project file if it is elsewhere.

    Raises:
        UserError: Another model has this name, or the copy cannot be written.
    """
    if card.shipped:
        return card
    place = project_models(project.home)
    folder = place / card.name
    if folder.resolve() == card.folder.resolve():
        return card
    return copied(card, place)


def model_card(project: Project, name: str) -> ModelCard:
    """Return the card of a model by name or folder; one trained into another folder is found through its run.

    Raises:
        UserError: There is no such model.
    """
    try:
        return find_model(name, project.home)
    except UserError:
        for run in db.models.trainings(project):
            folder = named_folder(project, run)
            known = run.model is not None and run.model.name == name
            if known and folder is not None and (folder / CARD_NAME).is_file():
                return load_card(folder)
        raise


def promote(
    project: Project, name: str, *, comparison: dict[str, Any] | None = None, actor: str = "", anyway: bool = False
) -> ModelCard:
    """Make a model the one in use in this project, live and for whole clips.

    Args:
        project: The project, open for writing.
        name: Name of the model, or its folder.
        comparison: The comparison that is the reason; by default the one stored with its training.
        actor: Code of the person who does it.
        anyway: Whether to promote it even if no comparison found it better.

    Raises:
        UserError: There is no such model, it cannot predict faces, its comparison did not find it better, it is a
            control on shuffled labels, or it is in use already.
    """
    card = model_card(project, name)
    role = ROLES.get(card.kind)
    if role is None:
        raise UserError(f"{card.name} is a model of the kind {card.kind}.", "Promote a model that reads faces.")
    if card.control and not anyway:
        raise UserError(
            f"{card.name} was not promoted: it is a control that learned from shuffled labels.",
            "Promote a model of the real labels.",
            "Promote a model of the real labels; --anyway promotes it all the same.",
        )
    for key in card.files:
        verify_file(card, key)
    run = db.models.training_of(project, card.name, card.file().sha256)
    if comparison is None and run is not None:
        comparison = run.metrics.get("comparison")
    overall = (comparison or {}).get("overall", {})
    if overall and not overall.get("offers_promotion") and not anyway:
        raise UserError(
            f"{card.name} was not promoted: {overall.get('text', 'it was not better.')}",
            "Label more clips and train again.",
            "Label more clips and train again; --anyway promotes it all the same.",
        )
    before = db.models.in_use(project, role)
    if before is not None and before.sha256 == card.file().sha256:
        raise UserError(f"{card.name} is in use already.", "There is nothing to do.")
    card = keep_in_project(project, card)
    share(project, card)
    number = register(project, card, trained=run is not None)
    db.models.promote(
        project, number, role, comparison=comparison, training_run_id=run.id if run is not None else None, actor=actor
    )
    return card


def rollback(project: Project, *, role: str = ROLE, actor: str = "") -> str:
    """Go back to the model of a role that was in use before, and return its name; empty if none is in use any more.

    Raises:
        UserError: No model was promoted.
    """
    done = db.models.rollback(project, role, actor=actor)
    if done.model is not None:
        return done.model.name
    return "" if role == CATEGORY_ROLE else find_model(None, None).name
