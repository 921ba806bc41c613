"""Practice clips and attention checks: their list, their order, and the answers that are expected of raters."""

from collections.abc import Mapping
from typing import Final

from PySide6.QtCore import QItemSelectionModel, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from app.domain.study import AttentionCheck, Part, PracticeClip, Study, text_in
from app.domain.study_defaults import default_check
from app.services.study.expectations import KIND_WORDS, PartKey, Verdicts, in_words, part_key, what_stays
from app.ui.core.context import AppContext
from app.ui.look.language import tr
from app.ui.look.tokens import SPACE_M, SPACE_S
from app.ui.parts.widgets.basic import button, column, label, lay_scrolled, row
from app.ui.parts.widgets.tables import RowsTable
from app.ui.screens.study.part import PartEditor

HEADINGS: Final = ("", tr("Clip or question"), tr("Condition"), tr("Expected"))


class PartsTable(RowsTable):
    """The list, in which Insert adds a practice clip, Delete removes one, and Ctrl with an arrow moves one."""

    add_wanted = Signal()
    remove_wanted = Signal()
    move_wanted = Signal(int)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        held = event.modifiers() & Qt.KeyboardModifier.ControlModifier
        if event.key() == Qt.Key.Key_Insert:
            self.add_wanted.emit()
        elif event.key() == Qt.Key.Key_Delete:
            self.remove_wanted.emit()
        elif held and event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.move_wanted.emit(-1 if event.key() == Qt.Key.Key_Up else 1)
        else:
            super().keyPressEvent(event)


