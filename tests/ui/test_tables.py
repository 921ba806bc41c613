"""Settings and commands: one table each, and everything made from it in step."""

import runpy
import tomllib
from pathlib import Path

import pytest
from PySide6.QtWidgets import QLabel

from app.command_table import COMMANDS
from app.commands import MENUS, Command, Commands, shortcut_sections
from app.setting_table import SETTINGS
from app.settings import Settings
from app.ui.screens import all_commands
from app.ui.shell.dialogs.help import ShortcutsDialog

ROOT = Path(__file__).resolve().parents[2]


def test_settings_are_kept_sparse_and_read_again(tmp_path):
    file = tmp_path / "settings.toml"
    first = Settings(file)
    first.set("player.volume", 35)
    first.set("appearance.theme", "dark")
    assert tomllib.loads(file.read_text()) == {"player": {"volume": 35}, "appearance": {"theme": "dark"}}
    again = Settings(file)
    assert again.number("player.volume") == 35
    again.set("appearance.theme", "system")
    assert "appearance" not in tomllib.loads(file.read_text())


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("player.volume", 101),
        ("player.volume", "loud"),
        ("appearance.theme", "pink"),
        ("player.box", 1),
        ("plane.trail_s", True),
        ("recording.rater", 5),
    ],
)
def test_impossible_values_are_refused(key, value):
    kept = Settings()
    before = kept[key]
    with pytest.raises(ValueError, match=key.replace(".", r"\.")):
        kept.set(key, value)
    assert kept[key] == before


def test_a_damaged_settings_file_is_told_and_not_fatal(tmp_path):
    file = tmp_path / "settings.toml"
    file.write_text("[player\nvolume = ")
    assert "could not be read" in Settings(file).note
    file.write_text("[player]\nvolume = 900\nbox = false\n")
    partly = Settings(file)
    assert "player.volume" in partly.note
    assert partly.number("player.volume") == 80
    assert not partly.flag("player.box")


def test_listeners_hear_changes_once_and_can_leave():
    kept = Settings()
    heard = []
    forget = kept.on_change(heard.append)
    kept.set("player.box", False)
    kept.set("player.box", False)
    forget()
    kept.set("player.box", True)
    assert heard == ["player.box"]


def test_every_setting_has_a_default_it_would_accept_and_a_sentence():
    for setting in SETTINGS:
        assert setting.checked(setting.default) == setting.default
        assert setting.help.endswith(".")
        assert setting.key.count(".") == 1


def test_commands_have_unique_ids_keys_and_known_menus():
    ids = [command.id for command in COMMANDS]
    assert len(set(ids)) == len(ids)
    keys = [key for command in COMMANDS for key in command.keys]
    assert len(set(keys)) == len(keys)
    assert {command.menu for command in COMMANDS} <= {*MENUS, ""}


def test_a_command_runs_only_where_its_conditions_hold():
    table = Commands([Command("a.do", "Do", when=("project", "not recording"))])
    done = []
    table.bind("a.do", lambda: done.append(1))
    assert not table.run("a.do")
    table.set_condition("project", True)
    assert table.run("a.do")
    table.set_condition("recording", True)
    assert not table.run("a.do")
    assert done == [1]
    with pytest.raises(ValueError, match=r"a\.do"):
        table.add([Command("a.do", "Again")])


def test_the_help_pages_are_those_of_the_tables():
    made = runpy.run_path(str(ROOT / "docs" / "pages.py"))["pages"]()
    assert set(made) == {"settings.md", "shortcuts.md"}
    for page, text in made.items():
        assert (ROOT / "docs" / page).read_text(encoding="utf-8") == text, f"run python docs/pages.py: docs/{page}"


def test_the_page_of_shortcuts_has_the_keys_of_every_screen():
    table = all_commands()
    found = [command for section in shortcut_sections(table).values() for command in section]
    assert {command.id for command in found} == {command.id for command in table if command.keys}
    page = (ROOT / "docs" / "shortcuts.md").read_text(encoding="utf-8")
    for command in found:
        assert f"| {command.title} | {' or '.join(f'`{key}`' for key in command.keys)} |" in page
    assert {"camera.toggle", "answers.save", "agreement.save_tables"} <= {command.id for command in found}


def test_f1_has_the_same_keys_as_the_page(window):
    dialog = ShortcutsDialog(window.context, window)
    shown = {part.text() for part in dialog.findChildren(QLabel)}
    assert {command.title.rstrip("…") for command in all_commands() if command.keys} <= shown
    dialog.deleteLater()
