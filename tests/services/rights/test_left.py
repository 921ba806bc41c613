"""Lines of the audit log on what left a project, by every command that takes something out of it."""

from pathlib import Path

import pytest

import db.audit
import db.raters
from app.cli import main
from app.errors import UserError
from app.services.consent.left import COPY, note_left
from app.services.rights.log import lines
from app.services.study.kits import make_kit
from app.services.study.reviewers import add_owner
from db.project import Project
from tests.services.rights.filled import RATER

WAYS = {
    "labels": ("ratings", "export", "{p}", "--out", "{out}"),
    "ELAN": ("export", "--project", "{p}", "--format", "eaf", "--out", "{out}"),
    "notes": ("notes", "{p}", "--csv", "{out}.csv"),
    "agreement": ("agreement", "{p}", "--bootstrap", "0", "--json", "{out}.json"),
    "model of raters": ("raters", "{p}", "--json", "{out}.json"),
    "gold standards": ("gold", "{p}", "--json", "{out}.json"),
    "plan from labels": (
        "plan", "{p}", "--width", "0.5", "--repetitions", "2", "--raters", "3", "--items", "4", "--json", "{out}.json",
    ),
    "Smiles": ("archive", "{p}", "--out", "{out}", "--title", "Smiles"),
}  # fmt: skip
COUNTED = {"labels": "rows", "ELAN": "files", "notes": "rows", "gold standards": "rows", "Smiles": "tables"}


def left(path):
    with Project.open(path, read_only=True) as project:
        return [
            one for one in db.audit.recent(project) if one.action in ("export.write", "export.copy", "archive.make")
        ]


@pytest.mark.parametrize("what", WAYS)
def test_every_command_notes_who_took_what_where(path, tmp_path, what):
    with Project.open(path) as project:
        add_owner(project, "OWNER", "")
    before = len(left(path))
    words = [word.format(p=path, out=tmp_path / "out") for word in WAYS[what]]
    assert main([*words, *(("--as", "OWNER") if what != "Smiles" else ())]) == 0
    (line,) = left(path)[: len(left(path)) - before]
    assert line.detail["what"] == what
    assert Path(line.detail["to"]).exists()
    assert line.actor == ("OWNER" if what != "Smiles" else "")
    if what in COUNTED:
        assert line.detail[COUNTED[what]] > 0
    assert RATER not in str(line.detail), "a line names no rater"


def test_kits_and_copies_are_noted_and_told_in_words(path, tmp_path):
    with Project.open(path) as project:
        make_kit(project, "R02", tmp_path / "kit")
        note_left(project, "Raters", None, counts={"rows": 3}, action=COPY)
        copy, kit = lines(project, 2)
    assert (kit.what, copy.what) == ("A kit was made", "Data were copied to the clipboard")
    assert f"to: {tmp_path / 'kit'}" in kit.facts
    assert copy.facts == "what: Raters; rows: 3"


def test_a_project_that_nobody_can_write_keeps_no_line_and_stops_nothing(path, tmp_path):
    path.chmod(0o444)
    path.parent.chmod(0o555)
    try:
        with Project.open(path, read_only=True) as project:
            note_left(project, "labels", tmp_path)
    finally:
        path.parent.chmod(0o755)


def test_what_is_written_but_not_noted_is_said_to_be_written(path, tmp_path, monkeypatch):
    def full(*_args):
        raise UserError("The disk is full.", "Make room.")

    monkeypatch.setattr(db.audit, "add", full)
    with pytest.raises(UserError, match=r"table.csv is written, but the project's audit log could not be: The disk"):
        note_left(path, "table", tmp_path / "table.csv")
    with pytest.raises(UserError, match=r"^The disk is full"):
        note_left(path, "table", None)
