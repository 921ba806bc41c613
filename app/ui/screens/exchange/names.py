"""The form below the preview: what the names of the chosen line mean in the project."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from app.services.exchange.mapping import Rule, What
from app.services.exchange.plan import Line
from app.ui.look.language import tr
from app.ui.look.tokens import SPACE_S
from app.ui.parts.widgets.basic import button, column, label, row
from app.ui.parts.widgets.fields import ChoiceBox

AS_TOLD = tr("as the file says")
LEAVE_OUT = tr("leave it out")


class NameForm(QWidget):
    """Fields for clip, rater, dimension or emotion, and scale of one line; `given` carries the rules that they make."""

    given = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._line: Line | None = None
        self.title = label("", "small", wrap=True)
        self.clip = ChoiceBox(tr("Clip"), 14)
        self.rater = QLineEdit()
        self.rater.setAccessibleName(tr("Rater"))
        self.rater.setPlaceholderText(tr("code"))
        self.dimension = ChoiceBox(tr("Dimension"), 10)
        self.dimension.addItems([AS_TOLD, "valence", "arousal", LEAVE_OUT])
        self.emotion = QLineEdit()
        self.emotion.setAccessibleName(tr("Emotion"))
        self.emotion.setPlaceholderText(tr("such as happy"))
        self.scale = QLineEdit()
        self.scale.setAccessibleName(tr("Scale"))
        self.scale.setPlaceholderText(tr("such as 0:100"))
        self.apply = button(tr("Apply"), tip=tr("Read the files again with these names"))
        self.apply.clicked.connect(self._on_apply)
        self._parts = [
            self._field(tr("Clip"), self.clip),
            self._field(tr("Rater"), self.rater),
            self._field(tr("Dimension"), self.dimension),
            self._field(tr("Emotion"), self.emotion),
            self._field(tr("Scale"), self.scale),
        ]
        fields = row(*self._parts, column(None, self.apply), None, spacing=SPACE_S)
        self.setLayout(column(self.title, fields, spacing=SPACE_S))
        for edit in (self.rater, self.emotion, self.scale):
            edit.returnPressed.connect(self._on_apply)
        self.show_line(None, ())

    def _field(self, name: str, field: QWidget) -> QWidget:
        made = QWidget()
        made.setLayout(column(label(name, "caption"), field, spacing=2))
        return made

    def show_line(self, line: Line | None, clips: Sequence[str]) -> None:
        """Show what is known of a line; None hides the form."""
        self._line = line
        self.setVisible(line is not None)
        if line is None:
            return
        self.title.setText(
            tr("What the names in {file} mean. An empty field keeps the meaning that the file states.", file=line.file)
        )
        self.clip.clear()
        self.clip.addItems([AS_TOLD, *clips])
        self.clip.setCurrentIndex(1 + clips.index(line.clip) if line.clip in clips else 0)
        traced = line.kind in ("trace", "fused trace")
        self.rater.setText(line.rater)
        at = self.dimension.findText(line.dimension)
        self.dimension.setCurrentIndex(max(at, 0))
        self.emotion.setText(line.dimension if line.kind == "ratings" else "")
        self.scale.clear()
        shown = (True, line.kind != "fused trace", traced, line.kind == "ratings", traced)
        for part, visible in zip(self._parts, shown, strict=True):
            part.setVisible(visible)

    def rules(self) -> list[Rule]:
        """Return the rules that the fields make, without those that say nothing new."""
        line = self._line
        if line is None:
            return []
        made: list[Rule] = []

        def add(what: What, there: str, meaning: str, before: str) -> None:
            if meaning.strip() and meaning.strip() != before:
                made.append(Rule(what, there or line.file, meaning.strip()))

        if self.clip.currentText() != AS_TOLD:
            add("clip", line.clip_there, self.clip.currentText(), line.clip)
        if line.kind != "fused trace":
            add("rater", line.rater_there, self.rater.text(), line.rater)
        if line.kind in ("trace", "fused trace"):
            chosen = self.dimension.currentText()
            if chosen != AS_TOLD:
                add("dimension", line.dimension_there, "-" if chosen == LEAVE_OUT else chosen, line.dimension)
            add("scale", line.dimension_there, self.scale.text(), "")
        if line.kind == "ratings":
            add("emotion", line.dimension_there, self.emotion.text(), line.dimension)
        return made

    def _on_apply(self) -> None:
        made = self.rules()
        if made:
            self.given.emit(made)
