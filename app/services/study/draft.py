"""The draft of a new study: what it can be made of, what is proposed, and how it is stored and dealt at once."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from typing import Final

import db.clips
import db.items
import db.raters
import db.runs
import db.studies
from app.domain.project import ClipRecord, ItemRecord, Role
from app.domain.study import PracticeClip, Study, Term
from app.domain.study_defaults import default_study, with_checks
from app.errors import UserError
from app.services.study.item_faces import items_for_study
from app.services.study.owner import add_to_study, assign, save_study
from db.project import Project

FIRST_SEED: Final = 1
"""Seed of the first assignment, until the owner chooses another."""
USUAL_RATERS: Final = Study("usual").raters_per_cell
_CODE: Final = "R{:02d}"
_JUDGE: Final[tuple[Role, ...]] = ("rater",)


@dataclass(frozen=True)
class Draft:
    """The choices for a new study, of which nothing is stored yet.

    Attributes:
        study: What is asked, how clips are shown, and how they are dealt.
        items: Names of the items that are judged.
        raters: Codes of the people who judge.
        seed: Seed of everything random.
    """

    study: Study
    items: frozenset[str]
    raters: tuple[str, ...] = ()
    seed: int = FIRST_SEED


@dataclass(frozen=True)
class Choice:
    """An item that can be judged.

    Attributes:
        item: The item.
        clip: Its clip.
        analysed: Whether faces were looked for in its clip.
    """

    item: ItemRecord
    clip: ClipRecord
    analysed: bool

    @property
    def has_face(self) -> bool:
        """Whether it is known which face is judged."""
        return self.item.track_id is not None or bool(self.item.target)


@dataclass(frozen=True)
class Material:
    """What a study can be made of.

    Attributes:
        choices: The items of the project, in its order.
        raters: Codes of the people who could judge.
        names: Names of the studies that there are.
    """

    choices: tuple[Choice, ...]
    raters: tuple[str, ...]
    names: tuple[str, ...]


def material(project: Project) -> Material:
    """Return what a study can be made of. Faces that were tracked become items, as when a study is stored."""
    with project.write() as session:
        items = items_for_study(session)
        analysed = set(db.runs.newest(session))
        raters = tuple(
            one.code for one in db.raters.every(session, active_only=True, roles=_JUDGE) if not one.simulated
        )
        names = tuple(record.name for record in db.studies.every(session))
    clips = {clip.id: clip for clip in db.clips.every(project)}
    choices = (Choice(item, clips[item.clip_id], item.clip_id in analysed) for item in items if item.clip_id in clips)
    return Material(tuple(choices), raters, names)


def first_draft(found: Material) -> Draft:
    """Return the draft to begin with: the default study of everything in the project."""
    study = replace(default_study(propose_name(found.names)), raters_per_cell=_everybody(()))
    return Draft(study, frozenset(choice.item.name for choice in found.choices))


def with_raters(draft: Draft, codes: tuple[str, ...]) -> Draft:
    """Return a draft with other raters. Everybody judges each clip, up to the usual number, unless that was changed."""
    study = draft.study
    if study.raters_per_cell == _everybody(draft.raters):
        study = replace(study, raters_per_cell=_everybody(codes))
    return replace(draft, study=study, raters=codes)


def consistent(draft: Draft) -> Draft:
    """Return a draft whose practice clip and attention check fit what is asked and shown now."""
    study = draft.study
    names, kinds = [condition.name for condition in study.conditions], study.kinds
    practice = []
    for clip in study.practice if names and kinds else ():
        kind = clip.kind if clip.kind in kinds else kinds[0]
        asked = kind == "rating" and clip.category in study.category_names
        if clip.item in draft.items:
            condition = clip.condition if clip.condition in names else names[-1]
            practice.append(PracticeClip(clip.item, condition, kind, category=clip.category if asked else ""))
    made = replace(study, practice=tuple(practice), attention=())
    return replace(draft, study=with_checks(made))


def _everybody(codes: Collection[str]) -> int:
    return min(max(len(codes), 1), USUAL_RATERS)


def propose_name(taken: Iterable[str]) -> str:
    """Return the first of `Study 1`, `Study 2` … that no study has."""
    used, number = {name.casefold() for name in taken}, 1
    while f"study {number}" in used:
        number += 1
    return f"Study {number}"


def propose_codes(taken: Collection[str], count: int) -> tuple[str, ...]:
    """Return a number of codes for raters, the first of `R01`, `R02` … that nobody has."""
    used, number = {code.casefold() for code in taken}, 1
    codes: list[str] = []
    while len(codes) < count:
        if (code := _CODE.format(number)).casefold() not in used:
            codes.append(code)
        number += 1
    return tuple(codes)


def new_term(word: str, taken: Collection[str]) -> Term:
    """Return the emotion that a word of the owner stands for, under a name that none of the others has."""
    plain = re.sub(r"[^a-z0-9_.-]+", "_", word.strip().lower()).strip("_.-") or "word"
    name, number = plain[:60], 2
    while name in taken:
        name, number = f"{plain[:60]}_{number}", number + 1
    return Term(name, {"en": word.strip()})


def deal(project: Project, draft: Draft) -> str:
    """Store the study of a draft, let its raters join, and assign its items to them.

    All of it is one transaction.

    Returns:
        Name of the study.

    Raises:
        UserError: Another study has this name, or the study cannot be stored or dealt as it is. Then nothing is stored.
    """
    name = draft.study.name
    with project.write() as session:
        refuse_taken(name, (record.name for record in db.studies.every(session)))
        save_study(session, draft.study)
        add_to_study(session, name, sorted(draft.items), draft.raters)
        assign(session, name, draft.seed)
    return name


def refuse_taken(name: str, taken: Iterable[str]) -> None:
    """Raise `UserError` if a name is that of another study."""
    if name in set(taken):
        raise UserError(
            f"The name {name} is taken by another study.",
            "Choose another name.",
            "`study set` changes how it deals, `study export` and `study import` change the rest; "
            "or choose another name.",
        )
