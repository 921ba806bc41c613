"""The dialog of the categories of notes, which together are the ethogram: name, key, kind and colour of each."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

from PySide6.QtWidgets import QDialog, QGridLayout, QLineEdit, QScrollArea, QWidget

from app.domain.notes import COLOURS, NoteCategory, NoteKind, require_sound
from app.errors import UserError
from app.services.labels.notes import example_categories, new_category
from app.ui.core.context import AppContext
from app.ui.look.language import tr
from app.ui.look.tokens import SPACE_L, SPACE_M, SPACE_S
from app.ui.parts.widgets.basic import button, column, label, row, set_tone
from app.ui.parts.widgets.fields import ChoiceBox
from app.ui.screens.review.note_list import swatch

KEYS: Final = "1234567890QWRTYUIOPASDFGHJKLZXCVBNM"
"""Keys that a category may have: those that write one letter or digit, without E, which ends the coding of events."""
KIND_WORDS: Final[dict[NoteKind, str]] = {"point": tr("Moment"), "state": tr("State")}


@dataclass
class _Line:
    """The fields of one category."""

    uid: str
    name: QLineEdit
    key: ChoiceBox
    kind: ChoiceBox
    colour: ChoiceBox
    parts: tuple[QWidget, ...]


class CategoriesDialog(QDialog):
    """The categories as lines of fields. Nothing is stored before *Save*.

    Args:
        context: The context with theme and commands.
        categories: The categories of the project.
        save: Called with the wanted categories.
        parent: The window.
    """

    def __init__(
        self,
        context: AppContext,
        categories: Sequence[NoteCategory],
        save: Callable[[Sequence[NoteCategory]], None],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Categories and event keys"))
        self.resize(660, 420)
        self._context, self._save = context, save
        self._lines: list[_Line] = []
        self._others = {
            key: command.title
            for command in context.commands.all()
            if set(command.when) & {"screen.review", "clip"}
            for key in command.keys
        }
        self.grid = QGridLayout()
        self.grid.setHorizontalSpacing(SPACE_S)
        self.grid.setVerticalSpacing(SPACE_S)
        self.grid.setColumnStretch(0, 3)
        for at in (1, 2, 3):
            self.grid.setColumnStretch(at, 2)
        for at, title in enumerate((tr("Category"), tr("Key"), tr("What a press marks"), tr("Colour"))):
            self.grid.addWidget(label(title, "small"), 0, at)
        inside = QWidget()
        inside.setLayout(column(self.grid, None))
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setWidget(inside)
        self.add = button(tr("Add category"), icon_name="plus")
        self.add.clicked.connect(self.add_line)
        self.example = button(tr("Fill in an example"), "link", tip=tr("Smile, speaks, looks away, blink"))
        self.example.clicked.connect(self._on_example)
        self.told = label("", "small", wrap=True)
        self.store = button(tr("Save"), "primary")
        self.store.setDefault(True)
        self.store.clicked.connect(self.accept)
        leave = button(tr("Cancel"))
        leave.clicked.connect(self.reject)
        for each in (self.add, self.example, leave):
            each.setAutoDefault(False)
        words = label(
            tr(
                "While events are coded (E), the key of a category marks a moment, or begins "
                "a state that its next press "
                "ends. Raters never see notes."
            ),
            "small",
            wrap=True,
        )
        foot = row(self.add, self.example, None, leave, self.store, spacing=SPACE_M)
        self.setLayout(column(words, area, self.told, foot, spacing=SPACE_M, margins=SPACE_L))
        for one in categories:
            self._put(one)
        self._tell()

    @property
    def wanted(self) -> list[NoteCategory]:
        """The categories as the fields say."""
        return [
            NoteCategory(
                line.uid, line.name.text().strip(), str(line.key.currentData()), line.kind.currentData(),
                str(line.colour.currentData()), at,
            )
            for at, line in enumerate(self._lines)
        ]  # fmt: skip

    def add_line(self) -> None:
        """Add an empty category with the first free key."""
        used = {str(line.key.currentData()) for line in self._lines}
        key = next((key for key in KEYS if key not in used), "")
        at = len(self._lines)
        self._put(new_category("", key, "point", COLOURS[(at + 1) % len(COLOURS)], at))
        self._lines[-1].name.setFocus()
        self._tell()

    def accept(self) -> None:
        """Save, unless two categories cannot be told apart."""
        try:
            require_sound(self.wanted)
        except UserError as error:
            self._say(str(error), "danger")
            return
        self._save(self.wanted)
        super().accept()

    def _put(self, one: NoteCategory) -> None:
        name = QLineEdit(one.name)
        name.setAccessibleName(tr("Name of the category"))
        name.setMaxLength(200)
        key = ChoiceBox(tr("Key of the category"), 3)
        key.addItem(tr("none"), "")
        for each in KEYS:
            key.addItem(each, each)
        key.setCurrentIndex(max(key.findData(one.key), 0))
        kind = ChoiceBox(tr("What a press marks"), 8)
        for value, text in KIND_WORDS.items():
            kind.addItem(text, value)
        kind.setCurrentIndex(kind.findData(one.kind))
        colour = ChoiceBox(tr("Colour of the category"), 6)
        for each in COLOURS:
            colour.addItem(swatch(self._context.theme, each), each.capitalize(), each)
        colour.setCurrentIndex(colour.findData(one.colour))
        gone = button("", icon_name="trash", tip=tr("Delete the category; its notes stay"))
        gone.setAccessibleName(tr("Delete the category"))
        gone.setAutoDefault(False)
        line = _Line(one.uid, name, key, kind, colour, (name, key, kind, colour, gone))
        gone.clicked.connect(partial(self._on_gone, line))
        at = self.grid.rowCount()
        for column_no, part in enumerate(line.parts):
            self.grid.addWidget(part, at, column_no)
        self._lines.append(line)
        name.textChanged.connect(self._tell)
        key.currentIndexChanged.connect(self._tell)

    def _on_gone(self, line: _Line) -> None:
        self._lines.remove(line)
        for part in line.parts:
            self.grid.removeWidget(part)
            part.deleteLater()
        self._tell()

    def _on_example(self) -> None:
        for one in example_categories():
            self._put(one)
        self._tell()

    def _tell(self, *_: object) -> None:
        """Say what is wrong, or which keys mean something else while no events are coded."""
        self.example.setVisible(not self._lines)
        wanted = self.wanted
        try:
            require_sound([one for one in wanted if one.name])
        except UserError as error:
            self._say(str(error), "danger")
            return
        taken = [f"{one.key} ({self._others[one.key]})" for one in wanted if one.key in self._others]
        words = tr("While events are coded, these keys do not have their usual effect: {keys}.", keys=", ".join(taken))
        self._say(words if taken else "", "")

    def _say(self, text: str, tone: str) -> None:
        self.told.setText(text)
        set_tone(self.told, tone)
