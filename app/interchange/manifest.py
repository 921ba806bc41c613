"""A manifest: a table of clips to add, with the people seen in them and the ranges to be judged."""

import math
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from app.errors import UserError
from app.interchange.sheet import Sheet, open_sheet

COLUMNS: Final = frozenset({"path", "subject", "name", "start_s", "end_s", "item"})


@dataclass(frozen=True)
class ClipToAdd:
    """One file to add, or one line of a manifest.

    Attributes:
        path: The file.
        subject: Code of the person seen; empty where unknown.
        name: Name to give to the clip; empty to use the file's name.
        start_s: Beginning of an item within the clip, in seconds on the clip's own clock; None for the whole clip.
        end_s: End of the item, in seconds; None for the whole clip.
        item: Name of the item.
        where: Line and file that state this; empty where it comes from no manifest.
    """

    path: Path
    subject: str = ""
    name: str = ""
    start_s: float | None = None
    end_s: float | None = None
    item: str = ""
    where: str = ""


def read_manifest(path: Path) -> list[ClipToAdd]:
    """Read a list of clips: CSV like every table (see `open_sheet`), with a line of column names.

    Raises:
        UserError: The file cannot be read, has no column `path`, names a column twice, has a time that is not a number
            or a range that ends before it begins, or gives one clip two subjects.
    """
    wanted: list[ClipToAdd] = []
    subjects: dict[Path, tuple[str, int]] = {}
    with open_sheet(path, COLUMNS, blanks=False) as sheet:
        if "path" not in sheet.at:
            raise UserError(
                f"The manifest {path} has no column `path` (its columns: {', '.join(sheet.header)}).",
                "Name its columns: path,subject,name,start_s,end_s.",
            )
        folder = Path(os.path.abspath(path)).parent
        for line, row in sheet.rows:
            if not sheet.text(row, "path"):
                if any(cell.strip() for cell in row):
                    sheet.fail(line, "the path is empty")
                continue
            one = _line(sheet, line, row, folder)
            told, first = subjects.get(one.path, ("", 0))
            if one.subject and told and told != one.subject:
                sheet.fail(
                    line, f"{one.path.name} has the subject {one.subject}, but line {first} says {told}",
                    "Give each clip one subject.",
                )  # fmt: skip
            if one.subject:
                subjects.setdefault(one.path, (one.subject, line))
            wanted.append(one)
    return wanted


def _line(sheet: Sheet, line: int, row: list[str], folder: Path) -> ClipToAdd:
    start_s, end_s = (_seconds(sheet, line, row, column) for column in ("start_s", "end_s"))
    if start_s is not None and end_s is not None and not start_s < end_s:
        sheet.fail(line, f"the range ends at {end_s:g} s, before it begins at {start_s:g} s")
    return ClipToAdd(
        path=_placed(folder, sheet.text(row, "path")),
        subject=sheet.word(row, "subject"),
        name=sheet.word(row, "name"),
        start_s=start_s,
        end_s=end_s,
        item=sheet.word(row, "item"),
        where=f"line {line} of {sheet.path.name}",
    )


def _placed(folder: Path, text: str) -> Path:
    """Return where a path of a manifest leads; one written on Windows is understood elsewhere, too."""
    place = Path(os.path.abspath(folder / Path(text).expanduser()))
    if "\\" in text and not place.exists():
        other = Path(os.path.abspath(folder / Path(text.replace("\\", "/"))))
        return other if other.exists() else place
    return place


def _seconds(sheet: Sheet, line: int, row: list[str], column: str) -> float | None:
    said = sheet.text(row, column)
    value = sheet.number(said, line, column)
    if math.isnan(value):
        # A word for "missing" in a range is more often a formula that failed than a range that is meant to be whole.
        if said:
            sheet.fail(line, f"{column} is “{said}”, not a number", "Leave the cell empty where there is no range.")
        return None
    return value
