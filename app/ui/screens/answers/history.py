"""Every revision of an answer, or what reviewers did to a trace, with what changed, who did it, when and why."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from app.domain.answers import Answer
from app.domain.study import Study
from app.services.study.opened import OpenedAnswer, OpenedTrace, Revision
from app.ui.look.language import tr
from app.ui.parts.judging.wording import reason_words
from app.ui.parts.widgets.basic import column
from app.ui.parts.widgets.tables import RowsTable
from app.ui.screens.answers import words

HEADINGS = (tr("Rev."), tr("When"), tr("Who"), tr("What changed"), tr("Why"))


class HistoryTab(QWidget):
    """A table, newest first."""

    chosen = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._numbers: list[int] = []
        self.table = RowsTable(HEADINGS, tr("Revisions"))
        self.setLayout(column(self.table))
        self.table.selectionModel().selectionChanged.connect(lambda *_: self.chosen.emit())

    def show_answer(self, opened: OpenedAnswer) -> None:
        """Show the revisions of an answer."""
        rows, before = [], None
        for one in opened.revisions:
            rows.append(_row(one, before, opened))
            before = one
        self._numbers = [one.stored.revision for one in reversed(opened.revisions)]
        self.table.show_rows(rows[::-1])

    def show_trace(self, opened: OpenedTrace) -> None:
        """Show what was done to a trace."""
        record = opened.record
        rows = [("1", words.moment(record.finished_at or record.started_at), record.rater, "given", "")]
        for at, note in enumerate(opened.notes, 2):
            rows.append(
                (str(at), words.moment(note.at), note.actor or "owner", words.ACTIONS[note.action], note.reason)
            )
        self._numbers = []
        self.table.show_rows(rows[::-1])

    @property
    def revision(self) -> int | None:
        """Number of the chosen revision; None for none, and for the one that counts."""
        picked = self.table.selectionModel().selectedRows()
        at = picked[0].row() if picked else 0
        return self._numbers[at] if 0 < at < len(self._numbers) else None

    @property
    def rows(self) -> list[tuple[str, ...]]:
        """The rows of the table, newest first."""
        return self.table.rows.rows


def _row(one: Revision, before: Revision | None, opened: OpenedAnswer) -> tuple[str, ...]:
    stored, note = one.stored, one.note
    source = words.SOURCES[stored.circumstances.source]
    what = source if before is None else changes(opened.task.study, before.stored.answer, stored.answer)
    if note is not None and note.action != "correct":
        same = [e.stored for e in opened.revisions if e.stored.answer == stored.answer]
        if same[0].revision < stored.revision:
            what = tr("as in revision {revision}", revision=same[0].revision)
        what = words.ACTIONS[note.action] + (f": {what}" if note.action != "void" else "")
    when = note.at if note is not None else stored.answered_at
    why = note.reason if note is not None else ""
    return str(stored.revision), words.moment(when), words.who(note, opened.rater), what, why


def changes(study: Study, before: Answer, after: Answer) -> str:
    """Describe how one answer differs from another, in words such as "happy 3 → 4"."""
    label = {term.name: term.label(study.language) for term in (*study.emotions, *study.categories)}
    said = []
    for name in dict.fromkeys((*before.intensities, *after.intensities)):
        pair = [_value(answer, name) for answer in (before, after)]
        if pair[0] != pair[1]:
            said.append(f"{label.get(name, name)} {pair[0]} → {pair[1]}")
    gone = len(said) == len(after.intensities) > 1 and len({_value(after, name) for name in after.intensities}) == 1
    if gone:  # all at once, as when it was voided
        said = [tr("every emotion → {value}", value=_value(after, next(iter(after.intensities))))]
    chosen = [label.get(one.category, one.category) or reason_words(one.category_missing) for one in (before, after)]
    if chosen[0] != chosen[1]:
        said.append(tr("category {before} → {after}", before=chosen[0] or "–", after=chosen[1] or "–"))
    if before.confidence != after.confidence:
        said.append(
            tr(
                "sure {before} → {after}",
                before=before.confidence or "–",
                after=after.confidence or "–",
            )
        )
    if before.comment != after.comment:
        said.append("comment")
    return ", ".join(said) or tr("the same again")


def _value(answer: Answer, name: str) -> str:
    given = answer.intensities.get(name)
    if given is None:
        return "–"
    return str(given.score) if given.score is not None else reason_words(given.missing_reason)
