"""Putting an archive together: labels, definitions, tables, model cards, methods, and the hash of every file."""

from __future__ import annotations

import csv
import json
import os
import shutil
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import db.clips
import db.face_people
import db.models
import db.raters
import db.studies
from app import __version__
from app.domain.marks import Marks
from app.errors import UserError
from app.files import folder_beside, sha256_of
from app.interchange.r_script import NAME as R_SCRIPT
from app.interchange.r_script import write_r_script
from app.interchange.writers.measurements import write_measurements
from app.jobs import Context
from app.results import LEDGER
from app.services.archive.layout import (
    BIDS,
    DESCRIPTION,
    KINDS,
    MANIFEST,
    RECIPE,
    TABLES,
    check_psych_ds,
    data_files,
    data_name,
    description,
    raters_file,
    write_bids,
)
from app.services.archive.tables import Computed, Recipe, computed
from app.services.consent.covered import allowed
from app.services.consent.left import ARCHIVE, note_left
from app.services.consent.pseudonyms import Pseudonyms
from app.services.exchange.measured import measured_tables
from app.services.labels.export import export_labels
from db.project import Project

_IGNORED: Final = (
    "data", "data/**", "studies", "studies/**", "models", "models/**", "methods.md", "dictionary.csv", MANIFEST,
)  # fmt: skip
_README: Final = """# {name}

{description}

| folder or file | what it holds |
| --- | --- |
| `data/` | labels, one table a kind, named as Psych-DS asks; `dictionary.csv` explains every column |
| `sub-…/beh/`, `participants.tsv` | the same ratings by rater, as behavioural BIDS |
{measurements}| `studies/` | what was asked, in which conditions and with which design, as files that can be imported |
| `{tables}/` | disagreement and reliability, computed from `data/` alone |
{models}| `methods.md` | the computations in sentences for a paper |
| `code/` | the recipe of the tables with seed, and a script for R |
| `{manifest}` | SHA-256 of every file |

Licence: {licence}

`affectograph reproduce FOLDER` compares every file with its hash, computes every table again, and says which are equal
byte for byte.
"""
_MEASURED: Final = "table-measurements_"
_OF_MEASUREMENTS: Final = (
    f"| `data/{_MEASURED}…` | what other programs measured, a table for each clip, program and face, in their units |\n"
)
_OF_MODELS: Final = "| `models/` | cards of the models that were trained in the project or put into use in it |\n"


@dataclass(frozen=True)
class About:
    """What an archive says of itself.

    Attributes:
        name: Its title.
        description: A few sentences.
        authors: Names of the authors.
        licence: The licence of the data.
    """

    name: str
    description: str
    authors: tuple[str, ...]
    licence: str


@dataclass(frozen=True)
class Archived:
    """The outcome.

    Attributes:
        folder: The archive.
        files: Number of files.
        tables: Names of the tables that were computed.
        notes: Who was left out, and what should be known.
    """

    folder: Path
    files: int
    tables: tuple[str, ...]
    notes: tuple[str, ...] = field(default_factory=tuple)


def archive(
    project: Project,
    folder: Path,
    about: About,
    *,
    seed: int = 0,
    media: bool = False,
    without_refused: bool = False,
    pseudonyms: bool = False,
    ctx: Context | None = None,
) -> Archived:
    """Write an archive of a project's labels. It appears whole or not at all.

    Args:
        project: The open project.
        folder: The folder to make, which must not exist.
        about: What it says of itself.
        seed: Seed of all draws of the tables.
        media: Whether the clips' files are copied, too.
        without_refused: Whether to leave out people whose consent does not cover an archive; otherwise it is refused.
        pseudonyms: Whether people and clips appear under names of this archive only.
        ctx: Receives the progress, and can cancel.

    Raises:
        UserError: The folder exists or cannot be written, consent does not cover it, there are no labels, or clips are
            wanted under other names.
        Cancelled: The user cancelled.
    """
    ctx = ctx or Context()
    folder = folder.expanduser().absolute()
    if os.path.lexists(folder):
        raise UserError(f"{folder} already exists.", "Choose another folder for the archive.")
    if media and pseudonyms:
        raise UserError("Other names do not hide faces.", "Leave out the clips, or keep the names.")
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        fresh = folder_beside(folder)
    except OSError as error:
        raise UserError(f"{folder} cannot be made: {error.strerror}.", "Choose another folder.") from error
    try:
        names = Pseudonyms(off=not pseudonyms)
        notes = _data(project, fresh, names, without_refused, ctx)
        if media:
            _media(project, fresh, without_refused, ctx)
        made = _tables(project, fresh, names, seed, notes)
        _words(project, fresh, about, names, made)
        write_bids(fresh)
        wrong = check_psych_ds(fresh)
        if wrong:
            raise UserError(f"The archive would break a rule of Psych-DS: {wrong[0]}.", "Tell the developers.")
        count = _manifest(fresh)
        os.rename(fresh, folder)
    except OSError as error:
        raise UserError(f"The archive cannot be written: {error.strerror}.", "Free some space.") from error
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    note_left(project, about.name, folder, counts={"files": count, "tables": len(made.tables)}, action=ARCHIVE)
    return Archived(folder, count, tuple(sorted(made.tables)), tuple(notes))


