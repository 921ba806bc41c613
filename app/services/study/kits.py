"""Kits: folders in which one rater works elsewhere, and merging the answers back.

A kit is a project of its own with the rater's clips, assignment and own answers, and nothing else. Everything that
goes in is read through the rater's view of the project, so a kit cannot hold predictions or others' labels.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

import db.assignments
import db.audit
import db.check
import db.clips
import db.face_people
import db.items
import db.kit_definitions
import db.raters
import db.settings
import db.studies
import db.transfer
from app.domain.access import SEES_LABELS
from app.domain.path_text import file_stem, shown
from app.domain.project import ClipRecord
from app.errors import UserError
from app.files import folder_beside, shortened
from app.jobs import Context
from app.services.consent.covered import Uncovered, allowed
from app.services.projects.health import stop_only
from app.services.projects.relink import way_to_missing
from app.services.study.kit_clips import CLIPS, bring_clips
from db.files import make_private
from db.places import SUFFIX
from db.project import Project, Source
from db.scope import RaterView
from db.transfer import Transferred

KIT_SETTING: Final = "kit"
"""Setting that marks a project as a kit: {"rater": code, "studies": [names], "guarded": whether its project is}."""
_README: Final = """\
This is a kit of Affectograph for rater {rater}.

1. Open {project} with Affectograph (drag it into the window, or: affectograph open "{project}").
2. Choose "Annotate", sign in as {rater}{pin} and work through the list. Everything is saved as you go;
   you may stop at any time and continue later.
3. Give this whole folder back when you are done. The study's owner merges it.

Keep the folder together: the clips lie in it.
"""


MOST_LETTERS: Final = 40
"""Letters of a rater's code that the name of a kit's project takes."""

ROOM: Final = "." + "0" * 40
"""What the store adds to a project's name while it makes it."""


def make_kit(
    project: Project,
    rater: str,
    folder: Path,
    *,
    studies: Sequence[str] | None = None,
    link: bool = False,
    ctx: Context | None = None,
) -> Path:
    """Make a kit.

    Args:
        project: The open project.
        rater: Code of the rater of the kit.
        folder: The folder to make, which must not exist. The kit appears whole or not at all.
        studies: Names of the studies; by default all in which the rater takes part.
        link: Whether to refer to the clips where they are instead of copying them, for a colleague on the same file
            server.
        ctx: Receives the progress, and can cancel.

    Returns:
        The kit's project file.

    Raises:
        UserError: The rater is unknown or has no assignment, a clip's file is missing, or the folder exists or cannot
            be written.
    """
    ctx = ctx or Context()
    who = db.raters.by_code(project, rater)
    if who is None:
        raise UserError(
            f"The project has no rater {rater}.", "Check the code.", "Check the code with `affectograph study show`."
        )
    folder = folder.expanduser().absolute()
    if folder.exists():
        raise UserError(f"{folder} already exists.", "Choose another folder for the kit.")
    with RaterView(project, who.id) as view:
        with view.read() as source:
            mine = [one for one in db.studies.of_rater(source, who.id) if studies is None or one.name in studies]
            wanted = {s for one in mine for s in _item_numbers(source, one.id, who.id)}
            numbers = {db.items.get(source, number).clip_id for number in wanted}
        if not wanted:
            raise UserError(
                f"{rater} has nothing assigned.", "Assign the clips first.", "Run `affectograph study assign` first."
            )
        clips = [db.clips.get(project, number) for number in sorted(numbers)]
        _require_shown(project, clips)
        missing = [clip.name for clip in clips if clip.missing]
        if missing:
            raise UserError(
                f"Files of clips are missing: {', '.join(missing)}.",
                way_to_missing(project, in_window=True),
                way_to_missing(project),
            )
        name = _appear(folder, project, view, clips, [one.id for one in mine], link, ctx)
    made = {"rater": who.id, "studies": [one.name for one in mine], "clips": len(clips), "to": shown(str(folder))}
    db.audit.add(project, "kit.make", made)
    return folder / name


def _require_shown(project: Project, clips: Sequence[ClipRecord]) -> None:
    """Refuse to give clips out whose subjects did not agree to be shown.

    Raises:
        UserError: There are some; it names them.
    """
    try:
        seen = db.face_people.seen_in_clips(project)
        allowed(project, "showing").require(subjects={code for clip in clips for code in seen.get(clip.id, ())})
    except Uncovered as error:
        raise UserError(
            error.what,
            "Take their clips out of the project's lists (File → Clips and subjects…) and assign again, or record "
            "their consent under File → People and consent….",
            "Take their clips out and assign again, or record their consent (`affectograph consent set`).",
        ) from error


def _appear(
    folder: Path,
    project: Project,
    view: RaterView,
    clips: Sequence[ClipRecord],
    study_ids: Sequence[int],
    link: bool,
    ctx: Context,
) -> str:
    """Make the kit under a temporary name beside its place, then rename it."""
    rater = db.raters.get(project, view.rater_id)
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        fresh = folder_beside(folder)
    except OSError as error:
        raise UserError(f"{folder} cannot be made: {error.strerror}.", "Choose another folder.") from error
    try:
        name = _fill(fresh, project, view, clips, study_ids, link, ctx)
        pin = " with your PIN" if rater.has_pin else ""
        (fresh / "README.txt").write_text(_README.format(rater=rater.code, project=name, pin=pin), encoding="utf-8")
        os.rename(fresh, folder)
    except OSError as error:
        raise UserError(
            f"The kit cannot be written: {error.strerror}.", "Free some space, or choose another folder."
        ) from error
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    return name


