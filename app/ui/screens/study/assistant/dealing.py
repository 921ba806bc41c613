"""The fourth page: how clips are dealt to raters, with what each of them gets and how long it takes."""

from dataclasses import replace
from typing import Any, Final

from PySide6.QtWidgets import QCheckBox, QFormLayout, QSpinBox, QWidget

from app.domain.study import PracticeClip, Study, text_in
from app.domain.study_words import DESIGNS, NUMBERS
from app.domain.words import duration
from app.services.study.draft import Draft, Material
from app.services.study.outlook import Outlook
from app.ui.look.language import tr
from app.ui.look.tokens import SPACE_L, SPACE_S
from app.ui.parts.widgets.basic import column, label, row
from app.ui.parts.widgets.fields import ChoiceBox, roomy
from app.ui.parts.widgets.tables import RowsTable
from app.ui.parts.widgets.tick import Tick
from app.ui.screens.study.assistant.page import Page, scrolled

ASKED: Final = ("raters_per_cell", "passes", "min_distance", "attention_every")
"""Those of the form's numbers that the assistant asks for."""


class DealingPage(Page):
    """The rules of dealing at the left, the balance at the right."""

    def __init__(self) -> None:
        super().__init__()
        self._filling = False
        self.design = ChoiceBox(tr("Design"), 10)
        for key, words in DESIGNS:
            self.design.addItem(words, key)
        self.numbers: dict[str, QSpinBox] = {}
        self.incomplete = QCheckBox(tr("Assign clips that cannot be shown in every condition"))
        self.practice, self.expected = ChoiceBox(tr("Practice clip"), 10), ChoiceBox(tr("Expected category"), 8)
        self.balance = RowsTable((tr("Rater"), tr("In all"), tr("Time")), tr("Balance"), stretch=0)
        self.note = label(kind="small", wrap=True)
        self._build()
        self.setFocusProxy(self.design)
        for choice in (self.design, self.practice, self.expected):
            choice.currentIndexChanged.connect(self._tell)
        self.incomplete.toggled.connect(self._tell)

    def show_draft(self, draft: Draft, found: Material) -> None:
        study = draft.study
        self._filling = True
        self.design.setCurrentIndex(self.design.findData(study.design))
        for name, box in self.numbers.items():
            box.setValue(getattr(study, name))
        self.incomplete.setChecked(study.deal_incomplete)
        names = [choice.item.name for choice in found.choices if choice.item.name in draft.items]
        practice = study.practice[0] if study.practice else None
        _fill(
            self.practice, practice.item if practice else "", (("", tr("no clip")), *((name, name) for name in names))
        )
        categories = ((term.name, term.label(study.language)) for term in study.categories)
        _fill(self.expected, practice.category if practice else "", (("", tr("any answer")), *categories))
        self.expected.setEnabled(practice is not None and bool(study.categories))
        self._filling = False

    def show_outlook(self, outlook: Outlook) -> None:
        study = outlook.draft.study
        names = [text_in(condition.labels, "en", condition.name) for condition in study.conditions]
        rows = [
            (share.rater, *map(str, share.counts), str(share.total), duration(share.seconds))
            for share in outlook.shares
        ]
        self.balance.columns.set_rules(0, range(1, 1 + len(names)))
        self.balance.show_rows(rows, (tr("Rater"), *names, tr("In all"), tr("Time")))
        self.note.setText(" ".join(outlook.notes))
        self.note.setVisible(bool(outlook.notes))

    def into(self, draft: Draft) -> Draft:
        study = draft.study
        numbers: dict[str, Any] = {name: box.value() for name, box in self.numbers.items()}
        made = replace(
            study,
            design=self.design.currentData(),
            deal_incomplete=self.incomplete.isChecked(),
            practice=self._practised(study),
            **numbers,
        )
        return replace(draft, study=made)

    def _practised(self, study: Study) -> tuple[PracticeClip, ...]:
        item = self.practice.currentData() or ""
        if not item or not study.conditions or not study.kinds:
            return ()
        condition = study.practice[0].condition if study.practice else study.conditions[-1].name
        return (PracticeClip(item, condition, study.kinds[0], category=self.expected.currentData() or ""),)

    def _build(self) -> None:
        form = QFormLayout()
        form.setSpacing(SPACE_S)
        form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapLongRows)
        for name, words, low, high, zero, tip in NUMBERS:
            if name not in ASKED:
                continue
            number = self.numbers[name] = roomy(QSpinBox())
            number.setRange(low, high)
            number.setSpecialValueText(zero)
            number.setToolTip(tip)
            number.setAccessibleName(words)
            number.setMinimumWidth(110)
            number.valueChanged.connect(self._tell)
            form.addRow(words, number)
        form.addRow(tr("Practise first on"), self.practice)
        form.addRow(tr("Expected there"), self.expected)
        left = QWidget()
        left.setLayout(
            column(
                label(tr("Who sees what"), "section"), self.design, Tick(self.incomplete), form, None, spacing=SPACE_S
            )
        )
        frame = scrolled(left)
        right = QWidget()
        self.balance.setToolTip(
            tr(
                "The time is estimated: the length of each clip, 2 s for each emotion, 4 s for the category, and 10 s "
                "more for a trace"
            )
        )
        right.setLayout(column(label(tr("What each rater gets"), "section"), self.balance, self.note, spacing=SPACE_S))
        both = row(frame, right, spacing=SPACE_L)
        both.setStretch(0, 1)
        both.setStretch(1, 1)
        self.setLayout(both)

    def _tell(self) -> None:
        if not self._filling:
            self.changed.emit()


def _fill(box: ChoiceBox, chosen: str, choices: tuple[tuple[str, str], ...]) -> None:
    if [box.itemData(at) for at in range(box.count())] != [key for key, _ in choices]:
        box.clear()
        for key, words in choices:
            box.addItem(words, key)
    box.setCurrentIndex(max(box.findData(chosen), 0))
