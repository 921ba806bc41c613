"""The tidy files that a project is filled from: what they hold, what they refuse, moments to the microsecond."""

import csv

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.study_defaults import default_study, default_trace
from app.errors import UserError
from app.interchange import tidy
from app.interchange.data_dictionary import write_dictionary
from app.interchange.label_sheet import ANSWER_COLUMNS, CATEGORY_COLUMNS, INTENSITY_COLUMNS, TRACE_COLUMNS, Place


def saved(folder, content):
    path = folder / "labels.csv"
    path.write_text(content, encoding="utf-8")
    return path


@given(st.integers(0, 4 * 10**15))
def test_a_moment_keeps_its_microsecond(microseconds):
    at = microseconds / 1e6
    text = tidy.moment_text(at)
    assert text.endswith("Z")
    assert tidy.moment_of(text) == at
    assert tidy.moment_text(tidy.moment_of(text)) == text


def test_moments_that_are_not_known_or_written_otherwise():
    assert tidy.moment_text(None) == ""
    assert [tidy.moment_of(text) for text in ("", " ", "NA", "none")] == [None] * 4
    assert tidy.moment_of("12.5") == 12.5
    assert tidy.moment_of("1970-01-01T02:00:00+02:00") == 0
    assert tidy.moment_of("1970-01-01 00:00:01") == 1
    with pytest.raises(ValueError, match="soon"):
        tidy.moment_of("soon")


@pytest.mark.parametrize(
    ("header", "kind"),
    [
        ("clip,rater,emotion,score", "intensities"),
        ("clip,rater,category", "categories"),
        ("clip,rater,confidence", "answers"),
        ("clip,rater,comment", "answers"),
        ("clip,rater,time_s,arousal", "traces"),
        ("clip,rater,time_s,valence,category", "traces"),
    ],
)
def test_what_a_file_holds_is_told_by_its_columns(tmp_path, header, kind):
    assert tidy.kind_of(saved(tmp_path, header + "\n")) == kind


def test_another_table_is_refused(tmp_path):
    with pytest.raises(UserError, match="holds neither"):
        tidy.kind_of(saved(tmp_path, "clip,rater,time_s\n"))


def test_what_a_short_file_does_not_say_has_its_default(tmp_path):
    (row,) = tidy.read_intensities(saved(tmp_path, "item,rater,emotion,score\nx,R1,sad,3\n"))
    assert row == tidy.Judgement(Place("", "x", "x", "", "", "full_context", "R1", 1), "sad", 3, "", None, None)
    rows = tidy.read_intensities(saved(tmp_path, "clip,rater,emotion,score,missing_reason\na,R,e,,\na,R,e,NA,dark\n"))
    assert [(row.score, row.missing_reason) for row in rows] == [(None, "cannot_tell"), (None, "dark")]
    rows = tidy.read_categories(saved(tmp_path, "clip,rater,category,missing_reason\na,R,,\na,R,happy,dark\n"))
    assert [(row.name, row.missing_reason) for row in rows] == [("", "cannot_tell"), ("happy", "")]


@pytest.mark.parametrize(
    ("read", "content", "said"),
    [
        (
            tidy.read_intensities,
            "clip,rater,emotion,score\na,R,sad,2.5\n",
            "line 2: the score 2.5 is not a whole number",
        ),
        (tidy.read_intensities, "clip,rater,emotion,score\na,R,,2\n", "line 2: the emotion is empty"),
        (tidy.read_intensities, "clip,rater,emotion,score\na,,sad,2\n", "line 2: the rater is empty"),
        (tidy.read_intensities, "clip,rater,emotion,score\n,R,sad,2\n", "line 2: the clip is empty"),
        (tidy.read_intensities, "rater,emotion,score\nR,sad,2\n", "no column clip"),
        (tidy.read_intensities, "clip,emotion,score\na,sad,2\n", "no column rater"),
        (
            tidy.read_intensities,
            "clip,rater,emotion,score,answered_at\na,R,sad,2,soon\n",
            "line 2: answered_at is “soon”, not a date and time",
        ),
        (tidy.read_categories, "clip,rater,emotion\na,R,sad\n", "no column category"),
        (tidy.read_answers, "clip,rater,confidence\na,R,0\n", "the confidence 0.0 is not a whole number from 1"),
        (tidy.read_answers, "clip,rater,confidence\na,R,1.5\n", "the confidence 1.5 is not a whole number"),
        (tidy.read_traces, "clip,rater,valence\na,R,0\n", "no column time_s"),
        (tidy.read_traces, "clip,rater,time_s,valence\na,R,,0\n", "line 2: time_s is empty"),
        (
            tidy.read_traces,
            "clip,rater,time_s,valence\na,R,0,1.01\n",
            "line 2: valence is 1.01, and valence and",
        ),
        (tidy.read_raters, "rater,role\nR,rater\n", "no column simulated"),
    ],
)
def test_what_cannot_be_is_refused_with_its_place(tmp_path, read, content, said):
    with pytest.raises(UserError) as refused:
        read(saved(tmp_path, content))
    assert said in refused.value.what
    assert refused.value.todo


