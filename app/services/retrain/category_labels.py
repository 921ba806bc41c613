"""The categories that a training learns: raters' choices, their strongest intensity, or a data set's labels."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any, Final, Literal

import numpy as np
from numpy.typing import NDArray

import db.gold
import db.items
from app.agreement.bayes.votes import Votes, fit_votes
from app.agreement.label_gold import dawid_skene, label_gold
from app.domain.item_data import NOBODY
from app.domain.project import ItemRecord
from app.domain.ratings import CategoryTable, ProjectRatings, RatingTable
from app.domain.vocabularies import OWN, carry_over, counterparts, find_vocabulary
from app.domain.words import many
from app.errors import UserError
from app.services.consent.covered import allowed
from app.services.labels.tables import load_project_ratings
from app.services.retrain.labels import left_out_of_training, raters_of
from db.project import Project

CategoryMethod = Literal["plurality", "majority", "dawid_skene", "soft", "bayes"]
CategorySource = Literal["category", "intensity", "stored"]
SOURCES: Final[dict[CategorySource, str]] = {
    "category": "chosen categories",
    "intensity": "strongest intensities",
    "stored": "stored labels",
}
METHODS: Final[dict[CategoryMethod, str]] = {
    "plurality": "the category with the most votes; ties have no label",
    "majority": "the category with more than half of the votes",
    "dawid_skene": "the most probable category by the model of Dawid and Skene (1979)",
    "soft": "the shares of the votes",
    "bayes": "the shares that people see, by the model of raters",
}


@dataclass(frozen=True)
class CategoryChoice:
    """The choice of the labels to learn.

    Attributes:
        source: "category" for raters' choices, "intensity" for the emotion that a rater scored highest, or "stored" for
            the gold standards of categories that are chosen in the project, such as those of a data set.
        method: How the votes on an item become its label, see `METHODS`.
        condition: Viewing condition; empty takes the one with the most judged items.
        rater: Code of the only rater whose labels are learned; empty for all.
        study: Name of one study; empty for all together.
        vocabulary: Name of the vocabulary that is learned, "own" for the words of the labels.
        mapping: The class of the vocabulary for each word of the labels that does not name an emotion by itself.
        shuffle_seed: Seed by which labels are shuffled among items, a control that must teach nothing; None does not
            shuffle.
        covered_only: Whether people whose consent does not cover training are left out; None and False refuse them.
    """

    source: CategorySource = "category"
    method: CategoryMethod = "plurality"
    condition: str = ""
    rater: str = ""
    study: str = ""
    vocabulary: str = OWN
    mapping: Mapping[str, str] = field(default_factory=dict)
    shuffle_seed: int | None = None
    covered_only: bool | None = None

    @classmethod
    def of(cls, facts: Mapping[str, Any]) -> "CategoryChoice":
        """Return the choice that a manifest or card states; missing entries have their defaults."""
        names = {each.name for each in fields(cls)}
        return cls(**{key: value for key, value in facts.items() if key in names})

    @property
    def title(self) -> str:
        """The choice in words, for people."""
        control = ", shuffled as a control" if self.shuffle_seed is not None else ""
        whose = "" if self.source == "stored" else f" of rater {self.rater} alone" if self.rater else " of all raters"
        return f"{SOURCES[self.source]}{whose}, {METHODS[self.method]} ({self.condition}){control}"

    def as_dict(self) -> dict[str, Any]:
        """Return the choice for manifests and cards, without entries that are None."""
        facts = asdict(self) | {"mapping": dict(self.mapping), "title": self.title}
        return {key: value for key, value in facts.items() if value is not None}


@dataclass(frozen=True, eq=False)
class CategoryLabels:
    """Labels of items.

    Attributes:
        items: The items in the order of the project.
        classes: Names of the K classes.
        raters: Codes of the R raters.
        said: int16 N×R, the class that each rater chose; `NOBODY` where there is none.
        target: float32 N×K, rows sum to one.
        condition: The viewing condition that was taken.
        notes: Sentences about labels that were left out.
        parts: Official partition of each item, "train", "validation" or "test"; empty where there is none.
        groups: Official group of each item's subject; empty where there is none.
    """

    items: tuple[ItemRecord, ...]
    classes: tuple[str, ...]
    raters: tuple[str, ...]
    said: NDArray[np.int16]
    target: NDArray[np.float32]
    condition: str
    notes: tuple[str, ...]
    parts: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()

    def of_rows(self, rows: Sequence[int]) -> "CategoryLabels":
        """The labels of some items only, in the order of these rows."""
        take = list(rows)
        return replace(
            self,
            items=tuple(self.items[row] for row in take),
            said=self.said[take],
            target=self.target[take],
            parts=tuple(self.parts[row] for row in take) if self.parts else (),
            groups=tuple(self.groups[row] for row in take) if self.groups else (),
        )


@dataclass(frozen=True, eq=False)
class _Votes:
    """What was said, before it is carried over to a vocabulary: codes of words, and names of all axes."""

    item: NDArray[np.int64]
    rater: NDArray[np.int64]
    word: NDArray[np.int64]
    condition: NDArray[np.int64]
    items: tuple[str, ...]
    raters: tuple[str, ...]
    words: tuple[str, ...]
    conditions: tuple[str, ...]
    undecided: int = 0


def category_labels(project: Project, choice: CategoryChoice) -> CategoryLabels:
    """Return the present labels of a choice: first passes of raters who are not left out.

    Args:
        project: The project with the answers.
        choice: The choice of labels.

    Raises:
        UserError: Nobody chose a category, or no answer is left.
    """
    if choice.source == "stored":
        return _stored(project, choice)
    ratings = load_project_ratings(project, choice.study or None, with_traces=False)
    votes = _chosen(ratings, choice)
    condition, notes = _condition(votes, choice), []
    keep = votes.condition == votes.conditions.index(condition)
    refused = left_out_of_training(project, choice.covered_only)
    out = {exclusion.rater for exclusion in ratings.exclusions} | refused.raters
    if choice.rater and choice.rater not in votes.raters:
        raise UserError(f"Rater {choice.rater} has given no category.", f"There are {', '.join(votes.raters)}.")
    for code, name in enumerate(votes.raters):
        if name in out or (choice.rater and name != choice.rater):
            keep &= votes.rater != code
    if votes.undecided:
        notes.append(f"{many(votes.undecided, 'rating has', 'ratings have')} two strongest emotions or none.")
    said, classes, more = _carried(votes, keep, choice)
    notes += more
    target = _targets(said, len(classes), choice.method)
    labelled = target.sum(axis=1) > 0
    unclear = int(((said != NOBODY).any(axis=1) & ~labelled).sum())
    if unclear:
        notes.append(f"{many(unclear, 'item has', 'items have')} no clear label ({METHODS[choice.method]}).")
    notes += [refused.note] if refused.note else []
    by_name = {item.name: item for item in db.items.every(project) if item.subject not in refused.subjects}
    labelled &= np.array([name in by_name for name in votes.items], bool)
    rows = np.flatnonzero(labelled)
    if not len(rows):
        raise UserError("No item has a category to learn.", " ".join(notes) or "Ask for categories in a study.")
    rows = np.array(sorted(rows, key=lambda row: by_name[votes.items[row]].position), np.int64)
    said, target = said[rows], target[rows]
    if choice.shuffle_seed is not None:
        order = np.random.default_rng(choice.shuffle_seed).permutation(len(rows))
        said, target = said[order], target[order]
    items = tuple(by_name[votes.items[row]] for row in rows)
    return CategoryLabels(items, classes, votes.raters, said, target, condition, tuple(notes))


def check_consent(project: Project, choice: CategoryChoice, labels: CategoryLabels) -> None:
    """Refuse to train on people whose consent does not cover it, unless the choice leaves them out.

    Args:
        project: The open project.
        choice: The choice of labels.
        labels: The labels of this choice.

    Raises:
        Uncovered: There are some; it names them.
    """
    may = allowed(project, "training", without=bool(choice.covered_only))
    if may.without or not may.refused:
        return
    raters = {code for column, code in enumerate(labels.raters) if (labels.said[:, column] != NOBODY).any()}
    if choice.source == "stored":
        shown = {item.id for item in labels.items}
        golds = db.gold.every(project, kind="category", chosen_only=True)
        raters |= {code for gold in golds if gold.item_id in shown for code in raters_of(project, gold)}
    may.require(subjects=[item.subject for item in labels.items], raters=raters)


def _stored(project: Project, choice: CategoryChoice) -> CategoryLabels:
    """Return the chosen gold standards of categories, one an item."""
    golds = [gold for gold in db.gold.every(project, kind="category", chosen_only=True) if gold.value]
    if not golds:
        raise UserError(
            "No categories are stored in this project.",
            "Ask for categories in a study, or learn from another source.",
            "Bring in a data set (affectograph dataset), or store gold.",
        )
    conditions = Counter(gold.condition for gold in golds)
    condition = choice.condition or conditions.most_common(1)[0][0]
    if condition not in conditions:
        raise UserError(f"No category is stored under {condition!r}.", f"There are {', '.join(sorted(conditions))}.")
    out = left_out_of_training(project, choice.covered_only)
    items = {item.id: item for item in db.items.every(project) if item.subject not in out.subjects}
    golds = [gold for gold in golds if gold.condition == condition and gold.item_id in items]
    if out.raters:
        golds = [gold for gold in golds if not raters_of(project, gold) & out.raters]
    golds.sort(key=lambda gold: items[gold.item_id].position)
    words = tuple(sorted({word for gold in golds for word in gold.value}))
    shares = np.array([[float(gold.value.get(word, 0.0)) for word in words] for gold in golds])
    classes = _classes(words, shares.sum(axis=0), choice)
    carried = carry_over(shares, words, classes, choice.mapping)
    notes = carried.notes("label")
    target = label_gold(carried.values, "soft").distribution.astype(np.float32)
    if choice.method != "soft":
        label = label_gold(carried.values, "majority" if choice.method == "majority" else "plurality").label
        target = _one_hot(label, len(classes))
    kept = np.flatnonzero(target.sum(axis=1) > 0)
    if len(kept) < len(golds):
        count = len(golds) - len(kept)
        notes.append(f"{many(count, 'item has', 'items have')} no clear label ({METHODS[choice.method]}).")
    if not len(kept):
        raise UserError("No item has a category to learn.", " ".join(notes))
    target = target[kept]
    if choice.shuffle_seed is not None:
        target = target[np.random.default_rng(choice.shuffle_seed).permutation(len(kept))]
    golds = [golds[row] for row in kept]
    return CategoryLabels(
        tuple(items[gold.item_id] for gold in golds),
        classes,
        (),
        np.full((len(golds), 0), NOBODY, np.int16),
        target,
        condition,
        tuple(notes),
        tuple(str(gold.recipe.get("part", "")) for gold in golds),
        tuple(str(gold.recipe.get("group", "")) for gold in golds),
    )


def _chosen(ratings: ProjectRatings, choice: CategoryChoice) -> _Votes:
    if choice.source == "intensity":
        if ratings.intensities is None:
            raise UserError("Nobody has rated intensities in this project.", "Learn from categories instead.")
        return _strongest(ratings.intensities)
    table = ratings.categories
    if table is None:
        raise UserError(
            "Nobody has chosen a category in this project.",
            "Learn from the strongest intensity, or ask for categories in a study.",
            "Learn from the strongest intensity (--labels intensity), or ask for categories in a study.",
        )
    return _of_table(table)


def _of_table(table: CategoryTable) -> _Votes:
    keep = (table.pass_no == 1) & (table.category.codes >= 0) & (table.condition.codes >= 0)
    return _Votes(
        table.item[keep].astype(np.int64),
        table.rater.codes[keep].astype(np.int64),
        table.category.codes[keep].astype(np.int64),
        table.condition.codes[keep].astype(np.int64),
        table.items.names,
        table.rater.names,
        table.category.names,
        table.condition.names,
    )


def _strongest(table: RatingTable) -> _Votes:
    """The emotion with the highest score of each rater, item and condition, where it is one and above the lowest."""
    keep = (table.pass_no == 1) & (table.condition.codes >= 0) & (table.emotion.codes >= 0) & np.isfinite(table.score)
    shape = (len(table.items), len(table.rater.names), len(table.condition.names))
    cell = np.ravel_multi_index((table.item[keep], table.rater.codes[keep], table.condition.codes[keep]), shape)
    score = np.full((int(np.prod(shape)), len(table.emotion.names)), -np.inf)
    score[cell, table.emotion.codes[keep]] = table.score[keep]
    used = np.unique(cell)
    score = score[used]
    low = table.scale[0] if table.scale is not None else float(table.score[keep].min(initial=np.inf))
    top = score.max(axis=1, initial=-np.inf)
    clear = ((score == top[:, None]).sum(axis=1) == 1) & (top > low)
    item, rater, condition = np.unravel_index(used[clear], shape)
    return _Votes(
        item.astype(np.int64),
        rater.astype(np.int64),
        score[clear].argmax(axis=1).astype(np.int64),
        condition.astype(np.int64),
        table.items.names,
        table.rater.names,
        table.emotion.names,
        table.condition.names,
        int((~clear).sum()),
    )


def _condition(votes: _Votes, choice: CategoryChoice) -> str:
    if choice.condition:
        if choice.condition not in votes.conditions:
            names = ", ".join(votes.conditions)
            raise UserError(f"No category was given under {choice.condition!r}.", f"There are labels under {names}.")
        return choice.condition
    if not len(votes.item):
        raise UserError("No item has a category to learn.", "Ask for categories in a study.")
    judged = Counter(code for code, _ in set(zip(votes.condition.tolist(), votes.item.tolist(), strict=True)))
    code: int = judged.most_common(1)[0][0]
    return votes.conditions[code]


def _carried(
    votes: _Votes, keep: NDArray[np.bool_], choice: CategoryChoice
) -> tuple[NDArray[np.int16], tuple[str, ...], list[str]]:
    """Return what each rater said of each item in the classes of the vocabulary, those classes, and what was lost."""
    given = np.bincount(votes.word[keep], minlength=len(votes.words))[None].astype(np.float64)
    classes = _classes(votes.words, given[0], choice)
    target = counterparts(votes.words, classes, choice.mapping)
    notes = carry_over(given, votes.words, classes, choice.mapping).notes("vote")
    code = np.array([classes.index(target[word]) if word in target else NOBODY for word in votes.words], np.int16)
    said = np.full((len(votes.items), len(votes.raters)), NOBODY, np.int16)
    said[votes.item[keep], votes.rater[keep]] = code[votes.word[keep]]
    return said, classes, notes


def _classes(words: Sequence[str], given: NDArray[np.float64], choice: CategoryChoice) -> tuple[str, ...]:
    """The classes of the vocabulary: of the words themselves, those that occur or that another word is read as."""
    if choice.vocabulary != OWN:
        return find_vocabulary(choice.vocabulary).classes
    return tuple(
        word
        for word, count in zip(words, given, strict=True)
        if word not in choice.mapping and (count > 0 or word in choice.mapping.values())
    )


def _targets(said: NDArray[np.int16], classes: int, method: CategoryMethod) -> NDArray[np.float32]:
    item, rater = np.nonzero(said != NOBODY)
    chosen = said[item, rater].astype(np.int64)
    votes = np.bincount(item * classes + chosen, minlength=len(said) * classes).reshape(len(said), classes)
    if method == "soft":
        return label_gold(votes.astype(np.float64), "soft").distribution.astype(np.float32)
    if method == "bayes":
        return _seen(votes, item, rater, chosen, said.shape[1])
    if method == "dawid_skene":
        shares = dawid_skene(item, rater, chosen, (len(said), said.shape[1], classes)).posterior
        label = np.where(shares.sum(axis=1) > 0, shares.argmax(axis=1), -1)
    else:
        label = label_gold(votes.astype(np.float64), method).label
    return _one_hot(label, classes)


def _seen(
    counts: NDArray[np.int64],
    item: NDArray[np.int64],
    rater: NDArray[np.int64],
    chosen: NDArray[np.int64],
    n_raters: int,
) -> NDArray[np.float32]:
    """N×K shares by the model of raters; rows of items without votes are zero."""
    n_items, classes = counts.shape
    if not len(item):
        return np.zeros((n_items, classes), np.float32)
    votes = Votes(item.astype(np.int64), rater.astype(np.int64), chosen, n_items, n_raters, classes)
    return np.where(counts.sum(axis=1)[:, None] > 0, fit_votes(votes).shares, 0.0).astype(np.float32)


def _one_hot(label: NDArray[np.int64], classes: int) -> NDArray[np.float32]:
    """N×K with a one at each label; rows of negative labels stay zero."""
    target = np.zeros((len(label), classes), np.float32)
    clear = np.flatnonzero(label >= 0)
    target[clear, label[clear]] = 1.0
    return target
