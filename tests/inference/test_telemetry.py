"""ONNX Runtime keeps to itself: no device identifier, no store of events, whoever imports it first."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

SESSION = "from app.inference.probe import probe; print(probe('cpu').works)"
BY_ITSELF = "import app, onnxruntime; print(True)"


@pytest.mark.skipif(sys.platform == "win32", reason="there, events go to the system's tracing and not to files")
@pytest.mark.parametrize("code", [SESSION, BY_ITSELF])
def test_nothing_is_left_in_a_fresh_home(code, tmp_path):
    # A small environment: on a CI machine, or where the user has said no, ONNX Runtime is silent by itself.
    environment = {
        "HOME": str(tmp_path),
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(ROOT),
        "AFFECTOGRAPH_HOME": str(tmp_path / "ours"),
    }
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=False)
    assert done.stdout == "True\n", done.stderr
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == []
