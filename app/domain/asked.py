"""Judgements that were asked for, as the audit log keeps them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

ASK: Final = "study.ask"
TAKE_BACK: Final = "study.ask_back"
MODEL, CHANCE = "asked", "random"
"""Who chose a judgement."""
AskedCell = tuple[int, int, str]
"""(number of the rater, number of the item, condition)."""


@dataclass(frozen=True)
class Asked:
    """One line of the log: a batch, or what was taken back of it.

    Attributes:
        id: Number of the line.
        action: `ASK` or `TAKE_BACK`.
        study: The study's uid.
        cells: Each judgement, and who chose it.
    """

    id: int
    action: str
    study: str
    cells: Mapping[AskedCell, str]

    @classmethod
    def of(cls, number: int, action: str, detail: Mapping[str, Any]) -> Asked:
        """Read a line of the log; judgements that it does not tell are left out."""
        cells = {}
        for one in detail.get("judgements", ()):
            if isinstance(one, list) and len(one) >= 3:
                cells[int(one[0]), int(one[1]), str(one[2])] = str(one[3]) if len(one) > 3 else ""
        return cls(number, action, str(detail.get("study", "")), cells)


def asked_cells(lines: Iterable[Asked], study: str = "") -> dict[AskedCell, str]:
    """Return each judgement that was asked for and not taken back, with who chose it: the model or chance.

    Args:
        lines: Of the log, oldest first.
        study: uid of the study to keep to; empty for all.

    Example:
        >>> one = Asked(1, ASK, "s", {(1, 2, "face_only"): MODEL, (1, 3, "face_only"): CHANCE})
        >>> asked_cells([one, Asked(2, TAKE_BACK, "s", {(1, 2, "face_only"): ""})])
        {(1, 3, 'face_only'): 'random'}
    """
    found: dict[AskedCell, str] = {}
    for line in lines:
        if study and line.study != study:
            continue
        if line.action == ASK:
            found.update(line.cells)
        else:
            for cell in line.cells:
                found.pop(cell, None)
    return found
