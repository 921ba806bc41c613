"""Tables for papers and for SPSS: what is printed, and what other programs read of it."""

import importlib.util
import math
import struct
import zipfile
from xml.etree import ElementTree

import pytest

from app.domain.tables import Heading, Table
from app.errors import UserError
from app.interchange.apa import MINUS, apa_tables, example
from app.interchange.latex_tables import latex_of
from app.interchange.table_files import TABLE_KINDS, write_table_file

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
ODD = Table(
    "A & B: <50 %>",
    (
        Heading("emotion"), Heading("rater"), Heading("score", "", "on the study's scale"), Heading("response", "s"),
        Heading("1st-note"), Heading("score"), Heading("ALL"),
    ),
    (
        ("joy", "R1", 3, 1.5, "=1+1 é", 1.0, None),
        ("joy", "R2", -1, math.nan, "", 2.0, 7),
        ("née", "R1", None, 1e12, "x\x01y", math.inf, -0.001),
    ),
    (("made by", "us"),),
)  # fmt: skip


def test_numbers_are_printed_as_apa_asks():
    (table,) = apa_tables([example()])
    assert table.rows == (("happy", "40", ".75", "< .001"), ("sad", "38", f"{MINUS}.04", ".200"))
    assert table.words == (True, False, False, False)
    assert table.note == "alpha = Krippendorff's alpha."
    other = Table("T", (Heading("mean"), Heading("kappa"), Heading("low")), ((0.5, 1.0, 0.2), (-0.001, math.nan, None)))
    assert apa_tables([other])[0].rows == (("0.50", "1.00", ".20"), ("0.00", "", ""))
    several = apa_tables([example(), other])
    assert [one.number for one in several] == [1, 2]


def written(tmp_path, suffix, *tables):
    path = tmp_path / f"t{suffix}"
    write_table_file(path, tables)
    return path


def test_a_word_document_holds_numbered_tables_with_three_rules(tmp_path):
    path = written(tmp_path, ".docx", example(), ODD)
    with zipfile.ZipFile(path) as packed:
        assert packed.testzip() is None
        body = ElementTree.fromstring(packed.read("word/document.xml"))[0]
    tables = body.findall(f"{W}tbl")
    assert [len(table.findall(f"{W}tr")) for table in tables] == [3, 4]
    words = ["".join(part.itertext()) for part in body.findall(f"{W}p")]
    assert words[:3] == ["Table 1", "Agreement", "Note. alpha = Krippendorff's alpha."]
    assert "A & B: <50 %>" in words
    head, *rest = tables[0].findall(f"{W}tr")
    rules = (f"{W}top", f"{W}bottom")
    sides = [{rule.tag[len(W) :] for rule in row.iter() if rule.tag in rules} for row in (head, *rest)]
    assert sides == [{"top", "bottom"}, set(), {"bottom"}]
    again = written(tmp_path / "again", ".docx", example(), ODD)
    assert again.read_bytes() == path.read_bytes()


def test_latex_has_three_rules_a_note_and_no_bare_signs(tmp_path):
    text = written(tmp_path, ".tex", example(), ODD).read_text("utf-8")
    assert text.count(r"\toprule") == text.count(r"\midrule") == text.count(r"\bottomrule") == 2
    assert r"happy & 40 & .75 & $<$ .001 \\" in text
    assert r"\caption{A \& B: $<$50 \%>}" in text
    assert r"\item \textit{Note.} alpha = Krippendorff's alpha." in text
    assert latex_of([example()]).splitlines()[1:] == text.splitlines()[1 : text.splitlines().index(r"\end{table}") + 1]


def test_spss_holds_names_labels_and_missing_values(tmp_path):
    content = written(tmp_path, ".sav", ODD).read_bytes()
    assert content[:4] == b"$FL2"
    layout, elements, compression, weight, cases = struct.unpack("<5i", content[64:84])
    assert (layout, compression, weight, cases) == (2, 0, 0, 3)
    assert len(content) > elements * 8 * cases
    for name in ("V1=emotion", "V3=score", "V5=V_1st_note", "V6=score_2", "V7=ALL_"):
        assert name.encode() in content
    assert b"on the study's scale" in content
    assert struct.pack("<d", -struct.unpack("<d", b"\xff\xff\xff\xff\xff\xff\xef\x7f")[0]) in content


@pytest.mark.skipif(
    not all(importlib.util.find_spec(name) for name in ("pyreadstat", "pandas")), reason="pyreadstat is not installed"
)
def test_pyreadstat_reads_the_same(tmp_path):
    import pyreadstat

    frame, meta = pyreadstat.read_sav(str(written(tmp_path, ".sav", ODD)))
    assert meta.column_names == ["emotion", "rater", "score", "response", "V_1st_note", "score_2", "ALL_"]
    assert meta.variable_value_labels == {"emotion": {1.0: "joy", 2.0: "née"}, "rater": {1.0: "R1", 2.0: "R2"}}
    assert meta.column_names_to_labels["score"] == "on the study's scale (points)"
    assert frame["emotion"].tolist() == [1.0, 1.0, 2.0]
    assert frame["V_1st_note"].tolist()[0] == "=1+1 é"
    assert frame["response"].tolist()[2] == 1e12
    assert [math.isnan(value) for value in frame["score_2"]] == [False, False, True]


@pytest.mark.skipif(importlib.util.find_spec("docx") is None, reason="python-docx is not installed")
def test_python_docx_reads_the_same(tmp_path):
    import docx

    document = docx.Document(str(written(tmp_path, ".docx", example())))
    (table,) = document.tables
    assert [[cell.text for cell in row.cells] for row in table.rows][1] == ["happy", "40", ".75", "< .001"]


@pytest.mark.parametrize("suffix", [".csv", ".sav"])
def test_one_table_a_file(tmp_path, suffix):
    with pytest.raises(UserError, match="holds one table, not 2"):
        written(tmp_path, suffix, example(), ODD)


@pytest.mark.parametrize("suffix", TABLE_KINDS)
def test_an_empty_table_is_written_in_every_form(tmp_path, suffix):
    assert written(tmp_path, suffix, Table("Nothing", (Heading("a"), Heading("b")), ())).stat().st_size


def test_what_a_form_cannot_hold_is_said(tmp_path):
    with pytest.raises(UserError, match="which no paper prints"):
        written(tmp_path, ".docx", Table("Long", (Heading("n"),), tuple((n,) for n in range(2001))))
    with pytest.raises(UserError, match="255 bytes"):
        written(tmp_path, ".sav", Table("Long", (Heading("n"),), (("é" * 200,),)))
    with pytest.raises(UserError, match="Choose one of"):
        written(tmp_path, ".odt", example())
