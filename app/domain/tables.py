"""A table that can be exported: headings with units and meanings, and rows of words and numbers."""

import re
from dataclasses import dataclass
from typing import Final, TypeAlias

Cell: TypeAlias = str | int | float | None
"""None and NaN are empty cells."""

_NOT_IN_STEM: Final = re.compile(r"[^\w]+")


@dataclass(frozen=True)
class Heading:
    """The heading of a column.

    Attributes:
        name: The name of the column.
        unit: The unit of its numbers; empty where they have none.
        meaning: What the column holds, for the sheet of explanations.
    """

    name: str
    unit: str = ""
    meaning: str = ""

    @property
    def text(self) -> str:
        """The heading with its unit, unless the name states it already: `response (s)`."""
        said = self.name.endswith((f"({self.unit})", f"_{self.unit}", f", {self.unit}"))
        return f"{self.name} ({self.unit})" if self.unit and not said else self.name


@dataclass(frozen=True)
class Table:
    """A table for export.

    Attributes:
        title: What the table shows.
        headings: One heading for each column.
        rows: One cell for each column.
        notes: (what, value) to be told beside the table, such as the origin of its numbers.
    """

    title: str
    headings: tuple[Heading, ...]
    rows: tuple[tuple[Cell, ...], ...]
    notes: tuple[tuple[str, str], ...] = ()


def file_stem(*parts: str) -> str:
    """Return a name for a file made of several words: `demo-pairs_of_raters`.

    Args:
        parts: The words, of which empty ones are left out.

    Example:
        >>> file_stem("demo", "Valence over time")
        'demo-valence_over_time'
    """
    first, *rest = [part for part in parts if part] or ["export"]
    stems = [_NOT_IN_STEM.sub("_", part.lower()).strip("_") for part in rest]
    return "-".join([first, *filter(None, stems)])
