"""Names whose bytes are not UTF-8, links to projects, and files that still grow."""

import json
import os
import sqlite3
import sys

import pytest

import db.clips
import db.items
from app.cli import main
from app.domain.path_text import again, json_safe, kept, shown
from app.errors import UserError
from app.files import sha256_of
from app.media.probe import media_hash, probe
from app.media.steady import steady
from app.services.projects.files import add_clips, create_project, open_project
from app.services.projects.relink import relink_missing
from app.services.study.kits import make_kit
from tests.media.clips import write_clip
from tests.study.helpers import make_study

LATIN = os.fsdecode(b"lat\xe9in.mp4")

posix = pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="file names are text there")


@pytest.mark.parametrize("name", ["a.mp4", "é.mp4", "日本.mp4", LATIN, "bytes:a.mp4", os.fsdecode(b"\xff\xfe/%41 b")])
def test_every_name_comes_back(name):
    text = kept(name)
    text.encode("utf-8")
    assert again(text) == name
    shown(name).encode("utf-8")
    made = json_safe(json.dumps({"path": name}, ensure_ascii=False))
    made.encode("utf-8")
    assert json.loads(made) == {"path": name}


def test_names_that_are_text_are_stored_and_shown_as_they_are():
    assert kept("day 1/é.mp4") == shown("day 1/é.mp4") == "day 1/é.mp4"
    assert kept(LATIN) == "bytes:lat%E9in.mp4"
    assert shown(LATIN) == r"lat\xE9in.mp4"


@pytest.fixture
def clip(tmp_path):
    plain = write_clip(tmp_path / "plain.mp4", 8)
    folder = tmp_path / os.fsdecode(b"d\xfcr")
    folder.mkdir()
    return plain.rename(folder / LATIN)


@posix
def test_such_a_clip_is_analysed_and_its_name_comes_back_from_the_summary(clip, tmp_path, capsys):
    out = tmp_path / "out"
    for _ in range(2):
        assert main(["analyze", str(clip), "--out", str(out), "--device", "cpu"]) == 0
    assert sorted(path.name for path in out.glob("[!.]*")) == [
        os.fsdecode(b"lat\xe9in.csv"), os.fsdecode(b"lat\xe9in.png"), "summary.json",
    ]  # fmt: skip
    (row,) = json.loads((out / "summary.json").read_text("utf-8"))["clips"]
    assert row["path"] == str(clip)
    capsys.readouterr()


@posix
def test_such_a_clip_is_kept_in_a_project_moved_and_found(clip, tmp_path, capsys):
    with create_project(tmp_path / "p.affectograph") as project:
        added, refused, _ = add_clips(project, [clip])
        assert (refused, added[0].path, added[0].missing) == ([], clip, False)
        assert added[0].name == r"lat\xE9in.mp4"
        moved = clip.rename(tmp_path / os.fsdecode(b"\xe4nderswo.mp4"))
        assert db.clips.every(project)[0].missing
        assert [found.path for found in relink_missing(project, [tmp_path]).found] == [moved]
        assert db.clips.every(project)[0].path == moved
    assert main(["project", "info", str(tmp_path / "p.affectograph"), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["clips"][0]["path"] == str(moved)
    assert main(["project", "check", str(tmp_path / "p.affectograph")]) == 0


@posix
def test_such_a_clip_goes_into_a_kit_and_is_found_there(clip, tmp_path):
    with create_project(tmp_path / "p.affectograph") as project:
        others = [write_clip(tmp_path / f"{number}.mp4", 8 + number) for number in range(1, 5)]
        add_clips(project, [clip, *others])
        make_study(project, db.items.every(project), raters=("R01",))
        kit = make_kit(project, "R01", tmp_path / "kit")
    (tmp_path / "kit").rename(tmp_path / "carried")
    with open_project(tmp_path / "carried" / kit.name) as opened:
        held = db.clips.every(opened)
        assert not any(each.missing for each in held)
        (found,) = (each for each in held if each.path.name.endswith(LATIN))
        assert found.path.read_bytes() == clip.read_bytes()


@posix
def test_a_link_to_a_project_finds_its_clips(tmp_path):
    (tmp_path / "real" / "clips").mkdir(parents=True)
    clip = write_clip(tmp_path / "real" / "clips" / "a.mp4", 8)
    with create_project(tmp_path / "real" / "p.affectograph") as project:
        add_clips(project, [clip])
    (tmp_path / "elsewhere").mkdir()
    link = tmp_path / "elsewhere" / "link.affectograph"
    link.symlink_to(tmp_path / "real" / "p.affectograph")
    chain = tmp_path / "chain.affectograph"
    chain.symlink_to(link)
    folder = tmp_path / "folder"
    folder.symlink_to(tmp_path / "real")
    for place in (link, chain, folder / "p.affectograph"):
        with open_project(place) as project:
            (found,) = db.clips.every(project)
            assert not found.missing
            assert os.path.samefile(found.path, clip)
    with open_project(link) as project:
        more = write_clip(tmp_path / "real" / "clips" / "b.mp4", 9)
        add_clips(project, [more])
    raw = sqlite3.connect(tmp_path / "real" / "p.affectograph")
    assert {path for (path,) in raw.execute("select path from clip")} == {"clips/a.mp4", "clips/b.mp4"}
    raw.close()


def test_a_file_that_changes_while_it_is_read_is_not_taken(tmp_path):
    path = write_clip(tmp_path / "a.mp4", 8)
    with pytest.raises(UserError, match="changed while it was being read: it may still be recorded"), steady(path):
        path.write_bytes(path.read_bytes() + b"more")
    with steady(path):
        sha256_of(path)


@pytest.mark.skipif(sys.platform != "linux", reason="other systems do not tell who writes a file")
def test_a_file_that_is_being_written_is_refused_everywhere_and_taken_when_it_is_complete(tmp_path):
    path = write_clip(tmp_path / "a.mp4", 8)
    whole = path.read_bytes()
    with create_project(tmp_path / "p.affectograph") as project:
        with path.open("wb") as growing:
            growing.write(whole[: len(whole) // 2])
            growing.flush()
            for read in (probe, media_hash):
                with pytest.raises(UserError, match=r"a\.mp4 is open for writing in another program"):
                    read(path)
            assert [error.what.split(":")[0] for error in add_clips(project, [path]).refused] == [
                "a.mp4 is open for writing in another program"
            ]
            assert main(["analyze", str(path), "--out", str(tmp_path / "out"), "--device", "cpu"]) == 1
            growing.write(whole[len(whole) // 2 :])
        assert len(add_clips(project, [path]).added) == 1
