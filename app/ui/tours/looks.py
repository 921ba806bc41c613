"""Draws every screen and each of its pages in several sizes, text sizes and themes, and looks for faults in them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QTabBar, QWidget

from app.results import result
from app.ui.shell.window import MainWindow
from app.ui.tours.annotate import Guide
from app.ui.tours.clipped import cut_texts
from app.ui.tours.heard import unheard


@dataclass(frozen=True)
class Look:
    """One way in which the window is drawn.

    Attributes:
        name: Its name in the names of the pictures.
        size: Size of the window in pixels of the design.
        ratio: Pixels of the picture for each of them.
        text: Size of the text in percent.
    """

    name: str
    size: tuple[int, int]
    ratio: float = 1.0
    text: int = 100


LOOKS: Final = (
    Look("960x640", (960, 640)),
    Look("1440x900", (1440, 900)),
    Look("1440x900-twice", (1440, 900), ratio=2.0),
    Look("1440x900-text150", (1440, 900), text=150),
    Look("960x640-text150", (960, 640), text=150),
)


def looked_at(
    window: MainWindow,
    guide: Guide,
    look: Look,
    save: Callable[[str, QPixmap], None] | None,
    screens: Sequence[str] = (),
) -> list[str]:
    """Show every screen and each of its pages in one look; return a line for each text cut or part not told.

    Args:
        window: The window, with a project.
        guide: The functions that wait.
        look: The look.
        save: Receives a name and the picture of each page; None draws none.
        screens: Ids of the screens; all if empty.
    """
    window.context.settings.set("appearance.text_scale", look.text)
    window.resize(*look.size)
    found: list[str] = []
    for screen_id in screens or tuple(window.screens):
        screen = window.show_screen(screen_id)
        _settle(window, guide)
        for page in pages_of(screen):
            page()
            _settle(window, guide)
            name = "_".join(filter(None, (screen_id, _title(screen))))
            found += [f"{look.name} {name}: {cut}" for cut in cut_texts(window)]
            found += [f"{name}: {words}" for words in unheard(window)]
            if save is not None:
                save(f"{look.name}_{name}", picture(window, look.ratio))
    return list(dict.fromkeys(found))


def picture(widget: QWidget, ratio: float) -> QPixmap:
    """Draw a widget with a number of pixels for each of its own."""
    drawn = QPixmap(widget.size() * ratio)
    drawn.setDevicePixelRatio(ratio)
    drawn.fill(Qt.GlobalColor.transparent)
    widget.render(drawn)
    return drawn


def save_into(folder: Path, tell: Callable[[str], None]) -> Callable[[str, QPixmap], None]:
    """Return a function that saves pictures under their names in a folder, which is made if it is missing."""
    folder.mkdir(parents=True, exist_ok=True)

    def save(name: str, drawn: QPixmap) -> None:
        file = folder / f"{name}.png"
        with result(file) as temporary:
            drawn.save(str(temporary), "PNG")
        tell(str(file))

    return save


def _bar(screen: QWidget) -> QTabBar | None:
    """The outermost tabs of a screen that are shown."""
    return next((bar for bar in screen.findChildren(QTabBar) if bar.isVisible() and bar.count() > 1), None)


def pages_of(screen: QWidget) -> list[Callable[[], None]]:
    """Return functions that show the pages of a screen, one after the other."""
    bar = _bar(screen)
    if bar is None:
        return [lambda: None]
    return [lambda at=at: bar.setCurrentIndex(at) for at in range(bar.count())]  # type: ignore[misc]


def _title(screen: QWidget) -> str:
    bar = _bar(screen)
    return "" if bar is None else bar.tabText(bar.currentIndex()).lower().replace(" ", "-")


def _settle(window: MainWindow, guide: Guide) -> None:
    context = window.context
    guide.rest(0.05)
    guide.until(lambda: not context.work.tasks and context.jobs.busy == 0, "work in the background")
    guide.rest(0.1)
