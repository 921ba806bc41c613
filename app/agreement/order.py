"""Whether raters saw an item's context before they judged its face alone."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from app.agreement.estimate import NAN
from app.domain.ratings import CategoryTable, RatingTable
from app.domain.words import many

Float = NDArray[np.float64]

FACE_ONLY = "face_only"
WITH_CONTEXT = ("full_context", "context_only")
MAX_KEYS = 50_000_000
"""Up to so many (item, rater) a table of them is faster than sorting."""


def order_warnings(table: RatingTable | CategoryTable) -> list[str]:
    """Warn of raters who saw an item's context before they judged its face alone.

    Args:
        table: labels of all conditions; only pass 1 is looked at.

    Example:
        >>> from app.agreement.example import ratings
        >>> from dataclasses import replace
        >>> table = ratings()
        >>> context = table.condition.codes == table.condition.names.index("full_context")
        >>> early = replace(table, answered_s=np.where(context, 1.0, 2.0))
        >>> order_warnings(early)[0].split(" judged")[0]
        '3 raters saw 24 items with context before they'
    """
    names = table.condition.names
    if FACE_ONLY not in names:
        return []
    face = names.index(FACE_ONLY)
    context = [names.index(n) for n in WITH_CONTEXT if n in names]
    first = table.pass_no == 1
    n_raters = len(table.rater.names)
    key = table.item.astype(np.int64) * n_raters + table.rater.codes
    is_face = first & (table.condition.codes == face)
    is_context = first & np.isin(table.condition.codes, context)
    size = len(table.items) * n_raters
    both = _shared(key, is_face, is_context, size)
    if not both.size:
        return []
    raters = np.unique(both % n_raters).size
    if table.answered_s is None:
        return [
            f"{many(raters, 'rater')} judged the same items ({many(both.size, 'judgement')}) face-only and with "
            "context, and the order is not recorded: if context came first, face-only answers are not blind to it."
        ]
    when = table.answered_s
    earliest = [_earliest(key[m], when[m], both, size) for m in (is_face, is_context)]
    unknown = int((np.isnan(earliest[0]) | np.isnan(earliest[1])).sum())
    bad = earliest[1] < earliest[0]
    out = []
    if bad.any():
        out.append(
            f"{many(np.unique(both[bad] % n_raters).size, 'rater')} saw {many(int(bad.sum()), 'item')} with context "
            "before they judged them face-only; the face-only answers are not blind to the context."
        )
    if unknown:
        out.append(
            f"For {many(unknown, 'item')} judged face-only and with context by one rater the order is not recorded."
        )
    return out


def _shared(
    key: NDArray[np.int64], first: NDArray[np.bool_], second: NDArray[np.bool_], size: int
) -> NDArray[np.int64]:
    """Sorted keys that occur under both masks; flags instead of sorting where the key space is small."""
    if size > MAX_KEYS:
        return np.intersect1d(key[first], key[second])
    seen = np.zeros((2, size), dtype=bool)
    seen[0, key[first]] = True
    seen[1, key[second]] = True
    return np.flatnonzero(seen[0] & seen[1]).astype(np.int64)


def _earliest(key: NDArray[np.int64], when: Float, wanted: NDArray[np.int64], size: int) -> Float:
    """(wanted,) earliest known time of each key, NaN where none is known."""
    known = ~np.isnan(when)
    if not known.all():
        key, when = key[known], when[known]
    if size <= MAX_KEYS:
        every = np.full(size, np.inf)
        np.minimum.at(every, key, when)
        out = every[wanted]
    else:
        out = np.full(wanted.size, np.inf)
        place = np.searchsorted(wanted, key)
        inside = place < wanted.size
        inside[inside] = wanted[place[inside]] == key[inside]
        np.minimum.at(out, place[inside], when[inside])
    return np.where(np.isfinite(out), out, NAN)
