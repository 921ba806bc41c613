"""The models screen: a list of models, and the chosen one's card."""

from pathlib import Path

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QTextBrowser, QWidget

from app.errors import UserError
from app.inference.cards import DEFAULT_MODEL, ModelCard
from app.jobs import Context
from app.ui.context import AppContext, Changes
from app.ui.icons import icon
from app.ui.models.page import card_page, kind_words
from app.ui.tokens import SPACE_L, SPACE_M, SPACE_S
from app.ui.widgets.basic import Card, button, column, label, row

Found = tuple[list[ModelCard], list[tuple[Path, UserError]]]


def scan(_ctx: Context, project: Path | None) -> Found:
    """All models and what is wrong with the others; runs off the window's thread."""
    from app.inference.cards import scan_models

    return scan_models(project)


class ModelsScreen(QWidget):
    """Cards made readable, and which model predicts.

    Args:
        context: Settings and project.
    """

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._cards: dict[str, ModelCard] = {}
        self.list = QListWidget()
        self.list.setProperty("kind", "menu")
        self.list.setAccessibleName("Models")
        self.list.currentItemChanged.connect(self._on_chosen)
        self._problems = label("", "small", wrap=True, tone="danger")
        self._problems.hide()
        side = Card("Models")
        side.setFixedWidth(320)
        side.body.addWidget(self.list, 1)
        side.body.addWidget(self._problems)
        self.page = QTextBrowser()
        self.page.setProperty("kind", "page")
        self.page.setOpenExternalLinks(True)
        self.use = button("Use this model", "primary", tip="Predict with it from now on, live and for whole clips")
        self.use.clicked.connect(self._on_use)
        folder = button("Open its folder")
        folder.clicked.connect(self._on_folder)
        self.state = label("", "soft")
        main = Card(margins=SPACE_L)
        main.body.addWidget(self.page, 1)
        main.body.addLayout(row(self.state, None, folder, self.use, spacing=SPACE_M))
        box = row(side, main, spacing=SPACE_S)
        box.setStretch(1, 1)
        self.setLayout(column(box))
        context.theme.changed.connect(self._show)
        context.project_changed.connect(self.reload)
        context.changed.connect(self._on_changed)
        self.reload()

    def screen_shown(self) -> None:
        """The screen became visible."""
        self.reload()

    def reload(self) -> None:
        """Read the cards again."""
        project = self._context.project
        self._context.jobs.start(
            "io",
            scan,
            project.path if project is not None else None,
            on_done=self._fill,
            on_error=self._context.fail,
            replace="models.scan",
        )

    def choose(self, name: str) -> None:
        """Show one model's card."""
        for at in range(self.list.count()):
            if self.list.item(at).data(Qt.ItemDataRole.UserRole) == name:
                self.list.setCurrentRow(at)

    def _fill(self, found: Found) -> None:
        cards, broken = found
        before = self._current()
        self._cards = {card.name: card for card in cards}
        self.list.blockSignals(True)
        self.list.clear()
        for card in sorted(cards, key=lambda card: (card.kind != "face_frame", card.title)):
            item = QListWidgetItem(icon("face" if card.kind == "face_detector" else "cube"), card.title)
            mark = "  ·  in use" if self._in_use(card) else ""
            item.setText(f"{card.title}{mark}\n{kind_words(card.kind)}")
            item.setData(Qt.ItemDataRole.UserRole, card.name)
            item.setToolTip(card.summary)
            self.list.addItem(item)
        self.list.blockSignals(False)
        self._problems.setText("\n".join(f"{folder.name}: {error}" for folder, error in broken))
        self._problems.setVisible(bool(broken))
        if before is not None and before.name in self._cards:
            self.choose(before.name)
        elif self.list.count():
            self.list.setCurrentRow(0)
        self._show()

    def _in_use(self, card: ModelCard) -> bool:
        return card.kind == "face_frame" and card.name == (
            self._context.settings.text("analysis.model") or DEFAULT_MODEL
        )

    def _current(self) -> ModelCard | None:
        item = self.list.currentItem()
        return self._cards.get(item.data(Qt.ItemDataRole.UserRole)) if item is not None else None

    def _on_chosen(self, *_: object) -> None:
        self._show()

    def _show(self) -> None:
        card = self._current()
        theme = self._context.theme
        self.page.document().setDefaultFont(theme.font())
        self.use.setEnabled(card is not None and card.kind == "face_frame" and not self._in_use(card))
        if card is None:
            self.state.setText("")
            self.page.setHtml(
                f"<p style='color:{theme.tokens.text_soft}'>No model is installed. "
                "<br>Install one with <code>affectograph models install</code>.</p>"
            )
            return
        self.state.setText(
            "In use"
            if self._in_use(card)
            else ""
            if card.kind == "face_frame"
            else "Part of every analysis"
            if card.kind == "face_detector"
            else ""
        )
        self.page.setHtml(card_page(card, theme.tokens))

    def _on_use(self) -> None:
        card = self._current()
        if card is not None:
            self._context.settings.set("analysis.model", "" if card.name == DEFAULT_MODEL else card.name)
            self.reload()

    def _on_folder(self) -> None:
        card = self._current()
        if card is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(card.folder)))

    def _on_changed(self, changes: Changes) -> None:
        if changes.touches("model") and self.isVisible():
            self.reload()
