"""What the model of raters says as tables of results."""

from __future__ import annotations

from app.agreement.bayes.model import CategoryModel, IntensityModel
from app.agreement.bayes.trace_model import TracesModel
from app.agreement.tables import Cell, ResultTable

ITEMS = "Items by the model of raters"
CONTEXT = "Effect of context by the model of raters"
CONTEXT_OF_ITEMS = "Effect of context on items by the model of raters"
RATERS = "Raters by the model of raters"
CHECK = "Check of the model of raters"
TRACE_RATERS = "Raters of traces by the model of raters"
TRACE_TRUTH = "Truth of traces by the model of raters"


def item_table(model: IntensityModel) -> ResultTable:
    """Tabulate the intensity of each item, emotion and condition with its interval.

    Example:
        >>> from app.agreement.bayes.example import model
        >>> item_table(model()).header
        ('item', 'emotion', 'condition', 'points', 'low', 'high', 'sd', 'n_ratings')
    """
    columns, band, n = model.fit.columns, model.truths.points, model.n_of_cell()
    rows: list[tuple[Cell, ...]] = []
    for u in range(columns.n_units):
        item, emotion = columns.data.items[columns.unit_item[u]], columns.data.emotions[columns.unit_emotion[u]]
        for c, condition in enumerate(columns.data.conditions):
            values = [float(part[u, c]) for part in (band.mean, band.low, band.high, band.sd)]
            rows.append((item, emotion, condition, *values, int(n[u, c])))
    header = ("item", "emotion", "condition", "points", "low", "high", "sd", "n_ratings")
    return ResultTable(ITEMS, header, tuple(rows))


def context_table(model: IntensityModel) -> ResultTable:
    """Tabulate what conditions add to each emotion, as a mean over the judged items.

    Example:
        >>> from app.agreement.bayes.example import model
        >>> len(context_table(model()).rows)
        2
    """
    data, band = model.fit.columns.data, model.truths.by_emotion
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (emotion, data.conditions[0], condition, *(float(p[e, k]) for p in (band.mean, band.low, band.high, band.sd)))
        for e, emotion in enumerate(data.emotions)
        for k, condition in enumerate(data.conditions[1:])
    )
    return ResultTable(CONTEXT, ("emotion", "a", "b", "context_points", "low", "high", "sd"), rows)


def item_context_table(model: IntensityModel) -> ResultTable:
    """Tabulate what conditions add to each item and emotion.

    Example:
        >>> from app.agreement.bayes.example import model
        >>> table = item_context_table(model())
        >>> len(table.rows) == model().fit.columns.n_units
        True
    """
    columns, band = model.fit.columns, model.truths.context
    data = columns.data
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (
            data.items[columns.unit_item[u]], data.emotions[columns.unit_emotion[u]], data.conditions[0], condition,
            *(float(p[u, k]) for p in (band.mean, band.low, band.high, band.sd)),
        )
        for u in range(columns.n_units)
        for k, condition in enumerate(data.conditions[1:])
    )  # fmt: skip
    header = ("item", "emotion", "a", "b", "context_points", "low", "high", "sd")
    return ResultTable(CONTEXT_OF_ITEMS, header, rows)


def rater_table(model: IntensityModel) -> ResultTable:
    """Tabulate the raters' profiles.

    Example:
        >>> from app.agreement.bayes.example import model
        >>> [row[0] for row in rater_table(model()).rows]
        ['R1', 'R2', 'R3']
    """
    header = (
        "rater", "n_ratings", "model_bias", "model_bias_low", "model_bias_high", "noise", "noise_low", "noise_high",
        "drift", "drift_low", "drift_high", "profile",
    )  # fmt: skip
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (p.rater, p.n_ratings, *p.bias, *p.noise, *p.drift, p.words) for p in model.raters
    )
    return ResultTable(RATERS, header, rows)


