"""Failures of a batch: an item that fails is noted by its name, and the others are done.

Every command that takes clip after clip, row after row or file after file gets its failures from here, so that a bad
one never ends the rest, and whoever reports can name all of them.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from types import TracebackType
from typing import TypeAlias

from app.errors import Cancelled, ClusterLost, ProjectLost, UserError

log = logging.getLogger(__name__)

Failed: TypeAlias = dict[str, str]
"""An item that failed, as summaries name it: `name`, `what` happened and what `todo`."""


class Unforeseen(UserError):
    """An item failed by an unforeseen exception: a bug in this program, whose trace is in the log."""


@dataclass
class Failures:
    """The items that have failed so far.

    Attributes:
        named: (name of the item, reason), in order.
        on_failure: Receives each failure at once.
    """

    named: list[tuple[str, UserError]] = field(default_factory=list)
    on_failure: Callable[[UserError], None] | None = None

    def of(self, name: str) -> "_Item":
        """Process one item in a `with` block; if it fails, its name and the reason are noted, and the caller continues.

        Cancelling, the loss of the project or of the cluster that computes, and exceptions by which Python ends a
        process are not caught: they end the batch.
        """
        return _Item(self, name)

    def add(self, name: str, error: UserError) -> None:
        """Note a failure; the item's name is added to a sentence that lacks it."""
        if name and name not in error.what:
            error = error.about(name)
        self.named.append((name, error))
        if self.on_failure is not None:
            self.on_failure(error)

    @property
    def errors(self) -> list[UserError]:
        """The errors, each of which names its item."""
        return [error for _, error in self.named]

    def __len__(self) -> int:
        return len(self.named)

    def as_json(self) -> list[Failed]:
        """Return for a summary, for each failure, its name, what happened and what to do."""
        return [{"name": name, "what": error.what, "todo": error.command} for name, error in self.named]


@dataclass(frozen=True)
class _Item:
    """The block of one item."""

    failures: Failures
    name: str

    def __enter__(self) -> None:
        return None

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool:
        if not isinstance(error, Exception) or isinstance(error, Cancelled | ProjectLost | ClusterLost):
            return False
        if isinstance(error, UserError):
            self.failures.add(self.name, error)
        else:
            log.warning("%s failed", self.name, exc_info=error)  # the command line shows it with --verbose
            self.failures.add(self.name, _unforeseen(self.name, error))
        return True


def _unforeseen(name: str, error: Exception) -> Unforeseen:
    if isinstance(error, MemoryError):
        return Unforeseen(f"{name} needs more memory than there is.", "Close other programs, or do this one alone.")
    if isinstance(error, OSError):
        where = f" ({error.filename})" if error.filename else ""
        return Unforeseen(f"{name}: the system refused{where}: {error.strerror or error}.", "Check rights and space.")
    short = " ".join(str(error).split())[:200]
    return Unforeseen(
        f"{name} failed unexpectedly: {type(error).__name__}{f' ({short})' if short else ''}.",
        "The others were done. Report this with the log, or with what --verbose says.",
    )
