"""What the viewing conditions of the members add, as tables and a figure of the report."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from app.agreement.tables import Cell, ResultTable
from app.domain.words import plain
from app.drawing import label_of, new_figure
from app.fusion.gains import FUSION
from app.fusion.views import EmotionGain, View, ViewGain
from app.services.fusion.outcome import FusionOutcome

if TYPE_CHECKING:
    from matplotlib.figure import Figure

ALL = "all items"


def view_words(view: View) -> str:
    """Name a view for people."""
    return "the fusion" if view.name == FUSION else plain(view.name)


def gain_words(gain: ViewGain) -> str:
    """Name a comparison of two views for people, such as "full context minus face only"."""
    return f"{view_words(gain.second)} minus {view_words(gain.first)}"


def emotion_words(gain: EmotionGain) -> str:
    """Name the items of a comparison for people."""
    return plain(gain.category) or ALL


def emotions_table(outcome: FusionOutcome) -> ResultTable:
    """Return the gain of each viewing condition by emotion, with intervals; no rows without two conditions."""
    header = (
        "gain_of", "category", "items", "subjects", "first", "second", "gain", "low", "high", "label_first",
        "label_second", "label_gain", "label_low", "label_high",
    )  # fmt: skip
    rows: list[tuple[Cell, ...]] = []
    for gain in outcome.views:
        for each in gain.emotions:
            rows.append(
                (gain_words(gain), each.category or ALL, each.n, each.n_subjects, *each.right, each.gain,
                 *each.interval, *each.label, each.label_gain, *each.label_interval)
            )  # fmt: skip
    title = (
        "Gain of the viewing conditions by category: share of items that are right, and probability of the label, "
        "paired over subjects"
    )
    return ResultTable(title, header, tuple(rows))


def view_items_table(outcome: FusionOutcome) -> ResultTable:
    """Return the gain of each viewing condition item by item, the items that profit most first."""
    rows: list[tuple[Cell, ...]] = []
    for gain in outcome.views:
        for each in gain.items:
            item = outcome.items[each.place]
            says = (outcome.classes[number] for number in each.says)
            rows.append((gain_words(gain), item.name, item.subject, item.label, *says, each.gain))
    header = ("gain_of", "item", "subject", "label", "first_says", "second_says", "label_gain")
    return ResultTable("Gain of the viewing conditions by item: probability of the label", header, tuple(rows))


def views_table(outcome: FusionOutcome) -> ResultTable:
    """Return the items on which models of different viewing conditions disagree: where context changes the judgement.

    For each such pair of members, the rows are the items of the result for which they predict different categories,
    with the label and the fusion. Without members of different conditions there are no rows.
    """
    condition = outcome.conditions
    rows: list[tuple[Cell, ...]] = []
    for i, first in enumerate(outcome.members):
        for j, second in enumerate(outcome.members):
            if condition[first] == condition[second] or not condition[first] < condition[second]:
                continue
            for each in outcome.items:
                known = np.isfinite(each.members[[i, j]]).all()
                words = [outcome.classes[int(each.members[n].argmax())] for n in (i, j)] if known else ["", ""]
                if words[0] != words[1]:
                    said = outcome.classes[int(each.fusion.argmax())]
                    rows.append((each.name, each.subject, each.label, first, words[0], second, words[1], said))
    header = ("item", "subject", "label", "member", "says", "other", "other_says", FUSION)
    title = "Where context changes the judgement: members of different viewing conditions disagree"
    return ResultTable(title, header, tuple(rows))


def views_figure(gain: ViewGain) -> Figure:
    """Draw the gain of a view in the share of right items by category, with intervals."""
    rows = gain.emotions
    figure = new_figure(figsize=(4.8, 0.9 + 0.3 * len(rows)), layout="constrained")
    axes = figure.subplots()
    axes.axvline(0, color="#9a9aa0", linewidth=1, linestyle="--")
    for at, each in enumerate(rows):
        if each.interval[0] == each.interval[0]:
            axes.plot(each.interval, (at, at), color="#3b6ea8", linewidth=1.6)
        axes.plot(each.gain, at, marker="o", color="#3b6ea8", markersize=5 if each.category else 7)
    axes.set_yticks(range(len(rows)), [label_of(f"{emotion_words(each)} ({each.n})", 28) for each in rows])
    axes.invert_yaxis()
    axes.set_xlabel(f"{gain_words(gain)}: share of right items")
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    return figure
