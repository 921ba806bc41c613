"""The context experiment on screen: the training and test labels of each model, beside people's figures."""

from collections.abc import Mapping
from typing import Any, Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHeaderView, QSizePolicy, QTableWidget, QTableWidgetItem, QWidget

from app.domain.words import figure
from app.ui.look.language import tr
from app.ui.parts.widgets.basic import column, label
from app.ui.parts.widgets.tables import dress_table

ROW: Final = 26
PEOPLE: Final = tr("People: one rater against the others")
TITLES: Final = {"face": tr("Face alone"), "surroundings": tr("Surroundings"), "both": tr("Both")}
HOW: Final = tr(
    "Accuracy, with 95 % intervals over subjects that the model has not seen. "
    "The columns are the labels that a model is tested on."
)


class TaughtTable(QWidget):
    """A table with a row for each model, a column for each condition's labels, and people in the last row."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.table = QTableWidget()
        dress_table(self.table)
        self.table.setAccessibleName(tr("What context adds"))
        self.table.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.table.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.table.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.table.verticalHeader().setDefaultSectionSize(ROW)
        self.gains = label("", "small", wrap=True)
        self.gains.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.setLayout(column(label(HOW, "caption", wrap=True), self.table, self.gains))
        self.hide()

    def show_facts(self, facts: Mapping[str, Any] | None) -> None:
        """Show the tables of a record; None hides them.

        Args:
            facts: The facts that `app.services.retrain.conditions_report.facts_of` returns.
        """
        self.setVisible(facts is not None)
        if facts is None:
            return
        conditions = [row["condition"] for row in facts["people"]]
        heads = [tr("Model"), *(tr("tested on {condition}", condition=name.replace("_", " ")) for name in conditions)]
        found: dict[str, dict[str, str]] = {}
        for row in facts["accuracies"]:
            name = tr(
                "{stream}, trained on {condition}",
                stream=TITLES.get(row["read"], row["read"]),
                condition=row["learned"].replace("_", " "),
            )
            found.setdefault(name, {})[row["tested"]] = with_interval(row, "accuracy")
        found[PEOPLE] = {row["condition"]: with_interval(row, "accuracy") for row in facts["people"]}
        self.table.clear()
        self.table.setRowCount(len(found))
        self.table.setColumnCount(len(heads))
        self.table.setHorizontalHeaderLabels(heads)
        for at, (name, cells) in enumerate(found.items()):
            for place, text in enumerate([name, *(cells.get(one, "") for one in conditions)]):
                item = QTableWidgetItem(text)
                font = item.font()
                font.setBold(name == PEOPLE)
                item.setFont(font)
                self.table.setItem(at, place, item)
        head = self.table.horizontalHeader()
        head.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        head.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self.table.setFixedHeight(head.sizeHint().height() + ROW * len(found) + ROW // 2)
        self.gains.setText("\n".join(f"{row['difference']}: {with_interval(row, 'value')}" for row in facts["gains"]))


def with_interval(row: Mapping[str, Any], name: str) -> str:
    """Write a number of a table with its interval; a dash if there is none."""
    value, *ends = (figure(row[key], 3, sign=name == "value") for key in (name, "low", "high"))
    return value if row[name] is None or row["low"] is None else f"{value} [{', '.join(ends)}]"
