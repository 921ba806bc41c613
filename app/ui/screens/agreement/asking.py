"""The page that asks for what helps most: what is known, what more judgements buy, and dealing them."""

from typing import TYPE_CHECKING, Final

from PySide6.QtWidgets import QComboBox, QDoubleSpinBox, QSpinBox, QWidget

from app.agreement.bayes.next_best import ALL_ITEMS, CONTEXT, GAPS, MODELS, Aim
from app.domain.asked import MODEL
from app.domain.slots import Assignment
from app.domain.words import many
from app.errors import UserError
from app.services.agreement.asked_models import weights_of
from app.services.study.asking import MOST, Proposal, Wish, deal_asked, propose, take_back
from app.services.study.setup import study_names
from app.ui.look.language import tr
from app.ui.look.tokens import SPACE_M, SPACE_S
from app.ui.parts.widgets.basic import Card, button, column, label, row, say, set_tone
from app.ui.parts.widgets.fields import roomy
from app.ui.parts.widgets.wrapped import WrappedRow
from app.ui.screens.agreement.computed import ComputedPage
from app.ui.screens.agreement.look import ordered, pretty
from app.ui.screens.agreement.state import AgreementState, DashboardState
from app.ui.screens.agreement.table import Column, ResultCell, ResultView

if TYPE_CHECKING:
    from app.jobs import Context
    from app.services.projects.files import Project

COLUMNS: Final = (
    Column(tr("Item"), right=False),
    Column(tr("Condition"), right=False),
    Column(tr("Rater"), right=False),
    Column(tr("Chosen by"), right=False),
    Column(tr("Expected drop"), tr("of the mean variance, in squared points")),
)


