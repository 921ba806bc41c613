"""Tables as CSV, Excel, Word, LaTeX and SPSS files, and as text for the clipboard. All screens export by this module.

A cell that a spreadsheet would run as a formula stays text: in CSV and on the clipboard it stands behind an apostrophe
(`app.domain.spreadsheet`), in a workbook it is stored as text. Undefined numbers are empty cells.
"""

import csv
import io
import math
import re
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from app.domain.path_text import shown
from app.domain.spreadsheet import SheetWriter, escaped
from app.domain.tables import Cell, Table
from app.domain.words import many
from app.errors import UserError
from app.interchange.latex_tables import latex_of
from app.interchange.spss import write_spss
from app.interchange.word_tables import write_word
from app.results import Goal, path_of, result

if TYPE_CHECKING:
    from xlsxwriter import Workbook

TABLE_KINDS: Final[dict[str, str]] = {
    ".csv": "CSV",
    ".xlsx": "Excel workbook",
    ".docx": "Word table, APA style",
    ".tex": "LaTeX table, APA style",
    ".sav": "SPSS, with labels",
}
"""Endings of the files that hold a table, and what people call them."""
ONE_TABLE: Final = frozenset({".csv", ".sav"})
"""Endings of files that hold one table only."""

EXPLANATIONS: Final = "Explanations"
"""The sheet of a workbook on which columns are explained."""

MOST_ROWS: Final = 1_048_575
"""Rows under the heading of an Excel sheet (Microsoft, "Excel specifications and limits")."""
MOST_LETTERS: Final = 32_767
"""Characters of an Excel cell (the same source)."""
MOST_PRINTED: Final = 2_000
"""Rows of a table that is printed: Word needs minutes for more."""
_EXACT: Final = 2**53
"""Larger whole numbers are stored as text, because Excel would round them."""
_WIDEST: Final = 60
_NOT_IN_SHEETS: Final = re.compile(r"[\[\]:*?/\\]")
_LONGEST_SHEET: Final = 31


def write_table_file(
    goal: Goal, tables: Sequence[Table], *, about: Sequence[tuple[str, str]] = (), inputs: Collection[Path] = ()
) -> None:
    """Write tables into a file, whose ending chooses the format.

    Args:
        goal: A `.csv` or `.sav` (SPSS) file, which holds one table; an `.xlsx` file, which holds a sheet for each and
            one that explains their columns; or a `.docx` or `.tex` file, which holds them as a paper prints them.
        tables: The tables.
        about: (what, value) on their origin, for the sheet of explanations.
        inputs: Files from which they were made, which are never replaced.

    Raises:
        UserError: The ending is unknown, one table is all that the file holds, a table is too large for Excel or Word,
            a text is too long for SPSS, or the file cannot be written.
    """
    suffix = path_of(goal).suffix.lower()
    if suffix not in TABLE_KINDS:
        known = ", ".join(TABLE_KINDS)
        raise UserError(
            f"A table cannot be saved as {suffix or 'a file without an ending'}.", f"Choose one of {known}."
        )
    if not tables:
        raise UserError("There is no table to export.", "Choose another table.")
    if suffix in ONE_TABLE and len(tables) > 1:
        kind = TABLE_KINDS[suffix].split(",")[0]
        article = "An" if kind.startswith("S") else "A"
        raise UserError(f"{article} {kind} file holds one table, not {len(tables)}.", "Choose Excel, or one table.")
    if suffix == ".csv":
        with result(goal, inputs=inputs) as temporary, temporary.open("w", encoding="utf-8", newline="") as file:
            _lines(SheetWriter(file), tables[0])
        return
    for table in tables:
        _refuse_too_large(table)
    if suffix in (".docx", ".tex"):
        _refuse_too_long(tables)
    with result(goal, inputs=inputs) as temporary:
        if suffix == ".docx":
            write_word(temporary, tables)
        elif suffix == ".tex":
            temporary.write_text(latex_of(tables), "utf-8")
        elif suffix == ".sav":
            write_spss(temporary, tables[0])
        else:
            _write_workbook(temporary, tables, about)


def clipboard_text(table: Table) -> str:
    """Return a table as lines of cells parted by tabs, as spreadsheets paste them.

    Args:
        table: The table.

    Example:
        >>> from app.domain.tables import Heading
        >>> print(clipboard_text(Table("Pairs", (Heading("who"), Heading("kappa")), (("A, B", 0.5),))), end="")
        who	kappa
        A, B	0.5
    """
    out = io.StringIO()
    writer = csv.writer(out, dialect="excel-tab", lineterminator="\n")
    writer.writerow([escaped(heading.text) for heading in table.headings])
    for row in table.rows:
        writer.writerow([escaped(_plain(cell)) for cell in row])
    return out.getvalue()


def _lines(writer: SheetWriter, table: Table) -> None:
    writer.writerow(heading.text for heading in table.headings)
    for row in table.rows:
        writer.writerow(_plain(cell) for cell in row)


