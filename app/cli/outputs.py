"""Checks before long work whether its results can be written, and options on whom they may hold and who computes."""

import argparse
from collections.abc import Collection
from pathlib import Path

from app.files import check_writable
from app.results import refuse_foreign


def refuse_outputs(*goals: Path | None, inputs: Collection[Path] = ()) -> None:
    """Refuse results that could not be written, or that would replace files that this program did not write.

    Args:
        goals: The files to be written; None for a result that nobody asked for.
        inputs: The files from which the results are made; they are never replaced.

    Raises:
        UserError: A file is in the way, or a folder cannot be written.
    """
    for goal in goals:
        if goal is not None:
            check_writable(goal.parent)
            refuse_foreign([goal], inputs=inputs)


def add_without_refused(parser: argparse.ArgumentParser) -> None:
    """Add the option that leaves out people whose consent does not cover the work."""
    parser.add_argument(
        "--without-refused", action="store_true",
        help="leave out people whose consent does not cover this; otherwise they are named and it is refused",
    )  # fmt: skip


def add_covered(parser: argparse.ArgumentParser) -> None:
    """Add the options of an export: who is left out, and under which names the others appear."""
    add_without_refused(parser)
    parser.add_argument(
        "--pseudonyms", action="store_true",
        help="give raters, subjects, clips and items names of this export only, in files and in their names",
    )  # fmt: skip


def add_scheduler(parser: argparse._ActionsContainer) -> None:
    """Add the option that lets the workers of a cluster compute."""
    parser.add_argument(
        "--scheduler", default="", metavar="ADDRESS",
        help="let the workers of the Dask cluster with this address compute, see docs/cluster.md (extra `cluster`)",
    )  # fmt: skip
