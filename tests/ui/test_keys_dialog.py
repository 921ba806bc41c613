"""Keys of the user's choice: they work, they are kept, and what has a key already is told before it is taken."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest

from app.command_keys import exclude_each_other, taken_by
from app.command_table import COMMANDS
from app.commands import Command
from app.settings import Settings
from app.ui.screens import all_commands
from app.ui.shell.dialogs.keys import KeysDialog
from tests.ui.waiting import settle


@pytest.fixture
def dialog(window):
    made = KeysDialog(window.context, window)
    made.show()
    yield made
    made.close()
    made.deleteLater()


def typed(dialog, command, key):
    dialog.choose(command)
    dialog.editor.setKeySequence(QKeySequence(key))


def test_a_key_of_ones_own_works_in_menu_window_and_after_a_restart(window, dialog, tmp_path):
    commands, settings = window.context.commands, window.context.settings
    settings._path = tmp_path / "settings.toml"  # noqa: SLF001 — the window of the tests keeps none
    theme = window.context.theme.tokens.name
    typed(dialog, "view.toggle_theme", "Ctrl+Shift+J")
    assert dialog.told.text() == ""
    QTest.mouseClick(dialog.only, Qt.MouseButton.LeftButton)
    assert commands.named("view.toggle_theme").keys == ("Ctrl+Shift+J",)
    action = window.actions_table["view.toggle_theme"]
    assert [each.toString() for each in action.shortcuts()] == ["Ctrl+Shift+J"]
    assert "Shift+J" in action.toolTip()
    dialog.close()
    window.activateWindow()
    settle(window.isActiveWindow, what="the window to be active")
    QTest.keyClick(window, Qt.Key.Key_J, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    settle(lambda: window.context.theme.tokens.name != theme, what="the other theme")
    again = Settings(tmp_path / "settings.toml")
    assert dict(again.keys) == {"view.toggle_theme": ("Ctrl+Shift+J",)}
    again.set_keys({})
    assert "keys" not in (tmp_path / "settings.toml").read_text()


def test_whoever_has_a_key_is_told_and_loses_it(window, dialog):
    commands = window.context.commands
    typed(dialog, "app.open_settings", "Ctrl+K")
    assert "“Command palette”" in dialog.told.text()
    QTest.mouseClick(dialog.more, Qt.MouseButton.LeftButton)
    assert commands.named("app.open_settings").keys == ("Ctrl+,", "Ctrl+K")
    assert commands.named("app.open_palette").keys == ("Ctrl+Shift+P",)
    dialog.choose("app.open_palette")
    QTest.mouseClick(dialog.given, Qt.MouseButton.LeftButton)
    assert commands.named("app.open_palette").keys == ("Ctrl+K", "Ctrl+Shift+P")
    assert commands.named("app.open_settings").keys == ("Ctrl+,",)
    QTest.mouseClick(dialog.none, Qt.MouseButton.LeftButton)
    assert commands.named("app.open_palette").keys == ()
    QTest.mouseClick(dialog.all_given, Qt.MouseButton.LeftButton)
    assert commands.all()
    assert all(each.keys == commands.given_keys(each.id) for each in commands.all())
    assert not window.context.settings.keys


def test_the_list_is_found_by_action_and_by_key(dialog):
    dialog.field.setText("ctrl+shift+d")
    assert dialog.table.rows.rowCount() == 1
    assert dialog.chosen.id == "view.toggle_theme"
    dialog.field.setText("no such thing")
    assert dialog.chosen is None
    assert not dialog.only.isEnabled()


def test_commands_of_different_screens_may_share_a_key():
    here = Command("a.one", "One", keys=("X",), when=("screen.review",))
    there = Command("b.two", "Two", keys=("X",), when=("screen.train", "project"))
    everywhere = Command("c.three", "Three", keys=("X",))
    assert exclude_each_other(here, there)
    assert exclude_each_other(Command("d", "D", when=("recording",)), Command("e", "E", when=("not recording",)))
    assert taken_by([here, there, everywhere], here, "X") == [everywhere]


def test_no_key_of_the_tables_is_taken_twice():
    table = all_commands()
    for command in table:
        for key in command.keys:
            assert taken_by(table, command, key) == [], f"{command.id}: {key}"


def test_keys_in_a_settings_file_that_are_none_are_told(tmp_path):
    file = tmp_path / "settings.toml"
    file.write_text('[keys]\n"app.quit" = 5\n"app.open_palette" = ["F2"]\n"gone.long_ago" = ["F3"]\n')
    kept = Settings(file)
    assert "app.quit" in kept.note
    assert kept.keys["app.open_palette"] == ("F2",)
    assert "app.quit" not in kept.keys
    assert {command.id for command in COMMANDS} >= {"app.quit", "app.open_palette"}
