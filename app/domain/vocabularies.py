"""Vocabularies of categories, and how the words of one are carried over to another.

A vocabulary is data: the classes of a data set, of a model or of a study. Words of two vocabularies correspond where
they name the same emotion (`CONCEPTS`) or where somebody says so. A word without a counterpart is counted and reported,
never dropped in silence.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from app.domain.emotions import FER, FERPLUS
from app.domain.words import many
from app.errors import UserError


@dataclass(frozen=True)
class Vocabulary:
    """A list of categories.

    Attributes:
        name: For the command line and manifests.
        title: For people.
        classes: Names of the categories; their order is that of a model's outputs.
        source: The publication that defines it; empty for a study's own words.
    """

    name: str
    title: str
    classes: tuple[str, ...]
    source: str = ""


OWN: Final = "own"
"""Stands for the words of the study itself."""

VOCABULARIES: Final = (
    Vocabulary("ferplus", "FERPlus, eight classes", FERPLUS, "Barsoum et al. 2016"),
    Vocabulary("fer", "FER2013, seven classes", FER, "Goodfellow et al. 2013"),
    Vocabulary(
        "mec",
        "MEC 2017, eight classes",
        ("happy", "sad", "angry", "surprise", "disgust", "worried", "anxious", "neutral"),
        "Sun et al. 2018, section IV-A",
    ),
    Vocabulary(
        "enterface",
        "eNTERFACE'05, six classes",
        ("anger", "disgust", "fear", "happiness", "sadness", "surprise"),
        "Martin et al. 2006; Miyoshi et al. 2019",
    ),
)

CONCEPTS: Final[dict[str, tuple[str, ...]]] = {
    "neutral": ("neutral", "neutrality", "calm"),
    "happiness": ("happiness", "happy", "joy", "joyful"),
    "surprise": ("surprise", "surprised"),
    "sadness": ("sadness", "sad"),
    "anger": ("anger", "angry"),
    "disgust": ("disgust", "disgusted"),
    "fear": ("fear", "fearful", "afraid"),
    "contempt": ("contempt", "contemptuous"),
    "worry": ("worried", "worry"),
    "anxiety": ("anxious", "anxiety"),
    "confusion": ("confused", "confusion"),
}
"""Words that name one emotion in different vocabularies. Worried and anxious are emotions of their own: whoever wants
to read them as fear says so."""

_CONCEPT_OF: Final = {word: concept for concept, words in CONCEPTS.items() for word in words}


def find_vocabulary(name: str) -> Vocabulary:
    """Return the vocabulary of a name.

    Raises:
        UserError: There is none; the sentence lists those there are.
    """
    for vocabulary in VOCABULARIES:
        if vocabulary.name == name:
            return vocabulary
    names = ", ".join((OWN, *(each.name for each in VOCABULARIES)))
    raise UserError(f"There is no vocabulary {name}.", f"Choose one of {names}.")


def counterparts(
    words: Sequence[str], classes: Sequence[str], chosen: Mapping[str, str] | None = None
) -> dict[str, str]:
    """Return which class each word becomes.

    Args:
        words: Of the labels.
        classes: Of the vocabulary they are carried over to.
        chosen: Word → class, said by a person; it comes before `CONCEPTS`.

    Returns:
        Only the words that have a counterpart.

    Raises:
        UserError: `chosen` names a word or a class that does not exist.
    """
    chosen = dict(chosen or {})
    for word, target in chosen.items():
        if word not in words:
            raise UserError(f"No label says {word!r}.", f"The labels say {', '.join(words)}.")
        if target not in classes:
            raise UserError(f"{target!r} is not a class of the vocabulary.", f"Its classes are {', '.join(classes)}.")
    by_concept = {_CONCEPT_OF.get(name.casefold(), name.casefold()): name for name in classes}
    found: dict[str, str] = {}
    for word in words:
        concept = _CONCEPT_OF.get(word.casefold(), word.casefold())
        counterpart = chosen.get(word) or by_concept.get(concept)
        if counterpart is not None:
            found[word] = counterpart
    return found


@dataclass(frozen=True, eq=False)
class Carried:
    """Columns that were carried over to another vocabulary.

    Attributes:
        values: float64 N×K, the columns of words that become one class added up.
        lost: Word → its total in the columns that have no counterpart; only words that occur.
        empty: Classes that no word became, in the vocabulary's order.
    """

    values: NDArray[np.float64]
    lost: dict[str, float] = field(default_factory=dict)
    empty: tuple[str, ...] = ()

    def notes(self, unit: str) -> list[str]:
        """Return sentences for people about what has no counterpart.

        Args:
            unit: What the columns count, in the singular, such as "vote".
        """
        said = [
            f"{many(round(total), unit)} for “{word}” {'has' if round(total) == 1 else 'have'} no counterpart in the "
            f"vocabulary and {'was' if round(total) == 1 else 'were'} left out."
            for word, total in self.lost.items()
        ]
        if self.empty:
            said.append(
                f"No label means {', '.join(self.empty)}: {'it' if len(self.empty) == 1 else 'they'} cannot be learned."
            )
        return said


def carry_over(
    values: NDArray[Any],
    words: Sequence[str],
    classes: Sequence[str],
    chosen: Mapping[str, str] | None = None,
) -> Carried:
    """Carry votes, shares or probabilities over to another vocabulary.

    Args:
        values: N×W, a column for each word.
        words: Names of the columns.
        classes: Of the vocabulary they are carried over to.
        chosen: See `counterparts`.

    Raises:
        UserError: `chosen` names what does not exist.
    """
    target = counterparts(words, classes, chosen)
    out = np.zeros((len(values), len(classes)), np.float64)
    lost: dict[str, float] = {}
    for column, word in enumerate(words):
        if word in target:
            out[:, list(classes).index(target[word])] += values[:, column]
        elif values[:, column].any():
            lost[word] = float(values[:, column].sum())
    empty = tuple(name for name in classes if name not in target.values())
    return Carried(out, lost, empty)


def read_mapping(pairs: Sequence[str]) -> dict[str, str]:
    """Read `WORD=CLASS` as typed on a command line.

    Raises:
        UserError: A pair lacks one of its sides.
    """
    found: dict[str, str] = {}
    for pair in pairs:
        word, equals, target = pair.partition("=")
        if not (equals and word.strip() and target.strip()):
            raise UserError(f"{pair!r} is not a pair of words.", "Write WORD=CLASS, such as worried=fear.")
        found[word.strip()] = target.strip()
    return found
