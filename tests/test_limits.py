"""A test that hangs is told with its stacks, whether or not it hears of its limit."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.waiting import PATIENCE_S

ROOT = Path(__file__).resolve().parents[1]
HANGS = """
import collections, itertools, threading, pytest

@pytest.mark.timeout(1)
def test_that_hears():
    threading.Event().wait()

def test_that_is_fine():
    pass

@pytest.mark.timeout(1)
def test_that_hears_nothing():
    collections.deque(itertools.repeat(0), maxlen=0)  # for ever, in C, with the interpreter's lock held
"""


@pytest.mark.slow
def test_what_hangs_ends_with_its_stacks_and_what_is_fine_goes_on(tmp_path):
    (tmp_path / "test_hangs.py").write_text(HANGS)
    (tmp_path / "conftest.py").write_text("import tests.limits\ntests.limits.GRACE_S = 1.0\n")
    words = [sys.executable, "-m", "pytest", "-v", "-p", "tests.limits", "-p", "no:cacheprovider", "test_hangs.py"]
    done = subprocess.run(
        words, cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True,
        timeout=PATIENCE_S, check=False,
    )  # fmt: skip
    assert done.returncode == 1
    told = [line for line in done.stdout.splitlines() if "test_hangs.py::" in line]
    assert "test_that_hears FAILED" in told[0]
    assert "test_that_is_fine PASSED" in told[1]
    assert "Timeout (" in done.stderr
    assert "in test_that_hears_nothing" in done.stderr
