"""The form of a new training, made row by row from the table of recipes."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDoubleSpinBox,
    QFormLayout,
    QLabel,
    QLineEdit,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from app.domain.recipe import PAPER, SIZE, Parameter, Recipe, Value
from app.domain.recipes import RECIPES
from app.domain.vocabularies import OWN, VOCABULARIES
from app.domain.words import many
from app.extras import how_to_add
from app.faces.landmarks68 import FIVE, LICENCE, MESH, NAME
from app.services.retrain.category_labels import CategoryChoice, CategorySource
from app.services.retrain.category_runs import CategoryRequest
from app.services.retrain.conditions import CONDITIONS, ConditionsRequest
from app.services.retrain.known import FIRST_STREAMS, NETWORK_STREAMS, CategoriesAtHand, LabelsAtHand
from app.services.retrain.labels import GOLD, STORED, LabelChoice, Method
from app.services.retrain.process import can_train
from app.services.retrain.runs import TrainRequest
from app.ui.look.language import tr
from app.ui.look.tokens import SPACE_M, SPACE_S
from app.ui.parts.widgets.basic import Card, button, in_tab_order, keep_tall, label, line, set_tone
from app.ui.parts.widgets.fields import ChoiceBox, roomy
from app.ui.parts.widgets.scrolled import ScrolledForm
from app.ui.screens.train.streams import StreamChoice

LAGS: Final = (
    ("relative", tr("Relative to the fastest rater")),
    ("absolute", tr("Calibrated")),
    ("none", tr("Leave them in")),
)
VOTES: Final = (
    ("plurality", tr("The most votes; no ties")),
    ("majority", tr("More than half")),
    ("dawid_skene", tr("Dawid and Skene")),
    ("soft", tr("Shares of the votes")),
    ("bayes", tr("Shares by the model of raters")),
)
POINTS: Final = ((FIVE, tr("MTCNN's five")), (MESH, tr("68 by the face mesh")), (NAME, tr("dlib's 68 (research only)")))
DEVICES: Final = (("auto", tr("Best available")), ("cpu", "CPU"), ("cuda", tr("NVIDIA GPU")), ("mps", tr("Apple GPU")))

MOST_SEEDS: Final = 20
TEACH: Final = tr(
    "Train on the labels of face only and of full context, from the face alone, its surroundings and both, "
    "and test each model on the labels of both"
)


class TrainForm(Card):
    """The choice of recipe and labels, and the button that starts the training."""

    started = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(tr("New training"), parent=parent)
        self.recipe = _combo(tr("Recipe"), [(recipe.name, recipe.title) for recipe in RECIPES])
        self.recipe.currentIndexChanged.connect(self._on_recipe)
        self.summary = label("", "small", wrap=True)
        self.labels = _combo(tr("Labels"), [])
        self.condition = _combo(tr("Condition"), [])
        self.votes = _combo(tr("Votes"), [(name, title) for name, title in VOTES])
        self.votes.setToolTip(tr("How the votes on an item become its label"))
        words = [(OWN, tr("The words of the answers")), *((each.name, each.title) for each in VOCABULARIES)]
        self.vocabulary = _combo(tr("Vocabulary"), words)
        self._of_streams = label(tr("Streams"), "soft")
        self.streams = StreamChoice()
        self.streams.changed.connect(self._show_state)
        self.lag = _combo(tr("Reaction lags"), LAGS)
        self.points = _combo(tr("Landmark points"), POINTS)
        self.points.setToolTip(LICENCE)
        self.device = _combo(tr("Device"), DEVICES)
        self.seeds = roomy(QSpinBox())
        self.seeds.setRange(1, MOST_SEEDS)
        self.seeds.setAccessibleName(tr("Seeds"))
        self.seeds.setToolTip(tr("Number of trainings, with the seed below and those after it; the median is shown"))
        self.shuffle = QCheckBox(tr("Shuffle the labels"))
        self.shuffle.setToolTip(tr("A control: a model must not learn from shuffled labels"))
        self.state = label("", "small", wrap=True)
        self.more = button(tr("More settings"), "link")
        self.more.clicked.connect(self._on_more)
        self.start = button(
            tr("Start training"), "primary", tip=tr("Train in the background while you continue to work")
        )
        self.start.clicked.connect(self._on_start)
        self.teach = button(tr("What context adds"), tip=TEACH)
        self.teach.clicked.connect(lambda: self.started.emit(self.experiment()))
        self.editors: dict[str, QWidget] = {}
        self._places: list[tuple[QLabel, QWidget, Parameter]] = []
        self._at_hand: LabelsAtHand | None = None
        self._categories = CategoriesAtHand()
        self._lay_out()
        self._shown_more = False
        self._own_streams: tuple[str, ...] = FIRST_STREAMS
        self._on_recipe()
        self.set_labels(None)
        self.labels.currentIndexChanged.connect(self._show_state)

    def _lay_out(self) -> None:
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
        area = ScrolledForm(inside)
        keep_tall(inside)
        self._form.addRow(label(tr("Recipe"), "soft"))
        self._form.addRow(self.recipe)  # the longest names there are: a line of its own
        for title, editor in (
            (tr("Learn from"), self.labels),
            (tr("Condition"), self.condition),
            (tr("Votes"), self.votes),
            (tr("Vocabulary"), self.vocabulary),
            (tr("Streams"), self.streams),
            (tr("Reaction lags"), self.lag),
            (tr("Landmark finder"), self.points),
            (tr("Device"), self.device),
            (tr("Seeds"), self.seeds),
            (tr("Control"), self.shuffle),
        ):
            if editor is self.streams:
                self._form.addRow(self._of_streams)
                self._form.addRow(editor)  # two columns of boxes are wider than what is left of a narrow form
            else:
                self._form.addRow(label(title, "soft"), editor)
        self.body.addWidget(area, 1)
        self.body.addWidget(self.state)
        self.body.addWidget(self.start)
        self.body.addWidget(self.teach)

    def put_above(self, above: bool) -> None:
        """Let titles stand above their fields, where a row of both has no room, or beside them."""
        policy = QFormLayout.RowWrapPolicy.WrapAllRows if above else QFormLayout.RowWrapPolicy.DontWrapRows
        for form in (self._form, self._rows):
            form.setRowWrapPolicy(policy)

    def set_labels(self, at_hand: LabelsAtHand | None, categories: CategoriesAtHand | None = None) -> None:
        """Offer what the project has; None if no project is open."""
        self._at_hand, self._categories = at_hand, categories or CategoriesAtHand()
        self._offer()

    def _offer(self) -> None:
        """Fill the choice of labels and conditions for the chosen recipe."""
        chosen, where = self.labels.currentText(), self.condition.currentText()
        self.labels.clear()
        self.condition.clear()
        if self._at_hand is not None and self._says_categories:
            known = self._categories
            if known.raters:
                self.labels.addItem(tr("Categories of all raters"), ("category", ""))
            if known.intensities:
                self.labels.addItem(tr("Strongest intensities"), ("intensity", ""))
            if known.stored:
                self.labels.addItem(tr("Stored labels of a data set"), ("stored", ""))
            for rater in known.raters:
                self.labels.addItem(tr("{rater} alone", rater=rater), ("category", rater))
            self._add_conditions(known.conditions)
        elif self._at_hand is not None:
            at_hand = self._at_hand
            if at_hand.raters:
                self.labels.addItem(tr("Mean of all raters"), (GOLD, "mean"))
                self.labels.addItem(tr("Raters weighted by agreement"), (GOLD, "ewe"))
            if at_hand.stored:
                self.labels.addItem(tr("Chosen gold standards"), (STORED, "mean"))
            for rater in at_hand.raters:
                self.labels.addItem(tr("{rater} alone", rater=rater), (rater, "mean"))
            self._add_conditions(at_hand.conditions)
        for combo, before in ((self.labels, chosen), (self.condition, where)):
            combo.setCurrentIndex(max(combo.findText(before), 0))
        self._show_state()

    def _add_conditions(self, names: Sequence[str]) -> None:
        for name in names:
            self.condition.addItem(name.replace("_", " "), name)

    @property
    def _says_categories(self) -> bool:
        return self._recipe().target == "category"

    def requests(self) -> list[TrainRequest | CategoryRequest]:
        """Return the requests of the form, one for each seed."""
        first = self.request()
        own = self._recipe().values(first.values)
        if self.seeds.value() == 1 or "seed" not in own:
            return [first]
        wished = range(int(own["seed"]), int(own["seed"]) + self.seeds.value())
        return [replace(first, values={**first.values, "seed": seed}) for seed in wished]

    def experiment(self) -> ConditionsRequest:
        """Return the request of the form for the context experiment, which has its own streams and conditions."""
        made = self.request()
        if not isinstance(made, CategoryRequest):
            raise TypeError("only a recipe for categories has conditions to compare")
        labels = replace(made.labels, condition="")
        return ConditionsRequest(made.recipe, made.values, labels, made.device, seeds=self.seeds.value())

    def request(self) -> TrainRequest | CategoryRequest:
        """Return the request of the form for the first seed."""
        recipe = self._recipe()
        values = {parameter.key: _value(self.editors[parameter.key]) for parameter in recipe.parameters}
        size = str(values.get(SIZE.key, PAPER))
        standing = recipe.defaults(size) | {SIZE.key: PAPER}
        changed = {key: value for key, value in values.items() if value != standing[key]}
        device = self.device.currentData()
        shuffled = int(values.get("seed", 0)) if self.shuffle.isChecked() else None
        if self._says_categories:
            whose: tuple[CategorySource, str] = self.labels.currentData() or ("category", "")
            kind, rater = whose
            where = "" if kind == "stored" else self.condition.currentData() or ""
            words = self.vocabulary.currentData()
            choice = CategoryChoice(
                kind, self.votes.currentData(), where, rater, vocabulary=words, shuffle_seed=shuffled
            )
            return CategoryRequest(recipe.name, changed, choice, device, streams=self.streams.names())
        chosen: tuple[str, Method] = self.labels.currentData() or (GOLD, "mean")
        source, method = chosen
        labels = LabelChoice(source, method, self.condition.currentData() or "", self.lag.currentData(), shuffled)
        return TrainRequest(recipe.name, changed, labels, device, points=self.points.currentData())

    def _recipe(self) -> Recipe:
        return RECIPES[max(self.recipe.currentIndex(), 0)]

    def _on_recipe(self) -> None:
        recipe = self._recipe()
        self.summary.setText(f"{recipe.summary}\n{recipe.source}.")
        self._read(recipe.streams)
        while self._rows.rowCount():
            self._rows.removeRow(0)
        self.editors.clear()
        self._places.clear()
        for parameter in sorted(recipe.parameters, key=lambda p: not p.basic):
            editor = _editor(parameter)
            if parameter.key == SIZE.key and isinstance(editor, QComboBox):
                editor.currentIndexChanged.connect(self._on_size)
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
        for part in (self.votes, self.vocabulary, self._of_streams, self.streams):
            self._form.setRowVisible(part, self._says_categories)
        self.teach.setVisible(self._says_categories)
        for part in (self.lag, self.points):
            self._form.setRowVisible(part, not self._says_categories)
        self._offer()
        in_tab_order(
            self.recipe, self.labels, self.condition, self.votes, self.vocabulary, *self.streams.boxes.values(),
            self.lag, self.points, self.device, self.seeds, self.shuffle, *self.editors.values(), self.more,
            self.start, self.teach,
        )  # fmt: skip

    def _on_size(self) -> None:
        """Set every other editor and the streams to what the chosen size has."""
        recipe, size = self._recipe(), str(_value(self.editors[SIZE.key]))
        for key, value in recipe.defaults(size).items():
            if key != SIZE.key:
                _set(self.editors[key], value)
        self._read(recipe.streams_in(size))

    def _read(self, streams: tuple[str, ...]) -> None:
        """Tick a recipe's streams, unless the one before had the same: then the user may have chosen others."""
        if streams != self._own_streams:
            self._own_streams = streams
            self.streams.choose(streams)

    def _on_more(self) -> None:
        self._shown_more = not self._shown_more
        self._show_rows()

    def _show_rows(self) -> None:
        for title, editor, parameter in self._places:
            for part in (title, editor):
                part.setVisible(parameter.basic or self._shown_more)
        self.more.setText(tr("Fewer settings") if self._shown_more else tr("More settings"))

    def _show_state(self) -> None:
        missing = self._missing()
        if missing:
            text = missing
        elif self._says_categories:
            items = many(self._categories.items, tr("item"), tr("items"))
            text = tr(
                "{items} with a category, of {subjects}.",
                items=items,
                subjects=many(self._categories.subjects, tr("subject"), tr("subjects")),
            )
        elif self._at_hand is not None:
            text = tr(
                "{labelled_clips} of {subjects}.",
                labelled_clips=many(self._at_hand.clips, tr("labelled clip"), tr("labelled clips")),
                subjects=many(self._at_hand.subjects, tr("subject"), tr("subjects")),
            )
        if not missing and self._subjects < 12:
            text += tr(" With fewer than about twelve subjects, the comparison will be uncertain.")
        self.state.setText(text)
        set_tone(self.state, "warning" if missing else "")
        self.state.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.start.setEnabled(not missing)
        both = set(CONDITIONS) <= set(self._categories.conditions)
        stored = (self.labels.currentData() or ("",))[0] == "stored"
        self.teach.setEnabled(both and not stored and not self._missing(streams=False))
        self.teach.setToolTip(TEACH if both else tr("{teach}. It needs answers under both conditions", teach=TEACH))

    @property
    def _subjects(self) -> int:
        """Subjects that can be learned from by the chosen recipe."""
        if self._says_categories:
            return self._categories.subjects
        return self._at_hand.subjects if self._at_hand is not None else 0

    def _missing(self, *, streams: bool = True) -> str:
        """Return what is missing for a training, with or without the chosen streams; empty where nothing is."""
        if not can_train():
            return tr("Training needs torch. {how_to_add}.", how_to_add=how_to_add("train"))
        if self._at_hand is None:
            return tr("Open a project to train on its labels.")
        if not self.labels.count():
            if self._says_categories:
                return tr("Nobody has chosen a category here yet. Ask for categories in a study, or add a data set.")
            return tr("Nobody has traced valence and arousal here yet. Record traces in the Review screen first.")
        if self._subjects < 3:
            who = tr("one subject") if self._subjects == 1 else tr("{subjects} subjects", subjects=self._subjects)
            return tr(
                "There are labelled clips of {who}. At least three subjects are needed: for training, "
                "for early stopping, and for the test.",
                who=who,
            )
        if streams and self._says_categories and not self.streams.names():
            return tr("Choose at least one stream. Otherwise there is nothing to read.")
        if streams and self._recipe().reads != "features" and not set(self.streams.names()) & set(NETWORK_STREAMS):
            return tr("This recipe reads a frame model's classes. Choose Face or Face alone.")
        return ""

    def _on_start(self) -> None:
        for request in self.requests():
            self.started.emit(request)


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


def _set(editor: QWidget, value: Value) -> None:
    if isinstance(editor, QCheckBox):
        editor.setChecked(bool(value))
    elif isinstance(editor, QComboBox):
        editor.setCurrentIndex(editor.findData(value))
    elif isinstance(editor, QSpinBox):
        editor.setValue(int(value))
    elif isinstance(editor, QDoubleSpinBox):
        editor.setValue(float(value))
    elif isinstance(editor, QLineEdit):
        editor.setText(str(value))


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
