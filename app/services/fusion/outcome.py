"""What a fusion found, read from its files: scores side by side, weights, diversity, and the items won and lost."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from app.agreement.category_difference import CategoryDifference
from app.agreement.category_prediction import MEASURES, CategoryScores
from app.agreement.pooled import LEAST_SUBJECTS
from app.domain import json_values
from app.domain.project import TrainingRecord
from app.domain.training_events import HELD_OUT, RESULT
from app.domain.words import change, many
from app.errors import UserError
from app.fusion.diversity import Diversity, diversity
from app.fusion.frozen import Frozen, load
from app.fusion.gains import LeftOut, Row, Said, applied, best_member, left_out, rows_of, turned
from app.fusion.views import ViewGain, view_gains
from app.fusion.ways import Fusion
from app.services.retrain.comparison import Verdict, verdict_of
from app.services.retrain.data import training_folder
from app.services.retrain.runs import run_folder
from db.project import Project

CONTROL: Final = "This is a control on shuffled labels: its members must not help, and the model must not be used."


@dataclass(frozen=True, eq=False)
class FusedItem:
    """One item of the result, with every verdict on it.

    Attributes:
        name: Name of the item.
        subject: The person it shows.
        label: Its category.
        fusion: Probability of each class by the fusion, float64 K.
        members: Probability of each class by each member, float64 M×K; NaN where one has no prediction.
        right: Whether the fusion is right.
        members_right: Whether each member is right: M; false for one without a prediction.
    """

    name: str
    subject: str
    label: str
    fusion: NDArray[np.float64]
    members: NDArray[np.float64]
    right: bool
    members_right: tuple[bool, ...]


@dataclass(frozen=True, eq=False)
class FusionOutcome:
    """A finished fusion.

    Attributes:
        data: What it was made of: table, partition, facts.
        way: The way with its settings.
        fusion: The chosen weights.
        said: What was said of the items of the result.
        rows: Members, equal weights and the fusion, on the weighting part and on the result.
        best: The member that is best on the weighting part.
        left_out: The fusion without each member; empty with two members, or if the search was stopped.
        diversity: How differently the members err on the result.
        items: The items of the result.
        views: What the viewing conditions of the members add; empty with members of fewer than two.
        stopped: Whether somebody stopped the search, so that the weights are the best until then.
    """

    data: Frozen
    way: Mapping[str, Any]
    fusion: Fusion
    said: Said
    rows: tuple[Row, ...]
    best: str
    left_out: tuple[LeftOut, ...]
    diversity: Diversity
    items: tuple[FusedItem, ...]
    views: tuple[ViewGain, ...]
    stopped: bool

    @property
    def members(self) -> tuple[str, ...]:
        """Names of the members."""
        return self.data.table.members

    @property
    def classes(self) -> tuple[str, ...]:
        """Names of the classes."""
        return self.data.table.classes

    @property
    def conditions(self) -> dict[str, str]:
        """Viewing condition of each member's labels; empty where it is not known."""
        return conditions_of(self.data.facts)

    @property
    def control(self) -> bool:
        """Whether its labels are shuffled, so that it must not be better."""
        return self.data.facts["labels"].get("shuffle_seed") is not None

    def row(self, name: str) -> Row:
        """Return the scores of a member, of equal weights or of the fusion."""
        return next(row for row in self.rows if row.name == name)

    @property
    def gain(self) -> CategoryDifference:
        """Fusion minus the best member on the result."""
        found = self.row(self.best).gain
        if found is None:
            raise ValueError("a member has a gain")
        return found

    @property
    def verdict(self) -> Verdict:
        """Whether the fusion is better than the member that was best on the weighting part."""
        found = verdict_of(self.gain.joint, enough=self.gain.n_subjects >= LEAST_SUBJECTS)
        worse = any(each.worse for each in self.gain.measures.values())
        return "not better" if found == "better" and worse else found

    @property
    def sentence(self) -> str:
        """The answer in one sentence."""
        each = self.gain.measures["accuracy"]
        people = many(self.gain.n_subjects, "person", "people")
        numbers = f"accuracy {each.old:.3f} → {each.new:.3f} ({change(each.difference, *each.interval)})"
        if self.verdict == "too few subjects":
            return f"Too few people to say whether the fusion is better than {self.best}: {numbers}, {people}."
        told = "better" if self.verdict == "better" else "not better"
        return f"The fusion is {told} than {self.best}, its best member, on {people} who chose nothing: {numbers}."

    def turned(self, other: str) -> tuple[tuple[FusedItem, ...], tuple[FusedItem, ...]]:
        """Return the items that the fusion wins and those that it loses against a member, or against equal weights."""
        table = self.data.table
        place = self.members.index(other) if other in self.members else None
        said = self.said.equal if place is None else self.said.members[place]
        found = turned(self.said, table, said)
        return tuple(self.items[n] for n in found.won), tuple(self.items[n] for n in found.lost)

    def as_dict(self) -> dict[str, Any]:
        """Return plain values for JSON; NaN becomes null."""
        facts = self.data.facts
        found: dict[str, Any] = {
            "members": list(self.members),
            "classes": list(self.classes),
            "way": dict(self.way),
            "partition": self.data.partition.name,
            "warning": self.data.partition.warning,
            "in_the_way": [each.sentence for each in self.data.partition.in_the_way],
            "labels": facts["labels"],
            "data_sha256": self.data.sha256,
            "people": facts["people"],
            "search_items": len(self.data.partition.search),
            "result_items": len(self.said.rows),
            "weights": {
                name: dict(zip(self.classes, map(float, each), strict=True))
                for name, each in zip(self.members, self.fusion.weights, strict=True)
            },
            "taken": self.fusion.taken,
            "stopped": self.stopped,
            "scores": {
                row.name: {
                    "search": scores_dict(row.search),
                    "held_out": scores_dict(row.held_out),
                    "gain": None if row.gain is None else gain_dict(row.gain),
                }
                for row in self.rows
            },
            "best_member": self.best,
            "left_out": {
                each.member: {"search": each.search, "held_out": each.held_out, "gain": gain_dict(each.gain)}
                for each in self.left_out
            },
            "diversity": {
                "members": list(self.members),
                "q": self.diversity.q.tolist(),
                "disagreement": self.diversity.disagreement.tolist(),
                "error_correlation": self.diversity.error_correlation.tolist(),
            },
            "views": [each.as_dict() for each in self.views],
            "verdict": self.verdict,
            "sentence": self.sentence,
            "notes": list(facts["notes"]),
        }
        plain: dict[str, Any] = json_values.plain(found)
        return plain


