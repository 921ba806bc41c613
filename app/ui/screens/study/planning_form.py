"""The question of a plan: the fields of the page Plan and the request that they make."""

from typing import Final, Literal, cast

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QCheckBox, QDoubleSpinBox, QGridLayout, QLabel, QLineEdit, QSpinBox, QWidget

from app.agreement.plan import NAMES, Question, Statistic
from app.agreement.plan_world import PARTS, World, stated_world
from app.domain.traces import DIMENSIONS
from app.errors import UserError
from app.interchange.scale import asked_scale
from app.services.agreement.planning import PlanRequest
from app.ui.look.language import tr
from app.ui.look.tokens import SPACE_S
from app.ui.parts.widgets.basic import label
from app.ui.parts.widgets.fields import ChoiceBox, roomy

Goals = Statistic | Literal["effect"]

GOALS: Final[tuple[tuple[str, Goals], ...]] = (
    (tr("Interval of alpha"), "alpha"), (tr("Interval of ICC"), "icc"), (tr("Interval of kappa"), "kappa"),
    (tr("Interval of traces' CCC"), "ccc"), (tr("Effect of the condition"), "effect"),
)  # fmt: skip
PILOT, ASSUMED = "pilot", "assumed"
MOST_VARIANCE: Final = 1000.0


