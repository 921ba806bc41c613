"""The empty state, which says what belongs here and how to get it."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from app.ui.look.icons import draw_icon
from app.ui.look.theme import Theme
from app.ui.look.tokens import SPACE_M, SPACE_XL, SPACE_XS
from app.ui.parts.widgets.basic import button, column, label, row


class Sign(QWidget):
    """The sign above the words: a round ornament with an icon."""

    def __init__(self, theme: Theme, icon_name: str) -> None:
        super().__init__()
        self._theme, self._icon = theme, icon_name
        self.setFixedSize(64, 64)
        theme.changed.connect(self.update)

    def sizeHint(self) -> QSize:
        return QSize(64, 64)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.colour("accent_soft"))
        painter.drawEllipse(self.rect())
        draw_icon(painter, QRectF(18, 18, 28, 28), self._icon, self._theme.colour("accent"))


class EmptyState(QWidget):
    """A sign with a sentence and buttons for what is missing.

    Args:
        theme: The window's fonts and colours.
        icon_name: The sign.
        title: What is missing.
        text: What to do.
        actions: Pairs of a button's text and its function; the first one is the main button.
    """

    def __init__(
        self,
        theme: Theme,
        icon_name: str,
        title: str,
        text: str,
        actions: Sequence[tuple[str, Callable[[], object]]] = (),
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.title = label(title, "title")
        self.text = label(text, "soft", wrap=True)
        self.text.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.text.setMaximumWidth(420)
        self.text.setMinimumWidth(min(420, 200))
        self.buttons = []
        for number, (words, action) in enumerate(actions):
            made = button(words, "primary" if number == 0 else "")
            made.clicked.connect(lambda _checked=False, run=action: run())
            self.buttons.append(made)
        self._sign = Sign(theme, icon_name)
        sentence = row(None, self.text, None)
        sentence.setStretch(1, 100)  # as wide as it may be: a wrapped label asks for less than it can use
        self._box = column(
            None,
            row(None, self._sign, None),
            SPACE_XS,
            row(None, self.title, None),
            sentence,
            SPACE_XS,
            row(None, *self.buttons, None, spacing=SPACE_M),
            None,
            margins=SPACE_XL,
        )
        self.setLayout(self._box)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave the sign and the margins out where the words and buttons need their room."""
        super().resizeEvent(event)
        words = self.text.heightForWidth(max(min(self.text.maximumWidth(), self.width() - 2 * SPACE_M), 1))
        buttons = max((made.sizeHint().height() for made in self.buttons), default=0)
        wanted = self.title.sizeHint().height() + words + buttons + 5 * SPACE_M
        low = self.height() < wanted + self._sign.height() + 2 * SPACE_XL
        self._sign.setVisible(not low)
        margin = SPACE_M if low else SPACE_XL
        self._box.setContentsMargins(margin, SPACE_XS if low else SPACE_XL, margin, SPACE_XS if low else SPACE_XL)
