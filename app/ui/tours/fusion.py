"""Takes the fusion screen through its pages for the tour of pictures."""

from typing import TYPE_CHECKING

from app.ui.screens.fusion.result import TABS
from app.ui.screens.fusion.view import FOUND, NEW, FusionScreen

if TYPE_CHECKING:
    from app.ui.shell.window import MainWindow
    from app.ui.tours.annotate import Guide


def fusion_shots(window: "MainWindow", guide: "Guide") -> None:
    """Take a picture of what can be fused, and of every page of the newest fusion, if there is one."""
    screen = window.show_screen("fusion")
    if not isinstance(screen, FusionScreen):
        raise TypeError("the fusion screen is not what it was")
    context = window.context

    def idle() -> bool:
        return not context.work.tasks and context.jobs.busy == 0

    guide.rest(0.2)
    guide.until(idle, "the models that can be fused")
    guide.until(lambda: screen.setup.settled and idle(), "the people who would choose the weights")
    guide.rest(0.3)
    guide.take("fusion")
    if screen.known is None or not any(record.model is not None for record in screen.known.records):
        return
    screen.open_page(FOUND)
    guide.rest(0.2)
    guide.until(idle, "the newest fusion")
    if screen.outcome is not None:
        for number, title in enumerate(TABS, 1):
            screen.result.page(title)
            guide.rest(0.3)
            guide.take(f"fusion_{number}")
        screen.result.page(TABS[0])
    screen.open_page(NEW)
