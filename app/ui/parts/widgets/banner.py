"""How messages look: a banner under the menu bar for what waits to be read, a strip over the screen for good news.

Which message is shown where and for how long is the rule of `app.ui.core.messages`.
"""

from pathlib import Path

from PySide6.QtCore import QEvent, QObject, QRect, Qt, QTimer, QUrl
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QDesktopServices, QPaintEvent
from PySide6.QtWidgets import QApplication, QFrame, QLabel, QToolButton, QWidget

from app.commands import Commands
from app.ui.core.messages import Messages, Notice
from app.ui.look.icons import icon
from app.ui.look.language import tr
from app.ui.look.theme import Theme
from app.ui.look.tokens import SPACE_M, SPACE_S
from app.ui.parts.widgets.basic import button, label, row

WIDEST = 720
"""Width of the strip of good news in pixels, if there is room for it."""


class _Sentence(QFrame):
    """A sentence with a sign, and with a press for a command or a file.

    Args:
        theme: The window's fonts and colours.
        commands: The commands, one of which a notice may offer.
        messages: The messages, which are told when the sentence was drawn.
    """

    def __init__(self, theme: Theme, commands: Commands, messages: Messages, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._commands = commands
        self._messages = messages
        self._notice: Notice | None = None
        self._sign = QLabel()
        self._text = label(wrap=True)
        self.offer = button("", "link")
        self.offer.clicked.connect(self._on_offer)
        self.offer.hide()
        self.open = button(tr("Open"), "link", tip=tr("Open the file with the program for its kind"))
        self.open.clicked.connect(lambda: self._show(folder=False))
        self.folder = button(tr("Show folder"), "link", tip=tr("Open the folder in which it lies"))
        self.folder.clicked.connect(lambda: self._show(folder=True))
        self._box = row(self._sign, self._text, self.offer, self.open, self.folder, spacing=SPACE_M)
        self._box.setContentsMargins(SPACE_M, SPACE_S, SPACE_S, SPACE_S)
        self._box.setStretch(1, 1)
        self.setLayout(self._box)
        theme.changed.connect(self._draw_sign)
        self.hide()

    def show_notice(self, notice: Notice) -> None:
        """Show a sentence, and let a screen reader say it."""
        new = notice != self._notice or self.isHidden()
        self._notice = notice
        kind = {"danger": "banner", "warning": "notice", "ok": "passing"}[notice.tone]
        if self.property("kind") != kind:
            self.setProperty("kind", kind)
            self.style().unpolish(self)
            self.style().polish(self)
        self._draw_sign()
        self._text.setText(notice.text)
        self.setAccessibleName(notice.text)
        self.offer.setVisible(bool(notice.command))
        if notice.command:
            self.offer.setText(self._commands.title(notice.command))
        self.open.setVisible(notice.file is not None and not notice.file.is_dir())
        self.folder.setVisible(notice.file is not None)
        self._text.setToolTip(str(notice.file or ""))
        self.show()
        if new and QAccessible.isActive():
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, notice.text))

    def text(self) -> str:
        """Return its text; empty while it is hidden."""
        return "" if self.isHidden() else self._text.text()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw it; now it has been seen."""
        super().paintEvent(event)
        self._messages.seen()

    def _draw_sign(self) -> None:
        if self._notice is not None:
            tone = self._notice.tone
            sign = icon("check" if tone == "ok" else tone, getattr(self._theme.tokens, tone))
            self._sign.setPixmap(sign.pixmap(20, 20))

    def _on_offer(self) -> None:
        if self._notice is not None:
            self._commands.run(self._notice.command)

    def _show(self, *, folder: bool) -> None:
        file: Path | None = self._notice.file if self._notice is not None else None
        if file is not None:
            there = file if file.is_dir() or not folder else file.parent
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(there)))


class Banner(_Sentence):
    """Errors and warnings of the screen, of which the newest is shown until it is closed.

    Args:
        theme: The window's fonts and colours.
        commands: The commands, one of which a notice may offer.
        messages: The messages of the window.
    """

    def __init__(self, theme: Theme, commands: Commands, messages: Messages, parent: QWidget | None = None) -> None:
        super().__init__(theme, commands, messages, parent)
        self._text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.more = label(kind="small")
        self._box.addWidget(self.more)
        self._close = QToolButton()
        self._close.setIcon(icon("close"))
        self._close.setToolTip(tr("Close this message"))
        self._close.setAccessibleName(tr("Close this message"))
        self._close.clicked.connect(messages.close)
        self._box.addWidget(self._close)

    def refresh(self) -> None:
        """Show what waits to be read on this screen."""
        unread = self._messages.unread
        if not unread:
            self.hide()
            return
        self.more.setText(tr("1 of {unread}", unread=len(unread)))
        self.more.setVisible(len(unread) > 1)
        self.show_notice(unread[-1])


class Passing(_Sentence):
    """Good news over the foot of the screens: it moves nothing, takes no click that is not for its presses, and goes.

    While the mouse is on its presses, or one has the focus, or nobody looks at the window, it stays.

    Args:
        theme: The window's fonts and colours.
        commands: The commands, one of which a notice may offer.
        messages: The messages of the window.
        screens: The part of the window over which it lies; its parent is the strip's parent.
    """

    def __init__(self, theme: Theme, commands: Commands, messages: Messages, screens: QWidget) -> None:
        super().__init__(theme, commands, messages, screens.parentWidget())
        self._screens = screens
        screens.installEventFilter(self)
        self.end = QTimer(self)
        self.end.setSingleShot(True)
        self.end.timeout.connect(self._on_end)

    def refresh(self) -> None:
        """Show the good news, or nothing."""
        notice = self._messages.passing
        if notice is None:
            self.end.stop()
            self.hide()
            return
        offers = bool(notice.command) or notice.file is not None
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents, not offers)
        if notice != self._notice or self.isHidden():
            self.end.start(round(1000 * notice.lasts_s))
        self.show_notice(notice)
        self._place()
        self.raise_()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.Resize, QEvent.Type.Move) and not self.isHidden():
            self._place()
        return super().eventFilter(watched, event)

    def _on_end(self) -> None:
        focus = self.window().focusWidget()
        away = not self.window().isActiveWindow() and QApplication.activeModalWidget() is None
        if away or self.underMouse() or (focus is not None and self.isAncestorOf(focus)):
            self.end.start(1000)
        else:
            self._messages.end_passing()

    def _place(self) -> None:
        room: QRect = self._screens.geometry().adjusted(SPACE_M, 0, -SPACE_M, -SPACE_M)
        self._text.setMaximumWidth(WIDEST)
        wide = min(self._wanted(), room.width(), WIDEST)
        high = max(self.heightForWidth(wide), self.minimumSizeHint().height())
        self.setGeometry(room.center().x() - wide // 2, room.bottom() - high, wide, high)

    def _wanted(self) -> int:
        """The width at which the sentence stands in one line."""
        one_line = self._text.fontMetrics().horizontalAdvance(self._text.text()) + SPACE_M
        return self.sizeHint().width() - self._text.sizeHint().width() + one_line
