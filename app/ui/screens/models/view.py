"""The models screen: installed models, those that can be fetched, their cards, and the one in use."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices, QResizeEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QListWidget,
    QListWidgetItem,
    QMessageBox,
    QTextBrowser,
    QWidget,
)

from app.addresses import Place
from app.domain.changes import Changes
from app.domain.words import file_size
from app.inference.cards import DEFAULT_MODEL, ModelCard
from app.jobs import Job
from app.services.models import shelf
from app.services.models.card_words import kind_words
from app.services.models.shelf import Shelf
from app.services.models.zoo.manifest import ZooEntry
from app.ui.core.context import AppContext
from app.ui.look.icons import icon
from app.ui.look.language import tr
from app.ui.look.tokens import SPACE_L, SPACE_M, SPACE_S
from app.ui.parts.widgets.basic import Card, ElidedLabel, button, column, label, row
from app.ui.parts.widgets.wrapped import WrappedRow
from app.ui.screens.models.page import card_page, entry_page, result_page
from app.ui.screens.models.strip import InstallStrip

if TYPE_CHECKING:
    from app.services.models.zoo.guide import GuideAnswers, Proposal
    from app.services.models.zoo.install import Installed
    from app.services.projects.files import Project

ONNX_FILTER = tr("ONNX models (*.onnx)")


class ModelsScreen(QWidget):
    """The screen of readable model cards and of actions on models.

    Args:
        context: The context with settings, project and background work.
    """

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self.shelf = Shelf((), (), (), "")
        self._job: Job | None = None
        self._shown = ""
        self.dialog: QDialog | None = None
        self.list = QListWidget()
        self.list.setProperty("kind", "menu")
        self.list.setAccessibleName(tr("Models"))
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.currentItemChanged.connect(self._on_chosen)
        self._problems = label("", "small", wrap=True, tone="danger")
        self._problems.hide()
        add = button(
            tr("Add your own…"), "", "plus", tip=tr("Add an ONNX face model; its inputs and outputs are examined first")
        )
        add.clicked.connect(self._on_add)
        side = Card(tr("Models"))
        self._side = side
        side.body.addWidget(self.list, 1)
        side.body.addWidget(self._problems)
        side.body.addWidget(add)
        self.page = QTextBrowser()
        self.page.setAccessibleName(tr("Model card"))
        self.page.setProperty("kind", "page")
        self.page.setOpenExternalLinks(True)
        main = Card(margins=SPACE_L)
        main.body.addWidget(self.page, 1)
        self.strip = InstallStrip()
        self.strip.cancel.clicked.connect(self._on_cancel)
        main.body.addWidget(self.strip)
        main.body.addWidget(self._card_bar())
        main.body.addWidget(self._entry_bar())
        box = row(side, main, spacing=SPACE_S)
        box.setStretch(1, 1)
        self.setLayout(column(box))
        context.theme.redraw_with(self, self._show)
        context.project_changed.connect(self.reload)
        context.changed.connect(self._on_changed)
        self._show_bars()
        self.reload()

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._side.setFixedWidth(self._context.theme.room(276, self.width()))
        super().resizeEvent(event)

    def _card_bar(self) -> QWidget:
        self.state = ElidedLabel()
        self.remove = button(tr("Remove…"), "danger", tip=tr("Delete its files"))
        self.remove.clicked.connect(self._on_remove)
        self.folder = button(tr("Folder"), tip=tr("Open the folder of its files"))
        self.folder.clicked.connect(self._on_folder)
        self.check = button(tr("Verify"), tip=tr("Check its files against its card"))
        self.check.clicked.connect(self._on_verify)
        self.measure = button(tr("Evaluate…"), tip=tr("Measure it on labelled images (.npz in the layout of FER2013)"))
        self.measure.clicked.connect(self._on_evaluate)
        self.use = button(
            tr("Use this model"), "primary", tip=tr("Predict with it from now on, live and for whole clips")
        )
        self.use.clicked.connect(self._on_use)
        self._cards_bar = QWidget()
        parts = (self.state, self.remove, self.folder, self.check, self.measure, self.use)
        self._cards_bar.setLayout(WrappedRow(*parts))
        return self._cards_bar

    def _entry_bar(self) -> QWidget:
        self.agree = QCheckBox(tr("I accept the licence"))
        self.agree.toggled.connect(self._show_bars)
        self.from_file = button(tr("From a file…"), tip=tr("Use a copy that you have, without fetching anything"))
        self.from_file.clicked.connect(self._on_from_file)
        self.from_folder = button(tr("From a folder…"), tip=tr("Use a mirror that holds the file under its own name"))
        self.from_folder.clicked.connect(self._on_from_folder)
        self.fetch = button(tr("Download"), "primary", "drop")
        self.fetch.clicked.connect(self._on_fetch)
        self._entries_bar = QWidget()
        parts = (self.agree, self.from_file, self.from_folder, self.fetch)
        self._entries_bar.setLayout(WrappedRow(*parts, push=self.from_file))
        return self._entries_bar

    def screen_shown(self) -> None:
        """Reload when the screen becomes visible."""
        self.reload()

    def close_screen(self) -> None:
        """Close all dialogs when the window closes."""
        if self.dialog is not None:
            self.dialog.close()

    def reload(self) -> None:
        """Read the cards again."""
        jobs, fail = self._context.jobs, self._context.fail
        setting = self._context.settings.text("analysis.model")
        jobs.start(
            "io", shelf.read_shelf, self._project(), setting, on_done=self._fill, on_error=fail, replace="models.scan"
        )

    def choose(self, name: str) -> None:
        """Show one model's card."""
        for at in range(self.list.count()):
            if self.list.item(at).data(Qt.ItemDataRole.UserRole) == name:
                self.list.setCurrentRow(at)

    def install(self, entry: ZooEntry, source: Path | None = None) -> None:
        """Fetch a model, or take it from a file or folder, with progress and cancel."""
        self.strip.begin(str(entry.card["title"]))

        def done(installed: "Installed") -> None:
            note = (
                "" if installed.pinned else tr(" SHA-256 {sha256}; it is checked from now on.", sha256=installed.sha256)
            )
            self._context.notify(tr("{title} is installed.{note}", title=installed.card.title, note=note), tone="ok")
            self.reload()

        self._job = self._context.work.start(
            tr("Installing {name}", name=entry.name),
            "io",
            shelf.install_entry,
            entry,
            source,
            on_done=done,
            on_progress=self.strip.show_progress,
            on_end=self._on_installed,
        )
        self._show_bars()

    def _project(self) -> Place | None:
        project = self._context.project
        return project.place if project is not None else None

    def _fill(self, found: Shelf) -> None:
        before = self._name()
        self.shelf = found
        self.list.blockSignals(True)
        self.list.clear()
        self._section(tr("Installed"))
        for card in sorted(
            found.cards, key=lambda card: (card.kind not in ("face_frame", "face_sequence"), card.title)
        ):
            mark = tr("in use  ·  ") if self.in_use(card) else ""
            glyph = "face" if card.kind in {"face_detector", "landmarks"} else "cube"
            self._item(card.name, f"{card.title}\n{mark}{kind_words(card.kind)}", glyph, card.summary)
        if found.waiting:
            self._section(tr("To be fetched"))
        for entry, fetched in found.waiting:
            # A line of its own: a title that wraps would push it out of sight.
            second = "non-commercial" if entry.non_commercial else entry.licence
            if fetched:
                second += tr("  ·  {file_size} fetched", file_size=file_size(fetched))
            self._item(entry.name, f"{entry.card['title']}\n{second}", "drop", str(entry.card["summary"]))
        self.list.blockSignals(False)
        problems = [f"{folder.name}: {error}" for folder, error in found.broken] + [found.problem] * bool(found.problem)
        self._problems.setText("\n".join(problems))
        self._problems.setVisible(bool(problems))
        self.choose(before or found.in_use)
        if self.list.currentItem() is None and self.list.count() > 1:
            self.list.setCurrentRow(1)
        self._show()

    def _section(self, title: str) -> None:
        item = QListWidgetItem(title)
        item.setFlags(Qt.ItemFlag.NoItemFlags)
        self.list.addItem(item)

    def _item(self, name: str, text: str, glyph: str, tip: str) -> None:
        item = QListWidgetItem(icon(glyph), text)
        item.setData(Qt.ItemDataRole.UserRole, name)
        item.setToolTip(f"{text}\n{tip}")
        self.list.addItem(item)

    def in_use(self, card: ModelCard) -> bool:
        return card.name in (self.shelf.in_use, self.shelf.category)

    def _name(self) -> str:
        item = self.list.currentItem()
        return str(item.data(Qt.ItemDataRole.UserRole) or "") if item is not None else ""

    def card(self) -> ModelCard | None:
        """Return the card that is shown; None if it is a model that is not installed."""
        return next((card for card in self.shelf.cards if card.name == self._name()), None)

    def entry(self) -> tuple[ZooEntry, int] | None:
        """Return the shown model that is not installed, and how many bytes of it were fetched; None for none."""
        return next(((entry, part) for entry, part in self.shelf.waiting if entry.name == self._name()), None)

    def _on_chosen(self, *_: object) -> None:
        if self._name() != self._shown or self.entry() is None:  # what is still to be fetched keeps its tick
            self.agree.setChecked(False)
        self._shown = self._name()
        self._show()

    def _show(self) -> None:
        theme = self._context.theme
        self.page.document().setDefaultFont(theme.font())
        card, entry = self.card(), self.entry()
        if card is not None:
            self.page.setHtml(card_page(card, theme.tokens))
        elif entry is not None:
            self.page.setHtml(entry_page(entry[0], theme.tokens))
        else:
            self.page.setHtml(tr("<p style='color:{text_soft}'>Choose a model.</p>", text_soft=theme.tokens.text_soft))
        self._show_bars()

    def _show_bars(self) -> None:
        card, entry, busy = self.card(), self.entry(), self._job is not None
        self.strip.setVisible(busy)
        self._cards_bar.setVisible(card is not None)
        self._entries_bar.setVisible(entry is not None)
        if card is not None:
            reads_faces = card.kind in ("face_frame", "face_sequence")
            says_categories = card.kind == "clip_category" and self._context.project is not None
            self.use.setEnabled((reads_faces or says_categories) and not self.in_use(card))
            self.measure.setEnabled(card.kind == "face_frame")
            self.remove.setVisible(not card.shipped)
            self.remove.setEnabled(not self.in_use(card) and not busy)
            promoted = self.shelf.promoted or card.kind == "clip_category"
            used = tr("In use: promoted in this project") if promoted else tr("In use")
            self.state.set_text(used if self.in_use(card) else tr("Shipped") if card.shipped else "")
        if entry is not None:
            free = self.agree.isChecked() and not busy
            for part in (self.fetch, self.from_file, self.from_folder):
                part.setEnabled(free)
            words = tr("I accept the licence, and my use is not commercial")
            self.agree.setText(words if entry[0].non_commercial else tr("I accept the licence"))
            self.fetch.setText(tr("Continue the download") if entry[1] else tr("Download"))

    def _on_cancel(self) -> None:
        if self._job is not None:
            self._job.cancel()

    def _on_installed(self) -> None:
        self._job = None
        self.reload()
        self._show_bars()

    def _on_fetch(self) -> None:
        entry = self.entry()
        if entry is not None:
            self.install(entry[0])

    def _on_from_file(self) -> None:
        entry = self.entry()
        path = self._context.ask_file.one(self, tr("Install from a file"), ONNX_FILTER)
        if entry is not None and path is not None:
            self.install(entry[0], path)

    def _on_from_folder(self) -> None:
        entry = self.entry()
        path = self._context.ask_file.folder(self, tr("Install from a folder"))
        if entry is not None and path is not None:
            self.install(entry[0], path)

    def _on_use(self) -> None:
        """A project that has promoted a model keeps its own choice, with an audit entry; else the setting changes."""
        card, context = self.card(), self._context
        if card is None:
            return
        if context.project is not None and (self.shelf.promoted or card.kind == "clip_category"):

            def done(name: str) -> None:
                context.notify(tr("{name} predicts in this project from now on, live at once.", name=name), "", "ok")
                self.reload()

            context.write(_promote, str(card.folder), on_done=done)
            return
        context.settings.set("analysis.model", "" if card.name == DEFAULT_MODEL else card.name)
        self.reload()

    def _on_folder(self) -> None:
        card = self.card()
        if card is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(card.folder)))

    def _on_verify(self) -> None:
        card = self.card()
        if card is None:
            return

        def done(problems: list[str]) -> None:
            if problems:
                self._context.notify(f"{card.title}: {problems[0]}", tone="danger")
            else:
                self._context.notify(tr("The files of {title} are as its card says.", title=card.title), tone="ok")

        self._context.work.start(tr("Verifying {name}", name=card.name), "io", shelf.verify_model, card, on_done=done)

    def _on_remove(self) -> None:
        card = self.card()
        if card is None:
            return
        box = QMessageBox(self)
        box.setWindowTitle(tr("Remove a model"))
        box.setText(tr("Remove {title}?", title=card.title))
        box.setInformativeText(tr("{folder} is deleted. Predictions that it made stay.", folder=card.folder))
        box.setStandardButtons(QMessageBox.StandardButton.Yes | QMessageBox.StandardButton.Cancel)
        box.setDefaultButton(QMessageBox.StandardButton.Cancel)
        name = card.name

        def answered(result: int) -> None:
            if result == QMessageBox.StandardButton.Yes:
                self._context.work.start(
                    tr("Removing {name}", name=name),
                    "io",
                    shelf.remove_model,
                    name,
                    self._project(),
                    on_end=self.reload,
                )

        box.finished.connect(answered)
        self._open(box)

    def _on_evaluate(self) -> None:
        path = self._context.ask_file.one(self, tr("Labelled images"), tr("Labelled images (*.npz)"))
        if path is not None:
            self.evaluate(path)

    def evaluate(self, data: Path) -> None:
        """Measure the shown model on labelled images and show the result."""
        card = self.card()
        if card is not None:
            device = self._context.settings.text("analysis.device")
            title = tr("Evaluating {name}", name=card.name)
            arguments = (card.name, data, device, self._project())
            self._context.work.start(title, "infer", shelf.measure, *arguments, on_done=self._show_result)

    def _show_result(self, result: dict[str, Any]) -> None:
        dialog = QDialog(self)
        dialog.setWindowTitle(tr("Evaluation"))
        dialog.resize(720, 700)
        page = QTextBrowser()
        page.setProperty("kind", "page")
        page.document().setDefaultFont(self._context.theme.font())
        page.setHtml(result_page(result, self._context.theme.tokens))
        done = button(tr("Done"), "primary")
        done.clicked.connect(dialog.accept)
        dialog.setLayout(column(page, row(None, done), spacing=SPACE_M, margins=SPACE_L))
        self._open(dialog)

    def _on_add(self) -> None:
        path = self._context.ask_file.one(self, tr("Add a model of your own"), ONNX_FILTER)
        if path is not None:
            self.add_own(path)

    def add_own(self, model: Path) -> None:
        """Examine an ONNX file and open the guided import."""

        def looked(proposal: "Proposal") -> None:
            from app.ui.screens.models.own import ImportDialog

            dialog = ImportDialog(proposal, model.name, self)
            dialog.accepted.connect(lambda: self._add(proposal, dialog.answers(), model))
            self._open(dialog)

        self._context.work.start(tr("Examining {name}", name=model.name), "io", shelf.look_at, model, on_done=looked)

    def _add(self, proposal: "Proposal", answers: "GuideAnswers", model: Path) -> None:
        def done(installed: "Installed") -> None:
            self._context.notify(tr("{title} is installed.", title=installed.card.title), tone="ok")
            self.reload()

        self._context.work.start(
            tr("Adding {name}", name=model.name), "io", shelf.add_model, proposal, answers, model, on_done=done
        )

    def _open(self, dialog: QDialog) -> None:
        self.dialog = dialog
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.destroyed.connect(self._on_closed)
        dialog.open()

    def _on_closed(self) -> None:
        self.dialog = None

    def _on_changed(self, changes: Changes) -> None:
        if changes.touches("model", "settings") and self.isVisible():
            self.reload()


def _promote(project: "Project", folder: str) -> str:
    from app.services.retrain.promote import promote

    return promote(project, folder).name
