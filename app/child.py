"""Command lines for our own modules in a process of their own, from an interpreter and from a frozen build alike."""

import runpy
import sys
from collections.abc import Sequence
from typing import Final

SWITCH: Final = "--run-module"
"""First word by which a frozen program is told to be one of its modules; the command line hands it to `become`."""


def child_command(module: str, *words: str) -> list[str]:
    """Return the command that runs one of our modules as a program.

    Args:
        module: Such as `app.inference.probe`.
        words: Arguments of the program.
    """
    if getattr(sys, "frozen", False):
        # There is no interpreter with `-m` in a frozen build: the program itself is called, and becomes the module.
        return [sys.executable, SWITCH, module, *words]
    return [sys.executable, "-m", module, *words]


def child_code(code: str) -> list[str]:
    """Return the command that runs a few lines of Python with our packages at hand."""
    return [sys.executable, SWITCH, "-c", code] if getattr(sys, "frozen", False) else [sys.executable, "-c", code]


def become(words: Sequence[str]) -> bool:
    """Run a module where the words ask for it, as `python -m` does, or a few lines, as `python -c` does.

    Args:
        words: The program's arguments.

    Returns:
        False where they do not; otherwise what was asked for has run to its end.

    Raises:
        SystemExit: As the module ends.
    """
    if len(words) < 2 or words[0] != SWITCH:
        return False
    sys.argv = list(words[1:])
    if words[1] == "-c":
        exec(compile(words[2], "<child>", "exec"), {"__name__": "__main__"})
        return True
    if words[1].split(".")[0] != "app":
        raise SystemExit(f"affectograph: {words[1]} is none of its modules")
    runpy.run_module(words[1], run_name="__main__", alter_sys=True)
    return True
