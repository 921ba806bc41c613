"""Tables of events: BORIS (tabular and aggregated), Datavyu, The Observer."""

from __future__ import annotations

import re
from typing import Final

from app.domain.words import many
from app.errors import UserError
from app.interchange.readers.columns import MAX_S
from app.interchange.readers.record import ForeignFile, Format, Mark
from app.interchange.readers.text import Text, base_name, find_header, names, seconds
from app.interchange.sheet import Sheet

_TABULAR: Final = ("time", "subject", "behavior")
_ONSET: Final = re.compile(r"(.+)\.onset")


def _when(sheet: Sheet, line: int, row: list[str], column: str) -> float:
    value = seconds(sheet, line, sheet.text(row, column), column)
    if abs(value) > MAX_S:
        sheet.fail(line, f"{column} is {value:g} s")
    return value


def _span(sheet: Sheet, line: int, start: float, end: float) -> tuple[float, float]:
    if end < start:
        sheet.fail(line, f"it ends at {end:g} s, before it begins at {start:g} s")
    return start, end


def _tabular_header(text: Text, begin: int = 0) -> int | None:
    for number in range(begin, len(text.lines)):
        first = set(names(text.lines[number])) if "ehavior" in text.lines[number] else set()
        if set(_TABULAR) <= first and first & {"status", "behavior type"}:
            return number
    return None


def _is_tabular(text: Text) -> bool:
    return any(set(_TABULAR) <= set(names(line)) for line in text.head) and _tabular_header(text) is not None


def _read_tabular(text: Text) -> ForeignFile:
    """Read the events of all sessions. Each session's block begins with the row “Observation id”."""
    found = ForeignFile(text.path)
    begin: int | None = 0
    blocks = 0
    while begin is not None and (header := _tabular_header(text, begin)) is not None:
        following = [n for n in range(header + 1, len(text.lines)) if names(text.lines[n])[0] == "observation id"]
        end = following[0] if following else len(text.lines)
        block = Text(text.path, b"", "\n".join(["" for _ in range(header)] + text.lines[header:end]))
        _events(block.table(header), found)
        blocks += 1
        begin = end if following else None
    if blocks > 1:
        found.notes.append(f"It holds {blocks} sessions.")
    if found.empty:
        raise UserError(f"{text.name} has no events.", "Export it again from BORIS.")
    return found


def _events(sheet: Sheet, found: ForeignFile) -> None:
    """Join the beginnings and ends of states; what is neither is a moment."""
    status = "status" if "status" in sheet.at else "behavior type"
    media = next((name for name in ("media file path", "media file name", "media file") if name in sheet.at), "")
    open_: dict[tuple[str, str, str, str], tuple[int, float]] = {}
    for line, row in sheet.rows:
        time = _when(sheet, line, row, "time")
        clip = base_name(sheet.text(row, media)) if media else ""
        behaviour, subject = sheet.needed(line, row, "behavior"), sheet.text(row, "subject")
        modifier = " ".join(
            sheet.text(row, name) for name in sheet.at if name.startswith("modifier") and sheet.text(row, name)
        )
        label = f"{behaviour} ({modifier})" if modifier else behaviour
        kind = sheet.text(row, status).upper()
        key = (clip, sheet.text(row, "observation id"), subject, label)
        if kind in ("START", "STATE START"):
            if key in open_:
                sheet.fail(line, f"“{label}” begins again before it has ended")
            open_[key] = (line, time)
        elif kind in ("STOP", "STATE STOP"):
            if key not in open_:
                sheet.fail(line, f"“{label}” ends without having begun")
            _, start = open_.pop(key)
            _span(sheet, line, start, time)
            found.marks.append(Mark(behaviour, start, time, label, clip=clip, subject=subject))
        elif kind in ("POINT", ""):
            found.marks.append(Mark(behaviour, time, None, label, clip=clip, subject=subject))
        else:
            sheet.fail(line, f"the status is “{kind}”, not START, STOP or POINT")
    for (clip, _, subject, label), (line, start) in open_.items():
        found.lost.append(f"Line {line}: “{label}” begins and never ends; it became a moment.")
        found.marks.append(Mark(label, start, None, label, clip=clip, subject=subject))


def _is_aggregated(text: Text) -> bool:
    first = set(names(text.head[0]))
    return {"behavior", "start (s)", "stop (s)"} <= first


