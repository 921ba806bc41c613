"""The page on which a visitor reads what the camera does, and agrees or does not."""

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QCheckBox, QWidget

from app.services.kiosk.plans import FORGOTTEN, NOTICE_KEPT, KioskPlan
from app.ui.core.context import AppContext
from app.ui.look.language import tr
from app.ui.look.tokens import SPACE_L, SPACE_M
from app.ui.parts.widgets.basic import Card, button, column, label, row

WIDTH = 720
TEXT = 18
TITLE = 30


class NoticePage(QWidget):
    """Text, a box that is never ticked beforehand, and two buttons; agreeing needs the time that reading takes.

    Args:
        context: The context with the theme.
        plan: What the kiosk shows.

    Attributes:
        accepted: Emitted with whether the recording may be kept.
        declined: Emitted when the visitor does not agree.
    """

    accepted = Signal(bool)
    declined = Signal()

    def __init__(self, context: AppContext, plan: KioskPlan, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._plan = plan
        title = label(tr("Before the camera is switched on"))
        title.setFont(context.theme.font(TITLE))
        title.setWordWrap(True)
        self.text = label(plan.notice, wrap=True)
        self.text.setFont(context.theme.font(TEXT))
        asks = plan.project is not None
        self.kept_text = label(NOTICE_KEPT if asks else FORGOTTEN, wrap=True)
        self.kept_text.setFont(context.theme.font(TEXT))
        self.keep = QCheckBox(tr("My visit may be recorded and kept"))
        self.keep.setFont(context.theme.font(TEXT))
        self.agree = button(tr("I have read this and agree"), "primary")
        self.refuse = button(tr("No, thank you"))
        for each in (self.agree, self.refuse):
            each.setFont(context.theme.font(TEXT))
            each.setMinimumHeight(52)
        self.agree.clicked.connect(lambda: self.accepted.emit(self.keep.isChecked()))
        self.refuse.clicked.connect(self.declined)
        card = Card("", SPACE_L)
        card.setMaximumWidth(WIDTH)
        for part in (title, self.text, self.kept_text, self.keep):
            card.body.addWidget(part)
            card.body.addSpacing(SPACE_M)
        card.body.addLayout(row(self.agree, self.refuse, None, spacing=SPACE_M))
        self.keep.setVisible(asks)
        self.setLayout(column(None, row(None, card, None), None))
        self._read = QTimer(self)
        self._read.setSingleShot(True)
        self._read.timeout.connect(self._on_read)

    def begin(self) -> None:
        """Show the page to the next visitor, as if nobody had been there before."""
        self.keep.setChecked(False)
        self.agree.setEnabled(False)
        self.refuse.setFocus(Qt.FocusReason.OtherFocusReason)
        self._read.start(round(1000 * self._plan.read_s))

    def _on_read(self) -> None:
        self.agree.setEnabled(True)
