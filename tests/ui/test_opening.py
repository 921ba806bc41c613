"""Opening a clip for the first time, and the pictures of the list, which stand back behind it."""

import threading
from dataclasses import replace

from app.media import index_cache
from app.services.predict import readers
from app.ui.parts.clips import pictures
from app.ui.parts.clips.pictures import ClipPictures
from tests.waiting import PATIENCE_S

from .conftest import number_in
from .waiting import idle, settle


def forget_indexes():
    for kept in (readers.data_dir() / "cache").glob("*.npz"):
        kept.unlink()


def test_the_first_picture_comes_before_the_clip_is_read_through(desk, monkeypatch):
    go_on, shown, build = threading.Event(), [], index_cache.build_index
    forget_indexes()
    monkeypatch.setattr("app.media.index.packet_index", lambda *_: go_on.wait(PATIENCE_S) and None)
    desk.player.opening.first_picture.connect(shown.append)
    desk.clips.move(1)
    settle(lambda: shown and desk.centre.video.has_picture)
    assert not desk.player.is_open
    assert number_in(shown[0].image) == 0
    monkeypatch.setattr(index_cache, "build_index", build)
    go_on.set()
    settle(lambda: desk.player.frame_idx == 0)


def test_the_index_is_checked_afterwards_and_another_one_replaces_it(desk, monkeypatch):
    forget_indexes()
    opened = []
    desk.player.opened.connect(lambda: opened.append(len(desk.player.times_s)))
    build = index_cache.build_index

    def shorter(path, ctx=None):
        found = build(path, ctx)
        return replace(found, pts=found.pts[:-1])

    monkeypatch.setattr(index_cache, "build_index", shorter)
    desk.clips.move(1)
    settle(lambda: len(opened) == 2)
    assert opened == [75, 74], "packets first, then what decoding says"
    idle(desk.context)
    desk.clips.move(-1)
    settle(lambda: desk.player.is_open)


def test_pictures_are_made_for_rows_that_are_seen_and_given_up_with_them(desk, monkeypatch):
    rows = [row.clip for row in desk.clips.model.rows()]
    go_on, made = threading.Event(), []

    def slow(ctx, clip):
        made.append(clip.sha256)
        while not go_on.wait(0.005):
            ctx.check()
        return pictures.QImage(8, 8, pictures.QImage.Format.Format_RGB32)

    monkeypatch.setattr(pictures, "_picture", slow)
    monkeypatch.setattr(pictures, "HELD", 2)
    many = [replace(rows[0], sha256=f"{n:064d}") for n in range(60)]
    asked = ClipPictures(desk.context, desk)
    for clip in many:
        assert asked.of(clip) is None
    settle(lambda: made == [many[0].sha256])
    assert len(asked.waiting) == pictures.WISHES
    assert asked.waiting[-1] == many[-1].sha256, "the rows that are seen now come first"
    asked.keep(many[50:53])
    assert set(asked.waiting) == {clip.sha256 for clip in many[50:53]}
    go_on.set()
    settle(lambda: not asked.waiting and len(made) == 4)
    idle(desk.context)
    assert len(asked) == 2, "few are held"
    assert asked.of(many[50]) is not None, "made last"


def test_the_list_shows_pictures(desk):
    settle(lambda: all(desk.clips.model.data(desk.clips.model.index(at), pictures_role()) for at in range(2)))


def pictures_role():
    from app.ui.parts.clips.model import PICTURE_ROLE

    return PICTURE_ROLE
