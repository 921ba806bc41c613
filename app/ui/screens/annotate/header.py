"""The line above every task: the instruction, progress, and a way to stop."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QProgressBar, QWidget

from app.services.study.tasks import Task
from app.ui.core.context import AppContext
from app.ui.look.language import tr
from app.ui.look.tokens import SPACE_L, SPACE_M, SPACE_XS, TEXT_TITLE
from app.ui.parts.widgets.basic import button, column, label, row, set_tone


class Header(QWidget):
    """Instruction at the left, progress and pause at the right.

    Args:
        context: The context with the theme.
    """

    pause_wanted = Signal()
    back_wanted = Signal()

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self.instruction = label(wrap=True)
        self.condition = label(kind="chip")
        self.purpose = label(kind="chip")
        self.count = label(kind="soft")
        self.left = label(kind="caption")
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setFixedWidth(180)
        self.bar.setAccessibleName(tr("Progress"))
        self.back = button(tr("Previous"), icon_name="back", tip=tr("Change the previous answer (Page up)"))
        self.pause = button(tr("Pause"), icon_name="pause", tip=tr("Everything so far is saved (Esc)"))
        for made, signal in ((self.back, self.back_wanted), (self.pause, self.pause_wanted)):
            made.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            made.clicked.connect(signal)
            keeping = made.sizePolicy()
            keeping.setRetainSizeWhenHidden(True)  # the screen does not jump when they come and go
            made.setSizePolicy(keeping)
        words = row(self.purpose, self.condition, self.instruction, spacing=SPACE_M)
        words.setStretch(2, 1)
        for chip in (self.purpose, self.condition):
            words.setAlignment(chip, Qt.AlignmentFlag.AlignTop)
        words.setAlignment(self.instruction, Qt.AlignmentFlag.AlignTop)
        far = column(row(self.left, None, self.count), self.bar, None, spacing=SPACE_XS)
        box = row(words, far, self.back, self.pause, spacing=SPACE_M)
        box.setStretch(0, 1)
        box.setSpacing(SPACE_L)
        self.setLayout(box)
        context.theme.changed.connect(self._dress)
        self._dress()

    def drop_back(self) -> None:
        """Remove the button that leads back, and its room."""
        keeping = self.back.sizePolicy()
        keeping.setRetainSizeWhenHidden(False)
        self.back.setSizePolicy(keeping)
        self.back.hide()

    def show_task(self, task: Task, done: int, language: str, left: str = "", *, silent: bool = False) -> None:
        """Show the header of a task.

        Args:
            task: The task.
            done: Number of the rater's presentations that are answered.
            language: Language of labels.
            left: Time that the rest will take, in words; empty if it is unknown.
            silent: Whether this machine plays no sound.
        """
        practice = task.purpose == "practice"
        self.purpose.setText(tr("Practice: does not count"))
        self.purpose.setVisible(practice)
        words = ""
        if task.condition is not None:
            words = task.condition.labels.get(language) or task.condition.labels.get("en") or task.condition.name
            missing = silent and task.condition.audio and task.clip is not None and task.clip.info.has_audio
            words += tr(" · no sound on this machine") if missing else "" if task.condition.audio else tr(" · no sound")
            set_tone(self.condition, "warning" if missing else "")
        self.condition.setText(words)
        self.condition.setVisible(bool(words))
        above = task.prompt if task.purpose == "attention" and task.item is not None else ""
        self.instruction.setText(above or task.instruction)
        self.count.setText(tr("{done} of {total}", done=min(done + 1, task.total), total=task.total))
        self.left.setText(left)
        self.bar.setRange(0, max(task.total, 1))
        self.bar.setValue(done)

    def _dress(self) -> None:
        self.instruction.setFont(self._context.theme.font(TEXT_TITLE + 1, QFont.Weight.Medium))
        self.count.setFont(self._context.theme.font(figures=True))
