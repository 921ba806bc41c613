"""The list of runs: waiting ones, the running one, and all that the project has stored."""

from datetime import datetime
from pathlib import Path
from typing import Any, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QAbstractItemView, QTableWidget, QTableWidgetItem, QWidget

from app.domain.project import TrainingRecord
from app.domain.traces import DIMENSIONS
from app.domain.words import figure
from app.services.retrain.category_runs import METRICS
from app.services.retrain.conditions import EXPERIMENT, ConditionsRequest
from app.services.retrain.conditions_report import gain_of
from app.services.retrain.queue import QueuedRun, StartedRequest
from app.ui.look.language import tr
from app.ui.parts.widgets.columns import FittedColumns
from app.ui.parts.widgets.tables import dress_table

HEADS: Final = (
    tr("Model"),
    tr("State"),
    tr("Valence"),
    tr("Arousal"),
    tr("Verdict"),
    tr("Cross-validated"),
    tr("When"),
    tr("Learned from"),
)
TIPS: Final = (
    "",
    "",
    tr("CCC on the people held out for the comparison"),
    tr("CCC on the people held out for the comparison"),
    tr("Against the model that was in use"),
    tr("CCC of valence and arousal over the folds, with each person predicted by a training that left that person out"),
    "",
    "",
)
DROPPED: Final = tuple(
    HEADS.index(name) for name in (tr("Learned from"), tr("When"), tr("Cross-validated"), tr("State"))
)
"""Columns that a narrow window leaves to the tool tip, the first one first."""
QUEUED: Final = -1
"""Stands for a training's number in runs that have none yet."""


class RunList(QTableWidget):
    """The list of runs, newest first; the chosen one is shown beside it."""

    chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(0, len(HEADS), parent)
        for at, (head, tip) in enumerate(zip(HEADS, TIPS, strict=True)):
            item = QTableWidgetItem(head)
            item.setToolTip(tip)
            self.setHorizontalHeaderItem(at, item)
        dress_table(self)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setAccessibleName(tr("Trainings"))
        header = self.horizontalHeader()
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft)
        self._columns = FittedColumns(self, 0, DROPPED)
        self.itemSelectionChanged.connect(self._on_selection)

    def show_runs(self, records: list[TrainingRecord], queue: list[QueuedRun], in_use: str) -> None:
        """Fill the list.

        Args:
            records: The records of the project, newest first.
            queue: The runs of this window; waiting ones have no record yet.
            in_use: SHA-256 of the model in use.
        """
        before = self.current()
        self.blockSignals(True)
        self.setRowCount(0)
        for run in queue:
            if run.state == "waiting" and not isinstance(run.request, StartedRequest):
                asked = run.request.choice if isinstance(run.request, ConditionsRequest) else run.request.labels
                self._add(QUEUED, (run.request.recipe, "waiting", *[""] * 5, asked.title), "")
        for record in records:
            self._add(record.id, _cells(record, in_use), _facts(record))
        self.blockSignals(False)
        self._columns.measure()
        self.choose(before)

    def current(self) -> int:
        """Return the number of the chosen training; `QUEUED` for none."""
        items = self.selectedItems()
        return int(items[0].data(Qt.ItemDataRole.UserRole)) if items else QUEUED

    def choose(self, number: int) -> None:
        """Choose a training, or the first one if it does not exist."""
        for at in range(self.rowCount()):
            item = self.item(at, 0)
            if item is not None and item.data(Qt.ItemDataRole.UserRole) == number != QUEUED:
                self.selectRow(at)
                return
        if self.rowCount():
            self.selectRow(0)

    def _add(self, number: int, cells: tuple[str, ...], facts: str) -> None:
        at = self.rowCount()
        self.insertRow(at)
        said = [f"{head}: {text}" for head, text in zip(HEADS, cells, strict=True) if text]
        for column, text in enumerate(cells):
            item = QTableWidgetItem(text)
            item.setData(Qt.ItemDataRole.UserRole, number)
            item.setToolTip("\n".join([*said, facts]))
            self.setItem(at, column, item)

    def _on_selection(self) -> None:
        self.chosen.emit(self.current())


def _cells(record: TrainingRecord, in_use: str) -> tuple[str, ...]:
    compared = record.metrics.get("comparison") or {}

    def ccc(name: str) -> str:
        value = compared.get(name, {}).get("new")
        if value is None:
            value = record.metrics.get("test", {}).get(name, {}).get("ccc")
        return "" if value is None else figure(value, 3)

    named = METRICS in record.metrics or EXPERIMENT in record.snapshot
    folder = Path(record.folder).name if named else ""
    name = record.model.name if record.model is not None else folder or record.recipe
    mark = tr("  ·  in use") if record.model is not None and record.model.sha256 == in_use else ""
    labels = record.snapshot.get("labels", {}).get("title", "")
    verdict = compared.get("overall", {}).get("verdict", "")
    told = record.metrics.get(METRICS)
    if told is not None and told["test"]["accuracy"]["value"] is not None:
        verdict = tr("accuracy {accuracy}", accuracy=f"{told['test']['accuracy']['value']:.3f}")
    gain = gain_of(record.metrics.get(EXPERIMENT))
    if gain is not None:
        verdict = tr("context {gain}", gain=figure(gain, 3, sign=True))
    when = datetime.fromtimestamp(record.created_at).strftime("%Y-%m-%d %H:%M")
    folds = _folds(record.metrics.get("cross_validation"))
    return name + mark, record.status, ccc("valence"), ccc("arousal"), verdict, folds, when, labels


def _folds(found: dict[str, Any] | None) -> str:
    values = [(found or {}).get(name, {}).get("ccc") for name in DIMENSIONS]
    return "  ".join(figure(value, 3) for value in values if value is not None)


def _facts(record: TrainingRecord) -> str:
    values = ", ".join(f"{key} {value}" for key, value in record.parameters.items() if value != "")
    split = record.snapshot.get("split", {})
    people = ", ".join(f"{part}: {' '.join(names)}" for part, names in split.items())
    lines = [
        f"{record.recipe}: {values}",
        people,
        tr("data {snapshot_sha256}", snapshot_sha256=record.snapshot_sha256[:16]),
        record.folder,
        record.note,
    ]
    return "\n".join(text for text in lines if text)
