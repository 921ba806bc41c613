"""The pages of the documentation in the window, without a network: F1 opens the one of the screen that is shown."""

import re
from pathlib import Path
from typing import Any, Final

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices, QImage, QTextCursor, QTextDocument, QTextOption
from PySide6.QtWidgets import QDialog, QListWidget, QListWidgetItem, QSplitter, QTextBrowser, QWidget

from app.paths import pages_dir
from app.ui.core.context import AppContext
from app.ui.look.language import tr
from app.ui.look.tokens import SPACE_L, SPACE_M, SPACE_S
from app.ui.parts.widgets.basic import button, column, row

_TREE: Final = re.compile(r"^```\{toctree\}\n(.*?)^```", re.MULTILINE | re.DOTALL)
FOR_USERS: Final = 2
"""How many of the contents' parts are listed: those on using the program and on its numbers."""


def contents(folder: Path) -> list[str]:
    """Return the names of the pages for users, in the order of the site's contents."""
    parts = _TREE.findall((folder / "index.md").read_text("utf-8"))[:FOR_USERS]
    names = [line.strip() for part in parts for line in part.splitlines() if line.strip() and not line.startswith(":")]
    return [name for name in names if (folder / f"{name}.md").is_file()]


def title_of(page: Path) -> str:
    """Return the first heading of a page."""
    with page.open(encoding="utf-8") as lines:
        return next((line.lstrip("# ").strip() for line in lines if line.startswith("# ")), page.stem)


def anchor_of(heading: str) -> str:
    """Return the anchor of a heading, as the documentation site makes it."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-")


class Page(QTextBrowser):
    """One page; its pictures are made as wide as the window at most.

    Args:
        context: The context of the window.
        folder: The folder of the pages.
    """

    def __init__(self, context: AppContext, folder: Path, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._folder = folder
        self._name = ""
        self.setProperty("kind", "page")
        self.setAccessibleName(tr("Page"))
        self.setOpenLinks(False)
        self.setWordWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)  # pictures are made to fit beside it
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.anchorClicked.connect(self._on_link)
        self.document().setDefaultFont(context.theme.font())

    @property
    def name(self) -> str:
        """The name of the page that is shown."""
        return self._name

    def show_page(self, name: str, anchor: str = "") -> bool:
        """Show a page from a heading on; False where there is no such page."""
        file = (self._folder / f"{name}.md").resolve()
        if not (file.is_relative_to(self._folder.resolve()) and file.is_file()):
            return False
        self._name = name
        self.document().setBaseUrl(QUrl.fromLocalFile(str(file)))
        self.document().setMarkdown(file.read_text("utf-8"), QTextDocument.MarkdownFeature.MarkdownDialectGitHub)
        self._set_blocks()
        self.setAccessibleName(title_of(file))
        self.go_to(anchor)
        return True

    def _set_blocks(self) -> None:
        """Set paragraphs apart, and let commands wider than the window go on in the next line."""
        block = self.document().begin()
        while block.isValid():
            form, code = block.blockFormat(), block.blockFormat().nonBreakableLines()
            inside = QTextCursor(block).currentTable() is not None or block.textList() is not None
            if code:
                form.setNonBreakableLines(False)
            elif form.headingLevel():
                form.setTopMargin(SPACE_L)
            if not inside and not (code and block.next().blockFormat().nonBreakableLines()):
                form.setBottomMargin(SPACE_S)
            QTextCursor(block).setBlockFormat(form)
            block = block.next()

    def go_to(self, anchor: str) -> bool:
        """Scroll to a heading, to the top without one; return whether it was found."""
        block = self.document().begin()
        while block.isValid():
            if not anchor or (block.blockFormat().headingLevel() and anchor_of(block.text()) == anchor):
                top = self.document().documentLayout().blockBoundingRect(block).top() if anchor else 0.0
                self.verticalScrollBar().setValue(round(top))
                return True
            block = block.next()
        return False

    def loadResource(self, kind: int, url: QUrl | str) -> Any:
        """Read a picture that lies beside the pages, and nothing else."""
        link = QUrl(url) if isinstance(url, str) else url
        file = Path(self.document().baseUrl().resolved(link).toLocalFile())
        if kind != int(QTextDocument.ResourceType.ImageResource.value) or not file.is_file():
            return None
        picture = QImage(str(file))
        ratio = self.devicePixelRatioF()
        wide = round((self.viewport().width() - 2 * SPACE_L) * ratio)
        if picture.width() > wide > 0:
            picture = picture.scaledToWidth(wide, Qt.TransformationMode.SmoothTransformation)
        picture.setDevicePixelRatio(ratio)
        return picture

    def _on_link(self, link: QUrl) -> None:
        if link.scheme() in ("http", "https"):
            QDesktopServices.openUrl(link)
            return
        target, _, anchor = link.toString().partition("#")
        if not target:
            self.go_to(anchor)
        elif target.endswith(".md"):
            here = (self._folder / f"{self._name}.md").parent
            where = (here / target).resolve()
            if where.is_relative_to(self._folder.resolve()):
                self.show_page(where.relative_to(self._folder.resolve()).with_suffix("").as_posix(), anchor)


class HelpWindow(QDialog):
    """The pages, with their contents beside them. It stays open beside the window.

    Args:
        context: The context of the window.
        parent: The window.
    """

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Help"))
        self.resize(1080, 720)
        folder = pages_dir()
        self.list = QListWidget()
        self.list.setProperty("kind", "menu")
        self.list.setAccessibleName(tr("Pages"))
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setTextElideMode(Qt.TextElideMode.ElideRight)
        for name in contents(folder):
            title = title_of(folder / f"{name}.md")
            made = QListWidgetItem(title, self.list)
            made.setData(Qt.ItemDataRole.UserRole, name)
            made.setToolTip(title)
        self.page = Page(context, folder)
        self.list.currentItemChanged.connect(self._on_chosen)
        both = QSplitter()
        both.addWidget(self.list)
        both.addWidget(self.page)
        both.setSizes([340, 740])
        both.setChildrenCollapsible(False)
        done = button(tr("Close"), "primary")
        done.clicked.connect(self.close)
        self.setLayout(column(both, row(None, done), spacing=SPACE_M, margins=SPACE_M))

    def open_page(self, place: str) -> None:
        """Show a page and bring the help to the front.

        Args:
            place: The name of a page, and after # the anchor of a heading if wanted.
        """
        name, _, anchor = place.partition("#")
        for row_number in range(self.list.count()):
            one = self.list.item(row_number)
            if one.data(Qt.ItemDataRole.UserRole) == name:
                self.list.blockSignals(True)
                self.list.setCurrentItem(one)
                self.list.blockSignals(False)
        self.show()
        self.page.show_page(name, anchor)
        self.raise_()
        self.activateWindow()
        self.page.setFocus()

    def _on_chosen(self, chosen: QListWidgetItem | None) -> None:
        if chosen is not None:
            self.page.show_page(str(chosen.data(Qt.ItemDataRole.UserRole)))
