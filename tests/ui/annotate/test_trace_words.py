"""What the trace page says follows from its phase and the device alone."""

import pytest

from app.ui.screens.annotate.trace_words import hints_of, sign_of


@pytest.mark.parametrize(
    ("device", "words"),
    [
        ("mouse", "Move the mouse onto this field, then press Enter"),
        ("keyboard", "Press Enter to start: the arrow keys move the marker"),
        ("gamepad", "Press Enter to start: the stick moves the marker"),
    ],
)
def test_the_sign_names_what_moves_the_marker_and_only_before_the_start(device, words):
    assert sign_of("ready", device, asking=False, unshown=False) == words
    for phase in ("countdown", "running", "paused", "review", "saving"):
        assert sign_of(phase, device, asking=False, unshown=False) == ""
    assert sign_of("ready", device, asking=False, unshown=True) == ""
    assert "Esc to go back" in sign_of("ready", device, asking=True, unshown=False)


def test_hints_are_those_of_what_can_be_done_now():
    def keys(phase, device="mouse", asking=False, keepable=True):
        return [key for key, _ in hints_of(phase, device, asking=asking, keepable=keepable)]

    assert keys("ready") == ["Enter", "D", "X", "Esc"]
    assert keys("ready", asking=True) == ["Enter", "Esc"]
    assert keys("review", keepable=False) == ["Enter", "X", "Space"]  # nothing to keep
    assert keys("countdown") == keys("running") == ["Space"]
    assert keys("running", "keyboard") == ["↑ ↓ ← →", "Space"]
    assert keys("ready", "gamepad")[-3:] == ["M", "A", "B"]
    assert keys("review", "gamepad")[-2:] == ["A", "B"]
    assert keys("saving") == []
