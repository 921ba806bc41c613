"""Tables in which programs write what they measured on faces: OpenFace, py-feat, LibreFace."""

from __future__ import annotations

import re
from typing import Final

import numpy as np
from numpy.typing import NDArray

from app.domain.words import many
from app.errors import UserError
from app.interchange.readers.columns import check_times, need, numbers
from app.interchange.readers.record import ForeignFile, Format, Measures
from app.interchange.readers.text import Text, base_name, names
from app.interchange.sheet import Sheet

_OPENFACE: Final = re.compile(r"au\d\d_[rc]|gaze_angle_[xy]|pose_[tr][xyz]")
_PYFEAT: Final = re.compile(
    r"facerect.*|facescore|au\d\d|anger|disgust|fear|happiness|sadness|surprise|neutral|contempt|valence|arousal|"
    r"pitch|roll|yaw"
)
_LIBREFACE: Final = re.compile(r"au_\d+(_intensity)?|pitch|roll|yaw|facial_expression_prob_.*|valence|arousal")
_LEAST_STEP_S: Final = 0.002
"""Smallest step between frames; no camera of faces takes 500 a second, so a smaller one is not a time."""


def _taken(sheet: Sheet, wanted: re.Pattern[str]) -> list[str]:
    return [name for name in sheet.at if wanted.fullmatch(name)]


def _left_out(found: ForeignFile, sheet: Sheet, taken: int) -> None:
    if len(sheet.at) > taken:
        found.lost.append(f"{many(len(sheet.at) - taken, 'column is', 'columns are')} not read, such as landmarks.")


def _by_face(
    program: str,
    faces: NDArray[np.float64],
    times_s: NDArray[np.float64],
    columns: list[str],
    values: NDArray[np.float64],
    clip: str,
    by_frame: bool,
) -> list[Measures]:
    """Return the measurements of each face."""
    found = []
    for face in np.unique(faces):
        rows = faces == face
        label = f"{face:g}" if len(np.unique(faces)) > 1 else ""
        part = values[rows].astype(np.float32)
        found.append(Measures(program, times_s[rows], tuple(columns), part, clip, label, by_frame))
    return found


def _is_openface(text: Text) -> bool:
    first = set(names(text.head[0]))
    return {"frame", "timestamp", "confidence", "success"} <= first


def _read_openface(text: Text) -> ForeignFile:
    sheet = text.table(0)
    need(sheet, "frame", "timestamp", "confidence", "success")
    columns = [sheet.header[sheet.at[name]] for name in _taken(sheet, _OPENFACE)]
    face = ["face_id"] if "face_id" in sheet.at else []
    lines, table = numbers(sheet, ["frame", "timestamp", "success", *face, *(name.lower() for name in columns)])
    found = ForeignFile(text.path)
    faces = table[:, 3] if face else np.zeros(len(table))
    values = table[:, 3 + len(face) :]
    lost = table[:, 2] != 1
    values[lost] = np.nan
    if lost.any():
        found.notes.append(f"In {many(int(lost.sum()), 'row', 'rows')} OpenFace found no face; they count as missing.")
    order = np.lexsort((table[:, 0], faces))
    lines, table, faces, values = [lines[i] for i in order], table[order], faces[order], values[order]
    times_s, by_frame = _openface_times(found, table, faces)
    for each in np.unique(faces):
        rows = np.flatnonzero(faces == each)
        check_times(text, [lines[i] for i in rows], times_s[rows], "timestamp")
    found.measures += _by_face("OpenFace", faces, times_s, columns, values, "", by_frame)
    _left_out(found, sheet, len(columns) + 4 + len(face))
    return found


