"""The widths of the columns of a printed table, and how a table that is too wide is split. No Qt."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from app.domain.document import Grid

Measure = Callable[[str], float]
"""Returns the width of one line of text."""


HEADING: Final = 16
"""A heading is not broken into lines up to this many times the space beside a cell."""


@dataclass(frozen=True)
class Fitted:
    """A part of a table that fits a page.

    Attributes:
        columns: Numbers of its columns in the whole table.
        widths: Their widths.
    """

    columns: tuple[int, ...]
    widths: tuple[float, ...]

    @property
    def width(self) -> float:
        """The width of all columns."""
        return sum(self.widths)


def natural_widths(grid: Grid, measure: Measure, head: Measure, padding: float) -> list[float]:
    """Return the width of each column in which no cell is broken into lines; headings may be, between words.

    Args:
        grid: The table.
        measure: Measures a cell.
        head: Measures a heading.
        padding: Space at both sides of a cell.
    """
    out = []
    for at, name in enumerate(grid.header):
        cells = max((measure(row[at]) for row in grid.rows), default=0.0)
        heading = max(_longest_word(name, head), min(head(name), HEADING * padding))
        out.append(max(cells, heading) + 2 * padding)
    return out


def least_widths(grid: Grid, measure: Measure, head: Measure, padding: float, enough: float) -> list[float]:
    """Return the smallest width of each column: numbers are not broken, words between words only, if they are short.

    Args:
        grid: The table.
        measure: Measures a cell.
        head: Measures a heading.
        padding: Space at both sides of a cell.
        enough: Width at which even a longer word is broken.
    """
    natural = natural_widths(grid, measure, head, padding)
    out = []
    for at, name in enumerate(grid.header):
        cells = max((measure(row[at]) for row in grid.rows), default=0.0)
        if grid.numbers[at]:
            out.append(max(cells, _longest_word(name, head)) + 2 * padding)
            continue
        words = max((_longest_word(row[at], measure) for row in grid.rows), default=0.0)
        out.append(min(natural[at], max(min(words, enough), _longest_word(name, head)) + 2 * padding))
    return out


def fit(natural: Sequence[float], least: Sequence[float], room: float, keys: int) -> list[Fitted]:
    """Return the parts of a table that fit a width: one if the columns fit when words are broken into lines.

    A table that does not fit is split between columns, and the first columns are repeated.

    Args:
        natural: The widths that the columns would like.
        least: Their smallest widths.
        room: The width of the page.
        keys: The number of first columns that are repeated.

    Example:
        >>> [part.columns for part in fit([50, 60, 60, 60], [50, 60, 60, 60], 180, 1)]
        [(0, 1, 2), (0, 3)]
        >>> fit([50, 200], [50, 80], 180, 1)[0].widths
        (50.0, 130.0)
    """
    every = tuple(range(len(natural)))
    if sum(least) <= room:
        return [Fitted(every, _shared(natural, least, room))]
    kept = every[: min(keys, len(every) - 1)]
    if sum(least[at] for at in kept) > 0.6 * room:
        kept = ()
    parts: list[list[int]] = [[*kept]]
    for at in every[len(kept) :]:
        now = parts[-1]
        if len(now) > len(kept) and sum(least[i] for i in now) + least[at] > room:
            parts.append([*kept])
        parts[-1].append(at)
    return [
        Fitted(tuple(part), _shared([natural[i] for i in part], [min(least[i], room) for i in part], room))
        for part in parts
    ]


def _shared(natural: Sequence[float], least: Sequence[float], room: float) -> tuple[float, ...]:
    """Return widths between the smallest and the preferred ones, as large as there is room for."""
    wish = sum(natural)
    if wish <= room:
        return tuple(float(width) for width in natural)
    spare, missing = room - sum(least), wish - sum(least)
    share = max(spare / missing, 0.0) if missing > 0 else 0.0
    return tuple(float(low + share * (width - low)) for width, low in zip(natural, least, strict=True))


def wrapped(text: str, width: float, measure: Measure) -> list[str]:
    """Break text into lines between words; a word that is wider than the line is broken, too.

    Args:
        text: The text; its own line ends are kept.
        width: The width of a line.
        measure: Measures text.
    """
    out: list[str] = []
    for line in text.splitlines() or [""]:
        now = ""
        for word in line.split(" "):
            tried = f"{now} {word}" if now else word
            if measure(tried) <= width:
                now = tried
                continue
            if now:
                out.append(now)
            while measure(word) > width and len(word) > 1:
                cut = _most(word, width, measure)
                out.append(word[:cut])
                word = word[cut:]
            now = word
        out.append(now)
    return out


def _most(word: str, width: float, measure: Measure) -> int:
    """Return the largest number of its first letters that fit, at least one."""
    low, high = 1, len(word)
    while low < high:
        middle = (low + high + 1) // 2
        if measure(word[:middle]) <= width:
            low = middle
        else:
            high = middle - 1
    return low


def _longest_word(text: str, measure: Measure) -> float:
    return max((measure(word) for word in text.split()), default=0.0)
