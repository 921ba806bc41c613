"""The rows of imported files, collected by answer: who judged which item, in which study, condition and pass."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import Final

import numpy as np

from app.domain.answers import Answer, Intensity
from app.domain.study import Scale, Study, Term, TraceSpec
from app.domain.study_defaults import emotion_terms
from app.domain.traces import Dimensions, TraceSamples
from app.interchange import tidy
from app.interchange.label_sheet import Place
from app.services.labels.label_files import LabelFile
from app.services.labels.rows_study import Span, condition_named

USUAL: Final = Scale(0, 5)
"""The scale of a study that is made for rows whose scores it holds."""

IMPORTED: Final = "imported"
"""The study of answers that name none."""

Cell = tuple[str, str, str, str, int]
"""(study, item, condition, rater, pass) of one answer."""


class Rows:
    """The rows of all files of an import.

    Attributes:
        traces: The traces, each with its place.
    """

    def __init__(self) -> None:
        self.traces: list[tuple[Cell, tidy.TidyTrace]] = []
        self._intensities: dict[Cell, dict[str, tidy.Judgement]] = defaultdict(dict)
        self._category: dict[Cell, tidy.Judgement] = {}
        self._details: dict[Cell, tidy.AnswerDetail] = {}

    def take(self, read: Sequence[LabelFile], cell_of: Callable[[Place, str], Cell]) -> int:
        """Sort the rows of files into answers and traces, and return how many rows repeat a judgement.

        Args:
            read: The files.
            cell_of: Returns the cell of a place, given the study of rows that name none.
        """
        repeated = 0
        for one in (row for each in read for row in each.intensities):
            part = self._intensities[cell_of(one.place, IMPORTED)]
            repeated += one.name in part
            part[one.name] = one
        for one in (row for each in read for row in each.categories):
            cell = cell_of(one.place, IMPORTED)
            repeated += cell in self._category
            self._category[cell] = one
        self._details |= {cell_of(one.place, IMPORTED): one for each in read for one in each.details}
        self.traces += [(cell_of(trace.place, ""), trace) for each in read for trace in each.traces]
        return repeated

    def answered(self) -> list[Cell]:
        """Return the cells of all answers, in order."""
        return sorted({*self._intensities, *self._category, *self._details})

    def cells(self) -> list[Cell]:
        """Return the cells of all answers and traces, in order."""
        return sorted({*self.answered(), *(cell for cell, _ in self.traces)})

    def span_of(self, study: str) -> Span | None:
        """Return the lowest and the highest score of a study's rows; None where there is no score."""
        mine = [self._intensities.get(cell, {}) for cell in self.answered() if cell[0] == study]
        return Span.of(one for given in mine for one in given.values())

    def needed(self, name: str) -> Study:
        """Return the smallest study that holds the rows of a study."""
        mine = [cell for cell in self.cells() if cell[0] == name]
        judged = [one for cell in mine for one in self._intensities.get(cell, {}).values()]
        emotions = tuple(dict.fromkeys(one.name for one in judged))
        scores = [one.score for one in judged if one.score is not None]
        chosen = [self._category[cell].name for cell in mine if cell in self._category]
        categories = tuple(dict.fromkeys(name for name in chosen if name))
        sure = [d.confidence for cell in mine if (d := self._details.get(cell)) and d.confidence is not None]
        traced = any(cell[0] == name for cell, _ in self.traces)
        conditions = tuple(condition_named(one) for one in sorted({cell[2] for cell in mine}))
        asked = emotions or categories or traced
        return Study(
            name=name,
            emotions=emotion_terms(emotions),
            categories=emotion_terms(categories) if categories or asked else (Term("unknown"),),
            scale=Scale(min([USUAL.low, *scores]), max([USUAL.high, *scores])),
            trace=TraceSpec() if traced else None,
            conditions=conditions,
            confidence_levels=max([5, *sure]),
            raters_per_cell=1,
        )

    def answer(self, cell: Cell, old: Answer | None) -> tuple[Answer, float | None]:
        """Return the answer of a cell and the time when it was given, completed from the stored answer.

        Args:
            cell: The place of the answer.
            old: The stored answer; None if there is none.
        """
        given, category, detail = self._intensities.get(cell), self._category.get(cell), self._details.get(cell)
        before = old if old is not None else Answer()
        intensities = dict(before.intensities)
        if given is not None:
            intensities = {n: Intensity(one.score, one.missing_reason, one.response_s) for n, one in given.items()}
        moments = [one.answered_at for one in (given or {}).values()]
        moments += [one.answered_at for one in (category, detail) if one is not None]
        known = [at for at in moments if at is not None]
        whole = category if category is not None else detail
        answer = Answer(
            intensities,
            category.name if category is not None else before.category,
            category.missing_reason if category is not None else before.category_missing,
            detail.confidence if detail is not None else before.confidence,
            # Exports leave comments out unless they are asked for: an empty one takes nothing away.
            (detail.comment if detail is not None else "") or before.comment,
            whole.response_s if whole is not None else before.response_s,
        )
        return answer, max(known) if known else None


def same_answer(old: Answer, new: Answer) -> bool:
    """Return whether two answers agree in everything that the files hold."""

    def spoken(answer: Answer) -> tuple[object, ...]:
        parts = {
            name: (given.score, given.missing_reason, given.response_s or answer.response_s)
            for name, given in answer.intensities.items()
        }
        return (parts, answer.category, answer.category_missing, answer.confidence, answer.comment)

    return spoken(old) == spoken(new)


def same_samples(old: TraceSamples, new: TraceSamples) -> bool:
    """Return whether two traces have the same samples."""
    return (
        np.array_equal(old.times_s, new.times_s)
        and np.array_equal(old.values, new.values, equal_nan=True)
        and np.array_equal(old.monotonic_s, new.monotonic_s, equal_nan=True)
    )


def dimensions_of(trace: tidy.TidyTrace) -> Dimensions:
    """Return the dimensions of which a trace has values."""
    valence, arousal = (bool(np.isfinite(trace.samples.values[:, axis]).any()) for axis in (0, 1))
    if valence == arousal:
        return "both"
    return "valence" if valence else "arousal"
