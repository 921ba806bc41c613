"""The menu entry: written where desktops look, starting this program, and gone without a trace."""

import configparser
import shlex
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from app.cli import main
from app.services.machine import desktop
from app.ui.look.tokens import LIGHT

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="freedesktop entries are Linux's")


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data home"))
    return tmp_path / "data home"


def entry_of(home):
    parser = configparser.ConfigParser(interpolation=None, delimiters=("=",))
    parser.optionxform = str
    parser.read(home / "applications" / "affectograph.desktop", encoding="utf-8")
    return parser


def test_installed_it_starts_this_program(home, capsys):
    assert main(["desktop", "--install"]) == 0
    assert len(capsys.readouterr().out.splitlines()) == 3
    entry = entry_of(home)["Desktop Entry"]
    assert (entry["Type"], entry["Terminal"], entry["Icon"]) == ("Application", "false", "affectograph")
    words = shlex.split(entry["Exec"].replace("\\\\", "\\"))
    assert words[-2:] == ["open", "%f"]
    done = subprocess.run(
        [*words[:-2], "--version"], cwd="/", env={"PATH": "/nowhere"}, capture_output=True, text=True, check=True
    )
    assert done.stdout.startswith("affectograph ")


def test_every_action_is_a_command_of_ours(home):
    desktop.install()
    entry = entry_of(home)
    for name in entry["Desktop Entry"]["Actions"].strip(";").split(";"):
        words = shlex.split(entry[f"Desktop Action {name}"]["Exec"])
        from app.cli import build_parser

        build_parser().parse_args(words[len(desktop.program()) :])


def test_icon_and_file_type_are_well_formed(home):
    desktop.install()
    icon = ET.parse(home / "icons/hicolor/scalable/apps/affectograph.svg").getroot()
    assert icon.find("{*}rect").get("fill") == LIGHT.accent
    kinds = ET.parse(home / "mime/packages/affectograph.xml").getroot()
    assert kinds.find(".//{*}glob").get("pattern") == "*.affectograph"


def test_removed_nothing_of_it_stays(home, capsys):
    main(["desktop", "--install"])
    assert main(["desktop", "--remove"]) == 0
    assert [path for path in home.rglob("affectograph*") if path.is_file()] == []
    capsys.readouterr()
    assert main(["desktop", "--remove"]) == 0
    assert "nothing was installed" in capsys.readouterr().out


def test_a_folder_that_cannot_be_written_is_one_line(tmp_path, monkeypatch, capsys):
    blocked = tmp_path / "file"
    blocked.write_text("in the way")
    monkeypatch.setenv("XDG_DATA_HOME", str(blocked))
    assert main(["desktop", "--install"]) == 1
    assert capsys.readouterr().err.count("\n") == 1


@pytest.mark.parametrize(
    ("word", "written"),
    [("/usr/bin/x", "/usr/bin/x"), ("/my place/x", '"/my place/x"'), ("50%", "50%%"), ('a"b', '"a\\\\"b"')],
)
def test_words_are_quoted_as_the_specification_says(word, written):
    assert desktop.quoted(word) == written


def test_the_entry_is_valid(home):
    checker = Path("/usr/bin/desktop-file-validate")
    if not checker.exists():
        pytest.skip("desktop-file-validate is not installed")
    desktop.install()
    file = home / "applications" / "affectograph.desktop"
    done = subprocess.run([checker, file], capture_output=True, text=True, check=False)
    assert done.stdout == ""
