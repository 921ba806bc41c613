"""Answers that a project could not take any more, as they are kept beside it: one document, readable by people.

Everything is named over all machines (uid), so that an entry finds its place in the project it was given for, in a
backup of it and in the project that a kit was made of, and is recognised where it was stored already.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from typing import Any, Final, Literal, cast, get_args

import numpy as np

from app.domain import json_values
from app.domain.answers import Answer, Intensity, PresentationLog, PresentationStart
from app.domain.changes import Edit, RowChange
from app.domain.project import TraceStatus
from app.domain.stored_values import ARRAYS, MAX_MOMENT_S, text
from app.domain.study import Purpose, TaskKind
from app.domain.traces import Dimensions, TraceSamples
from app.domain.words import many
from app.errors import UserError

FORMAT: Final = "affectograph-rescue"
VERSION: Final = 1
MAX_SAMPLES: Final = 10_000_000
"""Samples of the longest trace that is believed: more than a day at 100 a second."""
ABOUT: Final = (
    "What raters gave after this project was moved, deleted or replaced while it was open. It is in no project yet. "
    "Store it with `affectograph project rescue`, or under File → Rescued answers."
)
Kind = Literal["answer", "correction", "declined", "trace", "edit"]


@dataclass(frozen=True)
class Named:
    """A thing of the project: its name over all machines, and its name for people."""

    uid: str
    name: str


@dataclass(frozen=True)
class Shown:
    """The presentation that an entry belongs to.

    Attributes:
        uid: Its name over all machines.
        started_at: Seconds since the epoch, UTC.
        ended_at: The same; None where it was under way.
        view: What the condition showed, and `audio` whether its sound was on.
        geometry: How a face-only crop was made.
        judgeable: Whether what was shown was enough to judge it.
        log: What was really shown.
    """

    uid: str
    started_at: float
    ended_at: float | None
    study_version: int
    view: str
    audio: bool
    media_sha256: str
    track_sha256: str
    geometry: Mapping[str, Any]
    judgeable: bool
    log: PresentationLog


@dataclass(frozen=True)
class Rescued:
    """One answer or trace.

    Attributes:
        uid: That of the answer or trace once it is stored.
        what: A "correction" is a new revision of the answer `corrects`; "declined" is a task that the rater said cannot
            be judged; an "edit" is what a reviewer or owner did to answers and traces of others.
        confirmed: Whether the rater had pressed the key that saves; else it was still being given.
        at: When it was kept, seconds since the epoch, UTC.
        item: What was judged; None for a question that is text alone.
        study: None for a trace outside studies.
        check: Name of the attention check, else empty.
        shown: None where nothing was shown yet, and outside studies.
        edit: What a reviewer or owner did; `rater` is then that person.
    """

    uid: str
    what: Kind
    confirmed: bool
    at: float
    rater: Named
    item: Named | None
    study: Named | None
    study_version: int
    condition: str
    pass_no: int
    purpose: Purpose
    check: str
    kind: TaskKind
    blinded: bool = True
    corrects: str = ""
    shown: Shown | None = None
    answer: Answer | None = None
    dimensions: Dimensions = "both"
    samples: TraceSamples | None = field(default=None, compare=False)
    edit: Edit | None = None

    @property
    def place(self) -> str:
        """A description of the judgement that tells nothing of its content."""
        parts = (self.item.name if self.item is not None else self.check, self.condition)
        pass_no = f"pass {self.pass_no}" if self.pass_no > 1 else ""
        return ", ".join(part for part in (self.rater.name, *parts, pass_no) if part)

    @property
    def words(self) -> str:
        """A description of the entry, with how complete it is."""
        names = {"answer": "answer", "correction": "correction", "declined": "“cannot judge”", "trace": "trace"}
        name = self.edit.title if self.edit is not None else names[self.what]
        if self.samples is not None:
            name += f" of {many(len(self.samples), 'sample')}"
        return name if self.confirmed else f"{name}, not confirmed by the rater"


def start_of(entry: Rescued, key: Any, slot_id: int | None) -> PresentationStart | None:
    """Return the entry's presentation as it is begun in a project; None where there was none."""
    shown = entry.shown
    if shown is None:
        return None
    return PresentationStart(
        key=key, kind=entry.kind, slot_id=slot_id, study_version=shown.study_version, view=shown.view,
        audio=shown.audio, media_sha256=shown.media_sha256, track_sha256=shown.track_sha256,
        geometry=dict(shown.geometry), uid=shown.uid,
    )  # fmt: skip