def _plain(cell: Cell) -> str | int:
    """Return a cell as text at full precision; an undefined number is empty."""
    if cell is None:
        return ""
    if isinstance(cell, float):
        return "" if math.isnan(cell) else repr(cell)
    return shown(cell) if isinstance(cell, str) else cell


def _refuse_too_large(table: Table) -> None:
    if len(table.rows) > MOST_ROWS:
        raise UserError(
            f"“{table.title}” has {many(len(table.rows), 'row')}; a sheet of Excel holds {MOST_ROWS:,}.",
            "Export it as CSV.",
        )
    if any(isinstance(cell, str) and len(cell) > MOST_LETTERS for row in table.rows for cell in row):
        raise UserError(
            f"A cell of “{table.title}” is longer than the {MOST_LETTERS:,} letters that Excel holds.",
            "Export it as CSV.",
        )


def _refuse_too_long(tables: Sequence[Table]) -> None:
    for table in tables:
        if len(table.rows) > MOST_PRINTED:
            raise UserError(
                f"“{table.title}” has {many(len(table.rows), 'row')}, which no paper prints. Word and LaTeX files hold "
                f"{MOST_PRINTED:,} at most.",
                "Export it as CSV or Excel, or show fewer rows.",
            )


def _write_workbook(path: Path, tables: Sequence[Table], about: Sequence[tuple[str, str]]) -> None:
    from xlsxwriter import Workbook

    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    # XlsxWriter chooses nothing by the ending of the file, so that a temporary name will do.
    with path.open("wb") as file, Workbook(file, {**options, "in_memory": True}) as book:
        head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
        names = sheet_names([*(table.title for table in tables), EXPLANATIONS])
        for table, name in zip(tables, names, strict=False):
            _sheet(book, name, table, head)
        _sheet(book, names[-1], _explained(tables, names, about), head, wrap=True)


def _sheet(book: "Workbook", name: str, table: Table, head: Any, *, wrap: bool = False) -> None:
    sheet: Any = book.add_worksheet(name)
    style = book.add_format({"text_wrap": True, "valign": "top"}) if wrap else None
    for column, heading in enumerate(table.headings):
        sheet.write_string(0, column, shown(heading.text), head)
        longest = max((len(_seen(row[column])) for row in table.rows), default=0)
        sheet.set_column(column, column, min(max(longest, len(heading.text), 6) + 2, _WIDEST))
    for at, row in enumerate(table.rows, 1):
        for column, cell in enumerate(row):
            _write_cell(sheet, at, column, cell, style)
    sheet.freeze_panes(1, 0)
    if table.rows:
        sheet.autofilter(0, 0, len(table.rows), len(table.headings) - 1)


def _write_cell(sheet: Any, row: int, column: int, cell: Cell, style: Any) -> None:
    if cell is None or cell == "" or (isinstance(cell, float) and math.isnan(cell)):
        return
    if isinstance(cell, str):
        sheet.write_string(row, column, shown(cell), style)
    elif math.isinf(cell) or (isinstance(cell, int) and abs(cell) > _EXACT):
        sheet.write_string(row, column, str(cell), style)
    else:
        sheet.write_number(row, column, cell, style)


def _seen(cell: Cell) -> str:
    """Return approximately what Excel shows of a cell, for the width of its column."""
    if cell is None or (isinstance(cell, float) and math.isnan(cell)):
        return ""
    return f"{cell:.6g}" if isinstance(cell, float) else str(cell)


def _explained(tables: Sequence[Table], names: Sequence[str], about: Sequence[tuple[str, str]]) -> Table:
    """Return the table of explanations: each column of each sheet, then the origin of everything."""
    from app.domain.tables import Heading
    from app.interchange.data_dictionary import explanation

    rows: list[tuple[Cell, ...]] = []
    for table, name in zip(tables, names, strict=False):
        for heading in table.headings:
            unit, meaning = explanation(heading.name)
            rows.append((name, heading.text, heading.unit or unit, heading.meaning or meaning))
        rows += [(name, what, "", value) for what, value in table.notes]
    rows += [("", what, "", value) for what, value in about]
    return Table(EXPLANATIONS, tuple(map(Heading, ("sheet", "column", "unit", "meaning"))), tuple(rows))


def sheet_names(titles: Sequence[str]) -> list[str]:
    """Return names of sheets as Excel allows them: short, without some signs, no two alike in lower case.

    Args:
        titles: The titles of the tables.

    Example:
        >>> sheet_names(["Pairs: A/B", "pairs: a/b", "Disagreement and reliability of intensities"])
        ['Pairs A B', 'pairs a b 2', 'Disagreement and reliability of']
    """
    used: set[str] = set()
    out = []
    for title in titles:
        plain = " ".join(_NOT_IN_SHEETS.sub(" ", shown(title)).split()).strip("'") or "Sheet"
        if plain.lower() == "history":  # Excel keeps this name for itself
            plain = "History of it"
        name, number = plain[:_LONGEST_SHEET].rstrip(), 1
        while name.lower() in used:
            number += 1
            name = f"{plain[: _LONGEST_SHEET - len(str(number)) - 1].rstrip()} {number}"
        used.add(name.lower())
        out.append(name)
    return out
