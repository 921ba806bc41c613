"""Makes a model from a finished training of categories: exports it in a separate process and registers it."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np

import db.clips
import db.items
from app.domain.training_events import CROPS, EXPORTED, Event, numbered
from app.errors import UserError
from app.files import replacing
from app.inference.cards import ModelCard, find_model, load_card
from app.inference.face_frame import CropReader
from app.jobs import Context
from app.services.predict.tracks import TrackBank
from app.services.retrain.data import FrozenData
from app.services.retrain.faces import FaceBank
from app.services.retrain.process import Tell, run_child
from db.project import Project

ITEMS_TRIED: Final = 3
FRAMES_TRIED: Final = 40
"""Items, and frames of each, on which the whole item is held against its two parts."""


def export_categories(
    project: Project, data: FrozenData, run: Path, folder: Path, device: str, tell: Tell, ctx: Context, log: Path
) -> ModelCard:
    """Export a finished run into a model folder.

    Args:
        project: The project with its items.
        data: The data that it was trained on.
        run: Folder of the finished run.
        folder: Folder of the model.
        device: The device for the detector.
        tell: Receives the event `exported`.
        ctx: Can cancel.
        log: File for the messages of the process.

    Raises:
        UserError: The files do not give what the training gave.
        Cancelled: The user cancelled.
    """
    networks = _networks(project, data)
    _save_faces(project, data, [networks[name] for name in _named(data)] or [data.frame_model], run, device, ctx)

    def follow(event: Event) -> None:
        if event["event"] == EXPORTED:
            tell(event)

    words = ["--run", str(run), "--items", str(data.folder), "--out", str(folder), "--name", folder.name]
    words += ["--frame-model", str(data.frame_model.folder)]
    words += [word for card in networks.values() for word in ("--network", str(card.folder))]
    run_child("app.learning.clip.export", words, follow, ctx, log)
    return load_card(folder)


def _named(data: FrozenData) -> list[str]:
    """Return the name of the frame network of each stream that has one."""
    named = (str(stream.get("geometry", {}).get("network", "")) for stream in data.manifest["streams"])
    return [name for name in named if name]


def _networks(project: Project, data: FrozenData) -> dict[str, ModelCard]:
    """Return the cards of the streams' networks by name.

    Raises:
        UserError: One is no longer installed.
    """
    found = {data.frame_model.name: data.frame_model}
    return {name: found.get(name) or find_model(name, project.home) for name in _named(data)}


def _save_faces(
    project: Project, data: FrozenData, cards: Sequence[ModelCard], run: Path, device: str, ctx: Context
) -> None:
    """Save some faces of the items, of unequal lengths, on which frame models and head are tried together.

    Args:
        project: The project with its items.
        data: The data of the training.
        cards: The network of each stream that has one.
        run: Folder of the run.
        device: The device for the detector.
        ctx: Can cancel.
    """
    tracks = TrackBank(device)
    banks = [FaceBank(CropReader(card.name, card.inputs["face"]).geometry, device, tracks) for card in cards]
    by_name = {item.name: item for item in db.items.every(project)}
    crops: list[list[Any]] = []
    for name in data.manifest["items"]:
        item = by_name.get(name)
        if item is None or len(crops) == ITEMS_TRIED:
            continue
        clip = db.clips.get(project, item.clip_id)
        faces = [bank.faces(clip.path, clip.sha256, ctx) for bank in banks]
        rows = faces[0].rows_of(project, item)[: FRAMES_TRIED - 7 * len(crops)]
        if len(rows):
            crops.append([each.crops[rows] for each in faces])
    if not crops:
        raise UserError("None of the items shows a face any more.", "Find the missing clips, and train again.")
    columns: dict[str, Any] = {
        numbered("crops", n): np.concatenate(column) for n, column in enumerate(zip(*crops, strict=True))
    }
    with replacing(run / CROPS) as temporary, temporary.open("wb") as stream:
        np.savez(stream, length=np.array([len(each[0]) for each in crops], np.int64), **columns)
