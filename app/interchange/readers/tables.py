"""Tables of ratings: tidy ones with our columns, and wide ones with a row for each clip and a column for each rater."""

from __future__ import annotations

from typing import Final

from app.domain.words import many
from app.errors import UserError
from app.interchange import cells
from app.interchange.readers.record import ForeignFile, Format, Rating
from app.interchange.readers.text import Text, base_name, is_number, names, separator_of

_CLIP: Final = ("clip", "item", "video", "file", "filename", "stimulus", "name", "media", "clip_name")
_EMOTION: Final = ("emotion", "dimension", "attribute")
_SUMMARIES: Final = frozenset({"mean", "sd", "median", "total", "sum", "n", "average", "std", "variance"})
_LOOKED_AT: Final = 20


def _header(text: Text) -> int:
    """Return the line of the header: the first that is neither empty, a comment nor Excel's line `sep=`."""
    return next(
        (
            n
            for n, line in enumerate(text.head)
            if line and not line.startswith("#") and not line.lower().startswith("sep=")
        ),
        0,
    )


def _is_tidy(text: Text) -> bool:
    at = set(names(text.head[_header(text)]))
    if "rater" not in at or not at & {"clip", "item"}:
        return False
    return {"emotion", "score"} <= at or "category" in at or bool(at & {"confidence", "comment"}) or "time_s" in at


def _read_tidy(text: Text) -> ForeignFile:
    return ForeignFile(text.path)


def _is_wide(text: Text) -> bool:
    """Return whether the first column names clips and the others hold numbers."""
    header = _header(text)
    line = text.lines[header]
    between = separator_of(line)
    first = [cell.strip().strip('"').lower() for cell in line.split(between)]
    if len(first) < 3 or first[0] not in _CLIP:
        return False
    rows = [row.split(between) for row in text.lines[header + 1 : header + 1 + _LOOKED_AT] if row.strip()]
    skip = 2 if first[1] in _EMOTION else 1
    cells_ = [cell.strip().strip('"') for row in rows for cell in row[skip:]]
    known = [cell for cell in cells_ if not cells.is_missing(cell)]
    return bool(known) and sum(is_number(cell) for cell in known) >= 0.8 * len(known)


def _read_wide(text: Text) -> ForeignFile:
    sheet = text.table(_header(text))
    clip, *others = sheet.at
    emotion = others[0] if others and others[0] in _EMOTION else ""
    raters = [name for name in others if name != emotion and name not in _SUMMARIES]
    found = ForeignFile(text.path)
    summaries = [sheet.header[sheet.at[name]] for name in others if name in _SUMMARIES]
    if summaries:
        found.lost.append(f"Columns that sum up the others are left out: {', '.join(summaries)}.")
    missing = 0
    for line, row in sheet.rows:
        name = base_name(sheet.needed(line, row, clip))
        what = sheet.needed(line, row, emotion) if emotion else ""
        for rater in raters:
            score = sheet.number(row[sheet.at[rater]], line, sheet.header[sheet.at[rater]])
            missing += score != score
            found.ratings.append(Rating(name, sheet.header[sheet.at[rater]], what, score))
    if not found.ratings:
        raise UserError(f"{text.name} has a header but no rows.", "The file may be cut off; export it again.")
    if missing:
        found.notes.append(f"{many(missing, 'cell is', 'cells are')} missing.")
    return found


TIDY: Final = Format("tidy", "Tidy table", _is_tidy, _read_tidy)
WIDE: Final = Format("wide", "Wide table (clips × raters)", _is_wide, _read_wide)