class PlanForm(QWidget):
    """The fields in two columns; those that a choice does not need are hidden."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.goal = ChoiceBox(tr("Goal of the plan"), least=8)
        for title, key in GOALS:
            self.goal.addItem(title, key)
        self.source = ChoiceBox(tr("Source of the variances"), least=8)
        self.source.addItem(tr("This project's labels"), PILOT)
        self.source.addItem(tr("Assumptions"), ASSUMED)
        self.target = _decimal(tr("Widest interval, or size of the effect"), 0.2, 0.01, 25.0)
        self.level = _decimal(tr("Level of the interval"), 0.95, 0.5, 0.999)
        self.power = _decimal(tr("Wanted power"), 0.8, 0.05, 0.99)
        self.emotions = _whole(tr("Number of emotions over which p is adjusted"), 1, 1, 100)
        self.subjects = _numbers(tr("Numbers of subjects"), "6, 9, 12, 18, 24")
        self.clips = _numbers(tr("Numbers of clips for each subject"), "5")
        self.items = _whole(tr("Items for each clip"), 1, 1, 1000)
        self.raters = _numbers(tr("Numbers of raters"), "3, 5")
        self.emotion = ChoiceBox(tr("Emotion of the labels to plan for"), least=8)
        self.show_emotions(())
        self.dimension = ChoiceBox(tr("Dimension of the traces"), least=8)
        for name in DIMENSIONS:
            self.dimension.addItem(name.capitalize(), name)
        self.prevalence = _decimal(tr("Share of ratings above the lowest point"), 0.5, 0.01, 0.99)
        self.scale = QLineEdit("0:5")
        self.scale.setAccessibleName(tr("Ends of the scale"))
        self.scale.setToolTip(tr("Lowest and highest point, such as 0:5 or -3:3"))
        self.step = _decimal(tr("Distance between two points of the scale"), 1.0, 0.0, 100.0)
        self.step.setToolTip(tr("Distance between two points of the scale; 0 for a slider"))
        usual = World()
        self.variances = {
            part: _decimal(
                tr("Variance of {part}s in squared points", part=part), getattr(usual, part), 0.0, MOST_VARIANCE
            )
            for part in PARTS
        }
        self.between = QCheckBox(tr("Separate raters for each condition"))
        self.repetitions = _whole(tr("Simulated studies of each size"), 200, 2, 100_000)
        self.seed = _whole(tr("Seed"), 0, 0, 2**31 - 1)
        self._shown: list[QWidget] = []
        self._columns = 2
        self.setMinimumWidth(1)  # it takes one column where two have no room
        self._lay_out()
        self.goal.currentIndexChanged.connect(self._adapt)
        self.source.currentIndexChanged.connect(self._adapt)
        self._adapt()

    def _lay_out(self) -> None:
        self._target_name = label("", "small")
        pairs: tuple[tuple[QLabel, QWidget], ...] = (
            (label(tr("Planned for"), "small"), self.goal),
            (self._target_name, self.target),
            (label(tr("Variances from"), "small"), self.source),
            (label(tr("Level"), "small"), self.level),
            (label(tr("Subjects"), "small"), self.subjects),
            (label(tr("Power"), "small"), self.power),
            (label(tr("Clips for each"), "small"), self.clips),
            (label(tr("Emotions"), "small"), self.emotions),
            (label(tr("Raters"), "small"), self.raters),
            (label(tr("Emotion"), "small"), self.emotion),
            (label(tr("Items for each clip"), "small"), self.items),
            (label(tr("Dimension"), "small"), self.dimension),
            (label(tr("Simulated studies"), "small"), self.repetitions),
            (label(tr("Prevalence"), "small"), self.prevalence),
            (label(tr("Seed"), "small"), self.seed),
            (label(tr("Scale"), "small"), self.scale),
            *((label(tr("Variance of {part}", part=part), "small"), field) for part, field in self.variances.items()),
            (label(tr("Steps of"), "small"), self.step),
        )
        self._names = {field: name for name, field in pairs}
        self._grid = QGridLayout(self)
        self._grid.setSpacing(SPACE_S)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setColumnStretch(1, 1)
        self._grid.setColumnStretch(3, 1)
        for name, field in pairs:
            name.setBuddy(field)
            name.setParent(self)
            field.setParent(self)
        self.between.setParent(self)

    def show_emotions(self, names: tuple[str, ...]) -> None:
        """Offer the emotions of the study. The chosen one stays if it still exists."""
        now = self.emotion.currentData()
        self.emotion.clear()
        self.emotion.addItem(tr("Mean over all"), "")
        for name in names:
            self.emotion.addItem(name, name)
        self.emotion.setCurrentIndex(max(self.emotion.findData(now), 0))

    def show_project(self, there: bool) -> None:
        """Offer a project's labels only if a project is open."""
        at = self.source.findData(PILOT)
        if there and at < 0:
            self.source.insertItem(0, tr("This project's labels"), PILOT)
            self.source.setCurrentIndex(0)
        elif not there and at >= 0:
            self.source.removeItem(at)

    @property
    def chosen_goal(self) -> Goals:
        """The chosen goal of the plan."""
        return cast(Goals, self.goal.currentData())

    @property
    def from_labels(self) -> bool:
        """Return whether variances come from the project's labels."""
        return bool(self.source.currentData() == PILOT)

    def request(self) -> PlanRequest:
        """Return the request that the fields make.

        Raises:
            UserError: A field does not hold a list of numbers, or an assumption is impossible.
        """
        goal = self.chosen_goal
        effect = goal == "effect"
        question = Question(
            kind="effect" if effect else "width", of="alpha" if goal == "effect" else goal, target=self.target.value(),
            level=self.level.value(), power=self.power.value(), between=effect and self.between.isChecked(),
            emotions=self.emotions.value() if effect else 1, repetitions=self.repetitions.value(),
            seed=self.seed.value(),
        )  # fmt: skip
        return PlanRequest(
            question, numbers_of(self.subjects), numbers_of(self.clips), numbers_of(self.raters), self.items.value(),
            World() if self.from_labels else self._world(), emotion=str(self.emotion.currentData()),
            dimension=str(self.dimension.currentData()),
        )  # fmt: skip

    def _world(self) -> World:
        low, high = asked_scale(self.scale.text())
        variances = {part: field.value() for part, field in self.variances.items()}
        return stated_world(
            World(**variances, prevalence=self.prevalence.value(), low=low, high=high, step=self.step.value())
        )

    def _adapt(self) -> None:
        """Show the fields that the choices ask for, without gaps."""
        goal, pilot = self.chosen_goal, self.from_labels
        effect, traced = goal == "effect", goal == "ccc"
        self._target_name.setText(tr("Difference (points²)") if effect else tr("Widest interval"))
        self._target_name.setToolTip(
            tr("Difference of the mean within-item variance of two conditions") if goal == "effect" else NAMES[goal]
        )
        assumed = not pilot and not traced
        hidden: set[QWidget] = set()
        for field, wanted in (
            (self.level, not effect), (self.power, effect), (self.emotions, effect),
            (self.emotion, pilot and not traced), (self.dimension, pilot and traced), (self.prevalence, assumed),
            (self.scale, assumed), (self.step, assumed), *((field, assumed) for field in self.variances.values()),
        ):  # fmt: skip
            if not wanted:
                hidden.add(field)
        for field, name in self._names.items():
            for part in (name, field):
                part.setVisible(field not in hidden)
        self._shown = [field for field in self._names if field not in hidden]
        self.between.setVisible(effect)
        self._place()
        self.changed.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Set the fields in one column where two have no room."""
        super().resizeEvent(event)
        pair = sum(max(part.sizeHint().width() for part in parts) for parts in (self._names, self._names.values()))
        columns = 2 if self.width() >= 2 * pair + 3 * SPACE_S else 1
        if columns != self._columns:
            self._columns = columns
            self._place()

    def _place(self) -> None:
        """Put the fields into their columns."""
        for part in (*self._names, *self._names.values(), self.between):
            self._grid.removeWidget(part)
        columns = self._columns
        for place, field in enumerate(self._shown):
            self._grid.addWidget(self._names[field], place // columns, 2 * (place % columns))
            self._grid.addWidget(field, place // columns, 2 * (place % columns) + 1)
        self._grid.setColumnStretch(3, columns - 1)
        if not self.between.isHidden():
            self._grid.addWidget(self.between, -(-len(self._shown) // columns), 2 * (columns - 1), 1, 2)


def numbers_of(entry: QLineEdit) -> tuple[int, ...]:
    """Return the whole numbers in a field.

    Raises:
        UserError: The field is empty or holds something else.
    """
    parts = [part for part in entry.text().replace(",", " ").replace(";", " ").split() if part]
    if not parts or not all(part.isdigit() and int(part) > 0 for part in parts):
        raise UserError(
            tr(
                "“{entry}” is not a list of numbers ({field}).",
                entry=entry.text(),
                field=entry.accessibleName().lower(),
            ),
            tr("Write whole numbers from 1, separated by commas, such as 6, 12, 24."),
        )
    return tuple(dict.fromkeys(int(part) for part in parts))


def _numbers(name: str, text: str) -> QLineEdit:
    made = QLineEdit(text)
    made.setAccessibleName(name)
    made.setToolTip(tr("{name} to try, separated by commas", name=name))
    return made


def _decimal(name: str, value: float, low: float, high: float) -> QDoubleSpinBox:
    made = roomy(QDoubleSpinBox())
    made.setDecimals(3 if high < 1.0 else 2)
    made.setRange(low, high)
    made.setSingleStep(0.05)
    made.setValue(value)
    made.setAccessibleName(name)
    return made


def _whole(name: str, value: int, low: int, high: int) -> QSpinBox:
    made = roomy(QSpinBox())
    made.setRange(low, high)
    made.setValue(value)
    made.setAccessibleName(name)
    return made
