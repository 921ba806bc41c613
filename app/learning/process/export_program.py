"""The arguments of the programs that write a finished run as an ONNX model."""

import argparse
from pathlib import Path

from app.learning.process import program


def arguments(module: str, description: str, data: str) -> argparse.ArgumentParser:
    """Return a parser for a program that exports a run: `--run`, the data, `--out` and `--name`.

    Args:
        module: Full name of the program's module.
        description: Description for its help.
        data: Name of the option that takes the folder of the run's frozen data, such as "--snapshot".
    """
    parser = program.arguments(module, description)
    parser.add_argument("--run", type=Path, required=True)
    parser.add_argument(data, type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--name", required=True)
    return parser


def training_arguments(module: str, description: str, data: str) -> argparse.ArgumentParser:
    """Return a parser for a program that exports a training, which has a frame model; see `arguments`."""
    parser = arguments(module, description, data)
    parser.add_argument("--frame-model", type=Path, required=True, help="folder of the frame model that it reads")
    return parser


def fusion_arguments(module: str, description: str, data: str) -> argparse.ArgumentParser:
    """Return a parser for a program that exports a fusion, which has members; see `arguments`."""
    parser = arguments(module, description, data)
    parser.add_argument("--member", type=Path, action="append", required=True, help="folder of a member; in order")
    return parser
