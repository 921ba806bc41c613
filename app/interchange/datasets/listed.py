"""A list of clips as a table: `path,category`, and optionally `subject`, `part` and `group`."""

from pathlib import Path
from typing import Final

from app.errors import UserError
from app.interchange.datasets.record import Dataset, Found, LabelledClip, mixed, part_of
from app.interchange.sheet import open_sheet

LAYOUT: Final = "a CSV with the columns path and category, and optionally subject, part (train, val, test) and group"
COLUMNS: Final = frozenset({"path", "category", "subject", "part", "group"})


def read(table: Path) -> Found:
    """Read the clips of a list; paths are relative to its folder.

    A line with an empty category is left out and named in the notes; one whose clip is missing is left out, too.

    Args:
        table: The CSV file.

    Raises:
        UserError: The file cannot be read, lacks a column, names an unknown part, or holds no usable line.
    """
    if table.is_dir():
        raise UserError(f"{table} is a folder.", f"Name {LAYOUT}.")
    clips: list[LabelledClip] = []
    notes: list[str] = []
    missing: list[str] = []
    with open_sheet(table, COLUMNS) as sheet:
        sheet.need("path", "category")
        for line, row in sheet.rows:
            said = sheet.text(row, "part")
            part = part_of(said)
            if said and not part:
                sheet.fail(line, f"the part is “{said}”", "Write train, val or test, or leave it empty.")
            path = table.parent / sheet.text(row, "path")
            category = sheet.category(line, row, "category")
            if not category:
                notes.append(f"{table.name}, line {line}: {path.name} has no category and was left out.")
            elif not path.is_file():
                missing.append(f"{table.name}, line {line}: {path.name} is missing.")
            else:
                subject, group = sheet.word(row, "subject"), sheet.word(row, "group")
                clips.append(LabelledClip(path, category, subject, part, group))
        notes += sheet.notes()
    if not clips:
        why = " ".join([*missing, *notes][:3])
        raise UserError(f"No line of {table.name} could be used.", why or f"It must be {LAYOUT}.")
    return Found(clips, notes + mixed(clips), missing)


DATASET: Final = Dataset("list", "A list of clips", LAYOUT, (), read)
