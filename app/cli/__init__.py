"""The command line: every capability without a window. One module a command group, each with `register(commands)`.

Exit status: 0 done; 1 refused, one line on stderr says what to do; 2 usage; 130 cancelled.
"""

import argparse
import importlib
import os
import sys
from collections.abc import Sequence

from app import __version__
from app.errors import Cancelled, UserError

GROUPS = ("agreement",)
"""Modules of this package; a group is imported for its parser only, its work is imported when it runs."""


def build_parser() -> argparse.ArgumentParser:
    """The whole command line; without a command the window opens."""
    parser = argparse.ArgumentParser(prog="affectograph", description="Without a command, open the window.")
    parser.add_argument("--version", action="version", version=f"affectograph {__version__}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")
    for group in GROUPS:
        importlib.import_module(f"app.cli.{group}").register(commands)
    return parser


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command.

    Args:
        argv: Words after the program's name; `sys.argv` by default.

    Returns:
        The exit status.
    """
    parser = build_parser()
    args = parser.parse_args(argv)
    if args.command is None:
        parser.print_help()
        return 2
    try:
        return int(args.run(args))
    except UserError as error:
        print(f"affectograph: {error}", file=sys.stderr)
        return 1
    except (Cancelled, KeyboardInterrupt):
        print("affectograph: cancelled", file=sys.stderr)
        return 130
    except BrokenPipeError:
        # The reader of our output went away (`… | head`): nothing is wrong, and Python must not complain at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
