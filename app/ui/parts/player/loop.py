"""The loop in which a clip plays."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Loop:
    """The loop in which a clip plays: the whole clip, or from A to B.

    Attributes:
        on: Whether the clip plays in a loop.
        a_s: Beginning in seconds; None for that of the clip.
        b_s: End in seconds; None for that of the clip.
    """

    on: bool = False
    a_s: float | None = None
    b_s: float | None = None