def _data(project: Project, fresh: Path, names: Pseudonyms, without_refused: bool, ctx: Context) -> list[str]:
    raw = fresh / "raw"
    done = export_labels(project, raw, None, ctx, purpose="archive", without_refused=without_refused, names=names)
    if done.refused:
        raise done.refused[0]
    if not any(rows for path, rows in done.files.items() if path.name != "raters.csv"):
        gone = allowed(project, "archive", without=without_refused).note
        if gone:
            raise UserError(f"There are no labels to archive. {gone}", "Record their consent, or archive nothing.")
        raise UserError("There are no labels to archive.", "Let raters judge clips first.")
    (fresh / "data").mkdir()
    (fresh / "studies").mkdir()
    for kind in KINDS:
        path = raw / f"{kind}.csv"
        if path.is_file():
            path.rename(fresh / "data" / data_name(kind))
    (raw / "dictionary.csv").rename(fresh / "dictionary.csv")
    for path in sorted(raw.glob("study_*.toml")):
        path.rename(fresh / "studies" / path.name)
    shutil.rmtree(raw)
    tables = measured_tables(project, ctx, "archive", without_refused=without_refused, names=names, notes=[])
    for number, table in enumerate(tables, start=1):
        write_measurements(fresh / "data" / f"{_MEASURED}part-{number:03d}_data.csv", table)
    return list(done.notes)


def _media(project: Project, fresh: Path, without_refused: bool, ctx: Context) -> None:
    may = allowed(project, "archive", without=without_refused)
    seen = db.face_people.seen_in_clips(project)
    clips = [clip for clip in db.clips.every(project) if not may.subjects & seen.get(clip.id, set())]
    missing = [clip.name for clip in clips if clip.missing]
    if missing:
        raise UserError(f"Files of clips are missing: {', '.join(missing[:4])}.", "Find them again first.")
    (fresh / "stimuli").mkdir()
    for number, clip in enumerate(clips):
        ctx.progress(number, len(clips), f"Copying {clip.name}")
        shutil.copyfile(clip.path, fresh / "stimuli" / Path(clip.name).name)


def _tables(project: Project, fresh: Path, names: Pseudonyms, seed: int, notes: list[str]) -> Computed:
    with raters_file(fresh).open(encoding="utf-8", newline="") as file:
        there = {row["rater"] for row in csv.DictReader(file)}
    left_out = [names.rater(one.rater) for one in db.raters.exclusions(project)]
    scales = {(record.study.scale.low, record.study.scale.high) for record in db.studies.every(project)}
    scale = next(iter(scales)) if len(scales) == 1 else None
    low_high = None if scale is None else (float(scale[0]), float(scale[1]))
    recipe = Recipe(seed=seed, left_out=tuple(sorted(set(left_out) & there)), scale=low_high)
    made = computed(data_files(fresh), raters_file(fresh), recipe)
    for name, text in made.tables.items():
        _write(fresh / TABLES / name, text)
    _write(fresh / RECIPE, json.dumps(made.recipe.as_dict(), indent=1, ensure_ascii=False) + "\n")
    write_r_script(fresh / "code" / R_SCRIPT, made.recipe.left_out, f"../data/{data_name('%s')}")
    if not made.tables:
        notes.append("There are no intensities and no categories, so no tables were computed.")
    return made


def _words(project: Project, fresh: Path, about: About, names: Pseudonyms, made: Computed) -> None:
    columns: list[str] = []
    for path in sorted((fresh / "data").glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            columns += next(csv.reader(file), [])
    facts = {
        "name": about.name, "description": about.description, "authors": about.authors, "licence": about.licence,
        "program": __version__,
    }  # fmt: skip
    _json(fresh / DESCRIPTION, description(facts, columns))
    derived = {
        "Name": f"{about.name}: agreement", "BIDSVersion": BIDS, "DatasetType": "derivative",
        "GeneratedBy": [{"Name": "Affectograph", "Version": __version__}],
    }  # fmt: skip
    _json(fresh / Path(TABLES).parent / DESCRIPTION, derived)
    _cards(project, fresh, names)
    measured = any((fresh / "data").glob(f"{_MEASURED}*"))
    told = _README.format(
        name=about.name, description=about.description, licence=about.licence, tables=TABLES, manifest=MANIFEST,
        measurements=_OF_MEASUREMENTS if measured else "", models=_OF_MODELS if (fresh / "models").is_dir() else "",
    )  # fmt: skip
    _write(fresh / "README.md", told)
    _write(fresh / "methods.md", "\n\n".join(made.methods) + "\n" if made.methods else "No tables were computed.\n")
    _write(fresh / ".bidsignore", "\n".join(_IGNORED) + "\n")


def _cards(project: Project, fresh: Path, names: Pseudonyms) -> None:
    """Write the cards of models, without people whom consent leaves out, and with other names if these are wanted."""
    codes: list[tuple[str, str]] = [(one.person.code, "left-out") for one in allowed(project, "archive").refused]
    if not names.off:
        subjects = {clip.subject for clip in db.clips.every(project, removed=True)} - {""}
        codes += [(code, names.subject(code)) for code in subjects]
        codes += [(rater.code, names.rater(rater.code)) for rater in db.raters.every(project)]
    for model in db.models.every(project):
        text = model.card
        for code, other in codes:
            text = Marks([code], other).clean(text)
        _write(fresh / "models" / f"{model.name}-{model.sha256[:8]}" / "card.toml", text)


def _manifest(fresh: Path) -> int:
    for ledger in fresh.rglob(LEDGER):
        ledger.unlink()
    files = sorted(path for path in fresh.rglob("*") if path.is_file())
    lines = [f"{sha256_of(path)}  {path.relative_to(fresh).as_posix()}" for path in files]
    _write(fresh / MANIFEST, "\n".join(lines) + "\n")
    return len(files) + 1


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.write(text)


def _json(path: Path, content: object) -> None:
    _write(path, json.dumps(content, indent=1, ensure_ascii=False) + "\n")
