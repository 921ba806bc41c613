"""What is in the way of a new study, in the words of the form, each with what mends it.

Whether something is in the way is decided where studies are checked, shown and dealt. Here it is only put in words, and
the choices that would mend it are made.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from math import floor
from typing import Any, Final, Literal

from app.domain.assignment import fitting_distance, plan_study
from app.domain.coverage import Closed, targets_of
from app.domain.project import ClipRecord, ItemRecord
from app.domain.slots import Assignment
from app.domain.study import FACE_ONLY, FULL_CONTEXT, Study, text_in
from app.domain.study_defaults import default_condition, emotion_terms
from app.domain.words import many
from app.errors import UserError
from app.services.study.draft import Draft, propose_codes, propose_name, with_raters
from app.services.study.showable import Unshown

Page = Literal["clips", "asked", "raters", "deal"]
Act = Literal["add", "analyse", "subjects", "one_subject"]
FEW: Final = 3
"""Number of raters that is proposed where nobody takes part yet."""


@dataclass(frozen=True)
class Mend:
    """A press that mends a hurdle.

    Attributes:
        words: Text of the button.
        draft: The choices after it; None where the project is changed instead.
        act: What is done to the project: add clips, analyse some, give each a subject of its own, or all the same one.
        clips: Numbers of the clips that `act` concerns.
    """

    words: str
    draft: Draft | None = None
    act: Act | None = None
    clips: tuple[int, ...] = ()


@dataclass(frozen=True)
class Hurdle:
    """Something in the way.

    Attributes:
        page: The page on which it belongs.
        words: What is in the way.
        mends: Presses that mend it, the likeliest first.
        stops: Whether the study cannot be dealt before it is mended.
        why: One sentence on why it matters; empty where that goes without saying.
    """

    page: Page
    words: str
    mends: tuple[Mend, ...]
    stops: bool = True
    why: str = ""


@dataclass(frozen=True)
class Scene:
    """Everything that hurdles are found from.

    Attributes:
        draft: The choices.
        every: Names of all items.
        items: The chosen items.
        clips: The clips of the project by their number.
        analysed: Numbers of the clips in which faces were looked for.
        names: Names of the studies that there are.
        flags: Cells that cannot be shown.
        closed: Cells that are not given out.
        problem: The contradiction in the study; None without one.
        plan: The assignment; None where there is none.
        crowded: Whether there are too few clips for the distance that is asked for.
    """

    draft: Draft
    every: frozenset[str]
    items: tuple[ItemRecord, ...]
    clips: Mapping[int, ClipRecord]
    analysed: Collection[int]
    names: tuple[str, ...]
    flags: tuple[Unshown, ...]
    closed: frozenset[Closed]
    problem: UserError | None
    plan: Assignment | None
    crowded: bool

    def changed(self, **values: Any) -> Draft:
        """Return the draft with other values of its study."""
        return replace(self.draft, study=replace(self.draft.study, **values))

    def without(self, names: Collection[str]) -> Draft:
        """Return the draft without some items."""
        return replace(self.draft, items=self.draft.items - set(names))


def find_hurdles(scene: Scene) -> tuple[Hurdle, ...]:
    """Return what is in the way of a draft, in the order of the pages."""
    finders: tuple[Callable[[Scene], Iterator[Hurdle]], ...] = (
        _of_choice, _of_faces, _of_subjects, _of_name, _of_questions, _of_raters, _of_dealing, _of_practice,
    )  # fmt: skip
    return tuple(hurdle for finder in finders for hurdle in finder(scene))


def _of_choice(scene: Scene) -> Iterator[Hurdle]:
    if not scene.every:
        yield Hurdle("clips", "The project has no clips yet.", (Mend("Add clips…", act="add"),))
    elif not scene.items:
        everything = replace(scene.draft, items=scene.every)
        yield Hurdle("clips", "No clip is chosen.", (Mend("Choose all", everything),))
    gone = _items_of(scene, "file")
    if gone:
        yield Hurdle(
            "clips", f"The files of {_clips(gone)} are missing, so raters would not see them.",
            (Mend("Leave them out", scene.without({item.name for item in gone})),),
        )  # fmt: skip


def _of_faces(scene: Scene) -> Iterator[Hurdle]:
    faceless = _items_of(scene, "no_face")
    fresh = [item for item in faceless if item.clip_id not in scene.analysed]
    empty = [item for item in faceless if item.clip_id in scene.analysed]
    study = scene.draft.study
    seen_whole = tuple(c for c in study.conditions if c.view == FULL_CONTEXT) or (default_condition(FULL_CONTEXT),)
    whole = Mend("Show full context only", scene.changed(conditions=seen_whole))
    incomplete = Mend(
        "Assign it where it can be shown" if len(faceless) == 1 else "Assign them where they can be shown",
        scene.changed(deal_incomplete=True),
    )
    stops = not study.deal_incomplete
    if fresh:
        wanted = tuple(sorted({item.clip_id for item in fresh}))
        yield Hurdle(
            "clips", f"Nobody has looked for faces in {_clips(fresh)} yet.",
            (Mend("Analyse faces now", act="analyse", clips=wanted), whole), stops,
            "Without them no face can be shown alone.",
        )  # fmt: skip
    if empty:
        it = _it(empty)
        out = Mend(_leave_out(empty), scene.without({item.name for item in empty}))
        yield Hurdle(
            "clips", f"No face was found in {_clips(empty)}, so {it} cannot be shown as “Face only”.",
            (out, *((incomplete,) if stops else ())), stops,
        )  # fmt: skip
    lost = [flag for flag in scene.flags if flag.obstacle.kind == "face_lost"]
    if lost:
        names = {flag.item for flag in lost}
        least = max(floor(100 * min(flag.obstacle.seen for flag in lost)), 1)
        lower = Mend(f"Lower the limit to {least} %", scene.changed(visible_share=least / 100))
        out = Mend(_leave_out(_named(scene, names)), scene.without(names))
        yield Hurdle(
            "clips",
            f"The face is visible in less than {100 * study.visible_share:.0f} % of {_clips(_named(scene, names))}.",
            (lower, out, *((incomplete,) if stops else ())), stops,
        )  # fmt: skip


def _of_subjects(scene: Scene) -> Iterator[Hurdle]:
    clips = {item.clip_id for item in scene.items}
    unknown = tuple(sorted(number for number in clips if not scene.clips[number].subject))
    if unknown:
        which = "this clip" if len(unknown) == 1 else f"{many(len(unknown), 'clip')}"
        yield Hurdle(
            "clips",
            f"Nobody has said who is seen in {which}.",
            (
                Mend("Set one subject a clip", act="subjects", clips=unknown),
                Mend("The same person in all", act="one_subject", clips=unknown),
            ),
            stops=False,
            why="Intervals and training keep the clips of one person together.",
        )


def _of_name(scene: Scene) -> Iterator[Hurdle]:
    name = scene.draft.study.name
    if name in scene.names:
        free = propose_name((*scene.names, name))
        words = f"The name {name} is taken by another study."
        yield Hurdle("asked", words, (Mend(f"Use {free}", scene.changed(name=free)),))


def _of_questions(scene: Scene) -> Iterator[Hurdle]:
    """Return what the check of a study found; only the most frequent findings have a button of their own."""
    study = scene.draft.study
    if scene.problem is None:
        return
    rate = Mend("Ask for the strength of each emotion", scene.changed(emotions=study.categories or emotion_terms()))
    if not study.kinds:
        yield Hurdle("asked", "Nothing is asked.", (rate,))
    elif not study.conditions:
        both = (default_condition(FACE_ONLY), default_condition(FULL_CONTEXT))
        words = "No viewing condition is chosen."
        yield Hurdle("asked", words, (Mend("Show the face alone, then full context", scene.changed(conditions=both)),))
    elif study.attention_every and not study.attention:
        none = Mend("Ask no attention checks", scene.changed(attention_every=0))
        words = "An attention check asks for the strength of an emotion, which this study does not."
        yield Hurdle("deal", words, (none, rate))
    else:
        free = propose_name(scene.names)
        mends = (Mend(f"Use {free}", scene.changed(name=free)),) if "name must" in scene.problem.what else ()
        yield Hurdle("asked", str(scene.problem), mends)


def _of_raters(scene: Scene) -> Iterator[Hurdle]:
    draft = scene.draft
    if not draft.raters:
        codes = propose_codes(draft.raters, FEW)
        add = Mend(f"Add {codes[0]} to {codes[-1]}", with_raters(draft, codes))
        yield Hurdle("raters", "Nobody judges yet.", (add,))
    elif scene.plan is not None and scene.plan.missing:
        lacking, wanted = max(scene.plan.missing.values()), draft.study.raters_per_cell
        fewer = _most_raters(scene)
        more = propose_codes(draft.raters, lacking)
        yield Hurdle(
            "raters",
            f"{many(wanted, 'rater')} for each clip and condition are not possible: "
            f"only {many(len(draft.raters), 'person judges', 'people judge')}, and {lacking} more would be needed.",
            (
                *((Mend(f"Use {fewer} and continue", scene.changed(raters_per_cell=fewer)),) if fewer else ()),
                Mend(f"Add {many(lacking, 'rater')}", replace(draft, raters=(*draft.raters, *more))),
            ),
            stops=False,
        )  # fmt: skip


def _of_dealing(scene: Scene) -> Iterator[Hurdle]:
    draft = scene.draft
    if scene.crowded:
        apart = fitting_distance(draft.study, targets_of(scene.items), draft.raters, draft.seed, scene.closed)
        yield Hurdle(
            "deal",
            f"With so few clips, there cannot be {many(draft.study.min_distance, 'other clip')} between repeats.",
            (Mend(f"Use {apart} and continue", scene.changed(min_distance=apart)),),
        )
    elif scene.plan is not None and not any(slot.purpose == "main" for slot in scene.plan.slots):
        practised = bool(draft.study.practice)
        mends = (Mend("Practise on no clip", scene.changed(practice=())),) if practised else ()
        yield Hurdle("deal", "Nothing is left to judge.", mends)


def _of_practice(scene: Scene) -> Iterator[Hurdle]:
    study = scene.draft.study
    closed = [clip for clip in study.practice if (clip.item, clip.condition) in scene.closed]
    for clip in closed:
        shown = next((c for c in study.conditions if (clip.item, c.name) not in scene.closed), None)
        other = next((i.name for i in scene.items if (i.name, clip.condition) not in scene.closed), None)
        mends = []
        if shown is not None:
            mends.append(_practice(scene, clip.item, shown.name, f"Practise as “{_label(study, shown.name)}”"))
        if other is not None:
            mends.append(_practice(scene, other, clip.condition, f"Practise on {other}"))
        mends.append(Mend("Practise on no clip", scene.changed(practice=())))
        words = (
            f"The practice clip {clip.item} cannot be shown as “{_label(study, clip.condition)}” and would be left out."
        )
        yield Hurdle("deal", words, tuple(mends), stops=False)


def _practice(scene: Scene, item: str, condition: str, words: str) -> Mend:
    parts = tuple(replace(clip, item=item, condition=condition) for clip in scene.draft.study.practice[:1])
    return Mend(words, scene.changed(practice=parts))


def _most_raters(scene: Scene) -> int:
    """Return the largest number of raters for each clip and condition that everybody together can be; 0 for none."""
    draft = scene.draft
    for wanted in range(min(draft.study.raters_per_cell - 1, len(draft.raters)), 0, -1):
        study = replace(draft.study, raters_per_cell=wanted)
        if not plan_study(study, targets_of(scene.items), draft.raters, draft.seed, (), scene.closed).missing:
            return wanted
    return 0


def _items_of(scene: Scene, kind: str) -> list[ItemRecord]:
    return _named(scene, {flag.item for flag in scene.flags if flag.obstacle.kind == kind})


def _named(scene: Scene, names: Collection[str]) -> list[ItemRecord]:
    return [item for item in scene.items if item.name in names]


def _clips(items: Collection[ItemRecord]) -> str:
    return many(len({item.clip_id for item in items}), "clip")


def _it(items: Collection[ItemRecord]) -> str:
    return "it" if len({item.clip_id for item in items}) == 1 else "they"


def _leave_out(items: Collection[ItemRecord]) -> str:
    return "Leave it out" if len(items) == 1 else "Leave them out"


def _label(study: Study, name: str) -> str:
    condition = next((c for c in study.conditions if c.name == name), None)
    return name if condition is None else text_in(condition.labels, "en", name)
