import os

import pytest

from app.errors import UserError
from app.files import check_writable, replacing


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
