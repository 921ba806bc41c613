"""The middle of the Review screen: title line, picture, transport."""

import itertools

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QStackedWidget, QVBoxLayout, QWidget

from app.services.projects.clip_rows import ClipRow
from app.ui.core.actions import CommandButton
from app.ui.core.context import AppContext
from app.ui.look.icons import icon
from app.ui.look.language import tr
from app.ui.look.tokens import SPACE_M, SPACE_S
from app.ui.parts.clips.chooser import ClipChooser
from app.ui.parts.player.player import Player
from app.ui.parts.player.transport import Transport
from app.ui.parts.player.video import VideoWidget
from app.ui.parts.recording.controller import Recording
from app.ui.parts.widgets.basic import Card, ElidedLabel, button, label, row
from app.ui.parts.widgets.empty import EmptyState
from app.ui.parts.widgets.wrapped import WrappedRow


class PlayerPanel(Card):
    """The title line, the recording bar, the picture and the transport.

    Args:
        context: The context with commands and theme.
        player: The player.
        chooser: The chooser that takes the name's place if there is no room for the list of clips.
    """

    def __init__(
        self, context: AppContext, player: Player, chooser: ClipChooser, parent: QWidget | None = None
    ) -> None:
        super().__init__("", 0, parent)
        self._context = context
        self._ticks = itertools.count()
        self.name = ElidedLabel(mode=Qt.TextElideMode.ElideMiddle)
        self.name.setFont(context.theme.font(weight=context.theme.font().Weight.DemiBold))
        context.theme.changed.connect(
            lambda: self.name.setFont(context.theme.font(weight=context.theme.font().Weight.DemiBold))
        )
        self.facts = label(kind="small")
        self.record = button(
            tr("Record trace"), icon_name="record", tip=tr("Move the mouse on the plane while the clip plays (R)")
        )
        self.record.clicked.connect(lambda: context.commands.run("recording.toggle"))
        self.analyse = button(tr("Analyse"), "primary", tip=tr("Predict every frame and keep the result (Ctrl+Enter)"))
        self.analyse.clicked.connect(lambda: context.commands.run("analysis.analyse_clip"))
        for made in (self.record, self.analyse):
            made.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.chooser = chooser
        self.add = CommandButton(context.commands, "clips.add")
        head = WrappedRow(self.name, chooser, self.add, self.facts, self.record, self.analyse, push=self.record)
        head.setContentsMargins(SPACE_M, SPACE_S, SPACE_S, SPACE_S)
        self.video = VideoWidget(context.theme)
        self.missing = _missing(context)
        self.none = _no_clips(context)
        self._nothing = False
        self._stage = QStackedWidget()
        self._stage.addWidget(self.video)
        self._stage.addWidget(self.none)
        self._stage.addWidget(self.missing)
        self.transport = Transport(context, player)
        for command_id in ("view.toggle_overlay", "analysis.toggle_live"):
            self.transport.add_tool(CommandButton(context.commands, command_id))
        self._make_bar(context)
        self._holder = QVBoxLayout()
        self._holder.setContentsMargins(SPACE_S, 0, SPACE_S, 0)
        self._holder.addWidget(self._bar)
        self.body.setSpacing(0)
        self.body.addLayout(head)
        self.body.addLayout(self._holder)
        self.body.addWidget(self._stage, 1)
        self.body.addWidget(self.transport)
        context.commands.on_change(self._on_commands)
        self.set_choosing(False)
        self.show_clip(None)

    def _make_bar(self, context: AppContext) -> None:
        """Make the bar that is shown while a trace is recorded."""
        self.bar_text = label(wrap=True)
        self._bar = QFrame()
        self._bar.setProperty("kind", "recording")
        stop = button(tr("Keep  (R)"), tip=tr("End the recording here and keep the trace (R)"))
        stop.clicked.connect(lambda: context.commands.run("recording.toggle"))
        drop = button(tr("Discard  (Esc)"), "danger", tip=tr("Discard the trace, after a question (Esc)"))
        drop.clicked.connect(lambda: context.commands.run("recording.discard"))
        for made in (stop, drop):
            made.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        dot = label("●", tone="danger")
        inside = row(dot, self.bar_text, stop, drop, spacing=SPACE_S)
        inside.setStretch(1, 1)
        inside.setContentsMargins(SPACE_M, SPACE_S, SPACE_S, SPACE_S)
        self._bar.setLayout(inside)
        self._bar.hide()

    def put_below_head(self, part: QWidget) -> None:
        """Put a line between title and picture."""
        self._holder.addWidget(part)

    def set_choosing(self, on: bool) -> None:
        """Choose the clip here if there is no room for the list; otherwise show its name and facts."""
        for part, there in ((self.name, not on), (self.facts, not on), (self.chooser, on), (self.add, on)):
            part.setVisible(there)

    def show_nothing(self, nothing: bool) -> None:
        """Say what to do while the project has no clips, instead of showing a black picture."""
        self._nothing = nothing
        if nothing or self._stage.currentWidget() is self.none:
            self._stage.setCurrentWidget(self.none if nothing else self.video)

    def show_clip(self, clip: ClipRow | None) -> None:
        """Show name and facts of the clip."""
        if clip is None:
            self.name.set_text(tr("No clip chosen"))
            self.facts.setText("")
            self._stage.setCurrentWidget(self.none if self._nothing else self.video)
            return
        info = clip.clip
        self.name.set_text(info.name)
        rate = (
            tr(" · {average_rate} frames/s", average_rate=f"{float(info.average_rate):.4g}")
            if info.average_rate
            else ""
        )
        self.facts.setText(f"{info.width} × {info.height}{rate}" + (tr(" · incomplete") if not info.complete else ""))
        self.facts.setToolTip(info.note)
        self._stage.setCurrentWidget(self.missing if info.missing else self.video)

    def show_recording(self, recording: Recording) -> None:
        """Show the bar that says that a trace is recorded."""
        what = tr(" on {item}", item=recording.item) if recording.item else ""
        words = {
            "preparing": tr("Getting ready …"),
            "countdown": tr("Put the mouse on the plane."),
            "running": tr("{rater}{what}. Space pauses.", rater=recording.rater, what=what),
            "asking": tr("Discard this trace? Press Esc again to discard it, or Space to continue."),
            "saving": tr("Saving …"),
        }
        self.bar_text.setText(words.get(recording.phase, ""))
        self._bar.setVisible(recording.active)

    def due(self, every: int) -> bool:
        """Return whether this is the n-th tick, for work that is not needed thirty times per second."""
        return next(self._ticks) % every == 0

    def _on_commands(self) -> None:
        commands = self._context.commands
        recording = commands.holds("recording")
        self.record.setEnabled(commands.enabled("recording.toggle"))
        self.record.setVisible(not recording)
        self.record.setIcon(icon("record", self._context.theme.tokens.danger))
        self.analyse.setEnabled(commands.enabled("analysis.analyse_clip"))


def _no_clips(context: AppContext) -> EmptyState:
    """What the stage shows while the project has no clips."""
    return EmptyState(
        context.theme,
        "clips",
        tr("No clips yet"),
        tr("Add videos or images, or drop them on the window."),
        ((tr("Add clips…"), lambda: context.commands.run("clips.add")),),
    )


def _missing(context: AppContext) -> EmptyState:
    """What the stage shows for a clip whose file is not there."""
    return EmptyState(
        context.theme,
        "missing",
        tr("The file is not where it was"),
        tr(
            "It may have been moved or renamed, or its disk is not connected. Show where it is now; it is recognised "
            "by its content."
        ),
        ((tr("Find it…"), lambda: context.commands.run("clips.relink")),),
    )
