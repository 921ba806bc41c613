"""The screens of the window, one package each; no screen imports another.

A package joins the window by a file `screen.py` with `SCREEN = Screen(…)`, which the window finds without naming it.
There it states whether it shows labels; a screen that does is hidden from whoever may not see them.
`screen.py` must import nothing heavy; its factory does, when the screen is opened for the first time.
"""

import importlib
import importlib.util
import pkgutil
from typing import Final

from app.command_table import COMMANDS
from app.commands import Command
from app.ui.core.screen import Screen
from app.ui.look.language import tr

DIGITS: Final = "1234567890"
"""The digits in the order of the keyboard, which is that of the rail; screens beyond the tenth have no key."""


def find_screens() -> tuple[Screen, ...]:
    """Return all screens in the order of the rail."""
    found = []
    for package in pkgutil.iter_modules(__path__):
        name = f"{__name__}.{package.name}"
        if package.ispkg and importlib.util.find_spec(f"{name}.screen") is not None:
            found.append(importlib.import_module(f"{name}.screen").SCREEN)
    return tuple(sorted(found, key=lambda screen: screen.order))


def load_screen(screen_id: str) -> None:
    """Load the code of a screen without making it; from any thread."""
    for package in pkgutil.iter_modules(__path__):
        name = f"{__name__}.{package.name}"
        if importlib.import_module(f"{name}.screen").SCREEN.id == screen_id:
            importlib.import_module(f"{name}.view")


def go_to(screens: tuple[Screen, ...]) -> tuple[Command, ...]:
    """Return the commands that open screens, in the order of the rail."""
    return tuple(
        Command(
            f"screens.{screen.id}",
            tr("Go to {title}", title=screen.title),
            "View",
            tuple(f"Alt+{key}" for key in DIGITS[at : at + 1]),
            (),
            3,
            screen.icon,
            help=f"{screen.help}.",
            also=screen.also,
        )
        for at, screen in enumerate(screens)
    )


def all_commands() -> tuple[Command, ...]:
    """Return the commands of the window and of all screens, in the order in which the window adds them."""
    screens = find_screens()
    return (*COMMANDS, *go_to(screens), *(command for screen in screens for command in screen.commands))
