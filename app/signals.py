"""Signals that ask a program to end; at any point of a command they act like Ctrl+C."""

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Final

ENDING: Final = ("SIGINT", "SIGTERM", "SIGHUP")
"""Ctrl+C; `kill` and a machine that shuts down; a terminal that was closed. Windows has the first two."""


@contextmanager
def handled(ask: Callable[[int, FrameType | None], object]) -> Iterator[None]:
    """Let a function handle all of them while the block runs.

    A signal that is ignored, as SIGHUP is under `nohup`, stays ignored. Outside the main thread nothing is
    changed: a test or an embedding program owns the signals there.
    """
    before = {one: signal.getsignal(one) for name in ENDING if (one := getattr(signal, name, None)) is not None}
    before = {one: handler for one, handler in before.items() if handler != signal.SIG_IGN}
    try:
        for one in before:
            signal.signal(one, ask)
    except ValueError:  # not in the main thread
        yield
        return
    try:
        yield
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)


@contextmanager
def as_interrupts() -> Iterator[None]:
    """Let all of them raise `KeyboardInterrupt` while the block runs, so that running code cleans up."""
    with handled(signal.default_int_handler):
        yield


def by_default() -> None:
    """End the process at once, as the system does by itself: for the window, whose loop is not Python's."""
    for name in ENDING[1:]:
        one = getattr(signal, name, None)
        if one is not None and signal.getsignal(one) is signal.default_int_handler:
            signal.signal(one, signal.SIG_DFL)
