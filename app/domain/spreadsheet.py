"""Escapes cells that a spreadsheet would run as formulas, and reads them back unchanged.

Excel, LibreOffice and Google Sheets run a cell that begins with `=`, `+`, `-`, `@`, a tab or a line end, as comments
and names may. Such a cell is written behind an apostrophe, which tells spreadsheets that it is text. A cell that begins
with apostrophes before such a sign gets one more, so that removing one restores the cell. Numbers are not changed.
See https://owasp.org/www-community/attacks/CSV_Injection.
"""

import csv
import re
from collections.abc import Iterable
from typing import Any, Final, Protocol

_FORMULA: Final = re.compile(r"'*[=+\-@\t\r\n]")
_NUMBER: Final = re.compile(r"[+\-]?(\d+\.?\d*|\.\d+)([eE][+\-]?\d+)?|[+\-]?(inf|nan)")


class _Text(Protocol):
    def write(self, text: str, /) -> object: ...


def escaped(cell: object) -> object:
    """Escape a cell for writing; only text that begins like a formula is changed."""
    if isinstance(cell, str) and _FORMULA.match(cell) and not _NUMBER.fullmatch(cell):
        return f"'{cell}"
    return cell


def plain(cell: str) -> str:
    """Restore a cell that `escaped` may have changed."""
    return cell[1:] if cell[:1] == "'" and _FORMULA.match(cell) else cell


class SheetWriter:
    """Writes lines of CSV with every cell escaped.

    Args:
        text: An open text file, made with `newline=""`.
    """

    def __init__(self, text: _Text) -> None:
        self._writer: Any = csv.writer(text, lineterminator="\n")

    def writerow(self, cells: Iterable[object]) -> None:
        """Write one line."""
        self._writer.writerow([escaped(cell) for cell in cells])

    def writerows(self, lines: Iterable[Iterable[object]]) -> None:
        """Write lines."""
        for cells in lines:
            self.writerow(cells)
