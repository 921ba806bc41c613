"""Workbooks of Excel and LibreOffice: each sheet as the text of a table, so that every reader of tables reads it."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Final

from app.errors import UserError
from app.interchange.readers.text import Text
from app.interchange.text_file import MAX_BYTES

_ZIP: Final = b"PK\x03\x04"
_OLD: Final = b"\xd0\xcf\x11\xe0"


def is_workbook(path: Path) -> bool:
    """Return whether a file begins like a workbook; a file that cannot be read is none."""
    try:
        with path.open("rb") as raw:
            return raw.read(4) in (_ZIP, _OLD)
    except OSError:
        return False


def sheets(path: Path) -> Iterator[Text]:
    """Yield the sheets that have cells, as tables with tabs.

    Raises:
        UserError: The file is not a workbook, is damaged, or unpacks to more than `MAX_BYTES`.
    """
    from python_calamine import CalamineError, CalamineWorkbook

    _refuse_bomb(path)
    try:
        book = CalamineWorkbook.from_path(path)
        names = book.sheet_names
    except (CalamineError, OSError, ValueError) as error:
        raise UserError(f"{path.name} is not a readable workbook.", "Save it again as .xlsx, or as CSV.") from error
    for name in names:
        try:
            rows = book.get_sheet_by_name(name).to_python(skip_empty_area=True)
        except (CalamineError, ValueError) as error:
            raise UserError(
                f"The sheet {name} of {path.name} cannot be read.", "Save it again as .xlsx, or as CSV."
            ) from error
        if rows:
            out = io.StringIO()
            csv.writer(out, delimiter="\t", lineterminator="\n").writerows(
                [[_said(cell) for cell in row] for row in rows]
            )
            notes = [f"Sheet {name}."] if len(names) > 1 else []
            yield Text(path, b"", out.getvalue(), notes)


def _refuse_bomb(path: Path) -> None:
    """Refuse a workbook whose parts unpack to more than is read."""
    try:
        if not zipfile.is_zipfile(path):
            return
        with zipfile.ZipFile(path) as parts:
            size = sum(one.file_size for one in parts.infolist())
    except (zipfile.BadZipFile, OSError) as error:
        raise UserError(f"{path.name} is a damaged workbook.", "Save it again in its program.") from error
    if size > MAX_BYTES:
        raise UserError(f"{path.name} unpacks to more than 1 GB.", "Split it, or save the sheet as CSV.")


def _said(cell: object) -> str:
    """Return a cell as a table in a text file says it."""
    if isinstance(cell, bool):
        return "1" if cell else "0"
    if isinstance(cell, float):
        return str(int(cell)) if cell == int(cell) and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, timedelta):
        whole = cell.total_seconds()
        return f"{int(whole // 3600):02d}:{int(whole % 3600 // 60):02d}:{whole % 60:06.3f}"
    if isinstance(cell, time):
        return cell.isoformat("milliseconds")
    if isinstance(cell, date | datetime):
        return cell.isoformat()
    return "" if cell is None else str(cell)
