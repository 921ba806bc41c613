"""The data dictionary that goes with every export of labels: what each column of each file means."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from app.domain.study import VIEWS, Study
from app.errors import UserError
from app.interchange.label_sheet import ANSWER_COLUMNS, CATEGORY_COLUMNS, INTENSITY_COLUMNS, TRACE_COLUMNS
from app.interchange.scale import parse_scale
from app.interchange.sheet import open_sheet
from app.interchange.tidy import DICTIONARY_COLUMNS, PRESENTATION_COLUMNS, RATER_COLUMNS
from app.results import result

DICTIONARY: Final = "dictionary.csv"
"""What `ratings export` calls the data dictionary."""

_REQUIRED: Final[Mapping[str, frozenset[str]]] = {
    "intensities.csv": frozenset({"clip", "condition", "rater", "emotion", "score"}),
    "categories.csv": frozenset({"clip", "condition", "rater", "category"}),
    "answers.csv": frozenset({"clip", "condition", "rater"}),
    "traces.csv": frozenset({"clip", "condition", "rater", "time_s", "valence", "arousal"}),
    "raters.csv": frozenset(RATER_COLUMNS),
    "presentations.csv": frozenset(),
}
_COLUMNS: Final[Mapping[str, Sequence[str]]] = {
    "intensities.csv": INTENSITY_COLUMNS,
    "categories.csv": CATEGORY_COLUMNS,
    "answers.csv": ANSWER_COLUMNS,
    "traces.csv": TRACE_COLUMNS,
    "raters.csv": RATER_COLUMNS,
    "presentations.csv": PRESENTATION_COLUMNS,
}
_MEANING: Final[Mapping[str, tuple[str, str, str]]] = {
    # column: (type, unit, meaning)
    "study": ("text", "", "name of the study; its definition lies beside this file"),
    "item": ("text", "", "what was judged: a clip or image, a time range, a target face; unique in the project"),
    "clip": ("text", "", "the clip's name in the project"),
    "clip_sha256": ("text", "", "SHA-256 of the clip's bytes, hexadecimal"),
    "subject": ("text", "", "code of the person seen, empty where not known"),
    "condition": ("text", "", "how the item was shown"),
    "rater": ("text", "", "the rater's code, a pseudonym"),
    "pass": ("integer", "", "1 for the first judgement of the same item in the same condition, 2 for the repetition …"),
    "emotion": ("text", "", "the rated emotion"),
    "score": ("integer", "points", "intensity on the study's scale; empty where missing"),
    "category": ("text", "", "the category chosen; empty where missing"),
    "missing_reason": ("text", "", "why there is no judgement; empty where there is one"),
    "confidence": ("integer", "points", "how sure the rater was of the whole answer; empty where not given"),
    "comment": ("text", "", "the rater's own words; empty unless comments were asked for in the export"),
    "answered_at": (
        "date and time",
        "UTC",
        "when the answer was given, ISO 8601 with microseconds; empty where unknown",
    ),
    "response_s": ("number", "s", "time from the beginning of the presentation to the answer; empty where unknown"),
    "time_s": ("number", "s", "position on the clip's own presentation time stamps, of the frame on screen"),
    "valence": ("number", "", "unpleasant to pleasant; empty while paused or where not traced"),
    "arousal": ("number", "", "calm to excited; empty while paused or where not traced"),
    "monotonic_s": ("number", "s", "the recording machine's monotonic clock; only differences mean something"),
    "device": ("text", "", "mouse, keyboard, gamepad or simulated; a sample holds until the next one"),
    "program": ("text", "", "the program that measured the columns after time_s, which keep its names and units"),
    "face": ("text", "", "that program's name of the face; empty where it tells none apart"),
    "role": ("text", "", "rater, reviewer or owner"),
    "simulated": ("text", "", "yes where the program made the answers up"),
    "task": ("text", "", "what was done: a rating or a trace"),
    "study_version": ("integer", "", "version of the study under which it was shown"),
    "view": ("text", "", "what the condition shows"),
    "started_at": ("date and time", "UTC", "when showing began, ISO 8601 with microseconds"),
    "sound_wanted": ("text", "", "whether the condition has sound"),
    "clip_has_sound": ("text", "", "whether the clip has a sound track"),
    "sound_played": ("text", "", "whether sound came out"),
    "plays": ("integer", "", "how often it was played from the beginning"),
    "frames_shown": ("integer", "frames", "different frames that were painted"),
    "frames_dropped": ("integer", "frames", "frames whose turn passed without being painted"),
    "window_width": ("integer", "px", "width of the picture on the screen"),
    "window_height": ("integer", "px", "height of the picture on the screen"),
    "check_passed": ("text", "", "whether the check of sound and screen of that sitting was passed; empty without one"),
    "check_sound": ("text", "", "what the check found of the sound; empty without one"),
    "check_dark_steps": ("integer", "", "grey steps on black that were read, of 3; empty without a check"),
    "check_light_steps": ("integer", "", "grey steps on white that were read, of 3; empty without a check"),
}


def explanation(column: str) -> tuple[str, str]:
    """Return the unit and the meaning of a column of exported labels; both empty for a column that is not one.

    Args:
        column: The name of the column.
    """
    _, unit, meaning = _MEANING.get(column, ("", "", ""))
    return unit, meaning


def write_dictionary(path: Path, studies: Sequence[Study]) -> None:
    """Write the dictionary, with the values that the studies allow.

    Args:
        path: The file to write.
        studies: The studies whose labels are exported.

    Raises:
        UserError: The file cannot be written.
    """
    with result(path) as temporary, temporary.open("w", encoding="utf-8", newline="") as text:
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(DICTIONARY_COLUMNS)
        for file, columns in _COLUMNS.items():
            for column in columns:
                kind, unit, meaning = _MEANING[column]
                required = "yes" if column in _REQUIRED[file] else "no"
                writer.writerow((file, column, kind, unit, _values(column, studies), required, meaning))
        text.flush()


def _values(column: str, studies: Sequence[Study]) -> str:
    fixed = {
        "valence": "-1 to 1", "arousal": "-1 to 1", "simulated": "yes, no", "role": "rater, reviewer, owner",
        "sound_wanted": "yes, no", "clip_has_sound": "yes, no", "sound_played": "yes, no", "check_passed": "yes, no",
        "check_sound": "not_asked, passed, failed, no_output", "view": ", ".join(VIEWS),
        "task": "rating, trace, trace_valence, trace_arousal", "check_dark_steps": "0 to 3",
        "check_light_steps": "0 to 3", "pass": "1, 2, …", "device": "mouse, keyboard, gamepad, simulated",
    }  # fmt: skip
    if column in fixed:
        return fixed[column]
    found: dict[str, None] = {}
    for study in studies:
        names = {
            "study": (study.name,),
            "emotion": study.emotion_names,
            "category": study.category_names,
            "condition": tuple(condition.name for condition in study.conditions),
            "confidence": (f"1 to {study.confidence_levels}",) if study.confidence_levels else (),
            "score": (f"{study.scale.low} to {study.scale.high}",) if study.emotions else (),
        }.get(column, ())
        found.update(dict.fromkeys(names))
    return ", ".join(found)


def scale_beside(path: Path) -> tuple[float, float] | None:
    """Return the scale of a file's scores from the data dictionary in its folder; None unless that states exactly one.

    Args:
        path: The file of intensities.
    """
    beside = path.with_name(DICTIONARY)
    if not beside.is_file():
        return None
    try:
        with open_sheet(beside) as sheet:
            cells = [tuple(sheet.text(row, column) for column in ("column", "file", "values")) for _, row in sheet.rows]
    except UserError:
        return None
    rows = [(file, values) for column, file, values in cells if column.lower() == "score"]
    own = [row for row in rows if row[0] == path.name]
    found = {parse_scale(values) for _, values in own or rows}
    return next(iter(found)) if len(found) == 1 else None
