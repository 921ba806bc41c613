"""`models install` and `models add` show what comes under which licence, and ask; a vetted file is recognised."""

import hashlib
import os
import signal
import sys
import threading

import pytest

from app.cli import main
from app.errors import UserError
from app.inference.cards import find_model
from app.jobs import Context
from app.paths import data_dir
from app.services.models.zoo import manifest
from app.services.models.zoo.install import install, part_size
from app.services.models.zoo.manifest import find_entry
from app.services.models.zoo.recognise import entry_of, entry_to_install
from tests.waiting import until

from .conftest import entry_for
from .networks import picture_network
from .server import STALL_AFTER, Served, Server

pytestmark = pytest.mark.process

NAME = "enet_b2_8"


@pytest.fixture
def mirror(tmp_path):
    """A folder with a network of the inputs and outputs of the zoo's enet_b2_8."""
    picture_network(tmp_path / f"{NAME}.onnx", 260, 8)
    return tmp_path


@pytest.fixture
def at_a_terminal(monkeypatch):
    """Gives a function that says what will be typed."""

    def typed(text):
        monkeypatch.setattr(sys.stdin, "isatty", lambda: True, raising=False)

        def answer(_question):
            if text is None:
                raise EOFError
            return text

        monkeypatch.setattr("builtins.input", answer)

    return typed


@pytest.fixture
def pinned(tmp_path, monkeypatch):
    """A list of models whose one entry, `stand_in`, has a pinned hash; gives its file."""
    path = tmp_path / "stand_in.onnx"
    picture_network(path, 32, 8)
    text = f"""
[[model]]
name = "stand_in"
url = "http://127.0.0.1:1/x"
file = "stand_in.onnx"
bytes = {path.stat().st_size}
sha256 = "{hashlib.sha256(path.read_bytes()).hexdigest()}"
licence = "for research; non-commercial"
non_commercial = true
source = "here"
[model.card]
title = "A stand-in"
version = "1"
kind = "face_frame"
summary = "Tested."
[model.card.input.face]
shape = ["N", 3, 32, 32]
dtype = "float32"
colour = "rgb"
size = 32
range = [0.0, 1.0]
alignment = "box"
[model.card.output.expression]
activation = "softmax"
classes = ["anger", "contempt", "disgust", "fear", "happiness", "neutral", "sadness", "surprise"]
"""
    (tmp_path / "zoo.toml").write_text(text, "utf-8")
    monkeypatch.setattr(manifest.load_manifest, "__defaults__", (tmp_path / "zoo.toml",))
    monkeypatch.setattr(manifest.find_entry, "__defaults__", (tmp_path / "zoo.toml",))
    return path


def nothing_installed():
    folder = data_dir() / "models"
    return not folder.exists() or os.listdir(folder) == []


def test_a_folder_is_asked_about_as_a_download_is(mirror, capsys, monkeypatch):
    monkeypatch.setattr(sys.stdin, "isatty", lambda: False, raising=False)
    assert main(["models", "install", NAME, "--from", str(mirror)]) == 1
    said = capsys.readouterr()
    assert "Nothing is installed without your agreement" in said.err
    assert "--yes" in said.err
    size = (mirror / f"{NAME}.onnx").stat().st_size
    assert f"size:    {size / 1e3:,.0f} kB" in said.out
    assert find_entry(NAME).licence in said.out
    assert "NON-COMMERCIAL" in said.out
    assert nothing_installed()


@pytest.mark.parametrize(("answer", "status"), [("y", 0), ("Yes ", 0), ("n", 1), ("", 1), (None, 1)])
def test_only_a_yes_is_a_yes(mirror, at_a_terminal, answer, status):
    at_a_terminal(answer)
    assert main(["models", "install", NAME, "--from", str(mirror)]) == status
    assert nothing_installed() == bool(status)


