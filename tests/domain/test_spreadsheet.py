import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.spreadsheet import SheetWriter, escaped, plain


@pytest.mark.parametrize("cell", ["=1+1", "+x", "-x", "@SUM(A1)", "\t=1", "\r=1", "=HYPERLINK(A1)", "-1 to 1"])
def test_what_a_spreadsheet_would_run_is_written_as_text(cell):
    assert escaped(cell) == f"'{cell}"


@pytest.mark.parametrize(
    "cell", ["", "word", "-0.25", "+3", "-1e-05", "-inf", "it's", "'quoted'", "a=b", None, -2, 1.5]
)
def test_everything_else_stays(cell):
    assert escaped(cell) == cell


@given(st.text(alphabet="'=+-@\t\ra1.e \n"))
def test_what_was_written_is_read_back(cell):
    assert plain(str(escaped(cell))) == cell


def test_lines_of_a_file():
    out = io.StringIO()
    SheetWriter(out).writerows([("rater", "comment"), ("R1", "=cmd|' /C calc'!A0"), ("R2", "'-x")])
    read = list(csv.reader(io.StringIO(out.getvalue())))
    assert read[1][1].startswith("'=")
    assert [[plain(cell) for cell in row] for row in read[1:]] == [["R1", "=cmd|' /C calc'!A0"], ["R2", "'-x"]]
