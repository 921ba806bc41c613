"""The records of an import's plan: what each file would bring into a project, and what not."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from app.domain.foreign_measures import ForeignMeasures
from app.domain.notes import NoteKind
from app.domain.project import ClipRecord
from app.errors import UserError
from app.services.labels.label_files import LabelFile
from app.services.labels.rows_study import Lack

Kind = Literal["trace", "fused trace", "ratings", "categories", "labels", "events", "measurements"]


@dataclass(frozen=True)
class Line:
    """One line of the preview.

    Attributes:
        file: The name of the file.
        format: The name of its format.
        kind: What it is.
        count: Number of samples, ratings or events.
        clip: The project's name of the clip; empty where none was found.
        clip_there: The file's name of the clip; empty where it does not say.
        rater: The code of the rater; empty where there is none.
        rater_there: The file's name of the rater; empty where it does not say.
        dimension: The dimension or emotion in the project; the file's name of it where it has no place.
        dimension_there: The file's name of the dimension or emotion; empty where it does not say.
        scale: The scale in the file, in words.
        times: The times against the clip's, in words.
        problem: Why it stays out; empty where it comes in.
    """

    file: str
    format: str
    kind: Kind
    count: int
    clip: str = ""
    clip_there: str = ""
    rater: str = ""
    rater_there: str = ""
    dimension: str = ""
    dimension_there: str = ""
    scale: str = ""
    times: str = ""
    problem: str = ""


@dataclass(frozen=True, eq=False)
class Standard:
    """A trace that was made from several raters' traces, to be stored beside the raters' own.

    Attributes:
        clip: The clip.
        name: Its name.
        recipe: Where it comes from.
        times_s: float64 N.
        values: float32 N×2 (valence, arousal); NaN where it has no value.
    """

    clip: ClipRecord
    name: str
    recipe: dict[str, object]
    times_s: NDArray[np.float64]
    values: NDArray[np.float32]


class PlannedNote(NamedTuple):
    """An event, to be stored as a note on its clip.

    Attributes:
        clip: The clip.
        kind: A moment, or a range.
        start_s: Its beginning, seconds on the clip's own clock.
        end_s: Its end; None for a moment.
        category: The tier, scheme or behaviour.
        text: Its words; empty where they say no more than the category.
        author: The code of who made it; empty where the file does not say.
    """

    clip: ClipRecord
    kind: NoteKind
    start_s: float
    end_s: float | None
    category: str
    text: str
    author: str


class PlannedMeasures(NamedTuple):
    """What another program measured, to be stored beside its clip.

    Attributes:
        clip: The clip.
        measures: The columns of one face, on the clip's own clock.
    """

    clip: ClipRecord
    measures: ForeignMeasures


@dataclass
class Plan:
    """What an import would bring.

    Attributes:
        lines: The preview.
        labels: The labels, as files of our own columns give them.
        standards: Joined traces.
        events: Events.
        measures: What other programs measured.
        notes: Sentences about how files were read and what is not read of them, each naming its file.
        refused: The reasons why files stay out, each naming its file.
        files: The names of the files that bring something.
        lacks: What the studies of the labels lack, which have to be widened before the labels come in.
    """

    lines: list[Line] = field(default_factory=list)
    labels: list[LabelFile] = field(default_factory=list)
    standards: list[Standard] = field(default_factory=list)
    events: list[PlannedNote] = field(default_factory=list)
    measures: list[PlannedMeasures] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    refused: list[UserError] = field(default_factory=list)
    files: list[str] = field(default_factory=list)
    lacks: tuple[Lack, ...] = ()

    @property
    def empty(self) -> bool:
        """Whether nothing would be stored."""
        return not (self.labels or self.standards or self.events or self.measures)

    @property
    def losses(self) -> list[str]:
        """What does not come in: of files, and whole files."""
        out = Counter(f"{line.file}: {line.problem}" for line in self.lines if line.problem)
        told = [text if count == 1 else f"{text} ({count} times)" for text, count in out.items()]
        return [*told, *(f"{error.what} {error.todo}" for error in self.refused)]
