"""`affectograph project` as a user types it: exit status, one line on stderr, nothing half-written."""

import json
import shlex

import pytest

from app.cli import main
from app.services.projects import relink
from db import audit, clips, engine, settings
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
    assert "1 video (0.0 min), 0 images, 0 missing" in out
    assert "1 subject, 1 item, 0 raters, 0 gold standards" in out
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
    assert "already exists" in err
    assert say("backup", project)[0] == 0
    assert len(list(tmp_path.glob("p-*.affectograph"))) == 1
    status, _, err = say("backup", project, tmp_path / "no" / "where.affectograph")
    assert status == 1
    assert not list(tmp_path.glob(".*.new"))


def test_a_project_is_no_clip(say, project):
    status, _, err = say("add", project, project)
    assert status == 1
    assert "is a project, not a clip" in err


def test_another_subject_is_not_taken_silently(say, project, clip):
    say("add", project, clip)
    assert say("add", project, clip, "--subject", "S1") == (
        0,
        "0 added, 1 known already, 1 of them now with a subject\n",
        "",
    )
    status, out, err = say("add", project, clip, "--subject", "S9")
    assert (status, out) == (1, "0 added, 1 known already, 1 with another subject\n")
    assert "anna.mp4 is in the project already, with subject S1, not S9" in err
    words = shlex.split(err.split("`affectograph project ")[1].split("`")[0])
    assert words == ["set", "P", "anna.mp4", "--subject", "S9"]
    assert say("set", project, *words[2:]) == (0, "anna.mp4: subject S1 → S9\n", "")
    assert "S9" in say("info", project)[1]


def test_a_subject_is_set_by_name_or_file_and_stands_in_the_audit_log(say, project, clip):
    say("add", project, clip, "--subject", "S1")
    assert say("set", project, clip, "--subject", "")[1] == "anna.mp4: subject S1 → –\n"
    assert say("set", project, "anna.mp4", "--subject", "S2")[1] == "anna.mp4: subject – → S2\n"
    assert say("set", project, "anna.mp4", "--subject", "S2")[1] == "1 clip had that subject already\n"
    status, _, err = say("set", project, "anna.mp4", "bob.mp4", "--subject", "S3")
    assert status == 1
    assert "The project has no clip bob.mp4" in err
    with Project.open(project, read_only=True) as opened:
        lines = audit.recent(opened, action="edit.apply")
        assert [line.detail["title"] for line in lines] == ["Set subject S2", "Set subject –"]
        assert clips.by_name(opened, "anna.mp4").subject == "S2"


def test_the_way_to_a_missing_clip_is_said_wherever_it_is_missed(say, project, clip, tmp_path, monkeypatch):
    say("add", project, clip)
    assert say("relink", project, tmp_path) == (0, "no clip is missing\n", "")
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    clip.rename(elsewhere / "renamed.mp4")
    for action in ("info", "check"):
        assert "`affectograph project relink P FOLDER`" in say(action, project)[1]
        assert "copy it" not in say(action, project)[1]
    monkeypatch.setattr(relink, "can_write", lambda path: False)
    for action in ("info", "check"):
        assert "copy it first (`affectograph project backup P COPY`)" in say(action, project)[1]
    monkeypatch.undo()
    status, _, err = say("relink", project, tmp_path / "nowhere")
    assert status == 1
    assert "is not a folder" in err
    assert say("relink", project, elsewhere)[1] == f"found anna.mp4 at {elsewhere / 'renamed.mp4'}\n"
    assert "relink" not in say("info", project)[1]


def test_backup_is_a_command_of_its_own(project, tmp_path, capsys):
    with Project.open(project) as open_one:  # with an answer that is still in the log
        settings.put(open_one, "key", "in the log")
        assert main(["backup", str(project), str(tmp_path / "copy.affectograph")]) == 0
    assert "copied to" in capsys.readouterr().out
    with Project.open(tmp_path / "copy.affectograph", read_only=True) as copy:
        assert settings.get(copy, "key") == "in the log"
