"""The banner under the menu bar: one sentence on what happened and one on what to do."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QLabel, QToolButton, QWidget

from app.commands import Commands
from app.ui.core.context import Notice
from app.ui.look.icons import icon
from app.ui.look.theme import Theme
from app.ui.look.tokens import SPACE_M, SPACE_S
from app.ui.parts.widgets.basic import button, label, row


class Banner(QFrame):
    """Shows the newest notice until it is closed; the same sentence twice is shown once.

    Args:
        theme: The window's fonts and colours.
        commands: The commands, one of which a notice may offer.
    """

    def __init__(self, theme: Theme, commands: Commands, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._commands = commands
        self._command = ""
        self._sign = QLabel()
        self._text = label(wrap=True)
        self._text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._close = QToolButton()
        self._close.setIcon(icon("close"))
        self._close.setToolTip("Close this message")
        self._close.setAccessibleName("Close this message")
        self._close.clicked.connect(self.hide)
        self.offer = button("", "link")
        self.offer.clicked.connect(lambda: self._commands.run(self._command))
        box = row(self._sign, self._text, self.offer, self._close, spacing=SPACE_M)
        box.setContentsMargins(SPACE_M, SPACE_S, SPACE_S, SPACE_S)
        box.setStretch(1, 1)
        self.setLayout(box)
        self.hide()

    def show_notice(self, notice: Notice) -> None:
        """Show a sentence."""
        colours = {"danger": "danger", "warning": "warning", "ok": "ok"}
        kind = "banner" if notice.tone == "danger" else "card" if notice.tone == "ok" else "notice"
        self.setProperty("kind", kind)
        self.style().unpolish(self)
        self.style().polish(self)
        colour = getattr(self._theme.tokens, colours[notice.tone])
        name = "check" if notice.tone == "ok" else "danger" if notice.tone == "danger" else "warning"
        self._sign.setPixmap(icon(name, colour).pixmap(20, 20))
        self._text.setText(f"{notice.what} {notice.todo}".strip())
        self.setAccessibleName(self._text.text())
        self._command = notice.command
        self.offer.setVisible(bool(notice.command))
        if notice.command:
            self.offer.setText(self._commands.title(notice.command))
        self.show()

    def text(self) -> str:
        """Return its text; empty while it is hidden."""
        return "" if self.isHidden() else self._text.text()
