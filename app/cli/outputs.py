"""Finds out before long work whether its results can go where they are to go."""

from collections.abc import Collection
from pathlib import Path

from app.files import check_writable
from app.results import refuse_foreign


def refuse_outputs(*goals: Path | None, inputs: Collection[Path] = ()) -> None:
    """Refuse results that could not be written, or would replace what the program did not write.

    Args:
        goals: Files to be written; None for those that nobody asked for.
        inputs: Files that the results are made from, which are never replaced.

    Raises:
        UserError: A file is in the way, or a folder cannot be written.
    """
    for goal in goals:
        if goal is not None:
            check_writable(goal.parent)
            refuse_foreign([goal], inputs=inputs)
