"""`affectograph selftest`: tries on this machine what the program is for."""

import argparse
import dataclasses
import json

from app.cli import Subparsers

_MARKS = {"passed": "✓", "failed": "✗", "unavailable": "–"}


def register(commands: Subparsers) -> None:
    """Add the command."""
    parser = commands.add_parser(
        "selftest",
        help="try everything that the program is for, in a temporary folder",
        description="Writes and reads a tiny clip, predicts, writes and reads a project, brings a project of version "
        "0.1 up to date, draws the window off screen and trains for one epoch. Nothing of the user's is "
        "read or changed. Exits 1 if a step fails.",
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object instead of lines")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Print the outcome of each step.

    Returns:
        0, or 1 if a step failed.
    """
    from app.services.selftest.run import Outcome, run_selftest

    outcomes: list[Outcome] = []
    for outcome in run_selftest():
        outcomes.append(outcome)
        if not args.json:
            print(f"{_MARKS[outcome.status]}  {outcome.step:8} {outcome.seconds:6.1f} s  {outcome.text}", flush=True)
    failed = sum(outcome.status == "failed" for outcome in outcomes)
    if args.json:
        table = {"failed": failed, "steps": [dataclasses.asdict(outcome) for outcome in outcomes]}
        print(json.dumps(table, indent=1, ensure_ascii=False))
    else:
        print(f"\n{failed} of {len(outcomes)} steps failed." if failed else "\nEverything works.")
    return 1 if failed else 0
