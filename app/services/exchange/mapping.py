"""What names in files of other tools mean in the project: a table of the user's, and what can be told without one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from app.domain.project import ClipRecord
from app.interchange.scale import asked_scale
from app.interchange.sheet import open_sheet

What = Literal["clip", "rater", "dimension", "scale", "emotion"]
WHATS: Final[tuple[What, ...]] = ("clip", "rater", "dimension", "scale", "emotion")
Axis = Literal["valence", "arousal"]

_WORDS: Final[dict[str, Axis]] = {
    "valence": "valence", "val": "valence", "pleasure": "valence", "pleasantness": "valence", "evaluation": "valence",
    "valenz": "valence", "arousal": "arousal", "aro": "arousal", "activation": "arousal", "activity": "arousal",
    "activeness": "arousal", "erregung": "arousal",
}  # fmt: skip
_ENDS: Final[tuple[tuple[Axis, frozenset[str], frozenset[str]], ...]] = (
    ("valence", frozenset({"negative", "unpleasant", "sad", "bad"}),
     frozenset({"positive", "pleasant", "happy", "good"})),
    ("arousal", frozenset({"calm", "passive", "low", "sleepy", "inactive", "deactivated", "relaxed"}),
     frozenset({"excited", "active", "high", "aroused", "activated", "alert"})),
)  # fmt: skip
_SCALES: Final = (1.0, 100.0, 1000.0)
_SPLIT: Final = re.compile(r"[^0-9a-zäöüß]+")


@dataclass(frozen=True)
class Rule:
    """One line of the user's table.

    Attributes:
        what: What is named.
        name: A name in a file, or the name of a file; `*` stands for any letters.
        meaning: What it means in the project.
    """

    what: What
    name: str
    meaning: str


@dataclass(frozen=True)
class Mapping:
    """The user's table, in which the first line that fits counts."""

    rules: tuple[Rule, ...] = ()

    def find(self, what: What, *names: str) -> str:
        """Return what the first of these names means that the table has; empty where it has none."""
        for name in filter(None, names):
            for rule in self.rules:
                if rule.what == what and fnmatchcase(name.casefold(), rule.name.casefold()):
                    return rule.meaning
        return ""


def read_mapping(path: Path) -> Mapping:
    """Read a table with the columns `what`, `from` and `to`.

    Raises:
        UserError: The file cannot be read, lacks a column, or has a line that means nothing.
    """
    with open_sheet(path, frozenset({"what", "from", "to"})) as sheet:
        sheet.need("what", "from", "to")
        rules = []
        for line, row in sheet.rows:
            what = sheet.text(row, "what").lower()
            known = next((one for one in WHATS if one == what), None)
            if known is None:
                sheet.fail(line, f"“{what}” is none of {', '.join(WHATS)}")
            name, meaning = sheet.text(row, "from"), sheet.text(row, "to")
            if not name or not meaning:
                sheet.fail(line, "from or to is empty")
            if known == "scale":
                asked_scale(meaning)
            if known == "dimension" and meaning.lower() not in ("valence", "arousal", "-"):
                sheet.fail(line, f"a dimension is valence or arousal, or - to leave it out; not “{meaning}”")
            rules.append(Rule(known, name, meaning))
    return Mapping(tuple(rules))


@dataclass(frozen=True)
class Dimension:
    """A dimension of the project that a name means.

    Attributes:
        axis: The dimension; empty where nobody can tell.
        turned: Whether the file's scale runs the other way.
    """

    axis: Axis | Literal[""]
    turned: bool = False


def dimension_of(name: str, path: Path, mapping: Mapping) -> Dimension:
    """Return the dimension that a file means: by the table, by its own name, or else by the file's name and folder.

    Example:
        >>> dimension_of("very negative … very positive", Path("a.csv"), Mapping()).axis
        'valence'
        >>> dimension_of("", Path("raw_arousal_11.csv"), Mapping()).axis
        'arousal'
    """
    asked = mapping.find("dimension", name, path.name)
    if asked:
        lower = asked.lower()
        return Dimension("valence" if lower == "valence" else "arousal" if lower == "arousal" else "")
    if name:
        return _told(name)
    for said in (path.stem, path.parent.name):
        found = _told(said)
        if found.axis:
            return found
    return Dimension("")


