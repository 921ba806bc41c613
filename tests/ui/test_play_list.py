"""A list of places is played one after the other in Review."""

import db.items
from app.ui.core.context import ClipPlace

from .waiting import settle


def places(window, **changes):
    items = sorted(db.items.every(window.context.project), key=lambda item: item.clip_id)
    return [ClipPlace(item.clip_id, changes.get("start_s", 0.0), item.id, "", changes.get("end_s")) for item in items]


def test_the_clips_of_a_list_play_one_after_the_other(desk, window):
    first, second = places(window)[:2]
    bar = desk.list_bar
    assert not bar.isVisible()
    desk.player.set_speed(4.0)
    window.context.play_list("Label happy, model sad", [second, first])
    settle(lambda: desk.state.row is not None and desk.state.row.clip.id == second.clip_id)
    assert bar.isVisible()
    assert bar.said.text() == "Label happy, model sad: 1 of 2"
    settle(lambda: desk.player.playing)
    settle(lambda: desk.state.row.clip.id == first.clip_id, what="the second of the list")
    assert bar.said.text() == "Label happy, model sad: 2 of 2"
    settle(lambda: desk.player.playing)
    settle(lambda: not desk.player.playing)
    assert bar.isVisible()
    assert not bar.after.isEnabled()
    bar.before.click()
    settle(lambda: desk.state.row.clip.id == second.clip_id and desk.player.playing)
    bar.end.click()
    assert not bar.isVisible()


def test_an_item_that_is_a_part_of_its_clip_is_over_at_its_end(desk, window):
    part, other = places(window, start_s=0.4, end_s=1.0)[:2]
    seen = []
    desk.player.frame_shown.connect(lambda frame: seen.append((desk.list_bar.place, frame.time_s)))
    window.context.play_list("Two parts", [part, other])
    settle(lambda: desk.list_bar.place == part and desk.player.playing)
    settle(lambda: desk.list_bar.place == other, what="the next part")
    times_s = [time_s for place, time_s in seen if place == part and time_s >= 0.4]
    assert 0.9 < max(times_s) < 2.0  # of a clip of three seconds
    settle(lambda: desk.state.row.clip.id == other.clip_id and desk.player.playing)
    assert desk.player.position_s >= 0.4 - 0.05


def test_another_clip_ends_the_list(desk, window):
    first, second = places(window)[:2]
    window.context.play_list("One", [second])
    settle(lambda: desk.state.row is not None and desk.state.row.clip.id == second.clip_id)
    desk.clips.select(first.clip_id)
    settle(lambda: desk.state.row.clip.id == first.clip_id)
    assert not desk.list_bar.isVisible()
    assert desk.list_bar.place is None
