"""One clock for people: times are counted from a clip's first frame, whatever the file's own clock says.

A recording may begin at any time stamp: cameras that stream go on counting, cutters keep the time of the whole tape.
What is stored and exported stays on the file's own clock, so that it can be laid over the file in another program.
"""

from collections.abc import Iterable


def clock_text(seconds: float, *, millis: bool = True) -> str:
    """Return the time as people read it: m:ss.mmm, with hours where there are any.

    Example:
        >>> clock_text(100.96), clock_text(3661, millis=False)
        ('1:40.960', '1:01:01')
    """
    sign = "−" if seconds < 0 else ""
    total_ms = round(abs(seconds) * 1000)
    hours, rest = divmod(total_ms, 3_600_000)
    minutes, rest = divmod(rest, 60_000)
    whole, ms = divmod(rest, 1000)
    head = f"{hours}:{minutes:02d}" if hours else f"{minutes}"
    return f"{sign}{head}:{whole:02d}" + (f".{ms:03d}" if millis else "")


def axis_words(begins_s: float) -> str:
    """Return what an axis of seconds from the first frame is called; where the file's own clock differs, that is said.

    Example:
        >>> axis_words(0.0)
        'time (s)'
    """
    if not begins_s:
        return "time (s)"
    return f"time from the first frame (s); the file's own clock, as in the CSV, begins at {begins_s:.3f} s"


def axis_words_of(begins_s: Iterable[float]) -> str:
    """Name the axis that several clips share, each counted from its own first frame.

    Args:
        begins_s: Where the own clock of each clip begins, seconds.

    Example:
        >>> axis_words_of([0.0, 0.0]), axis_words_of([0.0, 100.0])
        ('time (s)', "time from each first frame (s); exports keep each file's own clock")
    """
    found = set(begins_s)
    if len(found) <= 1:
        return axis_words(next(iter(found), 0.0))
    return "time from each first frame (s); exports keep each file's own clock"
