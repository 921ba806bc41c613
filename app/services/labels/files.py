"""Reads CSV files of labels as tables for statistics, together with the list of raters beside them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Final, TypeVar

import numpy as np

from app.domain.ratings import CategoryTable, CountTable, ProjectRatings, RatingTable
from app.errors import UserError
from app.interchange.tidy import TidyRater, read_raters
from app.interchange.tidy_ratings import read_categories, read_ratings

RATERS: Final = "raters.csv"
"""Name of the list of raters that `ratings export` writes."""

Table = TypeVar("Table", RatingTable, CategoryTable)


def load_rating_files(
    ratings: Path | None,
    categories: Path | None,
    raters: Path | None = None,
    scale: tuple[float, float] | None = None,
) -> tuple[ProjectRatings, CountTable | None]:
    """Read files of labels, and a list of raters that says who is simulated.

    Args:
        ratings: A CSV file of intensities.
        categories: A CSV file of categories, or of votes for each category.
        raters: A list of raters as `ratings export` writes it; by default the `raters.csv` beside each file.
        scale: Lowest and highest point of the scores; by default those that the file or the data dictionary beside it
            states.

    Returns:
        The tables, and the votes if the second file has only these. `simulated` is None if no list says it.

    Raises:
        UserError: A file cannot be read, or a list is named for votes, which do not name raters.
    """
    intensities = None if ratings is None else _told(read_ratings(ratings), ratings, raters)
    if intensities is not None and scale is not None:
        intensities = replace(intensities, scale=scale)
    labels = None if categories is None else read_categories(categories)
    if isinstance(labels, CountTable):
        if raters is not None and intensities is None:
            raise UserError(
                "Votes do not say which rater gave them.", "Leave out the file of raters.", "Leave out --raters."
            )
        return ProjectRatings(intensities=intensities), replace(labels, simulated=None)
    if labels is not None and categories is not None:
        labels = _told(labels, categories, raters)
    return ProjectRatings(intensities=intensities, categories=labels), None


def _told(table: Table, path: Path, named: Path | None) -> Table:
    """Add to a table which raters were simulated, or a note that this is not known."""
    listed, why = _listed(path, named)
    if listed is None:
        note = f"Whether raters were simulated cannot be told: {why}; --raters FILE names a list."
        return replace(table, simulated=None, notes=(*table.notes, note))
    simulated = {rater.code: rater.simulated for rater in listed}
    used = [table.rater.names[code] for code in np.unique(table.rater.codes) if code >= 0]
    unknown = [code for code in used if code not in simulated]
    notes: list[str] = list(table.notes)
    if unknown:
        where = (named or path.with_name(RATERS)).name
        notes.append(f"{where} does not list {', '.join(unknown)}: whether simulated cannot be told.")
    known = any(simulated[code] for code in used if code in simulated)
    return replace(table, simulated=True if known else None if unknown else False, notes=tuple(notes))


def _listed(path: Path, named: Path | None) -> tuple[list[TidyRater] | None, str]:
    """Read the list of raters, or give None and the reason; a list that the user named must be valid."""
    if named is not None:
        return read_raters(named), ""
    beside = path.with_name(RATERS)
    if not beside.is_file():
        return None, f"no {RATERS} lies beside {path.name}"
    try:
        return read_raters(beside), ""
    except UserError as error:
        return None, f"the {RATERS} beside {path.name} is not a list of raters ({error.what.rstrip('.')})"
