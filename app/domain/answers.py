"""Answers of raters, records of what was shown to them, and the checks of both against the study."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from app.domain.study import Part, PracticeClip, Purpose, Study, TaskKind, text_in
from app.errors import UserError

AnswerSource = Literal["screen", "simulated", "import", "review"]
ANSWER_SOURCES: Final[tuple[AnswerSource, ...]] = ("screen", "simulated", "import", "review")


@dataclass(frozen=True)
class Intensity:
    """One emotion's judgement: a score, or the reason why there is none.

    Attributes:
        score: A point of the study's scale (0 is an answer), None where missing.
        missing_reason: One of `MISSING_REASONS` or free text; empty with a score.
        response_s: Seconds from the presentation's start to the last change of this slider, None unknown.
    """

    score: int | None = None
    missing_reason: str = ""
    response_s: float | None = None


@dataclass(frozen=True)
class Answer:
    """The answer of a rater to one presentation on the rating screen.

    Attributes:
        intensities: Emotion → judgement; an emotion that is not named was not touched.
        category: One of the study's categories, empty where none was chosen.
        category_missing: Why there is no category, empty with one.
        confidence: 1 to the study's `confidence_levels`, None where not given.
        comment: Free text.
        response_s: Seconds from the presentation's start to the answer, None unknown.
    """

    intensities: Mapping[str, Intensity] = field(default_factory=dict)
    category: str = ""
    category_missing: str = ""
    confidence: int | None = None
    comment: str = ""
    response_s: float | None = None

    @classmethod
    def cannot_tell(cls, study: Study, reason: str = "cannot_tell", comment: str = "") -> Answer:
        """Return an answer in which everything is missing for one reason."""
        return cls(
            {name: Intensity(None, reason) for name in study.emotion_names},
            category_missing=reason if study.categories else "",
            comment=comment,
        )


@dataclass(frozen=True)
class AnswerKey:
    """The judgement that an answer belongs to; answers with equal keys are revisions of one another.

    Attributes:
        study_id: `StudyRecord.id`, the same for all versions.
        rater_id: Number of the rater.
        item_id: The item that was judged; None for an attention check that is only text.
        condition: The condition in which it was shown; empty for such a check.
        pass_no: Number of the pass, from 1.
        purpose: Practice and attention checks are kept apart from what is analysed.
        check: Name of the attention check; empty otherwise.
    """

    study_id: int
    rater_id: int
    item_id: int | None
    condition: str
    pass_no: int = 1
    purpose: Purpose = "main"
    check: str = ""


@dataclass(frozen=True)
class Circumstances:
    """Everything an answer depends on besides the rater.

    Attributes:
        study_version: The version of the study it was given under.
        media_sha256: The clip's bytes, empty without a clip.
        track_sha256: Geometry of the face track that was shown or marked, empty without.
        presentation_id: The record of what was shown; None for imported answers.
        blinded: False if predictions or others' labels had been shown.
        source: The origin of the answer.
        passed: Whether a practice clip or attention check was answered as expected, None for what is analysed.
    """

    study_version: int
    media_sha256: str = ""
    track_sha256: str = ""
    presentation_id: int | None = None
    blinded: bool = True
    source: AnswerSource = "screen"
    passed: bool | None = None


@dataclass(frozen=True)
class StoredAnswer:
    """An answer as the project keeps it; a correction is another one with the next revision.

    Attributes:
        id: Number in this project.
        uid: Name that is the same on all machines.
        revision: 1 for the first of its key.
        current: Whether it is the newest of its key.
        answered_at: Seconds since the epoch, UTC, to the microsecond; None unknown.
    """

    id: int
    uid: str
    key: AnswerKey
    answer: Answer
    circumstances: Circumstances
    revision: int
    current: bool
    answered_at: float | None
    simulated: bool


@dataclass(frozen=True)
class PresentationStart:
    """The facts known when a presentation begins.

    Attributes:
        slot_id: The place in the assignment; None outside one.
        view: What the condition shows, and `audio` whether its sound is on.
        geometry: How a face-only crop was made: margin, smoothing, output size … as plain values.
    """

    key: AnswerKey
    kind: TaskKind
    slot_id: int | None
    study_version: int
    view: str = ""
    audio: bool = False
    media_sha256: str = ""
    track_sha256: str = ""
    geometry: Mapping[str, Any] = field(default_factory=dict)
    uid: str | None = None


@dataclass(frozen=True)
class PresentationLog:
    """The record of what was shown, as the player counted it.

    Attributes:
        frames_shown: Different frames painted.
        frames_dropped: Frames whose turn passed without being painted.
        plays: How often playing was started from the beginning; 2 is one replay.
        window_width: Width of the picture on the screen, device pixels.
        window_height: The same.
        audio_played: Whether sound came out.
        first_frame_s: Time on the clip of the first frame shown, None without a clip.
        last_frame_s: The same of the last one.
        seen_whole: Whether the clip was seen to its end once; None if that was not observed.
        detail: Anything else the screen knows (device, scale factor, intervals played …), plain values.
    """

    frames_shown: int = 0
    frames_dropped: int = 0
    plays: int = 0
    window_width: int = 0
    window_height: int = 0
    audio_played: bool = False
    first_frame_s: float | None = None
    last_frame_s: float | None = None
    seen_whole: bool | None = None
    detail: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class StoredPresentation:
    """A presentation as the project keeps it; `outcome` is "open" if the program ended before the presentation did.

    Attributes:
        judgeable: Whether what was shown was enough to judge it; None for those of versions that did not ask.
    """

    id: int
    uid: str
    start: PresentationStart
    log: PresentationLog
    started_at: float
    ended_at: float | None
    outcome: Literal["open", "answered", "interrupted", "redone"]
    trace_id: int | None
    judgeable: bool | None = None


def check_answer(study: Study, answer: Answer, *, complete: bool = True) -> None:
    """Refuse an answer that does not fit the study.

    Args:
        study: The version it is given under.
        answer: As the screen has it.
        complete: Whether every emotion and the category must be judged or have a reason.

    Raises:
        UserError: An emotion is still open, or a value is outside the scale; the sentence names the first.
    """
    names = study.emotion_names
    for name, intensity in answer.intensities.items():
        if name not in names:
            raise UserError(f"{name!r} is not an emotion of this study.", "Use the study's own names.")
        if intensity.score is not None and intensity.score not in study.scale:
            raise UserError(
                f"{intensity.score} is not on the scale.", f"Choose {study.scale.low} to {study.scale.high}."
            )
        if (intensity.score is None) != bool(intensity.missing_reason):
            raise UserError(f"{name} needs either a value or a reason.", "Move its slider, or say “cannot tell”.")
    if answer.category and answer.category not in study.category_names:
        raise UserError(f"{answer.category!r} is not a category of this study.", "Choose one that is offered.")
    if answer.category and answer.category_missing:
        raise UserError("A category and a reason for none contradict each other.", "Keep one of the two.")
    if answer.confidence is not None and not 1 <= answer.confidence <= study.confidence_levels:
        raise UserError(f"A confidence of {answer.confidence} is not offered.", "Choose one that is.")
    if not complete:
        return
    open_ones = [term.label(study.language) for term in study.emotions if term.name not in answer.intensities]
    if open_ones:
        raise UserError(f"Still to be judged: {', '.join(open_ones)}.", "Move each slider, or say “cannot tell”.")
    if study.categories and not (answer.category or answer.category_missing):
        raise UserError("No category has been chosen.", "Choose the one that fits best, or say “cannot tell”.")


def passes(part: Part, answer: Answer) -> bool | None:
    """Return whether an answer is as a practice clip or attention check expects; None if nothing is expected."""
    if not part.expected and not part.category:
        return None
    return not outside(part, answer) and (not part.category or answer.category == part.category)


def outside(part: Part, answer: Answer) -> tuple[str, ...]:
    """Return the emotions that were rated other than a practice clip or attention check expects, for the feedback."""
    wrong = [
        emotion
        for emotion, (low, high) in part.expected.items()
        if (given := answer.intensities.get(emotion)) is None or given.score is None or not low <= given.score <= high
    ]
    return tuple(wrong)


def told_after(part: Part, passed: bool | None, language: str) -> str:
    """Return the study's own words after an answer, a line each; empty where it has none.

    Args:
        part: The practice clip or attention check that was answered.
        passed: Whether the answer is as expected; None where nothing was expected.
        language: Language of the rater.
    """
    always = text_in(part.feedback, language) if isinstance(part, PracticeClip) else ""
    own = "" if passed is None else text_in(part.right if passed else part.wrong, language)
    return "\n".join(line for line in (always, own) if line)


def attention_of(
    stored: Iterable[StoredAnswer], code_of: Mapping[int, str], traced: Iterable[tuple[int, bool]] = ()
) -> dict[str, tuple[int, int]]:
    """Return rater → (passed, asked) attention checks; only current answers count, and only checks that could be shown.

    Args:
        stored: Answers of any purpose.
        code_of: Number of a rater → code.
        traced: (number of a rater, whether it passed) of the checks that were traced.
    """
    verdicts = [
        (one.key.rater_id, bool(one.circumstances.passed))
        for one in stored
        if one.key.purpose == "attention" and one.current and one.circumstances.passed is not None
    ]
    counts: dict[str, tuple[int, int]] = {}
    for rater_id, right in (*verdicts, *traced):
        passed, asked = counts.get(code_of[rater_id], (0, 0))
        counts[code_of[rater_id]] = (passed + right, asked + 1)
    return counts
