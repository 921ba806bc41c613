"""Answers as columns of numbers, past the ORM: five million intensities in seconds."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import BigInteger, Integer, Text, cast, func, select
from sqlalchemy.orm import Session

from db.pages import Unusual, snapshot_of
from db.project import Source, reading
from db.schema import Answer, Intensity, Item, Term
from db.unseen import unseen

CHUNK: Final = 10_000
ANSWERS_AT_ONCE: Final = 100_000
PAGES_FROM: Final = 20_000
"""For so many answers, the pages of the file are taken apart (`db.pages`), which copies them all."""
_LOW_BITS: Final = 20
_NAN: Final = -1e300
_NO_SCORE: Final = -2_000_000_000
"""Stands for NULL while rows are read. No moment, duration or score takes this value."""


@dataclass(frozen=True, eq=False)
class AnswerColumns:
    """Current answers that are analysed, one row each, by number.

    Attributes:
        answer: int64 N, ascending.
        study: int64 N.
        rater: int64 N.
        item: int64 N.
        condition: int64 N, number of the term.
        pass_no: int64 N.
        category: int64 N, number of the term; −1 where there is none.
        category_missing: int64 N, number of the term of the reason for a missing category; −1 where there is none.
        answered_at: float64 N, seconds since the epoch; NaN where unknown.
        response_s: float64 N, seconds; NaN where unknown.
        simulated: bool N.
    """

    answer: NDArray[np.int64]
    study: NDArray[np.int64]
    rater: NDArray[np.int64]
    item: NDArray[np.int64]
    condition: NDArray[np.int64]
    pass_no: NDArray[np.int64]
    category: NDArray[np.int64]
    category_missing: NDArray[np.int64]
    answered_at: NDArray[np.float64]
    response_s: NDArray[np.float64]
    simulated: NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class IntensityColumns:
    """Intensities, one row each.

    Attributes:
        row: int64 M, the row of the `AnswerColumns` to which each belongs.
        emotion: int64 M, number of the term.
        score: float64 M; NaN where missing.
        missing: int64 M, number of the reason's term; −1 where there is a score.
        response_s: float64 M, seconds; NaN where unknown.
    """

    row: NDArray[np.int64]
    emotion: NDArray[np.int64]
    score: NDArray[np.float64]
    missing: NDArray[np.int64]
    response_s: NDArray[np.float64]


def _columns(source: Source, query: Any, n_columns: int) -> NDArray[np.float64]:
    """Return float64 rows × columns with NaN for NULL; integers below 2⁵³ are exact."""
    parts: list[NDArray[np.float64]] = []
    with reading(source) as session:
        result = session.connection().execute(query)
        while rows := _fetch(result):
            # fromiter over one flat iterator is several times faster than an array of tuples.
            flat = np.fromiter(chain.from_iterable(rows), dtype=np.float64, count=len(rows) * n_columns)
            parts.append(flat.reshape(-1, n_columns))
    return np.concatenate(parts) if parts else np.zeros((0, n_columns))


def _fetch(result: Any) -> Sequence[Sequence[Any]]:
    cursor = result.cursor
    return list(cursor.fetchmany(CHUNK)) if cursor is not None else []


def answers(
    source: Source, study_id: int | None = None, *, with_simulated: bool = True, clip_id: int | None = None
) -> AnswerColumns:
    """Return the current answers that are analysed.

    Practice, attention checks and judgements of what was never shown are left out.

    Args:
        source: The project, or a session of it, to read from.
        study_id: Number of the study to keep to; None for all.
        with_simulated: Whether to read answers of simulated raters, too.
        clip_id: Number of the clip to keep to; None for all.
    """
    # Two numbers in one column, since every value that is fetched becomes a Python object; a double holds 2**53.
    query = (
        select(
            Answer.id,
            _two(Answer.study_id, Answer.rater_id),
            _two(Answer.item_id, Answer.condition_id),
            _two(Answer.pass_no * 2 + cast(Answer.simulated, Integer), func.coalesce(Answer.category_id + 1, 0)),
            func.coalesce(Answer.category_missing_id + 1, 0),
            func.coalesce(Answer.answered_at, _NAN),
            func.coalesce(Answer.response_s, _NAN),
        )
        .where(Answer.current, Answer.purpose == "main", Answer.item_id.is_not(None), ~unseen())
        .order_by(Answer.id)
    )
    if study_id is not None:
        query = query.where(Answer.study_id == study_id)
    if not with_simulated:
        query = query.where(~Answer.simulated)
    if clip_id is not None:
        query = query.where(Answer.item_id.in_(select(Item.id).where(Item.clip_id == clip_id)))
    table = _columns(source, query, 7)
    study, rater = _apart(table[:, 1])
    item, condition = _apart(table[:, 2])
    passes, category = _apart(table[:, 3])
    answered, response = (np.where(table[:, i] == _NAN, np.nan, table[:, i]) for i in (5, 6))
    return AnswerColumns(
        answer=table[:, 0].astype(np.int64),
        study=study,
        rater=rater,
        item=item,
        condition=condition,
        pass_no=passes >> 1,
        category=category - 1,
        category_missing=table[:, 4].astype(np.int64) - 1,
        answered_at=answered,
        response_s=response,
        simulated=(passes & 1) != 0,
    )


def studies_with_checks(source: Source) -> set[int]:
    """Return the numbers of the studies in which attention checks were answered."""
    with reading(source) as session:
        return set(session.scalars(select(Answer.study_id).where(Answer.purpose == "attention")))


def _two(high: Any, low: Any) -> Any:
    """Return one column for two: low below 2**20 (a million raters, terms), high below 2**33."""
    return cast(high, BigInteger) * (1 << _LOW_BITS) + low


def _apart(packed: NDArray[np.float64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Take the two numbers of `_two` apart again."""
    whole = packed.astype(np.int64)
    return whole >> _LOW_BITS, whole & ((1 << _LOW_BITS) - 1)


