"""Rows that faults of older versions left behind in a project. Each is named; none is deleted."""

from dataclasses import dataclass
from typing import Final, Literal

Kind = Literal["unseen", "empty_trace", "led", "verdict", "silent"]

TODO: Final[dict[Kind, str]] = {
    "unseen": "It does not count. Under Answers you can void all such answers at once.",
    "empty_trace": "It does not count. Reject it under Answers, or let the rater give it again.",
    "led": "Nobody can tell any more whether predictions were in sight. Leave it out where you need blind traces.",
    "verdict": "Nothing was expected of it, so its verdict means nothing. It is not analysed.",
    "silent": "Decide whether the sound mattered. The rater was not told that there was none.",
}
"""Kind → what can be done about it."""


@dataclass(frozen=True)
class Leftover:
    """One row that a fault left behind.

    Attributes:
        kind: Kind of the fault.
        table: "answer", "trace" or "presentation".
        id: Number of the row in its table.
        rater: Code of the rater.
        item: Name of the item.
        condition: Name of the condition.
        what: A sentence that says what is wrong with it.
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
        """A sentence that says what can be done about it."""
        return TODO[self.kind]
