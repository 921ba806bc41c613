"""Spreadsheet files as they come: separators, encodings, decimal commas, empty cells, items and passes."""

import csv
import io

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.errors import UserError
from app.interchange.label_sheet import condition_of, open_labels, pass_no, place_of
from app.interchange.sheet import open_sheet
from app.interchange.tidy_ratings import ItemBook, NameColumn, read_categories, read_ratings

texts = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"], exclude_characters="\0\r"), max_size=8)


def saved(folder, content, encoding="utf-8"):
    path = folder / "labels.csv"
    path.write_bytes(content.encode(encoding))
    return path


def rows_of(path):
    with open_labels(path) as sheet:
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
        ("clip,Score,score\n", "utf-8", "has more than one column of the same name: score"),
        ("clip,note\na,Grün\n", "latin-1", "labels.csv is not UTF-8 text: line 2, column 5 holds the byte 0xFC."),
        ("clip,note\r\na,b\r\n" * 700 + "€\n", "cp1252", "is not UTF-8 text: line 1401, column 1 holds the byte 0x80."),
        ("PK\x03\x04 and more\n", "latin-1", "is an Excel or LibreOffice workbook"),
        ("sep=x\nclip,score\n", "utf-8", "line 1: “x” does not separate cells"),
        ('clip,score\nb,1\na,"1\n', "utf-8", "line 3: this cannot be read as CSV"),
        ("clip,score\na,\0\n", "utf-8", "line 2: score holds a zero byte"),
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


@given(st.floats(-1e50, 1e50), st.booleans())
def test_numbers_are_read_as_they_were_written(tmp_path_factory, value, comma):
    separator = ";" if comma else ","
    with open_sheet(saved(tmp_path_factory.mktemp("n"), f"clip{separator}score\n")) as sheet:
        text = repr(value).replace(".", ",") if comma else repr(value)
        assert sheet.number(f" {text} ", 2, "score") == value


@pytest.mark.parametrize("text", ["", " ", "NA", "n/a", "NaN", "None", "null", ".", "#N/A", "<NA>", "#NA", "n.a."])
def test_what_stands_for_nothing_is_no_number(tmp_path, text):
    with open_sheet(saved(tmp_path, "clip,score\n")) as sheet:
        assert np.isnan(sheet.number(text, 2, "score"))


@pytest.mark.parametrize(
    "text", ["inf", "-Infinity", "1e999", "three", "1,5", "0x10", "1_3", "４", "03. Jan", "1.234,5", "1 000", "+-3"]
)
def test_what_is_no_finite_number_is_refused(tmp_path, text):
    with open_sheet(saved(tmp_path, "clip,score\n")) as sheet, pytest.raises(UserError) as refused:
        sheet.number(text, 7, "score")
    assert f"line 7: score is “{text}”, not a" in refused.value.what


def test_an_error_of_a_spreadsheet_is_neither_a_number_nor_a_category(tmp_path):
    path = saved(tmp_path, "clip,rater,emotion,score\na,R,joy,#DIV/0!\n")
    with pytest.raises(UserError, match=r"line 2: score is “#DIV/0!”, an error of the spreadsheet"):
        read_ratings(path)
    path = saved(tmp_path, "clip,rater,category\na,R,#REF!\n")
    with pytest.raises(UserError, match=r"line 2: category is “#REF!”, an error of the spreadsheet"):
        read_categories(path)


def book_of(path):
    with open_labels(path) as sheet:
        book = ItemBook()
        found = [book.add(place_of(sheet, line, row, rater=False)) for line, row in sheet.rows]
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
        read_ratings(saved(tmp_path, "subject,rater,emotion,score\nS1,R,joy,1\n"))


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
    header = "clip,rater,emotion,score,answered_at,response_s\n"
    lines = "a,R,e,1,1970-01-01T00:00:10Z,1.5\na,S,e,1,1970-01-01T01:00:10+01:00,\na,T,e,1,10,2\na,U,e,1,NA,#N/A\n"
    table = read_ratings(saved(tmp_path, header + lines))
    np.testing.assert_array_equal(table.answered_s, [10, 10, 10, np.nan])
    np.testing.assert_array_equal(table.response_s, [1.5, np.nan, 2, np.nan])
    table = read_ratings(saved(tmp_path, "clip,rater,emotion,score\na,R,e,1\n"))
    assert (table.answered_s, table.response_s) == (None, None)
    with pytest.raises(UserError, match="line 2: answered_at is “soon”, not a date and time"):
        read_ratings(saved(tmp_path, header + "a,R,e,1,soon,\n"))


PLAIN = "clip{0}condition{0}rater{0}emotion{0}score\nclip1.mp4{0}face_only{0}01{0}joy{0}2{1}5\n"


@pytest.mark.parametrize(
    "content",
    [
        PLAIN.format(",", ".").encode(),
        PLAIN.format(";", ",").replace("\n", "\r\n").encode("utf-8-sig"),
        PLAIN.format(";", ".").encode(),
        ("sep=;\r\n" + PLAIN.format(";", ",")).encode(),
        ('"sep=,"\r\n' + PLAIN.format(",", ".")).encode(),
        ("SEP=|\n" + PLAIN.format("|", ",")).encode(),
        b"\xff\xfe" + PLAIN.format("\t", ",").encode("utf-16-le"),
        b"\xfe\xff" + PLAIN.format("\t", ".").encode("utf-16-be"),
        PLAIN.format("\t", ".").encode("utf-16-le"),
        PLAIN.format(",", ".").encode("utf-16-be"),
        PLAIN.format(",", ".").encode("utf-32"),
        PLAIN.format(",", ".").replace("\n", "\r").encode(),
        ("# made by X; 2024, v1\n# more\n" + PLAIN.format(",", ".")).encode(),
        PLAIN.format(", ", ".").encode(),
        PLAIN.format(",", ".").replace("01,", "01\u00a0,").encode(),
        PLAIN.format(",", ".").replace("\n", ",,,\n").encode(),
        (b'clip,condition,rater,emotion,score,"free, semicolon; ; ; ; ; ; text"\nclip1.mp4,face_only,01,joy,2.5,x\n'),
        (b'"a comment\nin; two; lines",clip,condition,rater,emotion,score\n"1\n\n2",clip1.mp4,face_only,01,joy,2.5\n'),
    ],
)
def test_one_table_in_every_spelling_is_one_table(tmp_path, content):
    path = tmp_path / "labels.csv"
    path.write_bytes(content)
    table = read_ratings(path)
    assert table.items.names == ("clip1.mp4",)
    assert (table.condition.names, table.rater.names, table.emotion.names) == (("face_only",), ("01",), ("joy",))
    assert table.score.tolist() == [2.5]


def test_lines_are_counted_through_cells_of_several_lines(tmp_path):
    path = saved(tmp_path, 'clip,comment,score\na,"two\nlines",1\nb,"three\r\n\r\nlines",1_3\n')
    with open_sheet(path) as sheet:
        assert [line for line, _ in sheet.rows] == [2, 4]


def test_decimal_commas_and_points_are_not_mixed(tmp_path):
    path = saved(tmp_path, "clip;rater;emotion;score\na;R;joy;1,5\na;S;joy;3\na;T;joy;1.234\n")
    with pytest.raises(UserError, match=r"line 4: score is “1\.234” with a point, but line 2 has a decimal comma"):
        read_ratings(path)
