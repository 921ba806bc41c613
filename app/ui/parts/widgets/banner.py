"""The banner under the menu bar: one sentence on what happened and one on what to do."""

from pathlib import Path

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices
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
        self._file: Path | None = None
        self.open = button("Open", "link", tip="Open the file with the program for its kind")
        self.open.clicked.connect(lambda: self._show(folder=False))
        self.folder = button("Show folder", "link", tip="Open the folder in which it lies")
        self.folder.clicked.connect(lambda: self._show(folder=True))
        box = row(self._sign, self._text, self.offer, self.open, self.folder, self._close, spacing=SPACE_M)
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
        self._file = notice.file
        self.open.setVisible(notice.file is not None and not notice.file.is_dir())
        self.folder.setVisible(notice.file is not None)
        self._text.setToolTip(str(notice.file or ""))
        self.show()

    def _show(self, *, folder: bool) -> None:
        if self._file is not None:
            there = self._file if self._file.is_dir() or not folder else self._file.parent
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(there)))

    def text(self) -> str:
        """Return its text; empty while it is hidden."""
        return "" if self.isHidden() else self._text.text()
