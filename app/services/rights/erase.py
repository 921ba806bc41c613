"""Erasing a subject or rater: the plan, the act and its proof."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import db.compact
import db.consent
import db.erasing
import db.models
import db.settings
from app.domain.consent import Party, Person
from app.domain.marks import LEAST_IN_BYTES
from app.domain.project import TrainingRecord
from app.domain.words import many
from app.errors import UserError
from app.jobs import Context
from app.services.consent.gate import takes_all_raters
from app.services.rights.places import Place, backups_beside, clear, holds_person, places, remnants
from db.erasing import Reach
from db.paths import located
from db.project import Project

NO_UNDO: Final = "This cannot be undone."
NOTED: Final = "It learned from a person who was erased since; what it learned is still in it."
OUTSIDE: Final = (
    "Exports, kits and copies in other folders are not searched, nor are blocks that a disk keeps of deleted files."
)


@dataclass(frozen=True)
class ErasePlan:
    """What erasing a person would remove and change.

    Attributes:
        person: The person.
        reach: The rows and words in the project.
        places: The files outside it.
        clip_files: Files of the person's clips that are there; they go only if asked.
        kept_backups: Backups beside the project that hold the person and stay.
        models: Names of trainings that learned from the person, alone or among others.
    """

    person: Person
    reach: Reach
    places: tuple[Place, ...]
    clip_files: tuple[Path, ...]
    kept_backups: tuple[Path, ...]
    models: tuple[str, ...]

    def lines(self, *, files: bool) -> list[str]:
        """Return the plan in lines for people.

        Args:
            files: Whether the clips' files are to go, too.
        """
        said = [f"{self.person.words}: {many(len(self.reach.clips), 'clip')}"] if self.reach.clips else []
        rows = ", ".join(f"{table} {len(found)}" for table, found in sorted(self.reach.rows.items()))
        said.append(f"Rows that are deleted: {rows}.")
        words = ", ".join(f"{table} {count}" for table, count in sorted(self.reach.mentions.items()))
        if words:
            said.append(f"Rows in which the person is replaced by “{self.reach.marks.instead}”: {words}.")
        by: dict[tuple[str, str], list[Path]] = {}
        for place in self.places:
            by.setdefault((place.what, "removed" if place.way == "remove" else "cleaned"), []).append(place.path)
        for (what, how), paths in by.items():
            names = "" if what == "cache" else f": {', '.join(path.name for path in paths[:4])}"
            more = f" and {len(paths) - 4} more" if names and len(paths) > 4 else ""
            said.append(f"{many(len(paths), what)} {how}{names}{more}.")
        if self.clip_files:
            names = ", ".join(str(path) for path in self.clip_files[:4])
            more = f" and {len(self.clip_files) - 4} more" if len(self.clip_files) > 4 else ""
            fate = "Files of clips that are deleted" if files else "Files of clips that stay, because nobody asked"
            said.append(f"{fate}: {names}{more}.")
        if self.kept_backups:
            said.append(f"Backups that still hold the person: {', '.join(path.name for path in self.kept_backups)}.")
        if self.models:
            said.append(
                f"Models that learned from the person and stay, marked as such: {', '.join(self.models)}. "
                "Train them again without, and remove these."
            )
        if self.reach.rows.get("gold"):
            said.append("Gold standards made with these labels go; make them again. Agreement is computed again.")
        return [*said, OUTSIDE, NO_UNDO]


@dataclass(frozen=True)
class Erased:
    """The result of erasing.

    Attributes:
        person: The person, as it was.
        rows: Table → number of deleted rows.
        files: Number of files that were removed or cleaned.
        models: Names of models that learned from the person.
        left: Where something was still found: in the project's bytes, rows or files. Empty is the proof.
        notes: What could not be looked for, in words.
    """

    person: Person
    rows: Mapping[str, int]
    files: int
    models: tuple[str, ...]
    left: tuple[str, ...]
    notes: tuple[str, ...] = field(default_factory=tuple)

    @property
    def told(self) -> str:
        """The result in a sentence."""
        count = sum(self.rows.values())
        proof = "nothing of the person was found afterwards" if not self.left else f"still found in {self.left[0]}"
        return f"{many(count, 'row')} deleted, {many(self.files, 'file')} removed or cleaned; {proof}."


def plan_erasing(project: Project, party: Party, code: str, *, backups: bool = True) -> ErasePlan:
    """List everything that erasing a person would remove or change; nothing is changed.

    Args:
        project: The open project.
        party: Whether a subject or a rater is meant.
        code: The code.
        backups: Whether backups beside the project that hold the person go, too.

    Raises:
        UserError: There is no such person, or the project is on a server.
    """
    db.compact.refuse_others(project)
    assert project.path is not None
    person = db.consent.person(project, party, code)
    found = db.erasing.reach(project, person, f"erased-{secrets.token_hex(4)}")
    files = {path for path, there in located(found.clips.values(), project.folder) if there}
    stay = () if backups else tuple(
        path for path in backups_beside(project.path) if holds_person(path, person, found.marks)
    )  # fmt: skip
    return ErasePlan(
        person,
        found,
        tuple(places(project.path, person, found, backups=backups)),
        tuple(sorted(files)),
        stay,
        tuple(_name(run) for run in _learned(project, person, found)),
    )


def _learned(project: Project, person: Person, found: Reach) -> list[TrainingRecord]:
    """Return the trainings whose data named the person, or pooled the labels of all raters."""
    mine = []
    for run in db.models.trainings(project):
        told = found.marks.clean_json(run.snapshot) != run.snapshot
        if told or (person.party == "rater" and takes_all_raters(run.snapshot)):
            mine.append(run)
    return mine


def _name(run: TrainingRecord) -> str:
    return Path(run.folder.replace("\\", "/")).name or run.recipe


def erase(
    project: Project, plan: ErasePlan, *, clip_files: bool = False, actor: str = "", ctx: Context | None = None
) -> Erased:
    """Erase a person as planned, write the project anew, and look for what is left.

    The files outside come first: if one of them resists, the project still knows the person, and this can be repeated.

    Args:
        project: The project, open for writing.
        plan: What `plan_erasing` listed.
        clip_files: Whether the files of the person's clips are deleted, too.
        actor: Code of the person who does it.
        ctx: Receives the progress.

    Raises:
        UserError: Somebody else has the project open, or a file cannot be changed; the message says what was not done.
    """
    ctx = ctx or Context()
    db.compact.refuse_others(project)
    marks = plan.reach.marks
    gone = [*plan.places, *(Place(path, "cache", "remove") for path in plan.clip_files if clip_files)]
    for number, place in enumerate(gone):
        ctx.progress(number, len(gone) + 2, place.path.name)
        clear(place, marks)
    ctx.progress(len(gone), len(gone) + 2, "Deleting rows")
    with project.write() as session:
        found = db.erasing.reach(session, plan.person, marks.instead)
        runs = _learned(project, plan.person, found)
        for run in runs:
            db.models.annotate_training(session, run.id, NOTED)
        rows = db.erasing.erase(session, plan.person, found, actor)
        db.settings.put(session, db.compact.DUE, True)
    ctx.progress(len(gone) + 1, len(gone) + 2, "Writing the project again")
    finish(project)
    left, notes = _proof(project, found)
    return Erased(plan.person, rows, len(gone), tuple(_name(run) for run in runs), tuple(left), tuple(notes))


def finish(project: Project) -> bool:
    """Write a project anew from which rows were erased, where that was not done yet; return whether it was due.

    Raises:
        UserError: Somebody reads the project, or the disk is full; the rows are erased, and it can be repeated.
    """
    if not db.settings.get(project, db.compact.DUE, False):
        return False
    try:
        db.compact.compact(project)
    except UserError as error:
        raise UserError(
            f"The rows are erased, but bytes of them may still be in the file: {error.what}",
            error.todo,
            "Run `affectograph erase --finish` when nobody else has it open.",
        ) from error
    db.settings.remove(project, db.compact.DUE)
    return True


def _proof(project: Project, found: Reach) -> tuple[list[str], list[str]]:
    """Look for the person in rows, bytes and files: where something is left, and what could not be looked for."""
    assert project.path is not None
    marks = found.marks
    left = [f"row {row}" for row in db.erasing.mentions_left(project, marks)]
    notes = []
    inside = db.compact.found_in_file(project, marks)
    if inside is None:
        notes.append("The project is too large to be searched byte by byte; its rows were searched.")
    elif inside:
        left.append(f"bytes of {project.path.name}")
    if marks.not_in_bytes:
        notes.append(
            f"{', '.join(marks.not_in_bytes)}: shorter than {LEAST_IN_BYTES} characters, which turn up in bytes by "
            "chance; every text of every row was searched for them."
        )
    left += [str(path) for path in remnants(project.path, marks)]
    return left, notes
