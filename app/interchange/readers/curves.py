"""Tables of one dimension over time: MuSe (raw, fused, segments), ANNEMO and RECOLA, Continuum, PAGAN."""

from __future__ import annotations

import re
from typing import Final

import numpy as np
from numpy.typing import NDArray

from app.errors import UserError
from app.interchange import cells
from app.interchange.readers.columns import check_scale, check_times, numbers
from app.interchange.readers.record import ForeignFile, Format, Mark, Trace
from app.interchange.readers.text import Text, base_name, find_header, is_number, names, split

_TIMES: Final = frozenset({"timestamp", "time", "seconds", "second", "time_s"})
_RATER: Final = re.compile(r"\d{1,4}|[fm][fm]\d{1,2}|(rater|annotator|coder|a|r|p)[ _-]?\d{1,4}")
_NO_RATERS: Final = frozenset({"value", "valence", "arousal", "frame", "confidence", "success", "videotime"})
_PAGAN: Final = ("timestamp", "videotime", "value")


def _is_raters(text: Text) -> bool:
    """Return whether the first line is a time and then names of raters, as MuSe and ANNEMO write them."""
    first = names(text.head[0])
    if len(first) < 2 or first[0] not in _TIMES:
        return False
    if first[0] == "timestamp" and not _NO_RATERS & set(first[1:]):
        row = split(text.lines[1]) if len(text.lines) > 1 else []
        return len(row) == len(first) and all(is_number(cell) or cells.is_missing(cell) for cell in row)
    return all(_RATER.fullmatch(name) for name in first[1:] if name) and any(first[1:])


def _read_raters(text: Text) -> ForeignFile:
    sheet = text.table(0)
    time, *raters = [name for name in sheet.at if name]
    lines, table = numbers(sheet, [time, *raters])
    check_times(text, lines, table[:, 0], sheet.header[0])
    found = ForeignFile(text.path)
    for place, rater in enumerate(raters, start=1):
        name = sheet.header[sheet.at[rater]]
        found.traces.append(Trace("", table[:, 0], table[:, place], rater=name))
    return found


_CHALLENGE: Final = ["timestamp", "value", "segment_id"]
"""The columns of labels as the MuSe challenges give them out."""


def _is_fused(text: Text) -> bool:
    return names(text.head[0]) in (["time", "value"], ["time", "gold"], ["time", "goldstandard"], _CHALLENGE)


def _read_fused(text: Text) -> ForeignFile:
    sheet = text.table(0)
    lines, table = numbers(sheet, list(sheet.at)[:2])
    times_s = table[:, 0] / 1000
    check_times(text, lines, times_s, sheet.header[0])
    found = ForeignFile(text.path, notes=["Its times are milliseconds, as the MuSe toolbox writes them."])
    if len(sheet.at) > 2:
        found.lost.append("The numbers of its segments are not read; MuSe's file of segments has their times.")
    found.traces.append(Trace("", times_s, table[:, 1], joined=True))
    return found


def _is_segments(text: Text) -> bool:
    return names(text.head[0]) == ["start", "end", "segment_id"]


def _read_segments(text: Text) -> ForeignFile:
    sheet = text.table(0)
    lines, table = numbers(sheet, ["start", "end", "segment_id"])
    found = ForeignFile(text.path, notes=["Its times are milliseconds, as MuSe writes them."])
    for line, (start, end, number) in zip(lines, table / [1000, 1000, 1], strict=True):
        if not start <= end or number != number:
            raise text.fail(line, f"the segment {start:g} to {end:g} s is impossible")
        found.marks.append(Mark("segment", float(start), float(end), f"{number:g}"))
    return found


def _is_continuum(text: Text) -> bool:
    return find_header(text, "sample_index", "media_time_s") is not None


