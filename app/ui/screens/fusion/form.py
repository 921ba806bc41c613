"""The choices of a new fusion: the way, who chooses the weights, and the button that starts it."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QFormLayout, QLineEdit, QSpinBox, QVBoxLayout, QWidget

from app.extras import how_to_add
from app.fusion.affect import AFFECT_WAYS, AffectWay
from app.fusion.partition import PARTITIONS, PartitionName
from app.fusion.ways import DRAWS, SEARCHED, WAYS, Way, WayName
from app.services.fusion.affect import AffectFusionRequest
from app.services.fusion.members import AFFECT, CATEGORIES, Predicts
from app.services.fusion.runs import FusionRequest
from app.services.retrain.process import can_train
from app.ui.look.language import tr
from app.ui.look.tokens import SPACE_M, SPACE_S
from app.ui.parts.widgets.basic import Card, button, in_tab_order, label, set_tone
from app.ui.parts.widgets.fields import ChoiceBox, roomy
from app.ui.parts.widgets.scrolled import ScrolledForm

WAY_TITLES: Final[dict[WayName, str]] = {
    "stacking": tr("Stacking"),
    "class": tr("A weight for each member and class"),
    "model": tr("A weight for each member"),
    "equal": tr("Equal weights"),
    "fixed": tr("Given weights"),
}
AFFECT_TITLES: Final[dict[AffectWay, str]] = {
    "ccc": tr("Weights of the largest concordance"),
    "stacking": tr("Stacking"),
    "equal": tr("Equal weights"),
    "fixed": tr("Given weights"),
}
PREDICTS: Final[dict[Predicts, str]] = {CATEGORIES: tr("Categories"), AFFECT: tr("Valence and arousal")}
PARTITION_TITLES: Final[dict[PartitionName, str]] = {
    "folds": tr("Folds choose, held-out people are the result"),
    "three_parts": tr("Three parts"),
    "nested": tr("Nested folds of people"),
    "as_in_d": tr("As in D (with a warning)"),
}
MEASURES: Final = (("accuracy", tr("Accuracy")), ("uar", tr("Recall averaged over classes")))
CHOICES: Final[tuple[WayName, ...]] = (*SEARCHED, "stacking")
"""Ways that hold what they chose against equal weights and each member by a measure."""
FEW: Final = tr("Tick two members or more.")


class FusionForm(Card):
    """The form of a new fusion.

    The signal `changed` tells that another fusion is meant, `kind_changed` that models of another kind are to be
    fused, `started` that it is to begin.
    """

    changed = Signal()
    kind_changed = Signal()
    started = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(tr("New fusion"), parent=parent)
        self.predicts = ChoiceBox(tr("What is predicted"))
        for kind, title in PREDICTS.items():
            self.predicts.addItem(title, kind)
        self.way = ChoiceBox(tr("Way"))
        self.way_words = label("", "small", wrap=True)
        self.weights = QLineEdit()
        self.weights.setAccessibleName(tr("Weights"))
        self.weights.setPlaceholderText("0.5, 0.25, 0.25")
        self.weights.setToolTip(tr("One weight for each ticked member, in the order of the table"))
        self.draws = roomy(QSpinBox())
        self.draws.setRange(1, 10_000_000)
        self.draws.setAccessibleName(tr("Draws in each stage"))
        self.draws.setToolTip(tr("Number of random draws in each stage of the search"))
        self.measure = ChoiceBox(tr("What is made as large as possible"))
        for name, title in MEASURES:
            self.measure.addItem(title, name)
        self.partition = ChoiceBox(tr("Partition"))
        self.partition_words = label("", "small", wrap=True)
        self.folds = roomy(QSpinBox())
        self.folds.setRange(2, 100)
        self.folds.setValue(5)
        self.folds.setAccessibleName(tr("Folds"))
        self.people = QLineEdit()
        self.people.setAccessibleName(tr("People who choose the weights"))
        self.people.setPlaceholderText(tr("All who are allowed to"))
        self.people.setToolTip(tr("Names of people, separated by commas; empty for all whom the partition allows"))
        self.leave_out = QCheckBox(tr("Leave out people whom members saw"))
        self.leave_out.setToolTip(tr("Fuse without the people whom a member has seen, instead of refusing"))
        self.shuffle = QCheckBox(tr("Shuffle the labels"))
        self.shuffle.setToolTip(tr("A control: on shuffled labels a fusion must not be better than its members"))
        self.seed = roomy(QSpinBox())
        self.seed.setRange(0, 2**31 - 1)
        self.seed.setAccessibleName(tr("Seed"))
        self.name = QLineEdit()
        self.name.setAccessibleName(tr("Name of the model"))
        self.name.setPlaceholderText(tr("fusion, with a number"))
        self.state = label("", "small", wrap=True)
        self.start = button(tr("Start fusion"), "primary", tip=tr("Choose the weights in the background"))
        self.start.clicked.connect(self.started.emit)
        self._lay_out()
        self._connect()
        self.set_kinds(())
        self._on_kind()

    def _lay_out(self) -> None:
        self._form = QFormLayout()
        self._form.setLabelAlignment(Qt.AlignmentFlag.AlignLeft)
        self._form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        self._form.setHorizontalSpacing(SPACE_M)
        self._form.setVerticalSpacing(SPACE_S)
        for title, editor in (
            (tr("Predicts"), self.predicts),
            (tr("Way"), self.way),
            ("", self.way_words),
            (tr("Weights"), self.weights),
            (tr("Draws"), self.draws),
            (tr("Best by"), self.measure),
            (tr("Partition"), self.partition),
            ("", self.partition_words),
            (tr("Folds"), self.folds),
            (tr("Choosing"), self.people),
            ("", self.leave_out),
            (tr("Control"), self.shuffle),
            (tr("Seed"), self.seed),
            (tr("Name"), self.name),
        ):
            if title:
                self._form.addRow(label(title, "soft"), editor)
            else:
                self._form.addRow(editor)
        inside = QWidget()
        box = QVBoxLayout(inside)
        box.setContentsMargins(0, 0, SPACE_S, 0)
        box.addLayout(self._form)
        box.addStretch(1)
        area = ScrolledForm(inside)
        self.body.addWidget(area, 1)
        self.body.addWidget(self.state)
        self.body.addWidget(self.start)
        in_tab_order(
            self.predicts, self.way, self.weights, self.draws, self.measure, self.partition, self.folds, self.people,
            self.leave_out, self.shuffle, self.seed, self.name, self.start,
        )  # fmt: skip

    def _connect(self) -> None:
        self.predicts.currentIndexChanged.connect(self._on_kind)
        self.way.currentIndexChanged.connect(self._on_way)
        self.partition.currentIndexChanged.connect(self._on_partition)
        self.measure.currentIndexChanged.connect(self._tell)
        for text in (self.weights, self.people):
            text.textChanged.connect(self._tell)
        for spin in (self.folds, self.seed, self.draws):
            spin.valueChanged.connect(self._tell)
        for tick in (self.leave_out, self.shuffle):
            tick.toggled.connect(self._tell)

    def _tell(self, *_: object) -> None:
        self.changed.emit()

    @property
    def kind(self) -> Predicts:
        """What the models predict that are to be fused."""
        found: Predicts = self.predicts.currentData()
        return found

    def set_kinds(self, kinds: Sequence[Predicts]) -> None:
        """Say of which kinds there are models. With one kind alone, nothing is asked."""
        there = [kind for kind in PREDICTS if kind in kinds]
        self._form.setRowVisible(self.predicts, len(there) > 1)
        if len(there) == 1:
            self.predicts.setCurrentIndex(self.predicts.findData(there[0]))

    def request(self, members: tuple[str, ...], device: str) -> FusionRequest | AffectFusionRequest:
        """Return the fusion that is meant.

        Args:
            members: Names of the ticked models.
            device: The device on which members run.
        """
        people = tuple(name for each in self.people.text().split(",") if (name := each.strip()))
        shuffle_seed = self.seed.value() if self.shuffle.isChecked() else None
        if self.kind == AFFECT:
            return AffectFusionRequest(
                members,
                self.way.currentData(),
                self._given(),
                self.partition.currentData(),
                self.folds.value(),
                people,
                self.leave_out.isChecked(),
                self.seed.value(),
                device,
                name=self.name.text().strip(),
                shuffle_seed=shuffle_seed,
            )
        return FusionRequest(
            members,
            self._way(),
            self.partition.currentData(),
            self.folds.value(),
            people,
            self.leave_out.isChecked(),
            shuffle_seed=shuffle_seed,
            device=device,
            name=self.name.text().strip(),
        )

    def problem(self, members: tuple[str, ...]) -> str:
        """Say what is missing in the form; empty if nothing is.

        Args:
            members: Names of the ticked models.
        """
        if not can_train():
            return tr("Fusing needs torch. {how_to_add}.", how_to_add=how_to_add("train"))
        if len(members) < 2:
            return FEW
        if self.way.currentData() == "fixed":
            found = _numbers(self.weights.text())
            if found is None or len(found) != len(members) or min(found) < 0 or sum(found) <= 0:
                return tr(
                    "Give {members} weights for the {members} members, such as {example}.",
                    members=len(members),
                    example=_example(len(members)),
                )
        return ""

    def set_state(self, text: str, *, ready: bool) -> None:
        """Say whether the fusion can begin, and if not, why."""
        self.state.setText(text)
        set_tone(self.state, "" if ready else "warning")
        self.state.setVisible(bool(text))
        self.start.setEnabled(ready)

    def _way(self) -> Way:
        name: WayName = self.way.currentData()
        draws = self.draws.value() if name in SEARCHED else 0
        return Way(name, self._given(), draws, self.measure.currentData(), self.seed.value())

    def _given(self) -> tuple[float, ...]:
        return tuple(_numbers(self.weights.text()) or ()) if self.way.currentData() == "fixed" else ()

    def _on_kind(self) -> None:
        """Offer the ways and partitions of what is to be fused."""
        affect = self.kind == AFFECT
        ways: Mapping[Any, str] = AFFECT_TITLES if affect else WAY_TITLES
        for box, titles in ((self.way, ways), (self.partition, PARTITION_TITLES)):
            before = box.currentData()
            box.blockSignals(True)
            box.clear()
            for name, title in titles.items():
                box.addItem(title, name)
            box.setCurrentIndex(max(box.findData(before), 0))
            box.blockSignals(False)
        self._on_way()
        self._on_partition()
        self.kind_changed.emit()

    def _on_way(self) -> None:
        name: Any = self.way.currentData()
        words = AFFECT_WAYS[name] if self.kind == AFFECT else WAYS[name]
        self.way_words.setText(f"{words[0].upper()}{words[1:]}.")
        self._form.setRowVisible(self.weights, name == "fixed")
        self._form.setRowVisible(self.draws, name in SEARCHED)
        self._form.setRowVisible(self.measure, self.kind == CATEGORIES and name in CHOICES)
        self.draws.blockSignals(True)
        self.draws.setValue(DRAWS.get(name, 1))
        self.draws.blockSignals(False)
        self.changed.emit()

    def _on_partition(self) -> None:
        name: PartitionName = self.partition.currentData()
        self.partition_words.setText(f"{PARTITIONS[name][0].upper()}{PARTITIONS[name][1:]}.")
        self._form.setRowVisible(self.folds, name == "nested")
        self.changed.emit()


def _numbers(text: str) -> list[float] | None:
    """Read numbers separated by commas or spaces; None if one of them is none."""
    try:
        return [float(each) for each in text.replace(",", " ").split()]
    except ValueError:
        return None


def _example(members: int) -> str:
    return ", ".join(["0.5", *["0.25"] * (members - 1)])
