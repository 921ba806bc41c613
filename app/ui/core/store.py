"""What the window remembers between its starts: geometry, recent projects, guides."""

from PySide6.QtCore import QSettings

from app.paths import config_dir


def window_store() -> QSettings:
    """Return the store of the user's window, a file in the folder of settings."""
    return QSettings(str(config_dir() / "window.ini"), QSettings.Format.IniFormat)


def forgetful_store() -> QSettings:
    """Return an empty store without a file.

    Qt lets all stores without a file share what they hold, so what an earlier one was given is cleared first.
    """
    store = QSettings("", QSettings.Format.IniFormat)
    store.clear()
    return store
