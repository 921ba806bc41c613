"""The frame of every training program: arguments, events as JSON lines, refusals, and a low priority."""

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from typing import Any

from app.domain.training_events import event_line, refusal_line
from app.errors import UserError


def arguments(module: str, description: str) -> argparse.ArgumentParser:
    """Return a parser for a program that is run as `python -m module`.

    Args:
        module: Full name of the program's module.
        description: Description for its help.
    """
    return argparse.ArgumentParser(prog=f"python -m {module}", description=description)


def run(
    parser: argparse.ArgumentParser, work: Callable[[argparse.Namespace], None], argv: Sequence[str] | None = None
) -> int:
    """Parse the arguments and do the work.

    A refusal (`UserError`) is written twice: as an event to standard output for the parent process, and as a sentence
    to standard error for a person who typed the command.

    Args:
        parser: The parser of the program, see `arguments`.
        work: The function that receives the parsed arguments.
        argv: The words after the program's name; None takes those of this process.

    Returns:
        The exit status: 0, or 1 after a refusal.
    """
    given = parser.parse_args(argv)
    try:
        work(given)
    except UserError as error:
        _say(refusal_line(error))
        sys.stderr.write(f"affectograph: {error}\n")
        return 1
    return 0


def tell(event: str, **facts: Any) -> None:
    """Write an event to standard output, see `app.domain.training_events`."""
    _say(event_line(event, **facts))


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def step_back() -> None:
    """Take a low priority if the system has priorities, so that the window stays responsive."""
    if hasattr(os, "nice"):
        os.nice(10)
