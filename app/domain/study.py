"""The definition of a study: emotions, scale, categories, conditions and the design under which items are judged.

A study is frozen: a change makes a new version (`Study.next_version`), and every answer names the version it was given
under. Its parts are in `app.domain.study_parts`; the readable file of a study is written by
`app.interchange.study_file`.
"""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any, Final, Literal

from app.domain.study_parts import (
    CONTEXT_ONLY,
    FACE_ONLY,
    FULL_CONTEXT,
    VIEWS,
    AttentionCheck,
    Condition,
    Part,
    PracticeClip,
    Scale,
    TaskKind,
    Term,
    Texts,
    TraceSpec,
    text_in,
)
from app.domain.words import study_called
from app.errors import UserError

__all__ = [
    "CODES",
    "CONTEXT_ONLY",
    "DESIGNS",
    "FACE_ONLY",
    "FACE_SHAPES",
    "FULL_CONTEXT",
    "LIMITS",
    "MAX_LISTED",
    "MISSING_REASONS",
    "SCREENS",
    "SETUP_CHECKS",
    "VIEWS",
    "AttentionCheck",
    "Codes",
    "Condition",
    "Design",
    "FaceShape",
    "Part",
    "PracticeClip",
    "Purpose",
    "Scale",
    "SetupCheck",
    "Study",
    "TaskKind",
    "Term",
    "Texts",
    "TraceSpec",
    "check_study",
    "study_from_dict",
    "study_to_dict",
    "text_in",
]

Design = Literal["within", "between", "rotated"]
DESIGNS: Final[tuple[Design, ...]] = ("within", "between", "rotated")
Purpose = Literal["main", "practice", "attention"]
SetupCheck = Literal["off", "offered", "required"]
SETUP_CHECKS: Final[tuple[SetupCheck, ...]] = ("off", "offered", "required")
FaceShape = Literal["outline", "mesh"]
FACE_SHAPES: Final[tuple[FaceShape, ...]] = ("outline", "mesh")
"""Where a face that is shown alone ends: at a tilted oval, or at the edge of the face mesh, which follows the jaw."""
Codes = Literal["auto", "listed", "hidden"]
CODES: Final[tuple[Codes, ...]] = ("auto", "listed", "hidden")
"""Whether sound and screen are checked before the first clip of a sitting (`app.domain.sitting`)."""
MISSING_REASONS: Final = ("cannot_tell", "face_not_visible", "technical_problem", "skipped")
"""Reasons for which a rater may give no judgement; the comment may add free text."""
SCREENS: Final = ("welcome", "practice", "rating", "trace", "attention", "break", "done")
"""Screens that have an instruction text; `condition.NAME` is shown when condition NAME begins."""

LIMITS: Final[dict[str, tuple[int, int]]] = {
    "version": (1, 1_000_000), "raters_per_cell": (1, 100_000), "passes": (1, 1000), "min_distance": (0, 100_000),
    "attention_every": (0, 100_000), "confidence_levels": (0, 1000), "replays": (-1, 100_000), "batch_size": (1, 1000),
    "break_every": (0, 100_000),
}  # fmt: skip
"""Smallest and largest value of a study's whole numbers: more than any study needs, and small enough to deal out."""
MAX_LISTED: Final = 1000
_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.\-]{0,63}")
_STUDY_NAME = re.compile(r"(?=.{1,64}$)[A-Za-z0-9_][A-Za-z0-9_.\-]*( [A-Za-z0-9_.\-]+)*")
"""The name of a study may have single spaces within, such as `Study 1`."""


