"""Notes on clips: what a person remarked at a moment or over a range, and the categories whose keys make them.

A note is not a judgement: it does not count in any analysis. Raters never see notes, because notes may lead them. Every
change of a note is an edit that can be undone (`app.domain.changes`).
"""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, Final, Literal, get_args

from app.domain.changes import Edit, RowChange
from app.errors import UserError

NoteKind = Literal["point", "state"]
"""A point is a moment; a state lasts from one press of a key to the next."""
KINDS: Final[tuple[NoteKind, ...]] = get_args(NoteKind)
COLOURS: Final = ("grey", "red", "yellow", "green", "violet", "pink")
"""Names of the colours of notes. Blue and orange are not among them, because they stand for valence and arousal."""
PLAIN_COLOUR: Final = COLOURS[0]
"""The colour of a note without a category."""


@dataclass(frozen=True)
class ClipNote:
    """A note on a clip.

    Attributes:
        uid: Name that is the same on all machines.
        clip_id: Number of the clip in this project.
        clip_sha256: SHA-256 of the clip's bytes.
        kind: A moment, or a range.
        start_s: The moment, or the beginning of the range, in seconds on the clip's PTS axis.
        end_s: End of the range; None for a moment, and for a range that nobody has ended yet.
        category: Name of the category; empty for none.
        text: The words of the note; may be empty.
        colour: One of `COLOURS`.
        author: Code of the person who made it; empty if nobody was signed in.
        made_at: When it was made, in seconds since the epoch, UTC.
    """

    uid: str
    clip_id: int
    clip_sha256: str
    kind: NoteKind
    start_s: float
    end_s: float | None
    category: str
    text: str
    colour: str
    author: str
    made_at: float

    @property
    def running(self) -> bool:
        """Whether it is a range that nobody has ended yet."""
        return self.kind == "state" and self.end_s is None

    @property
    def title(self) -> str:
        """The category and the words; "Note" where there are neither."""
        return ": ".join(part for part in (self.category, self.text) if part) or "Note"

    def values(self) -> dict[str, Any]:
        """Return what the project stores of it, with the clip named by its bytes."""
        kept = asdict(self)
        for name in ("uid", "clip_id", "clip_sha256"):
            del kept[name]
        return {"clip": self.clip_sha256, **kept}


@dataclass(frozen=True)
class NoteCategory:
    """A category of notes; all of them together are the ethogram of the project.

    Attributes:
        uid: Name that is the same on all machines.
        name: Its name, unique in the project.
        key: The letter or digit that makes a note of it while events are coded; empty for none.
        kind: Whether the key marks a moment, or begins a state that its next press ends.
        colour: One of `COLOURS`.
        position: Order in lists.
    """

    uid: str
    name: str
    key: str
    kind: NoteKind
    colour: str
    position: int

    def values(self) -> dict[str, Any]:
        """Return what the project stores of it."""
        kept = asdict(self)
        del kept["uid"]
        return kept


def adding(note: ClipNote) -> Edit:
    """Return the edit that adds a note."""
    return Edit(
        f"Add note {_short(note.title)}", (RowChange("note", note.uid, None, note.values()),), actor=note.author
    )


def changing(before: ClipNote, after: ClipNote, actor: str = "") -> Edit | None:
    """Return the edit that changes a note; None if nothing would change.

    Args:
        before: The note as the project has it.
        after: The same note as it should be.
        actor: Code of the person who changes it.

    Raises:
        UserError: It would end before it begins.
    """
    if after.end_s is not None and after.end_s < after.start_s:
        raise UserError("The note would end before it begins.", "Enter a later end, or an earlier beginning.")
    old, new = before.values(), after.values()
    names = [name for name in new if old[name] != new[name]]
    if not names:
        return None
    change = RowChange("note", before.uid, {name: old[name] for name in names}, {name: new[name] for name in names})
    return Edit(f"Change note {_short(after.title)}", (change,), actor=actor)


def removing(notes: Sequence[ClipNote], actor: str = "") -> Edit:
    """Return the edit that deletes notes."""
    title = f"Delete note {_short(notes[0].title)}" if len(notes) == 1 else f"Delete {len(notes)} notes"
    return Edit(title, tuple(RowChange("note", note.uid, note.values(), None) for note in notes), actor=actor)


def ended(note: ClipNote, at_s: float) -> ClipNote:
    """Return a state that ends at a time; where that is before its beginning, the two change places."""
    return replace(note, start_s=min(note.start_s, at_s), end_s=max(note.start_s, at_s))


def running_state(notes: Iterable[ClipNote], category: str, author: str) -> ClipNote | None:
    """Return the state of a category that a person has begun last and not ended; None without one."""
    found = [note for note in notes if note.running and note.category == category and note.author == author]
    return max(found, key=lambda note: note.made_at, default=None)


def in_order(notes: Iterable[ClipNote]) -> tuple[ClipNote, ...]:
    """Return notes by their time, those made first before others of the same time."""
    return tuple(sorted(notes, key=lambda note: (note.start_s, note.made_at, note.uid)))


def require_sound(categories: Sequence[NoteCategory]) -> None:
    """Refuse categories that cannot be told apart.

    Raises:
        UserError: A name is missing, or two have the same name or key.
    """
    if any(not one.name.strip() for one in categories):
        raise UserError("A category needs a name.", "Enter a short one, such as “Smile”.")
    for what, said in (("name", [one.name.casefold() for one in categories]),
                       ("key", [one.key.upper() for one in categories if one.key])):  # fmt: skip
        twice = next((text for text in said if said.count(text) > 1), None)
        if twice is not None:
            raise UserError(f"Two categories have the {what} “{twice}”.", f"Give one of them another {what}.")


def _short(text: str, most: int = 40) -> str:
    line = " ".join(text.split())
    return line if len(line) <= most else f"{line[: most - 1]}…"
