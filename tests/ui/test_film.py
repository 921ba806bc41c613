"""Pictures of the clip under the time axis: the right ones, only where they are seen, never while the clip plays."""

import numpy as np
import pytest
from PySide6.QtCore import QSize

from app.jobs import Context
from app.ui.parts.timeline.film import Cell, cells_of
from app.ui.screens.review.film import _pictures
from tests.media.clips import number_in, write_clip
from tests.ui.waiting import idle, settle


@pytest.fixture
def tall(desk):
    """The desk with a timeline that has room for pictures."""
    desk._splitters[1].setSizes([200, 420])  # noqa: SLF001
    settle(desk.timeline.film.isVisible)
    return desk


def made(desk):
    """Whether all pictures of the part in view are there."""
    cells = desk.timeline.film.cells()
    return bool(cells) and all(cell in desk.timeline.film._held for cell in cells)  # noqa: SLF001


def test_cells_stay_where_they_are_when_the_view_moves_and_are_halved_when_it_is_zoomed():
    whole = cells_of(2.0, 12.0, (2.0, 12.0), 10)
    assert whole == [Cell(1.0, number) for number in range(10)]
    assert [cell.middle_s(2.0) for cell in whole[:2]] == [2.5, 3.5]
    moved = cells_of(2.0, 12.0, (4.3, 9.3), 5)
    assert moved == whole[2:8]
    assert {cell.step_s for cell in cells_of(2.0, 12.0, (4.0, 6.0), 5)} == {0.5}
    assert cells_of(2.0, 12.0, (2.0, 12.0), 0) == []
    assert cells_of(0.0, 0.0, (0.0, 1.0), 4) == []


def test_a_cell_beyond_the_end_of_the_clip_has_no_picture():
    assert cells_of(0.0, 10.2, (0.0, 10.2), 11) == [Cell(1.0, number) for number in range(10)]


def test_pictures_are_those_of_their_frames(qapp, tmp_path):
    path = write_clip(tmp_path / "long.mp4", 80, gop=40, b_frames=2)
    wanted = [(Cell(1.0, number), number) for number in (3, 41, 79)]
    size = QSize(*_size(path))
    found = list(_pictures(path, wanted, size, Context()))
    assert [number_in(_pixels(picture)) for _, picture in found] == [3, 41, 79]


def _size(path):
    from app.media.probe import probe

    info = probe(path)
    return info.width, info.height


def _pixels(picture):
    rows = np.frombuffer(picture.constBits(), np.uint8).reshape(picture.height(), picture.bytesPerLine())
    return rows[:, : 4 * picture.width()].reshape(picture.height(), picture.width(), 4)


def test_the_part_in_view_has_its_pictures(tall):
    settle(lambda: made(tall))
    whole = tall.timeline.film.cells()
    tall.timeline.show_range(0.0, 0.4)
    settle(lambda: tall.timeline.film.cells() != whole and made(tall))
    assert tall.timeline.film.told() == str(len(tall.timeline.film.cells()))
    tall.timeline.film.grab()


def test_none_are_made_while_the_clip_plays_or_where_nobody_sees_them(tall, monkeypatch):
    settle(lambda: made(tall))
    begun = []
    monkeypatch.setattr("app.ui.screens.review.film._pictures", lambda *words: begun.append(words) or iter(()))
    tall.player.play()
    tall.timeline.show_range(0.0, 0.3)
    tall.timeline.film.ask()
    idle(tall.context)
    assert begun == []
    tall.player.pause()
    settle(lambda: begun)
    tall._splitters[1].setSizes([500, 240])  # noqa: SLF001
    settle(lambda: not tall.timeline.film.isVisible())
    begun.clear()
    tall.timeline.show_range(0.1, 0.2)
    tall.timeline.film.ask()
    idle(tall.context)
    assert begun == []


def test_another_clip_takes_the_pictures_away(tall):
    settle(lambda: made(tall))
    tall.clips.move(1)
    settle(lambda: tall.player.is_open and tall.state.row.clip.name == "clip1.mp4" and made(tall))
    tall.player.close_clip()
    assert tall.timeline.film.cells() == []