@dataclass(frozen=True)
class Study:
    """A study in one version; see the fields' meaning in docs/annotation.md.

    Attributes:
        name: Unique in a project.
        version: Number from 1; a stored version never changes.
        title: Title in each language.
        emotions: Emotions that are rated one by one on `scale`; empty where intensities are not asked.
        scale: Scale of every emotion.
        categories: Categories of which a rater chooses one; empty where no category is asked.
        trace: How traces are taken; None where none are.
        conditions: How items are shown.
        design: "within": a rater judges each of their clips in every condition. "between": a rater sees one condition
            only. "rotated": a rater sees every condition, but each clip in one of them.
        raters_per_cell: How many raters judge each item in each condition (k).
        passes: How often a rater judges the same item in the same condition (test–retest).
        min_distance: Smallest number of presentations of other clips between two of the same clip.
        face_shape: Where a face that is shown alone ends: at an oval ("outline"), or at the edge of its mesh ("mesh").
        visible_share: A condition that follows a face shows an item only where the face is there for at least this
            share of its time, 0 to 1.
        deal_incomplete: Whether an item that cannot be shown in one condition is still given out in the others.  False
            keeps conditions comparable: both are judged on the same items.
        context_before_face: Whether a rater who saw a clip's context may judge its bare face later. False is the
            sound choice: what was seen cannot be unseen.
        condition_blocks: One condition after the other instead of mixed.
        codes: Whether raters choose their code from a list at sign-in ("listed") or write it, so that nobody reads who
            else takes part ("hidden"). "auto" hides them once the project has an owner or reviewer.
        pin_required: Whether a rater without a PIN of their own cannot sign in.
        setup_check: "offered": sound and screen are checked before the first clip of a sitting, and a rater may go on
            without. "required": nothing is shown before the check is passed. "off": nothing is checked.
        practice: Practice clips, in this order.
        attention: Attention checks.
        attention_every: About how many items lie between two checks; 0 for no checks.
        confidence_levels: Points of the confidence question; 0 leaves it out.
        comments: Whether a comment may be given.
        replays: How often a rater may play an item again; -1 without limit.
        batch_size: Number of items on the screen at once in the rating flow.
        break_every: Number of items after which a pause is offered; 0 for never.
        instructions: Screen (see `SCREENS`, or `condition.NAME`) → text by language.
        language: Language that raters read unless they choose another.
    """

    name: str
    version: int = 1
    title: Texts = field(default_factory=dict)
    emotions: tuple[Term, ...] = ()
    scale: Scale = field(default_factory=Scale)
    categories: tuple[Term, ...] = ()
    trace: TraceSpec | None = None
    conditions: tuple[Condition, ...] = ()
    design: Design = "within"
    raters_per_cell: int = 5
    passes: int = 1
    min_distance: int = 2
    face_shape: FaceShape = "outline"
    visible_share: float = 0.8
    deal_incomplete: bool = False
    context_before_face: bool = False
    condition_blocks: bool = False
    setup_check: SetupCheck = "off"
    codes: Codes = "auto"
    pin_required: bool = False
    practice: tuple[PracticeClip, ...] = ()
    attention: tuple[AttentionCheck, ...] = ()
    attention_every: int = 0
    confidence_levels: int = 5
    comments: bool = True
    replays: int = -1
    batch_size: int = 1
    break_every: int = 50
    instructions: Mapping[str, Texts] = field(default_factory=dict)
    language: str = "en"

    @property
    def asks_ratings(self) -> bool:
        """Whether the rating screen is needed: intensities or a category are asked."""
        return bool(self.emotions or self.categories)

    @property
    def kinds(self) -> tuple[TaskKind, ...]:
        """The tasks that one item in one condition and pass takes."""
        rating: tuple[TaskKind, ...] = ("rating",) if self.asks_ratings else ()
        return rating + (self.trace.kinds if self.trace else ())

    @property
    def emotion_names(self) -> tuple[str, ...]:
        """Names in the order of the sliders."""
        return tuple(term.name for term in self.emotions)

    @property
    def category_names(self) -> tuple[str, ...]:
        """Names in the order of the buttons."""
        return tuple(term.name for term in self.categories)

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages into which all terms are translated, English first; at least the study's own."""
        terms = [set(term.labels) for term in (*self.emotions, *self.categories)]
        shared = set.intersection(*terms) if terms else set()
        return tuple(sorted(shared | {self.language}, key=lambda code: (code != "en", code)))

    def condition(self, name: str) -> Condition:
        """Return the condition of that name.

        Raises:
            UserError: There is none.
        """
        for condition in self.conditions:
            if condition.name == name:
                return condition
        raise UserError(
            f"There is no condition {name!r} in {study_called(self.name)}.",
            f"Use one of {', '.join(c.name for c in self.conditions)}.",
        )

    def instruction(self, screen: str, language: str | None = None) -> str:
        """Return the text shown on a screen; empty where none was written."""
        return text_in(self.instructions.get(screen, {}), language or self.language)

    def next_version(self, **changes: Any) -> Study:
        """Return a changed copy under the next version number, checked."""
        changed = replace(self, version=self.version + 1, **changes)
        check_study(changed)
        return changed

    def fingerprint(self) -> str:
        """SHA-256 of everything but the version. Equal fingerprints mean the same study."""
        content = study_to_dict(self)
        del content["version"]
        text = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()


_SINCE_0_2: Final = ("face_shape", "visible_share", "deal_incomplete", "setup_check", "codes", "pin_required")
_SINCE_0_2_OF_PARTS: Final = ("right", "wrong", "band")
"""Fields that are left out while they have their default, so that studies of older versions keep their fingerprint."""


