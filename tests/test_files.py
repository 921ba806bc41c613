import hashlib
import os
import re
from pathlib import Path

import pytest

from app.errors import UserError
from app.files import check_writable, dated_beside, folder_beside, replacing, sha256_of
from app.locks import alone


def test_a_failed_write_leaves_the_old_file_and_nothing_else(tmp_path):
    target = tmp_path / "out.csv"
    target.write_text("old")

    def write_and_fail():
        with replacing(target) as temporary:
            temporary.write_text("half")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        write_and_fail()
    assert target.read_text() == "old"
    assert os.listdir(tmp_path) == ["out.csv"]


def test_a_good_write_replaces_and_makes_the_folder(tmp_path):
    target = tmp_path / "deep" / "out.csv"
    with replacing(target) as temporary:
        temporary.write_text("new")
    assert target.read_text() == "new"


def test_an_unwritable_place_is_a_user_error(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(UserError, match="could not be written"), replacing(tmp_path / "file" / "out.csv"):
        pass


def test_a_place_is_tried_without_making_anything(tmp_path):
    check_writable(tmp_path / "deep" / "er")
    check_writable(tmp_path)
    assert os.listdir(tmp_path) == []
    (tmp_path / "file").write_text("")
    for place in ("file", "file/below", "file/far/below"):
        with pytest.raises(UserError, match="could not be written"):
            check_writable(tmp_path / place)


def test_a_file_keeps_its_rights_and_a_new_one_has_those_that_the_umask_leaves(tmp_path):
    before = os.umask(0o027)
    try:
        with replacing(tmp_path / "new") as temporary:
            temporary.write_text("x")
        assert (tmp_path / "new").stat().st_mode & 0o777 == 0o640
        for rights in (0o600, 0o664, 0o755):
            (tmp_path / "new").chmod(rights)
            with replacing(tmp_path / "new") as temporary:
                temporary.unlink()
                temporary.write_text("made anew")
            assert (tmp_path / "new").stat().st_mode & 0o777 == rights
        assert folder_beside(tmp_path / "folder").stat().st_mode & 0o777 == 0o750
    finally:
        os.umask(before)


def test_the_umask_of_the_process_is_never_touched(tmp_path, monkeypatch):
    # What another thread makes in that moment would be readable for everybody.
    monkeypatch.setattr(os, "umask", None)
    with replacing(tmp_path / "file") as temporary:
        temporary.write_text("x")


def test_links_are_not_followed_and_devices_not_replaced(tmp_path):
    (tmp_path / "real").write_text("kept")
    (tmp_path / "link").symlink_to(tmp_path / "real")
    with replacing(tmp_path / "link") as temporary:
        temporary.write_text("new")
    assert (tmp_path / "real").read_text() == "kept"
    assert (tmp_path / "link").read_text() == "new"
    assert not (tmp_path / "link").is_symlink()
    os.mkfifo(tmp_path / "pipe")
    for place in (tmp_path / "pipe", Path("/dev/null"), tmp_path):
        with pytest.raises(UserError, match="is not a file that can be written over"), replacing(place):
            pass
    assert sorted(os.listdir(tmp_path)) == ["link", "pipe", "real"]


def test_a_file_is_hashed_block_by_block_and_can_be_broken_off(tmp_path):
    content = bytes(range(256)) * 5000  # more than one block
    (tmp_path / "file").write_bytes(content)
    seen = []
    assert sha256_of(tmp_path / "file", seen.append) == hashlib.sha256(content).hexdigest()
    assert seen == [1 << 20, len(content)]

    def stop(done):
        raise KeyboardInterrupt(done)

    with pytest.raises(KeyboardInterrupt):
        sha256_of(tmp_path / "file", stop)


def test_a_dated_name_is_never_taken_and_never_too_long(tmp_path):
    path = tmp_path / f"{'喜' * 82}.affectograph"
    made = []
    for _ in range(3):
        made.append(dated_beside(path, ".v2-", ".affectograph.bak"))
        made[-1].write_text("kept")
    assert len(set(made)) == 3
    assert all(place.name.endswith(".affectograph.bak") and ".v2-" in place.name for place in made)
    short = dated_beside(tmp_path / "p.toml", "-unreadable-", ".toml")
    assert re.fullmatch(r"p-unreadable-\d{8}T\d{6}\.toml", short.name)


def test_one_is_alone_and_another_waits_or_is_told(tmp_path):
    place, entered = tmp_path / "deep" / "lock", []
    with alone(place, 0.0):
        with pytest.raises(OSError), alone(place, 0.0):  # noqa: PT011  # which one differs by system
            entered.append(True)
        assert entered == []
    with alone(place, 0.0):
        entered.append(True)
    assert entered == [True]
