"""The shared parts of the programs that test claims on synthetic people: their arguments, progress and result."""

import argparse
import json
from pathlib import Path
from typing import Any

from app.domain.training_events import PROGRESS
from app.files import replacing
from app.jobs import Context
from app.learning.process import program
from app.paths import data_dir


def arguments(module: str, description: str, subjects: int) -> argparse.ArgumentParser:
    """Return a parser for a program that trains every variant of some claims with every seed.

    Args:
        module: Full name of the program's module.
        description: Description for its help.
        subjects: Default number of synthetic people.
    """
    parser = program.arguments(module, description)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--epochs", type=int)
    parser.add_argument("--subjects", type=int, default=subjects)
    parser.add_argument(
        "--work", type=Path, default=data_dir() / "claims", help="where data and finished trainings are kept"
    )
    return parser


def tell(done: int, total: int, text: str) -> None:
    """Write the progress of the trainings as an event to standard output."""
    program.tell(PROGRESS, done=done, total=total, text=text)


def progress() -> Context:
    """Return a context whose progress goes to standard output."""
    return Context(lambda p: tell(int(p.done), int(p.total), p.text))


def write(found: dict[str, Any], out: Path) -> None:
    """Write the result as JSON, as a whole or not at all."""
    with replacing(out) as temporary:
        temporary.write_text(json.dumps(found, indent=1) + "\n", "utf-8")
