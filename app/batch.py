"""Work through many items: one that fails is remembered with its name, and the others are done.

Every command that takes clip after clip, row after row or file after file gets its failures from here, so that a bad
one never ends the rest, and whoever reports can name all of them.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from types import TracebackType
from typing import TypeAlias

from app.errors import Cancelled, ProjectLost, UserError

log = logging.getLogger(__name__)

Failed: TypeAlias = dict[str, str]
"""An item that failed, as summaries name it: `name`, `what` happened and what `todo`."""


class Unforeseen(UserError):
    """An item failed in a way that nobody foresaw: a mistake in this program, whose trace stands in the log."""


@dataclass
class Failures:
    """What failed so far.

    Attributes:
        named: (name of the item, why), in order.
        on_failure: Told of each at once.
    """

    named: list[tuple[str, UserError]] = field(default_factory=list)
    on_failure: Callable[[UserError], None] | None = None

    def of(self, name: str) -> "_Item":
        """Do one item in a `with` block; where it fails, its name and the reason are kept and the caller goes on.

        Cancelling and the loss of the project pass: they end the whole. So do what Python raises to end a process.
        """
        return _Item(self, name)

    def add(self, name: str, error: UserError) -> None:
        """Remember a failure; a sentence that does not say which item it is about gets its name."""
        if name and name not in error.what:
            error = error.about(name)
        self.named.append((name, error))
        if self.on_failure is not None:
            self.on_failure(error)

    @property
    def errors(self) -> list[UserError]:
        """The reasons, each naming its item."""
        return [error for _, error in self.named]

    def __len__(self) -> int:
        return len(self.named)

    def as_json(self) -> list[Failed]:
        """For a summary: name, what happened and what to do of each."""
        return [{"name": name, "what": error.what, "todo": error.todo} for name, error in self.named]


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
        if not isinstance(error, Exception) or isinstance(error, Cancelled | ProjectLost):
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
