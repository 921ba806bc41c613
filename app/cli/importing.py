"""What the commands that import labels have in common: whether studies are widened, and what is said at the end."""

import argparse
from shlex import quote
from typing import TYPE_CHECKING

from app.addresses import Place, without_credentials

if TYPE_CHECKING:
    from app.services.exchange.store import Stored
    from app.services.labels.import_csv import Imported


def add_widen(parser: argparse.ArgumentParser) -> None:
    """Add the option by which a study that exists is widened."""
    parser.add_argument(
        "--widen", action="store_true",
        help="widen a study that exists by emotions, categories, conditions and scores that it does not have; without "
        "this, such rows are refused",
    )  # fmt: skip


def print_stored(done: "Stored | Imported", project: "Place") -> None:
    """Print what was stored, what the user should know of it, and how it is taken back."""
    print(done.told)
    for note in done.notes:
        print(note)
    if done.record is not None:
        place = quote(without_credentials(str(project)))
        print(f"`affectograph import --undo --project {place}` takes this import back")
