"""What faults of older versions left behind in a project: named row by row, never deleted."""

from dataclasses import dataclass
from typing import Final, Literal

Kind = Literal["unseen", "empty_trace", "led", "verdict", "silent"]

TODO: Final[dict[Kind, str]] = {
    "unseen": "It counts for nothing; void such answers in one act under Answers.",
    "empty_trace": "It counts for nothing; it may be rejected under Answers, or given again.",
    "led": "Whether predictions were in sight cannot be told any more; leave it out where blind traces are needed.",
    "verdict": "Nothing was expected of it, so the verdict says nothing; it is not analysed.",
    "silent": "Judge whether the sound mattered; the rater was not told that there was none.",
}
"""What may be done about each kind."""


@dataclass(frozen=True)
class Leftover:
    """One row that a fault left behind.

    Attributes:
        kind: Which fault.
        table: "answer", "trace" or "presentation".
        id: Number of the row in its table.
        rater: Code of the rater.
        item: Name of the item.
        condition: Name of the condition.
        what: What is wrong with it, a sentence.
    """

    kind: Kind
    table: str
    id: int
    rater: str
    item: str
    condition: str
    what: str

    @property
    def todo(self) -> str:
        """What may be done about it."""
        return TODO[self.kind]
