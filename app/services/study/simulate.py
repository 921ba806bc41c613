"""Fills a study with simulated raters for demos and tests. They stay marked as simulated."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict

import numpy as np
from numpy.typing import NDArray

import db.answers
import db.assignments
import db.audit
import db.clips
import db.items
import db.raters
import db.studies
import db.traces
from app.domain.answers import Answer, Circumstances, Intensity, passes
from app.domain.project import ItemRecord, TraceStart
from app.domain.slots import TRACED, attention_check
from app.domain.study import FULL_CONTEXT, Condition
from app.domain.study_records import StoredSlot, StudyRecord
from app.domain.traces import COLUMNS, TraceSamples
from app.domain.words import study_called
from app.errors import UserError
from app.jobs import Context
from app.services.study.owner import add_to_study, assign
from app.services.study.showable import find_unshown
from app.synthetic.paths import ornstein_uhlenbeck
from app.synthetic.raters import (
    DEMO_CONDITIONS,
    ConditionEffect,
    SimulatedRater,
    cast,
    named_rng,
    simulate_categories,
    simulate_intensities,
    simulate_trace,
)
from db.project import Project

BATCH = 5000


def simulate_study(
    project: Project,
    name: str,
    raters: int | Sequence[SimulatedRater],
    seed: int,
    *,
    effects: Sequence[ConditionEffect] = DEMO_CONDITIONS,
    truth: Mapping[str, Mapping[str, float]] | None = None,
    paths: Mapping[str, tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]] | None = None,
    shares: Mapping[str, Mapping[str, Mapping[str, float]]] | None = None,
    share: float = 1.0,
    add_items: bool = False,
    ctx: Context | None = None,
) -> int:
    """Let simulated raters join a study and answer what they are assigned.

    They are a separate panel beside the people who take part, whose lists stay as they are. Like people, they judge
    only what can be shown.

    Args:
        project: The open project.
        name: Name of the study.
        raters: The number of raters, or the raters themselves.
        seed: Seed of everything random.
        effects: The effect of each condition on judgements; one that is not named has no effect.
        truth: For each item and emotion the points that everybody would give without error; drawn from the seed if
            missing.
        paths: For each item (times_s, valence, arousal), the truth that traces follow; drawn from the seed if missing.
        shares: For each item, condition and category the share of careful people who would choose it. For a missing
            item or condition, choices follow the intensities.
        share: Share of their list that they answer, from its beginning.
        add_items: Whether to let the study judge all items of the project first; otherwise its items must have been
            added.
        ctx: Receives the progress, and can cancel; stored answers stay.

    Returns:
        The number of presentations that were answered.

    Raises:
        UserError: The study does not exist or judges nothing, its distance cannot be kept, or a code belongs to a real
            rater. Then nothing is changed.
    """
    ctx = ctx or Context()
    profiles = cast(raters, seed) if isinstance(raters, int) else tuple(raters)
    with project.write() as session:
        record = db.studies.get(session, name)
        if add_items:
            add_to_study(session, name)
        joined = [
            db.raters.add(session, one.code, simulation={"seed": seed, **_plain(asdict(one))}) for one in profiles
        ]
        db.studies.add_raters(session, record.id, [rater.id for rater in joined])
        db.audit.add(session, "study.simulate", {"study": name, "raters": [one.code for one in profiles], "seed": seed})
        assign(session, name, only_simulated=True)
    items = {item.id: item for item in db.studies.items(project, record.id)}
    extra = {item.id: item for item in db.items.every(project, removed=True)}
    unshown = find_unshown(project, record.study, list({**extra, **items}.values()))
    hidden = {(one.item, one.condition) for one in unshown}
    crowd = _Crowd(project, record, {**extra, **items}, effects, truth or {}, paths or {}, shares or {}, seed)
    done = 0
    for number, (profile, rater) in enumerate(zip(profiles, joined, strict=True)):
        slots = db.assignments.slots(project, record.id, rater_id=rater.id)
        slots = [one for one in slots[: round(share * len(slots))] if one.slot.state != "answered"]
        slots = [one for one in slots if (one.slot.item, one.slot.condition) not in hidden]
        for begin in range(0, len(slots), BATCH):
            part = slots[begin : begin + BATCH]
            ctx.progress(number + begin / max(len(slots), 1), len(profiles), f"Simulating {profile.code}")
            crowd.answer(profile, rater.id, part)
            done += len(part)
    ctx.progress(len(profiles), len(profiles), "Done")
    return done


def _plain(values: dict[str, object]) -> dict[str, object]:
    return {key: list(value) if isinstance(value, tuple) else value for key, value in values.items()}


class _Crowd:
    """Knows the true values and answers for each profile."""

    def __init__(
        self,
        project: Project,
        record: StudyRecord,
        items: Mapping[int, ItemRecord],
        effects: Sequence[ConditionEffect],
        truth: Mapping[str, Mapping[str, float]],
        paths: Mapping[str, tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]],
        shares: Mapping[str, Mapping[str, Mapping[str, float]]],
        seed: int,
    ) -> None:
        self.project, self.record, self.study, self.seed = project, record, record.study, seed
        self.items = items
        self.truth, self.paths, self.shares = truth, paths, shares
        by_name = {effect.condition: effect for effect in effects}
        self.effects = {c.name: _effect(by_name, c) for c in self.study.conditions}
        self.clips = {clip.id: clip for clip in db.clips.every(project, removed=True)}
        # Answers of one cell come from one draw over all items, so that they do not depend on the order of showing.
        self.order = sorted(items.values(), key=lambda item: item.name)
        self.row = {item.id: i for i, item in enumerate(self.order)}
        self.points = np.array([self._points(item) for item in self.order]).reshape(len(self.order), -1)
        self._drawn: dict[tuple[str, str, int], tuple[NDArray[np.float64], NDArray[np.int32]]] = {}

    def _points(self, item: ItemRecord) -> list[float]:
        """Draw the true intensities: one or two strong emotions, with the others near the lowest point."""
        names, scale = self.study.emotion_names, self.study.scale
        if item.name in self.truth:
            return [float(self.truth[item.name].get(name, scale.low)) for name in names]
        rng = named_rng(self.seed, "truth", item.clip, item.name)
        points = np.full(len(names), float(scale.low)) + rng.exponential(0.25, len(names))
        if names:
            strong = rng.choice(len(names), size=min(len(names), int(rng.integers(1, 3))), replace=False)
            points[strong] = rng.uniform(0.35, 1.0, strong.size) * (scale.high - scale.low) + scale.low
        return [float(value) for value in np.clip(points, scale.low, scale.high)]

    def answer(self, profile: SimulatedRater, rater_id: int, slots: Sequence[StoredSlot]) -> None:
        """Store answers and traces for some places of one rater's list, in one transaction."""
        answers = [self._rating(profile, rater_id, one) for one in slots if one.slot.kind == "rating"]
        # Of practice and checks only a presentation tells that they do not count, and nothing is presented here.
        analysed = (one for one in slots if one.slot.kind != "rating" and one.slot.purpose == "main")
        traces = [self._trace(profile, rater_id, one) for one in analysed]
        with self.project.write() as session:
            db.answers.add_many(session, answers)
            for start, samples in traces:
                db.traces.add(session, start, samples)
            db.assignments.set_answered(session, [one.id for one in slots])

    def _rating(self, profile: SimulatedRater, rater_id: int, stored: StoredSlot) -> db.answers.NewAnswer:
        slot, study = stored.slot, self.study
        rng = named_rng(self.seed, "response", profile.code, slot.item, slot.condition, str(slot.position))
        response_s = float(np.round(rng.lognormal(2.2, 0.4), 3))
        item = self.items.get(stored.item_id) if stored.item_id is not None else None
        passed = None
        if item is None:
            check = attention_check(study, slot)
            if check is None:
                raise UserError(
                    f"There is no attention check {slot.check} in {study_called(study.name)}.",
                    "Assign its raters again.",
                )
            wrong = rng.random() < profile.careless
            given = {name: Intensity(low if wrong else high) for name, (low, high) in check.expected.items()}
            if wrong:
                given = {name: Intensity(study.scale.low) for name in given}
            answer = Answer(given, category=check.category, response_s=response_s)
            passed = passes(check, answer)
        else:
            answer = self._judged(profile, item, slot.condition, slot.pass_no, response_s)
        around = Circumstances(
            study_version=self.record.version,
            media_sha256=item.clip_sha256 if item is not None else "",
            source="simulated",
            passed=passed,
        )
        return db.answers.NewAnswer(stored.key, answer, around, db.answers.moment(), simulated=True)

    def _judged(
        self, profile: SimulatedRater, item: ItemRecord, condition: str, pass_no: int, response_s: float
    ) -> Answer:
        scores, chosen = self._draws(profile, condition, pass_no)
        row = self.row[item.id]
        intensities = {
            name: Intensity(None, "cannot_tell") if np.isnan(score) else Intensity(int(score))
            for name, score in zip(self.study.emotion_names, scores[row], strict=True)
        }
        category, missing = "", ""
        if self.study.categories:
            place = int(chosen[row])
            category = self.study.category_names[place] if place >= 0 else ""
            missing = "" if category else "cannot_tell"
        confidence = 1 + int(row % self.study.confidence_levels) if self.study.confidence_levels else None
        return Answer(intensities, category, missing, confidence, response_s=response_s)

    def _draws(
        self, profile: SimulatedRater, condition: str, pass_no: int
    ) -> tuple[NDArray[np.float64], NDArray[np.int32]]:
        key = (profile.code, condition, pass_no)
        if key not in self._drawn:
            study, effect = self.study, self.effects[condition]
            scores = simulate_intensities(
                self.points,
                profile,
                effect,
                self.seed,
                emotions=study.emotion_names,
                scale=(study.scale.low, study.scale.high),
                pass_no=pass_no,
            )
            chosen = simulate_categories(self._shares(condition), profile, effect, self.seed, pass_no=pass_no)
            self._drawn[key] = (scores, chosen)
        return self._drawn[key]

    def _shares(self, condition: str) -> NDArray[np.float64]:
        """Share of careful raters who would name each category: as given, or a soft maximum over the true points."""
        n = max(len(self.study.categories), 1)
        logits = np.zeros((len(self.order), n))
        for column, name in enumerate(self.study.category_names):
            if name in self.study.emotion_names:
                logits[:, column] = self.points[:, self.study.emotion_names.index(name)]
            else:
                logits[:, column] = [named_rng(self.seed, "share", i.name, name).uniform(0, 5) for i in self.order]
        weights = np.exp(logits - logits.max(axis=1, keepdims=True))
        shares: NDArray[np.float64] = weights / weights.sum(axis=1, keepdims=True)
        for row, item in enumerate(self.order):
            given = self.shares.get(item.name, {}).get(condition)
            if given is not None:
                named = np.array([given.get(name, 0.0) for name in self.study.category_names])
                if named.sum() <= 0:
                    raise UserError(f"{item.name} has no share of a category of the study.", "Name its categories.")
                shares[row] = named / named.sum()
        return shares

    def _trace(self, profile: SimulatedRater, rater_id: int, stored: StoredSlot) -> tuple[TraceStart, TraceSamples]:
        if stored.item_id is None:
            raise UserError("A text cannot be traced.", "Check the study's attention checks.")
        slot, item = stored.slot, self.items[stored.item_id]
        times, valence, arousal = self.paths.get(item.name) or self._path(item)
        source = f"{item.name}/{slot.condition}/{slot.pass_no}/{slot.kind}"
        samples = simulate_trace(times, valence, arousal, profile, self.seed, item=source)
        dimensions = TRACED[slot.kind]
        axes = COLUMNS[dimensions]
        values = np.full_like(samples.values, np.nan)
        values[:, axes] = samples.values[:, axes]
        start = TraceStart(
            item_id=item.id,
            rater_id=rater_id,
            condition=slot.condition,
            blinded=True,
            device="simulated",
            study_id=self.record.id,
            study_version=self.record.version,
            pass_no=slot.pass_no,
            dimensions=dimensions,
        )
        return start, TraceSamples(samples.times_s, values, samples.monotonic_s, "simulated")

    def _path(self, item: ItemRecord) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
        clip = self.clips[item.clip_id]
        begin = item.start_s or 0.0
        end = item.end_s if item.end_s is not None else begin + max(clip.duration_s, 1.0)
        times = np.arange(begin, end, 0.04)
        rng = named_rng(self.seed, "path", item.name)
        level = rng.uniform(-0.6, 0.6, 2)
        wander = [np.clip(level[i] + ornstein_uhlenbeck(times, 0.25, 3.0, rng), -1, 1) for i in (0, 1)]
        return times, wander[0], wander[1]


def _effect(by_name: Mapping[str, ConditionEffect], condition: Condition) -> ConditionEffect:
    """Return the effect of this name, else of its view; a shown context without an entry does nothing."""
    found = by_name.get(condition.name) or by_name.get(condition.view)
    if found is None or condition.view == FULL_CONTEXT:
        found = by_name.get(condition.name) or ConditionEffect(condition.name)
    return ConditionEffect(condition.name, found.noise, found.shift, found.missing)