def test_what_is_not_there_is_said_before_it_is_asked(tmp_path, at_a_terminal, capsys):
    at_a_terminal("y")
    assert main(["models", "install", NAME, "--from", str(tmp_path)]) == 1
    said = capsys.readouterr()
    assert f"holds no {NAME}.onnx" in said.err
    assert "licence" not in said.out
    (tmp_path / f"{NAME}.onnx").write_bytes(b"")
    words = ["models", "install", NAME, "--from", str(tmp_path), "--project", str(tmp_path / "none")]
    assert main(words) == 1
    assert "no project" in capsys.readouterr().err


def test_a_vetted_file_that_is_added_becomes_its_entry(pinned, tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(sys.stdin, "isatty", lambda: False, raising=False)
    renamed = pinned.rename(tmp_path / "from the net (1).onnx")
    assert main(["models", "add", str(renamed)]) == 1
    said = capsys.readouterr()
    assert "is the zoo's stand_in" in said.out
    assert "NON-COMMERCIAL" in said.out
    assert nothing_installed()
    assert main(["models", "add", str(renamed), "--yes"]) == 0
    card = find_model("stand_in")
    assert card.raw["origin"]["non_commercial"] is True
    assert card.file().sha256 == hashlib.sha256(renamed.read_bytes()).hexdigest()


def test_another_file_of_a_vetted_name_is_not_taken_for_it(pinned, capsys):
    picture_network(pinned, 48, 8, seed=3)
    assert main(["models", "add", str(pinned), "--yes"]) == 1
    said = capsys.readouterr().err
    assert "is not that file" in said
    assert "models install stand_in" in said
    assert nothing_installed()
    assert main(["models", "add", str(pinned), "--yes", "--name", "stand_in"]) == 1
    assert "name of a model of the zoo" in capsys.readouterr().err
    assert main(["models", "add", str(pinned), "--yes", "--name", "mine"]) == 0
    assert find_model("mine").name == "mine"


def test_a_file_without_a_known_hash_is_known_by_its_name_and_then_by_its_hash(mirror, tmp_path, capsys):
    file = mirror / f"{NAME}.onnx"
    assert entry_of(file) is None
    assert main(["models", "add", str(file), "--yes"]) == 0
    assert "NON-COMMERCIAL" in capsys.readouterr().out
    assert find_model(NAME).version == NAME
    copy = tmp_path / "copy.onnx"
    copy.write_bytes(file.read_bytes())
    assert entry_of(copy).name == NAME
    picture_network(file, 260, 8, seed=9)
    with pytest.raises(UserError, match="is not that file"):
        entry_to_install(file)


def test_what_has_arrived_is_told_when_a_download_is_cancelled(tiny, tmp_path, capsys, monkeypatch):
    entry = entry_for(tiny, "", pinned=False, name=NAME)
    monkeypatch.setattr(manifest, "find_entry", lambda _name: entry)
    with Server(Served(tiny, stall_after=STALL_AFTER)) as server:
        interrupt = threading.Thread(target=_interrupt_when_begun)
        interrupt.start()
        assert main(["models", "install", NAME, "--yes", "--url", server.url()]) == 130
        interrupt.join()
    assert "continues from there" in capsys.readouterr().err
    assert part_size(NAME) > 0


def _interrupt_when_begun():
    until(lambda: part_size(NAME), "the download's beginning")
    os.kill(os.getpid(), signal.SIGINT)


def test_yunet_is_known_for_what_it_is(shared, tmp_path, capsys):
    copy = tmp_path / "detector.onnx"
    copy.write_bytes((shared / "models" / "yunet_n_640_640.onnx").read_bytes())
    assert main(["models", "add", str(copy), "--yes"]) == 0
    assert "is the zoo's yunet_n_640_640" in capsys.readouterr().out
    assert find_model("yunet_n_640_640").kind == "face_detector"


def test_any_other_file_is_nobodys(tmp_path):
    picture_network(tmp_path / "mine.onnx", 48, 8)
    assert entry_to_install(tmp_path / "mine.onnx") is None
    assert entry_to_install(tmp_path / "gone.onnx") is None
    install(find_entry(NAME), Context(), source=_stand_in(tmp_path))
    assert entry_to_install(tmp_path / "mine.onnx") is None


def _stand_in(folder):
    picture_network(folder / f"{NAME}.onnx", 260, 8)
    return folder
