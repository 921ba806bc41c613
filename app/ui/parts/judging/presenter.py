"""Presents one task: opens its clip, marks the target, plays it under the condition, and counts what was shown."""

import time
from functools import partial
from typing import Any, Final, Literal

from PySide6.QtCore import QObject, QTimer, Signal

from app.domain.answers import PresentationLog
from app.domain.media import Frame
from app.services.study.tasks import Task
from app.services.study.viewing import TaskView, marked_box, prepare_views, told_problem
from app.ui.core.context import AppContext
from app.ui.look.language import tr
from app.ui.parts.judging.item_player import ItemPlayer
from app.ui.parts.judging.stage import Stage

Phase = Literal["empty", "opening", "marking", "ready", "playing", "paused", "ended", "unshown"]

MARK_S: Final = 1.2
"""Seconds for which the target is marked before the clip plays by itself."""
SETTLE_S: Final = 0.35
"""Seconds for which the first frame is shown before a clip without a mark plays by itself."""


class Presenter(QObject):
    """Shows tasks on a stage.

    Args:
        context: The context with jobs and settings.
        stage: The stage.
    """

    changed = Signal()
    ended = Signal()
    ready = Signal()

    def __init__(self, context: AppContext, stage: Stage, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context, self.stage = context, stage
        self.player = ItemPlayer(context, self)
        self.player.frame_shown.connect(self._on_frame)
        self.player.watch(stage.painted)
        self.player.ended.connect(self._on_ended)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._on_mark_over)
        self.task: Task | None = None
        self.phase: Phase = "empty"
        self.began_s = 0.0
        self.seen_whole = False
        self.unshown_reason = ""  # why it cannot be shown, as an answer says it; empty where it can
        self._view: TaskView | None = None
        self._auto = True
        self.notice = ""
        self._forget_counts()

    def show(self, task: Task, *, auto: bool = True, notice: str = "") -> None:
        """Put a task on the stage.

        Args:
            task: The task.
            auto: Whether to play without being asked once the target was marked; otherwise it waits for `play`.
            notice: What is new about this task, such as another condition; it is shown before the task plays.
        """
        self.clear()
        self.task, self._auto, self.notice = task, auto, notice
        self.began_s = time.monotonic()
        if task.item is None or task.clip is None or task.path is None:
            self._stand_still(task.prompt)
            return
        if problem := told_problem(task):
            self._cannot_show(problem, task.obstacle.missing_reason if task.obstacle is not None else "")
            return
        self.player.set_silent(task.condition is not None and not task.condition.audio)
        self._set("opening")
        self.player.open_item(
            task.path, task.start_s, task.end_s, self._on_open, self._on_failed, partial(prepare_views, [task])
        )

    def show_words(self, task: Task, words: str) -> None:
        """Put a sentence on the stage in place of a task's clip."""
        self.clear()
        self.task, self.began_s = task, time.monotonic()
        self._stand_still(words)

    def clear(self) -> None:
        """Clear the stage."""
        self._timer.stop()
        self.player.close_clip()
        self.stage.show_picture(None)
        self.stage.show_mark(None)
        self.stage.set_message("")
        self.stage.set_words("")
        self.task, self._view, self.seen_whole, self.unshown_reason = None, None, False, ""
        self._forget_counts()
        self._set("empty")

    def close(self) -> None:
        """Stop and release the clip."""
        self._timer.stop()
        self.player.close()

    @property
    def replays_left(self) -> int | None:
        """Number of times that it may be played again; None without limit."""
        if self.task is None or self.task.study.replays < 0:
            return None
        return max(self.task.study.replays - max(self._plays - 1, 0), 0)

    @property
    def is_still(self) -> bool:
        """Whether there is nothing to play, because it is an image or nothing at all."""
        return self.phase == "unshown" or (self.player.is_open and len(self.player.times_s) < 2)

    def play(self) -> None:
        """Play, or continue."""
        if self.phase == "paused":
            self._count_interval("from")
            self.player.play()
            self._set("playing")
        elif self.phase in ("marking", "ready"):
            self.start()
        elif self.phase == "ended":
            self.replay()

    def pause(self) -> None:
        """Pause."""
        if self.phase == "playing":
            self.player.pause()
            self._count_interval("to")
            self._set("paused")
        elif self.phase == "marking":
            self._timer.stop()
            self._set("ready")

    def toggle(self) -> None:
        """Play or pause."""
        (self.pause if self.phase in ("playing", "marking") else self.play)()

    def replay(self) -> bool:
        """Play it again from the beginning, if that is allowed, and return whether it is."""
        if self.phase not in ("playing", "paused", "ended") or self.replays_left == 0 or self.is_still:
            return False
        if self.phase == "playing":
            self.player.pause()
            self._count_interval("to")
        self.start()
        return True

    def start(self) -> None:
        """Play from the beginning now."""
        self._timer.stop()
        self.stage.show_mark(None)
        self.stage.set_message("")
        self.player.seek(self.player.item_range_s[0])
        self._plays += 1
        self._count_interval("from")
        self.player.play()
        self._set("playing")

    def log(self, **detail: Any) -> PresentationLog:
        """Return the record of what was shown so far.

        Args:
            detail: Further facts to store with it.
        """
        place, scale = self.stage.picture_rect(), self.stage.devicePixelRatioF()
        shown = bool(self._shown)
        return PresentationLog(
            frames_shown=len(self._shown),
            frames_dropped=self._dropped + (self.player.dropped if self.phase == "playing" else 0),
            plays=self._plays,
            window_width=round(place.width() * scale) if shown else 0,
            window_height=round(place.height() * scale) if shown else 0,
            audio_played=self._sounded,
            first_frame_s=self._first_s,
            last_frame_s=self._last_s,
            seen_whole=self.seen_whole,
            detail={
                "device_pixel_ratio": scale,
                "intervals": list(self._intervals),
                "frames_face_lost": len(self._lost),
                "target_marked": self._was_marked,
                "waited_s": round(time.monotonic() - self.began_s, 4),
                **detail,
            },
        )

    def _forget_counts(self) -> None:
        self._shown: set[int] = set()
        self._lost: set[int] = set()
        self._plays = self._dropped = 0
        self._sounded = self._was_marked = False
        self._first_s: float | None = None
        self._last_s: float | None = None
        self._intervals: list[dict[str, float]] = []

    def _set(self, phase: Phase) -> None:
        self.phase = phase
        self.changed.emit()

    def _cannot_show(self, words: str, reason: str) -> None:
        """Show why there is nothing to judge; the rater can only continue."""
        self.unshown_reason = reason or "technical_problem"
        self._stand_still(tr("{words} Continue with the next one: the reason is recorded.", words=words))

    def _stand_still(self, words: str) -> None:
        self.stage.set_words(words)
        self.seen_whole = True
        self._set("unshown")
        self.ready.emit()

    def _on_failed(self, _error: Exception) -> None:
        # The error names the file, and the name may say what is to be felt.
        self._cannot_show(tr("This clip cannot be opened."), "technical_problem")

    def _on_open(self) -> None:
        if self.task is None:
            return
        start_s, end_s = self.player.item_range_s
        self._view = TaskView(self.task, self.player.times_s, start_s, end_s)
        if self.is_still:
            self._plays, self.seen_whole = 1, True
            self._set("ended")
            self.ready.emit()
            return
        mark = marked_box(self.task) if self.task.needs_target_mark else None
        if mark is not None:
            at_s, box = mark
            self.player.seek(at_s)
            self.stage.show_mark(
                box, tr("{notice}: judge this person", notice=self.notice) if self.notice else tr("Judge this person")
            )
            self._was_marked = True
        elif self.notice and self._auto:
            self.stage.set_message(self.notice)
        self._set("marking" if self._auto else "ready")
        if self._auto:
            told = mark is not None or bool(self.notice)
            self._timer.start(round(1000 * (MARK_S if told else SETTLE_S)))
        self.ready.emit()

    def _on_mark_over(self) -> None:
        if self.phase == "marking":
            self.start()

    def _on_frame(self, frame: Frame) -> None:
        if self._view is None:
            return
        picture = self._view.picture(frame)
        self.stage.show_picture(picture.image)
        if self.phase in ("playing", "paused", "ended") or self.is_still:
            self._shown.add(frame.frame_idx)
            if picture.lost:
                self._lost.add(frame.frame_idx)
            self._first_s = frame.time_s if self._first_s is None else min(self._first_s, frame.time_s)
            self._last_s = frame.time_s if self._last_s is None else max(self._last_s, frame.time_s)
            self._sounded = self._sounded or (self.phase == "playing" and self.player.sounding)

    def _on_ended(self) -> None:
        if self.phase != "playing":
            return
        self._count_interval("to")
        self.seen_whole = True
        self._set("ended")
        self.ended.emit()

    def _count_interval(self, edge: Literal["from", "to"]) -> None:
        """Note when which part was played, by both clocks; dropped frames are counted a run at a time."""
        frame = self.player.frame
        at = {f"{edge}_s": frame.time_s if frame is not None else self.player.position_s}
        at[f"{edge}_monotonic_s"] = time.monotonic()
        if edge == "from":
            self._intervals.append(at)
        elif self._intervals:
            self._intervals[-1] |= at
            self._dropped += self.player.dropped
