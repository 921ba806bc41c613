"""Whose answers are in what a screen shows: every screen says it, and every export asks before it writes.

A screen that says nothing counts as one that holds everybody's answers, so that a new one cannot be forgotten.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Protocol, runtime_checkable

if TYPE_CHECKING:
    from app.domain.consent import Refusal
    from app.domain.project import TrainingRecord
    from app.services.projects.files import Project


@dataclass(frozen=True, eq=False)
class Whose:
    """Whose answers are in what a screen shows, beside those of people whom its rows name.

    Attributes:
        let_out: Refuses, off the window's thread, what consent does not cover; `app.services.consent.gate` has these.
        without: Leaves people out and computes the screen again; None where that cannot be done there.
    """

    let_out: Callable[[Project], None]
    without: Callable[[Sequence[Refusal]], None] | None = None


def _everybody(project: Project) -> None:
    from app.services.consent.gate import answers_may_leave

    answers_may_leave(project)


def _nobody(_project: Project) -> None:
    pass


EVERYBODY: Final = Whose(_everybody)
"""Everybody's answers may be in it: what holds for a screen that does not say whose they are."""
NAMED: Final = Whose(_nobody)
"""Every row or column names the person whose answer it holds, or there is no answer in it at all."""


def of_runs(runs: Sequence[TrainingRecord]) -> Whose:
    """Return that of trainings: the answers that they learned from and were measured on."""

    def let_out(project: Project) -> None:
        from app.services.consent.gate import runs_may_leave

        runs_may_leave(project, runs)

    return Whose(let_out)


@runtime_checkable
class States(Protocol):
    """A screen that says whose answers are in what it shows."""

    def whose(self) -> Whose:
        """Say whose answers are shown now."""


def whose_of(screen: object) -> Whose:
    """Return whose answers are in what a screen shows: everybody's, unless it says so."""
    return screen.whose() if isinstance(screen, States) else EVERYBODY
