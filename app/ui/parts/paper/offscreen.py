"""Setting text without a window, for commands."""

import os

from PySide6.QtWidgets import QApplication


def text_without_window() -> QApplication:
    """Let Qt measure and set text where no window runs and no display is needed.

    Returns:
        The application, which must be kept as long as text is set; the running one if there is one.
    """
    running = QApplication.instance()
    if isinstance(running, QApplication):
        return running
    before = os.environ.get("QT_QPA_PLATFORM")
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    try:
        return QApplication([])
    finally:
        if before is None:
            del os.environ["QT_QPA_PLATFORM"]
        else:
            os.environ["QT_QPA_PLATFORM"] = before
