"""Notes on clips: what a clip has, new ones, the ethogram, and the table of all notes for export."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import db.clips
import db.notes
import db.sights
from app.domain.changes import Edit, RowChange
from app.domain.notes import PLAIN_COLOUR, ClipNote, NoteCategory, NoteKind, require_sound
from app.domain.project import ClipRecord
from app.domain.tables import Table
from app.interchange.notes_csv import NoteRow, note_cells, note_table, write_notes
from app.results import Goal
from app.services.consent.gate import covered_clips
from app.services.consent.left import note_left
from db.project import Project
from db.schema import new_uid, now

EXAMPLE: Final[tuple[tuple[str, str, NoteKind, str], ...]] = (
    ("Smile", "1", "state", "green"),
    ("Speaks", "2", "state", "violet"),
    ("Looks away", "3", "state", "yellow"),
    ("Blink", "4", "point", "red"),
)
"""Name, key, kind and colour of the categories that are offered to a project that has none."""


@dataclass(frozen=True)
class ClipNotes:
    """The notes on a clip, and the categories of the project.

    Attributes:
        clip_id: Number of the clip.
        notes: Its notes by their time.
        categories: All categories in their order.
    """

    clip_id: int
    notes: tuple[ClipNote, ...]
    categories: tuple[NoteCategory, ...]


def notes_of_clip(project: Project, clip_id: int) -> ClipNotes:
    """Read the notes on a clip, and note that they are shown: they may lead a later judgement (`db.sights`)."""
    with project.read() as session:
        found = ClipNotes(clip_id, db.notes.of_clip(session, clip_id), db.notes.categories(session))
    if found.notes:
        db.sights.note(project, [clip_id], "labels")
    return found


def new_note(
    clip: ClipRecord, at_s: float, author: str, category: NoteCategory | None = None, kind: NoteKind = "point"
) -> ClipNote:
    """Return a new note that begins at a time; it is stored by the edit `app.domain.notes.adding`.

    Args:
        clip: The clip.
        at_s: Time in seconds on the clip's PTS axis.
        author: Code of the person who is signed in; empty for nobody.
        category: The category, which then decides on kind and colour.
        kind: The kind of a note without a category.
    """
    made = ClipNote(new_uid(), clip.id, clip.sha256, kind, at_s, None, "", "", PLAIN_COLOUR, author, now())
    if category is None:
        return made
    return replace(made, kind=category.kind, category=category.name, colour=category.colour)


def new_category(name: str, key: str, kind: NoteKind, colour: str, position: int) -> NoteCategory:
    """Return a new category; it is stored by the edit of `ethogram_edit`."""
    return NoteCategory(new_uid(), name, key, kind, colour, position)


def example_categories() -> tuple[NoteCategory, ...]:
    """Return the categories that a project without any is offered."""
    return tuple(new_category(*each, at) for at, each in enumerate(EXAMPLE))


def ethogram_edit(project: Project, wanted: Sequence[NoteCategory], actor: str = "") -> Edit | None:
    """Return the edit after which the project has these categories; None if it has them already.

    Where a category is renamed, its notes are renamed with it. Notes of a category that is deleted stay as they are.

    Args:
        project: The open project.
        wanted: The categories in their order.
        actor: Code of the person who changes them.

    Raises:
        UserError: A name is missing, or two categories have the same name or key.
    """
    wanted = [replace(one, name=one.name.strip(), position=at) for at, one in enumerate(wanted)]
    require_sound(wanted)
    changes: list[RowChange] = []
    with project.read() as session:
        there = {one.uid: one for one in db.notes.categories(session)}
        kept = {one.uid for one in wanted}
        changes += [
            RowChange("note_category", uid, one.values(), None) for uid, one in there.items() if uid not in kept
        ]
        for one in wanted:
            before = there.get(one.uid)
            if before is None:
                changes.append(RowChange("note_category", one.uid, None, one.values()))
            elif before != one:
                changes.append(RowChange("note_category", one.uid, before.values(), one.values()))
                if before.name != one.name:
                    changes += [
                        RowChange("note", note.uid, {"category": before.name}, {"category": one.name})
                        for note in db.notes.of_category(session, before.name)
                    ]
    return Edit("Change categories of notes", tuple(changes), actor=actor) if changes else None


def noted_clips(project: Project) -> list[int]:
    """Return the numbers of the clips that have notes, ascending; clips that were removed are left out."""
    return sorted({note.clip_id for _, note in db.notes.every(project)})


def note_rows(project: Project, without_refused: bool = False) -> list[NoteRow]:
    """Return the notes of the project as the rows of a tidy table, by clip and time.

    Args:
        project: The open project.
        without_refused: Whether to leave out the notes of, and on clips of, people whose consent does not cover an
            export; otherwise it is refused.

    Raises:
        Uncovered: Consent does not cover somebody, and nobody said to leave these people out.
    """
    notes = db.notes.every(project)
    noted = {note.clip_id for _, note in notes}
    clips = [clip for clip in db.clips.every(project, removed=True) if clip.id in noted]
    kept, may = covered_clips(project, clips, without=without_refused)
    may.require(raters={note.author for _, note in notes})
    return [note_cells(name, note) for name, note in notes if note.clip_id in kept and note.author not in may.raters]


def notes_as_table(clip: str, notes: Sequence[ClipNote]) -> Table:
    """Return notes on one clip as a table for export.

    Args:
        clip: Name of the clip.
        notes: Some of its notes.
    """
    return note_table(f"Notes on {clip}", [(clip, note) for note in notes])


def export_notes(project: Project, goal: Goal, without_refused: bool = False) -> tuple[Path, int]:
    """Write the notes of the project as a tidy CSV file, and note that they are shown.

    Args:
        project: The open project.
        goal: The file to write.
        without_refused: Whether to leave out people whose consent does not cover an export; otherwise it is refused.

    Returns:
        The path of the file and its number of rows.

    Raises:
        UserError: Consent does not cover the export, or the file cannot be written.
    """
    rows = note_rows(project, without_refused)
    db.sights.note(project, noted_clips(project), "labels")
    written = write_notes(goal, rows)
    note_left(project, "notes", written[0], counts={"rows": written[1]})
    return written