def _item_numbers(source: Source, study_id: int, rater_id: int) -> set[int]:

    slots = db.assignments.slots(source, study_id, rater_id=rater_id)
    return {slot.item_id for slot in slots if slot.item_id is not None}


def _fill(
    fresh: Path,
    project: Project,
    view: RaterView,
    clips: Sequence[ClipRecord],
    study_ids: Sequence[int],
    link: bool,
    ctx: Context,
) -> str:
    """Make the kit's project in its temporary folder; returns the file's name."""
    stem = project.home.stem
    rater = db.raters.get(project, view.rater_id)
    ending = f"-{file_stem(rater.code)[:MOST_LETTERS]}{SUFFIX}"
    name = f"{shortened(stem, ending, ROOM)}{ending}"
    with Project.create(fresh / name) as kit:
        for done, clip in enumerate(clips):
            ctx.progress(done, len(clips) + 1, f"Copying {clip.name}")
            path = clip.path
            if not link:
                number, ending = f"{done + 1:04d}-", clip.path.suffix
                path = fresh / CLIPS / f"{number}{shortened(clip.path.stem, number, ending)}{ending}"
                path.parent.mkdir(exist_ok=True)
                shutil.copy2(clip.path, path)
            db.clips.add(kit, replace(clip.info, path=path), clip.sha256, clip.subject, clip.name)
        with view.read() as source, kit.write() as target:
            db.kit_definitions.copy_definitions(source, target, rater.id, study_ids)
            db.transfer.Carrier(source, target, rater.id, part=True).carry()
            names = [record.name for record in db.studies.every(target)]
            mark = {"rater": rater.code, "studies": names, "guarded": guarded(project)}
            db.settings.put(target, KIT_SETTING, mark)
        if rater.has_pin:
            make_private(fresh / name)
    ctx.progress(1, 1, "Done")
    return name


def kit_of(project: Project) -> str | None:
    """Return the code of the rater whose kit a project is; None for an ordinary project."""
    mark = db.settings.get(project, KIT_SETTING)
    return str(mark["rater"]) if isinstance(mark, dict) and "rater" in mark else None


def guarded(project: Project) -> bool:
    """Return whether predictions and labels are shown only to owners and reviewers, which is so if there is one.

    In a kit nobody may see them if this was so in the project from which it was made. A login of a server that is a
    rater's does not even see whether there is an owner.
    """
    if project.team_role == "rater":
        return True
    mark = db.settings.get(project, KIT_SETTING)
    if isinstance(mark, dict):
        return bool(mark.get("guarded"))
    return bool(db.raters.every(project, active_only=True, roles=SEES_LABELS))


def merge_kit(project: Project, kit: Path, ctx: Context | None = None) -> Transferred:
    """Merge the work in a kit. Merging twice changes nothing, nothing is dropped, and contradictions are listed.

    If the same question was answered here and in the kit, both answers are kept and the later one counts.

    Args:
        project: The open project.
        kit: The kit's folder or its project file.
        ctx: Receives the progress, and can cancel.

    Raises:
        UserError: There is no kit, it belongs to another project, or something in it is damaged or not offered by the
            project's study. Then nothing is changed.
    """
    ctx = ctx or Context()
    path = _kit_file(kit)
    ctx.progress(0, 1, f"Merging {path.name}")
    with Project.open(path, read_only=True) as other:
        code = kit_of(other)
        rater = db.raters.by_code(other, code) if code is not None else None
        if rater is None:
            raise UserError(
                f"{path.name} is not a kit.",
                "Choose the folder of a kit.",
                "Name a folder that `affectograph project kit` has made.",
            )
        _refuse_damaged(other, path, ctx)
        with RaterView(other, rater.id) as view, view.read() as source, project.write() as target:
            try:
                result = db.transfer.Carrier(source, target, rater.id).carry()
            except KeyError as error:
                raise UserError(
                    f"{path.name} does not belong to this project: it lacks {error.args[0]}.",
                    "Merge it into the project it was made from.",
                ) from error
            counts = {
                "answers": result.answers,
                "traces": result.traces,
                "conflicts": len(result.conflicts),
            }
            db.audit.add(target, "kit.merge", counts, actor=rater.code)
        if result.waiting:
            result.notes += bring_clips(project, other, result.waiting, stop_only(ctx))
            with RaterView(other, rater.id) as view, view.read() as source, project.write() as target:
                again = db.transfer.Carrier(source, target, rater.id).carry()
            result.traces += again.traces
    ctx.progress(1, 1, "Done")
    return result


def _refuse_damaged(kit: Project, path: Path, ctx: Context) -> None:
    """Refuse a kit whose rows were changed after they were saved, or hold values that no rater can have given."""
    for problem in db.check.problems(kit, check=ctx.check):
        if problem.damage:
            raise UserError(
                f"{path.name} cannot be merged; nothing was changed. {problem.what}",
                "Ask for another copy of the kit.",
                "Ask for another copy of the kit; `affectograph project check` lists all that is wrong with this one.",
            )


def _kit_file(kit: Path) -> Path:
    if kit.is_dir():
        found = sorted(kit.glob(f"*{SUFFIX}"))
        if len(found) != 1:
            raise UserError(f"{kit} holds {len(found)} projects.", "Name the kit's folder or its project file.")
        return found[0]
    return kit
