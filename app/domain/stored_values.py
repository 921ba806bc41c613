"""The rules for stored values: one table of ranges, words, documents and arrays, for checks, merges and imports.

A value that a table's type allows can still be nonsense: a moment at infinity, a score beyond its scale, a fraction
`x/y`. Each rule says in a few words what is wrong with a value, or returns None.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from app import toml_text
from app.domain.answers import ANSWER_SOURCES
from app.domain.consent import PURPOSES
from app.domain.notes import COLOURS, KINDS
from app.domain.study import study_from_dict
from app.errors import UserError

Rule = Callable[[Any], str | None]

MAX_MOMENT_S: Final = 4e10
"""Moments later than this (in the year 3237) count as damage."""
MAX_CLIP_S: Final = 1e7
"""Times on a clip beyond this (115 days) count as damage."""
MAX_COUNT: Final = 1 << 40
MAX_TEXT: Final = 1 << 20
"""The largest number of characters in a text that a person writes."""


@dataclass(frozen=True)
class ArrayRule:
    """What a stored array must look like.

    Attributes:
        dtype: NumPy's name.
        tail: Its shape after the first axis, None for any length.
        low: Smallest value, None without.
        high: Largest value, None without.
        nan: Whether values may be missing.
        rising: Whether values must not decrease.
        alone: Whether it has a length of its own rather than that of the table's other arrays.
    """

    dtype: str
    tail: tuple[int | None, ...] = ()
    low: float | None = None
    high: float | None = None
    nan: bool = False
    rising: bool = False
    alone: bool = False

    def wrong(self, array: NDArray[Any]) -> str | None:
        """Return what is wrong with an array, in a few words; None where nothing is."""
        shape = array.shape[1:]
        fits = len(shape) == len(self.tail) and all(w is None or n == w for n, w in zip(shape, self.tail, strict=True))
        if array.dtype != np.dtype(self.dtype) or array.ndim == 0 or not fits:
            return f"holds {array.dtype} of shape {array.shape}"
        if not array.size:
            return None
        if not self.nan and not np.isfinite(array).all():
            return "holds values that are not numbers"
        if np.isinf(array).any():
            return "holds infinite values"
        known = array[~np.isnan(array)] if array.dtype.kind == "f" else array
        if not known.size:
            return None
        if (self.low is not None and known.min() < self.low) or (self.high is not None and known.max() > self.high):
            return f"holds {known.min():g} to {known.max():g}, beyond {self.low} to {self.high}"
        if self.rising and (np.diff(array, axis=0) < 0).any():
            return "does not rise"
        return None


def _number(low: float, high: float) -> Rule:
    def rule(value: Any) -> str | None:
        if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
            return "is not a number"
        return None if low <= value <= high else f"is beyond {low:g} to {high:g}"

    return rule


def _whole(low: int, high: int = MAX_COUNT) -> Rule:
    def rule(value: Any) -> str | None:
        if not isinstance(value, int):
            return "is not a whole number"
        return None if low <= value <= high else f"is beyond {low} to {high}"

    return rule


def _pattern(what: str, pattern: str) -> Rule:
    compiled = re.compile(pattern)

    def rule(value: Any) -> str | None:
        return None if isinstance(value, str) and compiled.fullmatch(value) else f"is no {what}"

    return rule


def _word(*words: str) -> Rule:
    return lambda value: None if value in words else f"is none of {', '.join(words)}"


def text(value: Any) -> str | None:
    """Check a text that a person wrote: it has no zero bytes and is no longer than anybody types."""
    if not isinstance(value, str):
        return "is not text"
    if "\0" in value:
        return "holds a zero byte"
    return None if len(value) <= MAX_TEXT else f"is longer than {MAX_TEXT} characters"


def _flag(value: Any) -> str | None:
    return None if value in (0, 1) else "is neither true nor false"


def _fraction(value: Any) -> str | None:
    try:
        return None if Fraction(value) > 0 else "is not a positive fraction"
    except (ValueError, TypeError, ZeroDivisionError):
        return "is not a fraction"


def _json(*kinds: type) -> Rule:
    def rule(value: Any) -> str | None:
        try:
            content = json.loads(value)
        except (TypeError, ValueError, RecursionError):
            return "is not a readable document"
        if kinds and not isinstance(content, kinds):
            return "is a document of another kind"
        return None

    return rule


def _definition(value: Any) -> str | None:
    try:
        study_from_dict(json.loads(value))
    except (TypeError, ValueError, RecursionError, AttributeError):
        return "is not a readable study"
    except UserError as error:
        return f"is not a valid study: {error.what}"
    return None


def _card(value: Any) -> str | None:
    try:
        toml_text.loads(value)
    except (TypeError, ValueError, RecursionError):
        return "is not a readable card"
    return None


_UID: Final = _pattern("uid", r"[0-9a-z-]{1,36}")
_HASH: Final = _pattern("SHA-256", r"[0-9a-z]{64}|")
_MOMENT: Final = _number(0.0, MAX_MOMENT_S)
_TIME: Final = _number(-MAX_CLIP_S, MAX_CLIP_S)
_LENGTH: Final = _number(0.0, MAX_CLIP_S)
_SIZE: Final = _whole(0, 1 << 20)
_COUNT: Final = _whole(0)
_PASS: Final = _whole(1, 1000)
_DOCUMENT: Final = _json(dict)
_PURPOSE: Final = _word("main", "practice", "attention")
_KIND: Final = _word("rating", "trace", "trace_valence", "trace_arousal")

_BY_NAME: Final[dict[str, Rule]] = {
    "uid": _UID, "sha256": _HASH, "media_sha256": _HASH, "track_sha256": _HASH, "model_sha256": _HASH,
    "key_sha256": _HASH, "snapshot_sha256": _HASH, "fingerprint": _HASH, "position": _whole(-MAX_COUNT),
    "duration_s": _LENGTH, "lag_s": _number(-60.0, 60.0), "response_s": _number(0.0, MAX_CLIP_S),
    "width": _SIZE, "height": _SIZE, "window_width": _SIZE, "window_height": _SIZE, "rotation_deg": _whole(0, 359),
    "pass_no": _PASS, "revision": _whole(1), "study_version": _whole(1), "version": _whole(1), "seq": _COUNT,
    "track_no": _COUNT, "seed": _whole(-(1 << 63), (1 << 63) - 1), "confidence": _whole(1, 1000),
    "score": _whole(-1000, 1000), "plays": _COUNT, "purpose": _PURPOSE, "size_bytes": _COUNT,
    "audio_rate": _COUNT, "audio_channels": _whole(0, 1000), "time_base": _fraction, "average_rate": _fraction,
}  # fmt: skip
"""Column name → its rule in every table. Whether a value may be empty is up to the table."""

_OF_TABLE: Final[dict[str, dict[str, Rule]]] = {
    "clip": {"kind": _word("video", "image")},
    "study_version": {"document": _definition},
    "model": {"card": _card, "origin": _word("shipped", "user", "project", "trained")},
    "run": {"parameters": _json(), "seconds": _DOCUMENT},
    "run_track": {"classes": _json(list)},
    "played_part": {"parameters": _json(), "classes": _json(list)},
    "span_run": {
        "parameters": _json(),
        "classes": _json(list),
        "window_s": _LENGTH,
        "stride_s": _LENGTH,
        "n_spans": _COUNT,
    },
    "span": {"kind": _word("item", "windows")},
    "measure_run": {"parameters": _json(), "names": _json(list)},
    "foreign_measure": {"names": _json(list)},
    "trace_stream": {"names": _json(list)},
    "rater": {"role": _word("rater", "reviewer", "owner")},
    "slot": {"kind": _KIND, "state": _word("planned", "started", "answered")},
    "presentation": {"kind": _KIND, "outcome": _word("open", "answered", "interrupted", "redone")},
    "answer": {"source": _word(*ANSWER_SOURCES)},
    "trace": {
        "status": _word("recording", "finished", "abandoned", "interrupted"),
        "dimensions": _word("both", "valence", "arousal"),
    },
    "clip_note": {"kind": _word(*KINDS), "colour": _word(*COLOURS)},
    "consent": {"purpose": _word(*PURPOSES)},
    "note_category": {"kind": _word(*KINDS), "colour": _word(*COLOURS), "key": _pattern("key", "[0-9A-Z]?")},
    "gold": {"kind": _word("trace", "intensity", "category")},
    "sight": {"what": _word("predictions", "labels", "agreement")},
    "setting": {"value": _json()},
}

ARRAYS: Final[dict[str, dict[str, ArrayRule]]] = {
    "face_track": {
        "frame_idx": ArrayRule("int32", low=0, rising=True),
        "times_s": ArrayRule("float64", low=-MAX_CLIP_S, high=MAX_CLIP_S, rising=True),
        "boxes": ArrayRule("float32", (4,)),
        "landmarks": ArrayRule("float32", (5, 2), nan=True),
        "detection": ArrayRule("float32", low=-0.001, high=1.001, nan=True),
        "quality": ArrayRule("float32", low=-0.001, high=1.001, nan=True),
    },
    "run": {
        "times_s": ArrayRule("float64", low=-MAX_CLIP_S, high=MAX_CLIP_S, rising=True),
        "lost_idx": ArrayRule("int32", low=0, rising=True, alone=True),
    },
    "run_track": {
        "probabilities": ArrayRule("float32", (None,), low=-0.001, high=1.001, nan=True),
        "valence_arousal": ArrayRule("float32", (2,), low=-1.001, high=1.001, nan=True),
        "smooth": ArrayRule("float32", (2,), low=-1.001, high=1.001, nan=True),
    },
    "played_part": {
        "looked_idx": ArrayRule("int32", low=0, rising=True, alone=True),
        "frame_idx": ArrayRule("int32", low=0, rising=True),
        "face_no": ArrayRule("int32", low=1),
        "times_s": ArrayRule("float64", low=-MAX_CLIP_S, high=MAX_CLIP_S, rising=True),
        "boxes": ArrayRule("float32", (4,)),
        "landmarks": ArrayRule("float32", (5, 2), nan=True),
        "detection": ArrayRule("float32", low=-0.001, high=1.001, nan=True),
        "quality": ArrayRule("float32", low=-0.001, high=1.001, nan=True),
        "probabilities": ArrayRule("float32", (None,), low=-0.001, high=1.001, nan=True),
        "valence_arousal": ArrayRule("float32", (2,), low=-1.001, high=1.001, nan=True),
    },
    "measure_track": {
        "values": ArrayRule("float32", (None,), nan=True),
        "points": ArrayRule("int16", (478, 2)),
    },
    "foreign_measure": {
        "times_s": ArrayRule("float64", low=-MAX_CLIP_S, high=MAX_CLIP_S, rising=True),
        "values": ArrayRule("float32", (None,), nan=True),
    },
    "trace_stream": {
        "times_s": ArrayRule("float64", low=-MAX_CLIP_S, high=MAX_CLIP_S, rising=True),
        "values": ArrayRule("float32", (None,), nan=True),
    },
    "span": {
        "start_s": ArrayRule("float64", low=-MAX_CLIP_S, high=MAX_CLIP_S),
        "end_s": ArrayRule("float64", low=-MAX_CLIP_S, high=MAX_CLIP_S, rising=True),
        "probabilities": ArrayRule("float32", (None,), low=-0.001, high=1.001),
        "evidence_s": ArrayRule("float64", low=-MAX_CLIP_S, high=MAX_CLIP_S, rising=True, alone=True),
        "evidence": ArrayRule("float32", low=-0.001, high=1.001, alone=True),
    },
    "trace_chunk": {
        "times_s": ArrayRule("float64", low=-MAX_CLIP_S, high=MAX_CLIP_S, rising=True),
        "values": ArrayRule("float32", (2,), low=-1.0, high=1.0, nan=True),
        "monotonic_s": ArrayRule("float64", nan=True),
    },
    "gold": {
        "times_s": ArrayRule("float64", low=-MAX_CLIP_S, high=MAX_CLIP_S, rising=True),
        "values": ArrayRule("float32", (None,), nan=True),
    },
}
"""Table → column of bytes → what its array must look like."""


def rule_of(table: str, column: str, kind: str) -> Rule | None:
    """Find the rule of a column; None where it may hold anything.

    Args:
        table: The table's name.
        column: The column's name.
        kind: Its type in the database: "boolean", "json", "text", "number" or "integer"; of those without a rule of
            their own all texts, documents and numbers have the general one.
    """
    own = _OF_TABLE.get(table, {}).get(column) or _BY_NAME.get(column)
    if own is not None:
        return own
    if column.endswith("_at") or column == "at":
        return _MOMENT
    if column.endswith("_s"):
        return _TIME
    return {"boolean": _flag, "json": _DOCUMENT, "text": text, "number": _number(-1e300, 1e300),
            "integer": _whole(-(1 << 63), (1 << 63) - 1)}.get(kind)  # fmt: skip
