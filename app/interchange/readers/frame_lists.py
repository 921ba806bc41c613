"""Lists of Aff-Wild2 (ABAW) with one line for each frame: valence and arousal, expressions, action units."""

from __future__ import annotations

import re
from typing import Final

import numpy as np

from app.errors import UserError
from app.interchange import cells
from app.interchange.readers.columns import numbers
from app.interchange.readers.record import ForeignFile, Format, Mark, Trace
from app.interchange.readers.text import Text, names, split

NO_LABEL: Final = -5.0
_NO_CLASS: Final = -1
_CLASSES: Final = ("neutral", "anger", "disgust", "fear", "happiness", "sadness", "surprise")
_UNIT: Final = re.compile(r"au\d{1,2}")


def _is_va(text: Text) -> bool:
    return names(text.head[0]) == ["valence", "arousal"]


def _read_va(text: Text) -> ForeignFile:
    sheet = text.table(0)
    lines, table = numbers(sheet, ["valence", "arousal"])
    table[table == NO_LABEL] = np.nan
    wrong = np.argwhere(np.abs(table) > 1)
    if wrong.size:
        row, column = (int(place) for place in wrong[0])
        raise text.fail(lines[row], f"{sheet.header[column]} is {table[row, column]:g}, outside −1 to 1")
    found = ForeignFile(text.path, notes=["It has one line for each frame; the frames give the times."])
    frames = np.arange(len(table), dtype=np.float64)
    for place, name in enumerate(("valence", "arousal")):
        found.traces.append(Trace(name, frames, table[:, place], -1.0, 1.0, by_frame=True, joined=True))
    return found


def _is_classes(text: Text) -> bool:
    return tuple(names(text.head[0])[: len(_CLASSES)]) == _CLASSES


def _read_classes(text: Text) -> ForeignFile:
    words = split(text.lines[0])
    found = ForeignFile(text.path, notes=["It has one line for each frame; frames of one class are joined."])
    codes: list[int] = []
    for line, said in enumerate(text.lines[1:], start=2):
        if not said.strip():
            continue
        code = _whole(text, line, said.strip())
        if not _NO_CLASS <= code < len(words):
            raise text.fail(line, f"the class {code} is not among the {len(words)} of the first line")
        codes.append(code)
    if not codes:
        raise UserError(f"{text.name} has a header but no rows.", "The file may be cut off.")
    _runs(found, "expression", [words[code] if code >= 0 else "" for code in codes])
    return found


def _is_units(text: Text) -> bool:
    first = names(text.head[0])
    return len(first) > 2 and all(_UNIT.fullmatch(name) for name in first)


def _read_units(text: Text) -> ForeignFile:
    sheet = text.table(0)
    lines, table = numbers(sheet, list(sheet.at))
    wrong = np.argwhere(~np.isin(table, (-1.0, 0.0, 1.0)) & ~np.isnan(table))
    if wrong.size:
        row, column = (int(place) for place in wrong[0])
        raise text.fail(lines[row], f"{sheet.header[column]} is {table[row, column]:g}, not 0, 1 or −1")
    found = ForeignFile(text.path, notes=["It has one line for each frame; frames in which a unit is seen are joined."])
    for place, name in enumerate(sheet.at):
        unit = sheet.header[sheet.at[name]]
        _runs(found, unit, [unit if value == 1 else "" for value in table[:, place]])
    return found


def _whole(text: Text, line: int, said: str) -> int:
    try:
        value = cells.number(said)
    except ValueError as error:
        raise text.fail(line, f"the class {error}") from error
    if value != value or value != round(value):
        raise text.fail(line, f"the class is “{said[:60]}”, not a whole number")
    return int(value)


def _runs(found: ForeignFile, layer: str, labels: list[str]) -> None:
    """Add a mark for each run of frames with one label; an empty label is none."""
    begin = 0
    for place in range(1, len(labels) + 1):
        if place == len(labels) or labels[place] != labels[begin]:
            if labels[begin]:
                found.marks.append(Mark(layer, float(begin), float(place), labels[begin], by_frame=True))
            begin = place


VA: Final = Format("aff-wild2", "Aff-Wild2 (valence and arousal)", _is_va, _read_va)
CLASSES: Final = Format("aff-wild2-expr", "Aff-Wild2 (expressions)", _is_classes, _read_classes)
UNITS: Final = Format("aff-wild2-au", "Aff-Wild2 (action units)", _is_units, _read_units)