def study_to_dict(study: Study) -> dict[str, Any]:
    """Turn a study into plain dictionaries, lists, texts and numbers for storage and files, without absent parts."""
    content = asdict(study)
    if content["trace"] is None:
        del content["trace"]
    usual = {f.name: f.default for f in fields(Study)}
    for name in _SINCE_0_2:
        if content[name] == usual[name]:
            del content[name]
    for part in (*content["practice"], *content["attention"]):
        for name in _SINCE_0_2_OF_PARTS:
            if not part[name]:
                del part[name]
    for check in content["attention"]:
        if check["kind"] == "rating":
            del check["kind"]
    plain: dict[str, Any] = json.loads(json.dumps(content))
    return plain


def study_from_dict(content: Mapping[str, Any]) -> Study:
    """Rebuild a study from `study_to_dict`, checked.

    Raises:
        UserError: A part is missing, unknown or contradicts another.
    """
    known = {f.name for f in fields(Study)}
    unknown = sorted(set(content) - known)
    if unknown:
        raise UserError(f"The study has unknown entries: {', '.join(unknown)}.", "Correct or remove them.")
    parts: dict[str, Any] = dict(content)
    try:
        for name, kind in (("emotions", Term), ("categories", Term), ("conditions", Condition)):
            parts[name] = tuple(kind(**part) for part in parts.get(name, ()))
        for name, expecting in (("practice", PracticeClip), ("attention", AttentionCheck)):
            parts[name] = tuple(expecting(**_ranges(part)) for part in parts.get(name, ()))
        parts["scale"] = Scale(**parts["scale"]) if "scale" in parts else Scale()
        parts["trace"] = TraceSpec(**parts["trace"]) if parts.get("trace") is not None else None
        study = Study(**parts)
        check_study(study)
    except (TypeError, ValueError, AttributeError, KeyError) as error:
        raise UserError(
            f"The study cannot be read: {error}.", "Compare it with the example in the user guide on studies."
        ) from error
    return study


def _ranges(part: Mapping[str, Any]) -> dict[str, Any]:
    """Read expected intensities as (lowest, highest), also where a file gives one number."""
    changed = dict(part)
    changed["expected"] = {
        emotion: (span, span) if isinstance(span, int) else (int(span[0]), int(span[1]))
        for emotion, span in dict(part.get("expected", {})).items()
    }
    changed["band"] = {
        name: (float(span), float(span)) if isinstance(span, int | float) else (float(span[0]), float(span[1]))
        for name, span in dict(part.get("band", {})).items()
    }
    return changed


def check_study(study: Study) -> None:
    """Refuse a study that contradicts itself.

    Raises:
        UserError: The first thing that is wrong, and how to mend it.
    """
    for problem in _problems(study):
        called = study_called(study.name) if study.name else "study without a name"
        raise UserError(f"{called[0].upper()}{called[1:]}: {problem[0]}.", problem[1])


def _other_name(name: str) -> str:
    """Return what to do about an unusable name: the nearest one that can be used, which files and tables can hold."""
    bare = unicodedata.normalize("NFKD", name.replace("ß", "ss"))
    near = " ".join(re.sub(r"[^A-Za-z0-9_.\- ]", "", bare).split()).lstrip(".-")[:64].strip()
    return f"Choose another name, such as {near}." if _STUDY_NAME.fullmatch(near) else "Choose another name."


def _problems(study: Study) -> Iterable[tuple[str, str]]:
    if not _STUDY_NAME.fullmatch(study.name):
        yield (
            "the name must begin with a letter or digit and hold letters from A to Z without accents, digits, single "
            "spaces, '_', '-' or '.', at most 64",
            _other_name(study.name),
        )
    names = (
        ("emotions", study.emotion_names),
        ("categories", study.category_names),
        ("conditions", tuple(c.name for c in study.conditions)),
        ("attention checks", tuple(c.name for c in study.attention)),
    )
    for what, listed in names:
        bad = [name for name in listed if not _NAME.fullmatch(name)]
        if bad:
            yield (
                f"{what} have unusable names: {', '.join(map(repr, bad))}",
                "Use letters from A to Z without accents, digits, '_', '-' and '.'.",
            )
        if len(set(listed)) != len(listed):
            yield f"{what} repeat a name", "Give each a name of its own."
    yield from _number_problems(study)
    if not study.kinds:
        yield "nothing is asked", "Add emotions, categories or a trace."
    if not study.conditions:
        yield "there is no condition", "Add at least one, such as full_context."
    for condition in study.conditions:
        if condition.view not in VIEWS:
            yield f"condition {condition.name} has an unknown view {condition.view!r}", f"Use {', '.join(VIEWS)}."
    yield from _word_problems(study)
    yield from _expectation_problems(study)


