"""The dialog in which the user gives actions other keys; a key that another action has is told before it is taken."""

from PySide6.QtCore import QItemSelectionModel, Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QDialog, QKeySequenceEdit, QLineEdit, QWidget

from app.command_keys import taken_by
from app.commands import Command
from app.errors import UserError
from app.ui.core.actions import key_text
from app.ui.core.context import AppContext
from app.ui.look.language import tr
from app.ui.look.tokens import SPACE_L, SPACE_M
from app.ui.parts.widgets.basic import button, column, label, row, set_tone
from app.ui.parts.widgets.tables import RowsTable


class KeysDialog(QDialog):
    """All actions with their keys, and below them the keys of the chosen one. Every change is applied at once.

    Args:
        context: What all screens share; its commands and settings are changed.
        parent: The window.
    """

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Change keys"))
        self.resize(760, 620)
        self._context = context
        self._shown: list[Command] = []
        self.field = QLineEdit()
        self.field.setPlaceholderText(tr("Find an action or a key"))
        self.field.setClearButtonEnabled(True)
        self.field.textChanged.connect(self._fill)
        self.table = RowsTable(
            (tr("Action"), tr("Menu"), tr("Keys"), ""), tr("Actions and their keys"), stretch=0, drop=(1,)
        )
        self.table.selectionModel().selectionChanged.connect(self._on_chosen)
        self.name = label("", "section")
        self.editor = QKeySequenceEdit()
        self.editor.setMaximumSequenceLength(1)
        self.editor.setAccessibleName(tr("New key"))
        self.editor.keySequenceChanged.connect(self._on_typed)
        self.told = label("", "small", wrap=True)
        self.only = button(tr("Use this key"), "primary")
        self.more = button(tr("Use it as well"), tip=tr("The action keeps its other keys."))
        self.none = button(tr("No key"))
        self.given = button(tr("Use the default"), tip=tr("The keys that the program comes with."))
        self.all_given = button(tr("Use all defaults"))
        done = button(tr("Close"))
        self.only.clicked.connect(lambda: self._give(keep=False))
        self.more.clicked.connect(lambda: self._give(keep=True))
        self.none.clicked.connect(self._on_none)
        self.given.clicked.connect(self._on_given)
        self.all_given.clicked.connect(lambda: self._store({}))
        done.clicked.connect(self.accept)
        for each in (self.only, self.more, self.none, self.given, self.all_given, done):
            each.setAutoDefault(False)
        hint = label(
            tr("The keys of the judging screens are fixed, so that all raters of a study use the same."), "soft"
        )
        self.setLayout(
            column(
                label(tr("Change keys"), "heading"),
                hint,
                self.field,
                self.table,
                self.name,
                row(label(tr("New key"), "soft"), self.editor, self.only, self.more, None, self.none, self.given),
                self.told,
                row(self.all_given, None, done),
                spacing=SPACE_M,
                margins=SPACE_L,
            )
        )
        self._fill()

    @property
    def chosen(self) -> Command | None:
        """The action whose keys are changed; None where none is chosen."""
        picked = self.table.selectionModel().selectedRows()
        return self._shown[picked[0].row()] if picked and picked[0].row() < len(self._shown) else None

    def choose(self, command_id: str) -> None:
        """Choose an action."""
        self._choose(next(number for number, command in enumerate(self._shown) if command.id == command_id))

    def _choose(self, at: int) -> None:
        # `selectRow` would take a Ctrl that is still held from typing a key for "select this one as well".
        index, how = self.table.model().index(at, 0), QItemSelectionModel.SelectionFlag
        self.table.selectionModel().setCurrentIndex(index, how.ClearAndSelect | how.Rows)
        self.table.scrollTo(index)

    def _fill(self) -> None:
        before, words = self.chosen, self.field.text().casefold().split()
        commands = self._context.commands
        self._shown = [
            command
            for command in commands.all()
            if all(
                word in f"{command.title} {command.also} {' '.join(command.keys)} {tr(command.menu)}".casefold()
                for word in words
            )
        ]
        self.table.show_rows(
            [
                (
                    command.title.rstrip("…"),
                    tr(command.menu),
                    "   ".join(map(key_text, command.keys)) or "–",
                    "changed" if command.keys != commands.given_keys(command.id) else "",
                )
                for command in self._shown
            ]
        )
        if before is not None and any(command.id == before.id for command in self._shown):
            self.choose(before.id)
        elif self._shown:
            self._choose(0)
        self._on_chosen()

    def _on_chosen(self) -> None:
        command = self.chosen
        self.name.setText("" if command is None else command.title.rstrip("…"))
        self.editor.clear()
        self._on_typed()

    def _typed(self) -> str:
        return self.editor.keySequence().toString(QKeySequence.SequenceFormat.PortableText)

    def _on_typed(self) -> None:
        """Tell who has the key, and what a press will do."""
        command, key = self.chosen, self._typed()
        others = [] if command is None or not key else taken_by(self._context.commands.all(), command, key)
        names = " and ".join(f"“{other.title.rstrip('…')}”" for other in others)
        self.told.setText(
            tr(
                "{key_text} belongs to {names}. If you use it here, it is taken from there.",
                key_text=key_text(key),
                names=names,
            )
            if others
            else ""
        )
        set_tone(self.told, "warning" if others else "")
        self.only.setEnabled(command is not None and bool(key))
        self.more.setEnabled(command is not None and bool(key) and bool(command.keys))
        self.none.setEnabled(command is not None and bool(command.keys))
        changed = command is not None and command.keys != self._context.commands.given_keys(command.id)
        self.given.setEnabled(changed)
        self.all_given.setEnabled(bool(self._context.settings.keys))

    def _give(self, *, keep: bool) -> None:
        command, key = self.chosen, self._typed()
        if command is None or not key:
            return
        self._use(command, (*(each for each in command.keys if keep and each != key), key))

    def _on_none(self) -> None:
        if (command := self.chosen) is not None:
            self._use(command, ())

    def _on_given(self) -> None:
        if (command := self.chosen) is not None:
            self._use(command, self._context.commands.given_keys(command.id))

    def _use(self, command: Command, keys: tuple[str, ...]) -> None:
        """Give an action its keys, and take them from those who cannot have them, too."""
        commands = self._context.commands
        wanted = {row.id: row.keys for row in commands.all()} | {command.id: keys}
        for key in keys:
            for other in taken_by(commands.all(), command, key):
                wanted[other.id] = tuple(each for each in wanted[other.id] if each != key)
        self._store({name: found for name, found in wanted.items() if found != commands.given_keys(name)})

    def _store(self, choices: dict[str, tuple[str, ...]]) -> None:
        try:
            self._context.settings.set_keys(choices)
        except (UserError, OSError) as error:
            self._context.fail(error)
        self._fill()
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)
