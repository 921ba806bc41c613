"""The licence of a fused model: the strictest of its members'."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

_UNKNOWN: Final = ("not stated", "unknown", "")
_OWN: Final = "the project's own"
_SHARED: Final = ("gpl", "cc-by-sa", "cc by-sa", "mpl", "eupl", "share")
_RESEARCH: Final = ("non-commercial", "noncommercial", "by-nc", "research", "academic")


@dataclass(frozen=True)
class Licence:
    """The licence of one member.

    Attributes:
        member: Name of the member.
        text: The licence as its card states it.
        non_commercial: Whether its card says that it is for non-commercial purposes only.
    """

    member: str
    text: str
    non_commercial: bool = False

    @property
    def strictness(self) -> int:
        """0 for permissive licences, 1 for the project's own, 2 for share-alike, 3 for non-commercial, 4 for none."""
        low = self.text.casefold().strip()
        if low in _UNKNOWN:
            return 4
        if self.non_commercial or any(word in low for word in _RESEARCH):
            return 3
        if any(word in low for word in _SHARED):
            return 2
        return 1 if _OWN in low else 0


def strictest(licences: Sequence[Licence]) -> Licence:
    """Return the strictest of some licences; the first of equally strict ones.

    Example:
        >>> mine = Licence("face", "MIT"), Licence("voice", "research only"), Licence("scene", "the project's own")
        >>> strictest(mine).member
        'voice'
    """
    return max(licences, key=lambda each: each.strictness)
