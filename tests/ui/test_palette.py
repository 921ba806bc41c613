"""The command palette finds everything by its name and by other words, and says why something cannot be done."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from app.commands import REASONS
from app.ui.screens import all_commands, find_screens
from app.ui.shell.dialogs.palette import CommandPalette

from .waiting import settle


@pytest.fixture
def palette(window):
    made = CommandPalette(window.context, window)
    yield made
    made.close()
    made.deleteLater()


def found(palette, query):
    """The titles that are listed, with whether each can be chosen."""
    palette.field.setText("nothing like this")
    palette.field.setText(query)
    items = [palette.list.item(row) for row in range(palette.list.count())]
    return [(item.text(), bool(item.flags() & Qt.ItemFlag.ItemIsEnabled)) for item in items]


@pytest.mark.parametrize(
    ("query", "title"),
    [
        ("train", "Go to Train"),
        ("report", "Go to Agreement"),
        ("icc", "Go to Agreement"),
        ("theme", "Light or dark"),
        ("dark", "Light or dark"),
        ("fullscreen", "Full screen"),
        ("webcam", "Camera"),
        ("sign in", "Go to Annotate"),
        ("text size", "Settings"),
        ("sample size", "Go to Study"),
        ("guide", "First hour for annotators"),
    ],
)
def test_other_words_find_it_too(palette, query, title):
    assert (title, True) in found(palette, query)


def test_each_screen_is_found_and_opened(palette, window):
    for screen in find_screens():
        assert (f"Go to {screen.title}", True) in found(palette, f"go to {screen.title}")
    window.run("screens.models")
    assert window.screen_id == "models"
    QTest.keyClick(window, Qt.Key.Key_2, Qt.KeyboardModifier.AltModifier)
    settle(lambda: window.screen_id == find_screens()[1].id)


def test_what_cannot_be_done_comes_last_with_its_reason(palette, window):
    titles = found(palette, "clip")
    enabled = [can for _, can in titles]
    assert enabled == sorted(enabled, reverse=True)
    assert ("Add clips", False) in titles
    assert window.context.commands.obstacle("clips.add") == "needs an open project"
    assert window.context.commands.obstacle("player.toggle_play") in ("", "needs a chosen clip")
    palette.field.setText("add clips")
    QTest.keyClick(palette.field, Qt.Key.Key_Return)
    assert palette.chosen == ""


def test_another_screens_command_names_the_screen(window):
    window.show_screen("review")
    window.show_screen("agreement")
    window.show_screen("models")
    assert window.context.commands.obstacle("agreement.save_report") == "in Agreement"


def test_a_rater_at_work_sees_only_what_can_be_done(palette, window):
    window.context.commands.set_condition("annotating", True)
    assert all(can for _, can in found(palette, ""))
    assert found(palette, "train") == []


def test_every_condition_has_a_reason():
    screens = {f"screen.{screen.id}" for screen in find_screens()}
    wanted = {word for command in all_commands() for word in command.when}
    assert wanted <= screens | set(REASONS)
