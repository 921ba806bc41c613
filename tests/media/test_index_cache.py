"""A kept index is the one that was built, and is never used for another file."""

import os

import numpy as np
import pytest

from app.errors import UserError
from app.media import index_cache
from app.media.index_cache import cached_index, kept_of
from app.media.reader import VideoReader

from .clips import write_clip
from .conftest import RECIPES


def refuse(*args):
    raise AssertionError("it was built again")


@pytest.mark.parametrize("name", ["vfr.mp4", "h264.avi"])
def test_a_kept_index_is_the_one_built(clips, tmp_path, monkeypatch, name):
    path = clips(name)
    built = cached_index(path, tmp_path / "cache")
    monkeypatch.setattr(index_cache, "build_index", refuse)
    kept = cached_index(path, tmp_path / "cache")
    for field in ("pts", "keyframes", "anchors"):
        np.testing.assert_array_equal(getattr(kept, field), getattr(built, field))
        assert getattr(kept, field).dtype == np.int64
    for field in ("time_base", "end_pts", "timed", "decoded", "fragile", "complete", "note"):
        assert getattr(kept, field) == getattr(built, field)
    with VideoReader(path, index=kept) as reader, VideoReader(path) as fresh:
        assert reader.info == fresh.info
        np.testing.assert_array_equal(reader.frame(47).image, fresh.frame(47).image)
    assert [file.suffix for file in (tmp_path / "cache").iterdir()] == [".npz"]


def test_a_changed_file_is_read_again(tmp_path):
    path, cache = tmp_path / "a.mp4", tmp_path / "cache"
    write_clip(path, 10)
    assert len(cached_index(path, cache)) == 10
    write_clip(path, 12)
    assert len(cached_index(path, cache)) == 12
    path.unlink()
    with pytest.raises(UserError, match="does not exist"):
        cached_index(path, cache)


def test_what_is_kept_of_a_place_is_found_whatever_lay_there(tmp_path):
    path, other, cache = tmp_path / "a.mp4", tmp_path / "b.mp4", tmp_path / "cache"
    for frames in (10, 12):
        write_clip(path, frames)
        cached_index(path, cache)
    write_clip(other, 10)
    cached_index(other, cache)
    path.unlink()
    assert len(kept_of(path, cache)) == 2
    assert len(kept_of(other, cache)) == 1
    assert {*kept_of(path, cache), *kept_of(other, cache)} == set(cache.iterdir())


def test_a_damaged_or_closed_cache_only_costs_time(clips, tmp_path):
    path, cache = clips("mjpeg.avi"), tmp_path / "cache"
    cached_index(path, cache)
    (file,) = cache.iterdir()
    for data in (b"", b"PK\x03\x04 nonsense", file.read_bytes()[:200]):
        file.write_bytes(data)
        assert len(cached_index(path, cache)) == RECIPES["mjpeg.avi"]["n_frames"]
    (tmp_path / "blocked").write_text("a file where the folder should be")
    assert len(cached_index(path, tmp_path / "blocked")) == RECIPES["mjpeg.avi"]["n_frames"]


def test_the_oldest_go(clips, tmp_path, monkeypatch):
    monkeypatch.setattr(index_cache, "KEEP", 2)
    for nth, name in enumerate(["mjpeg.avi", "vfr.mp4", "h264.mkv"]):
        before = set(tmp_path.glob("*.npz"))
        cached_index(clips(name), tmp_path)
        (new,) = set(tmp_path.glob("*.npz")) - before
        os.utime(new, (nth, nth))
    assert len(list(tmp_path.glob("*.npz"))) == 2
