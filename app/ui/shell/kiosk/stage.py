"""The page that shows a clip or the visitor: picture, plane, numbers and curves, with one button."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from app.ui.core.context import AppContext
from app.ui.look.language import tr
from app.ui.look.tokens import SPACE_M, SPACE_S
from app.ui.parts.widgets.basic import Card, button, column, label, row
from app.ui.screens.camera.present import CameraPresent

HEADLINE = 26
CLIP_WORDS = tr("What does a model read in a face?")
VISIT_WORDS = tr("This is how the model reads your face.")


class Stage(QWidget):
    """The present moment of a clip or of the camera.

    Args:
        context: The context with theme and settings.
        takes_part: Whether visitors can be seen themselves.

    Attributes:
        present: The views and the session behind them.
        pressed: Emitted when the button is pressed.
    """

    pressed = Signal()

    def __init__(self, context: AppContext, takes_part: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.present = present = CameraPresent(context, self)
        self._takes_part = takes_part
        self.words = label(CLIP_WORDS)
        self.words.setFont(context.theme.font(HEADLINE))
        self.kept = label("", "small", tone="danger")
        self.go = button("", "primary")
        self.go.setMinimumHeight(52)
        self.go.setFont(context.theme.font(18))
        self.go.clicked.connect(self.pressed)
        picture = Card("", 0)
        picture.body.addWidget(present.video, 1)
        curves = Card(tr("Last half minute"))
        curves.body.addWidget(present.strip, 1)
        plane = Card(tr("Valence–arousal plane"))
        plane.body.addWidget(present.plane, 1)
        numbers = Card(tr("This moment"))
        numbers.body.addWidget(present.now, 1)
        left = column(picture, curves, spacing=SPACE_S)
        left.setStretch(0, 4)
        left.setStretch(1, 1)
        side = column(plane, numbers, spacing=SPACE_S)
        side.setStretch(0, 6)
        side.setStretch(1, 5)
        below = row(spacing=SPACE_S)
        below.addLayout(left, 7)
        below.addLayout(side, 3)
        head = row(self.words, None, self.kept, self.go, spacing=SPACE_M)
        whole = column(head, below, spacing=SPACE_M, margins=SPACE_M)
        whole.setStretch(1, 1)
        self.setLayout(whole)
        for part in (present.video, present.plane):
            part.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self.show_visit(False, False)

    def show_visit(self, visit: bool, kept: bool) -> None:
        """Say whether a visitor is seen or a clip, and whether the visit is recorded."""
        self.words.setText(VISIT_WORDS if visit else CLIP_WORDS)
        self.kept.setText(tr("● This visit is recorded") if kept else "")
        self.go.setText(
            tr("Stop and forget") if visit and not kept else tr("Stop") if visit else tr("Try it with your own face")
        )
        self.go.setVisible(visit or self._takes_part)
