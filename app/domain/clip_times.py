"""Checks that times lie within a clip, and finds the likely mistake where they do not."""

from typing import Final

from app.errors import UserError

_UNITS: Final = ((1e3, "milliseconds"), (1e6, "microseconds"), (1e9, "nanoseconds"))

_LEAST_SHARE: Final = 0.02
"""Share of a clip that times must span in another unit to be taken for that unit: 7 s in a 4 s clip are not ms."""


class TimesOutside(UserError):
    """Times lie outside a clip.

    Args:
        what: What happened.
        todo: What to do.
        seems: What the times seem to be instead, such as `in milliseconds`; empty where nothing is recognised.
    """

    def __init__(self, what: str, todo: str, seems: str = "") -> None:
        super().__init__(what, todo)
        self.seems = seems


def check_times(what: str, first_s: float, last_s: float, clip: str, begins_s: float | None, duration_s: float) -> None:
    """Refuse times that lie outside a clip, and say what they seem to be instead.

    Times up to half a second (and a tenth of the clip) beyond its ends are accepted, because players round.

    Args:
        what: The subject of the sentence, such as `line 3 of list.csv: the range`.
        first_s: First time.
        last_s: Last time, not before the first.
        clip: Name of the clip.
        begins_s: Where the clip's own clock begins, seconds; None where the file cannot be asked, then only the length
            is compared.
        duration_s: Length of the clip; 0 (a picture, or unknown) is not compared.

    Raises:
        TimesOutside: The times are outside.
    """
    if duration_s <= 0 or _within(first_s, last_s, begins_s, duration_s):
        return
    begins = begins_s or 0.0
    runs = f"runs from {begins:.3f} to {begins + duration_s:.3f} s"
    for factor, unit in _UNITS:
        covers = last_s / factor - begins >= _LEAST_SHARE * duration_s
        if covers and _within(first_s / factor, last_s / factor, begins_s, duration_s):
            raise TimesOutside(
                f"{what} ({first_s:g} to {last_s:g}) lies outside {clip}, which {runs}; it seems to be in {unit}.",
                f"Divide the times by {factor:,.0f}: they are read as seconds.",
                f"in {unit}",
            )
    if begins and _within(first_s + begins, last_s + begins, begins_s, duration_s):
        raise TimesOutside(
            f"{what} ({first_s:g} to {last_s:g} s) lies outside {clip}, whose own clock {runs}; it seems to count from "
            "the clip's first frame.",
            f"Add {begins:g} s to the times.",
            "counted from the first frame",
        )
    raise TimesOutside(
        f"{what} ({first_s:g} to {last_s:g} s) lies outside {clip}, which {runs}.", "Correct the times or the clip."
    )


def _within(first_s: float, last_s: float, begins_s: float | None, duration_s: float) -> bool:
    slack = min(0.5, max(0.05, 0.1 * duration_s))
    if begins_s is None:
        return last_s - first_s <= duration_s + slack
    ends_s = begins_s + duration_s
    return begins_s - slack <= first_s <= ends_s and begins_s <= last_s <= ends_s + slack
