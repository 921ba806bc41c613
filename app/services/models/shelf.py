"""The models on this machine and those that can be fetched, and work on one of them, as functions for `app.jobs`.

Database and network are imported where they are used, in the job's thread, so that the window shows the screen first.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.addresses import Place, home_of
from app.errors import UserError
from app.inference.cards import ModelCard, scan_models
from app.jobs import Context
from app.services.models.zoo import manifest
from app.services.models.zoo.manifest import ZooEntry

if TYPE_CHECKING:
    from app.services.models.zoo.guide import GuideAnswers, Proposal
    from app.services.models.zoo.install import Installed


@dataclass(frozen=True)
class Shelf:
    """All models on this machine and in the list of vetted ones.

    Attributes:
        cards: Cards of the installed models.
        broken: Folders whose card cannot be used, with the reason.
        waiting: Entries of the zoo that are not installed, each with the number of bytes that an interrupted download
            fetched.
        in_use: Name of the model that predicts: the one promoted in the project, or else chosen by hand, or else
            shipped.
        problem: The reason why that is not known; empty if it is.
        promoted: Whether the project has promoted it, which takes precedence over the setting.
        category: Name of the model of categories that the project has promoted; empty without one.
    """

    cards: tuple[ModelCard, ...]
    broken: tuple[tuple[Path, UserError], ...]
    waiting: tuple[tuple[ZooEntry, int], ...]
    in_use: str
    problem: str = ""
    promoted: bool = False
    category: str = ""


def read_shelf(_ctx: Context, project: Place | None, setting: str = "") -> Shelf:
    """Read all cards and the list of vetted models.

    Args:
        project: Where the open project is.
        setting: The model chosen by hand; empty for none.
    """
    from app.services.models.in_use import card_wished, has_promoted, promoted_category
    from app.services.models.zoo.install import part_size

    cards, broken = scan_models(home_of(project) if project is not None else None)
    have = {card.name for card in cards}
    waiting = tuple((entry, part_size(entry.name)) for entry in manifest.load_manifest() if entry.name not in have)
    used, problem = "", ""
    try:
        used = card_wished(setting, project).name
    except UserError as error:
        problem = str(error)
    return Shelf(tuple(cards), tuple(broken), waiting, used, problem, has_promoted(project), promoted_category(project))


def install_entry(ctx: Context, entry: ZooEntry, source: Path | None) -> "Installed":
    """Fetch a vetted model, or take it from a file or folder.

    Raises:
        UserError: See `app.services.models.zoo.install.install`.
        Cancelled: The user cancelled.
    """
    from app.services.models.zoo.install import install

    return install(entry, ctx, source=source)


def verify_model(_ctx: Context, card: ModelCard) -> list[str]:
    """Return the problems of a model's files; empty if they are as its card says."""
    from app.services.models.zoo.install import verify

    return verify(card)


def remove_model(_ctx: Context, name: str, project: Place | None) -> None:
    """Remove an installed model.

    Raises:
        UserError: The model came with the program, or its folder cannot be removed.
    """
    from app.services.models.zoo.install import remove

    remove(name, home_of(project) if project is not None else None)


def look_at(ctx: Context, model: Path) -> "Proposal":
    """Examine a user's ONNX file in a child process and propose a card.

    Raises:
        UserError: The file is a model of the zoo, or cannot be added.
        Cancelled: The user cancelled.
    """
    from app.inference.check import TIME_LIMIT_S
    from app.services.models.zoo.guide import own_name, propose
    from app.services.models.zoo.recognise import entry_of

    entry = entry_of(model)
    if entry is not None:
        raise UserError(
            f"{model.name} is the zoo's {entry.card['title']}.", "Choose that one in the list, then: From a file…"
        )
    ctx.progress(0, 0, f"at most {TIME_LIMIT_S // 60} minutes")
    return propose(model, own_name(model), ctx)


def add_model(ctx: Context, proposal: "Proposal", answers: "GuideAnswers", model: Path) -> "Installed":
    """Add a user's model with the given answers.

    Raises:
        UserError: See `app.services.models.zoo.install.add_own`.
    """
    from app.services.models.zoo.install import add_own

    return add_own(proposal.card(answers), model, ctx)


def measure(ctx: Context, name: str, data: Path, device: str, project: Place | None) -> dict[str, Any]:
    """Measure a model on labelled images, see `app.services.models.evaluate.evaluate_model`."""
    from app.services.models.evaluate import evaluate_model

    return evaluate_model(
        data, model=name, device=device, ctx=ctx, project_path=home_of(project) if project is not None else None
    )
