"""Old against new: the answer in a sentence, the numbers behind it, both models over a clip, and the two buttons."""

from typing import Any, Final

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QGridLayout, QLabel, QWidget

from app.services.retrain.comparison import DIMENSIONS, ClipSeries, Comparison
from app.ui.theme import Theme
from app.ui.tokens import SPACE_L, SPACE_M, SPACE_S
from app.ui.train.curves import dress, pen, plot
from app.ui.widgets.basic import Card, button, label, row, set_tone

HEADS: Final = (
    "",
    "CCC old",
    "CCC new",
    "difference [95 % interval]",
    "MSE",
    "r",
    "sign agreement",
    "human ceiling",
    "verdict",
)
TIPS: Final = (
    "",
    "Lin's concordance of the model in use with the labels, held-out subjects pooled",
    "The same of the new model",
    "New minus old, with a bootstrap interval over subjects",
    "Mean squared error, old → new",
    "Pearson correlation, old → new",
    "Share of frames with the right sign, old → new",
    "Raters against the mean of the others on the same frames: the human ceiling",
    "Better or worse only where the interval leaves out 0",
)


class ResultPanel(Card):
    """The comparison of a run with the model that was in use.

    Args:
        theme: The look.
    """

    promote_wanted = Signal(str)
    rollback_wanted = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__("Old against new", parent=parent)
        self._theme = theme
        self._model = ""
        self._comparison: Comparison | None = None
        self.sentence = label("", "title", wrap=True)
        self.notes = label("", "small", wrap=True)
        self.in_use = label("", "soft")
        self.promote = button("Use the new model", "primary", "check", tip="Promote it: live and for whole clips")
        self.promote.clicked.connect(lambda: self.promote_wanted.emit(self._model))
        self.rollback = button("Roll back", "", "undo", tip="Go back to the model that was in use before")
        self.rollback.clicked.connect(self.rollback_wanted.emit)
        self.grid = QGridLayout()
        self.grid.setHorizontalSpacing(SPACE_L)
        self.grid.setVerticalSpacing(SPACE_S)
        self.clips = QComboBox()
        self.clips.setAccessibleName("Clip")
        self.clips.setMinimumWidth(240)
        self.clips.currentIndexChanged.connect(self._draw)
        self.per_clip = label("", "small")
        self.plots = {name: plot(name) for name in DIMENSIONS}
        self.body.addLayout(row(self.sentence, self.in_use, self.rollback, self.promote, spacing=SPACE_M))
        self.body.itemAt(self.body.count() - 1).layout().setStretch(0, 1)  # type: ignore[union-attr]
        self.body.addLayout(self.grid)
        self.body.addWidget(self.notes)
        self._clip_row = row(self.clips, self.per_clip, None, spacing=SPACE_M)
        self.body.addLayout(self._clip_row)
        self.body.addLayout(row(*self.plots.values(), spacing=SPACE_M), 1)
        theme.changed.connect(self._draw)
        self.show_result("", None, None)

    def set_in_use(self, name: str, *, can_roll_back: bool) -> None:
        """Say which model predicts now."""
        self.in_use.setText(f"In use: {name}" if name else "")
        self.rollback.setEnabled(can_roll_back)

    def show_result(self, model: str, comparison: Comparison | None, stored: dict[str, Any] | None) -> None:
        """Show a run.

        Args:
            model: Name of the new model, empty for none.
            comparison: With all series; None for a run of another day.
            stored: The numbers that the project keeps; used where `comparison` is None.
        """
        self._model, self._comparison = model, comparison
        numbers = comparison.as_dict() if comparison is not None else stored
        overall = (numbers or {}).get("overall", {})
        text = overall.get("text", "")
        if not model:
            text = "Train a model, and its comparison with the one in use stands here."
        elif not text:
            text = f"{model} was not compared."
        self.sentence.setText(text)
        set_tone(self.sentence, "" if overall.get("offers_promotion") or not overall else "warning")
        self.promote.setVisible(bool(overall.get("offers_promotion")))
        self.notes.setText(" ".join((numbers or {}).get("notes", ())))
        self.notes.setVisible(bool(self.notes.text()))
        self._fill(numbers or {})
        self.clips.blockSignals(True)
        self.clips.clear()
        for clip in comparison.clips if comparison is not None else ():
            self.clips.addItem(f"{clip.subject} · {clip.clip}", clip.clip)
        self.clips.blockSignals(False)
        for part in (self.clips, self.per_clip, *self.plots.values()):
            part.setVisible(comparison is not None)
        self._draw()

    def _fill(self, numbers: dict[str, Any]) -> None:
        while self.grid.count():
            widget = self.grid.takeAt(0).widget()  # type: ignore[union-attr]
            if widget is not None:
                widget.deleteLater()
        if not any(name in numbers for name in DIMENSIONS):
            return
        for at, (head, tip) in enumerate(zip(HEADS, TIPS, strict=True)):
            made = label(head, "caption")
            made.setToolTip(tip)
            self.grid.addWidget(made, 0, at)
        for line, name in enumerate((d for d in DIMENSIONS if d in numbers), start=1):
            for at, cell in enumerate(self._cells(name, numbers[name])):
                self.grid.addWidget(cell, line, at)
        self.grid.setColumnStretch(len(HEADS), 1)

    def _cells(self, name: str, found: dict[str, Any]) -> list[QLabel]:
        was, now = found["scores"]["old"], found["scores"]["new"]
        low, high = found["interval"]
        interval = "" if low is None or high is None else f"  [{_signed(low)}, {_signed(high)}]"
        worse = bool(found.get("worse"))
        verdict = label("worse" if worse else found["verdict"], "section")
        verdict.setToolTip(f"{found['n_subjects']} held-out subjects")
        set_tone(verdict, "danger" if worse else "" if found["verdict"] == "better" else "warning")
        cells = [
            label(name, "section", tone=name),
            label(_number(found["old"])),
            label(_number(found["new"]), "section"),
            label(f"{_signed(found['difference'])}{interval}"),
            *(label(f"{_number(was[key])} → {_number(now[key])}") for key in ("mse", "pearson", "sagr")),
            label(_number(found.get("human_ceiling")) if found.get("human_ceiling") is not None else "—"),
            verdict,
        ]
        for cell in cells[1:-1]:
            cell.setFont(self._theme.font(13, figures=True))
            cell.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        return cells

    def _draw(self) -> None:
        clip = self._clip()
        for number, (name, made) in enumerate(self.plots.items()):
            made.clear()
            dress(made, self._theme, f"{name}: labels dashed, old thin, new thick")
            made.setYRange(-1, 1)
            if clip is not None:
                self._curves(made, clip, number, name)
        if clip is None:
            self.per_clip.setText("")
            return
        parts = []
        for number, name in enumerate(DIMENSIONS):
            was, now = clip.scores(number)
            parts.append(f"{name} CCC {_number(was.ccc)} → {_number(now.ccc)}")
        self.per_clip.setText("this clip: " + ",  ".join(parts))

    def _curves(self, made: pg.PlotWidget, clip: ClipSeries, number: int, name: str) -> None:
        theme, x = self._theme, clip.times_s
        lines = (
            (clip.gold, pen(theme, "text_soft", dashed=True, width=1.6)),
            (clip.old, pen(theme, name, width=1.0, alpha=0.6)),
            (clip.new, pen(theme, name, width=2.4)),
        )
        for values, drawn in lines:
            made.plot(x, values[:, number], pen=drawn, connect="finite")
        made.addItem(pg.InfiniteLine(0, angle=0, pen=pen(theme, "border_strong", width=1)))
        if len(x):
            made.setXRange(float(x[0]), float(x[-1]), padding=0.01)

    def _clip(self) -> ClipSeries | None:
        comparison, at = self._comparison, self.clips.currentIndex()
        if comparison is None or not 0 <= at < len(comparison.clips):
            return None
        return comparison.clips[at]


def _number(value: float | None) -> str:
    return "—" if value is None or not np.isfinite(value) else f"{value:.3f}".replace("-", "−")


def _signed(value: float | None) -> str:
    return "—" if value is None or not np.isfinite(value) else f"{value:+.3f}".replace("-", "−")
