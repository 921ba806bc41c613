"""The filter bar: study, condition, raters, subject, pass, and the unit that intervals resample."""

from dataclasses import replace
from typing import Final, cast

from PySide6.QtWidgets import QComboBox, QMenu, QToolButton, QWidget

from app.agreement.resample import Unit
from app.ui.look.language import tr
from app.ui.look.tokens import SPACE_M, SPACE_S
from app.ui.parts.widgets.basic import label, row
from app.ui.parts.widgets.fields import wide_choice
from app.ui.parts.widgets.wrapped import WrappedRow
from app.ui.screens.agreement.look import pretty
from app.ui.screens.agreement.state import AgreementState

UNITS = (("", tr("Automatic")), ("item", tr("Items")), ("clip", tr("Clips")), ("subject", tr("Subjects")))
UNIT_WORDS: Final = {
    "item": (tr("item"), tr("items")),
    "clip": (tr("clip"), tr("clips")),
    "subject": (tr("subject"), tr("subjects")),
}
"""One and several of the units that intervals resample."""


class Filters(QWidget):
    """One row of choices, each of which acts at once.

    Args:
        state: The state that they filter.
    """

    def __init__(self, state: AgreementState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = state
        self._filling = False
        self.study = _combo(tr("Study"), self._on_study)
        self.condition = _combo(tr("Condition"), self._on_choice)
        self.subject = _combo(tr("Subject"), self._on_choice)
        self.passes = _combo(tr("Pass"), self._on_choice)
        self.unit = _combo(tr("Intervals resample"), self._on_unit)
        for key, title in UNITS:
            self.unit.addItem(title, key)
        self.raters = QToolButton()
        self.raters.setProperty("kind", "field")
        self.raters.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.raters.setAccessibleName(tr("Raters"))
        self.menu = QMenu(self.raters)
        self.raters.setMenu(self.menu)
        self._labelled = [
            (tr("Study"), self.study),
            (tr("Condition"), self.condition),
            (tr("Raters"), self.raters),
            (tr("Subject"), self.subject),
            (tr("Pass"), self.passes),
            (tr("Intervals over"), self.unit),
        ]
        self._places = {}
        for title, widget in self._labelled:
            self._places[title] = QWidget()
            self._places[title].setLayout(row(label(title, "small"), widget, spacing=SPACE_S))
        self.setLayout(WrappedRow(*self._places.values(), spacing=SPACE_M))
        state.labels_changed.connect(self.fill)

    def fill(self) -> None:
        """Offer the values of the present labels."""
        labels = self._state.labels
        if labels is None:
            return
        options, choice = labels.options, self._state.choice
        self._filling = True
        _offer(self.study, tr("All studies"), [(name, name) for name in options.studies], self._state.study)
        one = choice.conditions[0] if choice.conditions else ""
        _offer(self.condition, tr("All conditions"), [(c, pretty(c)) for c in options.conditions], one)
        one = choice.subjects[0] if choice.subjects else ""
        _offer(self.subject, tr("All subjects"), [(s, s) for s in options.subjects], one)
        self.passes.clear()
        for number in options.passes or (1,):
            self.passes.addItem(str(number), str(number))
        self.passes.setCurrentIndex(max(self.passes.findData(str(choice.pass_no)), 0))
        self.menu.clear()
        for rater in options.raters:
            action = self.menu.addAction(rater)
            action.setCheckable(True)
            action.setChecked(not choice.raters or rater in choice.raters)
            action.toggled.connect(self._on_choice)
        self._filling = False
        self._tell_raters()
        for title, shown in ((tr("Pass"), len(options.passes) > 1), (tr("Subject"), len(options.subjects) > 1)):
            self._places[title].setVisible(shown)

    def _tell_raters(self) -> None:
        on = [action for action in self.menu.actions() if action.isChecked()]
        every = len(self.menu.actions())
        self.raters.setText(
            tr("All {every}", every=every) if len(on) == every else tr("{on} of {every}", on=len(on), every=every)
        )

    def _on_study(self) -> None:
        if not self._filling:
            self._state.set_study(str(self.study.currentData() or ""))

    def _on_unit(self) -> None:
        if not self._filling:
            self._state.set_unit(cast(Unit | None, self.unit.currentData() or None))

    def _on_choice(self, *_: object) -> None:
        if self._filling:
            return
        on = tuple(action.text() for action in self.menu.actions() if action.isChecked())
        self._tell_raters()
        self._state.set_choice(
            replace(
                self._state.choice,
                raters=() if len(on) == len(self.menu.actions()) else on or ("\0nobody",),
                subjects=_one(self.subject),
                conditions=_one(self.condition),
                pass_no=int(self.passes.currentData() or 1),
            )
        )


def _combo(name: str, slot: object) -> QComboBox:
    made = wide_choice(name)
    made.currentIndexChanged.connect(slot)
    return made


def _offer(combo: QComboBox, every: str, entries: list[tuple[str, str]], now: str) -> None:
    combo.clear()
    combo.addItem(every, "")
    for key, title in entries:
        combo.addItem(title, key)
    combo.setCurrentIndex(max(combo.findData(now), 0))


def _one(combo: QComboBox) -> tuple[str, ...]:
    now = str(combo.currentData() or "")
    return (now,) if now else ()
