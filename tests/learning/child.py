"""A training in a process of its own, in which something happens at the very moment of one of its events.

Where the test watched the events and acted itself, a training could be over before a busy machine gave it its turn.
"""

import subprocess
import sys

CODE = """
import importlib, json, os, sys

class Told:
    def __init__(self, out):
        self.out = out

    def write(self, text):
        self.out.write(text)
        for event in map(json.loads, text.splitlines()):
            {act}

    def flush(self):
        self.out.flush()

sys.stdout = Told(sys.stdout)
sys.exit(importlib.import_module("{module}").main(sys.argv[1:]))
"""


def train_in_child(module, words, act):
    """Run a training program to its end; its exit status.

    Args:
        module: Full name of the program's module.
        words: Its arguments.
        act: A line of Python that is run after each event has been told; it knows `event` and `os`.
    """
    code = CODE.format(act=act, module=module)
    return subprocess.run([sys.executable, "-c", code, *words], stdout=subprocess.DEVNULL, check=False).returncode


KILLED = 9


def killed_when(condition):
    """What ends the process at once where a condition on the event holds, as a kill does: nothing is tidied up."""
    return f"if {condition}: os._exit({KILLED})"
