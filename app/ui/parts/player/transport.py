"""The transport bar: seek bar, buttons, time, speed, loop, sound."""

import time
from collections.abc import Callable, Iterable
from functools import partial
from typing import Final

from PySide6.QtCore import QSize
from PySide6.QtGui import QFontMetrics, QResizeEvent
from PySide6.QtWidgets import QMenu, QToolButton, QWidget

from app.domain.clock import clock_text
from app.ui.core.actions import CommandButton
from app.ui.core.context import AppContext
from app.ui.look.icons import icon
from app.ui.look.language import tr
from app.ui.look.tokens import SPACE_M, SPACE_S, SPACE_XS
from app.ui.parts.player.player import SPEEDS, Player
from app.ui.parts.player.seekbar import SeekBar
from app.ui.parts.widgets.basic import column, in_tab_order, row
from app.ui.parts.widgets.changing import ChangingLabel

TELL_S: Final = 0.03
"""Seconds between two changes of the time while a clip plays."""


class Transport(QWidget):
    """A bar that controls a player.

    Args:
        context: The context with commands and theme.
        player: The player that it controls.
    """

    def __init__(self, context: AppContext, player: Player, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context, self._player = context, player
        self.bar = SeekBar(context.theme)
        self.bar.sought.connect(player.seek)
        self.bar.dragged.connect(player.scrub)
        commands = context.commands
        self.play = CommandButton(commands, "player.toggle_play")
        self.play.setIconSize(QSize(24, 24))
        self.play.setFixedSize(40, 36)
        names = ("player.go_start", "player.step_back", "player.step_forward", "player.go_end")
        self._steps = [CommandButton(commands, name) for name in names]
        for button in self._steps:
            button.setIconSize(QSize(18, 18))
            button.setAutoRepeat("step" in button.objectName())
        self.clock = ChangingLabel()
        self.clock.setObjectName("transport.clock")
        self.frame = ChangingLabel("small")
        self.frame.setContentsMargins(SPACE_S, 0, 0, 0)
        self.speed = QToolButton()
        self.speed.setProperty("kind", "field")
        self.speed.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.speed.setToolTip(tr("Speed  ([ slower, ] faster, Backspace normal).\nThere is sound at 1× only."))
        self.speed.setAccessibleName(tr("Speed"))
        self.speed.setMenu(_menu(self, ((f"{value:g}×", partial(player.set_speed, value)) for value in SPEEDS)))
        self.loop = CommandButton(commands, "player.toggle_loop")
        self.mute = CommandButton(commands, "player.toggle_mute")
        self._dropped = 0
        self._told_s = 0.0
        self._added: list[QWidget] = []
        self._build()
        self._fonts()
        context.theme.changed.connect(self._fonts)
        player.state_changed.connect(self.refresh)
        player.frame_shown.connect(self._on_frame)
        player.opened.connect(self._on_opened)
        self.refresh()

    def _build(self) -> None:
        tools = self._tools = QWidget()
        self.tools = row(spacing=SPACE_XS)
        tools.setLayout(self.tools)
        buttons = row(
            self._steps[0],
            self._steps[1],
            self.play,
            self._steps[2],
            self._steps[3],
            SPACE_S,
            self.clock,
            self.frame,
            None,
            tools,
            SPACE_XS,
            self.loop,
            self.speed,
            self.mute,
            spacing=SPACE_XS,
        )
        box = column(self.bar, buttons, spacing=0)
        box.setContentsMargins(SPACE_S, SPACE_S, SPACE_S, SPACE_S)
        self.setLayout(box)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Move the frame's number into the tool tip of the time if there is no room for it."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        wanted = QFontMetrics(self.frame.font()).horizontalAdvance(" frame 00000 of 00000")
        others = sum(
            part.sizeHint().width() + SPACE_XS
            for part in (*self._steps, self.play, self._tools, self.loop, self.speed, self.mute)
        ) + QFontMetrics(self.clock.font()).horizontalAdvance(" 00:00.000 / 00:00.000")
        room = self.width() - others - 3 * SPACE_M - 2 * SPACE_S
        self.frame.setVisible(room >= wanted)
        metrics = QFontMetrics(self.clock.font())
        saved = metrics.horizontalAdvance("00:00.000") - metrics.horizontalAdvance("00:00")
        self._dropped = 0 if room >= 0 else 1 if room + saved >= 0 else 2
        self._show_time()

    def add_tool(self, widget: QWidget) -> None:
        """Put a control of the screen beside the loop button."""
        self.tools.addWidget(widget)
        self._added.append(widget)
        in_tab_order(*self._steps[:2], self.play, *self._steps[2:], *self._added, self.loop, self.speed, self.mute)

    def _fonts(self) -> None:
        self.clock.setFont(self._context.theme.font(figures=True))
        self.frame.setFont(self._context.theme.font(12, figures=True))
        metrics = self.speed.fontMetrics()
        self.speed.setFixedWidth(metrics.horizontalAdvance("−0.75×") + 22)
        self._fit()

    def refresh(self) -> None:
        """Follow the player."""
        player = self._player
        playing = player.playing
        self.play.setIcon(icon("pause" if playing else "play"))
        self.play.setAccessibleName(tr("Pause") if playing else tr("Play"))
        self.mute.setIcon(icon("mute" if player.muted else "sound"))
        self.speed.setText(f"{player.speed:g}×".replace("-", "−"))
        self.speed.setEnabled(player.is_open)
        self.bar.setEnabled(player.is_open)
        loop = player.loop
        self.bar.set_loop(loop.a_s if loop.on else None, loop.b_s if loop.on else None)
        self._context.commands.set_checked("player.toggle_loop", loop.on)
        self._context.commands.set_checked("player.toggle_mute", player.muted)
        if not player.is_open:
            self.bar.set_range(0, 0)
            self.bar.set_position(0)
        self._show_time()

    def _on_opened(self) -> None:
        self.bar.set_range(*self._player.range_s)

    def _on_frame(self, _frame: object) -> None:
        """Show the time of a frame; of a clip that plays not more often than anybody can read."""
        now_s = time.monotonic()
        if not self._player.playing or now_s - self._told_s >= TELL_S:
            self._told_s = now_s
            self._show_time()

    def _show_time(self) -> None:
        player = self._player
        start_s, end_s = player.range_s
        shown = player.frame
        at_s = shown.time_s if shown is not None else start_s
        self.bar.set_position(at_s)
        if not player.is_open:
            self.clock.setText("–:––")
            self.frame.setText("")
            return
        now, whole = clock_text(at_s - start_s), clock_text(end_s - start_s, millis=not self._dropped)
        self.clock.setText(now if self._dropped == 2 else f"{now} / {whole}")
        number = (
            tr("frame {frame_idx} of {times_s}", frame_idx=player.frame_idx, times_s=len(player.times_s))
            if player.frame_idx >= 0
            else ""
        )
        self.frame.setText(number)
        own = tr("{at_s} s on the file's own clock, which exports keep", at_s=f"{at_s:.3f}") if start_s else ""
        length = tr("of {whole}", whole=whole) if self._dropped == 2 else ""
        self.clock.setToolTip("\n".join(text for text in (length, number, own) if text))


def _menu(parent: QWidget, entries: Iterable[tuple[str, Callable[[], None]]]) -> QMenu:
    menu = QMenu(parent)
    for text, action in entries:
        menu.addAction(text).triggered.connect(lambda _checked=False, run=action: run())
    return menu