def to_dict(entry: Rescued) -> dict[str, Any]:
    """Return an entry as plain values for JSON."""
    out: dict[str, Any] = {}
    for one in fields(entry):
        value = getattr(entry, one.name)
        if isinstance(value, Named | Shown | Answer):
            value = _plain(value)
        elif isinstance(value, Edit):
            value = value.to_json()
        elif isinstance(value, TraceSamples):
            value = {
                "device": value.device,
                "times_s": value.times_s.tolist(),
                "valence": [json_values.number(v) for v in value.values[:, 0].tolist()],
                "arousal": [json_values.number(v) for v in value.values[:, 1].tolist()],
                "monotonic_s": [json_values.number(v) for v in value.monotonic_s.tolist()],
            }
        if value is not None:
            out[one.name] = value
    return out


def _plain(value: Any) -> Any:
    if is_dataclass(value):
        return {one.name: _plain(getattr(value, one.name)) for one in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): _plain(inner) for key, inner in value.items()}
    return json_values.plain(value)


def to_line(entry: Rescued) -> str:
    """Return what `to_dict` returns as JSON on one line. A rater waits for it with each answer, so it is quick."""
    if entry.samples is None and entry.edit is None:
        try:
            return _QUICK.encode({name: value for name, value in vars(entry).items() if value is not None})
        except ValueError:  # a number that JSON does not have
            pass
    return json.dumps(to_dict(entry), ensure_ascii=False)


def _table(value: object) -> dict[str, Any]:
    if is_dataclass(value):
        return vars(value)
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(f"{type(value).__name__} has no place in JSON")


_QUICK: Final = json.JSONEncoder(ensure_ascii=False, allow_nan=False, check_circular=False, default=_table)


def from_dict(content: Any) -> Rescued:
    """Read an entry.

    Raises:
        ValueError: Says what is not as it must be.
    """
    if not isinstance(content, dict):
        raise ValueError("an entry is not a table")
    get = _Values(content)
    shown = content.get("shown")
    answer = content.get("answer")
    samples = content.get("samples")
    made = Rescued(
        uid=get.text("uid"),
        what=cast(Kind, get.word("what", get_args(Kind))),
        confirmed=get.flag("confirmed"),
        at=get.number("at", 0.0, MAX_MOMENT_S),
        rater=_named(get.table("rater")),
        item=_named(get.table("item")) if "item" in content else None,
        study=_named(get.table("study")) if "study" in content else None,
        study_version=get.whole("study_version", 0),
        condition=get.text("condition"),
        pass_no=get.whole("pass_no", 1),
        purpose=cast(Purpose, get.word("purpose", get_args(Purpose))),
        check=get.text("check"),
        kind=cast(TaskKind, get.word("kind", get_args(TaskKind))),
        blinded=get.flag("blinded"),
        corrects=get.text("corrects"),
        shown=None if shown is None else _shown(get.table("shown")),
        answer=None if answer is None else _answer(get.table("answer")),
        dimensions=cast(Dimensions, get.word("dimensions", get_args(Dimensions))),
        samples=None if samples is None else _samples(get.table("samples")),
        edit=None if content.get("edit") is None else _edit(get.table("edit"), get.table("rater").text("name")),
    )
    if (made.what == "edit") != (made.edit is not None):
        raise ValueError("what a reviewer did says what, and nothing else does")
    if (made.what == "trace") != (made.samples is not None):
        raise ValueError("a trace has samples, and nothing else has")
    if (made.what in ("answer", "correction")) != (made.answer is not None):
        raise ValueError("an answer says something, and nothing else does")
    return made


def _named(get: _Values) -> Named:
    return Named(get.text("uid"), get.text("name"))


def _shown(get: _Values) -> Shown:
    log = get.table("log")
    return Shown(
        uid=get.text("uid"), started_at=get.number("started_at", 0.0, MAX_MOMENT_S),
        ended_at=get.number_or_none("ended_at"), study_version=get.whole("study_version", 1), view=get.text("view"),
        audio=get.flag("audio"), media_sha256=get.text("media_sha256"), track_sha256=get.text("track_sha256"),
        geometry=get.table("geometry").content, judgeable=get.flag("judgeable"),
        log=PresentationLog(
            frames_shown=log.whole("frames_shown", 0), frames_dropped=log.whole("frames_dropped", 0),
            plays=log.whole("plays", 0), window_width=log.whole("window_width", 0),
            window_height=log.whole("window_height", 0), audio_played=log.flag("audio_played"),
            first_frame_s=log.number_or_none("first_frame_s"), last_frame_s=log.number_or_none("last_frame_s"),
            seen_whole=log.flag("seen_whole") if log.content.get("seen_whole") is not None else None,
            detail=log.table("detail").content,
        ),
    )  # fmt: skip


