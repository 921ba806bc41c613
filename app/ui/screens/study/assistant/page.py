"""The base of the assistant's pages."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QScrollArea, QWidget

from app.services.study.draft import Draft, Material
from app.services.study.outlook import Outlook


class Page(QWidget):
    """One page of the assistant, which shows some of the choices of a draft and changes them.

    Signals:
        changed: The user has made another choice.
    """

    changed = Signal()

    def show_draft(self, draft: Draft, found: Material) -> None:
        """Show the choices of a draft.

        Args:
            draft: The draft.
            found: What a study can be made of.
        """

    def show_outlook(self, outlook: Outlook) -> None:
        """Show what the draft would become."""

    def into(self, draft: Draft) -> Draft:
        """Return a draft with the choices of this page."""
        return draft


def scrolled(page: QWidget) -> QScrollArea:
    """Return a frame in which a page scrolls upwards and downwards where there is too little room for it."""
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setFrameShape(QScrollArea.Shape.NoFrame)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setWidget(page)
    return area
