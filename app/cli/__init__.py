"""The command line: every capability without a window. One module a command group, each with `register(commands)`.

The exit status is 0 when the work is done, 1 when it was refused (one line on stderr says what to do), 2 for wrong
usage and 130 when it was cancelled.
"""

import argparse
import importlib
import logging
import os
import pkgutil
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from app import __version__
from app.addresses import is_server
from app.child import become
from app.cli.parser import Parser
from app.cli.streams import plain_output, print_refused
from app.errors import Cancelled, UserError
from app.signals import as_interrupts

if TYPE_CHECKING:
    Subparsers = argparse._SubParsersAction[argparse.ArgumentParser]  # noqa: SLF001 — argparse gives the type no public name
else:
    Subparsers = object
"""The type of what `add_subparsers` returns, which is passed to each group's `register`."""


def build_parser() -> argparse.ArgumentParser:
    """Build the parser of the whole command line.

    Each module here that has `register` is a command group. It imports what it needs when it runs.
    """
    parser = Parser(prog="affectograph", description="Without a command, the window opens.")
    parser.add_argument("--version", action="version", version=f"affectograph {__version__}")
    parser.add_argument("--verbose", action="store_true", help="write a log to stderr")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")
    for module in pkgutil.iter_modules(__path__):
        group = importlib.import_module(f"{__name__}.{module.name}")
        if hasattr(group, "register"):
            group.register(commands)
    return parser


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command.

    Args:
        argv: The words after the program's name; those of `sys.argv` by default.

    Returns:
        The exit status.
    """
    words = _with_command(sys.argv[1:] if argv is None else list(argv))
    if become(words):
        return 0
    with plain_output():
        return _run(words)


def _with_command(words: Sequence[str]) -> list[str]:
    """Return the words with the command that is meant where none is named: the window, with a project or without."""
    alone = not words or (not words[0].startswith("-") and (words[0].endswith(".affectograph") or is_server(words[0])))
    return ["open", *words] if alone else list(words)


def _run(words: Sequence[str]) -> int:
    try:
        parser = build_parser()
        args = parser.parse_args(words)
        logging.basicConfig(level=logging.INFO if args.verbose else logging.ERROR, format="%(name)s: %(message)s")
        if args.command is None:
            parser.error("name a command, or none to open the window")
        if getattr(args, "shows", False):
            from app.services.machine.at_work import refuse_while_rated

            refuse_while_rated()
        with as_interrupts():
            return int(args.run(args))
    except UserError as error:
        print_refused(error)
        return 1
    except (Cancelled, KeyboardInterrupt):
        print("affectograph: cancelled", file=sys.stderr)
        return 130
    except BrokenPipeError:
        # The reader of our output went away (`… | head`): nothing is wrong, and Python must not complain at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as error:
        # A home that cannot be written, say: no place in the program can foresee every one of these.
        logging.getLogger(__name__).info("unforeseen", exc_info=True)
        where = f" {error.filename}" if error.filename else ""
        print(f"affectograph: The system reported an error{where}: {error.strerror or error}. "
              "Check permissions and free space; --verbose shows more.", file=sys.stderr)  # fmt: skip
        return 1
