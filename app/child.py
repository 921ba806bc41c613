"""Command lines that run our own modules in child processes, from an interpreter and from a frozen build."""

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
    """Return the command that runs a few lines of Python that can import our packages."""
    return [sys.executable, SWITCH, "-c", code] if getattr(sys, "frozen", False) else [sys.executable, "-c", code]


def become(words: Sequence[str]) -> bool:
    """Run a module or a few lines of Python if the arguments ask for it, as `python -m` and `python -c` do.

    Args:
        words: The program's arguments.

    Returns:
        False if they do not; otherwise True, when the module or the lines have run to their end.

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
