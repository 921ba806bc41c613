"""`affectograph demo` without a window: it says where the project lies, and its page is for people."""

import argparse
import re

import cv2
import numpy as np
import pytest

from app.cli import main
from app.cli.demo import register
from app.cli.demo_report import shot_title
from app.errors import UserError
from app.jobs import Context
from app.services.demo.project import demo_path, ensure_demo_project, version_of
from app.services.demo.report import Screenshot, write_page
from app.services.projects.files import open_project
from app.ui.screens import find_screens
from tests.data.projects import outputs


@pytest.mark.slow
@pytest.mark.process
@pytest.mark.timeout(1200)
def test_it_says_where_the_project_and_the_report_lie(tmp_path, capsys, monkeypatch):
    # What `make run` does without a display, whole: the tour through the window is a part of it.
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    out = tmp_path / "report"
    assert main(["demo", "--headless", "--out", str(out)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == f"demo project: {demo_path()}"
    assert demo_path().is_file()
    assert lines[-1] == f"report: {out / 'index.html'}"
    shot = tmp_path / "07_study_assignment.png"
    cv2.imwrite(str(shot), np.zeros((4, 4, 3), np.uint8))
    page = write_page(ensure_demo_project(Context()), out, [Screenshot(shot, shot_title(shot))], Context()).read_text(
        "utf-8"
    )
    headings = re.findall(r"<h2>(.*?)</h2>", page)
    assert headings[-1] == "Study assignment"
    assert not any("_" in heading for heading in headings)
    assert "ExecutionProvider" not in page


@pytest.mark.parametrize(
    ("name", "title"),
    [("07_study_assignment", "study assignment"), ("31_about", "about"), ("04-timeline-zoomed", "timeline zoomed")],
)
def test_titles_of_pictures(tmp_path, name, title):
    assert shot_title(tmp_path / f"{name}.png") == title


@pytest.mark.parametrize("words", [["demo", "--headless"], ["demo", "--headless", "--retrain"], ["tour"]])
def test_a_place_that_cannot_be_written_is_told_before_the_work(tmp_path, capsys, words):
    (tmp_path / "file").write_text("")
    assert main([*words, "--out", str(tmp_path / "file" / "report")]) == 1
    said = capsys.readouterr()
    assert "could not be written" in said.err
    assert said.out == ""
    assert not demo_path().exists()


def test_a_demo_project_of_an_older_version_is_brought_up_to_date(tmp_path):
    old = outputs.unpack("0.1", "sound", tmp_path / "old")
    with pytest.raises(UserError, match="older version"):
        open_project(old, read_only=True)
    assert version_of(old) is None, "it is not a demo, but it can be asked"
    assert len(list(old.parent.glob("*.bak"))) == 1
    open_project(old, read_only=True).close()


def test_every_screen_can_be_the_first_and_no_other(capsys):
    parser = argparse.ArgumentParser()
    register(parser.add_subparsers())
    for screen in find_screens():
        assert parser.parse_args(["open", "--screen", screen.id]).screen == screen.id
    with pytest.raises(SystemExit):
        parser.parse_args(["open", "--screen", "attic"])
    assert "choose from review" in capsys.readouterr().err
