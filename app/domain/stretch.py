"""A part of a clip by its times, such as from 1:10 to 2:05."""

import re
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from app.domain.clock import clock_text
from app.errors import UserError

_TIME: Final = re.compile(r"(?:(?:(\d+):)?(\d+):)?(\d+(?:\.\d*)?)")


def seconds_in(text: str) -> float:
    """Return the seconds that somebody wrote, as `83.5`, `1:23.5` or `0:01:23.5`.

    Raises:
        UserError: It is no such time.

    >>> seconds_in("1:23.5")
    83.5
    """
    found = _TIME.fullmatch(text.strip())
    if found is None or (found[2] and float(found[3]) >= 60) or (found[1] and int(found[2]) >= 60):
        raise UserError(f"“{text}” is no time in a clip.", "Write seconds (83.5) or minutes and seconds (1:23.5).")
    return 3600 * float(found[1] or 0) + 60 * float(found[2] or 0) + float(found[3])


@dataclass(frozen=True)
class Stretch:
    """A part of a clip.

    Attributes:
        start_s: Where it begins, seconds on the clip's own axis; None for the clip's beginning.
        end_s: Where it ends, exclusive; None for the clip's end.
    """

    start_s: float | None = None
    end_s: float | None = None

    def frames(self, times_s: NDArray[np.float64], name: str) -> tuple[int, int]:
        """Return the first frame of the stretch and the one behind its last.

        Args:
            times_s: float64 F, the times of all frames, ascending.
            name: Name of the clip, for the message.

        Raises:
            UserError: The clip has no frame there.
        """
        first = 0 if self.start_s is None else int(np.searchsorted(times_s, self.start_s))
        end = len(times_s) if self.end_s is None else int(np.searchsorted(times_s, self.end_s))
        if first >= end:
            runs = f"{clock_text(float(times_s[0]))} to {clock_text(float(times_s[-1]))}" if len(times_s) else "0"
            raise UserError(
                f"{name} has no frame in the part that is wanted: its frames run from {runs}.",
                "Choose times on the clip's own axis, in seconds or as 1:23.5, the end behind the beginning.",
            )
        return first, end
