"""Everything that leaves a project, read by R (readxl, haven, jsonlite) and pandas as a laboratory would read it."""

import csv
import json
import math
import shutil
import subprocess
from contextlib import suppress
from functools import cache
from pathlib import Path

import pytest

from app.domain.tables import Heading, Table
from app.errors import UserError
from app.interchange.table_files import EXPLANATIONS, write_table_file
from app.services.archive.build import archive
from app.services.exchange.writing import TOOLS, export_for
from app.services.labels.export import export_labels
from app.services.rights.log import write_log
from db.project import Project
from tests.services.rights.test_archive import ABOUT

HERE = Path(__file__).parent
TABLE = Table(
    "Scores",
    (Heading("emotion"), Heading("rater"), Heading("score", "", "on the study's scale"), Heading("time", "s")),
    (("joy", "R1", 3, 1.5), ("joy", "R2", -1, math.nan), ("née", "R1", None, 0.1)),
)
pytestmark = pytest.mark.process


@cache
def r_can(*packages):
    """Whether there is R with some packages."""
    script = f"quit(status = !all(sapply(c({', '.join(map(repr, packages))}), requireNamespace, quietly = TRUE)))"
    return (
        shutil.which("Rscript") is not None and subprocess.run(["Rscript", "-e", script], check=False).returncode == 0
    )


def read_by_r(out, files):
    """What R sees of each file."""
    if not r_can("readxl", "haven", "jsonlite"):
        pytest.skip("R with readxl, haven and jsonlite is not installed")
    done = subprocess.run(
        ["Rscript", HERE / "reads.R", out, *files], check=False, capture_output=True, text=True
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "Warning" not in done.stderr, done.stderr
    return json.loads(out.read_text("utf-8"))


@pytest.fixture
def everything(path, tmp_path):
    """The files of every way out but figures and reports."""
    out = tmp_path / "out"
    with Project.open(path) as project:
        export_labels(project, out / "labels")
        for tool in TOOLS:
            with suppress(UserError):  # some of them have nothing to write
                export_for(project, out / tool, tool)
        archive(project, out / "archive", ABOUT)
        write_log(project, out / "audit.csv")
    for suffix in (".csv", ".xlsx", ".sav"):
        write_table_file(out / f"table{suffix}", [TABLE], about=[("made by", "us")])
    return out


def rows_of(path):
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file, delimiter="\t" if path.suffix == ".tsv" else ","))


def with_header(path):
    """Whether a text file is a table with a header; files of NOVA, CARMA and others begin otherwise."""
    rows = rows_of(path)
    return len(rows) > 1 and len({len(row) for row in rows}) == 1 and len(set(rows[0])) == len(rows[0])


def test_r_reads_every_export(everything, tmp_path):
    files = [one for one in everything.rglob("*") if one.suffix in (".json", ".xlsx", ".sav")]
    tables = [one for one in everything.rglob("*") if one.suffix in (".csv", ".tsv") and with_header(one)]
    assert len(tables) > 15
    found = read_by_r(tmp_path / "seen.json", [*files, *tables])
    for path in tables:
        (seen,) = found[str(path)]
        header, *rows = rows_of(path)
        assert (seen["names"], seen["rows"]) == (header, len(rows)), path
    for path in files:
        if path.suffix == ".json":
            assert found[str(path)], path


def test_numbers_and_labels_survive_in_excel_and_spss(everything, tmp_path):
    found = read_by_r(tmp_path / "seen.json", [everything / "table.xlsx", everything / "table.sav"])
    book = found[str(everything / "table.xlsx")]
    assert set(book) == {"Scores", EXPLANATIONS}
    sheet = book["Scores"]
    assert sheet["names"] == ["emotion", "rater", "score", "time (s)"]
    assert sheet["numeric"] == ["score", "time (s)"]
    assert sheet["columns"]["score"] == [3, -1, None]
    assert sheet["columns"]["time (s)"] == [1.5, None, 0.1]
    (spss,) = found[str(everything / "table.sav")]
    assert spss["names"] == ["emotion", "rater", "score", "time"]
    assert spss["labels"]["score"] == "on the study's scale (points)"
    assert spss["values"]["emotion"] == {"joy": 1, "née": 2}
    assert spss["columns"]["emotion"] == [1, 1, 2]
    assert spss["columns"]["time"] == [1.5, None, 0.1]


def test_pandas_reads_every_table(everything):
    pd = pytest.importorskip("pandas")
    for path in everything.rglob("*"):
        if path.suffix in (".csv", ".tsv") and with_header(path):
            header, *rows = rows_of(path)
            seen = pd.read_csv(path, sep="\t" if path.suffix == ".tsv" else ",", dtype=str, encoding="utf-8-sig")
            assert (list(seen.columns), len(seen)) == (header, len(rows)), path
