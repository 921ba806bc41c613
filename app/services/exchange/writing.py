"""Writing labels of a project for other tools, with a report of what each format cannot hold."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final, Literal, get_args

import numpy as np
from numpy.typing import NDArray

import db.clips
import db.consent
import db.gold
import db.items
import db.raters
import db.studies
import db.traces
from app.domain.project import ClipRecord
from app.domain.words import many
from app.errors import UserError
from app.interchange import tidy
from app.interchange.writers.ratings import ElanClip, write_elan, write_wide
from app.interchange.writers.record import OutTrace
from app.interchange.writers.record import Written as Written
from app.interchange.writers.traces import write_aff_wild2, write_carma, write_darma, write_muse, write_nova
from app.jobs import Context
from app.media.index import build_index
from app.media.probe import first_time_s
from app.services.consent.covered import allowed
from app.services.consent.left import note_left
from app.services.consent.pseudonyms import Pseudonyms
from app.services.exchange.measured import write_measured
from app.services.exchange.predicted import write_predicted
from app.services.labels.export import LabelRows
from app.services.labels.tables import current_traces
from db.project import Project

Tool = Literal["eaf", "nova", "carma", "darma", "muse", "aff-wild2", "wide", "label-studio", "measurements"]
TOOLS: Final[tuple[Tool, ...]] = get_args(Tool)
GOLD: Final = "gold"
"""Folder of gold standards beside those of raters."""
TITLES: Final[Mapping[Tool, str]] = {
    "eaf": "ELAN: ratings as tiers, traces as linked series",
    "nova": "NOVA: traces",
    "carma": "CARMA: traces, one dimension a file",
    "darma": "DARMA: traces, both dimensions",
    "muse": "MuSe toolbox: traces, a column for each rater",
    "aff-wild2": "Aff-Wild2: traces, a line for each frame",
    "wide": "JASP, jamovi, SPSS: ratings, a column for each rater",
    "label-studio": "Label Studio: predicted expressions, to be corrected there",
    "measurements": "R, Excel and others: what other programs measured, as CSV",
}


def export_for(
    project: Project,
    folder: Path,
    tool: Tool,
    *,
    study: str | None = None,
    ctx: Context | None = None,
    without_refused: bool = False,
    pseudonyms: bool = False,
) -> Written:
    """Write labels in the format of another tool.

    Args:
        project: The project.
        folder: The folder, which is made if it is missing. Only files that an export wrote are replaced.
        tool: The tool.
        study: The study to keep to; None for all.
        ctx: Receives the progress, and can cancel.
        without_refused: Whether to leave out people whose consent does not cover an export; otherwise it is refused.
        pseudonyms: Whether raters and clips appear under names that are made for this export only, in files and in
            their names.

    Raises:
        UserError: Consent does not cover the export, the study does not exist, there is nothing that the format holds,
            or a file cannot be written.
        Cancelled: The user cancelled.
    """
    ctx = ctx or Context()
    names = Pseudonyms(off=not pseudonyms)
    ctx.progress(0, 1, f"Writing for {TITLES[tool].split(':')[0]}")
    if tool == "measurements":  # no rater has a part in them
        done = write_measured(project, folder, ctx, without_refused=without_refused, names=names)
    else:
        if tool == "label-studio":  # of predictions; labels are only counted
            work = _Work(project, study, ctx, True, names)
            done = write_predicted(project, folder, ctx, without_refused=without_refused, names=names)
        else:
            work = _Work(project, study, ctx, without_refused, names)
            done = _WRITE[tool](work, folder)
            done.lost += work.notes
        done.lost += [f"Not written for {TITLES[tool].split(':')[0]}: {what}." for what in work.left_out(tool)]
    if not done.files:
        gone = allowed(project, "export", without=without_refused).note
        if gone:
            raise UserError(f"There is nothing to write: {TITLES[tool]}. {gone}", "Record their consent first.")
        raise UserError(f"There is nothing to write: {TITLES[tool]}.", "Choose another format or another study.")
    note_left(project, TITLES[tool].split(":")[0], folder, counts={"files": len(done.files)})
    done.lost = list(dict.fromkeys(done.lost))  # several files may lose the same
    ctx.progress(1, 1, "Done")
    return done


class _Work:
    """The labels of a project, read once."""

    def __init__(
        self, project: Project, study: str | None, ctx: Context, without_refused: bool, names: Pseudonyms
    ) -> None:
        self.ctx = ctx
        self.names = names
        self.clips = {clip.id: clip for clip in db.clips.every(project, removed=True)}
        with project.read() as session:
            records = [db.studies.get(session, study)] if study is not None else db.studies.every(session)
            study_id = records[0].id if study is not None else None
            may = allowed(session, "export", without=without_refused)
            rows = LabelRows(session, records, study_id, may, names)
            self.notes = list(rows.notes)
            self.intensities = list(rows.intensities())
            self.categories = list(rows.categories())
            items = {item.id: item for item in db.items.every(session, removed=True)}
            codes = {rater.id: rater.code for rater in db.raters.every(session)}
            found = [
                (self.clips[items[trace.item_id].clip_id], codes[trace.rater_id], trace.condition, trace.id)
                for trace in current_traces(session, study_id)
                if rows.covers(trace.rater_id, trace.item_id)
            ]
            self.traces: list[OutTrace] = []
            for clip, code, condition, number in sorted(found, key=lambda one: (one[0].name, *one[1:])):
                ctx.check()
                samples = db.traces.samples(session, number)
                times_s = samples.times_s - self.begin(clip)
                name, code = names.clip(clip.name), names.rater(code)
                self.traces.append(OutTrace(name, code, condition, times_s, samples.values, clip.duration_s))
            self.standards: list[OutTrace] = []
            for gold in db.gold.every(session, kind="trace", chosen_only=True):
                if gold.times_s is not None and gold.values is not None and study_id in (None, gold.study_id):
                    clip = self.clips[items[gold.item_id].clip_id]
                    behind = db.consent.raters_behind(session, gold.sources) if may.raters else set()
                    if clip.subject in may.subjects or behind & may.raters:
                        continue
                    times_s, values = gold.times_s - self.begin(clip), gold.values[:, :2].astype(np.float32)
                    name = names.clip(clip.name)
                    self.standards.append(OutTrace(name, GOLD, gold.condition, times_s, values, clip.duration_s))

    def begin(self, clip: ClipRecord) -> float:
        """Return where the clip's own clock begins; 0 where its file cannot be asked."""
        with suppress(UserError):
            return first_time_s(clip.path)
        return 0.0

    def frames(self) -> Mapping[str, NDArray[np.float64]]:
        """Return the times of the frames of each traced clip, from its first one."""
        wanted = {trace.clip for trace in (*self.traces, *self.standards)}
        found = {}
        for clip in self.clips.values():
            name = self.names.clip(clip.name)
            if name in wanted:
                self.ctx.check()
                times_s = build_index(clip.path, self.ctx).times_s
                found[name] = times_s - times_s[0]
        return found

    def elan(self) -> Sequence[ElanClip]:
        """Return the labels of each clip that has any."""
        named = {}
        for clip in self.clips.values():
            name = self.names.clip(clip.name)
            named[name] = ElanClip(name, clip.path if self.names.off else Path("/") / name, clip.duration_s)
        for row in self.intensities:
            named[row.place.clip].intensities.append(row)
        for row in self.categories:
            named[row.place.clip].categories.append(row)
        for trace in self.traces:
            named[trace.clip].traces.append(trace)
        return [one for _, one in sorted(named.items()) if one.intensities or one.categories or one.traces]

    def left_out(self, tool: Tool) -> list[str]:
        """Return which kinds of labels the format has no place for, in words."""
        kinds: list[tuple[str, str, Sequence[tidy.Judgement] | Sequence[OutTrace], bool]] = [
            ("intensity", "intensities", self.intensities, tool in ("eaf", "wide")),
            ("category", "categories", self.categories, tool == "eaf"),
            ("trace", "", self.traces, tool not in ("wide", "label-studio")),
            ("gold standard", "", self.standards, tool == "aff-wild2"),
        ]
        return [many(len(rows), one, several) for one, several, rows, held in kinds if rows and not held]


_WRITE: Final[Mapping[Tool, Callable[[_Work, Path], Written]]] = {
    "eaf": lambda work, folder: write_elan(folder, work.elan()),
    "nova": lambda work, folder: write_nova(folder, work.traces),
    "carma": lambda work, folder: write_carma(folder, work.traces),
    "darma": lambda work, folder: write_darma(folder, work.traces),
    "muse": lambda work, folder: write_muse(folder, work.traces),
    "aff-wild2": lambda work, folder: write_aff_wild2(folder, [*work.traces, *work.standards], work.frames()),
    "wide": lambda work, folder: write_wide(folder, work.intensities),
}
