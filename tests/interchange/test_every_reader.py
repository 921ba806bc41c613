"""One notion of missing, numbers, encodings and separators in every reader of tables: all readers, all spellings."""

import dataclasses
import math
from pathlib import Path

import numpy as np
import pytest

from app.errors import UserError
from app.interchange import tidy
from app.interchange.aff_wild import read_aff_wild
from app.interchange.datasets import listed
from app.interchange.manifest import read_manifest
from app.interchange.tidy_ratings import read_categories, read_ratings

HEAD = ["clip", "condition", "rater"]
ROW = ["clip1.mp4", "face_only", "01"]


def aff_wild(path):
    text = path.parent / "labels" / "a.txt"
    text.parent.mkdir(exist_ok=True)
    text.write_bytes(path.read_bytes())
    for name in ("a", "good"):
        (path.parent / f"{name}.mp4").write_bytes(b"")
    (text.parent / "good.txt").write_text("valence,arousal\n0,0\n", "utf-8")
    clips, notes = read_aff_wild(path.parent)
    if notes:
        raise UserError(notes[0], "Look.")
    return [clip.values for clip in clips]


def listed_clips(path):
    for name in ("a.mp4", "b.mp4"):
        (path.parent / name).write_bytes(b"")
    return listed.read(path)


READERS = {
    "ratings": (read_ratings, [*HEAD, "emotion", "score"], [[*ROW, "joy", "2.5"], [*ROW[:2], "02", "joy", "3.0"]]),
    "categories": (read_categories, [*HEAD, "category"], [[*ROW, "joy"], [*ROW[:2], "02", "anger"]]),
    "votes": (
        read_categories,
        ["clip", "condition", "joy", "anger"],
        [["b.mp4", "face_only", "1.0", "1.0"], ["a.mp4", "face_only", "3.0", "2.0"]],
    ),
    "tidy intensities": (
        tidy.read_intensities,
        [*HEAD, "emotion", "score", "response_s"],
        [[*ROW, "joy", "2", "1.5"], [*ROW[:2], "02", "joy", "3", "0.25"]],
    ),
    "tidy categories": (tidy.read_categories, [*HEAD, "category", "response_s"], [[*ROW, "joy", "1.5"]]),
    "answers": (tidy.read_answers, [*HEAD, "confidence", "response_s"], [[*ROW, "3", "1.5"]]),
    "traces": (
        tidy.read_traces,
        [*HEAD, "time_s", "valence", "arousal"],
        [[*ROW, "0.0", "0.25", "-0.5"], [*ROW, "0.04", "0.5", "-0.25"]],
    ),
    "raters": (tidy.read_raters, ["rater", "role", "simulated"], [["01", "rater", "no"], ["02", "owner", "yes"]]),
    "manifest": (read_manifest, ["path", "subject", "start_s", "end_s", "item"], [["a.mp4", "S1", "0.2", "0.8", "x"]]),
    "list": (listed_clips, ["path", "category", "subject"], [["a.mp4", "joy", "S1"], ["b.mp4", "anger", "S2"]]),
    "aff-wild": (aff_wild, ["valence", "arousal"], [["0.25", "-0.5"], ["0.5", "0.125"]]),
}


def table(rows, separator=",", newline="\n", comma=False, quoted=False):
    def cell(text):
        text = text.replace(".", ",") if comma and text.lstrip("-").replace(".", "", 1).isdigit() else text
        return f'"{text}"' if quoted else text

    return "".join(separator.join(map(cell, row)) + newline for row in rows)


SPELLINGS = {
    "plain": lambda rows: table(rows).encode(),
    "semicolons and commas": lambda rows: table(rows, ";", comma=True).encode(),
    "of Excel": lambda rows: table(rows, ";", "\r\n", comma=True).encode("utf-8-sig"),
    "tabs": lambda rows: table(rows, "\t").encode(),
    "bars": lambda rows: table(rows, "|").encode(),
    "utf-16": lambda rows: b"\xff\xfe" + table(rows, "\t", "\r\n", comma=True).encode("utf-16-le"),
    "utf-16 without a mark": lambda rows: table(rows).encode("utf-16-le"),
    "big-endian": lambda rows: b"\xfe\xff" + table(rows).encode("utf-16-be"),
    "utf-32": lambda rows: table(rows).encode("utf-32"),
    "old Mac": lambda rows: table(rows, newline="\r").encode(),
    "sep line": lambda rows: ("sep=;\r\n" + table(rows, ";", "\r\n")).encode(),
    "quoted": lambda rows: table(rows, quoted=True).encode(),
    "blanks": lambda rows: table(rows, ", ").encode(),
    "empty lines and cells": lambda rows: (table([[*row, "", ""] for row in rows]) + "\n,,,,,,,\n\n").encode(),
    "comment": lambda rows: ("# made by X; 2024, v1\n" + table(rows)).encode(),
    "hard blanks": lambda rows: table([[f"{cell}\u00a0" for cell in row] for row in rows]).encode(),
    "upper case": lambda rows: table([[name.upper() for name in rows[0]], *rows[1:]]).encode(),
}


