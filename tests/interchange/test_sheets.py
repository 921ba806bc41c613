"""Spreadsheet files as they come: separators, encodings, decimal commas, empty cells, items and passes."""

import csv
import io

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.errors import UserError
from app.interchange.label_sheet import ItemBook, NameColumn, TimeColumns, condition_of, open_sheet, pass_no

texts = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"], exclude_characters="\0\r"), max_size=8)


def saved(folder, content, encoding="utf-8"):
    path = folder / "labels.csv"
    path.write_bytes(content.encode(encoding))
    return path


def rows_of(path):
    with open_sheet(path) as sheet:
        return sheet.header, list(sheet.rows)


@given(
    separator=st.sampled_from(",;\t|"),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
    cells=st.lists(st.tuples(texts, texts).filter(lambda row: any(cell.strip() for cell in row)), max_size=6),
)
def test_cells_come_back_from_every_dress(tmp_path_factory, separator, encoding, cells):
    text = io.StringIO()
    writer = csv.writer(text, delimiter=separator, lineterminator="\n")
    writer.writerow(["clip", "comment", "score"])
    writer.writerows([*row, "3"] for row in cells)
    header, rows = rows_of(saved(tmp_path_factory.mktemp("sheet"), text.getvalue(), encoding))
    assert header == ["clip", "comment", "score"]
    assert [cells for _, cells in rows] == [[*row, "3"] for row in cells]


def test_lines_are_counted_as_an_editor_counts_them(tmp_path):
    _, rows = rows_of(saved(tmp_path, "# from the lab\n\nclip,score\na,1\n\nb,2\n"))
    assert rows == [(4, ["a", "1"]), (6, ["b", "2"])]


@pytest.mark.parametrize(
    ("content", "encoding", "said"),
    [
        ("", "utf-8", "is empty"),
        ("# only a remark\n\n", "utf-8", "is empty"),
        ("clip,Score,score\n", "utf-8", "names a column twice: score"),
        ("clip,note\na,Grün\n", "latin-1", "is not UTF-8"),
        ("clip,score\na,1,2\n", "utf-8", "line 2: 3 cells, but the header names 2 columns"),
    ],
)
def test_what_is_no_table_is_refused_with_its_place(tmp_path, content, encoding, said):
    with pytest.raises(UserError) as refused:
        rows_of(saved(tmp_path, content, encoding))
    assert said in refused.value.what
    assert refused.value.todo


def test_short_rows_are_filled_and_empty_cells_at_the_end_are_no_column(tmp_path):
    header, rows = rows_of(saved(tmp_path, "clip,score,,\na\nb,2,,\n,,,\n"))
    assert header == ["clip", "score"]
    assert [cells for _, cells in rows] == [["a", ""], ["b", "2"]]


def test_columns_of_ours_are_found_in_any_case_and_those_of_others_are_kept_apart(tmp_path):
    with open_sheet(saved(tmp_path, "CLIP,Happy,happy\na,1,2\n")) as sheet:
        assert sheet.at["clip"] == 0
        assert sheet.header == ["CLIP", "Happy", "happy"]
        with pytest.raises(UserError, match=r"no column rater, score \(its columns: CLIP, Happy, happy\)"):
            sheet.need("clip", "rater", "score")


@given(st.floats(allow_nan=False, allow_infinity=False), st.booleans())
def test_numbers_are_read_as_they_were_written(tmp_path_factory, value, comma):
    separator = ";" if comma else ","
    with open_sheet(saved(tmp_path_factory.mktemp("n"), f"clip{separator}score\n")) as sheet:
        text = repr(value).replace(".", ",") if comma else repr(value)
        assert sheet.number(f" {text} ", 2, "score") == value


@pytest.mark.parametrize("text", ["", " ", "NA", "n/a", "NaN", "None", "null", "."])
def test_what_stands_for_nothing_is_no_number(tmp_path, text):
    with open_sheet(saved(tmp_path, "clip,score\n")) as sheet:
        assert np.isnan(sheet.number(text, 2, "score"))


