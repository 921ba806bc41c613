"""A display that is not there is a sentence, never an abort of the process."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from app.display import check_display, has_display
from app.errors import UserError

ROOT = Path(__file__).resolve().parents[1]
LINUX = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux names its display")


@pytest.fixture
def bare(monkeypatch):
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    return monkeypatch


@LINUX
def test_none_is_named(bare):
    assert not has_display()
    with pytest.raises(UserError, match="no display") as refused:
        check_display()
    assert "affectograph analyze" in refused.value.todo


@LINUX
@pytest.mark.parametrize(
    ("name", "value"), [("DISPLAY", ":987"), ("DISPLAY", "nonsense"), ("WAYLAND_DISPLAY", "way-0")]
)
def test_it_does_not_answer(bare, tmp_path, name, value):
    bare.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    bare.setenv(name, value)
    assert has_display()
    with pytest.raises(UserError, match=f"does not answer .*{value}"):
        check_display()


@LINUX
@pytest.mark.parametrize("value", ["way-0", ""])
@pytest.mark.parametrize("display", ["", ":987"])
@pytest.mark.parametrize("platform", ["wayland", "wayland-egl", "wayland:scale=2", "wayland;xcb"])
def test_wayland_is_asked_for_without_a_compositor(bare, tmp_path, value, display, platform):
    """A display of X11 is no help to Qt's platform for Wayland, which it was told to take."""
    bare.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    bare.setenv("QT_QPA_PLATFORM", platform)
    for name, said in (("WAYLAND_DISPLAY", value), ("DISPLAY", display)):
        if said:
            bare.setenv(name, said)
    with pytest.raises(UserError, match=r"does not answer .*QT_QPA_PLATFORM=wayland"):
        check_display()


@LINUX
def test_an_x_display_is_no_help_where_only_wayland_is_asked_for(bare, tmp_path):
    bare.setattr("app.display._x_answers", lambda: True)
    bare.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    bare.setenv("DISPLAY", ":0")
    check_display()
    bare.setenv("QT_QPA_PLATFORM", "wayland")
    with pytest.raises(UserError, match="does not answer"):
        check_display()
    bare.setenv("QT_QPA_PLATFORM", "wayland;xcb")
    check_display()


@LINUX
def test_a_platform_that_qt_does_not_have(bare):
    bare.setenv("DISPLAY", ":987")
    bare.setenv("QT_QPA_PLATFORM", "haiku")
    with pytest.raises(UserError, match="Qt has no platform haiku") as refused:
        check_display()
    assert "xcb" in refused.value.todo


@LINUX
def test_a_wayland_socket_that_answers(bare, tmp_path):
    import socket

    bare.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    bare.setenv("WAYLAND_DISPLAY", "way-0")
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as server:
        server.bind(str(tmp_path / "way-0"))
        server.listen()
        check_display()


def test_platforms_without_a_display_need_none(bare):
    bare.setenv("QT_QPA_PLATFORM", "offscreen")
    check_display()
    assert not has_display()


@LINUX
@pytest.mark.parametrize("words", [[], ["open"], ["demo"], ["tour", "--out", "x"]])
def test_the_program_says_so_and_ends(tmp_path, words):
    kept = {name: value for name, value in os.environ.items() if name not in ("WAYLAND_DISPLAY", "QT_QPA_PLATFORM")}
    done = subprocess.run(
        [sys.executable, "-m", "app", *words],
        cwd=tmp_path,
        env={**kept, "DISPLAY": ":987", "AFFECTOGRAPH_HOME": str(tmp_path), "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert "does not answer" in done.stderr
    assert "--headless" in done.stderr
