"""Clips that go wrong in other programs, one after another in the real window: each shows what is right."""

import os
import sys
from fractions import Fraction

import av
import pytest
from PIL import Image
from PySide6.QtWidgets import QApplication

from app.services.projects.files import add_clips, create_project
from app.ui.shell.dialogs.crash import CrashDialog
from tests.media.clips import number_in, picture, write_clip
from tests.ui.waiting import idle, settle


def late(folder):
    return write_clip(folder / "late.mkv", 30, pts=[100_000 + 40 * n for n in range(30)], time_base=Fraction(1, 1000))


def equal_times(folder):
    stamps = [0, 40, 40, 40, 80, 120]
    with av.open(str(folder / "equal.mkv"), "w") as container:
        stream = container.add_stream("mjpeg", rate=25)
        stream.width, stream.height, stream.pix_fmt = 192, 112, "yuvj420p"
        for number, _ in enumerate(stamps):
            frame = av.VideoFrame.from_ndarray(picture(number))
            frame.pts = number
            for packet in stream.encode(frame):
                packet.pts = packet.dts = stamps[packet.pts]
                packet.time_base = Fraction(1, 1000)
                container.mux(packet)
    return folder / "equal.mkv"


def zeros(folder):
    path = write_clip(folder / "zeros.mp4", 40, gop=10, b_frames=0, rate=25)
    with av.open(str(path)) as container:
        packets = [(packet.pos, packet.size) for packet in container.demux(video=0) if packet.size]
    data = bytearray(path.read_bytes())
    for position, size in packets[11:14]:
        data[position : position + size] = bytes(size)
    path.write_bytes(data)
    return path


def pages(folder):
    shown = [Image.fromarray(picture(number)) for number in (5, 9, 14)]
    shown[0].save(folder / "moving.png", save_all=True, append_images=shown[1:], duration=[100, 200, 300])
    return folder / "moving.png"


def jpeg_in_tiff(folder):
    Image.fromarray(picture(9)).save(folder / "one.tif", compression="jpeg")
    return folder / "one.tif"


def dollar(folder):
    return write_clip(folder / "S1_$5_vs_$10 <b>喜び&amp;.mp4", 6)


def latin(folder):
    if sys.platform in ("win32", "darwin"):
        return write_clip(folder / "latin.mp4", 7)
    return write_clip(folder / "plain.mp4", 7).rename(folder / os.fsdecode(b"lat\xe9in.mp4"))


def unreadable(folder):
    return write_clip(folder / "unreadable.mp4", 9)


MAKERS = (late, equal_times, zeros, pages, jpeg_in_tiff, dollar, latin, unreadable)


@pytest.fixture
def desk(window, tmp_path):
    """The review desk of a project with all of them."""
    clips = [make(tmp_path) for make in MAKERS]
    with create_project(tmp_path / "p") as project:
        assert add_clips(project, clips).refused == []
    (tmp_path / "unreadable.mp4").write_bytes(b"no clip any more" * 100)
    window.projects.open(tmp_path / "p.affectograph")
    settle(lambda: window.context.project is not None)
    made = window.show_screen("review").desk
    settle(lambda: len(made.clips.model.rows()) == len(MAKERS))
    yield made
    assert not [part for part in QApplication.topLevelWidgets() if isinstance(part, CrashDialog)]


def opened(desk, name):
    """Choose the clip of this name as the list shows it, and wait for its first frame."""
    row = next(row for row in desk.clips.model.rows() if row.clip.name == name)
    desk.clips.select(row.clip.id)
    settle(lambda: desk.state.row is not None and desk.state.row.clip.name == name)
    idle(desk.context)
    settle(lambda: desk.player.is_open and desk.player.frame is not None)
    return desk.player


def stepped(player, steps):
    """Frame number, and the number within the picture, after each step."""
    seen = []
    for step in steps:
        wanted = player.frame_idx
        player.step(step)
        settle(lambda wanted=wanted: player.frame_idx != wanted)
        seen.append((player.frame_idx, number_in(player.frame.image[:, :, :3])))
    return seen


def test_page_down_goes_through_all_of_them(desk, window):
    names = [row.clip.name for row in desk.clips.model.rows()]
    assert set(names) >= {"late.mkv", "S1_$5_vs_$10 <b>喜び&amp;.mp4", "moving.png", "one.tif"}
    settle(lambda: desk.state.row is not None and desk.context.jobs.busy == 0)
    for name in names[1:]:
        assert window.context.commands.run("player.next_clip")
        settle(lambda name=name: desk.state.row is not None and desk.state.row.clip.name == name)
        idle(desk.context)
        settle(lambda name=name: desk.player.is_open == (name != "unreadable.mp4"))


def test_player_and_timeline_count_from_the_first_frame(desk):
    player = opened(desk, "late.mkv")
    player.seek(100.96)
    settle(lambda: player.frame_idx == 24)
    settle(lambda: desk.centre.transport.clock.text().startswith("0:00.960"))
    axis = next(iter(desk.timeline.rows.values())).time_axis
    assert axis.tickStrings([100.96], 1, 0.5) == ["0:00.960"]


def test_frames_of_one_time_are_stepped_through(desk):
    player = opened(desk, "equal.mkv")
    seen = stepped(player, [1, 1, 1, 1, 1, -1, -1, -1, -1, -1])
    assert seen == [(n, n) for n in (1, 2, 3, 4, 5, 4, 3, 2, 1, 0)]


def test_stepping_passes_lost_frames_both_ways(desk):
    player = opened(desk, "zeros.mp4")
    lost = set(range(40)) - {n for n, _ in forwards(player)}
    assert {11, 12, 13} <= lost
    last = player.frame_idx
    assert last == 39
    seen = []
    while player.frame_idx > 0:
        seen += stepped(player, [-1])
    assert [n for n, _ in seen] == [n for n in range(38, -1, -1) if n not in lost]
    assert all(n == shown for n, shown in seen if n < 9 or n >= 20)


def forwards(player):
    seen = [(player.frame_idx, 0)]
    while player.frame_idx < 39:
        seen += stepped(player, [1])
    return seen


def test_all_pages_of_a_picture_are_there(desk):
    player = opened(desk, "moving.png")
    assert len(player.times_s) == 3
    assert [shown for _, shown in stepped(player, [1, 1])] == [9, 14]
    player = opened(desk, "one.tif")
    assert number_in(player.frame.image[:, :, :3]) == 9


def test_awkward_names_stand_in_the_list_as_they_are_and_every_screen_takes_them(desk, window):
    names = [row.clip.name for row in desk.clips.model.rows()]
    assert "S1_$5_vs_$10 <b>喜び&amp;.mp4" in names
    if sys.platform not in ("win32", "darwin"):
        assert r"lat\xE9in.mp4" in names
        opened(desk, r"lat\xE9in.mp4")
    opened(desk, "S1_$5_vs_$10 <b>喜び&amp;.mp4")
    for screen_id in window.screens:
        window.show_screen(screen_id)
        idle(window.context)
