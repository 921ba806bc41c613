"""Tables as CSV, workbook and clipboard: numbers are numbers, text that looks like a formula is text."""

import csv
import io
import math
import zipfile
from xml.etree import ElementTree

import pytest

from app.domain.spreadsheet import plain
from app.domain.tables import Heading, Table, file_stem
from app.errors import UserError
from app.interchange.table_files import EXPLANATIONS, clipboard_text, sheet_names, write_table_file

NS = {"m": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}
TABLE = Table(
    "Raters: first/last",
    (Heading("rater"), Heading("response", "s", "time to the answer"), Heading("clip_sha256"), Heading("n")),
    (
        ("=1+1", 0.125, "a" * 64, 3),
        ("@who", math.nan, "", 0),
        ("-2 to 2", -1.5e-7, "b\tc", 2**60),
        ("lat\udce9in", math.inf, "007", None),
    ),
    (("left out", "R09"),),
)


def sheets(path):
    """Every sheet of a workbook: name → rows of (type, value); a cell that is not there is None."""
    found = {}
    with zipfile.ZipFile(path) as book:
        shared = ["".join(item.itertext()) for item in ElementTree.fromstring(book.read("xl/sharedStrings.xml"))]
        whole = ElementTree.fromstring(book.read("xl/workbook.xml"))
        names = [one.get("name") for one in whole.iterfind(".//m:sheet", NS)]
        for number, name in enumerate(names, 1):
            page = ElementTree.fromstring(book.read(f"xl/worksheets/sheet{number}.xml"))
            assert page.findall(".//m:f", NS) == []  # no formula anywhere
            rows = []
            for row in page.findall(".//m:row", NS):
                cells = {}
                for cell in row.findall("m:c", NS):
                    text = cell.find("m:v", NS).text
                    column = ord(cell.get("r")[0]) - ord("A")
                    cells[column] = shared[int(text)] if cell.get("t") == "s" else float(text)
                rows.append([cells.get(at) for at in range(max(cells) + 1)] if cells else [])
            found[name] = rows
    return found


def test_numbers_are_numbers_and_formulas_are_text_in_a_workbook(tmp_path):
    write_table_file(tmp_path / "a.xlsx", [TABLE, TABLE], about=[("program", "Affectograph")])
    found = sheets(tmp_path / "a.xlsx")
    assert list(found) == ["Raters first last", "Raters first last 2", EXPLANATIONS]
    head, *rows = found["Raters first last"]
    assert head == ["rater", "response (s)", "clip_sha256", "n"]
    assert rows == [
        ["=1+1", 0.125, "a" * 64, 3.0],
        ["@who", None, None, 0.0],
        ["-2 to 2", -1.5e-7, "b\tc", str(2**60)],
        ["lat\\xE9in", "inf", "007"],
    ]


def test_the_sheet_of_explanations_has_every_column_and_the_origin(tmp_path):
    write_table_file(tmp_path / "a.xlsx", [TABLE], about=[("program", "Affectograph 9")])
    _, *rows = sheets(tmp_path / "a.xlsx")[EXPLANATIONS]
    assert ["Raters first last", "response (s)", "s", "time to the answer"] in rows
    # what the data dictionary knows needs no words of its own
    assert ["Raters first last", "clip_sha256", None, "SHA-256 of the clip's bytes, hexadecimal"] in rows
    assert ["Raters first last", "left out", None, "R09"] in rows
    assert [None, "program", None, "Affectograph 9"] in rows


def test_csv_and_clipboard_give_the_table_back(tmp_path):
    write_table_file(tmp_path / "a.csv", [TABLE])
    for text, mark in (((tmp_path / "a.csv").read_text("utf-8"), ","), (clipboard_text(TABLE), "\t")):
        head, *rows = csv.reader(io.StringIO(text), delimiter=mark)
        assert head == ["rater", "response (s)", "clip_sha256", "n"]
        assert [row[0] for row in rows] == ["'=1+1", "'@who", "'-2 to 2", "lat\\xE9in"]
        assert [plain(row[0]) for row in rows[:3]] == ["=1+1", "@who", "-2 to 2"]
        assert [row[1] for row in rows] == ["0.125", "", "-1.5e-07", "inf"]
        assert float(rows[2][1]) == TABLE.rows[2][1]
        assert rows[2][2] == "b\tc"


def test_what_a_form_cannot_hold_is_refused_and_nothing_is_written(tmp_path):
    long = Table("Comments", (Heading("comment"),), (("x" * 40_000,),))
    with pytest.raises(UserError, match=r"longer than the 32,767 letters.*CSV"):
        write_table_file(tmp_path / "a.xlsx", [long])
    with pytest.raises(UserError, match="one table, not 2"):
        write_table_file(tmp_path / "a.csv", [TABLE, TABLE])
    with pytest.raises(UserError, match=r"\.ods"):
        write_table_file(tmp_path / "a.ods", [TABLE])
    (tmp_path / "mine.csv").write_text("mine")
    with pytest.raises(UserError, match="not written by this program"):
        write_table_file(tmp_path / "mine.csv", [TABLE])
    assert [path.name for path in tmp_path.iterdir()] == ["mine.csv"]


def test_names_of_sheets_and_files():
    assert sheet_names(["A" * 40, "a" * 40, "History", "[]"]) == ["A" * 31, f"{'a' * 29} 2", "History of it", "Sheet"]
    assert file_stem("demo", "Pairs of raters: κ") == "demo-pairs_of_raters_κ"
    assert file_stem("", "Pairs") == "Pairs"
