"""A part of an item in all its conditions next to each other. One player decodes each frame once, for all pictures."""

from collections.abc import Collection, Sequence
from functools import partial
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from app.domain.clock import clock_text
from app.domain.media import Frame
from app.services.study.beside import ItemBeside, item_beside
from app.services.study.viewing import TaskView, prepare_views, told_problem
from app.ui.core.context import AppContext
from app.ui.core.while_there import while_there
from app.ui.look.icons import icon
from app.ui.look.language import tr
from app.ui.look.tokens import SPACE_M, SPACE_S
from app.ui.parts.judging.item_player import ItemPlayer
from app.ui.parts.judging.stage import Stage
from app.ui.parts.player.seekbar import SeekBar
from app.ui.parts.widgets.basic import button, column, label, row, say
from app.ui.screens.agreement.look import pretty

LEAST: Final = 150
"""Least width and height of a picture in pixels; two of them stand side by side in a narrow window."""


class BothViews(QWidget):
    """The pictures with the controls below them. `Space` plays, the arrows step a frame, `Home` goes to the beginning.

    Args:
        context: The context with the open project.
        more: Further widgets at the end of the row of controls.
    """

    def __init__(self, context: AppContext, more: Sequence[QWidget] = (), parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self.stages: dict[str, Stage] = {}
        self._columns: list[QWidget] = []
        self._views: list[tuple[Stage, TaskView]] = []
        self._shown: ItemBeside | None = None
        self._judged: Collection[str] = ()
        self._span_s: tuple[float, float] | None = None
        self._asked = 0
        self.player = ItemPlayer(context, self)
        self._pictures = QHBoxLayout()
        self._pictures.setSpacing(SPACE_M)
        self.play = button(tr("Play"), icon_name="play", tip=tr("Play or pause (Space)"))
        self.play.setAutoDefault(False)
        self.bar = SeekBar(context.theme)
        self.clock = label("", "small")
        controls = row(self.play, self.bar, self.clock, *more, spacing=SPACE_M)
        controls.setStretch(1, 1)
        box = column(self._pictures, controls, spacing=SPACE_S)
        box.setStretch(0, 1)
        self.setLayout(box)
        say(self.clock, "")
        player = self.player
        player.frame_shown.connect(self._on_frame)
        player.state_changed.connect(self._on_state)
        self.play.clicked.connect(player.toggle)
        self.bar.sought.connect(player.seek)
        self.bar.dragged.connect(player.scrub)

    def take_keys(self, where: QWidget) -> None:
        """Let the keys of the player work wherever the focus is within a widget."""
        for keys, act in (
            ("Space", self.player.toggle), ("Left", lambda: self.player.step(-1)),
            ("Right", lambda: self.player.step(1)), ("Home", lambda: self.player.seek(self.player.item_range_s[0])),
        ):  # fmt: skip
            made = QShortcut(QKeySequence(keys), where, act)
            made.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)

    def show_item(
        self,
        item: str,
        conditions: Sequence[str],
        judged: Collection[str],
        span_s: tuple[float, float] | None = None,
    ) -> None:
        """Open an item at its beginning.

        Args:
            item: Name of the item.
            conditions: Conditions in which it was judged.
            judged: Conditions with judgements; the others are said to have none.
            span_s: Beginning and end of the part that is played, in seconds on the clip's PTS axis; None for all of it.
        """
        self.clear()
        self._judged, self._span_s = judged, span_s
        self._context.query(item_beside, item, tuple(conditions), on_done=partial(self._on_read, self._asked))

    def clear(self) -> None:
        """Close the clip and show nothing."""
        self._asked += 1
        self.player.close_clip()
        self._shown, self._views, self.stages = None, [], {}
        for each in self._columns:
            self._pictures.removeWidget(each)
            each.deleteLater()
        self._columns = []
        say(self.clock, "")
        self._on_state()

    def close_player(self) -> None:
        """Release the clip for good."""
        self.player.close()

    @while_there
    def _on_read(self, asked: int, found: ItemBeside) -> None:
        if asked != self._asked:
            return
        self._shown = found
        for task in found.tasks:
            name = task.slot.slot.condition
            stage = Stage(self._context.theme)
            stage.setAccessibleName(tr("{name}: picture", name=pretty(name)))
            stage.setMinimumSize(LEAST, LEAST)
            stage.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Ignored)
            self.stages[name] = stage
            words = pretty(name) + ("" if name in self._judged else tr(" (not judged)"))
            part = QWidget()
            box = column(label(words, "section"), stage, spacing=SPACE_S)
            box.setStretch(1, 1)
            part.setLayout(box)
            self._columns.append(part)
            self._pictures.addWidget(part, 1)
        first = found.tasks[0]
        if first.clip is None or first.path is None or first.clip.missing:
            self._say(told_problem(first) or tr("The file of this clip is not where it was."))
            return
        start_s, end_s = (first.start_s, first.end_s) if self._span_s is None else self._span_s
        self.player.set_silent(not any(task.condition is not None and task.condition.audio for task in found.tasks))
        self.player.open_item(
            first.path, start_s, end_s, partial(self._on_open, asked), lambda error: self._say(str(error)),
            partial(prepare_views, found.tasks),
        )  # fmt: skip

    def _say(self, words: str) -> None:
        for stage in self.stages.values():
            stage.set_words(words)

    def _on_open(self, asked: int) -> None:
        if self._shown is None or asked != self._asked:
            return
        start_s, end_s = self.player.item_range_s
        self.bar.set_range(start_s, end_s)
        for task in self._shown.tasks:
            stage = self.stages[task.slot.slot.condition]
            if task.obstacle is not None:
                stage.set_words(task.problem)
            else:
                self._views.append((stage, TaskView(task, self.player.times_s, start_s, end_s)))
        self._on_state()

    def _on_frame(self, frame: Frame) -> None:
        for stage, view in self._views:
            stage.show_picture(view.picture(frame).image)
        start_s, end_s = self.player.item_range_s
        self.bar.set_position(frame.time_s)
        say(
            self.clock,
            tr(
                "{time} of {length}",
                time=clock_text(max(frame.time_s - start_s, 0.0)),
                length=clock_text(end_s - start_s),
            ),
        )

    def _on_state(self) -> None:
        playing = self.player.playing
        self.play.setText(tr("Pause") if playing else tr("Play"))
        self.play.setIcon(icon("pause" if playing else "play"))
        self.play.setEnabled(self.player.is_open and len(self.player.times_s) > 1)
