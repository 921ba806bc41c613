"""A rater who is signed in is known to every window and command of the same user."""

import subprocess
import sys

import pytest

from app.errors import UserError
from app.services.machine import at_work

HOLD = "from app.services.machine import at_work; at_work.begin(); print('held', flush=True); input()"


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("AFFECTOGRAPH_HOME", str(tmp_path / "home"))


def test_the_own_window_is_not_another_one(home):
    place = at_work.begin()
    assert not at_work.rated_elsewhere()
    at_work.end(place)
    at_work.end(place)
    assert not place.exists()


def test_another_process_is_refused_until_the_rater_leaves_or_dies(home):
    for leaves in (True, False):
        with subprocess.Popen(
            [sys.executable, "-c", HOLD], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        ) as other:
            assert other.stdout.readline() == "held\n"
            with pytest.raises(UserError, match="judging clips in another window"):
                at_work.refuse_while_rated()
            if leaves:
                other.communicate("\n")
            else:
                other.kill()
                other.wait()
        at_work.refuse_while_rated()
