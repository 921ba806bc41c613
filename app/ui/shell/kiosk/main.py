"""Starts a kiosk, with settings and a memory that are never written to a file."""

from PySide6.QtWidgets import QApplication

from app.services.kiosk.plans import KioskPlan
from app.settings import Settings
from app.signals import by_default
from app.ui.core.context import AppContext
from app.ui.core.store import forgetful_store
from app.ui.shell.kiosk.window import KioskWindow
from app.ui.shell.main import make_application, refuse_in_sight


def make_kiosk(plan: KioskPlan) -> KioskWindow:
    """Make the window of a kiosk, without showing it."""
    application = make_application()
    return KioskWindow(AppContext(application, Settings(), forgetful_store()), plan)


def run_kiosk(plan: KioskPlan) -> int:
    """Fill the screen with a kiosk until its code is typed.

    Args:
        plan: What is shown.

    Returns:
        The exit status.

    Raises:
        UserError: There is no display, or a rater is signed in in a window of this machine.
    """
    by_default()
    refuse_in_sight()
    window = make_kiosk(plan)
    window.fill()
    window.begin()
    return QApplication.exec()
