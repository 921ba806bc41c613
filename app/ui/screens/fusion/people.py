"""Who would choose the weights, who would be the result, and who stands in the way, before anything is searched."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QScrollArea, QVBoxLayout, QWidget

from app.domain.words import many
from app.services.fusion.survey import Survey
from app.ui.look.language import tr
from app.ui.look.tokens import SPACE_S
from app.ui.parts.widgets.basic import Card, label, set_tone

WAITING = tr("Finding out whom the members have seen …")


class PeopleCard(Card):
    """The answer of a survey in words, all people by name."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(tr("Who chooses, and who is the result"), parent=parent)
        self.refusal = self._line("section")
        self.todo = self._line("body")
        self.warning = self._line("body")
        set_tone(self.warning, "warning")
        self.search = self._line("section")
        self.search_names = self._line("small")
        self.result = self._line("section")
        self.result_names = self._line("small")
        self.in_the_way = self._line("body")
        set_tone(self.in_the_way, "warning")
        self.notes = self._line("small")
        inside = QWidget()
        box = QVBoxLayout(inside)
        box.setContentsMargins(0, 0, SPACE_S, 0)
        box.setSpacing(SPACE_S)
        for part in self._lines:
            box.addWidget(part)
        box.addStretch(1)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setAccessibleName(self.title.text())
        area.setWidget(inside)
        self.body.addWidget(area, 1)
        self.show_words("")

    @property
    def _lines(self) -> tuple[QLabel, ...]:
        return (
            self.refusal, self.todo, self.warning, self.search, self.search_names, self.result, self.result_names,
            self.in_the_way, self.notes,
        )  # fmt: skip

    def _line(self, kind: str) -> QLabel:
        made = label("", kind, wrap=True)  # type: ignore[arg-type]
        made.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        return made

    def show_words(self, text: str, todo: str = "", *, refused: bool = False) -> None:
        """Show a sentence instead of people: why there is nothing to see, and what to do."""
        self._show({self.refusal: text, self.todo: todo})
        set_tone(self.refusal, "danger" if refused else "")

    def show_survey(self, found: Survey) -> None:
        """Show who would take which part."""
        if found.refusal:
            self.show_words(found.refusal, found.todo, refused=True)
            return
        asked = not found.search_people and not found.result_people
        ways = "\n".join(each.sentence for each in found.in_the_way)
        self._show(
            {
                self.warning: found.warning,
                self.search: ""
                if asked
                else _counted(tr("Choose the weights"), found.search_people, found.search_items),
                self.search_names: ", ".join(found.search_people),
                self.result: "" if asked else _counted(tr("Are the result"), found.result_people, found.result_items),
                self.result_names: ", ".join(found.result_people),
                self.in_the_way: tr("Take no part:\n{ways}", ways=ways) if ways else "",
                self.notes: "\n".join(found.notes),
            }
        )

    def text(self) -> str:
        """Return everything that is shown."""
        return "\n".join(part.text() for part in self._lines if part.text())

    def _show(self, words: dict[QLabel, str]) -> None:
        for part in self._lines:
            part.setText(words.get(part, ""))
            part.setVisible(bool(words.get(part)))


def _counted(what: str, people: Sequence[str], items: int) -> str:
    return f"{what}: {many(len(people), tr('person'), tr('people'))}, {many(items, tr('item'), tr('items'))}"
