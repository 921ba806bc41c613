"""The page Plan by itself, for a project without a study and for no project at all."""

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from app.ui.parts.widgets.basic import Card, button, column, row
from app.ui.screens.study.planning import PlanTab


class PlanAlone(QWidget):
    """A frame around the planning with a way back.

    Args:
        on_back: What the way back does.
    """

    def __init__(self, on_back: Callable[[], object], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.back = button("Back", icon_name="back", tip="Back to the study")
        self.back.clicked.connect(on_back)
        self._card = Card("Plan a study")
        self._card.body.addLayout(row(self.back, None))
        self.setLayout(column(self._card))

    def hold(self, planning: PlanTab) -> None:
        """Take the planning in; it is one and the same as the tab of a study."""
        self._card.body.addWidget(planning, 1)
        planning.show()
