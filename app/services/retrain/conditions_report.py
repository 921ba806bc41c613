"""The results of the context experiment: accuracies, gains with intervals over subjects, people's figures, the page."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from app import __version__
from app.agreement.category_prediction import HumanCeiling, human_ceiling
from app.agreement.conditions import Difference, Told, told, weighted
from app.agreement.page import Section, report_html
from app.agreement.provenance import Provenance
from app.agreement.tables import ResultTable
from app.batch import Failed
from app.domain.item_data import ItemData
from app.domain.words import many
from app.files import replacing
from app.services.retrain.report_files import write_page

FACTS: Final = "conditions.json"
PAGE: Final = "conditions.html"
NAMES: Final = ("accuracies", "gains", "people")
"""Names of the three tables, in files and in the record of the training."""
FACE: Final = "face"
BOTH: Final = "both"
"""The two kinds of streams whose difference is the gain from context."""
Predictions = dict[tuple[str, str], list[NDArray[np.float32]]]
"""(what is read, condition that was learned) → for each seed N×K."""
Right = dict[tuple[str, str, str], list[Told]]
"""(what is read, condition learned, condition tested) → for each seed, which items were told right."""
Term = tuple[float, list[Told]]
"""A weight, and an accuracy: the mean over seeds."""


@dataclass(frozen=True, eq=False)
class Trained:
    """The trained models of the experiment, ready to be reported.

    Attributes:
        recipe: Name of the recipe and what was chosen, in words.
        labels: Which labels, in words.
        streams: The streams of each kind of reading.
        conditions: The viewing conditions.
        seeds: How often each model was trained.
        data: The frozen items under each condition.
        predicted: The predictions.
        notes: What the user should know.
        failed: The items that could not be read, which nothing has learned from.
    """

    recipe: str
    labels: str
    streams: Mapping[str, tuple[str, ...]]
    conditions: tuple[str, ...]
    seeds: int
    data: Mapping[str, ItemData]
    predicted: Predictions
    notes: tuple[str, ...]
    failed: tuple[Failed, ...] = ()


def tables_of(trained: Trained) -> tuple[tuple[ResultTable, ...], str]:
    """Return accuracies, gains and people's figures, and a sentence on how much was tested."""
    data, conditions = trained.data, trained.conditions
    subject = data[conditions[0]].subject
    right = {
        (name, learned, asked): [told(one, data[asked].target) for one in each]
        for (name, learned), each in trained.predicted.items()
        for asked in conditions
    }
    known = np.all([one.known for each in right.values() for one in each], axis=0)
    people = {
        name: human_ceiling(np.array(data[name].said[known]), len(data[name].classes), subject[known])
        for name in conditions
    }
    n = f"{many(int(known.sum()), 'item')} of {many(len(np.unique(subject[known])), 'subject')}"
    return (_accuracies(right, subject), _gains(right, subject, conditions, trained.streams), _people(people)), n


def write_conditions(folder: Path, trained: Trained) -> tuple[ResultTable, ...]:
    """Write the page, the tables as CSV and LaTeX, and the facts for programs; returns the tables.

    Raises:
        UserError: A file cannot be written.
    """
    tables, n = tables_of(trained)
    about = ResultTable(
        "Where this comes from",
        ("what", "value"),
        (
            ("program", f"affectograph {__version__}"),
            ("date", Provenance.now()),
            ("recipe", trained.recipe),
            ("labels", trained.labels),
            ("tested", f"{n}, each predicted by a model that has not seen the subject"),
            ("seeds", f"{trained.seeds}; accuracies are means over seeds"),
            *(("streams", f"{name}: {', '.join(streams)}") for name, streams in trained.streams.items()),
            *(("note", note) for note in trained.notes),
        ),
    )
    text = (
        "The same recipe learned what people said who saw the face alone, and what people said who saw everything. "
        "Each model is tested on what both groups said of people whom it has never seen. “Face” is the face alone, "
        "“surroundings” the frame with the face covered.",
        "A gain from context is the accuracy of “both” minus that of “face”, on the labels that were learned. If "
        "people use the scene, labels of full context gain and labels of the face alone do not.",
    )
    sections = [
        Section("models", "Models and labels", text=text, tables=tables),
        Section("origin", "Where this comes from", tables=(about,)),
    ]
    methods = [
        "Intervals are Student's t intervals of the jackknife over subjects (Tukey 1958). Differences are paired: a "
        "subject is left out of all accuracies at once."
    ]
    page = report_html(
        None,
        title=f"What context adds: {trained.recipe.split(',')[0]}",
        source=trained.labels,
        sections=sections,
        methods=methods,
    )
    names = (f"conditions-{name}" for name in NAMES)
    write_page(folder / PAGE, page, dict(zip(names, tables, strict=True)))
    with replacing(folder / FACTS) as temporary:
        temporary.write_text(json.dumps(facts_of(tables, trained.notes), indent=1) + "\n", "utf-8")
    return tables


