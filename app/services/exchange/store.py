"""Storing what a plan brings, in one transaction, and taking the last import back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import db.clips
import db.foreign_measures
import db.gold
import db.imports
import db.items
import db.notes
from app.collector import paused_collector
from app.domain.imports import ImportRecord
from app.domain.notes import COLOURS
from app.domain.words import many
from app.errors import UserError
from app.jobs import Context
from app.services.exchange.plan import Plan, PlannedNote, Standard
from app.services.labels.import_csv import storing
from db.project import Project, Source


@dataclass
class Stored:
    """The outcome of an import.

    Attributes:
        answers: Number of new answers.
        traces: Number of new traces.
        standards: Number of new joined traces.
        events: Number of new notes.
        measures: Number of new series of other programs' measurements, each of one face.
        known: Number of labels that the project had already.
        notes: Sentences that the user should read.
        record: What was stored, by which it can be taken back; None where nothing was.
    """

    answers: int = 0
    traces: int = 0
    standards: int = 0
    events: int = 0
    measures: int = 0
    known: int = 0
    notes: list[str] = field(default_factory=list)
    record: ImportRecord | None = None

    @property
    def told(self) -> str:
        """What was stored, in a sentence."""
        parts = [many(self.answers, "answer"), many(self.traces, "trace")]
        if self.standards:
            parts.append(many(self.standards, "fused trace"))
        if self.events:
            parts.append(many(self.events, "event"))
        if self.measures:
            parts.append(many(self.measures, "table of measurements", "tables of measurements"))
        known = f" {many(self.known, 'was', 'were')} there already." if self.known else ""
        return f"{', '.join(parts[:-1])} and {parts[-1]} were imported.{known}"


def store_plan(
    project: Project,
    plan: Plan,
    *,
    condition: str,
    study: str,
    widen: bool = False,
    actor: str = "",
    ctx: Context | None = None,
) -> Stored:
    """Store everything that a plan brings, or nothing.

    Args:
        project: The project, open for writing.
        plan: The plan, made for this project.
        condition: The viewing condition under which the labels were given.
        study: The study to which labels belong that name none.
        widen: Whether studies are widened by what `plan.lacks` names; else a plan that lacks something is refused.
        actor: Code of the person who does it.
        ctx: Receives the progress, and can cancel; then nothing is stored.

    Raises:
        UserError: The plan brings nothing, or something of it cannot be stored. Then nothing is.
        Cancelled: The user cancelled.
    """
    ctx = ctx or Context()
    if plan.empty:
        why = plan.losses[0] if plan.losses else "The files contain no labels."
        raise UserError("None of the files contains anything that can be imported.", why)
    ctx.progress(0, 1, "Storing")
    store = storing(project, plan.labels, study, widen=widen)
    ctx.check()
    with paused_collector(), project.write() as session:
        then = db.imports.before(session)
        labels = store(session)
        done = Stored(labels.answers, labels.traces, known=labels.known, notes=labels.notes)
        for one in plan.standards:
            new = _standard(session, one, condition)
            done.standards += new
            done.known += not new
        done.events = store_events(session, plan.events, ctx)
        done.known += len(plan.events) - done.events
        for number, planned in enumerate(plan.measures):
            ctx.progress(number, len(plan.measures), "Storing measurements")
            ctx.check()
            new = db.foreign_measures.add(session, planned.clip.id, planned.measures)
            done.measures += new
            done.known += not new
        done.record = db.imports.note_added(session, then, plan.files, actor)
    ctx.progress(1, 1, "Done")
    return done


def _standard(session: Source, one: Standard, condition: str) -> bool:
    """Store a joined trace; False where the project has the one of this file."""
    items = [item for item in db.items.every(session, clip_id=one.clip.id) if item.start_s is None]
    if not items:
        raise UserError(f"{one.clip.name} has no item of the whole clip.", "Add one on the Study screen.")
    item = items[0]
    if any(gold.recipe.get("sha256") == one.recipe["sha256"] for gold in db.gold.for_item(session, item.id)):
        return False
    db.gold.add(
        session, item.id, "trace", one.name, one.recipe, (), condition=condition, times_s=one.times_s, values=one.values
    )  # fmt: skip
    return True


def store_events(session: Source, events: Sequence[PlannedNote], ctx: Context) -> int:
    """Store events as notes on their clips, and return how many; those that a clip has already are left out."""
    colours = {one.name: one.colour for one in db.notes.categories(session)}
    for place, name in enumerate(dict.fromkeys(one.category for one in events)):
        colours.setdefault(name, COLOURS[place % len(COLOURS)])
    clips = {one.clip.id for one in events}
    seen = {
        (note.clip_id, note.kind, note.start_s, note.end_s, note.category, note.text, note.author)
        for clip_id in clips
        for note in db.notes.of_clip(session, clip_id)
    }
    new = []
    for one in events:
        key = (one.clip.id, *one[1:])
        if key not in seen:
            seen.add(key)
            new.append((*key, colours[one.category]))
    for begin in range(0, len(new), db.notes.BATCH):
        ctx.progress(begin, len(new), "Storing events")
        ctx.check()
        db.notes.add_many(session, new[begin : begin + db.notes.BATCH])
    return len(new)


def clip_names(project: Project) -> tuple[str, ...]:
    """Return the names of the clips in the lists."""
    return tuple(clip.name for clip in db.clips.every(project))


def last_import(project: Project) -> ImportRecord | None:
    """Return the newest import that was not taken back; None where there is none."""
    return db.imports.newest(project)


def undo_import(project: Project, record: ImportRecord | None = None, actor: str = "") -> ImportRecord:
    """Take an import back: everything that it stored is removed, unless other work is built on it.

    Args:
        project: The project, open for writing.
        record: The import; None for the newest.
        actor: Code of the person who does it.

    Raises:
        UserError: There is none, or other work is built on it. Then nothing is removed.
    """
    chosen = record if record is not None else last_import(project)
    if chosen is None:
        raise UserError("There is no import to take back.", "Imports of labels are taken back, the last one first.")
    db.imports.remove(project, chosen, actor)
    return chosen


def named(files: Sequence[str | Path]) -> str:
    """Return the names of some files in a few words.

    Example:
        >>> named(["a.csv", "b.csv", "c.csv", "d.csv"])
        'a.csv, b.csv and 2 more'
    """
    names = [Path(one).name for one in files]
    return ", ".join(names) if len(names) <= 3 else f"{', '.join(names[:2])} and {len(names) - 2} more"
