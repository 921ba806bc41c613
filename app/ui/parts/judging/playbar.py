"""The bar under the picture: play, replay, and progress. There is no scrubbing, so that everybody sees the same."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.ui.core.context import AppContext
from app.ui.look.icons import icon
from app.ui.look.language import tr
from app.ui.look.tokens import SPACE_M
from app.ui.parts.judging.presenter import Presenter
from app.ui.parts.widgets.basic import button, label, row
from app.ui.parts.widgets.spoken import Role


class _Line(QWidget):
    """How much of the clip has been played."""

    spoken = Role.ProgressBar

    def __init__(self, context: AppContext, presenter: Presenter) -> None:
        super().__init__()
        self._theme, self._presenter = context.theme, presenter
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(tr("Progress of the clip"))
        context.theme.changed.connect(self.update)

    def sizeHint(self) -> QSize:
        return QSize(200, 16)

    def told(self) -> str:
        """Return the share that has been played, for screen readers."""
        return f"{self._share():.0%}"

    def _share(self) -> float:
        player, phase = self._presenter.player, self._presenter.phase
        start_s, end_s = player.item_range_s
        if phase in ("playing", "paused") and end_s > start_s:
            return min(max((player.position_s - start_s) / (end_s - start_s), 0.0), 1.0)
        return 1.0 if phase == "ended" else 0.0

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        trough = QRectF(0, self.height() / 2 - 3, self.width(), 6)
        painter.setBrush(self._theme.colour("border"))
        painter.drawRoundedRect(trough, 3, 3)
        share = self._share()
        if share > 0:
            painter.setBrush(self._theme.colour("text_faint"))
            painter.drawRoundedRect(QRectF(0, trough.top(), max(share * self.width(), 6), 6), 3, 3)
        painter.end()


class PlayBar(QWidget):
    """Buttons and the line of progress.

    Args:
        context: The context with the theme and the clock that redraws.
        presenter: The presenter that plays.
    """

    def __init__(self, context: AppContext, presenter: Presenter, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context, self._presenter = context, presenter
        self.play = button(tr("Play"), icon_name="play", tip=tr("Play or pause (Space)"))
        self.again = button(tr("Again"), icon_name="loop", tip=tr("From the beginning (R)"))
        self.left = label(kind="caption")
        for made in (self.play, self.again):
            made.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.play.clicked.connect(presenter.toggle)
        self.again.clicked.connect(presenter.replay)
        self._line = _Line(context, presenter)
        box = row(self.play, self.again, self._line, self.left, spacing=SPACE_M)
        box.setStretch(2, 1)
        self.setLayout(box)
        presenter.changed.connect(self.refresh)
        context.ticker.ticked.connect(self._on_tick)
        self.refresh()

    def refresh(self) -> None:
        """Follow the presenter."""
        presenter = self._presenter
        running = presenter.phase in ("playing", "marking")
        self.play.setText(tr("Pause") if running else tr("Play"))
        self.play.setIcon(icon("pause" if running else "play"))
        movable = not presenter.is_still and presenter.phase not in ("empty", "opening")
        left = presenter.replays_left
        over = presenter.phase == "ended" and left == 0
        self.play.setEnabled(movable and not over)
        self.again.setEnabled(movable and presenter.phase in ("playing", "paused", "ended") and left != 0)
        self.left.setText("" if left is None else tr("{left} more", left=left) if left else tr("no more replays"))
        if presenter.phase == "playing":
            self._context.ticker.start(self)
        else:
            self._context.ticker.stop(self)
        self._line.update()

    def _on_tick(self) -> None:
        if self.isVisible():
            self._line.update()
