"""Logs of FaceReader (detailed and state) and of iMotions: a preamble, then a table of frames."""

from __future__ import annotations

import re
from typing import Final

import numpy as np
from numpy.typing import NDArray

from app.domain.words import many
from app.errors import UserError
from app.interchange import cells
from app.interchange.readers.columns import check_times, numbers
from app.interchange.readers.record import ForeignFile, Format, Mark, Measures
from app.interchange.readers.text import Text, base_name, names, seconds, separator_of, split
from app.interchange.sheet import Sheet

_FAILED: Final = frozenset({"find_failed", "fit_failed", "fit failed", "find failed", "unknown"})
_EMOTIONS: Final = (
    "neutral", "happy", "sad", "angry", "surprised", "scared", "disgusted", "contempt", "valence", "arousal",
)  # fmt: skip
_GERMAN: Final = {
    "videozeit": "video time", "video-zeit": "video time", "dateiname": "filename", "bildrate": "frame rate",
    "bildfrequenz": "frame rate", "glücklich": "happy", "fröhlich": "happy", "freude": "happy", "traurig": "sad",
    "trauer": "sad", "wütend": "angry", "verärgert": "angry", "ärgerlich": "angry", "wut": "angry", "ärger": "angry",
    "überrascht": "surprised", "überraschung": "surprised", "ängstlich": "scared", "verängstigt": "scared",
    "angst": "scared", "angeekelt": "disgusted", "angewidert": "disgusted", "ekel": "disgusted",
    "verachtung": "contempt", "verächtlich": "contempt", "valenz": "valence", "erregung": "arousal",
    "aktivierung": "arousal", "dominanter ausdruck": "dominant expression", "dominante emotion": "dominant expression",
    "mund": "mouth", "linkes auge": "left eye", "rechtes auge": "right eye", "linke augenbraue": "left eyebrow",
    "rechte augenbraue": "right eyebrow",
}  # fmt: skip
"""German names of columns and keys, as laboratories translate them, and what each is in English."""
_UNIT: Final = re.compile(r"action unit \d\d.*")
_PARTS: Final = re.compile(r"[xyz] - head orientation|mouth|(left|right) (eye|eyebrow)")
_LEVELS: Final = {
    "notactive": 0.0, "a": 1.0, "b": 2.0, "c": 3.0, "d": 4.0, "e": 5.0,
    "closed": 0.0, "open": 1.0, "lowered": -1.0, "neutral": 0.0, "raised": 1.0,
    "nicht aktiv": 0.0, "geschlossen": 0.0, "offen": 1.0, "gesenkt": -1.0, "angehoben": 1.0,
}  # fmt: skip
_WORDS_AS: Final = (
    "Its words are kept as numbers: NotActive 0, A to E 1 to 5; closed 0, open 1; brows lowered −1, neutral 0, "
    "raised 1."
)
_FACET: Final = re.compile(
    r"(joy|anger|surprise|fear|contempt|disgust|sadness|confusion|frustration|neutral|positive|negative) evidence|"
    r"(anger|contempt|disgust|fear|joy|sadness|surprise|engagement|valence|sentimentality|confusion|neutral|attention)|"
    r"au\d+ evidence|(pitch|yaw|roll)( degrees)?|interocular distance|smile|smirk|dimpler|jaw drop|mouth open|"
    r"nose wrinkle|brow (furrow|raise)|inner brow raise|(cheek|chin|upper lip) raise|eye (closure|widen)|lid tighten|"
    r"lip corner depressor|lip (press|pucker|stretch|suck)"
)
"""Columns of FACET, and of AFFDEX from iMotions 7 on."""


_SCORE: Final = re.compile(r"(\w+ )*(evidence|intensity|degrees)|.*action unit.*")
"""Columns of iMotions that measure a face in some way; those that are not read are named."""


def _log_header(text: Text, *needed: str) -> int | None:
    for number, line in enumerate(text.head):
        if {"video time", *needed} <= {_GERMAN.get(name, name) for name in names(line)}:
            return number
    return None


