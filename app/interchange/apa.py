"""Tables as the style of the American Psychological Association has them: two decimals, no zero before bounded numbers.

After the Publication Manual (7th edition), sections 6.36, 6.43 and 7.8–7.21: number and title over the table, rules
only at the top, under the head and at the bottom, notes beneath. Numbers that cannot exceed 1, such as correlations and
probabilities, have no zero before the point; probabilities have three decimals.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from app.domain.path_text import shown
from app.domain.tables import Cell, Heading, Table
from app.interchange.data_dictionary import explanation

MINUS: Final = "\u2212"
_BOUNDED: Final = re.compile(
    r"\b(alpha|kappa|icc|ccc|r|rho|tau|p|q|accuracy|recall|precision|f1|agreement|correlation|reliability|phi)\b", re.I
)
"""Names of statistics that cannot exceed 1."""
_PROBABILITY: Final = re.compile(r"\b[pq]( value)?\b", re.I)
_OF_BOUNDED: Final = re.compile(r"\b(low|high|lower|upper|interval|se)\b", re.I)
_DECIMALS: Final = 2
_P_DECIMALS: Final = 3


@dataclass(frozen=True)
class ApaTable:
    """A table ready to be set.

    Attributes:
        number: Number of the table, from 1.
        title: The title.
        head: Headings.
        rows: Cells as they are printed.
        words: Whether each column holds words, which stand at the left.
        note: The general note: what the columns hold, and where the numbers come from; may be empty.
    """

    number: int
    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    words: tuple[bool, ...]
    note: str


def apa_tables(tables: Sequence[Table]) -> list[ApaTable]:
    """Return tables as they are to be set, numbered from 1."""
    return [_apa(number, table) for number, table in enumerate(tables, 1)]


def _apa(number: int, table: Table) -> ApaTable:
    columns = [[row[at] for row in table.rows] for at in range(len(table.headings))]
    names = [_plain(heading.name) for heading in table.headings]
    bounded = [_is_bounded(name, cells) for name, cells in zip(names, columns, strict=True)]
    for at, name in enumerate(names):
        if any(bounded) and _OF_BOUNDED.search(name) and _fits(columns[at]):
            bounded[at] = True
    rows = tuple(
        tuple(_printed(cell, names[at], bounded[at]) for at, cell in enumerate(row)) for row in table.rows
    )  # fmt: skip
    words = tuple(any(isinstance(cell, str) and cell for cell in cells) for cells in columns)
    head = tuple(shown(_plain(heading.text)) for heading in table.headings)
    return ApaTable(number, shown(table.title), head, rows, words, _note(table))


def _plain(name: str) -> str:
    return name.replace("_", " ").strip()


def _fits(cells: Sequence[Cell]) -> bool:
    numbers = [cell for cell in cells if isinstance(cell, float) and math.isfinite(cell)]
    return bool(numbers) and all(abs(number) <= 1 for number in numbers)


def _is_bounded(name: str, cells: Sequence[Cell]) -> bool:
    return _BOUNDED.search(name) is not None and _fits(cells)


def _printed(cell: Cell, name: str, bounded: bool) -> str:
    if cell is None:
        return ""
    if isinstance(cell, str):
        return shown(cell)
    if isinstance(cell, int):
        return str(cell).replace("-", MINUS)
    if not math.isfinite(cell):
        return "" if math.isnan(cell) else ("\u221e" if cell > 0 else f"{MINUS}\u221e")
    if bounded and _PROBABILITY.search(name):
        if cell < 10**-_P_DECIMALS:
            return "< .001"
        return _without_zero(f"{cell:.{_P_DECIMALS}f}")
    text = f"{cell:.{_DECIMALS}f}"
    if float(text) == 0:
        text = text.lstrip("-")
    return (_without_zero(text) if bounded else text).replace("-", MINUS)


def _without_zero(text: str) -> str:
    return re.sub(r"^(-?)0\.", r"\1.", text)


def _note(table: Table) -> str:
    said = []
    for heading in table.headings:
        meaning = heading.meaning or explanation(heading.name)[1]
        if meaning:
            said.append(f"{_plain(heading.name)} = {meaning.strip().rstrip('.')}")
    told = [f"{what}: {value}".rstrip(".") + "." for what, value in table.notes]
    return shown(" ".join(["; ".join(said) + "." if said else "", *told]).strip())


def example() -> Table:
    """Return a small table, for tests and documentation."""
    headings = (Heading("expression"), Heading("n"), Heading("alpha", "", "Krippendorff's alpha"), Heading("p"))
    return Table("Agreement", headings, (("happy", 40, 0.7512, 0.00004), ("sad", 38, -0.04, 0.2)))