def facts_of(tables: Sequence[ResultTable], notes: Sequence[str]) -> dict[str, Any]:
    """Return the tables as plain values, for programs and for the record of the training; NaN becomes null."""

    def plain(cell: str | int | float) -> str | int | float | None:
        return None if isinstance(cell, float) and not np.isfinite(cell) else cell

    facts: dict[str, Any] = {
        name: [dict(zip(table.header, map(plain, row), strict=True)) for row in table.rows]
        for name, table in zip(NAMES, tables, strict=True)
    }
    return facts | {"notes": list(notes)}


def gain_title(condition: str) -> str:
    """Return the name of the gain from context on one condition's labels, as the table of differences has it."""
    return f"{BOTH} − {FACE}, {condition} labels"


def gain_of(facts: Mapping[str, Any] | None) -> float | None:
    """Return the gain from context on the labels of the condition that shows most; None where there is none.

    Args:
        facts: See `facts_of`.
    """
    rows = [] if facts is None or not facts["people"] else facts["gains"]
    title = gain_title(facts["people"][-1]["condition"]) if facts is not None and rows else ""
    return next((row["value"] for row in rows if row["difference"] == title), None)


def _mean(terms: Sequence[Term], subject: NDArray[np.int32]) -> Difference:
    return weighted([(weight / len(each), one) for weight, each in terms for one in each], subject)


def _row(found: Difference) -> tuple[float, float, float, str]:
    return found.value, found.low, found.high, found.reason


def _accuracies(right: Right, subject: NDArray[np.int32]) -> ResultTable:
    rows = tuple(
        (name, learned, asked, *_row(_mean([(1.0, each)], subject))) for (name, learned, asked), each in right.items()
    )
    header = ("read", "learned", "tested", "accuracy", "low", "high", "no_interval_because")
    return ResultTable("Accuracy, with 95 % intervals over subjects", header, rows)


def _gains(
    right: Right, subject: NDArray[np.int32], conditions: Sequence[str], streams: Mapping[str, tuple[str, ...]]
) -> ResultTable:
    """Return paired differences: what context brings, and what learning the labels that are tested brings."""
    rows: list[tuple[str | int | float, ...]] = []
    gain: dict[str, list[Term]] = {
        name: [(1.0, right[BOTH, name, name]), (-1.0, right[FACE, name, name])] for name in conditions
    }
    for name in conditions:
        rows.append((gain_title(name), *_row(_mean(gain[name], subject))))
    if len(conditions) == 2:
        first, second = conditions
        minus: list[Term] = [(-weight, each) for weight, each in gain[first]]
        rows.append((f"gain of {second} − gain of {first}", *_row(_mean([*gain[second], *minus], subject))))
        for name in streams:
            for asked, other in ((first, second), (second, first)):
                terms: list[Term] = [(1.0, right[name, asked, asked]), (-1.0, right[name, other, asked])]
                title = f"{name}, tested on {asked}: learned {asked} − learned {other}"
                rows.append((title, *_row(_mean(terms, subject))))
    header = ("difference", "value", "low", "high", "no_interval_because")
    return ResultTable("Paired differences of accuracy", header, tuple(rows))


def _people(people: dict[str, HumanCeiling]) -> ResultTable:
    rows = tuple(
        (name, one.accuracy.value, one.accuracy.low, one.accuracy.high, one.votes_entropy, one.n, one.raters)
        for name, one in people.items()
    )
    header = ("condition", "accuracy", "low", "high", "entropy_of_votes", "answers", "raters")
    return ResultTable("People: one rater against the others, on the same items", header, rows)
