"""The dialog by which all screens ask for a file or a folder.

Qt's own dialog guesses icons from the contents of files, in this process. This opens and closes an open project, too,
and drops SQLite's locks on it (`app.held`). The desktop's dialogs on Linux do the same. This dialog opens nothing.
"""

import os
import re
import sys
from pathlib import Path
from typing import Final

from PySide6.QtCore import QFileInfo, QSettings
from PySide6.QtGui import QAbstractFileIconProvider, QIcon
from PySide6.QtWidgets import (
    QApplication,
    QDialog,
    QFileDialog,
    QFileIconProvider,
    QHeaderView,
    QMessageBox,
    QStyle,
    QTreeView,
    QWidget,
)

from app.reach import is_folder
from app.results import Chosen
from app.ui.look.language import tr

_FOLDER: Final = "files/folder"


class PlainIcons(QFileIconProvider):
    """Gives folders one icon and files another, without opening a file."""

    def icon(self, what: QFileInfo | QAbstractFileIconProvider.IconType, /) -> QIcon:
        kinds = QAbstractFileIconProvider.IconType
        folder = what.isDir() if isinstance(what, QFileInfo) else what in (kinds.Folder, kinds.Drive, kinds.Desktop)
        picture = QStyle.StandardPixmap.SP_DirIcon if folder else QStyle.StandardPixmap.SP_FileIcon
        return QApplication.style().standardIcon(picture)

    def type(self, info: QFileInfo, /) -> str:
        return tr("Folder") if info.isDir() else f"{info.suffix()} file".strip()


