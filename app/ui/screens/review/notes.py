"""Notes at the review desk: made by keys at the playhead, changed and deleted with undo, and read again.

What a press does is shown at once and stored after it. The notes are then read on the writing thread, behind all edits,
so that a second press of a key never meets notes that lack the first.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from app.domain.changes import Changes, Edit
from app.domain.notes import (
    ClipNote,
    NoteCategory,
    NoteKind,
    adding,
    changing,
    ended,
    in_order,
    removing,
    running_state,
)
from app.domain.project import ClipRecord
from app.domain.words import many
from app.errors import UserError
from app.services.labels.notes import ClipNotes, ethogram_edit, export_notes, new_note, notes_of_clip
from app.ui.core.context import AppContext
from app.ui.look.language import tr
from app.ui.parts.player.player import Player


class Notes(QObject):
    """The notes on the clip at the review desk.

    Args:
        context: The context with the open project and the undo stack.
        player: The player, whose frame on screen says when a note is.

    Attributes:
        notes: The notes on the clip by their time.
        categories: The categories of the project.
        chosen: The uid of the chosen note; empty for none.

    Signals:
        changed: The notes, the categories or the choice have changed.
        made: A note was made by a key, with its uid.
        shown: A note was chosen, with its uid, and should be in view.
    """

    changed = Signal()
    made = Signal(str)
    shown = Signal(str)

    def __init__(self, context: AppContext, player: Player, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context, self._player = context, player
        self._clip: ClipRecord | None = None
        self._asked = 0
        self.notes: tuple[ClipNote, ...] = ()
        self.categories: tuple[NoteCategory, ...] = ()
        self.chosen = ""
        context.changed.connect(self._on_changed)

    @property
    def author(self) -> str:
        """Code of the person who is signed in; empty for nobody."""
        correcting = self._context.seat.correcting
        return correcting.who.code if correcting is not None else ""

    @property
    def clip_name(self) -> str:
        """Name of the clip; empty without one."""
        return self._clip.name if self._clip is not None else ""

    @property
    def note(self) -> ClipNote | None:
        """The chosen note."""
        return next((one for one in self.notes if one.uid == self.chosen), None)

    def set_clip(self, clip: ClipRecord | None) -> None:
        """Show the notes of another clip; of none without one."""
        self._clip = clip
        self.notes, self.chosen = (), ""
        if clip is None:
            self.categories = ()
        self._asked += 1
        self.changed.emit()
        self.reload()

    def reload(self) -> None:
        """Read the notes again, after everything that is being written."""
        if self._clip is None or self._context.project is None:
            return
        self._asked += 1
        asked, clip_id = self._asked, self._clip.id
        self._context.write(notes_of_clip, clip_id, on_done=lambda found: self._on_read(asked, found))

    def _on_read(self, asked: int, found: ClipNotes) -> None:
        if asked != self._asked:
            return  # something was changed since; its own reading follows
        self.notes, self.categories = found.notes, found.categories
        if self.note is None:
            self.chosen = ""
        self.changed.emit()

    def _on_changed(self, changes: Changes) -> None:
        if changes.touches("note", "note_category"):
            self.reload()

    # Making

    def add(self, kind: NoteKind = "point") -> None:
        """Make a note at the frame on screen; a second call for a range ends the one that runs."""
        running = running_state(self.notes, "", self.author) if kind == "state" else None
        self._press(running, None, kind)

    def press(self, category: NoteCategory) -> None:
        """Do what the key of a category does: mark a moment, or begin or end a state."""
        running = running_state(self.notes, category.name, self.author) if category.kind == "state" else None
        self._press(running, category, category.kind)

    def _press(self, running: ClipNote | None, category: NoteCategory | None, kind: NoteKind) -> None:
        frame, clip = self._player.frame, self._clip
        if frame is None or clip is None:
            return
        if running is not None:
            self.change(running, ended(running, frame.time_s))
            self.chosen = running.uid
            self.changed.emit()
            return
        note = new_note(clip, frame.time_s, self.author, category, kind)
        self.chosen = note.uid
        self._do(adding(note), [*self.notes, note])
        self.made.emit(note.uid)

    # Changing

    def change(self, before: ClipNote, after: ClipNote) -> None:
        """Change a note; one that would end before it begins is refused in the banner."""
        try:
            edit = changing(before, after, self.author)
        except UserError as error:
            self._context.fail(error)
            self.changed.emit()
            return
        if edit is not None:
            self._do(edit, [after if one.uid == before.uid else one for one in self.notes])

    def give_category(self, note: ClipNote, name: str) -> None:
        """Give a note a category and its colour; an empty name takes the category away."""
        category = next((one for one in self.categories if one.name == name), None)
        self.change(note, replace(note, category=name, colour=category.colour if category is not None else note.colour))

    def remove(self, notes: Sequence[ClipNote]) -> None:
        """Delete notes."""
        if notes:
            gone = {note.uid for note in notes}
            self._do(removing(notes, self.author), [one for one in self.notes if one.uid not in gone])

    def _do(self, edit: Edit, notes: Iterable[ClipNote]) -> None:
        self.notes = in_order(notes)
        if self.note is None:
            self.chosen = ""
        self._context.apply(edit)
        self.changed.emit()
        self.reload()

    def set_categories(self, wanted: Sequence[NoteCategory]) -> None:
        """Store the categories of the project, as one change that can be undone."""
        self._context.query(ethogram_edit, wanted, self.author, on_done=self._apply)

    def _apply(self, edit: Edit | None) -> None:
        if edit is not None:
            self._context.apply(edit)

    # Going

    def choose(self, uid: str, *, go: bool = True) -> None:
        """Choose a note and go to its beginning."""
        self.chosen = uid
        note = self.note
        if note is not None:
            if go:
                self._player.seek(note.start_s)
            self.shown.emit(uid)
        self.changed.emit()

    def step(self, direction: int) -> None:
        """Go to the next note after the playhead, or to the one before it."""
        frame = self._player.frame
        if frame is None:
            return
        now_s = frame.time_s
        if direction > 0:
            found = next((note for note in self.notes if note.start_s > now_s + 1e-6), None)
        else:
            found = next((note for note in reversed(self.notes) if note.start_s < now_s - 1e-6), None)
        if found is not None:
            self.choose(found.uid)

    # Out

    def ask_export(self, parent: QWidget) -> None:
        """Ask for a file and write all notes of the project as CSV."""
        context = self._context
        name = f"{context.project_name}-notes.csv"
        goal = context.ask_file.new(parent, tr("Export notes"), name, tr("Table (*.csv)"))
        if goal is not None:
            context.write(
                export_notes,
                goal,
                on_done=lambda done: context.notify(
                    tr(
                        "Saved {done} with {notes} of all clips.",
                        done=done[0],
                        notes=many(done[1], tr("note"), tr("notes")),
                    ),
                    tone="ok",
                ),
            )
