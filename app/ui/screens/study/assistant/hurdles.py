"""What is in the way of the study, line by line, each with the buttons that mend it."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QApplication, QFrame, QLabel, QPushButton, QVBoxLayout, QWidget

from app.services.study.hurdles import Hurdle, Mend
from app.ui.look.icons import icon
from app.ui.look.language import tr
from app.ui.look.theme import Theme
from app.ui.look.tokens import SPACE_M, SPACE_S
from app.ui.parts.widgets.basic import button, label, row


class HurdleList(QWidget):
    """Shows hurdles with their buttons.

    Args:
        theme: The window's colours.
        beside: What gets the focus when a button that had it goes.

    Signals:
        pressed: A `Mend` was pressed.
    """

    pressed = Signal(object)

    def __init__(self, theme: Theme, beside: QWidget) -> None:
        super().__init__()
        self._theme, self._beside = theme, beside
        self._shown: tuple[Hurdle, ...] = ()
        self.buttons: list[QPushButton] = []
        self.busy = False
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(SPACE_S)
        theme.redraw_with(self, lambda: self._build(self._shown))

    @property
    def words(self) -> list[str]:
        """The sentences that are shown."""
        return [hurdle.words for hurdle in self._shown]

    def show_hurdles(self, hurdles: tuple[Hurdle, ...]) -> None:
        """Show these, and no others."""
        if hurdles != self._shown:
            self._build(hurdles)

    def set_busy(self, busy: bool) -> None:
        """Grey the analysis while one is under way."""
        self.busy = busy
        self._build(self._shown)

    def press(self, words: str) -> None:
        """Press the button of these words, as the user would."""
        next(made for made in self.buttons if made.text() == words).click()

    def _build(self, hurdles: tuple[Hurdle, ...]) -> None:
        if QApplication.focusWidget() in self.buttons:
            self._beside.setFocus()
        self._shown = hurdles
        self.buttons = []
        while (item := self._box.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        for hurdle in hurdles:
            self._box.addWidget(self._line(hurdle))
        self.setVisible(bool(hurdles))

    def _line(self, hurdle: Hurdle) -> QFrame:
        frame = QFrame()
        frame.setProperty("kind", "notice" if hurdle.stops else "card")
        sign = QLabel()
        colour = self._theme.tokens.warning if hurdle.stops else self._theme.tokens.text_soft
        sign.setPixmap(icon("warning" if hurdle.stops else "info", colour).pixmap(18, 18))
        presses = [self._button(mend) for mend in hurdle.mends]
        box = row(sign, label(hurdle.words, wrap=True), *presses, spacing=SPACE_M)
        box.setContentsMargins(SPACE_M, SPACE_S, SPACE_S, SPACE_S)
        box.setStretch(1, 1)
        frame.setLayout(box)
        frame.setAccessibleName(hurdle.words)
        frame.setAccessibleDescription(hurdle.why)
        frame.setToolTip(hurdle.why)
        return frame

    def _button(self, mend: Mend) -> QPushButton:
        waits = self.busy and mend.act == "analyse"
        made = button(tr("Analysing…") if waits else mend.words)
        made.setEnabled(not waits)
        made.clicked.connect(lambda: self.pressed.emit(mend))
        self.buttons.append(made)
        return made