def _keys(text: Text, header: int) -> dict[str, str]:
    """Return the values of the preamble by their English key in lower case without its colon."""
    rows = (split(line) for line in text.lines[:header] if line.strip())
    said = ((row[0].lower().rstrip(": "), row[1]) for row in rows if len(row) > 1 and row[0])
    return {_GERMAN.get(key, key): value for key, value in said}


def _sheet(text: Text, header: int) -> Sheet:
    """Return the table of a log, whose columns are known by their English names; its header stays as it is."""
    sheet = text.table(header)
    for name, place in list(sheet.at.items()):
        if name in _GERMAN:
            sheet.at.setdefault(_GERMAN[name], place)
            del sheet.at[name]
    return sheet


def _is_detailed(text: Text) -> bool:
    return _log_header(text, "neutral") is not None


def _read_detailed(text: Text) -> ForeignFile:
    header = _log_header(text, "neutral") or 0
    keys = _keys(text, header)
    sheet = _sheet(text, header)
    emotions = [name for name in _EMOTIONS if name in sheet.at]
    units = [name for name in sheet.at if _UNIT.fullmatch(name) or _PARTS.fullmatch(name)]
    wanted = ["video time", *emotions, *units]
    lines, table = numbers(sheet, wanted, clock="video time", missing=_FAILED, codes=_LEVELS)
    found = ForeignFile(text.path)
    times_s = _frame_times(text, keys, lines, table[:, 0], found)
    failed = np.isnan(table[:, 1 : 1 + len(emotions)]).all(axis=1)
    if failed.any():
        found.notes.append(f"In {int(failed.sum())} of {many(len(table), 'row')} FaceReader found no face.")
    if units:
        found.notes.append(_WORDS_AS)
    columns = tuple(sheet.header[sheet.at[name]] for name in [*emotions, *units])
    clip = base_name(keys.get("filename", ""))
    found.measures.append(Measures("FaceReader", times_s, columns, table[:, 1:].astype(np.float32), clip))
    if len(sheet.at) > len(wanted):
        taken = {sheet.at[name] for name in wanted}
        left = [name for place, name in enumerate(sheet.header) if name and place not in taken]
        found.lost.append(f"Columns that are not read: {', '.join(left)}.")
    return found


def _frame_times(
    text: Text, keys: dict[str, str], lines: list[int], said_s: NDArray[np.float64], found: ForeignFile
) -> NDArray[np.float64]:
    """Return the times of the rows; those of frames that share one time are told apart by the frame rate."""
    check_times(text, lines, said_s, "Video Time")
    if not (np.diff(said_s) == 0).any():
        return said_s
    try:
        rate = cells.number(keys.get("frame rate", ""), comma=True)
    except ValueError as error:
        raise UserError(f"{text.name}: the frame rate {error}.", "Correct the row above the table.") from error
    if not rate > 0:
        raise UserError(
            f"{text.name} gives several frames the same time and states no frame rate, so they cannot be told apart.",
            "Add the row “Frame rate” above the table, or let FaceReader write milliseconds.",
        )
    rebuilt: NDArray[np.float64] = said_s[0] + np.arange(len(said_s)) / rate
    off = np.abs(rebuilt - said_s)
    if float(off.max()) > 0.11:
        raise text.fail(
            lines[int(np.argmax(off > 0.11))],
            f"several frames share a time, and the rate of {rate:g} frames a second does not lead to it",
            "Frames may be missing; let FaceReader write milliseconds.",
        )
    found.notes.append(f"Frames that share a time were told apart by the frame rate of {rate:g}.")
    return rebuilt


def _is_state(text: Text) -> bool:
    return _log_header(text, "dominant expression") is not None or _log_header(text, "emotion") is not None


