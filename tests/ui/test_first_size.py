"""The window on its first start lies on the screen whole, however small that is."""

import pytest
from PySide6.QtCore import QRect, QSize

from app.services.projects.files import add_clips, create_project
from app.ui.shell.window import FIRST_SIZE, within
from tests.ui.waiting import idle, settle


@pytest.mark.parametrize(
    ("screen", "size"),
    [
        (QRect(0, 0, 1366, 768), QSize(1358, 728)),
        (QRect(0, 0, 1280, 720), QSize(1272, 680)),  # 1920×1080 at 150 %
        (QRect(0, 27, 1366, 741), QSize(1358, 701)),  # a bar at the top
        (QRect(0, 0, 2560, 1440), FIRST_SIZE),
        (QRect(-1920, 0, 1920, 1080), FIRST_SIZE),
    ],
)
@pytest.mark.parametrize("place", [(0, 0), (200, 120), (5000, 5000), (-4000, -300)])
def test_it_is_made_smaller_and_moved_onto_the_screen(screen, size, place):
    found = within(QRect(*place, FIRST_SIZE.width(), FIRST_SIZE.height()), screen)
    assert found.size() == size
    assert screen.contains(found)
    assert found.top() >= screen.top() + 36


def test_a_window_that_fits_stays_where_it_was():
    asked = QRect(100, 100, 1000, 700)
    assert within(asked, QRect(0, 0, 1920, 1080)) == asked


def test_page_down_and_up_pass_a_clip_that_cannot_be_read(window, tmp_path, clip_files):
    names = ["a.mp4", "bad.mp4", "c.mp4"]
    for name, source in zip(names, [clip_files[0], clip_files[1], clip_files[1]], strict=True):
        (tmp_path / name).write_bytes(source.read_bytes() + name.encode())
    with create_project(tmp_path / "p") as project:
        assert not add_clips(project, [tmp_path / name for name in names]).refused
    (tmp_path / "bad.mp4").write_bytes(b"no clip any more" * 100)
    window.projects.open(tmp_path / "p.affectograph")
    settle(lambda: window.context.project is not None)
    desk = window.show_screen("review").desk
    settle(lambda: desk.player.is_open)
    for command, way in (("player.next_clip", names[1:]), ("player.previous_clip", names[1::-1])):
        for name in way:
            assert window.context.commands.run(command)
            settle(lambda name=name: desk.state.row is not None and desk.state.row.clip.name == name)
            idle(window.context)
            settle(lambda name=name: desk.player.is_open == (name != "bad.mp4"))
