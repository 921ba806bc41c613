"""The form of a new training, made row by row from the table of recipes."""

from typing import Any, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDoubleSpinBox,
    QFormLayout,
    QLabel,
    QLineEdit,
    QScrollArea,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from app.domain.affect_recipes import AFFECT_RECIPES
from app.domain.recipe import Parameter, Recipe
from app.faces.landmarks68 import FIVE, LICENCE, NAME
from app.services.retrain.known import LabelsAtHand
from app.services.retrain.labels import GOLD, STORED, LabelChoice, Method
from app.services.retrain.process import ADD_TORCH, can_train
from app.services.retrain.runs import TrainRequest
from app.ui.look.tokens import SPACE_M, SPACE_S
from app.ui.parts.widgets.basic import Card, button, in_tab_order, label, line, set_tone
from app.ui.parts.widgets.fields import ChoiceBox, roomy

LAGS: Final = (("relative", "Relative to the fastest rater"), ("absolute", "Calibrated"), ("none", "Leave them in"))
POINTS: Final = ((FIVE, "MTCNN's five"), (NAME, "dlib's 68 (research only)"))
DEVICES: Final = (("auto", "Best there is"), ("cpu", "CPU"), ("cuda", "NVIDIA GPU"), ("mps", "Apple GPU"))


class TrainForm(Card):
    """What to train, on what, and the button that starts it."""

    started = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("New training", parent=parent)
        self.recipe = _combo("Recipe", [(recipe.name, recipe.title) for recipe in AFFECT_RECIPES])
        self.recipe.currentIndexChanged.connect(self._on_recipe)
        self.summary = label("", "small", wrap=True)
        self.labels = _combo("Labels", [])
        self.condition = _combo("Condition", [])
        self.lag = _combo("Reaction lags", LAGS)
        self.points = _combo("Landmark points", POINTS)
        self.points.setToolTip(LICENCE)
        self.device = _combo("Device", DEVICES)
        self.state = label("", "small", wrap=True)
        self.more = button("More settings", "link")
        self.more.clicked.connect(self._on_more)
        self.start = button("Start training", "primary", tip="Train in the background; go on working meanwhile")
        self.start.clicked.connect(self._on_start)
        self.editors: dict[str, QWidget] = {}
        self._places: list[tuple[QLabel, QWidget, Parameter]] = []
        self._at_hand: LabelsAtHand | None = None
        self._form = QFormLayout()
        self._form.setLabelAlignment(Qt.AlignmentFlag.AlignLeft)
        self._form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        self._form.setHorizontalSpacing(SPACE_M)
        self._form.setVerticalSpacing(SPACE_S)
        self._rows = QFormLayout()
        self._rows.setHorizontalSpacing(SPACE_M)
        self._rows.setVerticalSpacing(SPACE_S)
        inside = QWidget()
        box = QVBoxLayout(inside)
        box.setContentsMargins(0, 0, SPACE_S, 0)
        box.addLayout(self._form)
        box.addWidget(self.summary)
        box.addWidget(line())
        box.addLayout(self._rows)
        box.addWidget(self.more, 0, Qt.AlignmentFlag.AlignLeft)
        box.addStretch(1)
        area = QScrollArea()
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(inside)
        self._form.addRow(label("Recipe", "soft"))
        self._form.addRow(self.recipe)  # the longest names there are: a line of its own
        for title, editor in (
            ("Learn from", self.labels),
            ("Condition", self.condition),
            ("Reaction lags", self.lag),
            ("Landmarks", self.points),
            ("Device", self.device),
        ):
            self._form.addRow(label(title, "soft"), editor)
        self.body.addWidget(area, 1)
        self.body.addWidget(self.state)
        self.body.addWidget(self.start)
        self._shown_more = False
        self._on_recipe()
        self.set_labels(None)

    def set_labels(self, at_hand: LabelsAtHand | None) -> None:
        """Offer what the project has; None where no project is open."""
        self._at_hand = at_hand
        chosen, where = self.labels.currentText(), self.condition.currentText()
        self.labels.clear()
        self.condition.clear()
        if at_hand is not None:
            if at_hand.raters:
                self.labels.addItem("Mean of all raters", (GOLD, "mean"))
                self.labels.addItem("Raters weighted by agreement", (GOLD, "ewe"))
            if at_hand.stored:
                self.labels.addItem("Chosen gold standards", (STORED, "mean"))
            for rater in at_hand.raters:
                self.labels.addItem(f"{rater} alone", (rater, "mean"))
            for name in at_hand.conditions:
                self.condition.addItem(name.replace("_", " "), name)
        for combo, before in ((self.labels, chosen), (self.condition, where)):
            combo.setCurrentIndex(max(combo.findText(before), 0))
        self._show_state()

    def request(self) -> TrainRequest:
        """What the form says."""
        recipe = self._recipe()
        values = {parameter.key: _value(self.editors[parameter.key]) for parameter in recipe.parameters}
        changed = {p.key: values[p.key] for p in recipe.parameters if values[p.key] != p.default}
        chosen: tuple[str, Method] = self.labels.currentData() or (GOLD, "mean")
        source, method = chosen
        labels = LabelChoice(source, method, self.condition.currentData() or "", self.lag.currentData())
        return TrainRequest(recipe.name, changed, labels, self.device.currentData(), points=self.points.currentData())

    def _recipe(self) -> Recipe:
        return AFFECT_RECIPES[max(self.recipe.currentIndex(), 0)]

    def _on_recipe(self) -> None:
        recipe = self._recipe()
        self.summary.setText(f"{recipe.summary}\n{recipe.source}.")
        while self._rows.rowCount():
            self._rows.removeRow(0)
        self.editors.clear()
        self._places.clear()
        for parameter in sorted(recipe.parameters, key=lambda p: not p.basic):
            editor = _editor(parameter)
            editor.setObjectName(f"train.{parameter.key}")
            editor.setAccessibleName(parameter.title)
            editor.setAccessibleDescription(parameter.help)
            editor.setToolTip(parameter.help)
            title = label(parameter.title, "soft")
            title.setToolTip(parameter.help)
            title.setBuddy(editor)
            self.editors[parameter.key] = editor
            self._rows.addRow(title, editor)
            self._places.append((title, editor, parameter))
        self._show_rows()
        in_tab_order(
            self.recipe, self.labels, self.condition, self.lag, self.points, self.device,
            *self.editors.values(), self.more, self.start,
        )  # fmt: skip

    def _on_more(self) -> None:
        self._shown_more = not self._shown_more
        self._show_rows()

    def _show_rows(self) -> None:
        for title, editor, parameter in self._places:
            for part in (title, editor):
                part.setVisible(parameter.basic or self._shown_more)
        self.more.setText("Fewer settings" if self._shown_more else "More settings")

    def _show_state(self) -> None:
        at_hand = self._at_hand
        ready = False
        if not can_train():
            text = f"Training needs torch. Add it with: {ADD_TORCH}"
        elif at_hand is None:
            text = "Open a project to train on its labels."
        elif not at_hand.conditions:
            text = "Nobody has traced valence and arousal here yet. Record traces in the Review screen first."
        elif at_hand.subjects < 3:
            who = "one subject" if at_hand.subjects == 1 else f"{at_hand.subjects} subjects"
            text = (
                f"There are labelled clips of {who}: at least three are needed, to learn from, to stop by, to test on."
            )
        else:
            ready = True
            text = f"{at_hand.clips} labelled clips of {at_hand.subjects} subjects."
            if at_hand.subjects < 12:
                text += " With fewer than about twelve subjects the comparison will say little."
        self.state.setText(text)
        set_tone(self.state, "" if ready else "warning")
        self.state.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.start.setEnabled(ready)

    def _on_start(self) -> None:
        self.started.emit(self.request())


