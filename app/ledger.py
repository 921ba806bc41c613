"""A record of changes: a writer notes them once, and the code that runs the work reads them, however the work ends.

A writer (a transaction that was committed, a model folder that is in place) calls `note`; what runs the work encloses
it in `noting`. Nothing has to be passed through the functions between them, and what a cancelled or failed work wrote
before its end is in the ledger all the same.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final

from app.domain.changes import Changes


class Ledger:
    """The changes that one thread wrote while the ledger was open.

    Attributes:
        changes: All changes, also before the ledger is closed.
    """

    def __init__(self) -> None:
        self.changes = Changes()


_OPEN: Final[ContextVar[tuple[Ledger, ...]]] = ContextVar("ledgers", default=())


@contextmanager
def noting() -> Iterator[Ledger]:
    """Yield a ledger of the changes that this thread writes in the block; threads started there need their own."""
    ledger = Ledger()
    before = _OPEN.set((*_OPEN.get(), ledger))
    try:
        yield ledger
    finally:
        _OPEN.reset(before)


def note(changes: Changes) -> None:
    """Enter changes that were just committed into every open ledger of this thread."""
    for ledger in _OPEN.get():
        ledger.changes |= changes
