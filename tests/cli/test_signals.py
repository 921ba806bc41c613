"""Signals that end a command do what Ctrl+C does; output that cannot be encoded never ends one."""

import json
import os
import signal
import subprocess
import sys

import pytest

from tests.data.projects import outputs
from tests.waiting import PATIENCE_S, until

CLIP = outputs.HERE / "0.1" / "clips" / "face_1.mp4"


def start(tmp_path, *words, **environment):
    return subprocess.Popen(
        [sys.executable, "-m", "app", *map(str, words)],
        env={**os.environ, "AFFECTOGRAPH_HOME": str(tmp_path / "home"), "OMP_NUM_THREADS": "1", **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


@pytest.mark.skipif(os.name == "nt", reason="signals of POSIX systems")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, getattr(signal, "SIGHUP", signal.SIGTERM)])
def test_analyze_ends_with_its_summary(tmp_path, number):
    out = tmp_path / "out"
    clips = []
    for i in range(60):
        clips.append(tmp_path / f"clip{i:02d}.mp4")
        os.link(CLIP, clips[-1]) if os.stat(CLIP).st_dev == os.stat(tmp_path).st_dev else clips[-1].write_bytes(
            CLIP.read_bytes()
        )
    process = start(tmp_path, "analyze", *clips, "--out", out)
    until(lambda: len(list(out.glob("clip*.png"))) >= 2 or process.poll() is not None, "two clips")
    process.send_signal(number)
    _, errors = process.communicate(timeout=PATIENCE_S)
    assert process.returncode == 130, errors.decode()
    assert b"cancelled" in errors
    done = json.loads((out / "summary.json").read_text("utf-8"))["clips"]
    assert 2 <= len(done) < 60
    assert {path.name for path in out.iterdir() if path.name.startswith(".")} <= {".affectograph-results.json"}


@pytest.mark.skipif(os.name == "nt", reason="signals of POSIX systems")
def test_an_ignored_hangup_stays_ignored():
    from app.cli.progress import shown_progress

    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with shown_progress() as ctx:
            os.kill(os.getpid(), signal.SIGHUP)
            assert not ctx.cancelled
            assert signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGHUP, before)


@pytest.mark.parametrize("encoding", ["iso8859-1", "cp1252", "ascii"])
def test_names_beyond_the_terminal_never_end_a_batch(tmp_path, encoding):
    clip = tmp_path / "Gesicht→Ω.jpg"
    clip.write_bytes((CLIP.parent / "still.jpg").read_bytes())
    broken = tmp_path / "ж.mp4"
    broken.write_bytes(b"no clip")
    process = start(
        tmp_path, "analyze", broken, clip, "--out", tmp_path / "out", PYTHONIOENCODING=encoding, PYTHONUTF8="0"
    )
    said, errors = process.communicate(timeout=PATIENCE_S)
    assert b"Traceback" not in errors
    assert process.returncode == 1  # one of two was refused
    assert b"\\u2192" in said + errors
    assert (tmp_path / "out" / "Gesicht→Ω.csv").is_file()
