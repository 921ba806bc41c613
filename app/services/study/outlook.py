"""Looks ahead at what a draft of a study would become: who judges how much, for how long, and what is in its way."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass

import db.clips
import db.items
import db.runs
import db.studies
from app.domain.assignment import plan_study
from app.domain.coverage import targets_of
from app.domain.judging_time import judging_s
from app.domain.project import ClipRecord, ItemRecord
from app.domain.slots import Assignment
from app.domain.study import Study, check_study
from app.errors import UserError
from app.services.study.draft import Draft
from app.services.study.hurdles import Hurdle, Scene, find_hurdles
from app.services.study.owner import closed_cells
from app.services.study.showable import find_flags
from db.project import Project


@dataclass(frozen=True)
class Share:
    """What one rater would judge.

    Attributes:
        rater: Code of the rater.
        counts: Judgements in each condition, in the study's order, without practice and attention checks.
        seconds: About how long all of it takes.
    """

    rater: str
    counts: tuple[int, ...]
    seconds: float

    @property
    def total(self) -> int:
        """Judgements in all conditions."""
        return sum(self.counts)


@dataclass(frozen=True)
class Outlook:
    """What a draft would become.

    Attributes:
        draft: The draft.
        clips: Number of chosen clips.
        faces: Number of chosen faces.
        shares: What each rater would judge.
        notes: Sentences on what was left out.
        hurdles: What is in the way, and what else is worth a look.
    """

    draft: Draft
    clips: int
    faces: int
    shares: tuple[Share, ...]
    notes: tuple[str, ...]
    hurdles: tuple[Hurdle, ...]

    @property
    def judgements(self) -> int:
        """Judgements of all raters."""
        return sum(share.total for share in self.shares)

    @property
    def ready(self) -> bool:
        """Whether it can be dealt as it is."""
        return self.judgements > 0 and not any(hurdle.stops for hurdle in self.hurdles)


def look_ahead(project: Project, draft: Draft) -> Outlook:
    """Compute what a draft would become, by the rules by which studies are dealt. Nothing is stored."""
    study = draft.study
    every = db.items.every(project)
    items = [item for item in every if item.name in draft.items]
    clips = {clip.id: clip for clip in db.clips.every(project, removed=True)}
    problem = _problem(study)
    flags = find_flags(project, study, items)
    closed = closed_cells(project, study, items)
    made, crowded = None, False
    if problem is None and items and draft.raters:
        try:
            made = plan_study(study, targets_of(items), draft.raters, draft.seed, (), closed)
        except UserError:
            crowded = True  # the one thing that a plan refuses
    scene = Scene(
        draft=draft,
        every=frozenset(item.name for item in every),
        items=tuple(items),
        clips=clips,
        analysed=frozenset(db.runs.newest(project)),
        names=tuple(record.name for record in db.studies.every(project)),
        flags=flags,
        closed=closed,
        problem=problem,
        plan=made,
        crowded=crowded,
    )
    return Outlook(
        draft,
        len({item.clip_id for item in items}),
        sum(item.track_id is not None or bool(item.target) for item in items),
        _shares(study, made, {item.name: shown_s(item, clips[item.clip_id]) for item in items}),
        made.notes if made is not None else (),
        find_hurdles(scene),
    )


def shown_s(item: ItemRecord, clip: ClipRecord) -> float:
    """Return how many seconds an item plays; 0 for a picture."""
    if clip.kind == "image":
        return 0.0
    end_s = clip.duration_s if item.end_s is None else item.end_s
    return max(end_s - (item.start_s or 0.0), 0.0)


def _shares(study: Study, made: Assignment | None, lengths_s: dict[str, float]) -> tuple[Share, ...]:
    if made is None:
        return ()
    counts: Counter[tuple[str, str]] = Counter()
    seconds: dict[str, float] = defaultdict(float)
    for slot in made.slots:
        counts[slot.rater, slot.condition] += slot.purpose == "main"
        seconds[slot.rater] += judging_s(study, slot.kind, lengths_s.get(slot.item, 0.0))
    names = [condition.name for condition in study.conditions]
    raters = sorted({slot.rater for slot in made.slots})
    return tuple(Share(rater, tuple(counts[rater, name] for name in names), seconds[rater]) for rater in raters)


def _problem(study: Study) -> UserError | None:
    try:
        check_study(study)
    except UserError as error:
        return error
    return None
