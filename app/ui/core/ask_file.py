"""The one way to ask for a file or a folder.

Qt's own dialog guesses icons from what is in the files, in this process. That opens and closes an open project too, and
drops SQLite's locks on it (`app.held`); the desktop's dialogs on Linux do the same. Here nothing is opened.
"""

import sys
from pathlib import Path
from typing import Final

from PySide6.QtCore import QFileInfo, QSettings
from PySide6.QtGui import QAbstractFileIconProvider, QIcon
from PySide6.QtWidgets import QApplication, QDialog, QFileDialog, QFileIconProvider, QStyle, QWidget

_FOLDER: Final = "files/folder"


class PlainIcons(QFileIconProvider):
    """An icon for folders and one for files, by what the file system says; no file is opened."""

    def icon(self, what: QFileInfo | QAbstractFileIconProvider.IconType, /) -> QIcon:
        kinds = QAbstractFileIconProvider.IconType
        folder = what.isDir() if isinstance(what, QFileInfo) else what in (kinds.Folder, kinds.Drive, kinds.Desktop)
        picture = QStyle.StandardPixmap.SP_DirIcon if folder else QStyle.StandardPixmap.SP_FileIcon
        return QApplication.style().standardIcon(picture)

    def type(self, info: QFileInfo, /) -> str:
        return "Folder" if info.isDir() else f"{info.suffix()} file".strip()


class AskFile:
    """Asks for files and folders, and begins where the last one was chosen.

    Args:
        store: Where the last folder is kept.
    """

    def __init__(self, store: QSettings) -> None:
        self._store = store
        self._icons: PlainIcons | None = None

    def one(self, parent: QWidget, title: str, filters: str = "") -> Path | None:
        """Ask for a file that is there; None where the user changed their mind."""
        found = self._ask(parent, title, filters, QFileDialog.FileMode.ExistingFile)
        return found[0] if found else None

    def several(self, parent: QWidget, title: str, filters: str = "") -> list[Path]:
        """Ask for files that are there; none where the user changed their mind."""
        return self._ask(parent, title, filters, QFileDialog.FileMode.ExistingFiles)

    def folder(self, parent: QWidget, title: str) -> Path | None:
        """Ask for a folder; None where the user changed their mind."""
        found = self._ask(parent, title, "", QFileDialog.FileMode.Directory)
        return found[0] if found else None

    def new(
        self, parent: QWidget, title: str, name: str, filters: str = "", beside: Path | None = None
    ) -> tuple[Path, str] | None:
        """Ask for the name of a file to write; over one that is there only after a question.

        Args:
            parent: Over which window.
            title: What is saved.
            name: Offered name.
            filters: As Qt has them.
            beside: A file in whose folder to begin, instead of the last folder.

        Returns:
            The path and the filter chosen; None where the user changed their mind.
        """
        dialog = self.dialog(parent, title, filters, QFileDialog.FileMode.AnyFile)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        if beside is not None:
            dialog.setDirectory(str(beside.parent))
        dialog.selectFile(name)
        found = self._run(dialog)
        return (found[0], dialog.selectedNameFilter()) if found else None

    def dialog(self, parent: QWidget, title: str, filters: str, mode: QFileDialog.FileMode) -> QFileDialog:
        """The dialog, not yet shown."""
        dialog = QFileDialog(parent, title, str(self.start()))
        if sys.platform not in ("win32", "darwin"):
            dialog.setOption(QFileDialog.Option.DontUseNativeDialog)
        dialog.setOption(QFileDialog.Option.DontUseCustomDirectoryIcons)
        self._icons = self._icons or PlainIcons()  # Qt does not keep it
        dialog.setIconProvider(self._icons)
        dialog.setFileMode(mode)
        if mode is QFileDialog.FileMode.Directory:
            dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        if filters:
            dialog.setNameFilter(filters)
        return dialog

    def start(self) -> Path:
        """Where the next dialog begins: the last folder, or the user's own."""
        kept = str(self._store.value(_FOLDER, "") or "")
        return Path(kept) if kept and Path(kept).is_dir() else Path.home()

    def _ask(self, parent: QWidget, title: str, filters: str, mode: QFileDialog.FileMode) -> list[Path]:
        return self._run(self.dialog(parent, title, filters, mode))

    def _run(self, dialog: QFileDialog) -> list[Path]:
        try:
            if dialog.exec() != QDialog.DialogCode.Accepted:
                return []
            found = [Path(name) for name in dialog.selectedFiles() if name]
        finally:
            dialog.deleteLater()
        if found:
            chosen = found[0] if dialog.fileMode() is QFileDialog.FileMode.Directory else found[0].parent
            self._store.setValue(_FOLDER, str(chosen))
        return found
