"""Makes QActions from the command table: menus, keys, ticks and greyed entries."""

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMainWindow, QMenu, QMenuBar, QToolButton, QWidget

from app.commands import MENUS, Command, Commands
from app.ui.look.icons import icon
from app.ui.look.language import tr


def key_text(keys: str) -> str:
    """Write a key sequence as this platform writes it."""
    return QKeySequence(keys).toString(QKeySequence.SequenceFormat.NativeText)


def tip(command: Command) -> str:
    """Return the tool tip of a command: its title and its key."""
    keys = f"  ({key_text(command.keys[0])})" if command.keys else ""
    return f"{command.title.rstrip('…')}{keys}" + (f"\n{command.help}" if command.help else "")


class Actions(QObject):
    """Holds one QAction for each command and keeps it in step with the table's conditions and switches.

    Args:
        commands: The table of commands.
        window: The window in which the keys work.
    """

    def __init__(self, commands: Commands, window: QMainWindow) -> None:
        super().__init__(window)
        self._commands = commands
        self._window = window
        self._actions: dict[str, QAction] = {}
        self._keys: dict[str, tuple[str, ...]] = {}
        for command in commands.all():
            self._actions[command.id] = self._make(command)
        commands.on_change(self.refresh)
        self.refresh()

    def __getitem__(self, command_id: str) -> QAction:
        return self._actions[command_id]

    def fill(self, bar: QMenuBar) -> None:
        """Build the menus."""
        for title in MENUS:
            rows = [command for command in self._commands.all() if command.menu == title]
            if not rows:
                continue
            menu = bar.addMenu(f"&{tr(title)}")
            menu.setObjectName(f"menu.{title}")
            group = rows[0].group
            for command in sorted(rows, key=lambda row: row.group):
                if command.group != group:
                    menu.addSeparator()
                    group = command.group
                menu.addAction(self._actions[command.id])

    def menu(self, bar: QMenuBar, title: str) -> QMenu | None:
        """Return the menu with a title; None where there is none."""
        found = bar.findChild(QMenu, f"menu.{title}")
        return found if isinstance(found, QMenu) else None

    def refresh(self) -> None:
        """Grey out commands that cannot be run now, and tick those that are on."""
        for command in self._commands.all():
            action = self._actions[command.id]
            action.setEnabled(self._commands.enabled(command.id))
            if action.isCheckable():
                action.setChecked(self._commands.checked(command.id))
            if self._keys[command.id] != command.keys:
                self._write_keys(action, command)

    def _make(self, command: Command) -> QAction:
        action = QAction(command.title, self._window)
        action.setObjectName(command.id)
        self._write_keys(action, command)
        action.setStatusTip(command.help)
        action.setCheckable(command.checkable)
        if command.icon:
            action.setIcon(icon(command.icon))
        action.setIconVisibleInMenu(True)
        action.triggered.connect(lambda _checked=False, name=command.id: self._run(name))
        self._window.addAction(action)
        return action

    def _write_keys(self, action: QAction, command: Command) -> None:
        self._keys[command.id] = command.keys
        action.setShortcuts([QKeySequence(keys) for keys in command.keys])
        action.setToolTip(tip(command))

    def _run(self, command_id: str) -> None:
        # Qt flips a checkable action before it tells; the table decides what is on.
        self._commands.run(command_id)
        self.refresh()


class CommandButton(QToolButton):
    """A button for one command, whose icon, tool tip, state and effect come from the table.

    Args:
        commands: The table of commands.
        command_id: Id of the command.
        parent: Parent object.
    """

    def __init__(self, commands: Commands, command_id: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._commands = commands
        self._id = command_id
        command = commands.named(command_id)
        self.setObjectName(f"button.{command_id}")
        self.setIcon(icon(command.icon or "more"))
        self.setAccessibleName(command.title.rstrip("…"))
        self.setCheckable(command.checkable)
        self.clicked.connect(self._on_clicked)
        commands.on_change(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Follow the state of the command in the table."""
        self.setEnabled(self._commands.enabled(self._id))
        self.setToolTip(tip(self._commands.named(self._id)))
        if self.isCheckable():
            self.setChecked(self._commands.checked(self._id))

    def _on_clicked(self) -> None:
        self._commands.run(self._id)
        self.refresh()
