"""What a fusion of valence and arousal found: everything that its record keeps, and its answer in a sentence."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.agreement.pooled import LEAST_SUBJECTS, PooledCcc
from app.domain import json_values
from app.domain.words import change, figure, many
from app.fusion.affect import AFFECT_WAYS, AffectFusion, AffectTable, AffectWay
from app.fusion.affect_gains import (
    AffectLeftOut,
    ErrorPair,
    ItemErrors,
    JointGain,
    affect_without_each,
    error_pairs,
    item_errors,
    joint_gain,
    weights_of,
)
from app.fusion.affect_scores import AffectRow, applied_affect, rows_of
from app.fusion.partition import WARNING_AS_IN_D, Partition, PartitionName, sentences
from app.services.fusion.outcome import CONTROL
from app.services.retrain.comparison import Verdict, verdict_of

SHOWN: tuple[str, ...] = ("left_out", "pairs", "items")


@dataclass(frozen=True, eq=False)
class AffectOutcome:
    """A finished fusion of valence and arousal.

    Attributes:
        way: How it was fused.
        partition: Name of the partition.
        in_the_way: Sentences about people who took no part.
        fusion: The chosen weights.
        rows: Members, equal weights and the fusion in both dimensions, on both parts.
        joint: The fusion against its best members over both dimensions; None in records that do not hold it.
        left_out: The fusion without each member; empty with two members.
        pairs: How alike members err on the result.
        items: Errors on each clip of the result.
        condition: Viewing condition of the labels.
        search_people: How many people chose the weights.
        control: Whether its labels are shuffled, so that it must not be better.
    """

    way: AffectWay
    partition: PartitionName
    in_the_way: tuple[str, ...]
    fusion: AffectFusion
    rows: tuple[AffectRow, ...]
    joint: JointGain | None
    left_out: tuple[AffectLeftOut, ...]
    pairs: tuple[ErrorPair, ...]
    items: tuple[ItemErrors, ...]
    condition: str
    search_people: int
    control: bool = False

    @property
    def warnings(self) -> tuple[str, ...]:
        """Sentences that are shown wherever the result is."""
        control = (CONTROL,) if self.control else ()
        return (*control, WARNING_AS_IN_D) if self.partition == "as_in_d" else control

    @property
    def members(self) -> tuple[str, ...]:
        """Names of the members."""
        return self.fusion.members

    @property
    def weights(self) -> NDArray[np.float64]:
        """Share of each member in the weights, float64 M×2."""
        return weights_of(self.fusion)

    @property
    def verdict(self) -> Verdict:
        """Whether the fusion is better than the members that were best on the people who chose."""
        found = self.joint
        if found is None:
            return "too few subjects"
        return verdict_of(found.interval, enough=found.n_subjects >= LEAST_SUBJECTS)

    @property
    def sentence(self) -> str:
        """The answer in one sentence."""
        found = self.joint
        if found is None:
            return f"A fusion of {', '.join(self.members)}."
        best = found.best[0]
        if found.best[1] != best:
            best = f"{best} for valence and {found.best[1]} for arousal"
        people = many(found.n_subjects, "person", "people")
        numbers = (
            f"mean concordance {figure(found.old, 3)} → {figure(found.new, 3)} ({change(found.gain, *found.interval)})"
        )
        if self.verdict == "too few subjects":
            return f"Too few people to say whether the fusion is better than {best}: {numbers}, {people}."
        members = "its best member" if found.best[1] == found.best[0] else "its best members"
        return f"The fusion is {self.verdict} than {best}, {members}, on {people} who chose nothing: {numbers}."

    def as_dict(self) -> dict[str, Any]:
        """Return plain values for JSON, which `of` reads; NaN becomes null."""
        found: dict[str, Any] = {
            "way": self.way,
            "words": AFFECT_WAYS[self.way],
            "partition": self.partition,
            "in_the_way": list(self.in_the_way),
            "fusion": self.fusion.as_dict(),
            "scores": [
                {
                    "name": row.name,
                    "dimension": row.dimension,
                    "search": row.search,
                    "held_out": row.held_out.ccc,
                    "interval": list(row.held_out.interval),
                    "gain": row.gain,
                    "gain_interval": list(row.interval),
                    "n_subjects": row.held_out.n_subjects,
                }
                for row in self.rows
            ],
            "joint": None if self.joint is None else asdict(self.joint),
            **{name: [asdict(each) for each in getattr(self, name)] for name in SHOWN},
            "condition": self.condition,
            "search_people": self.search_people,
            "control": self.control,
            "verdict": self.verdict,
            "sentence": self.sentence,
        }
        plain: dict[str, Any] = json_values.plain(found)
        return plain

    @classmethod
    def of(cls, facts: Mapping[str, Any]) -> "AffectOutcome":
        """Return the outcome that `as_dict` wrote; what an older record does not hold is empty."""
        rows = []
        for each in _filled(facts["scores"]):
            held_out = PooledCcc(each["held_out"], each["interval"], int(each["n_subjects"]))
            rows.append(
                AffectRow(
                    each["name"], each["dimension"], each["search"], held_out, each["gain"], each["gain_interval"]
                )
            )  # fmt: skip
        kinds: Sequence[Any] = (AffectLeftOut, ErrorPair, ItemErrors)
        more = {
            name: tuple(kind(**each) for each in _filled(facts.get(name, ())))
            for name, kind in zip(SHOWN, kinds, strict=True)
        }
        return cls(
            way=facts["way"],
            partition=facts["partition"],
            in_the_way=tuple(facts["in_the_way"]),
            fusion=AffectFusion.of(_filled(facts["fusion"])),
            rows=tuple(rows),
            joint=JointGain(**_filled(facts["joint"])) if facts.get("joint") else None,
            condition=str(facts.get("condition", "")),
            search_people=int(facts.get("search_people", 0)),
            control=bool(facts.get("control", False)),
            **more,
        )


def affect_outcome(
    table: AffectTable,
    partition: Partition,
    fusion: AffectFusion,
    way: AffectWay,
    weights: Sequence[float],
    seed: int,
    condition: str,
    control: bool = False,
) -> AffectOutcome:
    """Score a fusion on both parts, without each member, and clip by clip.

    Args:
        table: The predictions of the members.
        partition: Who chose and who is the result.
        fusion: The chosen weights.
        way: How they were chosen.
        weights: For "fixed" one weight for each member.
        seed: Seed of everything random.
        condition: Viewing condition of the labels.
        control: Whether the labels are shuffled.
    """
    rows = rows_of(table, partition, fusion, way, weights, seed)
    fused = applied_affect(table, partition, fusion, way, weights, seed)
    return AffectOutcome(
        way,
        partition.name,
        tuple(sentences(partition.in_the_way)),
        fusion,
        rows,
        joint_gain(table, partition, rows, fused),
        affect_without_each(table, partition, way, weights, seed, fused),
        error_pairs(table, partition),
        item_errors(table, partition, fused),
        condition,
        len({table.subjects[int(item)] for item in partition.search}),
        control,
    )


def _filled(value: Any) -> Any:
    """Put NaN where JSON has null, and tuples where it has lists."""
    if value is None:
        return float("nan")
    if isinstance(value, list | tuple):
        return tuple(_filled(each) for each in value)
    if isinstance(value, dict):
        return {key: _filled(each) for key, each in value.items()}
    return value
