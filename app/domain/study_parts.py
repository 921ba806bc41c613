"""The parts of a study's definition: texts by language, terms, the scale, conditions, traces, practice and checks."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

FACE_ONLY: Final = "face_only"
FULL_CONTEXT: Final = "full_context"
CONTEXT_ONLY: Final = "context_only"
VIEWS: Final = (FACE_ONLY, FULL_CONTEXT, CONTEXT_ONLY)
"""The parts of a clip that the player can show. A study names its conditions itself, each with a view and sound."""

TaskKind = Literal["rating", "trace", "trace_valence", "trace_arousal"]
"""The task of one presentation. A study whose `trace.joint` is false traces one dimension in each."""

Texts = Mapping[str, str]
"""Language code → text. English stands in where a language is missing."""


def text_in(texts: Texts, language: str, default: str = "") -> str:
    """Return the text in a language, else in its base language, else in English, else in any, else `default`.

    Args:
        texts: Language code → text.
        language: Such as "de" or "de_AT".
        default: The text to return where there is none at all.
    """
    for code in (language, re.split(r"[_\-]", language)[0], "en"):
        if texts.get(code):
            return texts[code]
    return next((text for text in texts.values() if text), default)


@dataclass(frozen=True)
class Term:
    """An emotion or a category: a fixed name for files and statistics, and what raters read.

    Attributes:
        name: Letters, digits, `_`, `-`, `.`; never shown to a rater where a label exists.
        labels: What raters read, by language.
        hint: A sentence of explanation, by language.
    """

    name: str
    labels: Texts = field(default_factory=dict)
    hint: Texts = field(default_factory=dict)

    def label(self, language: str) -> str:
        """Return the label that a rater reads; the name where there is no translation."""
        return text_in(self.labels, language, self.name.replace("_", " "))


@dataclass(frozen=True)
class Scale:
    """Integer intensities from `low` to `high`, both included.

    Attributes:
        low: Lowest point, an answer like any other (0 is not "missing").
        high: Highest point.
        anchors: Point (as text, files have no integer keys) → label by language.
    """

    low: int = 0
    high: int = 5
    anchors: Mapping[str, Texts] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Reject points that are not whole numbers, which a hand-written file may hold."""
        if type(self.low) is not int or type(self.high) is not int:
            raise ValueError("the scale must run between whole numbers")

    def __contains__(self, score: object) -> bool:
        return isinstance(score, int) and not isinstance(score, bool) and self.low <= score <= self.high


@dataclass(frozen=True)
class Condition:
    """How an item is shown.

    Attributes:
        name: Stored with every label.
        view: One of `VIEWS`.
        audio: Whether the sound is on.
        labels: What raters and owners read, by language.
    """

    name: str
    view: str
    audio: bool = True
    labels: Texts = field(default_factory=dict)

    @property
    def shows_context(self) -> bool:
        """Whether it shows a rater what surrounds the face."""
        return self.view != FACE_ONLY


@dataclass(frozen=True)
class TraceSpec:
    """How traces are taken.

    Attributes:
        joint: Whether valence and arousal are traced at once on the plane rather than in two presentations.
        countdown_s: Seconds of countdown before the clip starts.
        calibration: Whether a rater's reaction lag is measured on the calibration clip first.
        axis_labels: "valence" and "arousal" → label by language.
    """

    joint: bool = True
    countdown_s: float = 3.0
    calibration: bool = False
    axis_labels: Mapping[str, Texts] = field(default_factory=dict)

    @property
    def kinds(self) -> tuple[TaskKind, ...]:
        """The tasks that one trace takes."""
        return ("trace",) if self.joint else ("trace_valence", "trace_arousal")


@dataclass(frozen=True)
class PracticeClip:
    """A practice clip with feedback. Its answers are stored and never analysed.

    Attributes:
        item: Name of the item.
        condition: How it is shown.
        kind: The task that is practised.
        expected: Emotion → (lowest, highest) intensity that counts as expected; of ratings only.
        category: The category that counts as expected, empty for any.
        feedback: What the rater is told afterwards in any case, by language.
        right: What is added where the answer is as expected, by language.
        wrong: What is added where it is not, by language.
        band: "valence" and "arousal" → (lowest, highest) mean of the trace that counts as expected, −1 to 1; of
            traces only.
    """

    item: str
    condition: str
    kind: TaskKind = "rating"
    expected: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    category: str = ""
    feedback: Texts = field(default_factory=dict)
    right: Texts = field(default_factory=dict)
    wrong: Texts = field(default_factory=dict)
    band: Mapping[str, tuple[float, float]] = field(default_factory=dict)


@dataclass(frozen=True)
class AttentionCheck:
    """A question with a known answer that is asked between items.

    Attributes:
        name: Letters, digits, `_`, `-`, `.`.
        prompt: What the rater is asked to do, by language; shown in place of a clip, or above `item`.
        expected: Emotion → (lowest, highest) intensity that passes; emotions not named may be anything.
        category: The category that passes, empty for any.
        item: A clip with an obvious answer, empty for a text alone.
        condition: How `item` is shown; empty where there is none.
        right: What the rater is told after passing, by language; without it nothing is said.
        wrong: What the rater is told after failing, by language; without it nothing is said.
        kind: The task; a trace needs `item`.
        band: "valence" and "arousal" → (lowest, highest) mean of the trace that passes, −1 to 1; of traces only.
    """

    name: str
    prompt: Texts = field(default_factory=dict)
    expected: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    category: str = ""
    item: str = ""
    condition: str = ""
    right: Texts = field(default_factory=dict)
    wrong: Texts = field(default_factory=dict)
    kind: TaskKind = "rating"
    band: Mapping[str, tuple[float, float]] = field(default_factory=dict)


Part = PracticeClip | AttentionCheck
"""A part of a study that may expect a certain answer."""
