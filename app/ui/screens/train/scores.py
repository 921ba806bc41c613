"""The numbers of a comparison: a line of concordance for each dimension, and further measures below it."""

from typing import Any, Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from app.domain.traces import DIMENSIONS
from app.domain.words import figure
from app.ui.look.language import tr
from app.ui.look.theme import Theme
from app.ui.look.tokens import SPACE_M, SPACE_S
from app.ui.parts.widgets.basic import label, set_tone

HEADS: Final = (
    ("", ""),
    (tr("CCC old"), tr("Lin's concordance of the model in use with the labels, held-out subjects pooled")),
    (tr("CCC new"), tr("The same for the new model")),
    (tr("difference [95 % interval]"), tr("New minus old, with a bootstrap interval over subjects")),
    (tr("verdict"), tr("Better or worse only if the interval excludes 0")),
)
MORE: Final = (("mse", "MSE"), ("pearson", "r"), ("sagr", tr("same sign")))
MORE_TIP: Final = tr(
    "Old → new: mean squared error, Pearson correlation, share of frames with the right sign.\n"
    "Against the other raters: concordance with the mean of the other raters on the same frames, of each rater (the "
    "human ceiling) and of the models in the rater's place. At the raters' value a model is as good as one more rater."
)


class ScoreTable(QWidget):
    """The table of valence and arousal, old against new.

    Args:
        theme: The window's fonts and colours.
    """

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.grid = QGridLayout(self)
        self.grid.setContentsMargins(0, 0, 0, 0)
        self.grid.setHorizontalSpacing(SPACE_M)
        self.grid.setVerticalSpacing(SPACE_S // 2)

    def show_numbers(self, numbers: dict[str, Any]) -> None:
        """Fill the table from `Comparison.as_dict`; it stays empty if no dimension was compared."""
        while self.grid.count():
            widget = self.grid.takeAt(0).widget()  # type: ignore[union-attr]
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        known = [name for name in DIMENSIONS if name in numbers]
        self.setVisible(bool(known))
        if not known:
            return
        for at, (head, tip) in enumerate(HEADS):
            made = label(head, "caption")
            made.setToolTip(tip)
            self.grid.addWidget(made, 0, at)
        for line, name in enumerate(known):
            for at, cell in enumerate(self._cells(name, numbers[name])):
                self.grid.addWidget(cell, 1 + 2 * line, at)
            self.grid.addWidget(self._more(numbers[name]), 2 + 2 * line, 1, 1, len(HEADS) - 1)
        self.grid.setColumnStretch(len(HEADS) - 1, 1)

    def _cells(self, name: str, found: dict[str, Any]) -> list[QLabel]:
        low, high = found["interval"]
        ends = ", ".join(figure(end, 3, sign=True) for end in (low, high))
        interval = "" if low is None or high is None else f"  [{ends}]"
        worse = bool(found.get("worse"))
        verdict = label(tr("worse") if worse else found["verdict"], "section")
        verdict.setToolTip(tr("{found} held-out subjects", found=found["n_subjects"]))
        set_tone(verdict, "danger" if worse else "" if found["verdict"] == "better" else "warning")
        cells = [
            label(name, "section", tone=name),
            label(figure(found["old"], 3)),
            label(figure(found["new"], 3), "section"),
            label(f"{figure(found['difference'], 3, sign=True)}{interval}"),
            verdict,
        ]
        for cell in cells[1:-1]:
            cell.setFont(self._theme.font(13, figures=True))
            cell.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        return cells

    def _more(self, found: dict[str, Any]) -> QLabel:
        was, now = found["scores"]["old"], found["scores"]["new"]
        words = [f"{title} {figure(was[key], 3)} → {figure(now[key], 3)}" for key, title in MORE]
        words += _among(found)
        made = label("   ".join(words), "small", wrap=True)
        made.setToolTip(MORE_TIP)
        made.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        return made


def _among(found: dict[str, Any]) -> list[str]:
    """Return a rater and both models against the mean of the other raters; results of 0.1 have only the rater."""
    ceiling, among = found.get("human_ceiling"), found.get("among_raters")
    if ceiling is None:
        return []
    if among is None:
        return [tr("raters {ceiling}", ceiling=figure(ceiling, 3))]
    was, now = (among["models"][key]["ccc"] for key in ("old", "new"))
    return [
        tr(
            "against the other raters: a rater {ceiling}, model {was} → {now}",
            ceiling=figure(ceiling, 3),
            was=figure(was, 3),
            now=figure(now, 3),
        )
    ]


def validated_words(found: dict[str, Any] | None) -> str:
    """Return the result of the cross-validation in a sentence; empty without one."""
    parts = []
    people = 0
    for name in DIMENSIONS:
        each = (found or {}).get(name)
        if each is None or each["ccc"] is None:
            continue
        low, high = each["interval"]
        interval = "" if low is None else f" [{figure(low, 3)}, {figure(high, 3)}]"
        people = max(people, int(each["n_subjects"]))
        parts.append(tr("{name} CCC {each}{interval}", name=name, each=figure(each["ccc"], 3), interval=interval))
    if not parts or found is None:
        return ""
    return tr(
        "Cross-validated on the other {people} people in {folds} folds: {scores}.",
        people=people,
        folds=found["folds"],
        scores=", ".join(parts),
    )
