"""How far somebody is in a guided first hour. No Qt.

Events are words: "ran ID" (a command was given), "holds NAME" (a condition of the commands, such as a screen that is
shown), and "changed KIND" (rows of a kind were written). They count while the demo project is open only, except for the
step that opens it, and in any order: nobody is asked to do again what is done.
"""

from collections import Counter
from collections.abc import Collection

from app.guide_table import GUIDES, Guide, Step

DEMO = "holds demo"


def guide_named(guide_id: str) -> Guide | None:
    """Return a guide; None where there is none of this name."""
    return next((guide for guide in GUIDES if guide.id == guide_id), None)


class Walk:
    """One walk through a guide.

    Args:
        guide: The guide.
        done: Ids of the steps that were done or skipped before.
    """

    def __init__(self, guide: Guide, done: Collection[str] = ()) -> None:
        self.guide = guide
        self._done = {step.id for step in guide.steps} & set(done)
        self._counts: Counter[str] = Counter()

    @property
    def done(self) -> frozenset[str]:
        """Ids of the steps that are done or skipped."""
        return frozenset(self._done)

    @property
    def step(self) -> Step | None:
        """The first step that is left; None at the end."""
        return next((step for step in self.guide.steps if step.id not in self._done), None)

    def happened(self, event: str, *, in_demo: bool) -> bool:
        """Take note of an event; return whether a step is done by it.

        Args:
            event: What happened.
            in_demo: Whether the demo project is open.
        """
        if not in_demo and event != DEMO:
            return False
        self._counts[event] += 1
        reached = {
            step.id
            for step in self.guide.steps
            if step.id not in self._done and step.done_by == event and self._counts[event] >= step.times
        }
        self._done |= reached
        return bool(reached)

    def skip(self) -> None:
        """Pass over the step that is next."""
        if self.step is not None:
            self._done.add(self.step.id)

    def start_over(self) -> None:
        """Begin again."""
        self._done.clear()
        self._counts.clear()
