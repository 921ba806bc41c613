"""The languages of the window: files in step with its texts, places kept, and nothing cut off in German."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from app.settings import Settings, stored
from app.ui.look import language
from app.ui.look.language import FOLDER, sources, tr, translations
from tests.ui.agreement.conftest import demo_folder  # noqa: F401

ROOT = Path(__file__).parents[2]
FILES = sorted(FOLDER.glob("*.ts"))


def places(text):
    return sorted(re.findall(r"{\w*}", text))


def run_in(language_code, code, *args):
    """Run Python code in a process of its own whose window has a language, and return what it prints as JSON."""
    surroundings = {**os.environ, "AFFECTOGRAPH_LANGUAGE": language_code, "QT_QPA_PLATFORM": "offscreen"}
    done = subprocess.run(
        [sys.executable, "-c", code, *map(str, args)], cwd=ROOT, env=surroundings, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def test_there_is_german():
    assert [file.stem for file in FILES] == ["de"]


def test_every_text_of_the_window_is_in_every_file():
    checked = subprocess.run(
        [sys.executable, str(ROOT / "docs" / "languages.py"), "--check"], cwd=ROOT, capture_output=True, text=True
    )
    assert checked.returncode == 0, checked.stdout + checked.stderr


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_translations_keep_the_places_the_spaces_and_the_tags(file):
    for source, said in translations(file).items():
        assert places(said) == places(source), source
        assert (said[:1] == " ", said[-1:] == " ") == (source[:1] == " ", source[-1:] == " "), source
        assert sorted(re.findall(r"<[^>]*>", said)) == sorted(re.findall(r"<[^>]*>", source)), source
        assert re.findall(r"\(\*[^)]*\)", said) == re.findall(r"\(\*[^)]*\)", source), source


def test_most_texts_are_translated():
    for file in FILES:
        assert len(translations(file)) >= 0.95 * len(sources(file)), file


def test_a_text_without_translation_and_one_with_other_places_stay_english(monkeypatch, caplog):
    monkeypatch.setattr(language, "_texts", lambda: {"{n} clips": "{n} Clips", "{n} faces": "{m} Gesichter"})
    assert tr("{n} clips", n=2) == "2 Clips"
    assert tr("{n} raters", n=2) == "2 raters"
    assert tr("{n} faces", n=2) == "2 faces"
    assert "has other places" in caplog.text
    assert tr("{left} as it is") == "{left} as it is"


def test_no_text_of_the_window_names_a_command_for_a_terminal():
    told = [
        text
        for text in sources(FILES[0])
        if re.search(r"(?<![.\w])affectograph [a-z]{3}|\bpip install|python -m", text)
    ]
    assert told == []


def test_the_setting_is_read_without_touching_its_file(tmp_path):
    file = tmp_path / "settings.toml"
    assert stored(file, "appearance.language") == "en"
    Settings(file).set("appearance.language", "de")
    assert stored(file, "appearance.language") == "de"
    for broken in ("appearance = 3", "[appearance]\nlanguage = 'xx'", "[appearance", "\0"):
        file.write_text(broken)
        assert stored(file, "appearance.language") == "en"
        assert file.read_text() == broken


def test_the_chosen_language_speaks_from_the_next_start(tmp_path):
    code = "import json; from app.ui.look.language import language, tr; print(json.dumps([language(), tr('Save')]))"
    assert run_in("en", code) == ["en", "Save"]
    assert run_in("de", code) == ["de", "Speichern"]
    assert run_in("xx", code) == ["en", "Save"]
    Settings(tmp_path / "config" / "settings.toml")
    told = (
        "import json, os; from app.settings import Settings; from app.paths import config_dir;"
        "Settings(config_dir() / 'settings.toml').set('appearance.language', 'de');"
        "from app.ui.look.language import tr; print(json.dumps(tr('Save')))"
    )
    assert run_in("", told) == "Speichern"


WALK = """
import json, sys
from pathlib import Path
from app.ui.tours.walk import every_look
from PySide6.QtCore import QLocale
from PySide6.QtWidgets import QApplication
found = every_look(Path(sys.argv[1]), None, ("light",), looks=("960x640",))
print(json.dumps([found, QLocale().toString(0.5), QApplication.translate("QPlatformTheme", "Cancel")]))
"""


def test_no_text_is_cut_in_german_in_the_smallest_window(demo_folder):  # noqa: F811
    found, half, cancel = run_in("de", WALK, demo_folder / "demo.affectograph")
    assert (half, cancel) == ("0,5", "Abbrechen")
    assert found == []
