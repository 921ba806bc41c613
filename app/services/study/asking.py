"""Asks for the judgements that help most: proposes them from the model of raters, deals them, and takes them back.

Answers that were asked for are marked by the audit log: each batch is one line `study.ask` with its seed, its aim and
every judgement, whether the model asked for it or chance dealt it. Lists are only ever extended, so that kits and the
window show what was asked for like anything else that was assigned.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, fields
from typing import Final

import db.assignments
import db.audit
import db.items
import db.raters
import db.studies
from app.agreement.bayes.next_best import CONTEXT, GAPS, MODELS, WEIGHED, Aim
from app.domain.asked import ASK, TAKE_BACK, asked_cells
from app.domain.balance import ticket
from app.domain.coverage import targets_of
from app.domain.ratings import RatingTable
from app.domain.sequence import arrange
from app.domain.slots import Assignment, Cell, Slot
from app.domain.study import Study, TaskKind
from app.domain.words import many, study_called
from app.errors import UserError
from app.jobs import Context
from app.services.labels.tables import asked_lines, load_project_ratings
from app.services.study.asked_outlook import Batch, Chosen, Rows, Weights, look_ahead
from app.services.study.owner import closed_cells
from db.project import Project, Source

KIND: Final[TaskKind] = "rating"
Weigh = Callable[[Context, Project, RatingTable, str], Weights]
"""Says how much each item, emotion and condition counts with an aim: `app.services.agreement.asked_models`."""
MOST: Final = 2000
"""Largest batch."""


_WHAT: Final = {
    CONTEXT: "effect of context",
    GAPS: "item on which people and the model part",
    MODELS: "item on which models differ",
}
"""What intervals are of, by aim."""


@dataclass(frozen=True)
class Wish:
    """What is asked for.

    Attributes:
        count: Number of judgements; a judgement is one rater's answer to one item in one condition.
        aim: What is to be known better.
        share: Share of them that chance deals, 0 to 1, for statistics that assume random dealing.
        seed: Of everything random.
        most_each: Largest number for one rater; None for an equal part and a quarter more.
        narrow: The half width of a typical interval, in points, at which it is enough; None for no goal.
        raters: Codes of the raters to ask; empty for all who take part.
    """

    count: int = 20
    aim: Aim = field(default_factory=Aim)
    share: float = 0.2
    seed: int = 0
    most_each: int | None = None
    narrow: float | None = None
    raters: tuple[str, ...] = ()


@dataclass(frozen=True)
class Proposal(Batch):
    """A batch for a study, as it is shown and dealt.

    Attributes:
        study: Name of the study.
        wish: What was asked for.
        earlier: Half widths before earlier batches of the same aim, oldest first.
    """

    study: str
    wish: Wish
    earlier: tuple[float, ...] = ()

    @property
    def known(self) -> tuple[str, ...]:
        """What is known, what these judgements and one more hour buy, and when it is enough, in sentences."""
        what = _WHAT.get(self.wish.aim.what, "item")
        batch = many(len(self.judgements), "judgement")
        lines = [
            f"A typical 90 % interval of an {what} is ±{self.now:.2f} points now, and ±{self.after:.2f} expected after "
            f"these {batch}."
        ]
        if self.earlier:
            lines.append(f"Before earlier batches: {', '.join(f'±{one:.2f}' for one in self.earlier[-5:])}.")
        hour = f"One more hour of one rater ({many(self.ahead, 'judgement')}) is"
        if self.ahead < round(self.an_hour):
            hour = f"All that is left, {many(self.ahead, 'judgement')} in less than an hour of one rater, is"
        lines.append(f"{hour} expected to bring it to ±{self.after_an_hour:.2f}.")
        goal = self.wish.narrow
        if goal is not None and self.enough is None:
            lines.append(f"±{goal:g} points are further away than can be foreseen.")
        elif goal is not None and self.enough:
            lines.append(f"±{goal:g} points are expected after {many(self.enough, 'judgement')}.")
        elif goal is not None:
            lines.append(f"It is enough: ±{goal:g} points are reached.")
        return tuple(lines)


def propose(ctx: Context, project: Project, name: str, wish: Wish, weigh: Weigh | None = None) -> Proposal:
    """Find the judgements that help most, without dealing them.

    Args:
        ctx: Receives the progress, and can cancel.
        project: The open project.
        name: Name of the study.
        wish: What is asked for.
        weigh: Says how much each item counts, for the aims `WEIGHED`, which need it.

    Raises:
        ValueError: The aim needs `weigh`.
        UserError: The wish is none, the study rates no intensities or has no labels yet, or nothing is left to ask.
        Cancelled: The user cancelled.
    """
    if not 1 <= wish.count <= MOST or not 0.0 <= wish.share <= 1.0:
        raise UserError(
            f"A batch has 1 to {MOST} judgements, and a share of chance from 0 to 1.", "Change what is asked for."
        )
    with project.read() as session:
        record = db.studies.get(session, name)
        if not record.study.emotions:
            raise UserError(
                f"No intensities are rated in {study_called(name)}, so nothing tells which judgement helps most.",
                "Deal its items with Assign.", "Deal its items with `affectograph study assign`.",
            )  # fmt: skip
        items = db.studies.items(session, record.id)
        closed = closed_cells(session, record.study, items)
        members = [one for one in db.studies.members(session, record.id) if one.left_at is None]
        slots = [one.slot for one in db.assignments.slots(session, record.id)]
        done = asked_cells(asked_lines(session), record.uid)
        earlier = _earlier(session, record.uid, wish.aim)
    people = [one.rater for one in members if not one.simulated] or [one.rater for one in members]
    lost = sorted(set(wish.raters) - set(people))
    if lost:
        raise UserError(f"{', '.join(lost)} does not take part in {study_called(name)}.", "Name raters of the study.")
    data = load_project_ratings(project, name, with_traces=False)
    out = {one.rater for one in data.exclusions}
    ratings = None if data.intensities is None else data.intensities.without_raters(sorted(out))
    if ratings is None or not len(ratings):
        raise UserError(
            f"There are no intensities in {study_called(name)} yet, so nothing tells which judgement helps most.",
            "Let raters judge a part of the items first, as Assign deals them.",
        )
    raters = [rater for rater in (wish.raters or tuple(sorted(people))) if rater not in out]
    rows = Rows(record.study, targets_of(items), closed, tuple(raters), tuple(slots))
    weights = None
    if wish.aim.what in WEIGHED:
        if weigh is None:
            raise ValueError(f"the aim {wish.aim.what} needs weights")
        weights = weigh(ctx, project, ratings, wish.aim.what)
    batch = look_ahead(
        ctx, ratings, rows, wish.count, wish.aim, wish.share, wish.seed, wish.most_each, wish.narrow, weights
    )
    told = {one.name: getattr(batch, one.name) for one in fields(batch)}
    told["notes"] = _notes(batch, wish, len(done))
    return Proposal(**told, study=name, wish=wish, earlier=earlier)


def _earlier(source: Source, study: str, aim: Aim) -> tuple[float, ...]:
    """Half widths that the log tells of the times before earlier batches."""
    wanted = (study, aim.what, aim.emotion)
    lines = [one.detail for one in reversed(db.audit.recent(source, action=ASK))]
    return tuple(
        float(one["now"]) for one in lines
        if (one.get("study"), one.get("aim"), one.get("emotion")) == wanted and isinstance(one.get("now"), float)
    )  # fmt: skip


def _notes(batch: Batch, wish: Wish, before: int) -> tuple[str, ...]:
    notes = list(batch.notes)
    if len(batch.judgements) < wish.count:
        notes.append(f"The study's rules leave {many(len(batch.judgements), 'judgement')} to ask for.")
    if before:
        notes.append(f"{many(before, 'judgement was', 'judgements were')} asked for in earlier batches.")
    return tuple(notes)


def deal_asked(project: Project, proposal: Proposal, actor: str = "") -> Assignment:
    """Give the proposed judgements to their raters, at the end of their lists, and note them in the audit log.

    Args:
        project: The open project.
        proposal: What `propose` found.
        actor: Code of the person who does it, for the audit log.

    Returns:
        The whole assignment.

    Raises:
        UserError: Somebody has dealt one of the judgements in the meantime. Then nothing is changed.
    """
    with project.write() as session:
        record = db.studies.get(session, proposal.study)
        old = [one.slot for one in db.assignments.slots(session, record.id)]
        taken = {(slot.rater, slot.item, slot.condition) for slot in old if slot.purpose == "main"}
        if any((one.rater, one.item, one.condition) in taken for one in proposal.judgements):
            raise UserError("Some of these judgements were dealt in the meantime.", "Look again what helps most.")
        stimulus = {one.item: one.stimulus for one in targets_of(db.studies.items(session, record.id))}
        new, notes = _listed(record.study, stimulus, old, proposal)
        slots = tuple(sorted((*old, *new), key=lambda slot: (slot.rater, slot.position)))
        made = Assignment(slots, {}, tuple(notes))
        db.assignments.replace(session, record.id, made)
        numbers = {rater.code: rater.id for rater in db.raters.every(session)}
        items = {item.name: item.id for item in db.items.names(session)}
        wish = proposal.wish
        detail = {
            "study": record.uid, "version": record.version, "seed": wish.seed, "share": wish.share,
            "aim": wish.aim.what, "emotion": wish.aim.emotion, "now": proposal.now, "after": proposal.after,
            "judgements": [
                [numbers[one.rater], items[one.item], one.condition, one.how, one.drop] for one in proposal.judgements
            ],
        }  # fmt: skip
        db.audit.add(session, ASK, detail, actor)
    return made


def _listed(
    study: Study, stimulus: dict[str, str], old: Sequence[Slot], proposal: Proposal
) -> tuple[list[Slot], list[str]]:
    """The new places of each rater: bare faces first, and presentations of one stimulus apart."""
    shows = {condition.name: condition.shows_context for condition in study.conditions}
    mine: dict[str, list[Chosen]] = defaultdict(list)
    for one in proposal.judgements:
        mine[one.rater].append(one)
    new, notes = [], []
    for rater, wanted in sorted(mine.items()):
        before = sorted((slot for slot in old if slot.rater == rater), key=lambda slot: slot.position)
        blocks: list[dict[str, list[Cell]]] = []
        for context in (False, True):
            block: dict[str, list[Cell]] = defaultdict(list)
            for one in wanted:
                if shows[one.condition] == context or (study.context_before_face and not context):
                    block[stimulus[one.item]].append((one.item, one.condition, 1, KIND))
            blocks.append(block)
            if study.context_before_face:
                break
        seen = [stimulus.get(slot.item, "") for slot in before if slot.purpose == "main"]
        for distance in range(study.min_distance, -1, -1):
            chance = random.Random(ticket(proposal.wish.seed, "asked", rater, distance))
            order = arrange(blocks, distance, chance, seen)
            if order is not None:
                break
        if distance < study.min_distance:
            notes.append(f"What {rater} is asked for keeps a distance of {distance} only: too few clips are asked for.")
        place = max((slot.position for slot in before), default=0)
        for step, (item, condition, pass_no, kind) in enumerate(order or (), 1):
            new.append(Slot(rater, place + step, item, condition, pass_no, kind))
    return new, notes


def take_back(project: Project, name: str, actor: str = "") -> int:
    """Take back what is left of the last batch: judgements that nobody has started. Answers stay, and stay marked.

    Returns:
        Number of judgements that were taken back.

    Raises:
        UserError: Nothing was asked for, or all of it was started.
    """
    with project.write() as session:
        record = db.studies.get(session, name)
        lines = [one for one in asked_lines(session) if one.study == record.uid]
        stored = db.assignments.slots(session, record.id)
        items = {item.name: item.id for item in db.items.names(session)}
        open_ones = {
            (one.rater_id, items.get(one.slot.item, 0), one.slot.condition): one.slot
            for one in stored if one.slot.state == "planned" and one.slot.purpose == "main"
        }  # fmt: skip
        back: set[Slot] = set()
        taken = {cell for line in lines if line.action == TAKE_BACK for cell in line.cells}
        for line in sorted(lines, key=lambda one: one.id, reverse=True):
            if line.action == ASK:
                back = {open_ones[cell] for cell in line.cells if cell in open_ones and cell not in taken}
            if back:
                break
        if not back:
            raise UserError("Nothing is left to take back.", "Only judgements that nobody has started can be.")
        kept = tuple(one.slot for one in stored if one.slot not in back)
        db.assignments.replace(session, record.id, Assignment(kept, {}, ()))
        gone = [[rater, item, condition] for (rater, item, condition), slot in open_ones.items() if slot in back]
        db.audit.add(session, TAKE_BACK, {"study": record.uid, "judgements": gone}, actor)
    return len(back)


def asked_rows(project: Project, name: str) -> list[tuple[str, str, str, str]]:
    """Return what was asked for as rows: rater, item, condition, and "asked" or "random"."""
    with project.read() as session:
        record = db.studies.get(session, name)
        codes = {rater.id: rater.code for rater in db.raters.every(session)}
        items = {item.id: item.name for item in db.items.names(session)}
        cells = asked_cells(asked_lines(session), record.uid)
    return [(codes.get(r, ""), items.get(i, ""), c, how) for (r, i, c), how in cells.items()]