@pytest.mark.parametrize("text", ["inf", "-Infinity", "1e999", "three", "1,5", "0x10"])
def test_what_is_no_finite_number_is_refused(tmp_path, text):
    with open_sheet(saved(tmp_path, "clip,score\n")) as sheet, pytest.raises(UserError) as refused:
        sheet.number(text, 7, "score")
    assert f"line 7: score is “{text}”, not a" in refused.value.what


def book_of(path):
    with open_sheet(path) as sheet:
        book = ItemBook(sheet)
        found = [book.add(line, row) for line, row in sheet.rows]
    return book, found


def test_items_are_known_by_clip_and_item_and_take_the_first_subject_that_is_named(tmp_path):
    book, found = book_of(saved(tmp_path, "clip,item,subject\na,1,\na,1,S1\nb,1,S2\na,1,S3\nb,,\n"))
    assert found == [0, 0, 1, 0, 2]
    items = book.items()
    assert items.names == ("a/1", "b/1", "b")
    assert [items.subject.names[code] if code >= 0 else "" for code in items.subject.codes] == ["S1", "S2", ""]
    assert book.notes() == ["1 row names another subject for an item than its first row; the first was kept."]


def test_a_file_of_items_alone_has_clips_of_the_same_names(tmp_path):
    book, found = book_of(saved(tmp_path, "item\nx\ny\nx\n"))
    assert found == [0, 1, 0]
    assert book.items().names == book.items().clip.names == ("x", "y")
    assert book.notes() == []
    with pytest.raises(UserError, match="no column clip"):
        book_of(saved(tmp_path, "subject\nS1\n"))


@pytest.mark.parametrize(("text", "number"), [("", 1), ("1", 1), ("2.0", 2), (" 3 ", 3)])
def test_passes_are_counted_from_one(tmp_path, text, number):
    with open_sheet(saved(tmp_path, "clip,pass\n")) as sheet:
        assert pass_no(sheet, 2, ["a", text]) == number


@pytest.mark.parametrize("text", ["0", "-1", "1.5"])
def test_no_other_passes_are_taken(tmp_path, text):
    with open_sheet(saved(tmp_path, "clip,pass\n")) as sheet, pytest.raises(UserError, match=r"not 1, 2, …"):
        pass_no(sheet, 2, ["a", text])


def test_a_condition_is_in_every_line_or_nowhere(tmp_path):
    with open_sheet(saved(tmp_path, "clip,condition\n")) as sheet:
        assert condition_of(sheet, 2, ["a", " face_only "]) == "face_only"
        with pytest.raises(UserError, match="the condition is empty"):
            condition_of(sheet, 3, ["a", " "])
    with open_sheet(saved(tmp_path, "clip\n")) as sheet:
        assert condition_of(sheet, 2, ["a"]) == "all"


def test_names_become_codes_in_order_of_first_appearance():
    column = NameColumn()
    assert [column.add(name) for name in ("b", "a", "", "b")] == [0, 1, -1, 0]
    assert (column.factor().names, column.factor().codes.tolist()) == (("b", "a"), [0, 1, -1, 0])


def test_moments_are_read_in_every_zone_and_unknown_ones_are_missing(tmp_path):
    path = saved(
        tmp_path,
        "clip,answered_at,response_s\na,1970-01-01T00:00:10Z,1.5\na,1970-01-01T01:00:10+01:00,\na,10,2\na,soon,NA\n",
    )
    with open_sheet(path) as sheet:
        times = TimeColumns(sheet)
        for line, row in sheet.rows:
            times.add(line, row)
    answered, response = times.finished()
    np.testing.assert_array_equal(answered, [10, 10, 10, np.nan])
    np.testing.assert_array_equal(response, [1.5, np.nan, 2, np.nan])
    with open_sheet(saved(tmp_path, "clip\na\n")) as sheet:
        assert TimeColumns(sheet).finished() == (None, None)
