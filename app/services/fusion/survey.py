"""Tells before a fusion who would choose its weights, who would be its result, and who stands in the way."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from app.errors import UserError
from app.fusion.partition import InTheWay, Partition, dealt
from app.jobs import Context
from app.services.fusion.affect import AffectFusionRequest
from app.services.fusion.affect_members import collect_affect
from app.services.fusion.collect import collect
from app.services.fusion.members import members_of
from app.services.fusion.runs import FusionRequest
from app.services.retrain.promote import model_card
from db.project import Project


@dataclass(frozen=True)
class Survey:
    """What a fusion would be made of.

    Attributes:
        search_people: Names of the people who choose the weights.
        search_items: Number of their items.
        result_people: Names of the people who are the result.
        result_items: Number of their items.
        in_the_way: People who take no part because of a member.
        refusal: Why it cannot be made; empty if it can.
        todo: What to do about the refusal.
        warning: A sentence to be shown with the result.
        notes: What the user should know.
    """

    search_people: tuple[str, ...] = ()
    search_items: int = 0
    result_people: tuple[str, ...] = ()
    result_items: int = 0
    in_the_way: tuple[InTheWay, ...] = ()
    refusal: str = ""
    todo: str = ""
    warning: str = ""
    notes: tuple[str, ...] = ()


def survey(ctx: Context, project: Project, request: FusionRequest | AffectFusionRequest) -> Survey:
    """Look at what a fusion would be made of. No model is run, so that this is quick.

    Where models must be asked first, because they have no stored predictions or the partition is "as_in_d", it is taken
    that they have a prediction for every item.

    Args:
        ctx: Can cancel.
        project: The open project.
        request: The fusion that is meant.
    """
    if isinstance(request, AffectFusionRequest):
        return _affect(project, request)
    try:
        members = members_of(project, request.members)
        found = collect(
            project,
            members,
            request.labels,
            request.partition,
            ctx,
            read=False,
            shuffle_seed=request.shuffle_seed,
            leave_out=request.leave_out,
        )
        partition = dealt(
            found.table,
            request.partition,
            seed=request.way.seed,
            folds=request.folds,
            weighting=request.weighting,
            leave_out=request.leave_out,
        )
    except UserError as error:
        return Survey(refusal=error.what, todo=error.todo)
    return _of(partition, found.table.subjects, found.notes)


def _affect(project: Project, request: AffectFusionRequest) -> Survey:
    """Look at a fusion of valence and arousal, whose members have all been asked in their trainings."""
    try:
        table, _, _ = collect_affect(
            project,
            [model_card(project, name) for name in request.members],
            request.partition,
            request.shuffle_seed,
        )
        partition = dealt(
            table.rule,
            request.partition,
            seed=request.seed,
            folds=request.folds,
            weighting=request.weighting,
            leave_out=request.leave_out,
        )
    except UserError as error:
        return Survey(refusal=error.what, todo=error.todo)
    return _of(partition, table.subjects, ())


def _of(partition: Partition, subjects: Sequence[str], notes: tuple[str, ...]) -> Survey:
    names = np.array(subjects)
    return Survey(
        tuple(dict.fromkeys(names[partition.search].tolist())),
        len(partition.search),
        tuple(dict.fromkeys(names[partition.result].tolist())),
        len(partition.result),
        partition.in_the_way,
        warning=partition.warning,
        notes=notes,
    )
