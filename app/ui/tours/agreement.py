"""Takes the agreement screen through its pages for the tour of pictures."""

from typing import TYPE_CHECKING

from app.ui.screens.agreement.view import PAGES, AgreementScreen

if TYPE_CHECKING:
    from app.ui.shell.window import MainWindow
    from app.ui.tours.annotate import Guide


def agreement_shots(window: "MainWindow", guide: "Guide") -> None:
    """Take pictures of every page with its final intervals, or a single one if nothing was judged."""
    screen = window.show_screen("agreement")
    if not isinstance(screen, AgreementScreen):
        raise TypeError("the agreement screen is not what it was")
    context = window.context

    def idle() -> bool:
        return not context.work.tasks and context.jobs.busy == 0

    guide.until(lambda: screen.state.labels is not None or screen.stack.currentWidget() is screen.closed, "the labels")
    labels = screen.state.labels
    if labels is None or labels.empty:
        guide.rest(0.3)
        guide.take("agreement")
        return
    guide.until(lambda: screen.state.shown is not None and screen.state.shown.final, "the intervals")
    for page in PAGES:
        screen.page(page.id)
        guide.rest(0.3)
        guide.until(idle, f"the page {page.title}")
        guide.rest(0.3)
        guide.take(f"agreement_{page.id}")
        if page.id == "items" and screen.items.both.isEnabled():
            _beside(screen, guide)
    screen.page(PAGES[0].id)


def _beside(screen: AgreementScreen, guide: "Guide") -> None:
    """Take a picture of the chosen item in both conditions."""
    screen.items.both.click()
    beside = screen.items.beside
    if beside is not None:
        guide.until(lambda: beside.player.frame is not None or not beside.player.is_open, "the pictures of the item")
        guide.rest(1.0)
        guide.save(beside, "agreement_side_by_side")
        beside.close()
