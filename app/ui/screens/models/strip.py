"""The progress of an installation, with a button to cancel it."""

from PySide6.QtWidgets import QProgressBar, QWidget

from app.domain.words import file_size
from app.jobs import Progress
from app.ui.core.work import time_left
from app.ui.look.language import tr
from app.ui.look.tokens import SPACE_M, SPACE_S
from app.ui.parts.widgets.basic import button, column, label, row


class InstallStrip(QWidget):
    """A sentence, a bar and a cancel button."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.said = label("", "small")
        self.cancel = button(
            tr("Cancel"), tip=tr("The fetched part is kept, so that the download can be continued later")
        )
        self.setLayout(row(column(self.said, self.bar, spacing=SPACE_S), self.cancel, spacing=SPACE_M))
        self.hide()

    def begin(self, title: str) -> None:
        """Begin without known progress."""
        self.said.setText(tr("Installing {title}", title=title))
        self.bar.setRange(0, 0)

    def show_progress(self, progress: Progress) -> None:
        """Show the number of bytes so far."""
        self.bar.setRange(0, 1000 if progress.total else 0)
        if progress.total:
            self.bar.setValue(round(1000 * progress.done / progress.total))
        size = file_size(int(progress.done)) + (
            tr(" of {file_size}", file_size=file_size(int(progress.total))) if progress.total else ""
        )
        left = time_left(progress)
        self.said.setText(f"{progress.text}: {size}" + (f", {left}" if left else ""))
