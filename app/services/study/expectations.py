"""Expectations of practice clips and attention checks: lists and changes them, and says what becomes of old verdicts.

A verdict is stored with the answer and names the version of the study that it was given under.  A change of what is
expected makes the next version; it never changes a stored verdict.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, TypeVar

import db.answers
import db.items
import db.studies
import db.trace_verdicts
from app.domain.bands import span_words
from app.domain.project import ItemRecord
from app.domain.study import AttentionCheck, Part, PracticeClip, Study, text_in
from app.domain.study_records import StudyRecord
from app.domain.words import many, study_called
from app.errors import UserError
from app.services.study.owner import save_study
from db.project import Source, reading, writing

P = TypeVar("P", PracticeClip, AttentionCheck)

PartKey = tuple[str, str, str]
"""What tells the parts of a study apart: item, condition and task of a practice clip; name of an attention check."""

KIND_WORDS: Final[Mapping[str, str]] = {
    "rating": "rating",
    "trace": "trace",
    "trace_valence": "trace, valence",
    "trace_arousal": "trace, arousal",
}
"""Tasks as people call them."""


@dataclass(frozen=True)
class Verdicts:
    """The number of answers to a practice clip or attention check so far, over all versions of the study.

    Attributes:
        passed: Answers that were as expected.
        failed: Answers that were not.
        unjudged: Answers for which nothing was expected.
    """

    passed: int = 0
    failed: int = 0
    unjudged: int = 0

    @property
    def answers(self) -> int:
        """The number of all answers."""
        return self.passed + self.failed + self.unjudged


def part_key(part: Part) -> PartKey:
    """Return what tells a part from the others of its study."""
    return (part.item, part.condition, part.kind) if isinstance(part, PracticeClip) else ("", "", part.name)


def find_verdicts(source: Source, name: str) -> dict[PartKey, Verdicts]:
    """Count the verdicts on each practice clip and attention check of a study, over current answers of people.

    Raises:
        UserError: The study does not exist.
    """
    counts: dict[PartKey, Counter[bool | None]] = {}
    with reading(source) as session:
        record = db.studies.get(session, name)
        names = {item.id: item.name for item in db.items.names(session)}
        for purpose in ("practice", "attention"):
            for one in db.answers.every(session, record.id, purpose=purpose):
                if not one.current or one.simulated:
                    continue
                key = ("", "", one.key.check)
                if purpose == "practice":
                    key = (names.get(one.key.item_id or 0, ""), one.key.condition, "rating")
                counts.setdefault(key, Counter())[one.circumstances.passed] += 1
        for traced in db.trace_verdicts.every(session, record.id):
            key = ("", "", traced.check)
            if traced.purpose == "practice":
                key = (names.get(traced.item_id, ""), traced.condition, traced.kind)
            counts.setdefault(key, Counter())[traced.passed] += 1
    return {key: Verdicts(found[True], found[False], found[None]) for key, found in counts.items()}


def what_stays(verdicts: Verdicts | None, next_version: int) -> str:
    """Say what a change of an expectation does to earlier answers; empty if there are none.

    Args:
        verdicts: The verdicts on the part that is changed.
        next_version: The number that the changed study gets.
    """
    if verdicts is None or not verdicts.answers:
        return ""
    told = []
    if verdicts.passed or verdicts.failed:
        told.append(f"{verdicts.passed} as expected, {verdicts.failed} not")
    if verdicts.unjudged:
        told.append(f"{verdicts.unjudged} without a verdict, because nothing was expected")
    return (
        f"Answered {many(verdicts.answers, 'time')} already: {'; '.join(told)}. These verdicts stay as they are. "
        f"What you change here counts for answers given from version {next_version} on."
    )


def in_words(part: Part, study: Study) -> str:
    """Say what a part expects, such as `Happy 3–5, Sad 0; category Happy`; empty if nothing is expected.

    For a trace this is the mean, such as `mean valence 0.2 to 1`.

    Args:
        part: The practice clip or attention check.
        study: The study, whose labels are used in its own language.
    """
    labels = {term.name: term.label(study.language) for term in (*study.emotions, *study.categories)}
    ranges = [
        f"{labels.get(emotion, emotion)} {low}" + (f"–{high}" if high != low else "")
        for emotion, (low, high) in part.expected.items()
    ]
    category = [f"category {labels.get(part.category, part.category)}"] if part.category else []
    bands = [f"mean {name} {span_words(low, high)}" for name, (low, high) in part.band.items()]
    told = [*ranges, *bands]
    return "; ".join([", ".join(told)] * bool(told) + category)


def item_words(item: ItemRecord, begins_s: float = 0.0) -> str:
    """Say which moments and which face an item means, such as `clip a.mp4 · 2–5 s · face 2`."""
    # People's time: from the clip's first frame, as the player shows it.
    start = None if item.start_s is None else item.start_s - begins_s
    end = None if item.end_s is None else item.end_s - begins_s
    span = "whole clip"
    if start is not None or end is not None:
        span = f"from {start or 0:g} s" if end is None else f"{start or 0:g}–{end:g} s"
    face = "no face chosen" if not item.target else "face marked by hand"
    if item.track_no is not None:
        face = f"face {item.track_no}"
    return f"clip {item.clip} · {span} · {face}"


def put_part(source: Source, name: str, part: Part, actor: str = "") -> StudyRecord:
    """Add a practice clip or an attention check to a study, or replace the one of the same key.

    Returns:
        The study's newest version.

    Raises:
        UserError: The study does not exist, or `app.services.study.owner.save_study` refuses it. Then nothing is
            stored.
    """
    with writing(source) as session:
        study = db.studies.get(session, name).study
        if isinstance(part, PracticeClip):
            changed = replace(study, practice=_with(study.practice, part))
        else:
            changed = replace(study, attention=_with(study.attention, part))
        return save_study(session, changed, actor)


def remove_part(source: Source, name: str, key: PartKey, actor: str = "") -> StudyRecord:
    """Take a practice clip or an attention check out of a study; answers to it stay.

    Raises:
        UserError: The study or the part does not exist, or attention checks are due and this is the last one.
    """
    with writing(source) as session:
        study = db.studies.get(session, name).study
        practice = tuple(one for one in study.practice if part_key(one) != key)
        attention = tuple(one for one in study.attention if part_key(one) != key)
        if len(practice) + len(attention) == len(study.practice) + len(study.attention):
            wanted = " as ".join(word for word in key[:2] if word) or key[2]
            raise UserError(
                f"There is no practice clip or attention check {wanted} in {study_called(name)}.",
                "The tab Practice and checks lists them.",
                f"`affectograph study expect P {name}` lists them.",
            )
        return save_study(session, replace(study, practice=practice, attention=attention), actor)


def find_part(study: Study, key: PartKey) -> Part | None:
    """Return the practice clip or attention check with a key; None where there is none."""
    parts: tuple[Part, ...] = (*study.practice, *study.attention)
    return next((part for part in parts if part_key(part) == key), None)


def as_json(part: Part, study: Study, verdicts: Verdicts | None) -> dict[str, object]:
    """Describe a part as plain values, for `study expect --json`."""
    found = verdicts or Verdicts()
    practice = isinstance(part, PracticeClip)
    return {
        "purpose": "practice" if practice else "attention",
        "name": "" if isinstance(part, PracticeClip) else part.name,
        "item": part.item,
        "condition": part.condition,
        "kind": part.kind,
        "expected": {emotion: list(span) for emotion, span in part.expected.items()},
        "band": {name: list(span) for name, span in part.band.items()},
        "category": part.category,
        "prompt": "" if isinstance(part, PracticeClip) else text_in(part.prompt, study.language),
        "feedback": text_in(part.feedback, study.language) if isinstance(part, PracticeClip) else "",
        "right": text_in(part.right, study.language),
        "wrong": text_in(part.wrong, study.language),
        "answers": {"as_expected": found.passed, "not": found.failed, "without_verdict": found.unjudged},
    }


def _with(parts: Sequence[P], part: P) -> tuple[P, ...]:
    """Return the parts with one replaced in its place, or added at the end."""
    key = part_key(part)
    made = [part if part_key(one) == key else one for one in parts]
    if part not in made:
        made.append(part)
    return tuple(made)
