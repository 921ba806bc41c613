"""The walk from clips to a report in the real window, and the page that tells it press by press."""

import re
from dataclasses import replace
from pathlib import Path
from zipfile import ZipFile

import pytest

import db.answers
import db.studies
from app.jobs import Context
from app.services.demo.twelve import SPEC, twelve_clips
from app.ui.tours.walk import first_study
from db.project import Project

PAGE = Path(__file__).resolve().parents[2] / "docs" / "first-study.md"
PRESS = re.compile(r"^\d+\. (?:[^*\n]*)\*\*(.+?)\*\*", re.MULTILINE)


def told():
    """The presses of the page, in its order."""
    text = PAGE.read_text("utf-8")
    numbers = [int(number) for number in re.findall(r"^(\d+)\. ", text, re.MULTILINE)]
    assert numbers == list(range(1, len(numbers) + 1))
    return PRESS.findall(text)


@pytest.mark.slow
def test_clips_become_a_report_by_the_presses_of_the_page(tmp_path, qapp, nothing_left):
    clips = twelve_clips(tmp_path, Context(), replace(SPEC, subjects=3, seconds=1.0, rate=10))
    assert len(clips) == 3
    assert first_study(clips, tmp_path / "pictures", work=tmp_path) == told()
    with Project.open(tmp_path / "Untitled.affectograph") as project:
        (record,) = db.studies.every(project)
        assert record.name == "Study 1"
        assert len(db.studies.items(project, record.id)) == 3
        assert db.answers.count(project, record.id) > 0
    report = (tmp_path / "Untitled-agreement.html").read_text("utf-8")
    assert "Untitled" in report
    assert "S01" in report
    assert len(list((tmp_path / "pictures").glob("*.png"))) == 15
    with ZipFile(tmp_path / "Untitled-reliability.docx") as word:
        body = word.read("word/document.xml").decode()
    assert "<w:tbl>" in body
    assert "Table 1" in body


def test_the_page_counts_its_presses():
    text = PAGE.read_text("utf-8")
    assert f"with {len(told())} presses and without typing" in " ".join(text.split())
    rows = re.findall(r"^\| [^|]+ \| (\d+) \|[^|]*\|$", text, re.MULTILINE)
    assert sum(map(int, rows[:-1])) == int(rows[-1])
