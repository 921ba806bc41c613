"""Chooses labels by study, rater, subject, condition and pass."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

import db.settings
import db.sights
import db.studies
from app.agreement.provenance import SourceFile
from app.agreement.resample import Unit
from app.domain.ratings import CategoryTable, Items, ProjectRatings, RatingTable
from app.errors import UserError
from app.services.consent.covered import allowed
from app.services.consent.gate import covered_labels
from app.services.labels.tables import load_project_ratings
from app.services.study.kits import KIT_SETTING
from app.services.study.views import note_judged
from db.project import Project

T = TypeVar("T", RatingTable, CategoryTable)


@dataclass(frozen=True)
class LabelFilter:
    """The choice of the filters; empty means all.

    Attributes:
        raters: Codes of the raters to keep to; empty for all.
        subjects: Codes of the subjects to keep to; empty for all.
        conditions: Viewing conditions to keep to; empty for all.
        pass_no: The pass that is analysed; reliability is reported of pass 1.
        without: Codes of raters who are left out for a moment, to see the effect.
        with_excluded: Whether to also count raters whom the project leaves out.
    """

    raters: tuple[str, ...] = ()
    subjects: tuple[str, ...] = ()
    conditions: tuple[str, ...] = ()
    pass_no: int = 1
    without: tuple[str, ...] = ()
    with_excluded: bool = False


@dataclass(frozen=True)
class Options:
    """The values that the filters offer."""

    studies: tuple[str, ...]
    raters: tuple[str, ...]
    subjects: tuple[str, ...]
    conditions: tuple[str, ...]
    passes: tuple[int, ...]


@dataclass(frozen=True, eq=False)
class Labels:
    """Everything judged in a project or one of its studies, and the values to choose from.

    Attributes:
        study: Name of the study, empty for all.
        data: The labels.
        options: The values that the filters offer.
        scale: Lowest and highest point of intensities.
        sources: What they were read from. Of an open project there is the name only: reading its file past SQLite
            would drop SQLite's locks.
    """

    study: str
    data: ProjectRatings
    options: Options
    scale: tuple[float, float]
    sources: tuple[SourceFile, ...] = ()

    @property
    def empty(self) -> bool:
        """Whether nothing was judged."""
        return self.data.intensities is None and self.data.categories is None and not self.data.traces


def load_labels(project: Project, study: str = "") -> Labels:
    """Read the labels of a project.

    Args:
        project: The open project.
        study: Name of the study to keep to; empty for all together.

    Raises:
        UserError: The project is a rater's kit, or the study does not exist.
    """
    if db.settings.get(project, KIT_SETTING) is not None:
        raise UserError(
            "This is a rater's kit, and raters judge without seeing others' answers.",
            "Merge the kit into the study's project and look there.",
        )
    data = load_project_ratings(project, study or None)
    note_judged(project, "agreement", study)
    source = SourceFile(project.path.name if project.path is not None else project.address)
    return labels_of(data, study, tuple(record.name for record in db.studies.every(project)), (source,))


def leaving(project: Project, labels: Labels) -> Labels:
    """Return labels without the people whose consent does not cover an export; a note of theirs says who is left out.

    Args:
        project: The open project.
        labels: What was read of it.
    """
    data, told = covered_labels(project, labels.data, without=True)
    if not told:
        return labels
    if data.intensities is not None:
        data = replace(data, intensities=replace(data.intensities, notes=(*data.intensities.notes, told)))
    elif data.categories is not None:
        data = replace(data, categories=replace(data.categories, notes=(*data.categories.notes, told)))
    made = labels_of(data, labels.study, labels.options.studies, labels.sources)
    may = allowed(project, "export")
    raters = tuple(code for code in made.options.raters if code not in may.raters)
    subjects = tuple(code for code in made.options.subjects if code not in may.subjects)
    return replace(made, options=replace(made.options, raters=raters, subjects=subjects))


def labels_of(
    data: ProjectRatings, study: str = "", studies: tuple[str, ...] = (), sources: tuple[SourceFile, ...] = ()
) -> Labels:
    """Return labels that were already read from a project or from files.

    Args:
        data: The labels.
        study: Name of the study that they belong to; empty for all together.
        studies: Names of all studies, for the filters.
        sources: What they were read from.
    """
    tables = [t for t in (data.intensities, data.categories) if t is not None]
    raters = {n for t in tables for n in t.rater.names} | {t.rater for t in data.traces}
    subjects = {n for t in tables for n in t.items.subject.names} | {t.subject for t in data.traces}
    conditions = {n for t in tables for n in t.condition.names} | {t.condition for t in data.traces}
    passes = {int(n) for t in tables for n in np.unique(t.pass_no)} | {t.pass_no for t in data.traces}
    options = Options(
        studies,
        tuple(sorted(raters)),
        tuple(sorted(subjects - {""})),
        tuple(sorted(conditions - {""})),
        tuple(sorted(passes)),
    )
    return Labels(study, data, options, _scale(data.intensities), sources)


def _scale(table: RatingTable | None) -> tuple[float, float]:
    if table is not None and table.scale is not None:
        return table.scale
    if table is None or not np.isfinite(table.score).any():
        return 0.0, 5.0
    return min(0.0, float(np.nanmin(table.score))), max(5.0, float(np.nanmax(table.score)))


def chosen(labels: Labels, choice: LabelFilter) -> ProjectRatings:
    """Apply the filters to labels; a later pass is returned as if it were the first."""
    data = labels.data
    out = set(choice.without)
    if not choice.with_excluded:
        out |= {one.rater for one in data.exclusions}
    keep = tuple(r for r in labels.options.raters if r not in out and (not choice.raters or r in choice.raters))
    return replace(
        data,
        intensities=_rows(data.intensities, choice, keep),
        categories=_rows(data.categories, choice, keep),
        traces=tuple(
            replace(t, pass_no=1)
            for t in data.traces
            if t.rater in keep
            and t.pass_no == choice.pass_no
            and (not choice.conditions or t.condition in choice.conditions)
            and (not choice.subjects or t.subject in choice.subjects)
        ),
    )


def of_all_passes(labels: Labels, choice: LabelFilter) -> RatingTable | None:
    """Return the intensities of every pass under the other filters, for test-retest reliability."""
    out = set(choice.without) | (set() if choice.with_excluded else {one.rater for one in labels.data.exclusions})
    keep = tuple(r for r in labels.options.raters if r not in out and (not choice.raters or r in choice.raters))
    table = labels.data.intensities
    return None if table is None else table.where(_mask(table, choice, keep, every_pass=True))


def _rows(table: T | None, choice: LabelFilter, raters: tuple[str, ...]) -> T | None:
    if table is None:
        return None
    notes: tuple[str, ...] = table.notes
    kept: T = table.where(_mask(table, choice, raters))
    if not len(kept):
        return None
    if choice.pass_no != 1:
        kept = replace(kept, pass_no=np.ones_like(kept.pass_no))
        notes = (*notes, f"These are answers of pass {choice.pass_no}, given by people who had judged before.")
    return replace(kept, notes=notes)


def _mask(
    table: RatingTable | CategoryTable, choice: LabelFilter, raters: tuple[str, ...], *, every_pass: bool = False
) -> NDArray[np.bool_]:
    mask = np.isin(table.rater.codes, _codes(table.rater.names, raters))
    if not every_pass:
        mask &= table.pass_no == choice.pass_no
    if choice.conditions:
        mask &= np.isin(table.condition.codes, _codes(table.condition.names, choice.conditions))
    if choice.subjects:
        subject = table.items.subject
        mask &= np.isin(subject.codes[table.item], _codes(subject.names, choice.subjects))
    return mask


def _codes(names: tuple[str, ...], wanted: Iterable[str]) -> list[int]:
    wished = set(wanted)
    return [code for code, name in enumerate(names) if name in wished]


def best_unit(data: ProjectRatings) -> Unit:
    """Return the unit that intervals resample: the highest level that the labels name and that occurs more than once.

    Answers about one person resemble each other, and so do those about one clip. Resampling them one by one would
    overstate the evidence. A small number of units is no reason to use a lower level.

    Args:
        data: The labels.
    """
    table = data.intensities if data.intensities is not None else data.categories
    if table is not None:
        return highest_unit(table.items, table.item)
    if len({trace.subject for trace in data.traces}) > 1:
        return "subject"
    return "clip" if len({trace.clip for trace in data.traces}) > 1 else "item"


def highest_unit(items: Items, used: NDArray[np.int32]) -> Unit:
    """Return subject if the items name several, otherwise clip if there are several, otherwise item.

    One person or one clip cannot be resampled. Results are then about this one, and say so.

    Args:
        items: All items.
        used: (n,) int32 item of each label.
    """
    here = np.unique(used)
    if np.unique(items.subject.codes[here]).size > 1:
        return "subject"
    return "clip" if np.unique(items.clip.codes[here]).size > 1 else "item"
