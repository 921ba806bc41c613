"""Tables of results as people read them: the window's words and order, without rows in which nothing is defined."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from app.agreement.estimate import Estimate
from app.agreement.tables import Cell, ResultTable
from app.domain.emotion_words import rated_rank, rated_word
from app.domain.traces import DIMENSIONS

NAMES: Final = frozenset({"condition", "emotion", "category", "dimension", "a", "b", "name", "most_disputed"})
"""Columns that hold names of conditions, emotions, categories and dimensions."""
COUNTS: Final = frozenset(
    {
        *("items", "n_items", "n_raters", "n_ratings", "n_clusters", "n", "estimator", "reason", "measure", "what"),
        *("of", "kind", "alpha", "design", "scope", "rater", "item", "clip", "subject", "excluded", "flags"),
    }
)
"""Columns that say nothing alone: a row with nothing else is not shown."""
SENTENCES: Final = frozenset({"what", "of", "evidence", "design", "reason"})
"""Columns of words in which such names occur."""
CONDITIONS: Final = ("context_only", "face_only")
"""Conditions that come first; the whole picture is last."""
HEADINGS: Final[Mapping[str, str]] = {
    "n_items": "items", "n_ratings": "ratings", "n_raters": "raters", "spread_ratio": "spread",
    "loo_correlation": "correlation with the others", "alpha_change": "change of alpha without",
    "median_response_s": "median answer (s)", "excluded": "left out", "human_low": "lowest rater",
    "human_mean": "mean rater", "human_high": "highest rater", "robust_z": "robust z", "most_disputed": "most disputed",
    "d_z": "d_z",  # the symbol itself
    "mean_difference": "mean difference", "mean_absolute_difference": "mean absolute difference",
}  # fmt: skip
_NOTHING: Final = frozenset({"", "–"})
_BETWEEN: Final = re.compile(r"(?<=\w)_(?=\w)")


def words_of(names: Iterable[str]) -> dict[str, str]:
    """Return the window's word for each name.

    Args:
        names: Stored names of conditions, emotions, categories and dimensions.

    Example:
        >>> words_of(["fear", "face_only"])
        {'fear': 'Afraid', 'face_only': 'Face only'}
    """
    return {name: rated_word(name) for name in names if name}


def condition_rank(condition: str) -> tuple[int, str]:
    """Return the place of a condition among others: full context is last.

    Args:
        condition: Name of a condition.

    Example:
        >>> sorted(["full_context", "face_only"], key=lambda name: condition_rank(name))
        ['face_only', 'full_context']
    """
    return (CONDITIONS.index(condition) if condition in CONDITIONS else len(CONDITIONS), condition)


def for_people(table: ResultTable, words: Mapping[str, str]) -> ResultTable:
    """Return a table with the window's words, in the window's order, without rows in which nothing is defined.

    Args:
        table: A table of results.
        words: Stored name → word.

    Example:
        >>> table = ResultTable("Alpha", ("condition", "alpha"), (("full_context", 0.5), ("face_only", 0.4)))
        >>> for_people(table, words_of(["face_only", "full_context"])).rows
        (('Face only', 0.4), ('Full context', 0.5))
    """
    named = [at for at, name in enumerate(table.header) if name in NAMES]
    counts = [name in NAMES or name in COUNTS for name in table.header]
    rows = [row for row in table.rows if all(counts) or not _empty(row, counts)]
    rows.sort(key=lambda row: [_rank(table.header[at], row[at], words) for at in named if _ranks(table, at, words)])
    shown = tuple(tuple(_word(table.header[at], cell, words) for at, cell in enumerate(row)) for row in rows)
    header = tuple(HEADINGS.get(name, spaced(name)) for name in table.header)
    return _without_empty(ResultTable(in_words(table.title, words), header, shown))


def columns_of(table: ResultTable, names: Sequence[str]) -> ResultTable:
    """Return some columns of a table.

    Args:
        table: A table of results.
        names: Headings of the wanted columns, in their new order; those that the table lacks are left out.

    Example:
        >>> columns_of(ResultTable("", ("a", "b"), ((1, 2),)), ("b", "c")).rows
        ((2,),)
    """
    kept = [table.header.index(name) for name in names if name in table.header]
    return ResultTable(
        table.title, tuple(table.header[at] for at in kept), tuple(tuple(row[at] for at in kept) for row in table.rows)
    )


def spaced(text: str) -> str:
    """Write underscores within names as spaces.

    Args:
        text: A name or a sentence with names in it.

    Example:
        >>> spaced("face_only, _a")
        'face only, _a'
    """
    return _BETWEEN.sub(" ", text)


def in_words(text: str, words: Mapping[str, str]) -> str:
    """Replace the stored names in a sentence by the window's words in lower case.

    Args:
        text: A sentence, such as what an estimate is about.
        words: Stored name → word.

    Example:
        >>> in_words("fear in face_only", {"fear": "Afraid", "face_only": "Face only"})
        'afraid in face only'
    """
    for name in sorted(words, key=len, reverse=True):
        text = re.sub(rf"(?<![\w-]){re.escape(name)}(?![\w-])", words[name].lower(), text)
    return text


def sentence_in_words(text: str, words: Mapping[str, str]) -> str:
    """Do the same for a sentence, which begins with a capital letter also where a name stands at its beginning.

    Args:
        text: A sentence.
        words: Stored name → word.

    Example:
        >>> sentence_in_words("face_only was first.", {"face_only": "Face only"})
        'Face only was first.'
    """
    said = in_words(text, words)
    return said if said == text else said[:1].upper() + said[1:]


def undefined_by_reason(estimates: Iterable[Estimate], words: Mapping[str, str]) -> list[tuple[str, list[str]]]:
    """Return why estimates are undefined: (reason, which ones), the most frequent reason first.

    Args:
        estimates: All estimates, of which the undefined ones are told.
        words: Stored name → word.

    Example:
        >>> one = Estimate(math.nan, "alpha", "", reason="no pairs", about="fear")
        >>> undefined_by_reason([one], {"fear": "Afraid"})
        [('no pairs', ['alpha: afraid'])]
    """
    found: dict[str, dict[str, dict[str, None]]] = {}
    for one in estimates:
        if not one.defined:
            about = found.setdefault(one.reason or "no reason is known", {}).setdefault(one.estimator, {})
            about[in_words(one.about, words)] = None
    told = [
        (
            in_words(reason, words),
            [f"{name}: {'; '.join(filter(None, about))}".rstrip(": ") for name, about in of.items()],
        )
        for reason, of in found.items()
    ]
    return sorted(told, key=lambda each: -len(each[1]))


def _word(name: str, cell: Cell, words: Mapping[str, str]) -> Cell:
    if not isinstance(cell, str):
        return cell
    return words.get(cell, cell) if name in NAMES else in_words(cell, words) if name in SENTENCES else cell


def _without_empty(table: ResultTable) -> ResultTable:
    """Leave out columns that hold nothing in any row."""
    kept = [at for at in range(len(table.header)) if not table.rows or any(not _nothing(row[at]) for row in table.rows)]
    return ResultTable(
        table.title, tuple(table.header[at] for at in kept), tuple(tuple(row[at] for at in kept) for row in table.rows)
    )


def _nothing(cell: Cell) -> bool:
    return math.isnan(cell) if isinstance(cell, float) else cell in _NOTHING


def _empty(row: Sequence[Cell], counts: Sequence[bool]) -> bool:
    values = [cell for cell, counted in zip(row, counts, strict=True) if not counted]
    return all(map(_nothing, values))


def _ranks(table: ResultTable, at: int, words: Mapping[str, str]) -> bool:
    """Return whether a column orders the rows: one with names that this report knows, not one with names of raters."""
    return table.header[at] in ("condition", "emotion", "category", "name") and any(
        row[at] in words for row in table.rows
    )


def _rank(name: str, cell: Cell, words: Mapping[str, str]) -> tuple[int, str]:
    text = str(cell)
    if name == "condition":
        return condition_rank(text)
    if text in DIMENSIONS:
        return (10**6, str(DIMENSIONS.index(text)))
    return rated_rank(text)