def _openface_times(
    found: ForeignFile, table: NDArray[np.float64], faces: NDArray[np.float64]
) -> tuple[NDArray[np.float64], bool]:
    """Return the times of the rows, or their frames where the times are not seconds."""
    same = np.diff(faces) == 0
    steps = np.diff(table[:, 1])[same & (np.diff(table[:, 0]) == 1)]
    if steps.size and not float(np.median(steps)) >= _LEAST_STEP_S:
        found.notes.append("Its timestamps step by less than 2 ms, so they are not seconds; frames are used instead.")
        return table[:, 0] - 1, True
    return table[:, 1], False


def _is_pyfeat(text: Text) -> bool:
    first = set(names(text.head[0]))
    return {"facerectx", "facerecty", "facerectwidth", "facerectheight"} <= first


def _read_pyfeat(text: Text) -> ForeignFile:
    sheet = text.table(0)
    columns = [sheet.header[sheet.at[name]] for name in _taken(sheet, _PYFEAT)]
    time = next((name for name in ("approx_time", "timestamp") if name in sheet.at), "")
    frame = "frame" if "frame" in sheet.at else ""
    if not time and not frame:
        raise UserError(
            f"{text.name} has neither a column frame nor approx_time, so it is unknown when its rows were measured.",
            "Let py-feat write the frame of each row.",
        )
    clips: list[str] = []
    people: list[str] = []
    when = [frame] if frame else [time]
    inputs, identity = (
        next((name for name in one if name in sheet.at), "") for one in (("input",), ("identity", "face_id"))
    )
    rows = sheet.rows

    def noting() -> object:
        for line, row in rows:
            clips.append(base_name(sheet.text(row, inputs)) if inputs else "")
            people.append(sheet.text(row, identity) if identity else "")
            yield line, row

    sheet.rows = noting()  # type: ignore[assignment]
    lines, table = numbers(sheet, [*when, *(name.lower() for name in columns)], clock=when[0] if not frame else None)
    found = ForeignFile(text.path)
    groups: dict[tuple[str, str], list[int]] = {}
    for place, key in enumerate(zip(clips, people, strict=True)):
        groups.setdefault(key, []).append(place)
    several = len({person for _, person in groups}) > 1
    for (clip, person), places in groups.items():
        part = table[places]
        if (np.diff(part[:, 0]) == 0).any():
            found.lost.append("Several faces of a frame have no name; the first of each frame is taken.")
            first = np.unique(part[:, 0], return_index=True)[1]
            places, part = [places[i] for i in first], part[first]
        check_times(text, [lines[i] for i in places], part[:, 0], when[0])
        values = part[:, 1:].astype(np.float32)
        found.measures.append(
            Measures("py-feat", part[:, 0], tuple(columns), values, clip, person if several else "", bool(frame))
        )
    _left_out(found, sheet, len(columns) + 1)
    return found


def _is_libreface(text: Text) -> bool:
    first = set(names(text.head[0]))
    return bool(first & {"frame_time_in_ms", "frame_idx"}) and any(re.fullmatch(r"au_\d+.*", name) for name in first)


def _read_libreface(text: Text) -> ForeignFile:
    sheet = text.table(0)
    columns = [sheet.header[sheet.at[name]] for name in _taken(sheet, _LIBREFACE)]
    time = "frame_time_in_ms" if "frame_time_in_ms" in sheet.at else "frame_idx"
    lines, table = numbers(sheet, [time, *(name.lower() for name in columns)])
    by_frame = time == "frame_idx"
    times_s = table[:, 0] if by_frame else table[:, 0] / 1000
    check_times(text, lines, times_s, time)
    found = ForeignFile(text.path)
    found.measures.append(
        Measures("LibreFace", times_s, tuple(columns), table[:, 1:].astype(np.float32), by_frame=by_frame)
    )
    _left_out(found, sheet, len(columns) + 1)
    return found


OPENFACE: Final = Format("openface", "OpenFace 2", _is_openface, _read_openface)
PYFEAT: Final = Format("pyfeat", "py-feat", _is_pyfeat, _read_pyfeat)
LIBREFACE: Final = Format("libreface", "LibreFace", _is_libreface, _read_libreface)
