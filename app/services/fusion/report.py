"""The report of a fusion: scores side by side, weights, members left out, diversity, calibration, items in turn."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from app import __version__
from app.agreement.page import Section, report_html
from app.agreement.provenance import Provenance
from app.agreement.tables import Cell, ResultTable
from app.domain.words import many
from app.drawing import label_of, new_figure
from app.fusion.gains import FUSION, Row
from app.fusion.partition import PARTITIONS, sentences
from app.fusion.ways import WAYS
from app.services.fusion.outcome import CONTROL, FusionOutcome
from app.services.fusion.views import emotions_table, gain_words, view_items_table, views_figure, views_table
from app.services.retrain.category_report import REPORT
from app.services.retrain.report_files import write_page

if TYPE_CHECKING:
    from matplotlib.figure import Figure

BINS: Final = 10
"""Bins of confidence in the figure of calibration."""
Float = NDArray[np.float64]


def write_report(run: Path, outcome: FusionOutcome) -> Path:
    """Write the page, and its tables as CSV and LaTeX, into the folder of a run.

    Args:
        run: Folder of the run.
        outcome: What the fusion found.

    Returns:
        The path of the page.

    Raises:
        UserError: A file cannot be written.
    """
    tables = tables_of(outcome)
    facts = outcome.data.facts
    page = report_html(
        None,
        title="Fusion",
        source=f"{', '.join(outcome.members)}: {facts['labels']['title']}",
        sections=_sections(outcome, tables),
        methods=_methods(outcome),
    )
    return write_page(run / REPORT, page, tables)


def tables_of(outcome: FusionOutcome) -> dict[str, ResultTable]:
    """Return the tables by the names of their files."""
    return {
        "scores": _scores(outcome),
        "gains": _gains(outcome),
        "weights": _weights(outcome),
        "left-out": _left_out(outcome),
        "diversity": _diversity(outcome),
        "views": views_table(outcome),
        "views-emotions": emotions_table(outcome),
        "views-items": view_items_table(outcome),
        "items": _items(outcome),
    }


def _scores(outcome: FusionOutcome) -> ResultTable:
    names = ("accuracy", "uar", "macro_f1")
    header: list[str] = ["model"]
    for part in ("search", "held_out"):
        for name in names:
            header += [f"{part}_{name}", f"{part}_{name}_low", f"{part}_{name}_high"]
        header += [f"{part}_cross_entropy", f"{part}_ece", f"{part}_items"]

    def cells(row: Row) -> tuple[Cell, ...]:
        found: list[Cell] = [row.name]
        for scores in (row.search, row.held_out):
            for name in names:
                each = scores.measures[name]
                found += [each.value, each.low, each.high]
            found += [scores.measures["cross_entropy"].value, scores.measures["ece"].value, scores.n]
        return tuple(found)

    title = "Scores on the items that chose the weights (search) and on the result (held out), 95 % intervals"
    return ResultTable(title, tuple(header), tuple(cells(row) for row in outcome.rows))


def short_table(outcome: FusionOutcome) -> ResultTable:
    """Return the scores for the page, where columns are dear."""
    header = (
        "model",
        "accuracy_search",
        "accuracy_held_out",
        "low",
        "high",
        "uar_search",
        "uar_held_out",
        "ece_held_out",
    )
    rows: list[tuple[Cell, ...]] = []
    for row in outcome.rows:
        before, after = row.search.measures, row.held_out.measures
        each = after["accuracy"]
        rows.append(
            (row.name, before["accuracy"].value, each.value, each.low, each.high, before["uar"].value,
             after["uar"].value, after["ece"].value)
        )  # fmt: skip
    return ResultTable("Scores: the part that chose the weights beside the held-out part", header, tuple(rows))


def _gains(outcome: FusionOutcome) -> ResultTable:
    header = ("against", "accuracy", "accuracy_low", "accuracy_high", "uar", "uar_low", "uar_high", "won", "lost")
    rows: list[tuple[Cell, ...]] = []
    for row in outcome.rows:
        if row.gain is None:
            continue
        won, lost = outcome.turned(row.name)
        cells: list[Cell] = [row.name]
        for name in ("accuracy", "uar"):
            each = row.gain.measures[name]
            cells += [each.difference, *each.interval]
        rows.append((*cells, len(won), len(lost)))
    return ResultTable("Fusion minus each model on the held-out part, paired over subjects", header, tuple(rows))


def _weights(outcome: FusionOutcome) -> ResultTable:
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (name, *(float(each) for each in weights))
        for name, weights in zip(outcome.members, outcome.fusion.weights, strict=True)
    )
    title = "Weights, which sum to one for each class"
    if outcome.fusion.stack is not None:
        title = "Share of the regression's weights (absolute values), which sum to one for each class"
    return ResultTable(title, ("member", *outcome.classes), rows)


def _left_out(outcome: FusionOutcome) -> ResultTable:
    header = ("without", "search", "held_out", "fusion_minus_this", "low", "high")
    rows = tuple(
        (
            each.member,
            each.search,
            each.held_out,
            each.gain.measures["accuracy"].difference,
            *each.gain.measures["accuracy"].interval,
        )
        for each in outcome.left_out
    )
    return ResultTable("Accuracy without each member, with newly chosen weights", header, rows)


def _diversity(outcome: FusionOutcome) -> ResultTable:
    found = outcome.diversity
    rows = tuple(
        (
            found.members[i],
            found.members[j],
            float(found.q[i, j]),
            float(found.disagreement[i, j]),
            float(found.error_correlation[i, j]),
            int(found.n[i, j]),
        )
        for i in range(len(found.members))
        for j in range(i + 1, len(found.members))
    )
    header = ("member", "other", "q_statistic", "disagreement", "error_correlation", "items")
    return ResultTable("How differently members err on the held-out part", header, rows)


def _items(outcome: FusionOutcome) -> ResultTable:
    def word(said: Float) -> str:
        return outcome.classes[int(said.argmax())] if np.isfinite(said).all() else ""

    rows = tuple(
        (
            each.name,
            each.subject,
            each.label,
            word(each.fusion),
            *(word(said) for said in each.members),
            "yes" if each.right else "no",
            *(float(p) for p in each.fusion),
        )
        for each in outcome.items
    )
    header = ("item", "subject", "label", FUSION, *outcome.members, "right", *outcome.classes)
    return ResultTable("Held-out items with every verdict", header, rows)


def _sections(outcome: FusionOutcome, tables: dict[str, ResultTable]) -> list[Section]:
    partition = outcome.data.partition
    lead = [outcome.sentence, "The figures of the part that chose the weights are never the result."]
    lead += [CONTROL] if outcome.control else []
    lead += [partition.warning] if partition.warning else []
    lead += [f"Left out: {sentence}" for sentence in sentences(partition.in_the_way)]
    taken = outcome.fusion.taken
    if taken != "chosen" and outcome.way["name"] not in ("equal", "fixed"):
        lead.append(f"No chosen weights were better on the weighting part than {taken}, so these were taken.")
    won, lost = outcome.turned(outcome.best)
    turns = (
        f"Against {outcome.best}: won {', '.join(each.name for each in won) or 'nothing'}.",
        f"Lost {', '.join(each.name for each in lost) or 'nothing'}.",
    )
    weights = weights_figure(outcome.fusion.weights, outcome.members, outcome.classes)
    return [
        Section("scores", "Members and fusion", text=tuple(lead), tables=(short_table(outcome), tables["gains"])),
        Section("weights", "Weights", figures=((tables["weights"].title + ".", weights),), tables=(tables["weights"],)),
        Section("left-out", "Without each member", tables=(tables["left-out"],)),
        Section("diversity", "Diversity", tables=(tables["diversity"],)),
        Section(
            "calibration",
            "Calibration",
            text=("On the diagonal, verdicts are right as often as they claim.",),
            figures=(("Accuracy by confidence on the held-out part.", calibration_figure(outcome)),),
        ),
        Section("turns", "Where the fusion wins and loses", text=turns),
        *([_views(outcome, tables)] if outcome.views else []),
        Section("origin", "Where this comes from", tables=(_about(outcome),)),
    ]


def _views(outcome: FusionOutcome, tables: dict[str, ResultTable]) -> Section:
    text = (
        "A view is the mean of the members that learned from the answers of one viewing condition. An interval above 0 "
        "means that the second view is more often right on new people.",
        "Every item stands in views-items.csv, the ones that profit most first.",
    )
    figures = tuple((f"{gain_words(each)}, by category.", views_figure(each)) for each in outcome.views)
    both = (tables["views-emotions"], tables["views"])
    return Section("views", "Viewing conditions", text=text, figures=figures, tables=both)


def weights_figure(weights: Float, members: tuple[str, ...], classes: tuple[str, ...]) -> Figure:
    """Draw weights as a heat map with a row for each member and a column for each class."""
    figure = new_figure(figsize=(2.4 + 0.62 * len(classes), 1.4 + 0.42 * len(members)), layout="constrained")
    axes = figure.subplots()
    axes.imshow(weights, cmap="Blues", vmin=0, vmax=1, aspect="auto")
    axes.set_xticks(
        range(len(classes)), [label_of(name, 18) for name in classes], rotation=40, ha="right", rotation_mode="anchor"
    )
    axes.set_yticks(range(len(members)), [label_of(name, 24) for name in members])
    for row, each in enumerate(weights):
        for column, value in enumerate(each):
            colour = "white" if value > 0.55 else "#1c1c1e"
            axes.text(column, row, f"{value:.2f}", ha="center", va="center", color=colour)
    axes.tick_params(length=0)
    for side in axes.spines.values():
        side.set_visible(False)
    return figure


def calibration_figure(outcome: FusionOutcome) -> Figure:
    """Draw the accuracy of members and fusion by their confidence."""
    figure = new_figure(figsize=(4.6, 3.6), layout="constrained")
    axes = figure.subplots()
    axes.plot([0, 1], [0, 1], color="#9a9aa0", linewidth=1, linestyle="--")
    label = outcome.data.table.label[outcome.said.rows]
    named = [*zip(outcome.members, outcome.said.members, strict=True), (FUSION, outcome.said.fusion)]
    for name, said in named:
        confidence, accuracy = calibration_points(said, label)
        width = 2.2 if name == FUSION else 1.0
        axes.plot(confidence, accuracy, marker="o", markersize=3, linewidth=width, label=label_of(name, 24))
    axes.set_xlim(0, 1)
    axes.set_ylim(0, 1)
    axes.set_xlabel("confidence")
    axes.set_ylabel("accuracy")
    axes.legend(frameon=False, fontsize=8)
    return figure


def calibration_points(said: Float, label: NDArray[np.int64]) -> tuple[Float, Float]:
    """Return mean confidence and accuracy in each of `BINS` bins of confidence that holds an item.

    Args:
        said: N×K probabilities, NaN where nothing was said.
        label: N.
    """
    known = np.isfinite(said).all(axis=1) & (label >= 0)
    confidence, right = said[known].max(axis=1), said[known].argmax(axis=1) == label[known]
    place = np.clip((confidence * BINS).astype(int), 0, BINS - 1)
    count = np.bincount(place, minlength=BINS)
    some = count > 0
    mean = np.bincount(place, weights=confidence, minlength=BINS)[some] / count[some]
    return mean, np.bincount(place, weights=right.astype(float), minlength=BINS)[some] / count[some]


def _about(outcome: FusionOutcome) -> ResultTable:
    facts, partition = outcome.data.facts, outcome.data.partition
    people = {name: len(found) for name, found in facts["people"].items()}
    rows: list[tuple[str, str]] = [
        ("program", f"affectograph {__version__}"),
        ("date", Provenance.now()),
        ("predictions", f"SHA-256 {outcome.data.sha256}"),
        *(("member", _member_words(each)) for each in facts["members"]),
        ("way", f"{outcome.way['name']}: {WAYS[outcome.way['name']]}"),
        ("settings", ", ".join(f"{key} {value}" for key, value in outcome.way.items() if value not in ([], ""))),
        ("partition", f"{partition.name}: {PARTITIONS[partition.name]}"),
        ("labels", str(facts["labels"]["title"])),
        ("people whom members or weights have seen", str(people["train"] + people["validation"])),
        ("people of the result", ", ".join(facts["people"]["test"]) or "each by weights of the others"),
        *(("note", note) for note in facts["notes"]),
    ]
    return ResultTable("Where this comes from", ("what", "value"), tuple(rows))


def _member_words(facts: dict[str, object]) -> str:
    hashes = facts["predictions_sha256"]
    told = ", ".join(map(str, hashes)) if isinstance(hashes, list) and hashes else "asked item by item"
    return f"{facts['name']} ({facts['recipe']}), predictions {told}"


def _methods(outcome: FusionOutcome) -> list[str]:
    partition = outcome.data.partition
    search, held = outcome.rows[-1].search, outcome.rows[-1].held_out
    return [
        f"{many(len(outcome.members), 'model')} were fused ({WAYS[outcome.way['name']]}). The weights were chosen on "
        f"{many(search.n, 'item')} of {many(search.n_subjects, 'subject')}, and scored on {many(held.n, 'item')} of "
        f"{many(held.n_subjects, 'subject')} that chose nothing ({PARTITIONS[partition.name]}).",
        "Intervals of scores are Student's t intervals of the jackknife over subjects (Tukey 1958); intervals of "
        "differences are expanded percentile intervals of a paired bootstrap over subjects (Hesterberg 2015). "
        "Diversity is measured as in Kuncheva and Whitaker 2003.",
    ]
