"""Makes a model from a finished training of categories: exports it in a separate process and registers it."""

from pathlib import Path
from typing import Any, Final

import numpy as np

import db.clips
import db.items
from app.domain.training_events import CROPS, EXPORTED, Event
from app.errors import UserError
from app.files import replacing
from app.inference.cards import ModelCard, load_card
from app.inference.face_frame import FaceFrameModel
from app.jobs import Context
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
    _save_faces(project, data, run, device, ctx)

    def follow(event: Event) -> None:
        if event["event"] == EXPORTED:
            tell(event)

    words = ["--run", str(run), "--items", str(data.folder), "--out", str(folder), "--name", folder.name]
    words += ["--frame-model", str(data.frame_model.folder)]
    run_child("app.learning.clip.export", words, follow, ctx, log)
    return load_card(folder)


def _save_faces(project: Project, data: FrozenData, run: Path, device: str, ctx: Context) -> None:
    """Save some faces of the items, of unequal lengths, on which frame model and head are tried together."""
    file = "model" if "model" in data.frame_model.files else None
    bank = FaceBank(FaceFrameModel.open(data.frame_model, device, file=file).crop_geometry, device)
    by_name = {item.name: item for item in db.items.every(project)}
    crops: list[Any] = []
    for name in data.manifest["items"]:
        item = by_name.get(name)
        if item is None or len(crops) == ITEMS_TRIED:
            continue
        clip = db.clips.get(project, item.clip_id)
        faces = bank.faces(clip.path, clip.sha256, ctx)
        rows = faces.rows_of(project, item)[: FRAMES_TRIED - 7 * len(crops)]
        if len(rows):
            crops.append(faces.crops[rows])
    if not crops:
        raise UserError("None of the items shows a face any more.", "Find the missing clips, and train again.")
    with replacing(run / CROPS) as temporary, temporary.open("wb") as stream:
        np.savez(stream, crops=np.concatenate(crops), length=np.array([len(each) for each in crops], np.int64))
