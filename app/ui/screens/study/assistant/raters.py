"""The third page: who judges. Several raters are added at once, under codes that are proposed."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QListWidget, QListWidgetItem, QSpinBox

from app.domain.words import many
from app.services.study.draft import Draft, Material, propose_codes, with_raters
from app.services.study.hurdles import FEW
from app.ui.look.language import tr
from app.ui.look.tokens import SPACE_M, SPACE_S
from app.ui.parts.widgets.basic import button, column, label, row
from app.ui.parts.widgets.fields import roomy
from app.ui.screens.study.assistant.page import Page


class RatersPage(Page):
    """The people who judge, with boxes to tick."""

    def __init__(self) -> None:
        super().__init__()
        self._filling = False
        self._codes: list[str] = []
        self.count = label(kind="section")
        self.number = roomy(QSpinBox())
        self.number.setRange(1, 200)
        self.number.setValue(FEW)
        self.number.setAccessibleName(tr("Number of raters to add"))
        self.add = button(tr("Add raters"), icon_name="plus")
        self.own = QLineEdit()
        self.own.setPlaceholderText(tr("Or codes of your own, such as Ana Ben"))
        self.own.setAccessibleName(tr("Codes of your own"))
        self.add_own = button(tr("Add"))
        self.list = QListWidget()
        self.list.setAccessibleName(tr("Raters"))
        self.list.setSpacing(3)
        words = label(
            tr(
                "Raters sign in on the Annotate screen with their code instead of their name. "
                "They see no predictions and "
                "nobody else's labels."
            ),
            "small",
            wrap=True,
        )
        line = row(self.number, self.add, self.own, self.add_own, spacing=SPACE_S)
        line.setStretch(2, 1)
        box = column(self.count, words, line, self.list, spacing=SPACE_M)
        box.setStretch(3, 1)
        self.setLayout(box)
        self.setFocusProxy(self.add)
        self.add.clicked.connect(lambda: self._take(propose_codes(self._codes, self.number.value())))
        self.add_own.clicked.connect(self._on_own)
        self.own.returnPressed.connect(self._on_own)
        self.own.textChanged.connect(lambda text: self.add_own.setEnabled(bool(text.strip())))
        self.add_own.setEnabled(False)
        self.number.valueChanged.connect(self._show_codes)
        self.list.itemChanged.connect(self._tell)

    def show_draft(self, draft: Draft, found: Material) -> None:
        self._filling = True
        codes = list(dict.fromkeys((*found.raters, *self._codes, *draft.raters)))
        for code in codes[len(self._codes) :] if codes[: len(self._codes)] == self._codes else codes:
            if not self.list.findItems(code, Qt.MatchFlag.MatchExactly):
                self.list.addItem(QListWidgetItem(code))
        self._codes = codes
        for entry in self._entries():
            on = Qt.CheckState.Checked if entry.text() in draft.raters else Qt.CheckState.Unchecked
            entry.setFlags(entry.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            entry.setCheckState(on)
        self.count.setText(many(len(draft.raters), tr("rater"), tr("raters")))
        self._show_codes()
        self._filling = False

    def forget(self) -> None:
        """Start again without anybody."""
        self._codes = []
        self.list.clear()

    def into(self, draft: Draft) -> Draft:
        ticked = tuple(entry.text() for entry in self._entries() if entry.checkState() == Qt.CheckState.Checked)
        return with_raters(draft, ticked)

    def _entries(self) -> list[QListWidgetItem]:
        return [self.list.item(at) for at in range(self.list.count())]

    def _show_codes(self) -> None:
        codes = propose_codes(self._codes, self.number.value())
        self.add.setText(
            tr("Add {codes}", codes=codes[0])
            if len(codes) == 1
            else tr("Add {first} to {last}", first=codes[0], last=codes[-1])
        )

    def _on_own(self) -> None:
        said = self.own.text().replace(",", " ").replace(";", " ").split()
        self.own.clear()
        self._take(tuple(dict.fromkeys(said)))

    def _take(self, codes: tuple[str, ...]) -> None:
        self._filling = True
        for code in codes:
            found = self.list.findItems(code, Qt.MatchFlag.MatchFixedString)
            entry = found[0] if found else QListWidgetItem(code)
            if not found:
                self.list.addItem(entry)
                self._codes.append(code)
            entry.setCheckState(Qt.CheckState.Checked)
        self._filling = False
        self._tell()

    def _tell(self) -> None:
        if not self._filling:
            self.changed.emit()