def scores_dict(scores: CategoryScores) -> dict[str, Any]:
    """Return scores for JSON, in the form in which every training of categories stores them; NaN becomes null."""
    found: dict[str, Any] = {"n": scores.n, "n_subjects": scores.n_subjects}
    for name in MEASURES:
        each = scores.measures[name]
        ends = {"value": each.value, "low": each.low, "high": each.high}
        found[name] = {key: json_values.number(value) for key, value in ends.items()}
    return found


def gain_dict(gain: CategoryDifference) -> dict[str, Any]:
    """Return a paired difference for JSON; NaN becomes null."""
    return {
        name: {
            "difference": json_values.number(each.difference),
            "low": json_values.number(each.interval[0]),
            "high": json_values.number(each.interval[1]),
        }
        for name, each in gain.measures.items()
    } | {"n_subjects": gain.n_subjects}


def frozen_folder(project: Project, sha256: str) -> Path:
    """Return the folder of the frozen data of a fusion."""
    return fusions_folder(project) / sha256[:16]


def fusions_folder(project: Project) -> Path:
    """Return the folder of the frozen data of all fusions of a project."""
    return training_folder(project) / "fusions"


def outcome_of(project: Project, record: TrainingRecord) -> FusionOutcome:
    """Return what a finished fusion found.

    Args:
        project: The project of the fusion.
        record: Its record.

    Raises:
        UserError: Its files are gone or incomplete.
    """
    return read_outcome(run_folder(project, record), frozen_folder(project, record.snapshot_sha256))


def read_outcome(run: Path, frozen: Path) -> FusionOutcome:
    """Read a finished fusion from its folders.

    Args:
        run: Folder of the run.
        frozen: Folder of the frozen data.

    Raises:
        UserError: The files are missing, or do not belong together.
    """
    data = load(frozen)
    try:
        result: dict[str, Any] = json.loads((run / RESULT).read_text("utf-8"))
        if result["data_sha256"] != data.sha256:
            raise UserError(f"The fusion in {run} was made from other predictions.", "Fuse again.")
        model = Fusion.of(result["fusion"])
        deals = [Fusion.of(each) for each in result["deals"]]
        with np.load(run / HELD_OUT, allow_pickle=False) as file:
            without, values = np.asarray(file["without"], np.float64), np.asarray(file["without_value"], np.float64)
    except (OSError, KeyError, ValueError, TypeError) as error:
        raise UserError(f"The fusion in {run} is incomplete ({error}).", "Fuse again.") from error
    table, partition = data.table, data.partition
    said = applied(table, partition, deals)
    rows = rows_of(table, partition, model, said)
    scored = table.only(said.rows)
    return FusionOutcome(
        data,
        result["way"],
        model,
        said,
        rows,
        best_member(rows, table.members),
        left_out(table, said, values, without),
        diversity(scored),
        tuple(_item(data, said, n) for n in range(len(said.rows))),
        view_gains(said, table.members, conditions_of(data.facts), scored.label, scored.who, table.classes),
        result["ending"] == "stopped",
    )


def conditions_of(facts: Mapping[str, Any]) -> dict[str, str]:
    """Return the viewing condition of each member's labels, as the facts of frozen data state it."""
    return {str(each["name"]): str(each["condition"]) for each in facts["members"]}


def _item(data: Frozen, said: Said, number: int) -> FusedItem:
    table, row = data.table, int(said.rows[number])
    label = int(table.label[row])
    members = said.members[:, number]
    known = np.isfinite(members).all(axis=1)
    right = known & (np.nan_to_num(members).argmax(axis=1) == label)
    mine = said.fusion[number]
    return FusedItem(
        table.items[row],
        table.subjects[row],
        table.classes[label],
        mine,
        members,
        bool(np.isfinite(mine).all() and mine.argmax() == label),
        tuple(bool(each) for each in right),
    )
