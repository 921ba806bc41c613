"""Tables of labels as others published them, read as if their columns were named like ours.

A column that names the person seen is the subject under any of its usual names. The two tables of CREMA-D (Cao et al.
2014), `processedResults/tabulatedVotes.csv` and `finishedResponses.csv`, are taken as they are; their columns are
described in the README of the data set.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from app.domain.study import FACE_ONLY
from app.interchange.sheet import Sheet

CREMA_CLASSES: Final = dict(
    zip(("a", "d", "f", "h", "n", "s"), ("anger", "disgust", "fear", "happy", "neutral", "sad"), strict=True)
)
"""Letter of CREMA-D's tables → class."""
CREMA_NAME: Final = re.compile(r"(\d{4})_([A-Z]{3})_([A-Z]{3})_([A-Z]{2})")
"""Name of a clip of CREMA-D: actor, sentence, emotion, strength."""
CREMA_WAYS: Final = {1: "voice_only", 2: FACE_ONLY, 3: "audio_visual"}
"""Number of the way in which a clip of CREMA-D was presented → condition."""

_SUBJECT: Final = re.compile(r"(subject|subj|actor|actress|speaker|person|participant)(id|code|name|no|nr|num|number)?")
_VOTES: Final = frozenset({"filename", "numresponses", "emovote", *CREMA_CLASSES})
_RESPONSES: Final = frozenset({"localid", "querytype", "clipname", "respemo"})
_VOTE_HEADER: Final = ("clip", "subject", "condition", *CREMA_CLASSES.values())
_RESPONSE_HEADER: Final = ("clip", "subject", "condition", "rater", "category", "response_s")


def with_our_columns(sheet: Sheet) -> Sheet:
    """A table whose columns are named like ours; what was taken for what stands in its notes.

    Args:
        sheet: The open file. It is handed on as it is where nothing has to be translated.
    """
    names = sheet.at.keys()
    if names >= _VOTES:
        return _of_crema(sheet, _VOTE_HEADER, _crema_votes(sheet), "the thousands of a row's number, such as 300001,")
    if names >= _RESPONSES:
        return _of_crema(sheet, _RESPONSE_HEADER, _crema_responses(sheet), "queryType")
    return _with_subject(sheet)


def crema_way(number: str) -> int:
    """Return how CREMA-D presented a clip, a key of `CREMA_WAYS`, from the number of a row of votes; 0 if unknown.

    Example:
        >>> crema_way("200017"), crema_way("17")
        (2, 0)
    """
    way = int(number) // 100_000 if number.isdecimal() else 0
    return way if way in CREMA_WAYS else 0


def _of_crema(sheet: Sheet, header: tuple[str, ...], rows: Iterator[tuple[int, list[str]]], way: str) -> Sheet:
    told = (
        f"{sheet.path.name} was read as a table of CREMA-D: the subject is the actor whom the first four digits of a "
        f"clip's name tell, and the condition ({', '.join(CREMA_WAYS.values())}) is what {way} tells."
    )
    at = {name: place for place, name in enumerate(header)}
    return Sheet(sheet.path, list(header), at, rows, comma=False, told=[*sheet.told, told])


def _crema_votes(sheet: Sheet) -> Iterator[tuple[int, list[str]]]:
    for line, row in sheet.rows:
        clip = sheet.needed(line, row, "filename")
        counts = [sheet.text(row, letter) for letter in CREMA_CLASSES]
        yield line, [clip, _actor(clip), _condition(crema_way(row[0].strip())), *counts]


def _crema_responses(sheet: Sheet) -> Iterator[tuple[int, list[str]]]:
    for line, row in sheet.rows:
        clip = sheet.needed(line, row, "clipname")
        way = sheet.number(sheet.text(row, "querytype"), line, "queryType")
        took_ms = sheet.number(sheet.text(row, "ttr"), line, "ttr")
        said = sheet.text(row, "respemo")
        yield line, [
            clip, _actor(clip), _condition(0 if math.isnan(way) else int(way)), sheet.needed(line, row, "localid"),
            CREMA_CLASSES.get(said.lower(), said), "" if math.isnan(took_ms) else repr(took_ms / 1000),
        ]  # fmt: skip


def _actor(clip: str) -> str:
    found = CREMA_NAME.match(clip)
    return found[1] if found else ""


def _condition(way: int) -> str:
    return CREMA_WAYS.get(way, "not_told")


def _with_subject(sheet: Sheet) -> Sheet:
    """The sheet with its best name for the person seen as the column subject, and no other column of such a name."""
    named = [place for place, name in enumerate(sheet.header) if _names_subject(sheet, name)]
    if "subject" in sheet.at:
        named = [place for place in named if place != sheet.at["subject"]]
        chosen, others = None, named
    elif named:
        chosen, others = named[0], named[1:]
    else:
        return sheet
    header = list(sheet.header)
    told = list(sheet.told)
    if chosen is not None:
        told.append(f"Column “{header[chosen]}” was taken as the subject, the person who is seen.")
        header[chosen] = "subject"
    for place in others:
        told.append(f"Column “{header[place]}” names people, too, and was left out.")
        header[place] = ""  # no column of votes
    at = {name.lower(): place for place, name in reversed(list(enumerate(header)))}
    return replace(sheet, header=header, at=at, told=told)


def _names_subject(sheet: Sheet, name: str) -> bool:
    """Whether a column names the person seen; a participant may be the rater where none has a column."""
    found = _SUBJECT.fullmatch(re.sub(r"[^a-z]", "", name.lower()))
    if found is None:
        return False
    rows_of_raters = "category" in sheet.at or "emotion" in sheet.at or "time_s" in sheet.at
    return found[1] != "participant" or "rater" in sheet.at or not rows_of_raters
