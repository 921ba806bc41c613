"""Optimisers that take their first step without loading torch's compiler."""

from typing import Final

import torch
from torch.optim import SGD, Adam, Optimizer

GUARDED: Final = ("add_param_group", "zero_grad", "state_dict", "load_state_dict")
"""Methods of every optimiser that torch guards against being compiled."""
KINDS: Final[tuple[type[Optimizer], ...]] = (Adam, SGD)
"""The optimisers of the recipes for clips; AdamW takes the steps of Adam."""


def leave_compiler_out() -> None:
    """Take the guards off optimisers, for the whole process; call it before an optimiser is made.

    The guards import torch's compiler when they are first called, which takes a second, as long as torch itself. Here,
    nothing is compiled and no step is differentiated, so that the guarded functions do the same without them. A version
    of torch without these guards is left as it is.
    """
    for name in GUARDED:
        method = getattr(Optimizer, name)
        setattr(Optimizer, name, getattr(method, "__wrapped__", method))
    for kind in KINDS:
        plain = getattr(kind.step, "__wrapped__", None)
        if plain is not None and not hasattr(kind.step, "hooked"):
            setattr(kind, "step", torch.no_grad()(plain))  # noqa: B010 - mypy allows no assignment to a method
