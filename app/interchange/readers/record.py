"""What a file of another tool says, in words that are the same for every format.

A reader gives a `ForeignFile`. It decides nothing about the project: which clip, rater or dimension of the project is
meant, and what is stored, is up to `app.services.exchange`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from app.interchange.readers.text import Text


@dataclass(frozen=True, eq=False)
class Trace:
    """One dimension over time, as one rater gave it or as several raters' traces were joined.

    Attributes:
        dimension: The file's own name of the dimension; empty where it does not say.
        times_s: float64 N, seconds from the beginning of the clip, not decreasing; frame numbers from 0 where
            `by_frame` is true.
        values: float64 N in the file's own unit; NaN where there is no value.
        low: The lower end of the scale; None where the file does not say.
        high: The upper end of the scale; None where the file does not say.
        rater: The file's name of the rater; empty where it does not say.
        clip: The file's name of the clip; empty where it does not say.
        by_frame: Whether the times are frame numbers.
        joined: Whether it was made from several raters' traces.
    """

    dimension: str
    times_s: NDArray[np.float64]
    values: NDArray[np.float64]
    low: float | None = None
    high: float | None = None
    rater: str = ""
    clip: str = ""
    by_frame: bool = False
    joined: bool = False


class Mark(NamedTuple):
    """A labelled range or moment.

    Attributes:
        layer: The tier, scheme or behaviour that it belongs to.
        start_s: Its beginning, seconds from the beginning of the clip; a frame number where `by_frame` is true.
        end_s: Its end; None for a moment.
        label: Its text; may be empty.
        rater: The file's name of the rater; empty where it does not say.
        clip: The file's name of the clip; empty where it does not say.
        subject: The person seen; empty where the file does not say.
        by_frame: Whether the times are frame numbers.
    """

    layer: str
    start_s: float
    end_s: float | None
    label: str
    rater: str = ""
    clip: str = ""
    subject: str = ""
    by_frame: bool = False


class Rating(NamedTuple):
    """One judgement of a whole clip.

    Attributes:
        clip: The file's name of the clip.
        rater: The file's name of the rater.
        name: The emotion, or the category where there is no score.
        score: The score; None for a category, NaN where it is missing.
        condition: The viewing condition; empty where the file does not say.
        pass_no: The number of the pass.
    """

    clip: str
    rater: str
    name: str
    score: float | None
    condition: str = ""
    pass_no: int = 1


@dataclass(frozen=True, eq=False)
class Measures:
    """What a program measured on the faces of a clip.

    Attributes:
        program: The program's name.
        times_s: float64 N, seconds from the beginning of the clip, not decreasing; frame numbers from 0 where
            `by_frame` is true.
        names: The names of the M columns.
        values: float32 N×M in the program's own units; NaN where nothing was measured.
        clip: The file's name of the clip; empty where it does not say.
        face: The program's name of the face; empty where there is one face.
        by_frame: Whether the times are frame numbers.
        on_clip_clock: Whether the times are on the clip's own presentation time stamps, as this program writes them.
    """

    program: str
    times_s: NDArray[np.float64]
    names: tuple[str, ...]
    values: NDArray[np.float32]
    clip: str = ""
    face: str = ""
    by_frame: bool = False
    on_clip_clock: bool = False


@dataclass
class ForeignFile:
    """The contents of one file.

    Attributes:
        path: The file.
        kind: The short name of its format.
        title: The name of its format for people.
        traces: Traces.
        marks: Ranges and moments with labels.
        ratings: Judgements of whole clips.
        measures: Measurements of faces.
        notes: Sentences about how it was read.
        lost: Sentences about what it holds that is not read, with its lines where that helps.
    """

    path: Path
    kind: str = ""
    title: str = ""
    traces: list[Trace] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)
    ratings: list[Rating] = field(default_factory=list)
    measures: list[Measures] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)

    @property
    def empty(self) -> bool:
        """Whether nothing was found."""
        return not (self.traces or self.marks or self.ratings or self.measures)


@dataclass(frozen=True)
class Format:
    """A format that can be read.

    Attributes:
        name: Its short name, for commands.
        title: Its name for people.
        recognise: Decides from the content whether a file has this format.
        read: Reads a file of this format; raises `UserError` with line and column where it cannot.
    """

    name: str
    title: str
    recognise: Callable[[Text], bool]
    read: Callable[[Text], ForeignFile]


def not_decreasing(times_s: NDArray[np.float64]) -> int | None:
    """Return the index of the first time that is smaller than the one before it, or None.

    Example:
        >>> not_decreasing(np.array([0.0, 1.0, 0.5]))
        2
    """
    back = np.flatnonzero(np.diff(times_s) < 0)
    return int(back[0]) + 1 if back.size else None
