"""The guided first hours: their steps can be done in this window, and are ticked off by what happens."""

from typing import get_args

import pytest

from app.commands import AT_WORK, REASONS
from app.domain.changes import Kind
from app.guide_table import GUIDES, Guide, Step
from app.guides import Walk, guide_named
from app.ui.screens import all_commands, find_screens

COMMANDS = {command.id for command in all_commands()}
CONDITIONS = {*REASONS, *(f"screen.{screen.id}" for screen in find_screens()), "annotating"}
SHORT = Guide(
    "short",
    "Short",
    (
        Step("demo", "Open the demo.", "holds demo"),
        Step("play", "Play.", "ran play"),
        Step("judge", "Judge two.", "changed answer", times=2),
    ),
)


@pytest.mark.parametrize("guide", GUIDES, ids=lambda guide: guide.id)
def test_every_step_can_be_done_and_led_to(guide):
    assert guide_named(guide.id) is guide
    assert len({step.id for step in guide.steps}) == len(guide.steps)
    assert guide.steps[0].done_by == "holds demo"
    for step in guide.steps:
        verb, name = step.done_by.split(" ", 1)
        assert name in {"ran": COMMANDS, "holds": CONDITIONS, "changed": set(get_args(Kind))}[verb], step.id
        assert not step.action or step.action in COMMANDS, step.id
        assert step.text.endswith("."), step.id
        assert "|" not in step.id


def test_no_guide_can_be_opened_while_a_rater_is_at_work():
    assert not [name for name in AT_WORK if name.startswith("guide.")]


def test_steps_are_ticked_off_in_any_order_but_only_on_the_demo():
    walk = Walk(SHORT)
    assert not walk.happened("ran play", in_demo=False)
    assert walk.step.id == "demo"
    assert walk.happened("holds demo", in_demo=False)
    assert walk.happened("ran play", in_demo=True)
    assert not walk.happened("ran play", in_demo=True)
    assert not walk.happened("changed answer", in_demo=True)
    assert walk.step.id == "judge"
    assert walk.happened("changed answer", in_demo=True)
    assert walk.step is None
    walk.start_over()
    assert walk.step.id == "demo"
    assert not walk.happened("changed answer", in_demo=True)  # it counts anew


def test_it_is_resumed_and_steps_can_be_skipped():
    walk = Walk(SHORT, ["demo", "unknown"])
    assert walk.done == {"demo"}
    walk.skip()
    assert walk.step.id == "judge"
    walk.skip()
    walk.skip()
    assert walk.done == {"demo", "play", "judge"}