def _read_state(text: Text) -> ForeignFile:
    header = _log_header(text, "dominant expression")
    column = "dominant expression" if header is not None else "emotion"
    header = header if header is not None else _log_header(text, "emotion") or 0
    keys = _keys(text, header)
    sheet = _sheet(text, header)
    rows = [
        (n, seconds(sheet, n, sheet.text(row, "video time"), "Video Time"), sheet.text(row, column))
        for n, row in sheet.rows
    ]
    if not rows:
        raise UserError(f"{text.name} has a header but no rows.", "The file may be cut off; export it again.")
    check_times(text, [row[0] for row in rows], np.array([row[1] for row in rows]), "Video Time")
    clip = base_name(keys.get("filename", ""))
    found = ForeignFile(text.path, notes=["Each state lasts until the next one; the end of the last one is not told."])
    for (_, start, label), after in zip(rows, [*rows[1:], None], strict=True):
        if label and label.lower() not in _FAILED and label.upper() != "END":
            end = after[1] if after is not None else None
            found.marks.append(Mark("FaceReader", start, end, label, clip=clip))
    return found


def _is_imotions(text: Text) -> bool:
    return _imotions_header(text) is not None


def _imotions_header(text: Text) -> int | None:
    for number, line in enumerate(text.head):
        if line.lstrip('"').startswith("#"):  # the block of facts that versions from 8 on put before the table
            continue
        first = set(names(line))
        if (
            {"studyname", "stimulusname"} <= first
            or {"timestamp", "stimulusname"} <= first
            or {"row", "timestamp", "eventsource"} <= first
            or {"row", "timestamp", "sourcestimuliname"} <= first
        ):
            return number
    return None


def _read_imotions(text: Text) -> ForeignFile:
    header = _imotions_header(text) or 0
    sheet = text.table(header, separator_of(text.lines[header]))
    columns = [name for name in sheet.at if _FACET.fullmatch(name)]
    time = next((name for name in ("mediatime", "frametime", "timestamp") if name in sheet.at), "")
    if not time or not columns:
        lacks = "times" if not time else "measurements of a face"
        raise UserError(f"{text.name} has no columns of {lacks}.", "Export it again from iMotions with facial coding.")
    groups: dict[tuple[str, str], tuple[list[int], list[list[float]]]] = {}
    others = 0
    stimulus = "stimulusname" if "stimulusname" in sheet.at else "sourcestimuliname"
    for line, row in sheet.rows:
        if not any(row[sheet.at[name]] for name in columns):
            others += 1
            continue
        person, clip = sheet.text(row, "name"), base_name(sheet.text(row, stimulus))
        when = _imotions_time(sheet, line, row, time)
        lines, values = groups.setdefault((person, clip), ([], []))
        lines.append(line)
        values.append(
            [when, *(sheet.number(row[sheet.at[name]], line, sheet.header[sheet.at[name]]) for name in columns)]
        )
    if not groups:
        raise UserError(f"{text.name} has no rows with measurements of a face.", "Export it again with facial coding.")
    found = ForeignFile(text.path, notes=["Its times are milliseconds."])
    shown = tuple(sheet.header[sheet.at[name]] for name in columns)
    for (person, clip), (lines, values) in groups.items():
        table = np.array(values, np.float64)
        times_s = table[:, 0] / 1000
        check_times(text, lines, times_s, sheet.header[sheet.at[time]])
        found.measures.append(Measures("iMotions", times_s, shown, table[:, 1:].astype(np.float32), clip, person))
    left = [name for name in sheet.header if name and name.lower() not in columns and _SCORE.fullmatch(name.lower())]
    if left:
        found.lost.append(f"Columns that are not read: {', '.join(left)}.")
    if others:
        found.lost.append(f"{many(others, 'row holds', 'rows hold')} no measurement of a face, as of an eye tracker.")
    return found


def _imotions_time(sheet: Sheet, line: int, row: list[str], time: str) -> float:
    """Return the time of a row in ms: of the stimulus, or else of the recording."""
    for name in (time, "frametime", "timestamp"):
        if sheet.text(row, name):
            return sheet.number(sheet.text(row, name), line, name)
    return sheet.number("", line, time)


DETAILED: Final = Format("facereader", "FaceReader (detailed log)", _is_detailed, _read_detailed)
STATE: Final = Format("facereader-state", "FaceReader (state log)", _is_state, _read_state)
IMOTIONS: Final = Format("imotions", "iMotions", _is_imotions, _read_imotions)
