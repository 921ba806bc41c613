"""A tidy CSV file of reasons why people and the model part: one row for each moment."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Final, NamedTuple

from app.domain.gaps import GapReason
from app.interchange.named_rows import write_named_rows
from app.interchange.tidy import moment_text
from app.results import Goal


class ReasonRow(NamedTuple):
    """One row of the table; the names of its fields are the headings.

    Attributes:
        item: The item's name in the project.
        clip: Its clip's name.
        condition: Viewing condition in which people judged.
        what: `valence`, `arousal`, an emotion, or `category`.
        start_s: Beginning of the moment in seconds on the clip's own time stamps.
        end_s: Its end.
        people: Mean of people, or the share of people with the commonest category.
        model_value: What the model gave, in the same unit.
        size: Their distance in spreads of single people.
        model: Name of the model.
        reason: The word.
        text: The remark; may be empty.
        author: Code of the person who gave it; empty if nobody was signed in.
        made_at: When it was given, ISO 8601 in UTC.
    """

    item: str
    clip: str
    condition: str
    what: str
    start_s: str
    end_s: str
    people: str
    model_value: str
    size: str
    model: str
    reason: str
    text: str
    author: str
    made_at: str


REASON_COLUMNS: Final = ReasonRow._fields


def reason_cells(item: str, clip: str, one: GapReason) -> ReasonRow:
    """Return a reason as a row. Reading the numbers again gives the same bits.

    Args:
        item: Name of the item.
        clip: Name of its clip.
        one: The reason.
    """
    return ReasonRow(
        item=item, clip=clip, condition=one.condition, what=one.what, start_s=repr(one.start_s), end_s=repr(one.end_s),
        people=repr(one.people), model_value=repr(one.model_value), size=repr(one.size), model=one.model,
        reason=one.reason, text=one.text, author=one.author, made_at=moment_text(one.made_at),
    )  # fmt: skip


def write_reasons(goal: Goal, rows: Iterable[ReasonRow]) -> tuple[Path, int]:
    """Write reasons, whole or not at all.

    Args:
        goal: The file to write.
        rows: Its rows.

    Returns:
        The path of the file and the number of rows.

    Raises:
        UserError: The file cannot be written.
    """
    return write_named_rows(goal, REASON_COLUMNS, rows, ("item", "clip", "reason", "author"))
