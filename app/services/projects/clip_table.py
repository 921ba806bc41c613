"""The table of clips: what the project holds about each, and the edits that the table offers."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import db.clip_uses
import db.clips
import db.edits
import db.notes
from app.domain.changes import Edit, RowChange
from app.domain.clip_use import ClipUse
from app.domain.words import many
from app.errors import UserError
from app.interchange.manifest import read_manifest
from app.services.projects.clip_rows import ClipRow, clip_rows
from db.project import Project


@dataclass(frozen=True)
class ClipEntry:
    """A row of the table.

    Attributes:
        row: The clip, whether it is analysed, and its number of traces.
        use: Its faces, answers and studies.
    """

    row: ClipRow
    use: ClipUse


@dataclass(frozen=True)
class Removal:
    """The removal of clips from the lists.

    Attributes:
        edit: The edit, which can be undone.
        words: What stays, and what no longer happens; for the question before it.
    """

    edit: Edit
    words: str


def clip_entries(project: Project) -> list[ClipEntry]:
    """Return the clips of a project in the order of their numbers, without those that were removed."""
    uses = db.clip_uses.every(project)
    return [ClipEntry(row, uses.get(row.clip.id, ClipUse())) for row in clip_rows(project)]


def subject_edit(project: Project, clip_ids: Sequence[int], code: str) -> Edit | None:
    """Return the edit that sets the person seen in some clips; None if nothing would change.

    Args:
        project: The open project.
        clip_ids: Numbers of the clips.
        code: Code of the person; empty where unknown.
    """
    edit = db.edits.set_subject(project, clip_ids, code)
    return edit if edit.changes else None


def subjects_edit(project: Project, clip_ids: Sequence[int]) -> Edit:
    """Return the edit that gives each of some clips a subject of its own, under codes that nobody has yet."""
    taken, number = {one.code.casefold() for one in db.clips.subjects(project)}, 0
    changes: list[RowChange] = []
    for clip_id in clip_ids:
        number += 1
        while (code := f"S{number:02d}").casefold() in taken:
            number += 1
        changes += db.edits.set_subject(project, [clip_id], code).changes
    return Edit(f"Set one subject a clip for {many(len(clip_ids), 'clip')}", tuple(changes))


@dataclass(frozen=True)
class ListedSubjects:
    """The subjects that a list names for clips of the project.

    Attributes:
        edit: The edit that sets them; None if all are set already.
        lost: Paths in the list that belong to no clip of the project, each once.
    """

    edit: Edit | None
    lost: tuple[str, ...]


def listed_subjects(project: Project, manifest: Path) -> ListedSubjects:
    """Return the edit that gives clips the subjects that a manifest names. No clip is added.

    A line belongs to the clip whose file lies at its path, or else to the only clip whose file has this name.

    Args:
        project: The open project.
        manifest: A CSV file with the columns `path` and `subject`, see `read_manifest`.

    Raises:
        UserError: The manifest cannot be read, or names no subject of a clip of the project.
    """
    clips = db.clips.every(project)
    by_path = {clip.path: clip.id for clip in clips}
    names = Counter(clip.path.name for clip in clips)
    by_name = {clip.path.name: clip.id for clip in clips if names[clip.path.name] == 1}
    subjects: dict[int, str] = {}
    lost: dict[str, None] = {}
    for line in read_manifest(manifest):
        clip_id = by_path.get(line.path, by_name.get(line.path.name))
        if clip_id is None:
            lost[line.path.name] = None
        elif line.subject:
            subjects[clip_id] = line.subject
    if not subjects:
        raise UserError(
            f"{manifest.name} names no subject of a clip of this project.",
            "Give it the columns path and subject, with a line for each clip.",
        )
    changes = [
        change
        for clip_id, code in subjects.items()
        for change in db.edits.set_subject(project, [clip_id], code).changes
    ]
    edit = Edit(f"Set the subjects of {many(len(changes), 'clip')} from {manifest.name}", tuple(changes))
    return ListedSubjects(edit if changes else None, tuple(lost))


def name_edit(project: Project, clip_id: int, name: str) -> Edit | None:
    """Return the edit that gives a clip another name; None if it has that name.

    Raises:
        UserError: The name is empty.
    """
    if not name.strip():
        raise UserError("A clip needs a name.", "Enter a name, or press Esc to keep the old one.")
    edit = db.edits.rename_clip(project, clip_id, name)
    return edit if edit.changes else None


def removal(project: Project, entries: Sequence[ClipEntry]) -> Removal:
    """Return the edit that takes clips out of the lists, with a sentence on what stays.

    Args:
        project: The open project.
        entries: Rows of the table.
    """
    edit = db.edits.remove_clips(project, [entry.row.clip.id for entry in entries])
    answers = sum(entry.use.answers for entry in entries)
    traces = sum(entry.row.traces for entry in entries)
    counted = db.notes.counts(project)
    notes = sum(counted.get(entry.row.clip.id, 0) for entry in entries)
    studies = sorted({name for entry in entries for name in entry.use.studies})
    words = ["The files on the disk stay where they are."]
    if answers or traces:
        words.append(f"{many(answers, 'answer')} and {many(traces, 'trace')} stay in the project and in its reports.")
    if notes:
        words.append(f"{many(notes, 'note is', 'notes are')} kept, but no longer listed or exported.")
    if studies:
        words.append(
            f"Clips that were dealt to raters in {', '.join(studies)} stay with them until the study is dealt again."
        )
    words.append("Edit → Undo brings everything back.")
    return Removal(edit, " ".join(words))
