"""The device on which torch computes, and the number of its threads."""

import os

import torch

from app.errors import UserError


def pick_device(wish: str) -> torch.device:
    """Return the device to train on.

    Args:
        wish: "auto", "cpu", "cuda" or "mps".

    Raises:
        UserError: The device cannot be used.
    """
    there = {"cpu": True, "cuda": torch.cuda.is_available(), "mps": torch.backends.mps.is_available()}
    if wish == "auto":
        return torch.device(next(name for name in ("cuda", "mps", "cpu") if there[name]))
    if not there.get(wish, False):
        raise UserError(
            f"torch cannot train on {wish} here.",
            "Use the device auto or cpu, or install a version of torch for it.",
            "Use --device auto or cpu, or install a version of torch for it.",
        )
    return torch.device(wish)


def take_threads(count: int) -> None:
    """Let torch use a number of threads.

    Args:
        count: Number of threads; 0 takes one fewer than there are cores, so that the window keeps one.
    """
    torch.set_num_threads(count or max(1, (os.cpu_count() or 2) - 1))