def intensities(source: Source, of: AnswerColumns, *, details: bool = False) -> IntensityColumns:
    """Return the intensities of answers.

    Args:
        source: The project, or a session of it, to read from.
        of: The answers.
        details: Whether to read reasons and response times. Otherwise these columns are empty, and reading is much
            faster.
    """
    if not of.answer.size:
        none = np.zeros(0, np.int64)
        return IntensityColumns(none, none, np.zeros(0), none, np.zeros(0))
    if not details:
        number, emotion, score = _scores(source, of)
        row, keep = _rows_of(of, number)
        return IntensityColumns(row, emotion[keep], score[keep], np.zeros(0, np.int64), np.zeros(0))
    query = select(
        Intensity.answer_id,
        Intensity.emotion_id,
        func.coalesce(Intensity.score, _NO_SCORE),
        func.coalesce(Intensity.missing_id, -1),
        func.coalesce(Intensity.response_s, _NAN),
    ).where(Intensity.answer_id.between(int(of.answer[0]), int(of.answer[-1])))
    table = _columns(source, query, 5)
    row, keep = _rows_of(of, table[:, 0].astype(np.int64))
    table = table[keep]
    score = np.where(table[:, 2] == _NO_SCORE, np.nan, table[:, 2])
    response = np.where(table[:, 4] == _NAN, np.nan, table[:, 4])
    return IntensityColumns(row, table[:, 1].astype(np.int64), score, table[:, 3].astype(np.int64), response)


def _rows_of(of: AnswerColumns, number: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.bool_] | slice]:
    """In which row of `of` each number stands, and which of the numbers are there at all (all of them: a slice)."""
    first, last = int(of.answer[0]), int(of.answer[-1])
    if last - first <= 4 * of.answer.size + 1000:
        # Numbers without large gaps are looked up in a table, several times faster than searched for.
        place = np.full(last - first + 1, -1, np.int64)
        place[of.answer - first] = np.arange(of.answer.size)
        row = place[number - first]
        keep = row >= 0
    else:
        row = np.searchsorted(of.answer, number)
        keep = of.answer[row] == number
    return (row, slice(None)) if keep.all() else (row[keep].astype(np.int64), keep)


def _scores(source: Source, of: AnswerColumns) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
    """Return (answer, emotion, score) of the answers from the first to the last, ascending."""
    first, last = int(of.answer[0]), int(of.answer[-1])
    if of.answer.size >= PAGES_FROM:
        with reading(source) as session:
            found = _from_pages(session, first, last)
        if found is not None:
            return found
    return _packed(source, first, last)


def _from_pages(
    session: Session, first: int, last: int
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]] | None:
    """Return the same from the pages of the file; None if SQLite has to be asked."""
    snapshot = snapshot_of(session)
    if snapshot is None:
        return None
    try:
        columns = snapshot.columns(Intensity.__tablename__)
        answer, emotion, score = (columns[name].integers() for name in ("answer_id", "emotion_id", "score"))
    except Unusual:
        return None
    keep = (answer >= first) & (answer <= last)
    order = np.argsort(answer * (int(emotion.max(initial=0)) + 1) + emotion, kind="stable")
    order = order if keep.all() else order[keep[order]]
    given = np.where(columns["score"].missing, np.nan, score)
    return answer[order], emotion[order], given[order]


_TERM_BITS: Final = 16
_SCORE_BITS: Final = 12
_ZERO: Final = 1 << (_SCORE_BITS - 1)
"""Stands for a score of 0, while 0 itself stands for a missing one. Studies keep their scales within ±1000."""


def _packed(source: Source, first: int, last: int) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
    """Return (answer, emotion, score) of a range of answers.

    The database packs each row into one number and joins the numbers of a hundred thousand answers into one text, which
    numpy reads: five times faster than fetching rows, since no Python object is made for any of them.
    """
    packed = (
        cast(Intensity.answer_id, BigInteger) * (1 << (_TERM_BITS + _SCORE_BITS))
        + Intensity.emotion_id * (1 << _SCORE_BITS)
        + func.coalesce(Intensity.score + _ZERO, 0)
    )
    joined = select(func.aggregate_strings(cast(packed, Text), ","))
    parts: list[NDArray[np.int64]] = []
    with reading(source) as session:
        if (session.scalar(select(func.max(Term.id))) or 0) >= 1 << _TERM_BITS:
            raise OverflowError("more terms than fit into a packed number")
        for begin in range(first, last + 1, ANSWERS_AT_ONCE):
            until = min(begin + ANSWERS_AT_ONCE - 1, last)
            text = session.scalar(joined.where(Intensity.answer_id.between(begin, until)))
            if text:
                parts.append(np.fromstring(text, dtype=np.int64, sep=","))
    if not parts:
        none = np.zeros(0, np.int64)
        return none, none, np.zeros(0)
    answer, emotion, score = (np.concatenate(column) for column in zip(*map(_unpacked, parts), strict=True))
    return answer, emotion, score


def _unpacked(numbers: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
    """Answer, emotion and score of packed numbers."""
    given = numbers & ((1 << _SCORE_BITS) - 1)
    score = given.astype(np.float64) - _ZERO
    score[given == 0] = np.nan
    emotion = (numbers >> _SCORE_BITS) & ((1 << _TERM_BITS) - 1)
    return numbers >> (_TERM_BITS + _SCORE_BITS), emotion, score
