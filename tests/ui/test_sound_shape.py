"""The bar under the timeline shows where the clip is loud, once its sound was read in the background."""

import numpy as np
import pytest

from app.services.projects.files import add_clips, create_project
from tests.ui.test_sound import write_talking_clip

from .conftest import write_clip
from .waiting import idle, settle


@pytest.fixture
def desk(window, tmp_path):
    with create_project(tmp_path / "sound.affectograph") as project:
        add_clips(project, [write_talking_clip(tmp_path / "a_talking.mp4", seconds=4), write_clip(tmp_path / "b.mp4")])
    window.projects.open(tmp_path / "sound.affectograph")
    settle(lambda: window.context.project is not None)
    made = window.show_screen("review").desk
    settle(lambda: made.player.frame is not None)
    idle(window.context)
    return made


def heights(bar):
    """How many pixels of each column of the bar's picture of the sound are drawn."""
    image = bar._picture(bar._sound).toImage()  # noqa: SLF001 — what it paints
    across, down = range(image.width()), range(image.height())
    return np.array([sum(image.pixelColor(x, y).alpha() > 0 for y in down) for x in across])


def test_the_sound_is_drawn_where_it_is(desk):
    bar = desk.timeline.overview
    drawn = heights(bar)
    start_s, end_s = desk.player.range_s
    times_s = start_s + (np.arange(len(drawn)) + 0.5) / len(drawn) * (end_s - start_s)
    loud = (times_s % 1.0 > 0.02) & (times_s % 1.0 < 0.08)  # a tone in the first tenth of each second
    still = (times_s % 1.0 > 0.2) & (times_s % 1.0 < 0.9)
    assert drawn[loud].min() > bar.height() // 2
    assert drawn[still].max() <= 2
    bar.grab()
    picture = bar._drawn  # noqa: SLF001
    bar.set_position(1.0)
    bar.grab()
    assert bar._drawn is picture, "the playhead moves over the same picture"  # noqa: SLF001


def test_a_clip_without_sound_shows_none_and_the_next_look_reads_nothing_again(desk, monkeypatch):
    bar, shape = desk.timeline.overview, desk.timeline.overview._sound  # noqa: SLF001
    desk.clips.move(1)
    settle(lambda: desk.player.is_open and desk.state.row.clip.name == "b.mp4")
    idle(desk.context)
    assert bar._sound is None  # noqa: SLF001
    monkeypatch.setattr("app.media.waveform.build_waveform", None)
    desk.clips.move(-1)
    settle(lambda: desk.player.is_open and desk.state.row.clip.name == "a_talking.mp4")
    assert bar._sound is shape  # noqa: SLF001


def test_sound_that_was_not_read_to_its_end_is_given_up_with_its_clip(desk, monkeypatch):
    begun = []

    def slowly(_path, ctx):
        begun.append(ctx)
        settled = 0
        while settled < 10_000:
            ctx.check()
            settled += ctx.cancelled is None
        return

    monkeypatch.setattr("app.media.waveform.build_waveform", slowly)
    desk.sound._held.clear()  # noqa: SLF001
    desk.clips.move(1)
    settle(lambda: desk.player.is_open and desk.state.row.clip.name == "b.mp4")
    desk.clips.move(-1)
    settle(lambda: begun)
    desk.clips.move(1)
    settle(lambda: desk.player.is_open and desk.state.row.clip.name == "b.mp4")
    idle(desk.context)
    assert begun[0].cancelled
    assert desk.timeline.overview._sound is None  # noqa: SLF001
