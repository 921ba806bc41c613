"""One table of actions: menus, the command palette and the shortcut page all come from it. No Qt.

A screen adds its own rows through its `Screen` record; this file holds what the window and the review screen do.
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
        "help.show_shortcuts",
        "help.show_settings",
        "help.about",
    }
)
"""All that can be done while a rater is signed in ("annotating"): nothing that opens or shows anything else."""

_CLIP: Final = ("screen.review", "clip")
_PLAY: Final = ("screen.review", "clip", "not recording")
_CHOOSE: Final = ("screen.review", "project", "not recording")
"""Going to another clip needs none that is open: one that cannot be read must not hold anybody."""

COMMANDS: Final[tuple[Command, ...]] = (
    Command("project.new", "New project…", "File", ("Ctrl+N",), icon="file-plus", help="Make an empty project file."),
    Command(
        "project.open", "Open project…", "File", ("Ctrl+O",), icon="folder-open", help="Open a .affectograph file."
    ),
    Command(
        "project.open_demo",
        "Open the demo",
        "File",
        (),
        icon="sparkle",
        help="A clip made by this program with known affect and three simulated raters.",
    ),
    Command(
        "camera.open",
        "Camera…",
        "File",
        ("Ctrl+Shift+C",),
        ("not annotating",),
        icon="camera",
        help="Watch a webcam with live predictions, and record it.",
    ),
    Command(
        "clips.add",
        "Add clips…",
        "File",
        ("Ctrl+Shift+A",),
        ("project",),
        1,
        icon="plus",
        help="Add videos or images to the project.",
    ),
    Command(
        "clips.table",
        "Clips and subjects…",
        "File",
        ("Ctrl+Shift+L",),
        ("project",),
        1,
        icon="table",
        help="All clips as a table: find, sort, name the people seen, rename and remove clips.",
    ),
    Command(
        "clips.relink",
        "Find missing clip…",
        "File",
        (),
        ("project", "missing clip"),
        1,
        icon="link",
        help="Show where a moved file lies now; it is recognised by its content.",
    ),
    Command(
        "project.rescued",
        "Rescued answers…",
        "File",
        (),
        ("not annotating",),
        1,
        help="What could not be saved because its project was moved or deleted while it was open.",
    ),
    Command(
        "export.open",
        "Export…",
        "File",
        ("Ctrl+Shift+X",),
        ("not annotating", "not recording"),
        2,
        icon="export",
        help="Tables as CSV or Excel, figures as SVG, PDF or PNG in the size of a journal's column.",
        also="save table figure csv excel xlsx spreadsheet svg pdf png picture data numbers",
    ),
    Command(
        "project.sign_out",
        "Sign out",
        "File",
        (),
        ("correcting", "not annotating"),
        3,
        icon="person",
        help="Predictions and answers are hidden until an owner or reviewer signs in again.",
    ),
    Command("project.close", "Close project", "File", ("Ctrl+W",), ("project file",), 3),
    Command("app.quit", "Quit", "File", ("Ctrl+Q",), (), 4),
    Command("edit.undo", "Undo", "Edit", ("Ctrl+Z",), ("undo", "not annotating"), icon="undo"),
    Command("edit.redo", "Redo", "Edit", ("Ctrl+Shift+Z", "Ctrl+Y"), ("redo", "not annotating"), icon="redo"),
    Command(
        "export.copy",
        "Copy table or figure",
        "Edit",
        ("Ctrl+Shift+K",),
        ("not annotating", "not recording"),
        icon="copy",
        help="The table or plot with the keyboard, or else the first one of the screen.",
        also="clipboard paste spreadsheet picture",
    ),
    Command(
        "app.open_palette",
        "Command palette…",
        "Edit",
        ("Ctrl+K", "Ctrl+Shift+P"),
        (),
        1,
        icon="search",
        help="Find any action by its name.",
    ),
    Command(
        "app.open_settings", "Settings…", "Edit", ("Ctrl+,",), (), 1, icon="gear", also="preferences options text size"
    ),
    Command(
        "app.change_keys",
        "Change keys…",
        "Edit",
        (),
        (),
        1,
        icon="keyboard",
        help="Give actions keys of your own choice.",
        also="rebind shortcuts hotkeys keyboard customise",
    ),
    Command("player.toggle_play", "Play or pause", "Playback", ("Space",), _CLIP, icon="play"),
    Command(
        "player.shuttle_back",
        "Play backwards",
        "Playback",
        ("J",),
        _PLAY,
        help="Each further press doubles the speed, up to 4×. Backwards there is no sound.",
    ),
    Command("player.shuttle_stop", "Pause", "Playback", ("K",), _PLAY),
    Command(
        "player.shuttle_forward",
        "Play forwards",
        "Playback",
        ("L",),
        _PLAY,
        help="Each further press doubles the speed, up to 4×.",
    ),
    Command("player.step_back", "One frame back", "Playback", ("Left", ","), _PLAY, 1, icon="step-back"),
    Command("player.step_forward", "One frame forward", "Playback", ("Right", "."), _PLAY, 1, icon="step-forward"),
    Command(
        "player.jump_back",
        "Jump back",
        "Playback",
        ("Shift+Left",),
        _PLAY,
        1,
        help="By the time set under Settings, one second at first.",
    ),
    Command("player.jump_forward", "Jump forward", "Playback", ("Shift+Right",), _PLAY, 1),
    Command("player.go_start", "To the beginning", "Playback", ("Home",), _PLAY, 1, icon="to-start"),
    Command("player.go_end", "To the end", "Playback", ("End",), _PLAY, 1, icon="to-end"),
    Command("player.slower", "Slower", "Playback", ("[",), _PLAY, 2),
    Command("player.faster", "Faster", "Playback", ("]",), _PLAY, 2),
    Command("player.normal_speed", "Normal speed", "Playback", ("Backspace",), _PLAY, 2),
    Command(
        "player.toggle_loop",
        "Loop",
        "Playback",
        ("Ctrl+L",),
        _CLIP,
        3,
        icon="loop",
        checkable=True,
        help="Starts over at the end, or at B when A and B are set.",
    ),
    Command("player.set_loop_start", "Loop from here (A)", "Playback", ("A",), _PLAY, 3),
    Command("player.set_loop_end", "Loop to here (B)", "Playback", ("B",), _PLAY, 3),
    Command("player.clear_loop", "Forget A and B", "Playback", ("Shift+B",), _PLAY, 3),
    Command("player.toggle_mute", "Mute", "Playback", ("M",), _CLIP, 4, icon="mute", checkable=True),
    Command("player.next_clip", "Next clip", "Playback", ("PgDown",), _CHOOSE, 5),
    Command("player.previous_clip", "Previous clip", "Playback", ("PgUp",), _CHOOSE, 5),
    Command(
        "analysis.analyse_clip",
        "Analyse this clip",
        "Analysis",
        ("Ctrl+Return",),
        _PLAY,
        icon="analyse",
        help="Predicts every frame and keeps the result in the project.",
    ),
    Command(
        "analysis.analyse_all",
        "Analyse all clips",
        "Analysis",
        ("Ctrl+Shift+Return",),
        ("screen.review", "project", "not recording"),
    ),
    Command(
        "analysis.measure_clip",
        "Measure the faces of this clip",
        "Analysis",
        ("Ctrl+M",),
        _PLAY,
        help="Measures head pose, eyes, blinks and movements of the face, and keeps them in the project.",
        also="pose gaze blinks landmarks mesh",
    ),
    Command(
        "analysis.measure_all",
        "Measure the faces of all clips",
        "Analysis",
        (),
        ("screen.review", "project", "not recording"),
    ),
    Command("analysis.cancel", "Stop the analysis", "Analysis", (), ("working",)),
    Command(
        "analysis.toggle_live",
        "Live predictions",
        "Analysis",
        ("Ctrl+P",),
        _CLIP,
        1,
        icon="live",
        checkable=True,
        help="Predict while the clip plays.",
    ),
    Command(
        "analysis.next_face",
        "Next face",
        "Analysis",
        ("T",),
        _PLAY,
        1,
        icon="face",
        help="Shows the curves of the next face track.",
    ),
    Command(
        "recording.toggle",
        "Record a trace",
        "Annotate",
        ("R",),
        _CLIP,
        icon="record",
        help="Move the mouse on the plane while the clip plays; saved as it runs.",
    ),
    Command("recording.discard", "Stop and discard the trace", "Annotate", ("Esc",), ("screen.review", "recording")),
    Command(
        "view.toggle_overlay",
        "Overlay",
        "View",
        ("O",),
        _CLIP,
        icon="overlay",
        checkable=True,
        help="Everything drawn over the picture.",
    ),
    Command(
        "view.toggle_mesh",
        "Face mesh",
        "View",
        ("Shift+O",),
        _CLIP,
        icon="face",
        checkable=True,
        help="Draws contours and head axes of measured faces over the picture.",
        also="landmarks contours pose axes",
    ),
    Command("view.toggle_clips", "Clip list", "View", ("Ctrl+1",), ("screen.review",), checkable=True, icon="sidebar"),
    Command("view.toggle_timeline", "Timeline", "View", ("Ctrl+2",), ("screen.review",), checkable=True),
    Command("view.toggle_plane", "Plane and expressions", "View", ("Ctrl+3",), ("screen.review",), checkable=True),
    Command(
        "timeline.choose_measures",
        "Choose measures for the timeline…",
        "View",
        ("Shift+M",),
        ("screen.review",),
        help="Chooses which measures of the face the timeline shows.",
        also="curves pose brows mouth eyes blink",
    ),
    Command("timeline.zoom_in", "Zoom in", "View", ("+", "="), _CLIP, 1, icon="zoom-in"),
    Command("timeline.zoom_out", "Zoom out", "View", ("-",), _CLIP, 1, icon="zoom-out"),
    Command("timeline.zoom_all", "Whole clip", "View", ("0",), _CLIP, 1, icon="zoom-all"),
    Command(
        "view.toggle_theme", "Light or dark", "View", ("Ctrl+Shift+D",), (), 2, icon="theme", also="theme colours night"
    ),
    Command(
        "view.toggle_full_screen",
        "Full screen",
        "View",
        ("F11",),
        (),
        2,
        icon="full-screen",
        also="fullscreen maximise",
    ),
    Command(
        "help.show_shortcuts", "Keyboard shortcuts", "Help", ("F1", "?"), (), icon="keyboard", also="keys hotkeys help"
    ),
    Command("help.show_settings", "What the settings do", "Help"),
    Command("help.open_log", "Open the log folder", "Help", (), (), 1),
    Command("help.about", "About Affectograph", "Help", (), (), 1, icon="info"),
)
"""The window's own actions, in the order of their menus."""


class Commands:
    """The commands that exist, with their functions and the conditions under which they can be given.

    The window makes one QAction for each command; tests and the tour run commands by id.
    """

    def __init__(self, table: Iterable[Command] = COMMANDS) -> None:
        self._table: dict[str, Command] = {}
        self._given: dict[str, tuple[str, ...]] = {}
        self._callbacks: dict[str, Callable[[], object]] = {}
        self._checked: dict[str, bool] = {}
        self._conditions: set[str] = set()
        self._listeners: list[Callable[[], None]] = []
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
        return True

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