class ExpectationsTab(QWidget):
    """The list above, and the editor of the chosen part below. Nothing is stored here, but by the study's Save.

    Args:
        context: What all screens share; the theme is taken from it.

    Attributes:
        practice: The present practice clips, in order.
        attention: The present attention checks.
    """

    changed = Signal()

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._study: Study | None = None
        self._items: Mapping[str, str] = {}
        self._verdicts: Mapping[PartKey, Verdicts] = {}
        self.practice: tuple[PracticeClip, ...] = ()
        self.attention: tuple[AttentionCheck, ...] = ()
        self.table = PartsTable(HEADINGS, tr("Practice clips and attention checks"), stretch=1, drop=(2,))
        self.add_practice = button(tr("Practice"), icon_name="plus", tip=tr("Add a clip to practise on (Insert)"))
        self.add_check = button(tr("Check"), icon_name="plus", tip=tr("Add an attention check"))
        self.remove = button(tr("Remove"), icon_name="trash", tip="Delete")
        self.up, self.down = button(tr("Up"), tip="Ctrl+↑: earlier"), button(tr("Down"), tip="Ctrl+↓: later")
        self.stays = label(kind="small", wrap=True, tone="warning")
        self.editor = PartEditor()
        words = label(
            tr(
                "Practice clips come first, in this order, and raters get feedback. Attention "
                "checks appear between clips. "
                "Answers to both are not analysed, and a clip used here is left out of the study's judgements."
            ),
            "small",
            wrap=True,
        )
        self.table.setMinimumHeight(96)
        buttons = row(self.add_practice, self.add_check, None, self.up, self.down, self.remove, spacing=SPACE_S)
        box = column(words, self.table, buttons, self.stays, self.editor, spacing=SPACE_M, margins=SPACE_S)
        box.setStretch(1, 1)
        box.setStretch(4, 3)
        lay_scrolled(self, box)
        self.add_practice.clicked.connect(self._on_add_practice)
        self.add_check.clicked.connect(self._on_add_check)
        self.remove.clicked.connect(self._on_remove)
        self.up.clicked.connect(lambda: self._on_move(-1))
        self.down.clicked.connect(lambda: self._on_move(1))
        self.table.add_wanted.connect(self._on_add_practice)
        self.table.remove_wanted.connect(self._on_remove)
        self.table.move_wanted.connect(self._on_move)
        self.table.selectionModel().selectionChanged.connect(self._on_chosen)
        self.editor.changed.connect(self._on_edited)

    def show_study(self, study: Study, items: Mapping[str, str], verdicts: Mapping[PartKey, Verdicts]) -> None:
        """Show the practice clips and checks of a study as its form has it.

        Args:
            study: The study of the parts, which says what can be chosen.
            items: Names of the project's items, each with its range and its face.
            verdicts: The verdicts so far.
        """
        before, same = self._study, (study.practice, study.attention) == (self.practice, self.attention)
        other = before is None or before.name != study.name
        offers = before is None or _offers(before) != _offers(study) or items != self._items
        self._study, self._items, self._verdicts = study, items, verdicts
        if not same or other:
            self.practice, self.attention = study.practice, study.attention
        if not same or offers or other:
            self._fill(0 if other else self.chosen)
        self._show_stays()

    @property
    def parts(self) -> tuple[Part, ...]:
        """The practice clips, then the attention checks."""
        return (*self.practice, *self.attention)

    @property
    def chosen(self) -> int:
        """Number of the chosen part, from 0; −1 without one."""
        picked = self.table.selectionModel().selectedRows()
        return picked[0].row() if picked else -1

    def _fill(self, choose: int) -> None:
        """Show the list, with one chosen."""
        model = self.table.selectionModel()
        model.blockSignals(True)
        self._show_rows()
        count = len(self.parts)
        if count:
            index = self.table.rows.index(min(max(choose, 0), count - 1), 0)
            flags = QItemSelectionModel.SelectionFlag
            model.setCurrentIndex(index, flags.ClearAndSelect | flags.Rows)
        model.blockSignals(False)
        self._on_chosen()

    def _show_rows(self) -> None:
        study = self._study
        if study is None:
            return
        labels = {c.name: text_in(c.labels, "en", c.name) for c in study.conditions}
        rows = []
        for part in self.parts:
            practice = isinstance(part, PracticeClip)
            asked = part.item if isinstance(part, PracticeClip) else part.item or text_in(part.prompt, study.language)
            what = (
                tr("Practice, {kind_words}", kind_words=KIND_WORDS[part.kind])
                if isinstance(part, PracticeClip)
                else tr("Check {name}", name=part.name)
            )
            what += f", {KIND_WORDS[part.kind]}" if not practice and part.kind != "rating" else ""
            expected = in_words(part, study) or (tr("no verdict") if practice else tr("nothing yet"))
            rows.append((what, asked, labels.get(part.condition, part.condition), expected))
        self.table.show_rows(rows)

    def _on_chosen(self) -> None:
        number, count = self.chosen, len(self.parts)
        self.editor.setVisible(number >= 0)
        self.remove.setEnabled(number >= 0)
        ours = range(len(self.practice)) if number < len(self.practice) else range(len(self.practice), count)
        self.up.setEnabled(number - 1 in ours)
        self.down.setEnabled(number >= 0 and number + 1 in ours)
        self.add_practice.setEnabled(bool(self._items))
        if number >= 0 and self._study is not None:
            self.editor.show_part(self.parts[number], self._study, self._items)
        self._show_stays()

    def _show_stays(self) -> None:
        """Say what a change does to answers that are there already."""
        number = self.chosen
        known = self._verdicts.get(part_key(self.parts[number])) if number >= 0 else None
        words = what_stays(known, self._study.version + 1) if self._study is not None else ""
        self.stays.setText(words)
        self.stays.setVisible(bool(words))

    def _on_edited(self) -> None:
        number, part = self.chosen, self.editor.part()
        if number < 0 or part is None:
            return
        parts = list(self.parts)
        parts[number] = part
        self._take(parts)
        flags = QItemSelectionModel.SelectionFlag
        model = self.table.selectionModel()
        model.blockSignals(True)
        self._show_rows()
        model.setCurrentIndex(self.table.rows.index(number, 0), flags.ClearAndSelect | flags.Rows)
        model.blockSignals(False)
        self._show_stays()
        self.changed.emit()

    def _take(self, parts: list[Part]) -> None:
        self.practice = tuple(part for part in parts if isinstance(part, PracticeClip))
        self.attention = tuple(part for part in parts if isinstance(part, AttentionCheck))

    def _replace(self, parts: list[Part], choose: int) -> None:
        self._take(parts)
        self._fill(choose)
        self.changed.emit()

    def _on_add_practice(self) -> None:
        study = self._study
        if study is None or not self._items:
            return
        used = {part.item for part in self.practice}
        name = next((item for item in self._items if item not in used), next(iter(self._items)))
        clip = PracticeClip(name, study.conditions[-1].name if study.conditions else "", study.kinds[0])
        self._add(clip, len(self.practice))

    def _on_add_check(self) -> None:
        study = self._study
        if study is None:
            return
        used, number = {check.name for check in self.attention}, 1
        while f"check_{number}" in used:
            number += 1
        self._add(default_check(study, f"check_{number}"), len(self.parts))

    def _add(self, part: Part, at: int) -> None:
        parts = list(self.parts)
        parts.insert(at, part)
        self._replace(parts, at)
        (self.editor.item if isinstance(part, PracticeClip) else self.editor.prompt).setFocus()

    def _on_remove(self) -> None:
        number = self.chosen
        if number >= 0:
            parts = list(self.parts)
            del parts[number]
            self._replace(parts, number)

    def _on_move(self, step: int) -> None:
        number, parts = self.chosen, list(self.parts)
        to = number + step
        if number < 0 or not 0 <= to < len(parts) or type(parts[number]) is not type(parts[to]):
            return
        parts[number], parts[to] = parts[to], parts[number]
        self._replace(parts, to)


def _offers(study: Study) -> tuple[object, ...]:
    """Return what the fields offer."""
    return (study.emotions, study.categories, study.conditions, study.kinds, study.scale, study.language)