def _told(said: str) -> Dimension:
    words = [word for word in _SPLIT.split(said.casefold()) if word]
    named = {_WORDS[word] for word in words if word in _WORDS}
    if len(named) == 1:
        return Dimension(named.pop())
    if "…" in said:
        lower, upper = (set(_SPLIT.split(part.casefold())) for part in said.split("…", 1))
        for axis, low, high in _ENDS:
            if lower & low and upper & high:
                return Dimension(axis)
            if lower & high and upper & low:
                return Dimension(axis, turned=True)
    return Dimension("")


def scale_of(
    values: NDArray[np.float64], low: float | None, high: float | None, names: Sequence[str], mapping: Mapping
) -> tuple[float, float, bool] | None:
    """Return the ends of a scale, and whether they were guessed from the values; None where nobody can tell.

    Without a statement, values that reach below zero are taken to lie on −1 to 1, −100 to 100 or −1000 to 1000.
    Values that never do are ambiguous beyond 1.
    """
    asked = mapping.find("scale", *names)
    if asked:
        return (*asked_scale(asked), False)
    if low is not None and high is not None:
        return low, high, False
    known = values[np.isfinite(values)]
    if not known.size:
        return -1.0, 1.0, True
    largest = float(np.abs(known).max())
    if largest <= 1:
        return -1.0, 1.0, True
    if float(known.min()) >= 0:
        return None
    top = next((one for one in _SCALES if largest <= one), None)
    return None if top is None else (-top, top, True)


class Clips:
    """The clips of a project, found by what files call them."""

    def __init__(self, clips: Iterable[ClipRecord], mapping: Mapping) -> None:
        self._clips = [clip for clip in clips if not clip.removed]
        self._mapping = mapping

    def find(self, named: str, path: Path) -> ClipRecord | None:
        """Return the clip that a file means, or None where none or several may be meant.

        The table comes first, then the name in the file, then the file's own name and its folder, in which the clip's
        name must stand as a whole word.

        Args:
            named: The file's name of the clip; empty where it does not say.
            path: The file.
        """
        asked = self._mapping.find("clip", named, path.name)
        if asked:
            return self._named(asked)
        if named:
            return self._named(named)
        return self._within(path.stem) or self._named(path.parent.name)

    def _named(self, name: str) -> ClipRecord | None:
        """Return the clip of this name, with or without its ending, which other programs change."""
        folded = name.casefold()
        if not folded:
            return None
        exact = [clip for clip in self._clips if clip.name.casefold() == folded]
        if not exact:
            stem = _stem(folded)
            exact = [clip for clip in self._clips if _stem(clip.name.casefold()) == stem]
        if not exact:
            exact = [clip for clip in self._clips if clip.sha256 == folded]
        return exact[0] if len(exact) == 1 else None

    def _within(self, stem: str) -> ClipRecord | None:
        """Return the clip whose name stands in the name of a file; the longest, if it is the only one."""
        folded = stem.casefold()
        found = []
        for clip in self._clips:
            name = _stem(clip.name.casefold())
            if name and re.search(rf"(?<![0-9a-z]){re.escape(name)}(?![0-9a-z])", folded):
                found.append((len(name), clip))
        longest = max((length for length, _ in found), default=0)
        best = [clip for length, clip in found if length == longest]
        return best[0] if len(best) == 1 else None


def _stem(name: str) -> str:
    head, dot, ending = name.rpartition(".")
    return head if dot and head and len(ending) <= 5 else name


def rater_of(named: str, path: Path, clip: ClipRecord | None, mapping: Mapping) -> str:
    """Return the code of a rater: by the table, by the name in the file, or else by what the file's name leaves.

    Example:
        >>> rater_of("", Path("R7_valence.csv"), None, Mapping())
        'R7'
    """
    asked = mapping.find("rater", named, path.name)
    if asked or named:
        return (asked or named).strip()[:64]
    stem = path.name.split(".")[0]
    if clip is not None:
        stem = re.sub(re.escape(_stem(clip.name)), " ", stem, flags=re.IGNORECASE)
    words = [word for word in re.split(r"[\s_\-]+", stem) if word and word.casefold() not in _WORDS]
    return "_".join(words)[:64] or path.parent.name[:64] or "imported"
