"""Tries what this installation must be able to do, on a clip and projects that it makes itself and removes again."""

import contextlib
import os
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from app.errors import Cancelled, UserError
from app.services.selftest.steps import STEPS, Place, Step, UnavailableError

Status = Literal["passed", "failed", "unavailable"]


@dataclass(frozen=True)
class Outcome:
    """The outcome of one step.

    Attributes:
        step: Short, stable name for scripts.
        status: "passed"; "failed"; or "unavailable" if this installation is not meant to do it.
        text: What was done, or the reason why it was not.
        seconds: Wall time of the step.
    """

    step: str
    status: Status
    text: str
    seconds: float


def run_selftest() -> Iterator[Outcome]:
    """Run every step and yield its outcome as soon as it is known.

    Files are written only to a temporary folder, which also takes the place of the user's own folders meanwhile.

    Yields:
        One outcome for each of `STEPS`, in that order. A step that needs a failed one fails without being run.

    Raises:
        Cancelled: The user cancelled.
    """
    passed: set[str] = set()
    with tempfile.TemporaryDirectory(prefix="affectograph-selftest-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        with _home(folder / "home"):
            place = Place(folder)
            for step in STEPS:
                outcome = _tried(step, place, passed)
                if outcome.status == "passed":
                    passed.add(step.name)
                yield outcome


def _tried(step: Step, place: Place, passed: set[str]) -> Outcome:
    missing = [name for name in step.needs if name not in passed]
    if missing:
        return Outcome(step.name, "failed", f"It was not tried, because it needs the step {missing[0]}.", 0.0)
    began_s = time.perf_counter()
    status: Status
    try:
        status, text = "passed", step.run(place)
    except UnavailableError as reason:
        status, text = "unavailable", str(reason)
    except UserError as error:
        status, text = "failed", f"{error.what} {error.todo}"
    except Cancelled:
        raise
    except Exception as error:  # noqa: BLE001 — whatever breaks in a step is its outcome
        status, text = "failed", f"{type(error).__name__}: {error}"
    return Outcome(step.name, status, text, round(time.perf_counter() - began_s, 2))


@contextlib.contextmanager
def _home(folder: Path) -> Iterator[None]:
    """Let a folder take the place of the user's own ones while the block runs, also in child processes."""
    before = os.environ.get("AFFECTOGRAPH_HOME")
    os.environ["AFFECTOGRAPH_HOME"] = str(folder)
    try:
        yield
    finally:
        if before is None:
            del os.environ["AFFECTOGRAPH_HOME"]
        else:
            os.environ["AFFECTOGRAPH_HOME"] = before
