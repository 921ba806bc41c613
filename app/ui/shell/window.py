"""The main window, which only assembles parts that are made elsewhere."""

from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QByteArray, QChildEvent, QEvent, QMargins, QPoint, QRect, QSize, Qt, QUrl
from PySide6.QtGui import (
    QCloseEvent,
    QContextMenuEvent,
    QDesktopServices,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDropEvent,
    QGuiApplication,
)
from PySide6.QtWidgets import QDialog, QMainWindow, QMessageBox, QStackedWidget, QWidget

from app.domain.access import SIGN_IN
from app.ui.core.actions import Actions
from app.ui.core.context import AppContext
from app.ui.core.messages import Messages
from app.ui.core.screen import Screen
from app.ui.look.icons import icon
from app.ui.look.language import tr
from app.ui.look.tokens import SPACE_S
from app.ui.parts.guide.panel import GuidePanel
from app.ui.parts.signing.gate import Guard
from app.ui.parts.widgets.banner import Banner, Passing
from app.ui.parts.widgets.basic import column, label, row
from app.ui.parts.widgets.brand import app_icon
from app.ui.parts.widgets.drop_sign import DropSign
from app.ui.parts.widgets.rail import Rail
from app.ui.parts.widgets.status import StatusBar
from app.ui.screens import find_screens, go_to
from app.ui.shell.dressing import Dressing
from app.ui.shell.exporting import ExportActions
from app.ui.shell.guiding import Guiding
from app.ui.shell.projects import ProjectActions
from app.ui.shell.rescue import RescueOffer

if TYPE_CHECKING:
    from app.ui.shell.dialogs.page import HelpWindow

FIRST_SCREEN = "review"
CLOSE = tr("Close without saving")


FIRST_SIZE: Final = QSize(1440, 900)
"""Size of the window on its first start, if the screen has room for it."""
_FRAME: Final = QMargins(4, 36, 4, 4)
"""Room for the frame that the window manager draws, which is not known before the window is shown."""


def within(wanted: QRect, available: QRect) -> QRect:
    """Return a rectangle that is made smaller and moved so that it fits on a screen, with frame and title bar.

    Args:
        wanted: The wanted place of the window, without its frame.
        available: The screen without the system's bars.
    """
    room = available.marginsRemoved(_FRAME)
    size = wanted.size().boundedTo(room.size())
    left = min(max(wanted.left(), room.left()), room.right() + 1 - size.width())
    top = min(max(wanted.top(), room.top()), room.bottom() + 1 - size.height())
    return QRect(QPoint(left, top), size)