def _read_aggregated(text: Text) -> ForeignFile:
    sheet = text.table(0)
    media = next((name for name in ("media file name", "media file") if name in sheet.at), "")
    found = ForeignFile(text.path)
    for line, row in sheet.rows:
        start, end = _span(sheet, line, _when(sheet, line, row, "start (s)"), _when(sheet, line, row, "stop (s)"))
        behaviour, modifier = sheet.needed(line, row, "behavior"), sheet.text(row, "modifiers")
        point = sheet.text(row, "behavior type").upper() == "POINT" or start == end
        clip = base_name(sheet.text(row, media)) if media else ""
        label = f"{behaviour} ({modifier})" if modifier else behaviour
        found.marks.append(Mark(behaviour, start, None if point else end, label, "", clip, sheet.text(row, "subject")))
    return _not_empty(text, found)


def _not_empty(text: Text, found: ForeignFile) -> ForeignFile:
    if found.empty:
        raise UserError(f"{text.name} has a header but no events.", "The file may be cut off; export it again.")
    return found


def _is_datavyu(text: Text) -> bool:
    first = names(text.head[0])
    return any(_ONSET.fullmatch(name) for name in first) and any(name.endswith(".offset") for name in first)


def _read_datavyu(text: Text) -> ForeignFile:
    sheet = text.table(0)
    layers = [onset[1] for name in sheet.at if (onset := _ONSET.fullmatch(name)) and f"{onset[1]}.offset" in sheet.at]
    found = ForeignFile(text.path, notes=["Its times are milliseconds, as Datavyu writes them."])
    for line, row in sheet.rows:
        for layer in layers:
            if not sheet.text(row, f"{layer}.onset"):
                continue
            start, end = (_milliseconds(sheet, line, row, f"{layer}.{edge}") for edge in ("onset", "offset"))
            _span(sheet, line, start, end)
            codes = [
                f"{name.removeprefix(f'{layer}.')}: {sheet.text(row, name)}"
                for name in sheet.at
                if name.startswith(f"{layer}.") and name.rsplit(".", 1)[1] not in ("onset", "offset", "ordinal")
                and sheet.text(row, name)
            ]  # fmt: skip
            found.marks.append(Mark(layer, start, end if end > start else None, ", ".join(codes)))
    return _not_empty(text, found)


def _milliseconds(sheet: Sheet, line: int, row: list[str], column: str) -> float:
    cell = sheet.text(row, column)
    value = _when(sheet, line, row, column)
    return value if ":" in cell else value / 1000


def _is_observer(text: Text) -> bool:
    return find_header(text, "time_relative_sf", "behavior", "event_type") is not None


def _read_observer(text: Text) -> ForeignFile:
    sheet = text.table(find_header(text, "time_relative_sf", "behavior", "event_type") or 0)
    found = ForeignFile(text.path)
    points = 0
    for line, row in sheet.rows:
        kind = sheet.text(row, "event_type").lower()
        if kind in ("state stop", "stop"):
            continue
        start = _when(sheet, line, row, "time_relative_sf")
        lasts = 0.0 if kind == "point" or "duration_sf" not in sheet.at else _when(sheet, line, row, "duration_sf")
        if lasts < 0:
            sheet.fail(line, f"the duration is {lasts:g} s")
        behaviour = sheet.needed(line, row, "behavior")
        modifier = ", ".join(
            sheet.text(row, name) for name in sheet.at if name.startswith("modifier") and sheet.text(row, name)
        )
        label = f"{behaviour} ({modifier})" if modifier else behaviour
        points += not lasts
        end = start + lasts if lasts else None
        found.marks.append(Mark(behaviour, start, end, label, "", "", sheet.text(row, "subject")))
    if points:
        found.notes.append(f"{many(points, 'event has', 'events have')} no duration.")
    return _not_empty(text, found)


BORIS: Final = Format("boris", "BORIS (tabular events)", _is_tabular, _read_tabular)
BORIS_AGGREGATED: Final = Format("boris-aggregated", "BORIS (aggregated events)", _is_aggregated, _read_aggregated)
DATAVYU: Final = Format("datavyu", "Datavyu", _is_datavyu, _read_datavyu)
OBSERVER: Final = Format("observer", "The Observer", _is_observer, _read_observer)
