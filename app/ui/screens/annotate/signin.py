"""The sign-in of a rater: study, code, PIN and language."""

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QLocale, Qt, Signal
from PySide6.QtWidgets import QComboBox, QFormLayout, QLineEdit, QWidget

from app.domain.study import text_in
from app.ui.core.context import AppContext
from app.ui.look.language import tr
from app.ui.look.tokens import SPACE_L, SPACE_M, SPACE_XL
from app.ui.parts.widgets.basic import Card, button, column, label, row

if TYPE_CHECKING:
    from app.services.study.waiting import OpenStudy


_LANGUAGES: Final = {"en": "English", "es": "Español", "zh": "中文"}
"""Languages for which Qt would also name a country."""


class SignInPage(QWidget):
    """The form for signing in.

    Args:
        context: What all screens share; the theme is taken from it.
    """

    wanted = Signal(str, str, str, str)

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._open: dict[str, OpenStudy] = {}
        self._refusal = ""
        self._waiting = False
        self.study, self.rater, self.language = QComboBox(), QComboBox(), QComboBox()
        self.code = QLineEdit()
        self.code.setAccessibleName(tr("Your code"))
        self.code.setPlaceholderText(tr("as you were told"))
        self.pin = QLineEdit()
        self.pin.setEchoMode(QLineEdit.EchoMode.Password)
        self.pin.setPlaceholderText("PIN")
        self.go = button(tr("Begin"), "primary")
        self.go.setDefault(True)
        self.note = label(kind="soft", wrap=True)
        card = Card(margins=SPACE_XL + SPACE_L)
        card.setMinimumWidth(460)
        card.setMaximumWidth(560)
        card.body.setSpacing(SPACE_L)
        self.title = label(tr("Annotate"), "display", wrap=True)
        card.body.addWidget(self.title)
        form = QFormLayout()
        form.setSpacing(SPACE_M)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.ExpandingFieldsGrow)
        form.addRow(tr("Study"), self.study)
        form.addRow(tr("Your code"), self.rater)
        form.addRow(tr("Your code"), self.code)
        form.addRow("PIN", self.pin)
        form.addRow(tr("Language"), self.language)
        self._form = form
        card.body.addLayout(form)
        card.body.addWidget(self.note)
        card.body.addLayout(row(self.go, label("Enter", "caption"), None, spacing=SPACE_M))
        middle = row(None, card, None)
        middle.setStretch(1, 3)
        self.setLayout(column(None, middle, None, margins=SPACE_L))
        self.study.currentIndexChanged.connect(self._on_study)
        self.rater.currentIndexChanged.connect(self._on_rater)
        self.language.currentIndexChanged.connect(self._on_language)
        self.code.textChanged.connect(self._on_rater)
        for field in (self.code, self.pin):
            field.returnPressed.connect(self._on_go)
        self.go.clicked.connect(self._on_go)

    def fill(self, studies: list["OpenStudy"]) -> None:
        """Offer studies to choose from.

        Choices, entries and messages stay as they are, because the list is read again whenever the project changes.
        """
        before = (self.study.currentData(), self.rater.currentData())
        pin, told, waiting = self.pin.text(), self._refusal, self._waiting
        self._open = {one.name: one for one in studies if one.left}
        self.study.blockSignals(True)
        self.study.clear()
        for one in self._open.values():
            self.study.addItem(one.name, one.name)
        self.study.setCurrentIndex(max(self.study.findData(before[0]), 0))
        self.study.blockSignals(False)
        self._form.setRowVisible(self.study, len(self._open) > 1)
        self._on_study()
        self.rater.setCurrentIndex(max(self.rater.findData(before[1]), 0))
        if (self.study.currentData(), self.rater.currentData()) == before:
            self.pin.setText(pin)
            self._refusal, self._waiting = told, waiting
            self._tell()

    def start_over(self) -> None:
        """Empty the form for the next person."""
        self.code.clear()
        self._on_rater()

    def refused(self, why: str) -> None:
        """Show why signing in did not work."""
        self._refusal, self._waiting = why, False
        self._tell()
        self.pin.selectAll()
        (self.pin if self._needs_pin() else self.rater if self._listed() else self.code).setFocus()

    def keyPressEvent(self, event: object) -> None:
        key = getattr(event, "key", lambda: None)()
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._on_go()

    def _chosen(self) -> "OpenStudy | None":
        return self._open.get(self.study.currentData() or "")

    def _listed(self) -> bool:
        one = self._chosen()
        return one is None or one.listed

    def _rater(self) -> str:
        """Return the code that was chosen or written."""
        return (self.rater.currentData() or "") if self._listed() else self.code.text().strip()

    def _needs_pin(self) -> bool:
        """Return whether a PIN may be asked for; of a code that is written nothing is told beforehand."""
        one = self._chosen()
        return one is not None and (not one.listed or self.rater.currentData() in one.pins)

    def _on_study(self) -> None:
        one = self._chosen()
        for box in (self.rater, self.language):
            box.blockSignals(True)
            box.clear()
        if one is not None:
            for code in one.left if one.listed else ():
                self.rater.addItem(code, code)
            for language in one.languages:
                self.language.addItem(_native(language), language)
        for box in (self.rater, self.language):
            box.blockSignals(False)
        self._form.setRowVisible(self.language, self.language.count() > 1)
        self._form.setRowVisible(self.rater, self._listed())
        self._form.setRowVisible(self.code, not self._listed())
        self.pin.setPlaceholderText("PIN" if self._listed() else tr("PIN, if you were given one"))
        self.setFocusProxy(self.rater if self._listed() else self.code)
        self._on_language()
        self._on_rater()

    def _on_language(self) -> None:
        one = self._chosen()
        words = text_in(one.title, self.language.currentData() or "en") if one is not None else ""
        self.title.setText(words or tr("Annotate"))

    def _on_rater(self) -> None:
        """Forget the PIN and the refusal of the person who was chosen before."""
        self._form.setRowVisible(self.pin, self._needs_pin())
        self.pin.clear()
        self._refusal, self._waiting = "", False
        self._tell()

    def _tell(self) -> None:
        """Say where things stand, and let somebody begin unless signing in is under way."""
        self.note.setText(self._refusal or self._advice())
        self.go.setEnabled(not self._waiting and bool(self._rater()))

    def _advice(self) -> str:
        one = self._chosen()
        if not self._listed():
            return tr("Write the code that you were given.")
        if one is None or not self.rater.count():
            return ""
        left = one.left.get(self._rater(), 0)
        return (
            tr("1 judgement is waiting.")
            if left == 1
            else tr("{left} judgements are waiting.", left=left)
            if left
            else tr("All done.")
        )

    def _on_go(self) -> None:
        if self.go.isEnabled() and self._rater():
            self._refusal, self._waiting = "", True
            self._tell()
            self.wanted.emit(
                self._rater(), self.study.currentData(), self.pin.text(), self.language.currentData() or ""
            )


def _native(language: str) -> str:
    """Return a language's name in itself."""
    name = _LANGUAGES.get(language) or QLocale(language).nativeLanguageName()
    return f"{name[:1].upper()}{name[1:]}" if name else language
