"""The shared parts of the programs that train a recipe: their arguments, and the recipe, values and device in them."""

import argparse
from pathlib import Path

import torch

from app.domain.recipe import Recipe, Value
from app.domain.recipes import find_recipe
from app.learning.process import program
from app.learning.process.device import pick_device, take_threads
from app.learning.process.eager import leave_compiler_out


def arguments(module: str, description: str, data: str) -> argparse.ArgumentParser:
    """Return a parser for a program that trains a recipe on frozen data.

    Args:
        module: Full name of the program's module.
        description: Description for its help.
        data: Name of the option that takes the folder of the frozen data, such as "--snapshot".
    """
    parser = program.arguments(module, description)
    parser.add_argument(data, type=Path, required=True)
    parser.add_argument("--recipe", required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--device", default="auto")
    parser.add_argument(
        "--threads", type=int, default=0, help="number of CPU threads; 0 takes one fewer than there are cores"
    )
    parser.add_argument("--set", action="append", default=[], metavar="KEY=VALUE", dest="settings")
    return parser


def begin(args: argparse.Namespace) -> tuple[Recipe, dict[str, Value], torch.device]:
    """Take the threads, make the folder of the run, and read what is to be trained.

    Args:
        args: The arguments as `arguments` parsed them.

    Raises:
        UserError: The recipe does not exist, a value does not fit it, or the device cannot be used.
    """
    take_threads(args.threads)
    # As use_deterministic_algorithms(True, warn_only=True) does, which also loads torch's compiler: half of a start.
    torch.set_deterministic_debug_mode("warn")
    leave_compiler_out()
    args.out.mkdir(parents=True, exist_ok=True)
    recipe = find_recipe(args.recipe)
    values = recipe.values(dict(pair.split("=", 1) for pair in args.settings))
    return recipe, values, pick_device(args.device)
