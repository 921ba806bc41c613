"""What a rater's keys and clicks can have said, to be held against what the database keeps of it.

The book knows what the keys of a question mean and nothing of how the form works: which values a question can have
follows from the acts that were noted on it alone. Another value in the database was changed by somebody or something
else.
"""

from dataclasses import dataclass, field

from sqlalchemy import text

from app.ui.parts.judging.draft import CATEGORY, CONFIDENCE, RatingDraft
from db.schema import Base

REASON, NOTHING = "a reason", None
"""Values of a question beside the points of its scale, its categories, or its levels."""


def values_of(study):
    """Question → its values, in the order of the cells on screen."""
    points = [*range(study.scale.low, study.scale.high + 1), REASON]
    found = dict.fromkeys(study.emotion_names, points)
    if study.categories:
        found[CATEGORY] = [*study.category_names, REASON]
    if study.confidence_levels:
        found[CONFIDENCE] = list(range(1, study.confidence_levels + 1))
    return found


def given(answer):
    """Question → what an answer says of it."""
    found = {name: REASON if one.score is None else one.score for name, one in answer.intensities.items()}
    found[CATEGORY] = answer.category or (REASON if answer.category_missing else NOTHING)
    found[CONFIDENCE] = answer.confidence
    return found


@dataclass
class Handed:
    """An answer that was handed over: what it belongs to, what may stand in it, and what does."""

    key: object
    corrects: object
    possible: dict
    commented: bool
    answer: object
    act: str


@dataclass
class Sheet:
    """What may have been said in one draft: question → the values that it can have, now and at any time before."""

    draft: RatingDraft
    values: dict
    now: dict = field(default_factory=dict)
    ever: dict = field(default_factory=dict)
    commented: bool = False

    def put(self, question, possible):
        self.now[question] = set(possible)
        self.ever[question] = self.ever[question] | self.now[question]


class Book:
    """Notes acts and what is handed over.

    Args:
        screen: The annotation screen.
    """

    def __init__(self, screen):
        self.screen = screen
        self.sheets = []
        self.handed = []
        self.act = ""
        screen.rating.submitted.connect(self._on_submitted)

    @property
    def sheet(self):
        """The sheet of the draft on screen; None where nothing can be said now."""
        page = self.screen.rating
        open_now = self.screen.stack.currentWidget() is page and page.draft is not None and page.questions.isEnabled()
        return self._of(page.draft) if open_now else None

    def digit(self, question, number):
        """A digit was pressed on a question."""
        sheet = self.sheet
        if sheet is not None:
            cells = sheet.values[question]
            value = number if question != CATEGORY else cells[number - 1] if 0 < number < len(cells) else None
            if value is not None and value in cells:
                sheet.put(question, {value})

    def cell(self, question, number):
        """The cell of that number was clicked."""
        if self.sheet is not None:
            self.sheet.put(question, {self.sheet.values[question][number]})

    def reason(self, question):
        """X was pressed on a question."""
        if self.sheet is not None and REASON in self.sheet.values[question]:
            self.sheet.put(question, {REASON})

    def clear(self, question):
        """Delete or Backspace was pressed."""
        if self.sheet is not None:
            self.sheet.put(question, {NOTHING})

    def step(self, question, by):
        """Left or Right was pressed."""
        sheet = self.sheet
        if sheet is None:
            return
        cells, found = sheet.values[question], set()
        for value in sheet.now[question]:
            at = (0 if by > 0 else len(cells) - 1) if value is NOTHING else cells.index(value) + by
            found.add(cells[min(max(at, 0), len(cells) - 1)])
        sheet.put(question, found)

    def give_up(self):
        """Ctrl+X was pressed or its button clicked: what was open has a reason, or what it had before is back."""
        sheet = self.sheet
        for question in sheet.values if sheet is not None else ():
            if question != CONFIDENCE:
                more = {REASON} if NOTHING in sheet.now[question] else set()
                sheet.put(question, sheet.ever[question] | more)

    def take_back(self):
        """Ctrl+Z was pressed: every question may have what it had before."""
        sheet = self.sheet
        for question in sheet.values if sheet is not None else ():
            sheet.put(question, sheet.ever[question])

    def differs(self):
        """Questions of the draft on screen whose value no act has given, with it and what it may be."""
        sheet = self.sheet
        said = given(sheet.draft.answer()) if sheet is not None else {}
        return {
            name: (said.get(name), now)
            for name, now in (sheet.now if sheet else {}).items()
            if said.get(name) not in now
        }

    def comment(self):
        """A key reached the comment."""
        if self.sheet is not None:
            self.sheet.commented = True

    def _of(self, draft):
        for sheet in reversed(self.sheets):
            if sheet.draft is draft:
                return sheet
        correcting = self.screen.flow._correcting  # noqa: SLF001 — what is corrected begins with what it said
        begun = given(correcting.answer) if correcting is not None else {}
        values = values_of(draft.study)
        sheet = Sheet(draft, values, commented=correcting is not None and bool(correcting.answer.comment))
        for question in values:
            sheet.now[question] = {begun.get(question)}
            sheet.ever[question] = {begun.get(question)}
        self.sheets.append(sheet)
        return sheet

    def _on_submitted(self, answer, _log):
        flow, sheet = self.screen.flow, self._of(self.screen.rating.draft)
        possible = {question: set(values) for question, values in sheet.now.items()}
        key = flow.task.slot.key
        self.handed.append(Handed(key, flow._correcting, possible, sheet.commented, answer, self.act))  # noqa: SLF001


def everything(project):
    """Table → number of the row, or its key → all of the row, of every table of the project."""
    found = {}
    with project.read() as session:
        for table in Base.metadata.sorted_tables:
            key = [column.name for column in table.primary_key.columns]
            rows = session.execute(text(f'SELECT * FROM "{table.name}"')).mappings()
            found[table.name] = {tuple(row[name] for name in key): dict(row) for row in rows}
    return found
