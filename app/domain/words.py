"""Writes numbers with their noun, times, sizes and names of studies as people do."""

from collections.abc import Sequence


def many(number: int, one: str, several: str = "") -> str:
    """Return a number with its noun: `1 rater`, `2 raters`, `0 raters`.

    Args:
        number: How many.
        one: The noun for one.
        several: The noun for more, where it does not just end in an s.
    """
    return f"{number} {one if number == 1 else several or one + 's'}"


def joined(parts: Sequence[str]) -> str:
    """Return parts of a sentence with commas and an `and`.

    Example:
        >>> joined(["a", "b", "c"]), joined(["a"])
        ('a, b and c', 'a')
    """
    return " and ".join(filter(None, [", ".join(parts[:-1]), *parts[-1:]]))


def named(names: Sequence[str], most: int) -> str:
    """Return the first names of a list, and how many more there are.

    Example:
        >>> named(["a", "b"], 3), named(["a", "b", "c", "d"], 2)
        ('a and b', 'a, b and 2 more')
    """
    return joined(names if len(names) <= most else [*names[:most], f"{len(names) - most} more"])


def study_called(name: str) -> str:
    """Return a study's name as a sentence names it: `Study 1`, `study faces`, but never `study study`."""
    return name if name.lower().startswith("study") else f"study {name}"


def duration(seconds: float) -> str:
    """Return `12 s`, `5 min` or `1.7 h`, in whole seconds below 90 s and in whole minutes below 90 minutes."""
    if seconds < 90:
        return f"{max(round(seconds), 1)} s"
    return f"{round(seconds / 60)} min" if seconds < 90 * 60 else f"{seconds / 3600:.1f} h"


def file_size(count: int | None) -> str:
    """Return `430 kB` or `1,234.5 MB`, in units of 1,000 and 1,000,000 bytes; None is "size not known"."""
    if count is None:
        return "size not known"
    return f"{count / 1e6:,.1f} MB" if count >= 1e6 else f"{count / 1e3:,.0f} kB"


def figure(value: float | None, digits: int = 2, *, sign: bool = False) -> str:
    """Write a number for the screen: with a real minus sign, zero without one, and a dash if it is unknown.

    Args:
        value: The number; None and NaN are unknown.
        digits: Decimals.
        sign: Whether to write a plus before positive numbers.

    Example:
        >>> figure(-0.5), figure(0.25, sign=True), figure(-0.001), figure(None)
        ('−0.50', '+0.25', '0.00', '–')
    """
    if value is None or value != value:
        return "–"
    text = f"{value:{'+' if sign else ''}.{digits}f}"
    return (text if float(text) else f"{0:.{digits}f}").replace("-", "−")


def change(value: float, low: float | None, high: float | None, digits: int = 3) -> str:
    """Write a difference with its interval, and without one where the interval is unknown.

    Args:
        value: The difference.
        low: The interval's lower end; None and NaN are unknown.
        high: Its upper end.
        digits: Decimals.

    Example:
        >>> change(0.2024, 0.119, 0.286), change(-0.02, None, None)
        ('+0.202 [+0.119, +0.286]', '−0.020')
    """
    written = figure(value, digits, sign=True)
    if low is None or low != low:
        return written
    return f"{written} [{figure(low, digits, sign=True)}, {figure(high, digits, sign=True)}]"


def plain(name: str) -> str:
    """Write a name of the study, such as `face_only`, as words."""
    return name.replace("_", " ")
