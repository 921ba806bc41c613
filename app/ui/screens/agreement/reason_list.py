"""The dialog of the reasons why people and the model part: the words in their order, which sets their keys."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractItemView, QDialog, QListWidget, QListWidgetItem, QWidget

from app.domain.gaps import MOST_REASONS, ReasonWord
from app.services.agreement.gap_reasons import new_word
from app.ui.look.language import tr
from app.ui.look.tokens import SPACE_L, SPACE_M
from app.ui.parts.widgets.basic import button, column, label, row, set_tone


class ReasonsDialog(QDialog):
    """The reasons as a list of words that can be changed and moved. Nothing is stored before *Save*.

    Args:
        words: The list of the project.
        save: Called with the wanted list.
        parent: The window.
    """

    def __init__(
        self,
        words: Sequence[ReasonWord],
        save: Callable[[list[ReasonWord]], None],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Reasons for gaps"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(460, 440)
        self._save = save
        self.list = QListWidget()
        self.list.setAccessibleName(tr("Reasons"))
        self.list.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        self.add = button(tr("Add"), icon_name="plus")
        self.up = button(tr("Up"))
        self.down = button(tr("Down"))
        self.gone = button(tr("Delete"), tip=tr("Reasons that were given with this word stay"))
        self.told = label("", "small", wrap=True)
        self.store = button(tr("Save"), "primary")
        self.store.setDefault(True)
        leave = button(tr("Cancel"))
        for each in (self.add, self.up, self.down, self.gone, leave):
            each.setAutoDefault(False)
        self.add.clicked.connect(self.add_word)
        self.up.clicked.connect(lambda: self._move(-1))
        self.down.clicked.connect(lambda: self._move(1))
        self.gone.clicked.connect(self._on_gone)
        self.store.clicked.connect(self.accept)
        leave.clicked.connect(self.reject)
        intro = label(
            tr(
                "The first {most_reasons} have the keys 1 to {most_reasons}. F2 or a double click changes a "
                "word; reasons that were given with it change, too.",
                most_reasons=MOST_REASONS,
            ),
            "small",
            wrap=True,
        )
        tools = row(self.add, self.up, self.down, self.gone, None)
        foot = row(None, leave, self.store, spacing=SPACE_M)
        self.setLayout(column(intro, self.list, tools, self.told, foot, spacing=SPACE_M, margins=SPACE_L))
        for one in words:
            self._put(one)
        self.list.setCurrentRow(0)

    @property
    def wanted(self) -> list[ReasonWord]:
        """The list as the dialog shows it."""
        rows = [self.list.item(at) for at in range(self.list.count())]
        return [
            ReasonWord(str(one.data(Qt.ItemDataRole.UserRole)), one.text().strip(), at) for at, one in enumerate(rows)
        ]

    def add_word(self) -> None:
        """Add an empty word and let it be typed."""
        made = self._put(new_word(tr("New reason"), self.list.count()))
        self.list.setCurrentItem(made)
        self.list.editItem(made)

    def accept(self) -> None:
        """Save, unless words are missing or twice there."""
        names = [one.name.casefold() for one in self.wanted]
        if not names or not all(names) or len(set(names)) < len(names):
            self.told.setText(tr("Give each reason a word of its own; a list needs at least one."))
            set_tone(self.told, "danger")
            return
        self._save(self.wanted)
        super().accept()

    def _put(self, word: ReasonWord) -> QListWidgetItem:
        made = QListWidgetItem(word.name)
        made.setData(Qt.ItemDataRole.UserRole, word.uid)
        made.setFlags(made.flags() | Qt.ItemFlag.ItemIsEditable)
        self.list.addItem(made)
        return made

    def _move(self, by: int) -> None:
        at = self.list.currentRow()
        if at >= 0 and 0 <= at + by < self.list.count():
            self.list.insertItem(at + by, self.list.takeItem(at))
            self.list.setCurrentRow(at + by)

    def _on_gone(self) -> None:
        if self.list.currentRow() >= 0:
            self.list.takeItem(self.list.currentRow())
