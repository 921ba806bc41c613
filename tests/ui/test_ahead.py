"""The code of screens is loaded before they are opened, and only while the window has nothing else to do."""

import subprocess
import sys

import pytest

from app.ui.core.dispatch import Ticker
from app.ui.screens import load_screen
from app.ui.shell import ahead
from app.ui.shell.ahead import Ahead
from tests.ui.waiting import settle


def test_all_screens_are_loaded_and_none_is_made(window, monkeypatch):
    monkeypatch.setattr(ahead, "FIRST_MS", 0)
    monkeypatch.setattr(ahead, "EVERY_MS", 0)
    made = Ahead(window.context, tuple(window.screens), window)
    assert made.left == tuple(window.screens)
    count = window.stack.count()
    settle(lambda: not made.left)
    assert all(f"app.ui.screens.{name}.view" in sys.modules for name in window.screens)
    assert window.stack.count() == count


def test_it_waits_while_something_plays(desk, window, monkeypatch):
    monkeypatch.setattr(ahead, "FIRST_MS", 0)
    monkeypatch.setattr(ahead, "EVERY_MS", 0)
    monkeypatch.setattr(Ticker, "running", True)
    made = Ahead(window.context, ("models",), window)
    settle(seconds=0.1)
    assert made.left == ("models",)
    monkeypatch.setattr(Ticker, "running", False)
    settle(lambda: not made.left)


@pytest.mark.process
def test_code_loads_in_a_thread_without_a_window():
    names = "('agreement', 'train', 'study', 'fusion')"
    code = (
        "import threading; from app.ui.screens import load_screen\n"
        f"t = threading.Thread(target=lambda: [load_screen(n) for n in {names}]); t.start(); t.join()\n"
        "import sys; print('app.ui.screens.train.view' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120, check=True)
    assert done.stdout.split() == ["True"], done.stderr


def test_an_unknown_screen_loads_nothing():
    before = set(sys.modules)
    load_screen("nothing")
    assert {name for name in set(sys.modules) - before if name.endswith(".view")} == set()
