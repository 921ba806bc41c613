"""Puts notes on the review desk: the list beside the clip, the row in the timeline, the keys, and the commands."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from app.domain.notes import NoteCategory
from app.domain.words import many
from app.ui.core.context import AppContext
from app.ui.look.language import tr
from app.ui.parts.player.player import Player
from app.ui.parts.timeline.view import TimelineView
from app.ui.screens.review.event_keys import EventKeys
from app.ui.screens.review.note_list import NoteList
from app.ui.screens.review.notes import Notes
from app.ui.screens.review.side import SidePanel

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from app.domain.project import ClipRecord


class NoteDesk(QObject):
    """The notes of the desk and everything that shows them.

    Args:
        context: The context with commands and project.
        player: The player of the desk.
        timeline: The timeline, which draws the notes.
        side: The panels at the right, among which the list is.
        desk: The desk itself.
    """

    def __init__(
        self, context: AppContext, player: Player, timeline: TimelineView, side: SidePanel, desk: "QWidget"
    ) -> None:
        super().__init__(desk)
        self._context, self._player, self._timeline, self._side, self._desk = context, player, timeline, side, desk
        self._hidden = self._play_on = False
        self.notes = Notes(context, player, self)
        self.list = NoteList(context, self.notes, player)
        side.put_notes(self.list)
        self.keys = EventKeys(desk, self._category_of, self.notes.press)
        self.notes.changed.connect(self._show)
        self.notes.shown.connect(lambda _uid: self.show_list(True))
        self.list.left.connect(self._on_left)
        timeline.note_chosen.connect(self.notes.choose)
        context.project_changed.connect(self._on_project)
        self._bind()

    def _bind(self) -> None:
        commands = self._context.commands
        commands.bind("notes.add", self.add)
        commands.bind("notes.add_range", self.add_range)
        commands.bind("notes.next", lambda: self.notes.step(1))
        commands.bind("notes.previous", lambda: self.notes.step(-1))
        commands.bind("notes.toggle_coding", self.toggle_coding)
        commands.bind("notes.ask_categories", self.ask_categories)
        commands.bind("notes.export", lambda: self.notes.ask_export(self._desk.window()))
        commands.bind("view.toggle_notes", lambda: self.show_list(not self._side.with_notes))

    def set_clip(self, clip: "ClipRecord | None") -> None:
        """Show the notes of another clip."""
        self.list.save_text()
        self._play_on = False
        self.notes.set_clip(clip)

    def refresh(self) -> None:
        """Draw the notes again, because the clip is open now and its beginning known."""
        self.list.refresh()
        self._show()

    def set_hidden(self, hidden: bool) -> None:
        """Hide all notes while a trace is recorded, and mark no events: what one notes may lead what one traces."""
        self._hidden = hidden
        if hidden:
            self.set_coding(False)
        self.list.setVisible(not hidden)
        self._show()

    def close(self) -> None:
        """Store what was typed and leave the keys alone, because the window closes."""
        self.list.save_text()
        self.keys.set_on(False)

    # Commands

    def add(self) -> None:
        """Make a note at the frame on screen and wait for its words; a clip that plays waits with it."""
        self._play_on = self._player.playing
        self._player.pause()
        self.notes.add()
        self.show_list(True)
        self.list.edit_text()

    def add_range(self) -> None:
        """Begin a note over a range at the frame on screen, or end the one that runs."""
        self.notes.add("state")
        self.show_list(True)

    def show_list(self, on: bool) -> None:
        """Show or hide the list of notes."""
        self._side.show_notes(on)
        self._context.commands.set_checked("view.toggle_notes", on)

    def toggle_coding(self) -> None:
        """Let the keys of the categories mark events, or no longer; without any category, ask for some first."""
        if not self.keys.on and not any(one.key for one in self.notes.categories):
            self.ask_categories()
            return
        self.set_coding(not self.keys.on)

    def set_coding(self, on: bool) -> None:
        """Let the keys of the categories mark events, or no longer."""
        was = self.keys.on
        self.keys.set_on(on)
        self._context.commands.set_checked("notes.toggle_coding", on)
        if was and not on:  # in place of the message that names the keys
            self._context.notify(tr("Keys no longer mark events."), tone="ok")
        if on:
            self.show_list(True)
            self._desk.setFocus()
            keys = [f"{one.key} {one.name}" for one in self.notes.categories if one.key]
            self._context.notify(tr("Keys mark events: {keys}.", keys=", ".join(keys)), tr("E ends this."), "ok")

    def ask_categories(self) -> None:
        """Open the dialog of the categories."""
        from app.ui.screens.review.note_categories import CategoriesDialog

        CategoriesDialog(self._context, self.notes.categories, self.notes.set_categories, self._desk.window()).open()

    # What happens

    def _category_of(self, key: str) -> NoteCategory | None:
        return next((one for one in self.notes.categories if one.key == key), None) if key else None

    def _show(self) -> None:
        notes = () if self._hidden else self.notes.notes
        self._timeline.set_notes(notes, self.notes.chosen)
        self._side.notes_card.setAccessibleDescription(many(len(notes), tr("note"), tr("notes")))

    def _on_left(self) -> None:
        self._desk.setFocus()
        if self._play_on:
            self._play_on = False
            self._player.play()

    def _on_project(self) -> None:
        self.set_coding(False)