def _read_continuum(text: Text) -> ForeignFile:
    header = find_header(text, "sample_index", "media_time_s") or 0
    told = [line.lstrip("# ").split(":", 1) for line in text.lines[:header] if line.startswith("#") and ":" in line]
    keys = {key.strip().lower(): value.strip() for key, value in told}
    sheet = text.table(header)
    axes = [name for name in sheet.at if name not in ("sample_index", "media_time_s")]
    if not axes:
        raise UserError(f"{text.name} has no column of values.", "Export it again from Continuum.")
    lines, table = numbers(sheet, ["media_time_s", *axes])
    check_times(text, lines, table[:, 0], "media_time_s")
    found = ForeignFile(text.path)
    clip = base_name(keys.get("media_reference", ""))
    for place, axis in enumerate(axes, start=1):
        name = sheet.header[sheet.at[axis]]
        ends = [_first(text, keys, end, axis) for end in ("min", "max")]
        low, high = ends if None not in ends else (None, None)
        if low is not None and high is not None and low < high:
            check_scale(text, lines, table[:, place], low, high, name)
        shown = keys.get("dimension", keys.get("scale_name", "")) if name.lower() == "value" else name
        rater = keys.get("rater_id", keys.get("participant_id", ""))
        found.traces.append(Trace(shown, table[:, 0], table[:, place], low, high, rater, clip))
    return found


def _first(text: Text, keys: dict[str, str], end: str, axis: str) -> float | None:
    """Return an end of the scale of an axis."""
    said = next(
        (keys[key] for key in (f"scale_{axis}_{end}", f"scale_{end}_{axis}", f"scale_{end}") if key in keys), ""
    )
    try:
        value = cells.number(said)
    except ValueError as error:
        raise UserError(f"{text.name}: scale_{end} {error}.", "Correct the line above the data.") from error
    return None if value != value else value


def _is_pagan(text: Text) -> bool:
    return set(_PAGAN) <= set(names(text.head[0]))


def _read_pagan(text: Text) -> ForeignFile:
    sheet = text.table(0)
    found = ForeignFile(text.path)
    rows: dict[tuple[str, str], tuple[list[int], list[tuple[float, float, float]]]] = {}
    for line, row in sheet.rows:
        clip = base_name(sheet.text(row, "originalname") or sheet.text(row, "databasename"))
        lines, values = rows.setdefault((clip, sheet.text(row, "participant")), ([], []))
        stamp, time, value = (sheet.number(sheet.text(row, name), line, name) for name in _PAGAN)
        lines.append(line)
        values.append((stamp, time, value))
    if not rows:
        raise UserError(f"{text.name} has a header but no rows.", "The file may be cut off; export it again.")
    for (clip, rater), (lines, values) in rows.items():
        table = np.array(values, np.float64)
        times_s = table[:, 1] / _pagan_unit(table)
        check_times(text, lines, times_s, "VideoTime")
        found.traces.append(Trace("", times_s, table[:, 2], rater=rater, clip=clip))
    found.notes.append("A value is written only where it changes, and holds until the next one.")
    return found


def _pagan_unit(table: NDArray[np.float64]) -> float:
    """Return how many units of VideoTime are a second: the clock beside it runs in milliseconds."""
    known = table[np.isfinite(table[:, :2]).all(axis=1)]
    if len(known) < 2:
        return 1000.0
    ran, shown = (float(np.ptp(known[:, n])) for n in (0, 1))
    return 1.0 if shown > 0 and ran / shown > 100 else 1000.0


RATERS: Final = Format("raters", "MuSe or ANNEMO/RECOLA (one column a rater)", _is_raters, _read_raters)
FUSED: Final = Format("muse-fused", "MuSe (fused)", _is_fused, _read_fused)
SEGMENTS: Final = Format("muse-segments", "MuSe (segments)", _is_segments, _read_segments)
CONTINUUM: Final = Format("continuum", "Continuum", _is_continuum, _read_continuum)
PAGAN: Final = Format("pagan", "PAGAN", _is_pagan, _read_pagan)
