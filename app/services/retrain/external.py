"""Imports data sets of others. Their labels become stored gold standards, never traces of a rater."""

from dataclasses import dataclass
from pathlib import Path

import db.gold
import db.items
from app.batch import Failures
from app.errors import UserError
from app.interchange.aff_wild import AffWildClip, read_aff_wild
from app.jobs import Context
from app.services.predict.readers import open_reader
from app.services.projects.files import add_clips
from db.project import Project

NAME = "Aff-Wild"
SPARE_LINES = 1
"""Number of lines by which an annotation may differ from its video's frames, as programs count differently."""


@dataclass(frozen=True)
class Brought:
    """The outcome of an import.

    Attributes:
        clips: Number of labelled clips of the data set that the project has now.
        notes: Sentences about the clips that were added.
        refused: A sentence for each clip or annotation that was left out.
    """

    clips: int
    notes: tuple[str, ...]
    refused: tuple[str, ...] = ()


def bring_aff_wild(project: Project, folder: Path, ctx: Context) -> Brought:
    """Add the videos of an Aff-Wild or Aff-Wild2 folder with their labels. Adding them twice changes nothing.

    The data sets do not name subjects, so each video counts as a person, and a training says so. Videos with two
    labelled people are left out, because somebody must say by hand which face is whose.

    Args:
        project: The project, open for writing.
        folder: Folder of the data set.
        ctx: Receives the progress, and can cancel.

    Raises:
        UserError: The folder holds nothing usable.
        Cancelled: The user cancelled; clips that were added stay.
    """
    found, left_out = read_aff_wild(folder)
    failures = Failures(on_failure=lambda error: left_out.append(error.what))
    notes: list[str] = []
    count = 0
    for number, each in enumerate(found):
        ctx.progress(number, len(found), f"Adding {each.name}")
        if each.side:
            notes.append(f"{each.name} is one of two people in a video and was left out.")
            continue
        with failures.of(each.name):
            count += _bring(project, each, notes, ctx)
    if not count:
        raise UserError("No labelled video could be added.", " ".join([*left_out, *notes][:3]))
    return Brought(count, tuple(notes), tuple(left_out))


def _bring(project: Project, each: AffWildClip, notes: list[str], ctx: Context) -> int:
    with open_reader(each.video, ctx) as reader:
        times_s = reader.index.times_s
    n, lines = len(times_s), len(each.values)
    if abs(lines - n) > SPARE_LINES:
        # Which frame a line belongs to cannot be told, and a shift by some frames would go unseen.
        raise UserError(
            f"{each.name} was left out: it has {lines} lines of labels, but {each.video.name} has {n} frames.",
            "Each frame needs one line.",
        )
    if lines != n:
        notes.append(f"{each.name} has {lines} lines for {n} frames; the first {min(n, lines)} were taken.")
        n = min(n, lines)
    result = add_clips(project, [each.video], ctx=ctx)
    if result.refused:
        raise result.refused[0]
    item = db.items.every(project, clip_id=result.added[0].id)[0]
    if any(gold.name == NAME for gold in db.gold.for_item(project, item.id)):
        return 1
    recipe = {"made_by": NAME, "annotation": each.name, "frames": n}
    db.gold.add(
        project,
        item.id,
        "trace",
        NAME,
        recipe,
        (),
        condition="full_context",
        times_s=times_s[:n],
        values=each.values[:n],
    )
    return 1