def _answer(get: _Values) -> Answer:
    given = get.table("intensities")
    intensities = {}
    for name in given.content:
        one = given.table(name)
        score = one.whole("score", -1000) if one.content.get("score") is not None else None
        intensities[name] = Intensity(score, one.text("missing_reason"), one.number_or_none("response_s"))
    return Answer(
        intensities=intensities, category=get.text("category"), category_missing=get.text("category_missing"),
        confidence=get.whole("confidence", 1) if get.content.get("confidence") is not None else None,
        comment=get.text("comment"), response_s=get.number_or_none("response_s"),
    )  # fmt: skip


def _edit(get: _Values, actor: str) -> Edit:
    changes = get.content.get("changes")
    if not isinstance(changes, list) or not changes or not all(isinstance(one, dict) for one in changes):
        raise ValueError("changes are a list of tables")
    undoes = get.flag("undoes") if "undoes" in get.content else False
    reason = get.text("reason") if "reason" in get.content else ""
    return Edit(get.text("title"), tuple(_change(_Values(one)) for one in changes), reason, actor, undoes)


def _change(get: _Values) -> RowChange:
    kind = cast(Literal["answer", "trace"], get.word("kind", ("answer", "trace")))
    for values in (get.table("before"), get.table("after")):
        columns = {one.name for one in fields(Answer)} if kind == "answer" else {"status", "note"}
        if values.content.keys() != columns:
            raise ValueError(f"a change of an {kind} names {', '.join(sorted(columns))}")
        if kind == "answer":
            _answer(values)
        else:
            values.word("status", get_args(TraceStatus))
            values.text("note")
    return RowChange(kind, get.text("key"), get.table("before").content, get.table("after").content)


def _samples(get: _Values) -> TraceSamples:
    columns = [get.content.get(name) for name in ("times_s", "valence", "arousal", "monotonic_s")]
    if not all(isinstance(column, list) and len(column) <= MAX_SAMPLES for column in columns):
        raise ValueError("samples are four lists")
    try:
        times, valence, arousal, clock = (np.array(column, np.float64) for column in columns)
        values = np.stack([valence, arousal], 1).astype(np.float32)
        if not len(times) == len(values) == len(clock):
            raise ValueError
    except (TypeError, ValueError) as error:
        raise ValueError("samples are four lists of numbers, equally long") from error
    made = TraceSamples(times, values, clock, get.text("device"))
    for name, rule in ARRAYS["trace_chunk"].items():
        wrong = rule.wrong(getattr(made, name))
        if wrong is not None:
            raise ValueError(f"samples: {name} {wrong}")
    return made


class _Values:
    """A table of a document, whose values must be of the kinds asked for."""

    def __init__(self, content: dict[str, Any]) -> None:
        self.content = content

    def table(self, key: str) -> _Values:
        value = self.content.get(key)
        if not isinstance(value, dict):
            raise ValueError(f"{key} is not a table")
        return _Values(value)

    def text(self, key: str) -> str:
        value = self.content.get(key)
        wrong = text(value)
        if wrong is not None:
            raise ValueError(f"{key} {wrong}")
        return cast(str, value)

    def word(self, key: str, words: tuple[str, ...]) -> str:
        value = self.text(key)
        if value not in words:
            raise ValueError(f"{key} is none of {', '.join(words)}")
        return value

    def flag(self, key: str) -> bool:
        value = self.content.get(key)
        if not isinstance(value, bool):
            raise ValueError(f"{key} is neither true nor false")
        return value

    def number(self, key: str, low: float, high: float) -> float:
        value = self.content.get(key)
        if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
            raise ValueError(f"{key} is not a number from {low:g} to {high:g}")
        return float(value)

    def number_or_none(self, key: str) -> float | None:
        return None if self.content.get(key) is None else self.number(key, -MAX_MOMENT_S, MAX_MOMENT_S)

    def whole(self, key: str, low: int) -> int:
        value = self.content.get(key)
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value < 1 << 40:
            raise ValueError(f"{key} is not a whole number from {low}")
        return value


def broken(name: str, why: str) -> UserError:
    """Return what to tell of a rescue file that cannot be read."""
    return UserError(f"The rescue file {name} cannot be read: {why}.", "It is left as it is; look into it by hand.")
