"""What a command is, and the commands that a window has: menus, palette and shortcut page come from them. No Qt.

The rows of the window itself are in `app/command_table.py`; a screen adds its own through its `Screen` record.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

MENUS: Final = ("File", "Edit", "Playback", "Analysis", "Annotate", "View", "Help")
"""Order of the menu bar."""


@dataclass(frozen=True)
class Command:
    """A command that the user can give.

    Attributes:
        id: `area.verb_noun`.
        title: Its name in menus and palette; ends in … if it asks something first.
        menu: Which menu of `MENUS` it is in; empty for palette and keys only.
        keys: Key sequences in Qt's portable notation; the first is shown.
        when: Conditions that must all hold (see `Commands.conditions`); empty for always.
        group: Rows of one menu with different groups are separated by a line.
        icon: Name in the icon table, or empty.
        checkable: Whether it is switched on and off.
        help: One sentence for the tool tip and the shortcut page.
        also: Further words by which the palette finds it.
    """

    id: str
    title: str
    menu: str = ""
    keys: tuple[str, ...] = ()
    when: tuple[str, ...] = ()
    group: int = 0
    icon: str = ""
    checkable: bool = False
    help: str = ""
    also: str = ""


AT_WORK: Final = frozenset(
    {
        "app.quit",
        "app.open_palette",
        "app.open_settings",
        "view.toggle_theme",
        "view.toggle_full_screen",
        "view.close_message",
        "help.show_page",
        "help.show_shortcuts",
        "help.show_settings",
        "help.about",
    }
)
"""All that can be done while a rater is signed in ("annotating"): nothing that opens or shows anything else."""


class Commands:
    """The commands that exist, with their functions and the conditions under which they can be given.

    The window makes one QAction for each command; tests and the tour run commands by id.
    """

    def __init__(self, table: Iterable[Command]) -> None:
        self._table: dict[str, Command] = {}
        self._given: dict[str, tuple[str, ...]] = {}
        self._callbacks: dict[str, Callable[[], object]] = {}
        self._checked: dict[str, bool] = {}
        self._conditions: set[str] = set()
        self._listeners: list[Callable[[], None]] = []
        self._watchers: list[Callable[[str], None]] = []
        self.add(table)

    def add(self, table: Iterable[Command]) -> None:
        """Add rows.

        Raises:
            ValueError: An id is taken.
        """
        for command in table:
            if command.id in self._table:
                raise ValueError(f"two commands are called {command.id}")
            self._table[command.id] = command
            self._given[command.id] = command.keys

    def set_keys(self, choices: Mapping[str, Sequence[str]]) -> None:
        """Give commands the keys of the user's choice, and all others those of their table.

        Args:
            choices: Keys by the id of a command; ids that are unknown are left out.
        """
        for command_id, given in self._given.items():
            keys = tuple(choices.get(command_id, given))
            self._table[command_id] = replace(self._table[command_id], keys=keys)
        self._tell()

    def given_keys(self, command_id: str) -> tuple[str, ...]:
        """Return the keys that a command has unless the user chooses others."""
        return self._given[command_id]

    def all(self) -> tuple[Command, ...]:
        """Return every command, in the order added."""
        return tuple(self._table.values())

    def named(self, command_id: str) -> Command:
        """Return a command, with the keys that it has now.

        Raises:
            KeyError: There is no such command.
        """
        return self._table[command_id]

    def title(self, command_id: str) -> str:
        """Return a command's name in menus and palette.

        Raises:
            KeyError: There is no such command.
        """
        return self._table[command_id].title

    def bind(self, command_id: str, callback: Callable[[], object]) -> None:
        """Set the function of a command.

        Raises:
            KeyError: There is no such command.
        """
        self._callbacks[self._table[command_id].id] = callback

    def run(self, command_id: str) -> bool:
        """Run a command if it can be done now; return whether it could."""
        if not self.enabled(command_id):
            return False
        self._callbacks[command_id]()
        for watcher in tuple(self._watchers):
            watcher(command_id)
        return True

    def on_run(self, watcher: Callable[[str], None]) -> None:
        """Call a function with the id of every command that was run."""
        self._watchers.append(watcher)

    def enabled(self, command_id: str) -> bool:
        """Return whether a command can be done now; see `AT_WORK` for what a rater at work can do."""
        command = self._table[command_id]
        if "annotating" in self._conditions and command_id not in AT_WORK:
            return False
        return command_id in self._callbacks and all(self._met(word) for word in command.when)

    def obstacle(self, command_id: str) -> str:
        """Return why a command cannot be given now, in a few words; empty if it can, or if the window lacks it."""
        command = self._table[command_id]
        if self.enabled(command_id) or command_id not in self._callbacks:
            return ""
        failed = next((word for word in command.when if not self._met(word)), "not annotating")
        if failed.startswith("screen."):
            where = self._table.get(f"screens.{failed.removeprefix('screen.')}")
            return f"in {where.title.removeprefix('Go to ')}" if where is not None else ""
        # A project is open, but nobody sits here who may see what is in it.
        locked = failed == "project" and self.holds("project file")
        return REASONS["correcting" if locked else failed]

    def _met(self, word: str) -> bool:
        return (word[4:] not in self._conditions) if word.startswith("not ") else (word in self._conditions)

    def set_condition(self, name: str, holds: bool) -> None:
        """Set whether a condition of `Command.when` holds."""
        if holds != (name in self._conditions):
            (self._conditions.add if holds else self._conditions.discard)(name)
            self._tell()

    def holds(self, name: str) -> bool:
        """Return whether a condition holds."""
        return name in self._conditions

    def set_checked(self, command_id: str, checked: bool) -> None:
        """Set whether a switch is on."""
        if self._checked.get(command_id) != checked:
            self._checked[command_id] = checked
            self._tell()

    def checked(self, command_id: str) -> bool:
        """Return whether a switch is on."""
        return self._checked.get(command_id, False)

    def on_change(self, listener: Callable[[], None]) -> None:
        """Call a function whenever conditions or switches change."""
        self._listeners.append(listener)

    def _tell(self) -> None:
        for listener in tuple(self._listeners):
            listener()


REASONS: Final = {
    "project": "needs an open project",
    "project file": "needs an open project",
    "clip": "needs a chosen clip",
    "missing clip": "no clip is missing",
    "undo": "there is nothing to undo",
    "redo": "there is nothing to redo",
    "working": "nothing is running",
    "correcting": "needs an owner or reviewer who is signed in",
    "answer open": "needs a chosen answer",
    "agreement": "needs computed agreement",
    "agreement.traces": "needs traces",
    "demo": "needs the open demo",
    "message": "there is no message",
    "camera on": "needs a camera that is on",
    "recording": "nothing is being recorded",
    "not recording": "a trace is being recorded",
    "not annotating": "a rater is at work",
}
"""Why a command cannot be given, by the condition that does not hold. For `screen.NAME` it is the screen's title."""


def shortcut_sections(table: Iterable[Command]) -> dict[str, list[Command]]:
    """Return the commands that have keys, by the title of their section on the shortcut pages.

    The sections are the menus in their order; commands without a menu follow, by the area in which they work.
    """
    sections: dict[str, list[Command]] = {menu: [] for menu in MENUS}
    for command in table:
        if command.keys:
            sections.setdefault(command.menu or command.id.split(".")[0].capitalize(), []).append(command)
    return {title: found for title, found in sections.items() if found}


def help_markdown(table: Iterable[Command]) -> str:
    """Return the shortcut page of the user guide, made from the commands of the window and of all screens."""
    lines = ["# Keyboard shortcuts", "", "Every action is also in the command palette (`Ctrl+K`).", ""]
    for title, found in shortcut_sections(table).items():
        lines += [f"## {title}", "", "| action | keys | |", "| --- | --- | --- |"]
        lines += [f"| {c.title} | {' or '.join(f'`{key}`' for key in c.keys)} | {c.help} |" for c in found]
        lines.append("")
    return "\n".join(lines)
