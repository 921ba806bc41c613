"""A tidy CSV file of notes on clips: one row for each moment or range that somebody marked."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Final, NamedTuple

from app.domain.notes import ClipNote
from app.domain.tables import Heading, Table
from app.interchange.named_rows import write_named_rows
from app.interchange.tidy import moment_text
from app.results import Goal


class NoteRow(NamedTuple):
    """One row of the table; the names of its fields are the headings.

    Attributes:
        clip: The clip's name in the project.
        clip_sha256: SHA-256 of the clip's bytes, hexadecimal.
        kind: `point` for a moment, `state` for a range.
        start_s: The moment, or the beginning of the range, in seconds on the clip's own time stamps.
        end_s: End of the range; empty for a moment, and for a range that nobody has ended.
        category: Name of the category; empty for none.
        text: The words of the note.
        colour: Name of its colour.
        author: Code of the person who made it; empty if nobody was signed in.
        made_at: When it was made, ISO 8601 in UTC.
    """

    clip: str
    clip_sha256: str
    kind: str
    start_s: str
    end_s: str
    category: str
    text: str
    colour: str
    author: str
    made_at: str


NOTE_COLUMNS: Final = NoteRow._fields
MEANINGS: Final = {
    "clip": "the clip's name in the project",
    "clip_sha256": "SHA-256 of the clip's bytes, hexadecimal",
    "kind": "point: a moment; state: a range",
    "start_s": "the moment, or the beginning of the range, on the clip's own time stamps",
    "end_s": "end of the range; empty for a moment, and for a range that nobody has ended",
    "category": "name of the category; empty for none",
    "text": "the words of the note",
    "colour": "name of its colour",
    "author": "code of the person who made it; empty if nobody was signed in",
    "made_at": "when it was made, ISO 8601 in UTC",
}
"""Column → what it means, for the sheet of explanations."""


def note_table(title: str, notes: Iterable[tuple[str, ClipNote]]) -> Table:
    """Return notes as a table for export, with the same columns as the file and times as numbers.

    Args:
        title: What the table shows.
        notes: Notes, each with the name of its clip.
    """
    headings = tuple(Heading(name, "s" if name.endswith("_s") else "", MEANINGS[name]) for name in NOTE_COLUMNS)
    rows = (note_cells(clip, note)._asdict() | {"start_s": note.start_s, "end_s": note.end_s} for clip, note in notes)
    return Table(title, headings, tuple(tuple(row.values()) for row in rows))


def note_cells(clip: str, note: ClipNote) -> NoteRow:
    """Return a note as a row. Reading the numbers again gives the same bits."""
    end_s = "" if note.end_s is None else repr(note.end_s)
    return NoteRow(
        clip, note.clip_sha256, note.kind, repr(note.start_s), end_s, note.category, note.text, note.colour,
        note.author, moment_text(note.made_at),
    )  # fmt: skip


def write_notes(goal: Goal, rows: Iterable[NoteRow]) -> tuple[Path, int]:
    """Write notes, whole or not at all.

    Args:
        goal: The file to write.
        rows: Its rows.

    Returns:
        The path of the file and the number of rows.

    Raises:
        UserError: The file cannot be written.
    """
    return write_named_rows(goal, NOTE_COLUMNS, rows, ("clip", "category", "author"))
