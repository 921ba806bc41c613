"""Opens the window. Importing this module loads Qt, pyqtgraph and numpy, but nothing heavier."""

import logging
import os
import sys

from PySide6.QtCore import QLibraryInfo, QLocale, Qt, QTimer, QTranslator
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from app.addresses import Place
from app.display import check_display
from app.errors import UserError
from app.paths import config_dir
from app.services.machine.at_work import refuse_while_rated
from app.settings import Settings
from app.signals import by_default
from app.ui.core.context import AppContext
from app.ui.core.store import forgetful_store
from app.ui.look.language import language, tr
from app.ui.parts.widgets.spoken import speak
from app.ui.shell.ahead import Ahead
from app.ui.shell.allocator import limit_arenas
from app.ui.shell.refused import show_refused
from app.ui.shell.window import MainWindow

log = logging.getLogger(__name__)


def make_application() -> QApplication:
    """Make the QApplication with the program's names, or take the running one.

    Raises:
        UserError: There is no display, or it does not answer.
    """
    speak()
    running = QApplication.instance()
    if isinstance(running, QApplication):
        return running
    check_display()
    limit_arenas()
    QGuiApplication.setDesktopFileName("affectograph")
    QGuiApplication.setHighDpiScaleFactorRoundingPolicy(Qt.HighDpiScaleFactorRoundingPolicy.PassThrough)
    application = QApplication(sys.argv[:1])
    application.setApplicationName("Affectograph")
    application.setApplicationDisplayName("Affectograph")
    application.setOrganizationName("affectograph")
    _speak_as_chosen(application)
    return application


def _speak_as_chosen(application: QApplication) -> None:
    """Write numbers and Qt's own words in the window's language; English leaves both to the desktop."""
    if language() == "en":
        return
    QLocale.setDefault(QLocale(language()))
    words = QTranslator(application)
    if words.load(f"qtbase_{language()}", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)):
        application.installTranslator(words)


def make_window(settings: Settings | None = None, *, remember: bool = True) -> MainWindow:
    """Make the window with its context, without showing it. Closing it closes everything.

    Args:
        settings: The user's choices; None reads their file.
        remember: Whether to keep geometry and recent projects.
    """
    application = make_application()
    kept = settings if settings is not None else Settings(config_dir() / "settings.toml")
    store = None if remember else forgetful_store()
    context = AppContext(application, kept, store)
    context.faults.install()
    window = MainWindow(context)
    if kept.note:
        context.notify(kept.note)
    return window


def run_window(project_path: Place | None = None, play: bool = False, screen: str = "") -> int:
    """Open the window and stay until it is closed.

    Args:
        project_path: The project to open; None reopens the last one if the settings say so.
        play: Whether to start playing its first clip.
        screen: Name of the first screen; empty for Review.

    Returns:
        The exit status.

    Raises:
        UserError: There is no display, or it does not answer; a rater is signed in in another window; or
            AFFECTOGRAPH_EXIT_AFTER is not a number of seconds.
    """
    seconds = _exit_after()
    by_default()
    refuse_in_sight()
    window = make_window()
    context = window.context
    window.show()
    if screen == "camera":
        window.run("camera.open")
    elif screen:
        window.show_screen(screen)
    wanted = project_path
    if wanted is None and context.settings.flag("appearance.reopen"):
        wanted = next(iter(context.recent.paths()), None)
    if wanted is not None:
        where = wanted
        then = window.context.play if play else window.rescued.at_start
        QTimer.singleShot(0, window, lambda: window.projects.open(where, then))
    else:
        QTimer.singleShot(0, window, window.rescued.at_start)
    Ahead(context, tuple(window.screens), window)
    if seconds is not None:
        QTimer.singleShot(round(1000 * seconds), window, window.close)
    try:
        status = QApplication.exec()
    finally:
        context.faults.remove()
    if context.left_behind:  # what hangs in the system could keep the interpreter from ending
        logging.shutdown()
        os._exit(status)
    return status


def refuse_in_sight() -> None:
    """Refuse to open while a rater is signed in in another window, with a message if there is no terminal.

    Raises:
        UserError: A rater is signed in.
    """
    try:
        refuse_while_rated()
    except UserError as error:
        make_application()
        show_refused(error)
        raise


def _exit_after() -> float | None:
    """Return seconds after which the window closes by itself, from the environment; None for never."""
    said = os.environ.get("AFFECTOGRAPH_EXIT_AFTER", "")
    if not said:
        return None
    try:
        return max(float(said), 0.0)
    except ValueError:
        raise UserError(
            tr("AFFECTOGRAPH_EXIT_AFTER is {said}, which is not a number of seconds.", said=f"{said!r}"),
            tr("Give a number, or unset it."),
        ) from None