def plain(found):
    """What a reader gives, as values that can be compared."""
    if dataclasses.is_dataclass(found) and not isinstance(found, type):
        return {one.name: plain(getattr(found, one.name)) for one in dataclasses.fields(found)}
    if isinstance(found, np.ndarray):
        return plain(found.tolist())
    if isinstance(found, list | tuple):
        return [plain(one) for one in found]
    if isinstance(found, Path):
        return found.name
    return None if isinstance(found, float) and math.isnan(found) else found


def read(reader, folder, content, name="table.csv"):
    folder.mkdir(exist_ok=True)
    (folder / name).write_bytes(content)
    return plain(reader(folder / name))


@pytest.mark.parametrize("kind", READERS)
@pytest.mark.parametrize("spelling", SPELLINGS)
def test_every_reader_takes_every_spelling(tmp_path, kind, spelling):
    reader, head, rows = READERS[kind]
    want = read(reader, tmp_path / "plain", SPELLINGS["plain"]([head, *rows]))
    if kind == "votes" and spelling == "upper case":
        head = ["CLIP", "CONDITION", *head[2:]]
        assert read(reader, tmp_path / "other", table([head, *rows]).encode()) == want
        return
    found = read(reader, tmp_path / "other", SPELLINGS[spelling]([head, *rows]))
    if kind == "manifest":  # it says in which line something stands
        for one in (*want, *found):
            one.pop("where")
    assert found == want


NUMBERS = ("score", "joy", "response_s", "confidence", "time_s", "valence", "start_s")
NO_NUMBERS = ["1_3", "４", "inf", "1e999", "0x10", "1.234,5", "03. Jan", "+-3", "1 000", "#REF!", "00:00:01.5", "two"]


@pytest.mark.parametrize("kind", [kind for kind, (_, head, _) in READERS.items() if set(head) & set(NUMBERS)])
@pytest.mark.parametrize("text", NO_NUMBERS)
def test_every_reader_refuses_what_is_no_number_with_its_line(tmp_path, kind, text):
    reader, head, rows = READERS[kind]
    for column in (name for name in head if name in NUMBERS):
        wrong = [list(row) for row in rows]
        wrong[-1][head.index(column)] = text
        with pytest.raises(UserError) as refused:
            read(reader, tmp_path / column, table([head, *wrong], ";").encode())
        said = refused.value.what
        assert f"line {len(rows) + 1}" in said, said
        assert "table.csv" in said or "a.txt" in said, said
        assert column in said or text in said, said
        assert refused.value.todo


MISSING = ["", "NA", "N/A", "n.a.", "NaN", "None", "null", "NULL", ".", "#N/A", "<NA>", " ", "missing"]
MAY_BE_MISSING = {
    "ratings": "score", "categories": "category", "votes": "joy", "tidy intensities": "score",
    "tidy categories": "category", "answers": "confidence", "traces": "valence", "aff-wild": "valence",
}  # fmt: skip
"""The ranges of a manifest are none of these: a formula that failed there must not stand for the whole clip."""


@pytest.mark.parametrize("kind", MAY_BE_MISSING)
def test_every_reader_takes_every_word_for_missing_alike(tmp_path, kind):
    reader, head, rows = READERS[kind]
    at = head.index(MAY_BE_MISSING[kind])
    found = []
    for number, text in enumerate(MISSING):
        wrong = [list(row) for row in rows]
        wrong[-1][at] = text
        found.append(read(reader, tmp_path / str(number), table([head, *wrong]).encode()))
        if isinstance(found[-1], dict):
            found[-1].pop("notes", None)  # they name the word
    assert all(one == found[0] for one in found)
    there = read(reader, tmp_path / "there", table([head, *rows]).encode())
    if isinstance(there, dict):
        there.pop("notes", None)
    assert found[0] != there
