"""`affectograph project` as a user types it: exit status, one line on stderr, nothing half-written."""

import json

import pytest

from app.cli import main
from db import engine, settings
from db.project import Project
from tests.media.clips import write_clip


@pytest.fixture
def say(capsys):
    """Run a command; gives its exit status and what it printed."""

    def run(*words):
        status = main(["project", *map(str, words)])
        printed = capsys.readouterr()
        return status, printed.out, printed.err

    return run


@pytest.fixture
def clip(tmp_path):
    return write_clip(tmp_path / "anna.mp4", 12)


@pytest.fixture
def project(tmp_path):
    Project.create(tmp_path / "p").close()
    return tmp_path / "p.affectograph"


def test_from_nothing_to_a_checked_project(say, tmp_path, clip):
    assert say("new", tmp_path / "study") == (0, f"made {tmp_path / 'study.affectograph'}\n", "")
    project = tmp_path / "study.affectograph"
    assert say("add", project, clip, "--subject", "S01") == (0, "1 added\n", "")
    assert say("add", project, clip) == (0, "0 added, 1 known already\n", "")
    status, out, err = say("info", project)
    assert (status, err) == (0, "")
    assert "1 videos" in out
    assert "anna.mp4" in out
    assert "S01" in out
    assert say("check", project) == (0, "no damage\n", "")
    assert sorted(path.name for path in tmp_path.glob("study*")) == ["study.affectograph"]


def test_info_as_json(say, project, clip):
    say("add", project, clip)
    table = json.loads(say("info", project, "--json")[1])
    assert (table["videos"], table["rows"]["clip"]) == (1, 1)
    assert [(one["name"], one["frames"], one["missing"]) for one in table["clips"]] == [("anna.mp4", 12, False)]


def test_refused_clips_are_one_line_each_and_the_others_go_on(say, project, clip, tmp_path):
    (tmp_path / "bad.mp4").write_text("no video")
    status, out, err = say("add", project, tmp_path / "bad.mp4", clip, tmp_path / "gone.mp4")
    assert status == 1
    assert out == "1 added, 2 refused\n"
    lines = err.splitlines()
    assert len(lines) == 2
    assert all(line.startswith("affectograph: ") for line in lines)


def test_a_manifest(say, project, clip, tmp_path):
    (tmp_path / "list.csv").write_text("path,subject\nanna.mp4,S07\n")
    assert say("add", project, "--manifest", tmp_path / "list.csv") == (0, "1 added\n", "")
    assert "S07" in say("info", project)[1]


@pytest.mark.parametrize(
    "words",
    [
        ("new", "{project}"),
        ("add", "{project}"),
        ("add", "{project}", "{empty}"),
        ("info", "{empty}/no"),
        ("check", "x"),
    ],
)
def test_what_is_refused_is_one_line_and_status_one(say, project, tmp_path, words):
    (tmp_path / "empty").mkdir()
    status, _, err = say(*(word.format(project=project, empty=tmp_path / "empty") for word in words))
    assert status == 1
    assert err.startswith("affectograph: ")
    assert err.count("\n") == 1


def test_usage(say, project):
    with pytest.raises(SystemExit) as left:
        say("frobnicate", project)
    assert left.value.code == 2


def test_check_exits_one_on_damage_only(say, project, clip):
    say("add", project, clip)
    moved = clip.rename(clip.with_name("moved.mp4"))
    status, out, _ = say("check", project)
    assert status == 0
    assert out.startswith("note: ")
    assert say("relink", project, clip.parent)[:2] == (0, f"found anna.mp4 at {moved}\n")
    with moved.open("ab") as file:
        file.write(b"edited")
    status, out, _ = say("check", project)
    assert status == 1
    assert "has changed" in out


def test_check_of_a_damaged_file(say, project, clip):
    say("add", project, clip)
    with project.open("r+b") as file:
        file.seek(8 * 4096)
        file.write(b"\xff" * 4096)
    status, out, err = say("check", project)
    assert status == 1
    assert "damage" in out + err


def test_relink_says_what_it_did_not_find(say, project, clip, tmp_path):
    say("add", project, clip)
    clip.unlink()
    status, _, err = say("relink", project, tmp_path)
    assert status == 1
    assert "anna.mp4 was not found" in err


def test_a_project_in_use_by_another_writer(say, project, clip, monkeypatch):
    monkeypatch.setattr(engine, "BUSY_TIMEOUT_S", 0.2)
    with Project.open(project) as other, other.write():
        status, _, err = say("add", project, clip)
    assert status == 1
    assert "Another program is writing" in err


def test_a_backup_of_an_open_project_is_whole(say, project, clip, tmp_path):
    say("add", project, clip)
    with Project.open(project) as held:
        settings.put(held, "in the log", True)
        assert say("backup", project, tmp_path / "copy.affectograph")[0] == 0
    assert say("check", tmp_path / "copy.affectograph") == (0, "no damage\n", "")
    with Project.open(tmp_path / "copy.affectograph") as copy:
        assert settings.get(copy, "in the log") is True
    status, _, err = say("backup", project, tmp_path / "copy.affectograph")
    assert status == 1
    assert "exists already" in err
    assert say("backup", project)[0] == 0
    assert len(list(tmp_path.glob("p-*.affectograph"))) == 1
    status, _, err = say("backup", project, tmp_path / "no" / "where.affectograph")
    assert status == 1
    assert not list(tmp_path.glob(".*.new"))


def test_a_project_is_no_clip(say, project):
    status, _, err = say("add", project, project)
    assert status == 1
    assert "is a project, not a clip" in err
