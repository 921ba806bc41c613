"""Checks before long work whether its results can be written."""

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
