"""What the models screen does off the window's thread: plain functions, imported when they run."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.errors import UserError
from app.inference.cards import ModelCard
from app.jobs import Context
from app.services.models.zoo.manifest import ZooEntry

if TYPE_CHECKING:
    from app.services.models.zoo.guide import GuideAnswers, Proposal
    from app.services.models.zoo.install import Installed
    from db.project import Project


@dataclass(frozen=True)
class Found:
    """All models.

    Attributes:
        cards: Those installed.
        broken: Folders whose card cannot be used, with the reason.
        waiting: Entries of the zoo that are not installed, each with the bytes a broken-off download has fetched.
        in_use: Name of the model that predicts: promoted in the project, else chosen by hand, else the shipped one.
        problem: Why that cannot be said; empty where it can.
        promoted: Whether the project has promoted it: its choice goes before the setting.
    """

    cards: tuple[ModelCard, ...]
    broken: tuple[tuple[Path, UserError], ...]
    waiting: tuple[tuple[ZooEntry, int], ...]
    in_use: str
    problem: str = ""
    promoted: bool = False


def scan(_ctx: Context, project: Path | None, setting: str = "") -> Found:
    """Read all cards and the list of vetted models.

    Args:
        project: The open project's file.
        setting: The model chosen by hand; empty for none.
    """
    from app.inference.cards import scan_models
    from app.services.models.in_use import card_wished, has_promoted
    from app.services.models.zoo.install import part_size
    from app.services.models.zoo.manifest import load_manifest

    cards, broken = scan_models(project)
    have = {card.name for card in cards}
    waiting = tuple((entry, part_size(entry.name)) for entry in load_manifest() if entry.name not in have)
    used, problem = "", ""
    try:
        used = card_wished(setting, project).name
    except UserError as error:
        problem = str(error)
    return Found(tuple(cards), tuple(broken), waiting, used, problem, has_promoted(project))


def install_entry(ctx: Context, entry: ZooEntry, source: Path | None) -> "Installed":
    """Fetch a vetted model, or take it from a file or folder."""
    from app.services.models.zoo.install import install

    return install(entry, ctx, source=source)


def verify_model(_ctx: Context, card: ModelCard) -> list[str]:
    """The problems of a model's files."""
    from app.services.models.zoo.install import verify

    return verify(card)


def remove_model(_ctx: Context, name: str, project: Path | None) -> None:
    """Remove an installed model."""
    from app.services.models.zoo.install import remove

    remove(name, project)


def look_at(_ctx: Context, model: Path) -> "Proposal":
    """Examine an own ONNX file in a child process and propose a card."""
    from app.services.models.zoo.guide import own_name, propose
    from app.services.models.zoo.recognise import entry_of

    entry = entry_of(model)
    if entry is not None:
        raise UserError(
            f"{model.name} is the zoo's {entry.card['title']}.", "Choose that one in the list, then: From a file…"
        )
    return propose(model, own_name(model))


def add_model(ctx: Context, proposal: "Proposal", answers: "GuideAnswers", model: Path) -> "Installed":
    """Add an own model with the answers given."""
    from app.services.models.zoo.install import add_own

    return add_own(proposal.card(answers), model, ctx)


def evaluate(ctx: Context, name: str, data: Path, device: str, project: Path | None) -> dict[str, Any]:
    """Measure a model on labelled images."""
    from app.services.models.evaluate import evaluate_model

    return evaluate_model(data, model=name, device=device, ctx=ctx, project_path=project)


def promote_model(project: "Project", folder: str) -> str:
    """Make a model the one in use in a project; its name."""
    from app.services.retrain.promote import promote

    return promote(project, folder).name
