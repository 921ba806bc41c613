"""Prints what goes into a bundle, one requirement a line: `python packaging/bundle/requirements.py plain` (or train).

A bundle holds the dependencies of pyproject.toml with two exchanges. ONNX Runtime for the processor takes the place of
the one for NVIDIA GPUs, whose CUDA libraries a bundle cannot carry; OpenCV without its own windows takes the place of
the one with them, because nothing here opens one.
"""

import re
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[2]
EXCHANGED: Final = {"onnxruntime-gpu": "onnxruntime", "opencv-python": "opencv-python-headless"}
FLAVOURS: Final = ("plain", "train")


def requirements(flavour: str) -> list[str]:
    """Return the requirements of a flavour, as pip reads them.

    Args:
        flavour: "plain", or "train" for the libraries of training as well.

    Raises:
        SystemExit: There is no such flavour.
    """
    if flavour not in FLAVOURS:
        raise SystemExit(f"There is no flavour {flavour}: choose one of {', '.join(FLAVOURS)}.")
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = list(project["dependencies"])
    if flavour == "train":
        wanted += project["optional-dependencies"]["train"]
    return list(dict.fromkeys(_exchanged(wanted)))


def _exchanged(wanted: list[str]) -> Iterator[str]:
    for line in wanted:
        found = re.match(r"[A-Za-z0-9_.-]+", line)
        name = found.group() if found else line
        if name in EXCHANGED:
            # The exchanged package exists for every platform, so that the marker goes with the name.
            yield EXCHANGED[name] + line[len(name) :].partition(";")[0].rstrip()
        elif name not in EXCHANGED.values():
            yield line


if __name__ == "__main__":
    print("\n".join(requirements(sys.argv[1] if len(sys.argv) > 1 else "plain")))
