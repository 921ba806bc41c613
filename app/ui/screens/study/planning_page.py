"""The page Plan on its own, for a project without a study and without any project."""

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from app.ui.look.language import tr
from app.ui.parts.widgets.basic import Card, button, column, row
from app.ui.screens.study.planning import PlanTab


class PlanAlone(QWidget):
    """A frame around the planning with a way back.

    Args:
        on_back: Function that is called by the button that leads back.
    """

    def __init__(self, on_back: Callable[[], object], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.back = button(tr("Back"), icon_name="back", tip=tr("Back to the study"))
        self.back.clicked.connect(on_back)
        self._card = Card(tr("Plan a study"))
        self._card.body.addLayout(row(self.back, None))
        self.setLayout(column(self._card))

    def hold(self, planning: PlanTab) -> None:
        """Show the planning, which is the same widget as the tab of a study."""
        self._card.body.addWidget(planning, 1)
        planning.show()