def check_table(model: IntensityModel) -> ResultTable:
    """Tabulate the ratings beside ratings drawn from the model.

    Example:
        >>> from app.agreement.bayes.example import model
        >>> check_table(model()).rows[0][0]
        'share of score 0'
    """
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (c.what, c.of, c.observed, c.mean, c.low, c.high, c.away, "yes" if c.fits else "no") for c in model.checked
    )
    return ResultTable(CHECK, ("what", "of", "observed", "drawn", "low", "high", "away", "fits"), rows)


def share_table(model: CategoryModel) -> ResultTable:
    """Tabulate the shares of categories that people see in each item and condition.

    Example:
        >>> from app.agreement.bayes.example import categories
        >>> share_table(categories()).rows[0][:3]
        ('a', 'face_only', 'happy')
    """
    band = model.shares
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (
            model.items[model.cell_item[i]], model.conditions[model.cell_condition[i]], category,
            *(round(float(p[i, k]), 4) for p in (band.mean, band.low, band.high, band.sd)),
            int(model.n[i]),
        )
        for i in range(model.cell_item.size)
        for k, category in enumerate(model.categories)
    )  # fmt: skip
    header = ("item", "condition", "category", "share", "low", "high", "sd", "n_ratings")
    return ResultTable("Categories by the model of raters", header, rows)


def confusion_table(model: CategoryModel) -> ResultTable:
    """Tabulate what each rater says where a category is seen.

    Example:
        >>> from app.agreement.bayes.example import categories
        >>> len(confusion_table(categories()).rows)
        12
    """
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (rater, seen, said, float(model.fit.confusion[r, j, k]))
        for r, rater in enumerate(model.raters)
        for j, seen in enumerate(model.categories)
        for k, said in enumerate(model.categories)
    )
    return ResultTable("Confusions by the model of raters", ("rater", "seen", "said", "share"), rows)


def trace_rater_table(model: TracesModel) -> ResultTable:
    """Tabulate lag, gain, offset and noise of each rater of traces.

    Example:
        >>> from app.agreement.bayes.trace_model import TracesModel
        >>> trace_rater_table(TracesModel((), {})).rows
        ()
    """
    names = ("lag", "gain", "offset", "noise")
    header = ["condition", "dimension", "rater", "seconds"]
    header += [f"{name}{end}" for name in names for end in ("", "_low", "_high")]
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (
            panel.condition, panel.dimension, rater, float(panel.seconds[r]),
            *(float(part[r]) for band in (found.lag_s, found.gain, found.offset, found.noise)
              for part in (band.mean, band.low, band.high)),
            panel.words(r),
        )
        for panel in model.panels
        for found in [panel.model]
        for r, rater in enumerate(panel.raters)
    )  # fmt: skip
    return ResultTable(TRACE_RATERS, (*header, "profile"), rows)


def trace_truth_table(model: TracesModel) -> ResultTable:
    """Tabulate the truth of each traced item over time, with its interval.

    Example:
        >>> from app.agreement.bayes.trace_model import TracesModel
        >>> trace_truth_table(TracesModel((), {})).header[:4]
        ('condition', 'dimension', 'item', 'time_s')
    """
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (panel.condition, panel.dimension, item, round(float(time), 3),
         *(round(float(part[k]), 4) for part in (truth.mean, truth.low, truth.high, truth.sd)))
        for panel in model.panels
        for item, times, truth in zip(panel.items, panel.times_s, panel.model.truths, strict=True)
        for k, time in enumerate(times)
    )  # fmt: skip
    return ResultTable(TRACE_TRUTH, ("condition", "dimension", "item", "time_s", "value", "low", "high", "sd"), rows)


def model_tables(
    model: IntensityModel | None, categories: CategoryModel | None, traces: TracesModel | None = None
) -> list[ResultTable]:
    """Return every table that has rows.

    Example:
        >>> from app.agreement.bayes.example import model
        >>> len(model_tables(model(), None))
        5
    """
    tables: list[ResultTable] = []
    if model is not None:
        tables += [item_table(model), context_table(model), item_context_table(model), rater_table(model)]
        tables.append(check_table(model))
    if categories is not None:
        tables += [share_table(categories), confusion_table(categories)]
    if traces is not None:
        tables += [trace_rater_table(traces), trace_truth_table(traces)]
    return [table for table in tables if table.rows]