def _combo(name: str, choices: Any) -> ChoiceBox:
    combo = ChoiceBox(name)
    for key, title in choices:
        combo.addItem(title, key)
    return combo


def _editor(parameter: Parameter) -> QWidget:
    default = parameter.default
    if isinstance(default, bool):
        check = QCheckBox()
        check.setChecked(default)
        return check
    if parameter.choices:
        combo = _combo(parameter.title, [(choice, choice) for choice in parameter.choices])
        combo.setCurrentIndex(combo.findData(default))
        return combo
    if isinstance(default, int):
        whole = roomy(QSpinBox())
        whole.setRange(int(parameter.low or 0), int(min(parameter.high or 2**31 - 1, 2**31 - 1)))
        whole.setValue(default)
        return whole
    if isinstance(default, float):
        real = roomy(QDoubleSpinBox())
        real.setDecimals(5)
        real.setStepType(QDoubleSpinBox.StepType.AdaptiveDecimalStepType)
        real.setRange(parameter.low or 0.0, parameter.high if parameter.high is not None else 1e9)
        real.setValue(default)
        return real
    return QLineEdit(default)


def _value(editor: QWidget) -> Any:
    if isinstance(editor, QCheckBox):
        return editor.isChecked()
    if isinstance(editor, QComboBox):
        return editor.currentData()
    if isinstance(editor, QSpinBox | QDoubleSpinBox):
        return editor.value()
    if isinstance(editor, QLineEdit):
        return editor.text()
    raise TypeError(type(editor).__name__)
