"""Adds data sets with categories to a project. Their labels become stored gold standards, never somebody's answers."""

from pathlib import Path
from typing import Final

import cv2

import db.gold
import db.items
from app.batch import Failures
from app.errors import UserError
from app.files import replacing
from app.interchange.datasets.catalogue import find_dataset
from app.interchange.datasets.record import Dataset, LabelledClip
from app.jobs import Context
from app.services.projects.files import add_clips
from app.services.retrain.external import Brought
from db.project import Project

PICTURES: Final = "pictures"
CONDITION: Final = "full_context"


def bring_dataset(project: Project, name: str, folder: Path, ctx: Context) -> Brought:
    """Add the clips of a data set with their categories; doing it twice changes nothing.

    A clip that is missing, cannot be read, or whose class the data set does not have is named and left out.
    Pictures in a table are written as files beside the project.

    Args:
        project: The project, open for writing.
        name: Name of the data set, see `app.interchange.datasets.catalogue`.
        folder: Folder of the data set.
        ctx: Receives the progress in clips, and can cancel.

    Raises:
        UserError: The folder has another layout, or no clip of it could be added.
        Cancelled: The user cancelled; clips that were added stay.
    """
    dataset = find_dataset(name)
    found = dataset.read(folder)
    notes, left_out = list(found.notes), list(found.missing)
    failures = Failures(on_failure=lambda error: left_out.append(error.what))
    count = 0
    for number, clip in enumerate(found.clips):
        ctx.progress(number, len(found.clips), f"Adding {clip.path.name}")
        with failures.of(clip.path.name):
            count += _bring(project, dataset, clip, notes, ctx)
    if not count:
        raise UserError(f"No clip of {folder} could be added.", " ".join([*left_out, *notes][:3]))
    return Brought(count, tuple(notes), tuple(left_out))


def _bring(project: Project, dataset: Dataset, clip: LabelledClip, notes: list[str], ctx: Context) -> int:
    if dataset.classes and clip.category not in dataset.classes:
        raise UserError(f"{clip.category} is not a class of {dataset.title}.", "Correct the label.")
    result = add_clips(project, [_file_of(project, dataset, clip)], subject=clip.subject, ctx=ctx)
    if not result.added:
        raise result.refused[0]
    notes += [error.what for error in result.refused]
    item = db.items.every(project, clip_id=result.added[0].id)[0]
    value = {word: float(count) for word, count in clip.votes.items()} or {clip.category: 1.0}
    total = sum(value.values())
    value = {word: count / total for word, count in value.items()}
    before = [gold for gold in db.gold.for_item(project, item.id) if gold.name == dataset.title]
    if before:
        if before[0].value != value:
            # The bytes are those of another file of the data set, with another label.
            raise UserError("the same clip is there with another label", "Keep one of the two.")
        return 1
    recipe = {
        "made_by": dataset.name,
        "category": clip.category,
        "part": clip.part,
        "group": clip.group,
        "votes": dict(clip.votes),
    }
    db.gold.add(project, item.id, "category", dataset.title, recipe, (), condition=CONDITION, value=value)
    return 1


def _file_of(project: Project, dataset: Dataset, clip: LabelledClip) -> Path:
    """Return the clip's file; a picture out of a table is written first, beside the project."""
    if clip.picture is None:
        return clip.path
    place = project.home.with_name(f"{project.home.name}.{PICTURES}") / dataset.name
    path = place / clip.path.name
    if not path.exists():
        place.mkdir(parents=True, exist_ok=True)
        done, content = cv2.imencode(".png", clip.picture)
        if not done:
            raise UserError("the picture cannot be written as PNG", "Report this picture.")
        with replacing(path) as temporary:
            temporary.write_bytes(content.tobytes())
    return path