class AskingPage(ComputedPage):
    """The page of the next judgements.

    Args:
        state: The state with labels and project.
    """

    def __init__(self, state: AgreementState, parent: QWidget | None = None) -> None:
        super().__init__(state, parent)
        self.found: Proposal | None = None
        self.aim = QComboBox()
        self.aim.setAccessibleName(tr("What is to be known better"))
        self.aim.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.count = roomy(QSpinBox())
        self.count.setAccessibleName(tr("Number of judgements"))
        self.count.setRange(1, MOST)
        self.count.setValue(20)
        self.chance = roomy(QSpinBox())
        self.chance.setAccessibleName(tr("Share dealt at random"))
        self.chance.setRange(0, 100)
        self.chance.setValue(20)
        self.chance.setSuffix(" %")
        self.chance.setToolTip(tr("Statistics that assume random dealing have this part of the judgements"))
        self.narrow = roomy(QDoubleSpinBox())
        self.narrow.setAccessibleName(tr("Enough when a typical interval is so narrow, in points"))
        self.narrow.setRange(0.0, 5.0)
        self.narrow.setSingleStep(0.05)
        self.narrow.setPrefix("± ")
        self.narrow.setSpecialValueText(tr("no goal"))
        self.deal = button(tr("Deal these"), "primary")
        self.back = button(tr("Take back"))
        self.back.setToolTip(tr("Takes back what nobody has started of the last batch; answers stay"))
        self.deal.setToolTip(tr("Puts these judgements at the end of the raters' lists, and notes it in the audit log"))
        self.known = label("", wrap=True)
        self.told = label("", "soft", wrap=True)
        self.view = ResultView(state.context.theme, COLUMNS, tr("Judgements that help most"), stretch=0)
        self._fill_aims(())
        self.aim.currentIndexChanged.connect(self._again)
        for field in (self.count, self.chance, self.narrow):
            field.setKeyboardTracking(False)
            field.valueChanged.connect(self._again)
        self.deal.clicked.connect(self._deal)
        self.back.clicked.connect(self._take_back)
        self._lay()
        self._show()

    def _lay(self) -> None:
        card = Card(tr("Ask for what helps most"))
        fields = ((tr("Judgements"), self.count), (tr("at random"), self.chance), (tr("enough at"), self.narrow))
        pairs = [QWidget() for _ in fields]
        for pair, (title, field) in zip(pairs, fields, strict=True):
            pair.setLayout(row(label(title, "soft"), field, spacing=SPACE_S))
        wish = WrappedRow(self.aim, *pairs, self.back, self.deal, push=self.back)
        card.body.addLayout(wish)
        card.body.addWidget(self.known)
        card.body.addWidget(self.view, 1)
        card.body.addWidget(self.told)
        box = column(card, spacing=SPACE_M)
        self.setLayout(box)

    def _fill_aims(self, emotions: tuple[str, ...]) -> None:
        now = self.aim.currentData()
        self.aim.blockSignals(True)
        self.aim.clear()
        self.aim.addItem(tr("All items"), (ALL_ITEMS, ""))
        self.aim.addItem(tr("Effect of context"), (CONTEXT, ""))
        self.aim.addItem(tr("Where people and the model part"), (GAPS, ""))
        self.aim.addItem(tr("Where models differ"), (MODELS, ""))
        for name in emotions:
            self.aim.addItem(tr("{name} in all items", name=pretty(name)), (ALL_ITEMS, name))
        found = [self.aim.itemData(k) for k in range(self.aim.count())]
        self.aim.setCurrentIndex(found.index(now) if now in found else 0)
        self.aim.blockSignals(False)

    @property
    def study(self) -> str:
        """The study in view; empty where several are and none is chosen."""
        project = self._state.context.project
        if self._state.study or project is None:
            return self._state.study
        names = study_names(project)
        return names[0] if len(names) == 1 else ""

    @property
    def wish(self) -> Wish:
        """What the fields ask for."""
        what, emotion = self.aim.currentData()
        narrow = self.narrow.value() or None
        seed = round(self._state.context.settings.number("agreement.seed"))
        return Wish(self.count.value(), Aim(what, emotion), self.chance.value() / 100, seed, None, narrow)

    def clear(self) -> None:
        self.found = None
        self._show()

    def outdated(self, shown: DashboardState) -> bool:
        return self._shown is None or shown.data is not self._shown.data

    def start(self, project: "Project", shown: DashboardState) -> None:
        table = shown.data.intensities
        self._fill_aims(tuple(ordered(table.emotion.names)) if table is not None else ())
        self.found = None
        self._show()
        if not self.study:
            self.known.setText(tr("Choose one study above: judgements are dealt within a study."))
            return
        self.known.setText(tr("Looking for the judgements that help most …"))
        self._state.context.work.start(
            tr("Looking for the judgements that help most"), "io", _propose, project, self.study, self.wish,
            on_done=self._on_found, on_error=self._on_error, replace="agreement.asking",
        )  # fmt: skip

    def _again(self) -> None:
        self.touch()

    def _on_found(self, found: Proposal) -> None:
        if not self._state.allowed or self._shown is None:
            return
        self.found = found
        self._show()

    def _on_error(self, error: Exception) -> None:
        self.found = None
        self._show()
        said = f"{error.what} {error.todo}" if isinstance(error, UserError) else str(error)
        self.known.setText(said)

    def _show(self) -> None:
        found = self.found
        self.deal.setEnabled(found is not None)
        self.view.fill([_cells(found, k) for k in range(len(found.judgements))] if found is not None else [])
        self.known.setText(" ".join(found.known) if found is not None else "")
        say(self.told, "\n".join(found.notes) if found is not None else "")
        set_tone(self.known, "")

    def _deal(self) -> None:
        if self.found is not None:
            self.deal.setEnabled(False)
            self._state.context.write(deal_asked, self.found, on_done=self._on_dealt)

    def _on_dealt(self, made: Assignment) -> None:
        said = tr("Dealt: the judgements stand at the end of the raters' lists.")
        self._state.context.notify(" ".join([said, *made.notes]), tone="warning" if made.notes else "ok")
        self.touch()

    def _take_back(self) -> None:
        if self.study:
            self._state.context.write(take_back, self.study, on_done=self._on_back)

    def _on_back(self, number: int) -> None:
        self._state.context.notify(
            tr("Took back {judgements}.", judgements=many(number, tr("judgement"), tr("judgements"))), tone="ok"
        )
        self.touch()


def _propose(ctx: "Context", project: "Project", study: str, wish: Wish) -> Proposal:
    return propose(ctx, project, study, wish, weights_of)


def _cells(found: Proposal, k: int) -> tuple[ResultCell, ...]:
    one = found.judgements[k]
    by = ResultCell(tr("the model") if one.how == MODEL else tr("chance"))
    drop = ResultCell(f"{one.drop:.2g}", one.drop)
    return ResultCell(one.item), ResultCell(pretty(one.condition)), ResultCell(one.rater), by, drop
