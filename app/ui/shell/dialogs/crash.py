"""The dialog for bugs: what happened, a trace to copy, and the path of the log."""

from pathlib import Path

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QDialog, QPlainTextEdit, QWidget

from app import __version__
from app.ui.core.context import AppContext
from app.ui.look.language import tr
from app.ui.look.tokens import SPACE_L, SPACE_M, TEXT_SMALL
from app.ui.parts.widgets.basic import button, column, label, row


class CrashDialog(QDialog):
    """The dialog for errors that are the program's fault. Further errors are added to the same dialog.

    Args:
        context: What all screens share; the theme is taken from it.
        trace: The traceback.
        log_file: The log that holds it, too.
        parent: The window.
    """

    def __init__(self, context: AppContext, trace: str, log_file: Path, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Something went wrong"))
        self.resize(720, 460)
        self._log_file = log_file
        self.text = QPlainTextEdit(tr("Affectograph {version}\n{trace}", version=__version__, trace=trace))
        self.text.setReadOnly(True)
        font = context.theme.font(TEXT_SMALL)
        font.setFamily("monospace")
        self.text.setFont(font)
        copy = button(tr("Copy"))
        copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(self.text.toPlainText()))
        folder = button(tr("Open the log folder"))
        folder.clicked.connect(self._on_folder)
        go_on = button(tr("Go on"), "primary")
        go_on.setDefault(True)
        go_on.clicked.connect(self.accept)
        self.setLayout(
            column(
                label(tr("Something went wrong"), "heading"),
                label(
                    tr(
                        "This is a fault of the program. What you saved is safe, and you can continue. Please send us "
                        "the text below, and say what you were doing."
                    ),
                    "body",
                    wrap=True,
                ),
                self.text,
                label(tr("Also in the log: {log_file}", log_file=log_file), "small", wrap=True),
                row(copy, folder, None, go_on),
                spacing=SPACE_M,
                margins=SPACE_L,
            )
        )

    def add(self, trace: str) -> None:
        """Append another trace instead of opening another dialog."""
        self.text.appendPlainText("\n" + trace)

    def _on_folder(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._log_file.parent)))
