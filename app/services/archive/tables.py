"""The tables of an archive, computed from its data files alone, so that anybody can compute them again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from app.agreement.page import methods_sentences
from app.agreement.report import AgreementReport, agreement_report
from app.agreement.resample import Unit
from app.agreement.settings import AgreementSettings
from app.agreement.tables import all_tables, table_csv
from app.errors import UserError
from app.services.agreement.choose import best_unit
from app.services.labels.files import load_rating_files

FILES = ("intensities", "categories")


@dataclass(frozen=True)
class Recipe:
    """How the tables are computed.

    Attributes:
        unit: What intervals resample; empty for the best one of the data.
        seed: Seed of all draws.
        replicates: Resamples; 0 for no intervals.
        left_out: Raters whom the project leaves out.
        scale: Lowest and highest point of the intensities; None where there are none.
    """

    unit: str = ""
    seed: int = 0
    replicates: int = 1000
    left_out: tuple[str, ...] = ()
    scale: tuple[float, float] | None = None

    def as_dict(self) -> dict[str, Any]:
        """Return plain values."""
        return {
            "unit": self.unit, "seed": self.seed, "replicates": self.replicates, "left_out": list(self.left_out),
            "scale": None if self.scale is None else list(self.scale),
        }  # fmt: skip

    @classmethod
    def of(cls, facts: Mapping[str, Any]) -> Recipe:
        """Return the recipe that an archive states.

        Raises:
            UserError: It states none that can be read.
        """
        try:
            scale = facts["scale"]
            low_high = None if scale is None else (float(scale[0]), float(scale[1]))
            raters = tuple(str(code) for code in facts["left_out"])
            return cls(str(facts["unit"]), int(facts["seed"]), int(facts["replicates"]), raters, low_high)
        except (KeyError, TypeError, ValueError, IndexError) as error:
            raise UserError("The archive does not say how its tables are computed.", "Get another copy.") from error


@dataclass(frozen=True)
class Computed:
    """Tables, and what they were computed with.

    Attributes:
        tables: Name of the file → its content.
        recipe: The recipe, with the unit that was taken.
        methods: Sentences for the methods section of a paper.
    """

    tables: dict[str, str]
    recipe: Recipe
    methods: tuple[str, ...]


def computed(data: Mapping[str, Path], raters: Path, recipe: Recipe) -> Computed:
    """Compute the tables of agreement from files of labels.

    Args:
        data: "intensities" and "categories" → file, as far as there are such labels.
        raters: The list of raters.
        recipe: How.

    Raises:
        UserError: A file cannot be read.
    """
    if not data:
        return Computed({}, recipe, ())
    labels, votes = load_rating_files(data.get("intensities"), data.get("categories"), raters, recipe.scale)
    ratings, categories = labels.intensities, votes if votes is not None else labels.categories
    if recipe.left_out:
        ratings = None if ratings is None else ratings.without_raters(set(recipe.left_out) & set(ratings.rater.names))
        if labels.categories is not None:
            known = set(labels.categories.rater.names)
            categories = labels.categories.without_raters(set(recipe.left_out) & known)
    unit = cast(Unit, recipe.unit or best_unit(labels))
    settings = AgreementSettings(unit=unit, replicates=recipe.replicates, seed=recipe.seed)
    report: AgreementReport = agreement_report(ratings, categories, settings)
    used = Recipe(unit, recipe.seed, recipe.replicates, recipe.left_out, recipe.scale)
    names = [(table.title.lower().replace(" ", "_"), table) for table in all_tables(report)]
    return Computed({f"{name}.csv": table_csv(table) for name, table in names}, used, _methods(report))


def _methods(report: AgreementReport) -> tuple[str, ...]:
    sentences: Sequence[str] = methods_sentences(report)
    return tuple(sentences)
