"""The training process starts without what only some members need."""

import subprocess
import sys

# The module of a network also writes it as ONNX, so that `onnx` belongs to every start.
SLOW_TO_IMPORT = {"sklearn", "scipy", "pandas", "onnxruntime", "matplotlib"}


def test_a_training_imports_scikit_learn_only_where_a_machine_is_fitted():
    code = "import sys, app.learning.clip.train; print(*sys.modules)"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert "torch" in said.split()
    assert SLOW_TO_IMPORT & set(said.split()) == set()
