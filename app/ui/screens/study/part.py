"""The editor of one practice clip or attention check: what is shown, which answer is expected, and the feedback."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any, Final, cast

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QFormLayout,
    QGridLayout,
    QLineEdit,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from app.domain.bands import AXES
from app.domain.slots import TRACED
from app.domain.study import AttentionCheck, Part, PracticeClip, Study, TaskKind, text_in
from app.services.study.expectations import KIND_WORDS
from app.ui.look.language import tr
from app.ui.look.tokens import SPACE_L, SPACE_M, SPACE_S
from app.ui.parts.widgets.basic import label
from app.ui.parts.widgets.fields import ChoiceBox
from app.ui.screens.study.expected import ANY, ExpectedBand, ExpectedRange

TEXT_ALONE: Final = tr("none, only the text")


class PartEditor(QScrollArea):
    """The fields of one practice clip or attention check, which signal every change at once."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._part: Part | None = None
        self._filling = False
        self._language = "en"
        self._items: Mapping[str, str] = {}
        self.name, self.prompt = QLineEdit(), QLineEdit()
        self.item, self.condition, self.kind = ChoiceBox(tr("Clip")), ChoiceBox(tr("Condition")), ChoiceBox(tr("Task"))
        self.category = ChoiceBox(tr("Expected category"))
        self.feedback, self.right, self.wrong = QLineEdit(), QLineEdit(), QLineEdit()
        self.means = label(kind="small", wrap=True)
        self.verdict = label(kind="small", wrap=True)
        for told in (self.means, self.verdict):
            told.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.ranges: dict[str, ExpectedRange] = {}
        self.bands = {name: ExpectedBand(name.capitalize(), self._tell) for name in AXES}
        self._grid = QGridLayout()
        self._build()
        self.setWidgetResizable(True)
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def show_part(self, part: Part, study: Study, items: Mapping[str, str]) -> None:
        """Show a practice clip or an attention check.

        Args:
            part: The part.
            study: The study, which says what can be chosen.
            items: Names of the project's items, each with its range and its face.
        """
        self._filling = True
        self._part, self._language, self._items = part, study.language, items
        practice = isinstance(part, PracticeClip)
        for words in (self.name, self.prompt):
            self._form.setRowVisible(words, not practice)
        self._form.setRowVisible(self.kind, practice or len(study.kinds) > 1 or part.kind != "rating")
        self._form.setRowVisible(self.feedback, practice)
        if isinstance(part, AttentionCheck):
            self.name.setText(part.name)
            self.prompt.setText(text_in(part.prompt, study.language))
        else:
            self.feedback.setText(text_in(part.feedback, study.language))
        kinds = study.kinds if practice else dict.fromkeys(("rating", *study.kinds))
        _fill(self.kind, part.kind, ((kind, KIND_WORDS[kind]) for kind in kinds))
        none = () if practice else (("", TEXT_ALONE),)
        _fill(self.item, part.item, (*none, *((name, name) for name in items)))
        conditions = ((c.name, text_in(c.labels, "en", c.name)) for c in study.conditions)
        _fill(self.condition, part.condition, (*((("", "–"),) if not part.condition else ()), *conditions))
        categories = ((term.name, term.label(study.language)) for term in study.categories)
        _fill(self.category, part.category, (("", ANY), *categories))
        self.right.setText(text_in(part.right, study.language))
        self.wrong.setText(text_in(part.wrong, study.language))
        self._fill_ranges(part, study)
        for name, band in self.bands.items():
            band.set_span(part.band.get(name))
        self._filling = False
        self._show_what_follows()

    def part(self) -> Part | None:
        """Return the part that the fields describe; None without one."""
        part, language = self._part, self._language
        if part is None:
            return None
        rated = self._rated
        spans = {name: box.span() for name, box in self.ranges.items()} if rated else {}
        traced = {name: self.bands[name].span() for name in self._traced}
        common: dict[str, Any] = {
            "kind": cast(TaskKind, self.kind.currentData() or part.kind),
            "band": {name: span for name, span in traced.items() if span is not None},
            "expected": {name: span for name, span in spans.items() if span is not None},
            "category": (self.category.currentData() or "") if rated else "",
            "item": self.item.currentData() or "",
            "condition": self.condition.currentData() or "",
            "right": _said(part.right, language, self.right),
            "wrong": _said(part.wrong, language, self.wrong),
        }
        if isinstance(part, AttentionCheck):
            if not common["item"]:
                common["condition"] = ""
            prompt = _said(part.prompt, language, self.prompt)
            return replace(part, name=self.name.text().strip(), prompt=prompt, **common)
        return replace(part, feedback=_said(part.feedback, language, self.feedback), **common)

    @property
    def _rated(self) -> bool:
        """Whether the answer is a rating, of which something can be expected."""
        return bool(self.kind.currentData() == "rating")

    @property
    def _traced(self) -> tuple[str, ...]:
        """Dimensions of the trace that the answer is; none of a rating."""
        dimensions = TRACED.get(self.kind.currentData())
        return () if dimensions is None else AXES if dimensions == "both" else (dimensions,)

    def _fill_ranges(self, part: Part, study: Study) -> None:
        while (entry := self._grid.takeAt(0)) is not None:
            if (widget := entry.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        self.ranges.clear()
        known = {term.name: term.label(study.language) for term in study.emotions}
        labels = {**known, **{name: tr("{name} (not asked)", name=name) for name in part.expected if name not in known}}
        for name, words in labels.items():
            made = self.ranges[name] = ExpectedRange(words, study.scale, self._tell)
            made.set_span(part.expected.get(name))
        self._lay_ranges()

    def _lay_ranges(self) -> None:
        """Two emotions beside each other where there is room; the Tab key goes down the first column, then on."""
        wide = self.viewport().width() >= 2 * (12 * self.fontMetrics().averageCharWidth() + 200) + 130
        rows = (len(self.ranges) + 1) // 2 if wide else len(self.ranges)
        for place, made in enumerate(self.ranges.values()):
            side, row = divmod(place, rows)
            for column, widget in enumerate((made.words, made.low, made.between, made.high)):
                self._grid.addWidget(widget, row, 5 * side + column)
        self._grid.setColumnMinimumWidth(4, SPACE_L if wide else 0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._lay_ranges()

    def _show_what_follows(self) -> None:
        """Say what the item means and whether there is a verdict; ask for nothing that cannot be had."""
        part = self.part()
        if part is None:
            return
        self.means.setText(self._items.get(part.item, tr("This clip is not in the project.") if part.item else ""))
        self.means.setVisible(bool(self.means.text()))
        self.condition.setEnabled(bool(part.item))
        for widget in (self._ranges, self.category):
            self._form.setRowVisible(widget, self._rated)
        self._form.setRowVisible(self._bands, not self._rated)
        for name, band in self.bands.items():
            for field in (band.words, band.low, band.between, band.high):
                field.setVisible(name in self._traced)
        expects = bool(part.expected or part.category or part.band)
        self.right.setEnabled(expects)
        self.wrong.setEnabled(expects)
        if expects:
            words = ""
        elif isinstance(part, PracticeClip):
            words = tr("Nothing is expected, so the rater gets no verdict.")
        else:
            words = tr("Nothing is expected yet. Say which answer passes this check.")
        self.verdict.setText(words)
        self.verdict.setVisible(bool(words))

    def _build(self) -> None:
        page = QWidget()
        form = self._form = QFormLayout()
        form.setSpacing(SPACE_S)
        form.setLabelAlignment(Qt.AlignmentFlag.AlignLeft)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.ExpandingFieldsGrow)
        self._grid.setSpacing(SPACE_S)
        self._grid.setColumnStretch(9, 1)
        self._ranges = QWidget()
        self._ranges.setLayout(self._grid)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._bands = QWidget()
        bands = QGridLayout(self._bands)
        bands.setContentsMargins(0, 0, 0, 0)
        bands.setSpacing(SPACE_S)
        bands.setColumnStretch(4, 1)
        for at, band in enumerate(self.bands.values()):
            for column, widget in enumerate((band.words, band.low, band.between, band.high)):
                bands.addWidget(widget, at, column)
        self.name.setToolTip(tr("Letters, digits, _ - and .; stored with the answers"))
        self.right.setPlaceholderText(tr("Shown when the answer is as expected"))
        self.wrong.setPlaceholderText(tr("Shown when it is not"))
        self.feedback.setPlaceholderText(tr("Shown after every answer"))
        self.prompt.setPlaceholderText(tr("What the rater is asked to do"))
        for words, field in (
            (tr("Name"), self.name), (tr("Question"), self.prompt), (tr("Clip"), self.item), ("", self.means),
            (tr("Condition"), self.condition), (tr("Task"), self.kind), (tr("Expected ratings"), self._ranges),
            (tr("Expected category"), self.category), (tr("Expected mean"), self._bands), ("", self.verdict),
            (tr("Feedback"), self.feedback), (tr("If as expected"), self.right), (tr("If not"), self.wrong),
        ):  # fmt: skip
            form.addRow(words, field)
            if isinstance(field, QLineEdit):
                field.setAccessibleName(words)
                field.textEdited.connect(self._tell)
            elif isinstance(field, ChoiceBox):
                field.currentIndexChanged.connect(self._tell)
        box = QVBoxLayout(page)
        box.setContentsMargins(0, 0, SPACE_M, 0)
        box.addLayout(form)
        box.addStretch(1)
        self.setWidget(page)

    def _tell(self) -> None:
        if self._filling:
            return
        if isinstance(self._part, AttentionCheck) and self.item.currentData() and not self.condition.currentData():
            self.condition.setCurrentIndex(self.condition.count() - 1)  # a clip is shown in some condition
        if isinstance(self._part, AttentionCheck) and not self.item.currentData() and not self._rated:
            self.kind.setCurrentIndex(max(self.kind.findData("rating"), 0))  # a text is not traced
        self._show_what_follows()
        self.changed.emit()


def _fill(box: ChoiceBox, chosen: str, choices: Iterable[tuple[str, str]]) -> None:
    """Fill a box; what is chosen is in it even where it is offered no more."""
    box.blockSignals(True)
    box.clear()
    for key, words in choices:
        box.addItem(words, key)
    if chosen and box.findData(chosen) < 0:
        box.addItem(tr("{chosen} (no longer in the project)", chosen=chosen), chosen)
    box.setCurrentIndex(max(box.findData(chosen), 0))
    box.blockSignals(False)


def _said(texts: Mapping[str, str], language: str, field: QLineEdit) -> dict[str, str]:
    """Return the texts with the field's in the language; unchanged where the field shows what they say."""
    said = field.text().strip()
    if said == text_in(texts, language):
        return dict(texts)
    others = {code: text for code, text in texts.items() if code != language}
    return {**others, language: said} if said else others