class MainWindow(QMainWindow):
    """The rail, screens, banner, status bar and menus around one `AppContext`.

    Args:
        context: The context that the screens share.
    """

    def __init__(self, context: AppContext) -> None:
        super().__init__()
        self.context = context
        self._shown = ""
        self.dressing = Dressing(context.theme, self)
        self._crash: QDialog | None = None
        self._help: HelpWindow | None = None
        self.screens: dict[str, Screen] = {screen.id: screen for screen in find_screens()}
        self._widgets: dict[str, QWidget] = {}
        context.commands.add(go_to(tuple(self.screens.values())))
        for screen in self.screens.values():
            context.commands.add(screen.commands)
        context.commands.set_keys(context.settings.keys)
        self.setWindowIcon(app_icon())
        self.setAcceptDrops(True)
        self.setMinimumSize(960, 620)
        self.messages = Messages(self._on_messages)
        self.banner = Banner(context.theme, context.commands, self.messages)
        self.stack = QStackedWidget()
        self.guard = Guard(context)
        self.stack.addWidget(self.guard)
        self.opening = label(kind="soft")
        self.opening.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.stack.addWidget(self.opening)
        self._guarded = False
        self._opened: object = None
        self.rail = Rail(tuple(self.screens.values()), context.commands)
        self.status = StatusBar(context)
        self.guide = GuidePanel()
        self._lay_out()
        self.passing = Passing(context.theme, context.commands, self.messages, self.stack)
        self.dressing.add(self.passing)
        self.drop_sign = DropSign(context.theme, self)
        self.projects = ProjectActions(context, self, self._may_leave)
        self.rescued = RescueOffer(context, self)
        self.exporting = ExportActions(context, self, self._seen)
        self.guiding = Guiding(context, self.guide, self)
        self._bind()
        self.actions_table = Actions(context.commands, self)
        self.actions_table.fill(self.menuBar())
        self.projects.fill_recent(self.actions_table.menu(self.menuBar(), "File"))
        self.rail.chosen.connect(self.show_screen)
        context.notice_raised.connect(self.messages.take)
        context.screen_requested.connect(self.show_screen)
        context.project_changed.connect(self._on_project)
        context.seat.changed.connect(self._on_seat)
        context.faults.on_bug = self._on_bug
        context.commands.on_change(self._on_conditions)
        self._restore()
        self.show_screen(FIRST_SCREEN if FIRST_SCREEN in self.screens else next(iter(self.screens)))
        self._on_project()
        self.guiding.resume()

    def _lay_out(self) -> None:
        self.setStatusBar(self.status)
        desk = column(self.banner, self.stack, self.guide, spacing=SPACE_S)
        desk.setStretch(1, 1)
        desk.setContentsMargins(SPACE_S, SPACE_S, SPACE_S + 4, 0)
        body = row(self.rail, spacing=0)
        body.addLayout(desk, 1)
        central = QWidget()
        central.setLayout(body)
        self.setCentralWidget(central)
        for part in (self.rail, self.banner, self.guide, self.guard, self.opening):
            self.dressing.add(part)

    def show_screen(self, screen_id: str) -> QWidget:
        """Open a screen, which is made on first use, and return its widget.

        While a rater is signed in, the rater's screen stays, whatever asks for another. If nobody at the window may see
        the screen, the form for signing in takes its place.
        """
        if self.context.commands.holds("annotating") and self._shown:
            screen_id = self._shown
        widget = self._widgets.get(screen_id)
        if widget is None:
            widget = self._made(screen_id)
            widget.setAccessibleName(self.screens[screen_id].title)  # it has the focus when it is opened
            self._widgets[screen_id] = widget
            self.stack.addWidget(widget)  # first: a part with a sheet that gets a parent is dressed all over again
            self.dressing.add(widget)
        if screen_id != self._shown:
            self._put(screen_id, widget)
        return widget

    def _made(self, screen_id: str) -> QWidget:
        """Make a screen. Making it may take long, so its name is shown in its place before."""
        before = self.stack.currentWidget()
        seen = self.isVisible() and bool(self._shown) and self._may_show(screen_id)
        if seen:
            self.opening.setText(tr("Opening {title} …", title=self.screens[screen_id].title))
            self.dressing.ready(self.opening)
            self.stack.setCurrentWidget(self.opening)
            self.rail.mark(screen_id)
            self.opening.repaint()
            self.rail.repaint()
        try:
            return self.screens[screen_id].factory(self.context)
        except BaseException:
            if seen and before is not None:
                self.stack.setCurrentWidget(before)
                self.rail.mark(self._shown)
            raise

    def _put(self, screen_id: str, widget: QWidget) -> None:
        """Take what is up away, and put a screen there, or the form where it may not be seen."""
        before = self._widgets.get(self._shown)
        if before is not None and not self._guarded:
            _tell(before, "screen_hidden")
        self.context.commands.set_condition(f"screen.{self._shown}", False)
        self._shown = screen_id
        self._guarded = not self._may_show(screen_id)
        self.rail.mark(screen_id)
        self.messages.go_to(screen_id)
        if self._guarded:
            self.guard.refresh()
            self.dressing.ready(self.guard)
            self.stack.setCurrentWidget(self.guard)
            self.guard.setFocus()
            return
        self.dressing.ready(widget)
        self.stack.setCurrentWidget(widget)
        widget.setFocus()
        self.context.commands.set_condition(f"screen.{screen_id}", True)
        _tell(widget, "screen_shown")

    @property
    def screen_id(self) -> str:
        """The id of the open screen."""
        return self._shown

    def unsaved(self) -> list[str]:
        """Return what would be lost if the project or the window were closed now, one sentence for each."""
        said = (_tell(widget, "unsaved") for widget in self._widgets.values())
        return [str(sentence) for sentence in said if sentence]

    def _may_leave(self, leave: str = tr("Continue without saving")) -> bool:
        lost = self.unsaved()
        if not lost:
            return True
        box = QMessageBox(QMessageBox.Icon.Warning, tr("Not saved yet"), "\n".join(lost), parent=self)
        box.setInformativeText(f"{leave}?")
        stay = box.addButton(tr("Stay"), QMessageBox.ButtonRole.RejectRole)
        go = box.addButton(leave, QMessageBox.ButtonRole.DestructiveRole)
        box.setDefaultButton(stay)
        box.setEscapeButton(stay)
        box.exec()
        return box.clickedButton() is go

    def closeEvent(self, event: QCloseEvent) -> None:
        if event.spontaneous() and not self._may_leave(CLOSE):
            event.ignore()
            return
        self.context.store.setValue("window/geometry", self.saveGeometry())
        for widget in self._widgets.values():
            _tell(widget, "close_screen")
        self.context.close()
        super().closeEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self.exporting.show_menu(event)

    def _seen(self) -> QWidget | None:
        """Return the screen that is shown; None while the form for signing in takes its place."""
        return None if self._guarded else self._widgets.get(self._shown)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()
            if not self.context.commands.holds("annotating"):  # a rater at work adds nothing
                self.drop_sign.cover()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self.drop_sign.hide()

    def dropEvent(self, event: QDropEvent) -> None:
        self.drop_sign.hide()
        self.projects.take_files([url.toLocalFile() for url in event.mimeData().urls() if url.isLocalFile()])
        event.acceptProposedAction()

    def _bind(self) -> None:
        commands = self.context.commands
        commands.bind("app.quit", self._on_quit)
        commands.bind("app.open_palette", self._on_palette)
        commands.bind("app.open_settings", self._on_settings)
        commands.bind("view.toggle_theme", self.context.theme.toggle)
        commands.bind("view.close_message", self.messages.close)
        commands.bind("view.toggle_full_screen", self._on_full_screen)
        commands.bind("app.change_keys", self._on_change_keys)
        commands.bind("people.open", self._on_people)
        commands.bind("people.faces", self._on_faces)
        commands.bind("help.show_page", self._on_page)
        commands.bind("help.show_shortcuts", self._on_shortcuts)
        commands.bind("help.show_settings", self._on_settings_help)
        commands.bind("help.about", self._on_about)
        commands.bind("help.open_log", self._on_log)
        commands.bind("project.sign_out", self.context.seat.sign_out)
        commands.bind("analysis.cancel", self.context.work.cancel_all)
        undo = self.context.undo
        commands.bind("edit.undo", undo.undo)
        commands.bind("edit.redo", undo.redo)
        undo.canUndoChanged.connect(lambda can: commands.set_condition("undo", can))
        undo.canRedoChanged.connect(lambda can: commands.set_condition("redo", can))
        for screen in self.screens.values():
            commands.bind(f"screens.{screen.id}", partial(self.show_screen, screen.id))
            if screen.bind is not None:
                screen.bind(self.context)

    def _on_quit(self) -> None:
        if self._may_leave(CLOSE):
            self.close()

    def _restore(self) -> None:
        kept = self.context.store.value("window/geometry")
        if not (isinstance(kept, QByteArray) and self.restoreGeometry(kept)):
            self.resize(FIRST_SIZE)
        # The screen may be another one than last time. Off screen there is none, and the size is what pictures get.
        if QGuiApplication.platformName() not in ("offscreen", "minimal"):
            self.setGeometry(within(self.geometry(), self.screen().availableGeometry()))

    def _may_show(self, screen_id: str) -> bool:
        shows_labels = self.screens[screen_id].shows_labels
        return self.context.seat.access.may_show(screen_id, shows_labels=shows_labels)

    def _on_messages(self) -> None:
        self.context.commands.set_condition("message", bool(self.messages.unread or self.messages.passing))
        self.banner.refresh()
        self.passing.refresh()

    def _on_project(self) -> None:
        name = self.context.project_name
        self.setWindowTitle(tr("{name} — Affectograph", name=name) if name else "Affectograph")
        self._tell_place()
        self.messages.forget()
        another = self.context.opened is not self._opened
        self._opened = self.context.opened
        if another and not self._may_show(self._shown):
            self.show_screen(SIGN_IN)  # a project that somebody looks after opens where raters sign in

    def _on_seat(self) -> None:
        """Update the window after somebody has signed in or out."""
        self._tell_place()
        if self._guarded or not self._may_show(self._shown):
            self._put(self._shown, self._widgets[self._shown])

    def _tell_place(self) -> None:
        correcting = self.context.seat.correcting
        who = (
            tr("{code} ({role}) is signed in", code=correcting.who.code, role=correcting.who.role)
            if correcting is not None
            else ""
        )
        self.status.set_place("  ·  ".join(filter(None, (self.context.project_name, who))))

    def childEvent(self, event: QChildEvent) -> None:
        super().childEvent(event)
        if hasattr(self, "dressing"):
            self.dressing.polished(event, self.centralWidget())

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.ActivationChange and self.isActiveWindow():
            self.context.seat.look_elsewhere()
        super().changeEvent(event)

    def _on_conditions(self) -> None:
        """A rater at work sees the clip and the questions, and no way to what others or a model said."""
        free = not self.context.commands.holds("annotating")
        for part in (self.rail, self.menuBar(), self.status):
            part.setVisible(free)

    def _on_bug(self, trace: str) -> None:
        from app.ui.shell.dialogs.crash import CrashDialog

        if isinstance(self._crash, CrashDialog):
            self._crash.add(trace)
            return
        self._crash = CrashDialog(self.context, trace, self.context.faults.log_file, self)
        self._crash.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._crash.finished.connect(self._on_crash_closed)
        self._crash.open()

    def _on_crash_closed(self) -> None:
        self._crash = None

    def _on_palette(self) -> None:
        from app.ui.shell.dialogs.palette import CommandPalette

        dialog = CommandPalette(self.context, self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.accepted.connect(lambda: self.context.dispatcher(partial(self.run, dialog.chosen)))
        dialog.open()

    def run(self, command_id: str) -> None:
        """Run a command as if its menu entry had been chosen."""
        self.context.commands.run(command_id)

    def _open_dialog(self, dialog: QDialog) -> None:
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setWindowIcon(icon("gear"))
        dialog.open()

    def _on_settings(self) -> None:
        from app.ui.shell.dialogs.settings import SettingsDialog

        self._open_dialog(SettingsDialog(self.context, self))

    def _on_shortcuts(self) -> None:
        from app.ui.shell.dialogs.help import ShortcutsDialog

        self._open_dialog(ShortcutsDialog(self.context, self))

    def _on_page(self) -> None:
        if self.context.commands.holds("annotating"):
            self._on_shortcuts()  # the pages tell what is expected of answers
            return
        if self._help is None:
            from app.ui.shell.dialogs.page import HelpWindow

            self._help = HelpWindow(self.context, self)
        self._help.open_page(self.screens[self._shown].page)

    def _on_change_keys(self) -> None:
        from app.ui.shell.dialogs.keys import KeysDialog

        self._open_dialog(KeysDialog(self.context, self))

    def _on_people(self) -> None:
        from app.ui.parts.people.dialog import PeopleDialog

        self._open_dialog(PeopleDialog(self.context, self))

    def _on_faces(self) -> None:
        from app.ui.parts.people.faces import FacesDialog

        self._open_dialog(FacesDialog(self.context, self))

    def _on_settings_help(self) -> None:
        from app.ui.shell.dialogs.help import SettingsHelp

        self._open_dialog(SettingsHelp(self.context, self))

    def _on_about(self) -> None:
        from app.ui.shell.dialogs.help import AboutDialog

        self._open_dialog(AboutDialog(self.context, self))

    def _on_log(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(self.context.faults.log_file.parent)))

    def _on_full_screen(self) -> None:
        (self.showNormal if self.isFullScreen() else self.showFullScreen)()


def _tell(widget: QWidget, method: str) -> object:
    """Call one of the optional methods of `ScreenWidget`; returns what it says, None where it has no such method."""
    call = getattr(widget, method, None)
    return call() if callable(call) else None
