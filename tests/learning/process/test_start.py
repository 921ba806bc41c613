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


STEPS = """
import hashlib, sys
import torch
from app.learning.process.eager import leave_compiler_out
if sys.argv[1] == "free":
    leave_compiler_out()
    leave_compiler_out()
digest = hashlib.sha256()
for kind in (torch.optim.SGD, torch.optim.Adam, torch.optim.AdamW):
    torch.manual_seed(0)
    net = torch.nn.Linear(3, 2)
    optimiser = kind(net.parameters(), lr=0.1, weight_decay=0.01)
    for number in range(3):
        optimiser.zero_grad()
        net(torch.full((4, 3), float(number))).square().sum().backward()
        optimiser.step()
        optimiser.load_state_dict(optimiser.state_dict())
    assert net.weight.requires_grad and net.weight.is_leaf
    digest.update(net.weight.detach().numpy().tobytes())
print(digest.hexdigest(), "torch._dynamo" in sys.modules)
"""


@pytest.mark.process
def test_steps_without_the_compiler_are_the_same():
    said = {}
    for how in ("free", "guarded"):
        words = [sys.executable, "-c", STEPS, how]
        said[how] = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=True).stdout.split()
    assert said["free"][0] == said["guarded"][0]
    assert said["free"][1] == "False"