def _word_problems(study: Study) -> Iterable[tuple[str, str]]:
    for name, allowed in (
        ("design", DESIGNS),
        ("face_shape", FACE_SHAPES),
        ("setup_check", SETUP_CHECKS),
        ("codes", CODES),
    ):
        if (said := getattr(study, name)) not in allowed:
            yield f"unknown {name} {said!r}", f"Use {', '.join(allowed)}."
    if getattr(study, "pin_required") not in (True, False):  # noqa: B009 — a file may hold anything
        yield f"pin_required is {study.pin_required!r}", "Give true or false."


def _number_problems(study: Study) -> Iterable[tuple[str, str]]:
    for name, (low, high) in LIMITS.items():
        value = getattr(study, name)
        if not isinstance(value, int) or isinstance(value, bool) or value < low:
            yield f"{name} is {value!r}", f"Give a whole number of at least {low}."
        elif value > high:
            yield f"{name} is {value}", f"Give a whole number of at most {high}."
    for what in ("emotions", "categories", "conditions", "practice", "attention"):
        if len(getattr(study, what)) > MAX_LISTED:
            yield f"{len(getattr(study, what))} {what} are listed", f"List at most {MAX_LISTED}."
    share = study.visible_share
    if not isinstance(share, int | float) or isinstance(share, bool) or not 0 < share <= 1:
        yield f"visible_share is {share!r}", "Give a share above 0 and up to 1, such as 0.8."
    if not study.scale.low < study.scale.high <= study.scale.low + 100:
        yield "the scale must rise, by at most 100 points", "Give for instance low = 0 and high = 5."
    elif max(abs(study.scale.low), abs(study.scale.high)) > 1000:
        yield "the scale lies beyond ±1000", "Give for instance low = 0 and high = 5."
    if study.attention_every and not study.attention:
        yield "attention checks are due but none is written", "Add one or set attention_every = 0."


def _expectation_problems(study: Study) -> Iterable[tuple[str, str]]:
    conditions = {c.name for c in study.conditions}
    parts: list[tuple[str, Part, bool]] = []
    parts += [(f"practice clip {clip.item}", clip, True) for clip in study.practice]
    parts += [(f"attention check {check.name}", check, bool(check.item)) for check in study.attention]
    for what, part, needs_clip in parts:
        if needs_clip and part.condition not in conditions:
            yield f"{what} names the unknown condition {part.condition!r}", f"Use {', '.join(sorted(conditions))}."
        for emotion, (low, high) in part.expected.items():
            if emotion not in study.emotion_names:
                yield f"{what} expects the unknown emotion {emotion!r}", "Use one of the study's emotions."
            if not (low in study.scale and high in study.scale and low <= high):
                yield f"{what} expects {low}–{high} of {emotion}", "Give points of the scale, lowest first."
        if part.category and part.category not in study.category_names:
            yield f"{what} expects the unknown category {part.category!r}", "Use one of the study's categories."
        yield from _band_problems(what, part)
    yield from _task_problems(study)


def _task_problems(study: Study) -> Iterable[tuple[str, str]]:
    for practice in study.practice:
        if practice.kind not in study.kinds:
            yield f"practice clip {practice.item} practises {practice.kind!r}, which is not asked", "Remove it."
    for check in study.attention:
        if check.kind != "rating" and check.kind not in study.kinds:
            yield f"attention check {check.name} asks for {check.kind!r}, which the study does not", "Remove it."
        if check.kind != "rating" and not check.item:
            yield f"attention check {check.name} traces nothing", "Name the clip that is traced."
        if not (check.expected or check.category or check.band):
            yield f"attention check {check.name} cannot fail", "Say what it expects."


def _band_problems(what: str, part: Part) -> Iterable[tuple[str, str]]:
    """Return what contradicts the task that a part asks for: ratings and categories of a trace, bands of a rating."""
    if part.kind == "rating":
        if part.band:
            yield f"{what} expects a band of a rating", "A band is of a trace: expect points of the scale."
        return
    if part.expected or part.category:
        yield f"{what} expects ratings of a trace", "Expect a band of valence or arousal."
    traced = ("valence", "arousal") if part.kind == "trace" else (part.kind.removeprefix("trace_"),)
    for name, (low, high) in part.band.items():
        if name not in traced:
            yield f"{what} expects a band of {name!r}, which is not traced", f"Use {' or '.join(traced)}."
        elif not -1 <= low <= high <= 1:
            yield f"{what} expects {low:g} to {high:g} of {name}", "Give numbers from -1 to 1, lowest first."