class AskFile:
    """Asks for files and folders, and begins beside the open project, or where the last one was chosen since.

    Args:
        store: The storage of the last folder.
    """

    def __init__(self, store: QSettings) -> None:
        self._store = store
        self._icons: PlainIcons | None = None
        self._beside: Path | None = None

    def begin_beside(self, project: Path | None) -> None:
        """Let the next dialog begin in the folder of the project that was opened; None for no project."""
        self._beside = project.parent if project is not None else None

    def one(self, parent: QWidget, title: str, filters: str = "") -> Path | None:
        """Ask for an existing file; None if the user cancels."""
        found = self._ask(parent, title, filters, QFileDialog.FileMode.ExistingFile)
        return found[0] if found else None

    def several(self, parent: QWidget, title: str, filters: str = "") -> list[Path]:
        """Ask for existing files; an empty list if the user cancels."""
        return self._ask(parent, title, filters, QFileDialog.FileMode.ExistingFiles)

    def folder(self, parent: QWidget, title: str) -> Path | None:
        """Ask for a folder; None if the user cancels."""
        found = self._ask(parent, title, "", QFileDialog.FileMode.Directory)
        return found[0] if found else None

    def new(
        self,
        parent: QWidget,
        title: str,
        name: str,
        filters: str,
        *,
        beside: Path | None = None,
        may_replace: bool = True,
    ) -> Chosen | None:
        """Ask where to write a file.

        If no ending was typed, that of the chosen kind is added first, so that the question about replacing a file
        names the right file.

        Args:
            parent: The window over which the dialog opens.
            title: Title of the dialog, which says what is saved.
            name: The name to offer.
            filters: Filters in Qt's form, which name the endings that the file may have.
            beside: A file in whose folder to begin, instead of the last folder.
            may_replace: Whether an existing file may be replaced if the user agrees. If it may not, the dialog says so
                and opens again.

        Returns:
            The final path, with the user's consent; None if the user cancels.
        """
        dialog = self.dialog(parent, title, filters, QFileDialog.FileMode.AnyFile)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setOption(QFileDialog.Option.DontConfirmOverwrite)
        if beside is not None:
            dialog.setDirectory(str(beside.parent))
        dialog.selectFile(name)
        try:
            while found := self._chosen(dialog):
                path = with_ending(found[0], filters, dialog.selectedNameFilter())
                if not os.path.lexists(path):
                    return Chosen(path)
                if may_replace and not path.is_dir():
                    if _agrees(parent, title, path):
                        return Chosen.agreed(path)
                else:
                    _tell_taken(parent, title, path)
                dialog.selectFile(path.name)
            return None
        finally:
            dialog.deleteLater()

    def dialog(self, parent: QWidget, title: str, filters: str, mode: QFileDialog.FileMode) -> QFileDialog:
        """Make the dialog without showing it."""
        dialog = QFileDialog(parent, title, str(self.start()))
        if sys.platform not in ("win32", "darwin"):
            dialog.setOption(QFileDialog.Option.DontUseNativeDialog)
        dialog.setOption(QFileDialog.Option.DontUseCustomDirectoryIcons)
        self._icons = self._icons or PlainIcons()  # Qt does not keep it
        dialog.setIconProvider(self._icons)
        dialog.setFileMode(mode)
        table = dialog.findChild(QTreeView)
        if table is not None:  # Qt's own dialog, which else cuts the sizes
            for column in (1, 2, 3):
                table.header().setSectionResizeMode(column, QHeaderView.ResizeMode.ResizeToContents)
        if mode is QFileDialog.FileMode.Directory:
            dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        if filters:
            dialog.setNameFilter(filters)
        return dialog

    def start(self) -> Path:
        """Return the folder in which the next dialog begins.

        It is that of the open project until another one was chosen, then the last one, or else the user's home.
        """
        if self._beside is not None and is_folder(self._beside):
            return self._beside
        kept = str(self._store.value(_FOLDER, "") or "")
        return Path(kept) if kept and is_folder(kept) else Path.home()

    def _ask(self, parent: QWidget, title: str, filters: str, mode: QFileDialog.FileMode) -> list[Path]:
        return self._run(self.dialog(parent, title, filters, mode))

    def _run(self, dialog: QFileDialog) -> list[Path]:
        try:
            return self._chosen(dialog)
        finally:
            dialog.deleteLater()

    def _chosen(self, dialog: QFileDialog) -> list[Path]:
        """Show the dialog until it is answered; an empty result if the user cancels."""
        if dialog.exec() != QDialog.DialogCode.Accepted:
            return []
        found = [Path(name) for name in dialog.selectedFiles() if name]
        if found:
            chosen = found[0] if dialog.fileMode() is QFileDialog.FileMode.Directory else found[0].parent
            self._store.setValue(_FOLDER, str(chosen))
            self._beside = None
        return found


def with_ending(path: Path, filters: str, chosen: str) -> Path:
    """Return a path unchanged if it has an ending of the filters, otherwise with the ending of the chosen filter.

    Args:
        path: The typed path.
        filters: All filters, in Qt's form.
        chosen: The filter in use.
    """
    if path.suffix.lower() in _endings(filters):
        return path
    return path.with_name(path.name + next(iter(_endings(chosen) or _endings(filters)), ""))


def _endings(filters: str) -> list[str]:
    return re.findall(r"\*(\.\w+)", filters)


def _agrees(parent: QWidget, title: str, path: Path) -> bool:
    box = QMessageBox(QMessageBox.Icon.Warning, title, tr("{name} already exists.", name=path.name), parent=parent)
    box.setInformativeText(tr("Replace it? Its present contents will be lost.\nFolder: {parent}", parent=path.parent))
    replace = box.addButton(tr("Replace"), QMessageBox.ButtonRole.DestructiveRole)
    keep = box.addButton(tr("Keep it"), QMessageBox.ButtonRole.RejectRole)
    box.setDefaultButton(keep)
    box.setEscapeButton(keep)
    box.exec()
    box.deleteLater()
    return box.clickedButton() is replace


def _tell_taken(parent: QWidget, title: str, path: Path) -> None:
    box = QMessageBox(QMessageBox.Icon.Information, title, tr("{name} already exists.", name=path.name), parent=parent)
    box.setInformativeText(tr("It is not replaced. Choose another name."))
    box.exec()
    box.deleteLater()
