"""Intraclass correlations, kappa of pairs of raters and test-retest reliability of one choice of labels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Literal

import numpy as np
from numpy.typing import NDArray

from app.agreement.clusters import clusters_of
from app.agreement.estimate import NAN, Estimate
from app.agreement.icc import IccSet, icc
from app.agreement.pair_kappa import ESTIMATOR, MOST_INTERVALS, Places, pair_kappas, pair_values
from app.agreement.printed import with_interval
from app.agreement.retest import Retest, over_cells, retest_reliability
from app.agreement.settings import AgreementSettings
from app.agreement.tables import ResultTable
from app.domain.ratings import RatingTable

Float = NDArray[np.float64]

MOST_RATINGS: Final = 1_000_000
"""Larger tables have their reliability in the page only: it takes longer than all the rest."""


@dataclass(frozen=True, eq=False)
class PairMatrix:
    """Agreement of every pair of raters.

    Attributes:
        kind: Whether intensities or traces are compared.
        title: Title of the matrix.
        estimator: Full name of the estimator.
        raters: Codes of the raters.
        values: (raters, raters) float64, NaN where undefined.
        estimates: (first, second) → value with its interval, first before second. Empty where there are none, and for
            single emotions where there are more than `MOST_INTERVALS` pairs.
        n_items: (raters, raters) int64 numbers of items that both judged; None where `estimates` holds them.
    """

    kind: Literal["intensity", "trace"]
    title: str
    estimator: str
    raters: tuple[str, ...]
    values: Float
    estimates: dict[tuple[int, int], Estimate] = field(default_factory=dict)
    n_items: NDArray[np.int64] | None = None


@dataclass(frozen=True, eq=False)
class Reliability:
    """The coefficients that are computed from single raters' scores, in addition to the table of emotions.

    Attributes:
        iccs: Intraclass correlations by (condition, emotion).
        kappas: Kappa of pairs of raters; means over emotions come first.
        retest: Test-retest reliability of each rater.
    """

    iccs: dict[tuple[str, str], IccSet]
    kappas: tuple[PairMatrix, ...]
    retest: tuple[Retest, ...]

    def estimates(self) -> list[Estimate]:
        """Return all estimates."""
        found = [e for one in self.iccs.values() for e in one.all()]
        found += [e for m in self.kappas for e in m.estimates.values()]
        return found + [one.kappa for one in self.retest]

    def as_dict(self) -> dict[str, Any]:
        """Return every estimate as JSON types."""
        return {
            "icc": [e.as_dict() for found in self.iccs.values() for e in found.all()],
            "kappa_pairs": [e.as_dict() for m in self.kappas for e in m.estimates.values()],
            "retest": [one.kappa.as_dict() for one in self.retest],
        }

    def printed(self) -> list[ResultTable]:
        """Return tables for a terminal: intraclass correlations, then kappa of pairs and of repeated answers."""
        incomplete = any(found.mixed_agreement is not None for found in self.iccs.values())
        rows = tuple(
            (condition, emotion, with_interval(found.agreement), with_interval(found.agreement_mean),
             "–" if found.mixed_agreement is None else with_interval(found.mixed_agreement))[: 5 if incomplete else 4]
            for (condition, emotion), found in self.iccs.items()
        )  # fmt: skip
        header: tuple[str, ...] = (
            "condition",
            "emotion",
            "ICC(A,1), complete items",
            "ICC(A,k), complete items",
            "ICC(A,1), REML",
        )
        header = header if incomplete else header[:4]
        several: list[tuple[str, Estimate]] = []
        for one in self.kappas:
            if ", " not in one.title:
                pairs = list(one.estimates.values())
                several += [(e.about, e) for e in pairs] if len(pairs) <= MOST_INTERVALS else _extremes(pairs)
        several += [(one.kappa.about, one.kappa) for one in self.retest]
        kappas = tuple((about, with_interval(e), str(e.n_items), e.estimator) for about, e in several)
        tables = [
            ResultTable("Intraclass correlations", header, rows),
            ResultTable(
                "Kappa of pairs of raters and of repeated answers", ("of", "kappa", "items", "estimator"), kappas
            ),
        ]
        return [table for table in tables if table.rows]

    def notes(self) -> list[str]:
        """Return the reasons why values in `printed` are missing."""
        every = [e for found in self.iccs.values() for e in (found.agreement, found.agreement_mean)]
        out = list(dict.fromkeys(f"{e.estimator} for {e.about}: {e.reason}." for e in every if not e.defined))
        count = max((len(m.estimates) for m in self.kappas), default=0)
        if count > MOST_INTERVALS:
            out.append(
                f"Kappa of {count:,} pairs of raters has no intervals, and the lowest, the middle and the highest of "
                "them are shown; the tables (--csv DIR) have them all."
            )
        return out


def _extremes(pairs: Sequence[Estimate]) -> list[tuple[str, Estimate]]:
    """The pairs with the lowest, the middle and the highest value, each with what it is."""
    known = sorted((one for one in pairs if one.defined), key=lambda one: one.value)
    if not known:
        return []
    chosen = (("lowest", known[0]), ("middle", known[(len(known) - 1) // 2]), ("highest", known[-1]))
    return [(f"{which} of {len(known):,} pairs: {one.about}", one) for which, one in chosen]


def reliability_of(
    table: RatingTable | None, every_pass: RatingTable | None, settings: AgreementSettings
) -> Reliability:
    """Compute intraclass correlations, kappa of pairs and test-retest reliability.

    Args:
        table: Ratings of the pass that is analysed; None where there are none.
        every_pass: Ratings of all passes, for test-retest reliability; None to leave that out.
        settings: The unit of resampling and the level.

    Raises:
        UserError: Subjects are to be resampled, but the labels name none.
    """
    retest = () if every_pass is None else retest_reliability(every_pass, unit=settings.unit, level=settings.level)
    if table is None:
        return Reliability({}, (), tuple(retest))
    return Reliability(_iccs(table, settings), tuple(_kappas(table, settings)), tuple(retest))


def wide(table: RatingTable, condition: str, emotion: str) -> Float:
    """Return the scores of one emotion in one condition: (items, raters) float64, NaN for missing.

    Args:
        table: Ratings of one pass.
        condition: Name of the condition.
        emotion: Name of the emotion.
    """
    rows = (table.condition.codes == table.condition.code_of(condition)) & (
        table.emotion.codes == table.emotion.code_of(emotion)
    )
    out = np.full((len(table.items), len(table.rater.names)), NAN)
    out[table.item[rows], table.rater.codes[rows]] = table.score[rows]
    return out


def _iccs(table: RatingTable, settings: AgreementSettings) -> dict[tuple[str, str], IccSet]:
    out = {}
    used = np.zeros(len(table.items), dtype=bool)
    used[table.item] = True
    unit = clusters_of(table.items, used, settings.unit).of_item
    for condition in table.condition.names:
        for emotion in table.emotion.names:
            matrix = wide(table, condition, emotion)
            present = ~np.isnan(matrix)
            rows = present.any(axis=1)
            matrix = matrix[:, present.any(axis=0)][rows]
            if matrix.size:
                out[condition, emotion] = icc(
                    matrix, level=settings.level, interval=settings.icc_interval, unit=unit[rows],
                    unit_name=settings.unit, about=f"{emotion} in {condition}",
                )  # fmt: skip
    return out


def _kappas(table: RatingTable, settings: AgreementSettings) -> list[PairMatrix]:
    """Return the quadratic-weighted kappa of every pair of raters: means by condition, then each emotion."""
    table = table.where(~np.isnan(table.score))
    raters = np.flatnonzero(np.bincount(table.rater.codes + 1, minlength=len(table.rater.names) + 1)[1:] > 0)
    used = np.zeros(len(table.items), dtype=bool)
    used[table.item] = True
    unit = clusters_of(table.items, used, settings.unit).of_item
    cells = {
        (condition, emotion): wide(table, condition, emotion)[:, raters]
        for condition in table.condition.names
        for emotion in table.emotion.names
    }
    cells = {key: matrix for key, matrix in cells.items() if not np.isnan(matrix).all()}
    conditions = list(dict.fromkeys(condition for condition, _ in cells))
    groups = [("all conditions", list(cells))] if len(conditions) > 1 else []
    groups += [(c, [key for key in cells if key[0] == c]) for c in conditions]
    groups += [(f"{emotion}, {condition}", [(condition, emotion)]) for condition, emotion in cells]
    out = []
    for title, keys in groups:
        n = len(table.items)
        places = Places(
            np.repeat(np.arange(len(keys)), n), np.tile(np.arange(n), len(keys)), np.tile(unit, len(keys)),
            settings.unit, over_cells(len({e for _, e in keys}), len({c for c, _ in keys})),
        )  # fmt: skip
        codes = tuple(table.rater.names[k] for k in raters)
        matrix = np.concatenate([cells[key] for key in keys])
        out.append(_pair_matrix(f"Intensities: {title}", matrix, places, codes, settings.level))
    return out


def _pair_matrix(title: str, matrix: Float, places: Places, codes: tuple[str, ...], level: float) -> PairMatrix:
    about = title.removeprefix("Intensities: ")
    of_one_emotion = ", " in about
    if of_one_emotion and len(codes) * (len(codes) - 1) // 2 > MOST_INTERVALS:
        found = pair_values(matrix, places)
        values = found.values.copy()
        np.fill_diagonal(values, 1.0)
        return PairMatrix("intensity", title, f"{ESTIMATOR} (Cohen 1968)", codes, values, n_items=found.n_items)
    estimates = pair_kappas(matrix, places, codes, level=level, about=about)
    values = np.eye(len(codes))
    for (a, b), one in estimates.items():
        values[a, b] = values[b, a] = one.value
    name = next((one.estimator for one in estimates.values()), ESTIMATOR)
    return PairMatrix("intensity", title, f"{name} (Cohen 1968)", codes, values, estimates)
