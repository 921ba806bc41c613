"""Compares two models of categories on the held-out items of a project, or one model with frame averaging."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

import db.clips
from app.agreement.category_difference import CategoryDifference, category_difference
from app.agreement.category_prediction import HumanCeiling, human_ceiling
from app.agreement.pooled import LEAST_SUBJECTS
from app.batch import Failed, Failures
from app.domain import json_values
from app.domain.missing import missing_clip
from app.domain.project import ItemRecord
from app.domain.vocabularies import carry_over, counterparts
from app.errors import UserError
from app.inference.cards import ModelCard, find_model
from app.inference.clip_category import KIND
from app.jobs import Context
from app.services.models.in_use import category_card
from app.services.predict.categories import CategoryReader, read_features
from app.services.predict.streams import StreamBank
from app.services.retrain.category_labels import CategoryChoice, CategoryLabels, category_labels
from app.services.retrain.compare import held_out
from app.services.retrain.comparison import BOOTSTRAP, Verdict, answer_sentence, verdict_of
from app.streams.catalogue import open_streams
from db.project import Project

AVERAGING: Final = "frame averaging"
"""What a first model is compared with: the shipped frame model's classes, averaged over the item."""
TITLES: Final = {"accuracy": "accuracy", "uar": "UAR"}

Float = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class CategoryComparison:
    """The comparison of two models of categories on people whom neither was trained on.

    Attributes:
        old: Name of the old model, or `AVERAGING`.
        new: Name of the new one.
        found: Paired differences.
        human: The agreement of one rater with the others on the same items; None without raters.
        clips: Numbers of the clips that were compared.
        subjects: Names of the people in them.
        labels: The labels they were compared with, in words.
        notes: What the reader should know.
        device: Where the models were asked to run.
        failed: The items that could not be compared, each with its name and the reason.
    """

    old: str
    new: str
    found: CategoryDifference
    human: HumanCeiling | None
    clips: tuple[int, ...]
    subjects: tuple[str, ...]
    labels: str
    notes: tuple[str, ...]
    device: str
    failed: tuple[Failed, ...] = ()

    @property
    def overall(self) -> Verdict:
        """The verdict on the mean of all measures."""
        return verdict_of(self.found.joint, enough=self.found.n_subjects >= LEAST_SUBJECTS)

    @property
    def worse(self) -> bool:
        """Whether the mean is certainly worse."""
        return self.found.joint[1] < 0

    @property
    def offers_promotion(self) -> bool:
        """Whether the new model has proved better overall, and is not worse in any measure."""
        return self.overall == "better" and not any(each.worse for each in self.found.measures.values())

    @property
    def sentence(self) -> str:
        """The answer in one sentence."""
        return answer_sentence(
            self.old, self.new, self.found.n_subjects, self.overall, worse=self.worse, offers=self.offers_promotion,
            parts="measure",
        )  # fmt: skip

    def as_dict(self) -> dict[str, Any]:
        """Return plain values for JSON, in the form of `Comparison.as_dict`; NaN becomes null."""
        human = self.human
        enough = self.found.n_subjects >= LEAST_SUBJECTS
        return {
            **{
                name: {
                    "old": json_values.number(each.old),
                    "new": json_values.number(each.new),
                    "difference": json_values.number(each.difference),
                    "interval": [json_values.number(end) for end in each.interval],
                    "n_subjects": self.found.n_subjects,
                    "verdict": verdict_of(each.interval, enough=enough),
                    "worse": each.worse,
                    "statistic": TITLES[name],
                    "human_ceiling": None if human is None else json_values.number(getattr(human, name).value),
                }
                for name, each in self.found.measures.items()
            },
            "kind": KIND,
            "items": self.found.n,
            "overall": {
                "verdict": "not better" if self.overall == "better" and not self.offers_promotion else self.overall,
                "worse": self.worse,
                "offers_promotion": self.offers_promotion,
                "text": self.sentence,
            },
            "models": {"old": self.old, "new": self.new},
            "labels": self.labels,
            "subjects": list(self.subjects),
            "bootstrap": dict(BOOTSTRAP),
            "notes": list(self.notes),
            "failed": [dict(one) for one in self.failed],
            "device": self.device,
        }


