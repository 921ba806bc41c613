"""Small models of raters for examples in docstrings."""

from __future__ import annotations

from functools import cache

import numpy as np

from app.agreement.bayes.model import CategoryModel, IntensityModel, category_model, intensity_model
from app.domain.ratings import CategoryTable, Factor, Items, RatingTable


@cache
def model() -> IntensityModel:
    """Return the model of twelve items, two emotions, two conditions and three raters.

    Example:
        >>> model().fit.columns.n_units
        24
    """
    rng = np.random.default_rng(0)
    item, emotion, condition, rater = (a.ravel().astype(np.int32) for a in np.indices((12, 2, 2, 3)))
    truth = rng.uniform(0.0, 5.0, (12, 2))[item, emotion] + 0.5 * condition
    score = np.clip(np.rint(truth + rng.normal(0.0, 0.8, item.size)), 0.0, 5.0)
    table = RatingTable(
        Items.of_clips(tuple(f"c{k}" for k in range(12))), item, Factor(condition, ("face_only", "full_context")),
        Factor(rater, ("R1", "R2", "R3")), Factor(emotion, ("happy", "sad")), score,
        np.ones(item.size, dtype=np.int32), scale=(0.0, 5.0),
    )  # fmt: skip
    return intensity_model(table)


@cache
def categories() -> CategoryModel:
    """Return the model of two items, two categories and three raters.

    Example:
        >>> categories().raters
        ('R1', 'R2', 'R3')
    """
    codes = np.array([0, 0, 0, 1, 1, 0], dtype=np.int32)
    table = CategoryTable(
        Items.of_clips(("a", "b")), np.repeat(np.arange(2, dtype=np.int32), 3), Factor.constant("face_only", 6),
        Factor(np.tile(np.arange(3, dtype=np.int32), 2), ("R1", "R2", "R3")), Factor(codes, ("happy", "sad")),
        np.ones(6, dtype=np.int32),
    )  # fmt: skip
    return category_model(table)
