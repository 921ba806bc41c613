"""Gold standards by the model of raters: values with intervals, for intensities and categories."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from app.agreement.bayes.model import category_model, intensity_model
from app.agreement.gold import GoldRecipe
from app.agreement.label_gold import label_gold
from app.domain.ratings import CategoryTable, RatingTable

SCOPE = "one model of all items, emotions and conditions"
Made = tuple[str, str, dict[str, Any], dict[str, float]]
Dropped = tuple[tuple[str, str], ...]


def bayes_intensities(table: RatingTable, dropped: Dropped) -> Iterator[Made]:
    """Yield the gold standard of each judged item and condition.

    Args:
        table: The ratings of the first pass that count.
        dropped: Raters left out, with reasons; they are noted in the recipe.

    Yields:
        Item, condition, recipe and value of each emotion in points. The recipe holds the interval and the standard
        deviation (`spread`) of each emotion.

    Raises:
        UserError: There is nothing to fit.
    """
    if not len(table):
        return
    model = intensity_model(table)
    columns, band, n = model.fit.columns, model.truths.points, model.n_of_cell()
    data = columns.data
    silent = tuple((code, why) for code, why in data.allowed if not (data.rater == data.raters.index(code)).any())
    raters = tuple(code for code in data.raters if code not in dict(silent))
    recipe = GoldRecipe("intensity", "bayes", raters, (*dropped, *silent), scope=SCOPE).as_dict()
    found: dict[tuple[int, int], Made] = {}
    for u, (i, e) in enumerate(zip(columns.unit_item.tolist(), columns.unit_emotion.tolist(), strict=True)):
        emotion = columns.data.emotions[e]
        for c, condition in enumerate(columns.data.conditions):
            if n[u, c] == 0:
                continue
            if (i, c) not in found:
                detail = {
                    **recipe, "level": model.level, "interval": {}, "spread": {}, "n": {}, "notes": list(model.notes),
                }  # fmt: skip
                found[i, c] = (columns.data.items[i], condition, detail, {})
            _, _, detail, value = found[i, c]
            value[emotion] = float(band.mean[u, c])
            detail["interval"][emotion] = [float(band.low[u, c]), float(band.high[u, c])]
            detail["spread"][emotion] = float(band.sd[u, c])
            detail["n"][emotion] = int(n[u, c])
    yield from found.values()


def bayes_categories(table: CategoryTable, dropped: Dropped) -> Iterator[Made]:
    """Yield the gold standard of each labelled item and condition.

    Args:
        table: The labels that count.
        dropped: Raters left out, with reasons; they are noted in the recipe.

    Yields:
        Item, condition, recipe and the share of each category that people see. The recipe holds the interval of each
        share, the label with the largest share, and the votes.

    Raises:
        UserError: There are no labels.
    """
    if not len(table):
        return
    model = category_model(table)
    told = label_gold(model.shares.mean, "plurality")
    recipe = GoldRecipe("category", "bayes", model.raters, dropped, scope=SCOPE).as_dict()
    for k, (i, c) in enumerate(zip(model.cell_item.tolist(), model.cell_condition.tolist(), strict=True)):
        shares = {name: float(p) for name, p in zip(model.categories, model.shares.mean[k], strict=True)}
        ends = zip(model.categories, model.shares.low[k].tolist(), model.shares.high[k].tolist(), strict=True)
        label = int(told.label[k])
        detail = {
            **recipe, "state": told.state[k], "label": model.categories[label] if label >= 0 else None,
            "interval": {name: [low, high] for name, low, high in ends}, "n": int(model.n[k]),
            "seed": model.fit.seed,
        }  # fmt: skip
        yield model.items[i], model.conditions[c], detail, shares