def compare_categories(
    project: Project, old: str | None, new: str, ctx: Context, *, device: str = "auto"
) -> CategoryComparison:
    """Compare two models on the items of people whom neither was trained on.

    The labels are those that the new model was trained on, in their present state and never shuffled.

    Args:
        project: The project with the items and labels.
        old: Name or folder of a model; None for the one in use, or frame averaging where there is none.
        new: Name or folder of the other model.
        ctx: Receives the progress, and can cancel.
        device: The device on which the models run.

    Raises:
        UserError: A model or the labels are missing, or there is no item of new people.
        Cancelled: The user cancelled.
    """
    now = find_model(new, project.home)
    was = category_card(old, project)
    for card in (now, was):
        if card is not None and card.kind != KIND:
            raise UserError(f"{card.name} is not a model of categories.", "Compare two models of one kind.")
    choice = CategoryChoice.of({**now.stated("labels"), "shuffle_seed": None})
    labels = category_labels(project, choice)
    rows, notes = _fair(labels, was, now)
    items = [labels.items[row] for row in rows]
    failures = Failures()
    readers = [_Averaging(project, device) if card is None else _Reader(project, card, device) for card in (was, now)]
    for name, reader in zip((AVERAGING if was is None else was.name, now.name), readers, strict=True):
        notes += _lacking(name, reader.classes, labels.classes)
    said = _predicted(items, labels.classes, readers, ctx, failures)
    people = [item.subject or f"clip {item.clip}" for item in items]
    names = sorted(set(people))
    subject = np.array([names.index(name) for name in people])
    found = category_difference(said[0], said[1], labels.target[rows], subject)
    if not found.n:
        raise UserError(
            "No held-out item can be compared.", " ".join([*notes, *map(str, failures.errors)]) or "Label more clips."
        )
    both: NDArray[np.bool_] = np.asarray(np.isfinite(said).all(axis=(0, 2)), np.bool_)
    spoken = labels.said[rows][both]
    human = human_ceiling(spoken, len(labels.classes), subject[both]) if (spoken >= 0).any() else None
    return CategoryComparison(
        AVERAGING if was is None else was.name,
        now.name,
        found,
        human,
        tuple(sorted({item.clip_id for item, there in zip(items, both, strict=True) if there})),
        tuple(sorted({name for name, there in zip(people, both, strict=True) if there})),
        replace(choice, condition=labels.condition).title,
        (*labels.notes, *notes),
        device,
        tuple(failures.as_json()),
    )


def _fair(labels: CategoryLabels, was: ModelCard | None, now: ModelCard) -> tuple[NDArray[np.int64], list[str]]:
    """Return the rows of items whose subjects both models have never seen."""
    tested, seen = held_out(now)
    before = held_out(was)[1] if was is not None else set[str]()
    people = [item.subject or f"clip {item.clip}" for item in labels.items]
    fair = [row for row, name in enumerate(people) if name not in seen | before]
    if tested:
        fair = [row for row in fair if people[row] in tested] or fair
    if not fair:
        raise UserError(
            "Every labelled subject was used to train one of the two models.", "Label clips of people new to both."
        )
    left = sorted(tested & before)
    notes = [f"{was.name} has learned from {', '.join(left)}: left out."] if was is not None and left else []
    return np.array(fair, np.int64), notes


def _lacking(name: str, said: Sequence[str], classes: Sequence[str]) -> list[str]:
    """Say which classes of the labels no class of a model means; nothing where all are there."""
    there = set(counterparts(said, classes).values())
    missing = [word for word in classes if word not in there]
    return [f"{name} has no class for {', '.join(missing)}: on such items it is always wrong."] if missing else []


def _predicted(
    items: Sequence[ItemRecord],
    classes: Sequence[str],
    readers: Sequence["_Reader | _Averaging"],
    ctx: Context,
    failures: Failures,
) -> Float:
    """Return what both say of each item, in the labels' classes: 2×N×K, NaN where an item cannot be read."""
    out = np.full((2, len(items), len(classes)), np.nan)
    for row, item in enumerate(items):
        ctx.progress(row, len(items), f"Comparing on {item.name}")
        with failures.of(item.name):
            said = [reader.of(item, ctx) for reader in readers]
            for which, each in enumerate(said):
                if each is not None:
                    out[which, row] = _carried(each, classes)
    return out


def _carried(said: Mapping[str, float], classes: Sequence[str]) -> Float:
    """Return probabilities in the labels' classes, summing to one; all alike where none has a counterpart."""
    carried = carry_over(np.array([list(said.values())]), list(said), classes).values[0]
    total = float(carried.sum())
    return carried / total if total > 0 else np.full(len(classes), 1.0 / len(classes))


class _Reader:
    """A model of categories on items."""

    def __init__(self, project: Project, card: ModelCard, device: str) -> None:
        self._project, self._reader = project, CategoryReader(card, project.home, device)
        self.classes = self._reader.model.classes

    def of(self, item: ItemRecord, ctx: Context) -> dict[str, float] | None:
        """Probability of each class; None where the face is never seen."""
        said = self._reader.of_item(self._project, item, ctx)
        if said is None:
            return None
        return dict(zip(self._reader.model.classes, map(float, said.probabilities), strict=True))


class _Averaging:
    """The shipped frame model's classes, averaged over the item."""

    def __init__(self, project: Project, device: str) -> None:
        self._project = project
        self._streams = open_streams(("face",), None, device)
        self.classes = self._streams[0].spec.frame_classes
        self._bank = StreamBank(self._streams, device)

    def of(self, item: ItemRecord, ctx: Context) -> dict[str, float] | None:
        """Probability of each class; None where the face is never seen."""
        clip = db.clips.get(self._project, item.clip_id)
        if not clip.path.is_file():
            raise missing_clip(clip.name)
        found = self._bank.read(self._project, item, clip.path, clip.sha256, ctx)
        if not len(found.times_s):
            return None
        specs = [stream.spec for stream in self._streams]
        mean = read_features(specs, found.rows, "probabilities").mean(axis=0, dtype=np.float64)
        return dict(zip(specs[0].frame_classes, map(float, mean), strict=True))
