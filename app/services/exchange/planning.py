"""Planning an import: what files of other tools mean in a project. It stores nothing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

import db.clips
from app.batch import Failures
from app.collector import paused_collector
from app.domain.foreign_measures import ForeignMeasures
from app.domain.notes import NoteKind
from app.domain.project import ClipRecord
from app.domain.study import FULL_CONTEXT
from app.domain.traces import TraceSamples
from app.domain.words import many
from app.errors import UserError
from app.files import sha256_of
from app.interchange import tidy
from app.interchange.label_sheet import Place
from app.interchange.readers.nova import is_values
from app.interchange.readers.record import ForeignFile, Mark, Measures, Rating, Trace
from app.interchange.readers.registry import read_foreign
from app.jobs import Context
from app.services.exchange.clip_clocks import ClipClocks
from app.services.exchange.mapping import Clips, Mapping, dimension_of, rater_of, scale_of
from app.services.exchange.plan import Kind, Line, Plan, PlannedMeasures, PlannedNote, Standard
from app.services.labels.imported_rows import IMPORTED
from app.services.labels.imported_study import lacking
from app.services.labels.label_files import LabelFile, read_label_file
from db.blobs import MAX_BYTES
from db.project import Project

DEVICE: Final = "imported"
"""Device of a trace that another tool recorded."""
MOST_LETTERS: Final = 200
"""Greatest length of the name of a category of notes."""
_ENDINGS_LEFT_OUT: Final = frozenset(
    {".mp4", ".avi", ".mov", ".mkv", ".wav", ".mp3", ".jpg", ".png", ".md", ".affectograph"}
)


def files_of(paths: Iterable[Path]) -> list[Path]:
    """Return the files that are named or lie in the folders named, without media and halves of pairs.

    Raises:
        UserError: There is none.
    """
    found: list[Path] = []
    for path in paths:
        if path.is_dir():
            inside = (one for one in sorted(path.rglob("*")) if one.is_file() and not one.name.startswith("."))
            found += [one for one in inside if not is_values(one) and one.suffix.lower() not in _ENDINGS_LEFT_OUT]
        elif not is_values(path) or path.with_name(path.name[:-1]) not in paths:
            found.append(path)
    if not found:
        raise UserError("There is nothing to import.", "Name files of other tools, or folders that hold some.")
    return list(dict.fromkeys(found))


def plan_import(
    project: Project,
    paths: Sequence[Path],
    mapping: Mapping | None = None,
    *,
    condition: str = FULL_CONTEXT,
    study: str = IMPORTED,
    ctx: Context | None = None,
) -> Plan:
    """Read files of other tools and say what they would bring into a project; nothing is stored.

    Args:
        project: The project.
        paths: Files, and folders that hold some.
        mapping: The user's table of names.
        condition: The viewing condition under which the labels were given.
        study: The study to which labels belong that name none.
        ctx: Receives the progress, and can cancel.

    Raises:
        UserError: No file is named.
        Cancelled: The user cancelled.
    """
    ctx = ctx or Context()
    planner = _Planner(project, mapping or Mapping(), condition, study, ctx)
    files = files_of(paths)
    failures = Failures()
    with paused_collector():
        for done, path in enumerate(files):
            ctx.progress(done, len(files), f"Reading {path.name}")
            ctx.check()
            with failures.of(path.name):
                for found in read_foreign(path):
                    planner.file(found)
        planner.plan.lacks = lacking(project, planner.plan.labels, study)
    planner.plan.refused += failures.errors
    return planner.plan


class _Planner:
    """Turns what files say into lines and labels."""

    def __init__(self, project: Project, mapping: Mapping, condition: str, study: str, ctx: Context) -> None:
        self.plan, self.mapping, self.condition, self.study, self.ctx = Plan(), mapping, condition, study, ctx
        self.clips = Clips(db.clips.every(project), mapping)
        self.clocks = ClipClocks(ctx)

    def file(self, found: ForeignFile) -> None:
        """Add one file."""
        name = found.path.name
        before = self._size()
        if found.kind == "tidy":
            self._tidy(found)
        else:
            labels = LabelFile(found.path)
            self._traces(found, labels)
            self._ratings(found, labels)
            self._events(found)
            self._measures(found)
            if labels.traces or labels.intensities or labels.categories:
                self.plan.labels.append(labels)
        self.plan.notes += [f"{name}: {said}" for said in (*found.notes, *found.lost)]
        if before != self._size():
            self.plan.files.append(name)

    def _size(self) -> tuple[int, ...]:
        plan = self.plan
        return len(plan.labels), len(plan.standards), len(plan.events), len(plan.measures)

    def _tidy(self, found: ForeignFile) -> None:
        labels = read_label_file(found.path)
        places = labels.places()
        unknown = sorted({place.clip for place in places if self.clips.find(place.clip, found.path) is None})
        problem = f"the project has no clip {', '.join(unknown[:5])}" if unknown else ""
        kind: Kind = "trace" if labels.traces else "ratings" if labels.intensities else "categories"
        clips = sorted({place.clip for place in places})
        raters = sorted({place.rater for place in places})
        line = Line(
            found.path.name, found.title, kind, len(places), clip=_some(clips), clip_there=_some(clips),
            rater=_some(raters), rater_there=_some(raters), problem=problem,
        )  # fmt: skip
        self.plan.lines.append(line)
        if not problem:
            self.plan.labels.append(labels)

    def _traces(self, found: ForeignFile, labels: LabelFile) -> None:
        """Add the traces; those of one rater and clip with the same times become one of both dimensions."""
        groups: dict[tuple[str, str, bool, bytes], dict[str, tuple[Trace, NDArray[np.float32]]]] = {}
        for number, trace in enumerate(found.traces):
            line, mapped = self._trace_line(found, trace)
            self.plan.lines.append(line)
            if mapped is None:
                continue
            key = (line.clip, line.rater, trace.joined, trace.times_s.tobytes())
            part = groups.setdefault(key, {})
            if line.dimension in part:
                part = groups.setdefault((*key[:3], key[3] + str(number).encode()), {})
            part[line.dimension] = (trace, mapped)
        for (_, rater, joined, _), part in groups.items():
            first = next(iter(part.values()))[0]
            clip = self.clips.find(first.clip, found.path)
            assert clip is not None  # a line without clip has no values
            values = np.full((len(first.times_s), 2), np.nan, np.float32)
            for column, axis in enumerate(("valence", "arousal")):
                if axis in part:
                    values[:, column] = part[axis][1]
            times_s = self._times(first, clip)
            values = values[: len(times_s)]
            if joined:
                recipe: dict[str, object] = {
                    "made_by": found.title,
                    "file": found.path.name,
                    "sha256": sha256_of(found.path),
                }
                self.plan.standards.append(Standard(clip, found.title, recipe, times_s, values))
            else:
                samples = TraceSamples(times_s, values, np.full(len(times_s), np.nan), DEVICE)
                said = f"Imported from {found.path.name} ({found.title})."
                labels.traces.append(tidy.TidyTrace(self._place(clip, rater), samples, said))

    def _trace_line(self, found: ForeignFile, trace: Trace) -> tuple[Line, NDArray[np.float32] | None]:
        """Return the line of a trace, and its values on −1 to 1; None where it stays out."""
        path = found.path
        clip = self.clips.find(trace.clip, path)
        dimension = dimension_of(trace.dimension, path, self.mapping)
        scale = scale_of(trace.values, trace.low, trace.high, (trace.dimension, path.name), self.mapping)
        line = Line(
            path.name, found.title, "fused trace" if trace.joined else "trace", len(trace.times_s),
            clip=clip.name if clip is not None else "", clip_there=trace.clip,
            rater="" if trace.joined else rater_of(trace.rater, path, clip, self.mapping), rater_there=trace.rater,
            dimension=dimension.axis or trace.dimension, dimension_there=trace.dimension,
        )  # fmt: skip
        if scale is not None:
            low, high, guessed = scale
            line = replace(line, scale=f"{low:g} to {high:g}{' (taken from the values)' if guessed else ''}")
        if clip is None:
            return replace(line, problem=_no_clip(trace.clip)), None
        if not dimension.axis:
            said = f"“{trace.dimension}” is" if trace.dimension else "its dimension is not named, so it is"
            return replace(line, problem=f"{said} neither valence nor arousal; say what it means (dimension)"), None
        if scale is None:
            return replace(line, problem="its scale is not known; name it (scale, such as 0:100)"), None
        try:
            times_s = self._times(trace, clip)
            line = replace(line, times=_span(times_s, clip))
            self.clocks.check(float(times_s[0]), float(times_s[-1]), clip)
        except UserError as error:
            return replace(line, problem=error.what.rstrip(".")), None
        low, high, _ = scale
        mapped = (trace.values - low) / (high - low) * 2 - 1
        if dimension.turned:
            mapped = -mapped
        beyond = float(np.nanmax(np.abs(mapped), initial=0.0)) if np.isfinite(mapped).any() else 0.0
        if beyond > 1 + 1e-6:
            return replace(line, problem=f"values lie beyond the scale of {low:g} to {high:g}"), None
        return line, np.clip(mapped, -1, 1).astype(np.float32)

    def _times(self, trace: Trace, clip: ClipRecord) -> NDArray[np.float64]:
        """Return the times on the clip's own clock, on which the first frame may have another time than 0."""
        if trace.by_frame:
            return self.clocks.of_lines(trace.times_s, clip)
        return trace.times_s + self.clocks.begin(clip)

    def _ratings(self, found: ForeignFile, labels: LabelFile) -> None:
        """Add judgements of whole clips, a line for each rater and emotion."""
        groups: dict[tuple[str, str, bool], list[Rating]] = {}
        for one in found.ratings:
            groups.setdefault((one.rater, one.name if one.score is not None else "", one.score is None), []).append(one)
        for (rater, name, category), rows in groups.items():
            self._rating_line(found, labels, rater, name, category, rows)

    def _rating_line(
        self, found: ForeignFile, labels: LabelFile, rater: str, name: str, category: bool, rows: Sequence[Rating]
    ) -> None:
        path = found.path
        places = [(row, self.clips.find(row.clip, path)) for row in rows]
        known = [(row, clip) for row, clip in places if clip is not None]
        emotion = self.mapping.find("emotion", name, path.name) or name
        code = rater_of(rater, path, None, self.mapping)
        scores = [row.score for row, _ in known if row.score is not None and row.score == row.score]
        problem = ""
        if not known:
            problem = _no_clip(rows[0].clip)
        elif not category and not emotion:
            problem = "the emotion is not named; say which one it is (emotion)"
        elif any(score != round(score) for score in scores):
            problem = "scores are not whole numbers, which intensities are"
        unknown = len(rows) - len(known)
        line = Line(
            path.name, found.title, "categories" if category else "ratings", len(known),
            clip=_some(sorted({clip.name for _, clip in known})), clip_there=_some(sorted({row.clip for row in rows})),
            rater=code, rater_there=rater, dimension=emotion, dimension_there=name,
            scale=f"{min(scores):g} to {max(scores):g} seen" if scores else "", problem=problem,
        )  # fmt: skip
        self.plan.lines.append(line)
        if problem:
            return
        if unknown:
            self.plan.notes.append(
                f"{path.name}: {many(unknown, 'row names', 'rows name')} clips that the project lacks."
            )
        for row, clip in known:
            place = self._place(clip, code)
            place = place._replace(condition=row.condition or place.condition, pass_no=row.pass_no)
            if category:
                labels.categories.append(tidy.Judgement(place, row.name, None, "", None, None))
                continue
            missing = row.score is None or row.score != row.score
            score = None if missing or row.score is None else round(row.score)
            labels.intensities.append(
                tidy.Judgement(place, emotion, score, "cannot_tell" if missing else "", None, None)
            )

    def _events(self, found: ForeignFile) -> None:
        """Add ranges and moments, a line for each tier, rater and clip."""
        groups: dict[tuple[str, str, str], list[Mark]] = {}
        for mark in found.marks:
            groups.setdefault((mark.layer, mark.rater, mark.clip), []).append(mark)
        for (layer, rater, named), marks in groups.items():
            clip = self.clips.find(named, found.path)
            author = self.mapping.find("rater", rater) or rater
            line = Line(
                found.path.name, found.title, "events", len(marks), clip=clip.name if clip else "", clip_there=named,
                rater=author, rater_there=rater, dimension=layer, dimension_there=layer,
                problem=_no_clip(named) if clip is None else "",
            )  # fmt: skip
            if clip is not None:
                try:
                    notes = self._notes(marks, clip, author)
                    first_s = min(note.start_s for note in notes)
                    last_s = max(note.start_s if note.end_s is None else note.end_s for note in notes)
                    self.clocks.check(first_s, last_s, clip)
                except UserError as error:
                    line = replace(line, problem=error.what.rstrip("."))
                else:
                    self.plan.events += notes
                    line = replace(line, times=_span(np.array([first_s, last_s]), clip))
            self.plan.lines.append(line)

    def _notes(self, marks: Sequence[Mark], clip: ClipRecord, author: str) -> list[PlannedNote]:
        """Return events of one layer as notes on the clip's own clock."""
        offset, author, category = self.clocks.begin(clip), author[:100], marks[0].layer[:MOST_LETTERS]
        notes = []
        for layer, begin, end, label, _, _, subject, by_frame in marks:
            if by_frame:
                start_s = self.clocks.edge(begin, clip)
                end_s = None if end is None else max(start_s, self.clocks.edge(end, clip))
            else:
                start_s, end_s = begin + offset, None if end is None else end + offset
            text = label if label != layer else ""
            if subject:
                text = f"{text} ({subject})".lstrip()
            kind: NoteKind = "point" if end_s is None else "state"
            notes.append(PlannedNote(clip, kind, start_s, end_s, category, text, author))
        return notes

    def _measures(self, found: ForeignFile) -> None:
        """Add what another program measured, a line for each face."""
        for one in found.measures:
            clip = self.clips.find(one.clip, found.path)
            face = f", face {one.face}" if one.face else ""
            line = Line(
                found.path.name, found.title, "measurements", len(one.times_s), clip=clip.name if clip else "",
                clip_there=one.clip, dimension=f"{one.program}{face}, {many(len(one.names), 'column')}",
                problem=_no_clip(one.clip) if clip is None else "",
            )  # fmt: skip
            if clip is not None:
                try:
                    times_s = self._measured_times(one, clip)
                except UserError as error:
                    line = replace(line, problem=error.what.rstrip("."))
                else:
                    kept = ForeignMeasures(
                        one.program[:100], one.face[:100], found.path.name, one.names, times_s, one.values
                    )
                    self.plan.measures.append(PlannedMeasures(clip, kept))
                    line = replace(line, times=_span(times_s, clip))
            self.plan.lines.append(line)

    def _measured_times(self, one: Measures, clip: ClipRecord) -> NDArray[np.float64]:
        """Return the times of measurements on the clip's own clock.

        Raises:
            UserError: They lie outside the clip, or are too many to be stored.
        """
        if one.values.nbytes > MAX_BYTES:
            raise UserError("these are too many values for one clip.", "Export fewer columns, or parts of the clip.")
        if one.by_frame:
            return self.clocks.of_frames(one.times_s, clip)
        times_s = one.times_s + (0.0 if one.on_clip_clock else self.clocks.begin(clip))
        self.clocks.check(float(times_s[0]), float(times_s[-1]), clip)
        return times_s

    def _place(self, clip: ClipRecord, rater: str) -> Place:
        return Place(self.study, "", clip.name, clip.sha256, "", self.condition, rater, 1)


def _no_clip(named: str) -> str:
    if named:
        return f"the project has no clip {named}; add it, or state which clip it belongs to (clip)"
    return "the file does not state which clip it belongs to; state the clip (clip)"


def _some(names: Sequence[str]) -> str:
    shown = ", ".join(names[:3])
    return f"{shown} and {len(names) - 3} more" if len(names) > 3 else shown


def _span(times_s: NDArray[np.float64], clip: ClipRecord) -> str:
    lasts = f" of {clip.duration_s:.2f} s" if clip.duration_s > 0 else " s"
    return f"{times_s[0]:.2f} to {times_s[-1]:.2f}{lasts}" if len(times_s) else ""
