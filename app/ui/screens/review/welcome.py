"""The page without a project, which shows how to begin."""

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.addresses import is_server, project_name
from app.guide_table import GUIDES
from app.ui.core.context import AppContext
from app.ui.look.language import tr
from app.ui.look.tokens import SPACE_L, SPACE_M, SPACE_S, SPACE_XL, SPACE_XS
from app.ui.parts.widgets.basic import Card, button, column, label, line, row
from app.ui.parts.widgets.brand import Mark


class Welcome(QWidget):
    """The program's name, four ways to begin, and recent projects.

    Args:
        context: The context with commands and recent projects.
    """

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        card = Card(margins=SPACE_XL + SPACE_S)
        card.setMaximumWidth(620)
        card.setMinimumWidth(520)
        words = column(
            label("Affectograph", "display"),
            label(tr("Watch a face, and see what a model and what people read in it."), "soft"),
            spacing=SPACE_XS,
        )
        card.body.addLayout(row(Mark(context.theme, 60), SPACE_S, words, None, spacing=SPACE_S))
        card.body.addSpacing(SPACE_M)
        demo = button(tr("Open the demo"), "primary", tip=tr("A clip with known affect and three simulated raters"))
        demo.clicked.connect(lambda: context.commands.run("project.open_demo"))
        new = button(tr("New project…"))
        new.clicked.connect(lambda: context.commands.run("project.new"))
        opened = button(tr("Open project…"))
        opened.clicked.connect(lambda: context.commands.run("project.open"))
        camera = button(tr("Camera…"), icon_name="camera", tip=tr("See what a model reads in your own face"))
        camera.clicked.connect(lambda: context.commands.run("camera.open"))
        card.body.addLayout(row(demo, new, opened, camera, None, spacing=SPACE_M))
        card.body.addSpacing(SPACE_S)
        card.body.addWidget(label(tr("Or drop videos, images or a project file anywhere on this window."), "small"))
        card.body.addSpacing(SPACE_S)
        hours = [button(tr(guide.title.removeprefix("First hour for ").capitalize()), "link") for guide in GUIDES]
        for guide, made in zip(GUIDES, hours, strict=True):
            made.setAccessibleName(tr(guide.title))
            made.clicked.connect(lambda _checked=False, name=f"guide.{guide.id}": context.commands.run(name))
        card.body.addLayout(row(label(tr("A guided first hour for"), "soft"), *hours, None, spacing=SPACE_XS))
        self._recent = QVBoxLayout()
        self._recent.setSpacing(0)
        card.body.addSpacing(SPACE_M)
        card.body.addLayout(self._recent)
        self.setLayout(column(None, row(None, card, None), None, margins=SPACE_L))
        self.refresh()

    def refresh(self) -> None:
        """Read the recent projects again."""
        while (item := self._recent.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.deleteLater()
        places = self._context.recent.places()[:5]
        if not places:
            return
        self._recent.addWidget(line())
        self._recent.addWidget(label(tr("Recent projects"), "section"))
        for place in places:
            entry = button(project_name(place), "link", "clock", tip=str(place))
            entry.setCursor(Qt.CursorShape.PointingHandCursor)
            entry.clicked.connect(lambda _checked=False, where=place: self._context.project_wanted.emit(str(where)))
            where_from = str(place if is_server(place) else Path(place).parent)
            holder = QWidget()
            holder.setLayout(
                row(
                    entry,
                    label(where_from, "caption"),
                    None,
                    spacing=SPACE_S,
                )
            )
            self._recent.addWidget(holder)
