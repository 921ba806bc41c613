"""The models of a project that can be members of a fusion, with what they learned from."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

import numpy as np
from numpy.typing import NDArray

import db.models
from app.domain.item_data import MANIFEST
from app.domain.project import TrainingRecord
from app.domain.training_events import HELD_OUT, NUMBERS, OUT_OF_FOLD, RESULT, SOLVED
from app.errors import UserError
from app.files import sha256_of
from app.fusion.learned import Learned
from app.inference.cards import ModelCard, list_models, load_card
from app.inference.clip_category import KIND, MEMBERS
from app.services.retrain.data import training_folder
from app.services.retrain.named_folders import named_folder
from app.services.retrain.promote import model_card
from app.services.retrain.runs import run_folder
from app.streams.catalogue import SOUNDS
from db.project import Project

Predicts = Literal["categories", "affect"]
CATEGORIES: Final = "categories"
AFFECT: Final = "affect"


@dataclass(frozen=True, eq=False)
class Stored:
    """Predictions that a training stored.

    Attributes:
        items: Names of N items.
        classes: Names of the K classes.
        said: float64 N×K, NaN where nothing was predicted.
        by_fold: Whether models of folds made the predictions.
        sha256: SHA-256 of the file.
    """

    items: tuple[str, ...]
    classes: tuple[str, ...]
    said: NDArray[np.float64]
    by_fold: bool
    sha256: str


@dataclass(frozen=True, eq=False)
class Member:
    """A model of categories that can be fused.

    Attributes:
        card: Its card.
        record: The training that made it; None for a model from elsewhere.
        run: Folder of the training; None without one.
        learned: Whom it learned from.
        stored: Stored predictions of held-out people and of the folds; empty without a training here.
    """

    card: ModelCard
    record: TrainingRecord | None
    run: Path | None
    learned: Learned
    stored: tuple[Stored, ...]

    @property
    def name(self) -> str:
        """The name of the model."""
        return self.card.name

    @property
    def streams(self) -> tuple[str, ...]:
        """Names of the streams that it reads."""
        return tuple(str(each.get("name", "")) for each in self.card.raw.get("streams", ()))

    @property
    def listens(self) -> bool:
        """Whether it reads a stream of sound, so that it has no prediction for a clip without sound."""
        return any(name in SOUNDS for name in self.streams)

    @property
    def labels(self) -> Mapping[str, Any]:
        """The choice of labels that it learned, as its card states it."""
        found = self.card.training.get("labels", {})
        return found if isinstance(found, Mapping) else {}


@dataclass(frozen=True)
class Candidate:
    """A model that can be ticked as a member.

    Attributes:
        name: Name of the model, by which a request names it.
        title: Title for people.
        recipe: Recipe of its training; empty for a model from elsewhere.
        streams: What it reads.
        condition: Viewing condition of its labels.
        shuffled: Whether it was trained on shuffled labels, as a control.
        folds: Whether it has predictions by folds, so that the people of its training may choose weights.
        held_out: Number of held-out subjects.
        accuracy: Accuracy on them as its card states it; None if it states none.
        licence: Its licence.
        classes: Names of its classes; the dimensions for valence and arousal.
        predicts: What it predicts; only models of the same can be fused.
        concordance: For valence and arousal the concordance with the labels of held-out people; None where unknown.
        data: Hash of the data it was trained on, where members must share them; empty for categories.
    """

    name: str
    title: str
    recipe: str
    streams: tuple[str, ...]
    condition: str
    shuffled: bool
    folds: bool
    held_out: int
    accuracy: float | None
    licence: str
    classes: tuple[str, ...]
    predicts: Predicts = CATEGORIES
    concordance: tuple[float | None, ...] = ()
    data: str = ""


def candidates(project: Project) -> tuple[Candidate, ...]:
    """Return all models of categories that the project knows, those with folds first."""
    cards = {card.name: card for card in list_models(project.home) if card.kind == KIND and not card.raw.get(MEMBERS)}
    for record in db.models.trainings(project):
        folder = named_folder(project, record)
        if record.model is None or record.model.name in cards or folder is None:
            continue
        try:
            card = load_card(folder)
        except UserError:
            continue
        if card.kind == KIND and not card.raw.get(MEMBERS):
            cards[card.name] = card
    found = [_candidate(find_member(project, card)) for card in cards.values()]
    return tuple(sorted(found, key=lambda each: (not each.folds, each.name)))


def _candidate(member: Member) -> Candidate:
    test = member.card.metrics.get("accuracy", {})
    value = test.get("value") if isinstance(test, Mapping) else None
    people = member.learned.people
    return Candidate(
        member.name,
        member.card.title,
        member.record.recipe if member.record is not None else str(member.card.training.get("recipe", "")),
        member.streams,
        str(member.labels.get("condition", "")),
        member.card.control,
        any(each.by_fold for each in member.stored),
        sum(part == "test" for part in people.values()),
        None if value is None else float(value),
        member.card.licence,
        tuple(map(str, member.card.raw.get("classes", ()))),
    )


def members_of(project: Project, names: tuple[str, ...]) -> tuple[Member, ...]:
    """Return the members that a request names.

    Raises:
        UserError: A model is missing or predicts no categories, or fewer than two are named, or one is named twice.
    """
    found = []
    for name in names:
        card = model_card(project, name)
        if card.kind != KIND:
            raise UserError(f"{card.name} is not a model of categories.", "Choose models of categories.")
        if card.raw.get(MEMBERS):
            raise UserError(f"{card.name} is a fusion itself.", "Choose its members instead.")
        found.append(find_member(project, card))
    known = [each.name for each in found]
    if len(set(known)) < len(known):
        raise UserError("A model is named twice.", "Name each member once.")
    if len(found) < 2:
        raise UserError("A fusion needs two members or more.", "Choose another model, too.")
    return tuple(found)


def find_member(project: Project, card: ModelCard) -> Member:
    """Return a model as a member, with the stored predictions of its training if there are any."""
    record = db.models.training_of(project, card.name, _sha256(card))
    run = None if record is None else run_folder(project, record)
    people = people_of_card(card, run)
    if record is None or run is None:
        return Member(card, record, None, Learned(bool(people), people, {}), ())
    items = _items(project, record)
    stored = tuple(each for file in (HELD_OUT, OUT_OF_FOLD) if (each := _stored(run / file, file)) is not None)
    return Member(card, record, run, Learned(bool(people), people, items, _folds(run)), stored)


def people_of_card(card: ModelCard, run: Path | None) -> dict[str, str]:
    """Return the part that each subject had in a model's training: "train", "validation" or "test".

    A machine that is solved at once is not stopped by anybody: it learns from the people of the validation, too, and so
    does a machine that follows a network.

    Args:
        card: Card of the model.
        run: Folder of its training; None without one.
    """
    parts = card.training.get("subjects", {})
    solved = card.training.get("ending") == SOLVED or (run is not None and (run / NUMBERS).is_file())
    stopped = "train" if solved else "validation"
    order = (("test", "test"), ("validation", stopped), ("train", "train"))
    return {str(name): meant for part, meant in order for name in parts.get(part, ())}


def _sha256(card: ModelCard) -> str:
    return card.file().sha256


def _items(project: Project, record: TrainingRecord) -> dict[str, str]:
    """Return the subject of each item at the time of a training; empty if its data are gone."""
    folder = training_folder(project) / "items" / record.snapshot_sha256[:16]
    try:
        manifest = json.loads((folder / MANIFEST).read_text("utf-8"))
        path = folder / "subject.npy"
        if sha256_of(path) != manifest["columns"]["subject"]:
            return {}
        subject = np.load(path, allow_pickle=False)
        names = manifest["subjects"]
        return {item: str(names[number]) for item, number in zip(manifest["items"], subject, strict=True)}
    except (OSError, KeyError, ValueError, IndexError):
        return {}


def _folds(run: Path) -> tuple[frozenset[str], ...]:
    try:
        parts = json.loads((run / RESULT).read_text("utf-8"))["cross_validation"]["parts"]
        return tuple(frozenset(map(str, part["subjects"])) for part in parts)
    except (OSError, KeyError, ValueError, TypeError):
        return ()


def _stored(path: Path, file: str) -> Stored | None:
    try:
        with np.load(path, allow_pickle=False) as found:
            said = np.asarray(found["predicted"], np.float64)
            items, classes = tuple(map(str, found["items"])), tuple(map(str, found["classes"]))
    except (OSError, KeyError, ValueError):
        return None
    if said.shape != (len(items), len(classes)):
        return None
    return Stored(items, classes, said, file == OUT_OF_FOLD, sha256_of(path))
