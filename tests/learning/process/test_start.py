"""A training process starts without what its recipe does not need."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
CODE = """
import sys
from app.learning.clip import train
from app.learning.process import training_program
words = ["--items", "x", "--recipe", "gru", "--out", sys.argv[1], "--device", "cpu"]
training_program.begin(training_program.arguments("x", "", "--items").parse_args(words))
import torch
assert torch.is_deterministic_algorithms_warn_only_enabled()
print(*sys.modules)
"""


@pytest.mark.process
def test_a_network_waits_neither_for_the_compiler_nor_for_machines(tmp_path):
    """Each took as long as torch itself."""
    words = [sys.executable, "-c", CODE, str(tmp_path)]
    said = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert {"torch._inductor", "sklearn", "scipy.stats", "pandas"} & set(said.split()) == set()
