"""Twenty times killed in the middle of labelling: nothing that was confirmed is lost."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

BENCHMARK = Path(__file__).resolve().parents[2] / "benchmarks" / "kill.py"


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.skipif(not hasattr(__import__("os"), "fork"), reason="the driver forks")
def test_twenty_kills_lose_no_confirmed_answer(tmp_path):
    out = tmp_path / "kill.json"
    done = subprocess.run(
        [sys.executable, str(BENCHMARK), "--kills", "20", "--seed", "7", "--json", str(out)],
        capture_output=True, text=True, check=False, timeout=850,
    )  # fmt: skip
    assert out.is_file(), done.stderr
    report = json.loads(out.read_text())
    assert report["problems"] == []
    assert report["kills"] == 20
    assert report["confirmed_answers"] > 20
    assert report["accepted_traces"] + report["interrupted_traces"] > 5
    assert report["longest_missing_s"] <= 0.25
    assert done.returncode == 0