def test_confidence_and_comments_come_back(tmp_path):
    place = Place("faces", "a#1", "a.mp4", "f" * 64, "S1", "face_only", "R1", 2)
    rows = [
        tidy.AnswerDetail(place, 3, 'sure, "very"\nsecond line', 12.000001, 0.25),
        tidy.AnswerDetail(place._replace(rater="R2"), None, "", None, None),
    ]
    assert tidy.write_answers(tmp_path / "answers.csv", rows) == 2
    assert tidy.read_answers(tmp_path / "answers.csv") == rows
    assert tidy.kind_of(tmp_path / "answers.csv") == "answers"


def test_raters_come_back_and_a_word_other_than_yes_is_no(tmp_path):
    raters = [tidy.TidyRater("R1", "owner", False), tidy.TidyRater("S1", "rater", True)]
    assert tidy.write_raters(tmp_path / "raters.csv", raters) == 2
    assert tidy.read_raters(tmp_path / "raters.csv") == raters
    read = tidy.read_raters(saved(tmp_path, "rater,role,simulated\nA,rater,YES\nB,rater,perhaps\n"))
    assert [rater.simulated for rater in read] == [True, False]


def test_time_that_runs_back_or_another_dimension_begins_another_trace(tmp_path):
    lines = [
        *("a,R,0.0,0.1,,mouse", "a,R,0.1,,,mouse", "a,R,0.2,0.2,,mouse"),  # a pause belongs to its trace
        *("a,R,0.3,,0.5,mouse", "a,R,0.4,,0.6,mouse"),  # now arousal
        "a,R,0.1,,0.7,mouse",  # and once more from the beginning
        "b,R,0.2,0.9,,mouse",
        "a,R,0.5,,0.8,gamepad",
    ]
    found = tidy.read_traces(saved(tmp_path, "\n".join(["clip,rater,time_s,valence,arousal,device", *lines]) + "\n"))
    assert [(one.place.clip, one.samples.device, one.samples.times_s.tolist()) for one in found] == [
        ("a", "mouse", [0.0, 0.1, 0.2]),
        ("a", "mouse", [0.3, 0.4]),
        ("a", "mouse", [0.1]),
        ("b", "mouse", [0.2]),
        ("a", "gamepad", [0.5]),
    ]
    np.testing.assert_array_equal(found[0].samples.values[:, 0], np.float32([0.1, np.nan, 0.2]))
    assert found[0].samples.values.dtype == np.float32


def test_a_file_that_cannot_be_finished_leaves_the_old_one(tmp_path):
    path = tmp_path / "out" / "intensities.csv"
    path.parent.mkdir()
    place = Place("", "a", "a", "", "", "all", "R1", 1)
    row = tidy.Judgement(place, "sad", 1, "", None, None)
    tidy.write_intensities(path, [row])
    before = path.read_bytes()

    def broken():
        yield row
        raise MemoryError("in the middle")

    with pytest.raises(MemoryError):
        tidy.write_intensities(path, broken())
    assert path.read_bytes() == before
    assert list(path.parent.glob("[!.]*")) == [path]


def test_the_dictionary_names_every_column_of_every_file_with_the_values_of_the_studies(tmp_path):
    one = default_study("one")
    other = default_study("two", trace=False).next_version(confidence_levels=3)
    write_dictionary(tmp_path / "dictionary.csv", [one, other])
    with (tmp_path / "dictionary.csv").open(encoding="utf-8", newline="") as text:
        rows = list(csv.DictReader(text))
    files = {
        "intensities.csv": INTENSITY_COLUMNS,
        "categories.csv": CATEGORY_COLUMNS,
        "answers.csv": ANSWER_COLUMNS,
        "traces.csv": TRACE_COLUMNS,
        "raters.csv": tidy.RATER_COLUMNS,
        "presentations.csv": tidy.PRESENTATION_COLUMNS,
    }
    assert [(row["file"], row["column"]) for row in rows] == [(f, c) for f, columns in files.items() for c in columns]
    assert all(row["meaning"] and row["type"] for row in rows)
    values = {(row["file"], row["column"]): row["values"] for row in rows}
    assert values["intensities.csv", "study"] == "one, two"
    assert values["intensities.csv", "emotion"] == ", ".join(one.emotion_names)
    assert values["intensities.csv", "score"] == f"{one.scale.low} to {one.scale.high}"
    assert values["answers.csv", "confidence"].split(", ")[-1] == "1 to 3"
    assert values["traces.csv", "valence"] == "-1 to 1"
    required = {(row["file"], row["column"]) for row in rows if row["required"] == "yes"}
    assert ("intensities.csv", "score") in required
    assert ("intensities.csv", "subject") not in required
    only_traces = one.next_version(emotions=(), categories=(), trace=default_trace())
    write_dictionary(tmp_path / "dictionary.csv", [only_traces])
    with (tmp_path / "dictionary.csv").open(encoding="utf-8", newline="") as text:
        assert {row["values"] for row in csv.DictReader(text) if row["column"] in ("emotion", "score")} == {""}
