"""Where playing starts over."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Loop:
    """Where playing starts over: all of the clip, or from A to B.

    Attributes:
        on: Whether it does.
        a_s: Beginning, None for the clip's.
        b_s: End, None for the clip's.
    """

    on: bool = False
    a_s: float | None = None
    b_s: float | None = None
