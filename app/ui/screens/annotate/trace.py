"""The trace screen: the clip at the left, the pad at the right.

Afterwards it shows the curve against the clip, to keep or redo.
"""

import numpy as np
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QHideEvent, QKeyEvent
from PySide6.QtWidgets import QComboBox, QWidget

from app.domain.study import text_in
from app.domain.trace_quality import TraceQuality, trace_quality
from app.domain.trace_rules import keepable
from app.domain.traces import DIMENSIONS, TraceSamples
from app.services.study.tasks import Task
from app.ui.core.context import AppContext
from app.ui.look.language import tr
from app.ui.look.tokens import SPACE_L, SPACE_M, SPACE_S
from app.ui.parts.judging.curve import CurveView
from app.ui.parts.judging.hints import Hints
from app.ui.parts.judging.keyboard import KeyboardHome
from app.ui.parts.judging.keys import meant
from app.ui.parts.judging.pad import TracePad
from app.ui.parts.judging.presenter import Presenter
from app.ui.parts.judging.stage import Stage
from app.ui.parts.judging.wording import DEVICES, FLAGS
from app.ui.parts.widgets.basic import Card, button, column, label, row, set_tone
from app.ui.screens.annotate.header import Header
from app.ui.screens.annotate.trace_words import hints_of, sign_of
from app.ui.screens.annotate.tracing import Device, Phase, Tracing

_ARROWS = (Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down)


class TracePage(QWidget):
    """Gathers one trace at a time.

    Args:
        context: The context that the screens share.
    """

    recorder_wanted = Signal(str)
    review_wanted = Signal()
    accepted = Signal()
    redo_wanted = Signal()
    skipped = Signal(str)
    pause_wanted = Signal()

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self.header = Header(context)
        self.header.drop_back()
        self.stage = Stage(context.theme)
        self.presenter = Presenter(context, self.stage, self)
        self.tracing = Tracing(context, self.presenter, self)
        self.pad = TracePad(context.theme)
        self.curve = CurveView(context.theme)
        self.flags = label(kind="soft", wrap=True)
        self.trouble = label(wrap=True, tone="danger")
        self.hints = Hints()
        self.device = QComboBox()
        self.mode = QComboBox()
        self.go = button(tr("Start"), "primary")
        self.again = button(tr("Trace it again"), icon_name="loop", tip="R")
        self.none = button(tr("Cannot judge this clip"), "link", tip="X")
        self._words = DIMENSIONS
        self._samples: TraceSamples | None = None
        self._keepable = True
        self._asking = False
        self._countdown_s = 3
        self._fill_devices()
        self._lay_out()
        self._connect()

    def show_task(self, task: Task, language: str) -> None:
        """Put a task on the screen, waiting for the rater to start."""
        spec = task.study.trace
        labels = spec.axis_labels if spec is not None else {}
        self._countdown_s = round(spec.countdown_s) if spec is not None else 3
        self._words = (
            text_in(labels.get("valence", {}), language, tr("unpleasant – pleasant")),
            text_in(labels.get("arousal", {}), language, tr("calm – excited")),
        )
        self.curve_card.hide()
        self.trouble.setText("")
        self._samples, self._keepable, self._asking = None, True, False
        self._fill_devices()
        self.tracing.set_up(task, self.chosen_device)
        self.pad.set_up(self.tracing.axes, *self._words)
        self.presenter.show(task, auto=False)
        self.setFocus()
        self._refresh()

    @property
    def chosen_device(self) -> Device:
        """The device that moves the marker."""
        device: Device = self.device.currentData() or "mouse"
        return device

    def show_quality(self, quality: TraceQuality | None) -> None:
        """Say in plain words what to check before the trace is kept."""
        found = quality.flags if quality is not None else ("empty",)
        words = [FLAGS[flag] for flag in found if flag in FLAGS]
        if not self._keepable:
            words = [tr("Most of the clip was not traced, so this trace cannot be kept. Trace it again."), *words]
        set_tone(self.flags, "warning" if words else "")
        rate = (
            tr("{rate_hz} samples per second.", rate_hz=f"{quality.rate_hz:.0f}")
            if quality is not None and quality.rate_hz
            else ""
        )
        self.flags.setText(" ".join(words) if words else tr("No problems found. {rate}", rate=rate))

    def failed(self) -> None:
        """Keep the trace, which could not be saved, so that it can be kept again."""
        self.tracing.set_phase("review")
        self.trouble.setText(tr("Not saved yet. Your trace is still here: press Enter to try again."))

    def not_skipped(self, phase: Phase) -> None:
        """Go back to the phase in which the rater skipped the clip, because the skip could not be saved."""
        self.tracing.set_phase(phase)
        self.trouble.setText(tr("Not saved yet: skip the clip again to try again."))

    def not_begun(self) -> None:
        """Go back to the start, because recording could not begin."""
        task = self.presenter.task
        if task is not None:
            self.tracing.stop()
            self.tracing.set_up(task, self.chosen_device)

    def clear(self) -> None:
        """Stop and show nothing."""
        self.tracing.stop()
        self.presenter.clear()

    def close_page(self) -> None:
        """Stop for good."""
        self.tracing.close()
        self.presenter.close()

    def primary(self) -> None:
        """Do the next step, as Enter, the large button and the pad's first button do."""
        phase = self.tracing.phase
        if self._asking:
            self._skip_now()
        elif phase == "ready" and self.presenter.phase == "unshown":
            self.skipped.emit(self.presenter.unshown_reason or "technical_problem")
        elif phase == "ready" and self.presenter.phase == "ready":
            self._set_device()
            self.setFocus()
            self.tracing.count_down(self._countdown_s)
        elif phase in ("running", "countdown"):
            self.tracing.pause()
        elif phase == "paused":
            self.tracing.resume()
        elif phase == "review" and not self._keepable:
            self.redo()
        elif phase == "review":
            self.presenter.player.pause()
            self.tracing.set_phase("saving")
            self.accepted.emit()

    def redo(self) -> None:
        """Discard the trace and begin again."""
        if self._asking:
            self.ask_to_skip(False)
        elif self.tracing.phase in ("review", "paused"):
            self.presenter.player.pause()
            self.tracing.stop()
            self.redo_wanted.emit()

    def skip(self) -> None:
        """Continue without a trace.

        The rater is asked first, because this leaves the whole clip without a judgement.
        """
        if self.presenter.unshown_reason and self.tracing.phase == "ready":
            self._skip_now()
        elif self._may_skip:
            self.ask_to_skip(not self._asking)

    @property
    def _may_skip(self) -> bool:
        return self.tracing.phase == "ready" or (self.tracing.phase == "review" and not self._keepable)

    @property
    def asking(self) -> bool:
        """Whether the rater is being asked if the clip should be skipped."""
        return self._asking

    def ask_to_skip(self, on: bool) -> None:
        """Ask whether the clip should be skipped, or remove the question."""
        self._asking = on
        self._refresh()

    def _skip_now(self) -> None:
        self._asking = False
        self.presenter.player.pause()
        self.skipped.emit(self.presenter.unshown_reason or "cannot_tell")

    def hideEvent(self, event: QHideEvent) -> None:
        self.tracing.pause()
        self.presenter.player.pause()
        super().hideEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, phase = meant(event), self.tracing.phase
        if self._asking:
            self._answer(key)
        elif key in _ARROWS and phase in ("running", "countdown"):
            if not event.isAutoRepeat():
                self.tracing.keys[key] = True
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and phase not in ("running", "countdown"):
            self.primary()
        elif key == Qt.Key.Key_Space:
            self._on_space()
        elif key == Qt.Key.Key_R:
            self.redo()
        elif key == Qt.Key.Key_X:
            self.skip()
        elif key == Qt.Key.Key_D and phase == "ready":
            self.device.setCurrentIndex((self.device.currentIndex() + 1) % self.device.count())
        elif key == Qt.Key.Key_M and self.mode.isVisible():
            self.mode.setCurrentIndex((self.mode.currentIndex() + 1) % self.mode.count())
        elif key == Qt.Key.Key_Escape:
            self.tracing.pause() if phase in ("running", "countdown") else self.pause_wanted.emit()
        elif phase == "review" and key in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            self.presenter.player.step(-1 if key == Qt.Key.Key_Left else 1)
        else:
            event.ignore()

    def _answer(self, key: Qt.Key) -> None:
        """A key while it is asked whether to skip; anything but yes and no is not taken."""
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._skip_now()
        elif key in (Qt.Key.Key_Escape, Qt.Key.Key_X):
            self.ask_to_skip(False)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        if event.key() in _ARROWS and not event.isAutoRepeat():
            self.tracing.keys[Qt.Key(event.key())] = False
        else:
            event.ignore()

    def _on_space(self) -> None:
        if self.tracing.phase == "review":
            self.presenter.player.toggle()
        else:
            self.primary()

    def _fill_devices(self) -> None:
        wanted = self._context.settings.text("annotate.device")
        found = ["mouse", "keyboard"] + (["gamepad"] if self.tracing.pad.connected else [])
        self.device.blockSignals(True)
        self.device.clear()
        for name in found:
            more = f": {self.tracing.pad.name}" if name == "gamepad" else ""
            self.device.addItem(DEVICES[name] + more, name)
        self.device.setCurrentIndex(found.index(wanted) if wanted in found else 0)
        self.device.blockSignals(False)
        if not self.mode.count():
            self.mode.addItem(tr("stick sets the speed"), "velocity")
            self.mode.addItem(tr("stick sets the position"), "absolute")
        self.mode.setCurrentIndex(self.mode.findData(self._context.settings.text("annotate.pad_mode")))

    def _connect(self) -> None:
        tracing = self.tracing
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        for made in (self.go, self.again, self.none, self.device, self.mode):
            made.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # a list would take letters and Space for itself
        self._home = KeyboardHome(self, self.setFocus)
        self.go.clicked.connect(self.primary)
        self.again.clicked.connect(self.redo)
        self.none.clicked.connect(self.skip)
        self.device.currentIndexChanged.connect(self._on_device)
        self.mode.currentIndexChanged.connect(self._on_device)
        self.header.pause_wanted.connect(self.pause_wanted)
        self.pad.pointed.connect(tracing.point)
        self.pad.left.connect(tracing.stray)
        tracing.where = self.pad.pointer
        tracing.strayed.connect(self._on_strayed)
        tracing.moved.connect(self._on_moved)
        tracing.counted.connect(self._on_counted)
        tracing.phase_changed.connect(self._refresh)
        tracing.wanted.connect(lambda: self.recorder_wanted.emit(self.tracing.device))
        tracing.over.connect(self._on_over)
        tracing.pressed.connect(self._on_pressed)
        tracing.in_trouble.connect(self.trouble.setText)
        self.presenter.changed.connect(self._refresh)
        self.curve.sought.connect(self.presenter.player.seek)
        self.presenter.player.frame_shown.connect(self._on_frame)
        self._context.ticker.ticked.connect(self._on_tail)

    def _lay_out(self) -> None:
        picture = Card(margins=0)
        picture.body.addWidget(self.stage, 1)
        plane = Card(margins=SPACE_S)
        plane.body.addWidget(self.pad, 1)
        middle = row(picture, plane, spacing=SPACE_S)
        middle.setStretch(0, 11)
        middle.setStretch(1, 9)
        self.curve_card = Card(tr("Your trace"))
        self.curve_card.head.addWidget(self.flags, 4)
        self.curve_card.body.addWidget(self.curve)
        self.device_words = label(tr("Move the marker with"), "soft")
        foot = row(
            self.device_words, self.device, self.mode, self.trouble, None, self.none, self.again, self.go,
            spacing=SPACE_M,
        )  # fmt: skip
        foot.setStretch(3, 1)
        box = column(self.header, middle, self.curve_card, foot, self.hints, spacing=SPACE_M)
        box.setStretch(1, 1)
        box.setContentsMargins(SPACE_L, SPACE_S, SPACE_S, SPACE_S)
        self.setLayout(box)
        self.curve_card.hide()

    def _set_device(self) -> None:
        self.tracing.device = self.chosen_device

    def _on_device(self) -> None:
        settings = self._context.settings
        settings.set("annotate.device", self.chosen_device)
        settings.set("annotate.pad_mode", self.mode.currentData())
        if self.tracing.phase == "ready":
            self._set_device()
        self._refresh()

    def _on_strayed(self) -> None:
        """The mouse is outside the field: it is shown, and a gap is stored."""
        self.pad.hide_marker()
        running = self.tracing.phase == "running"
        self.pad.set_message(
            tr("Not recording: move the mouse back here") if running else tr("Move the mouse onto this field")
        )

    def _on_moved(self, valence: float, arousal: float) -> None:
        if self.pad.message:
            self.pad.set_message("")
        self.pad.show_marker(valence, arousal)

    def _on_tail(self) -> None:
        if self.tracing.phase in ("running", "countdown") and self.isVisible():
            self.pad.update()  # the tail fades also while the marker rests

    def _on_counted(self, left: int) -> None:
        self.stage.set_message(str(left) if left else "")

    def _on_pressed(self, name: str) -> None:
        if not self.isVisible():
            return
        phase = self.tracing.phase
        if name == "accept" and (self._asking or phase in ("ready", "paused", "review")):
            self.primary()
        elif name == "redo":
            self.redo()
        elif name == "pause":
            self.tracing.resume() if phase == "paused" else self.tracing.pause()
        elif name == "cannot_tell":
            self.skip()

    def _on_over(self) -> None:
        self._samples = self.tracing.samples()
        start_s, end_s = self.presenter.player.item_range_s
        self.curve.show_trace(self._samples, start_s, end_s, self._words)
        self.curve.set_head(end_s)
        self._keepable = keepable(trace_quality(self._samples, start_s, max(end_s, start_s + 1e-3)))
        self._refresh()
        self.flags.setText(tr("Checking the trace …"))
        set_tone(self.flags, "")
        self.curve_card.show()
        self.review_wanted.emit()

    def _on_frame(self, _frame: object) -> None:
        """In the review the marker goes where it was when this frame was on screen."""
        frame = self.presenter.player.frame
        if self.tracing.phase != "review" or self._samples is None or frame is None:
            return
        self.curve.set_head(frame.time_s)
        valence, arousal = self._samples.resampled(np.array([frame.time_s]))[0]
        if np.isfinite(valence) or np.isfinite(arousal):
            self.pad.show_marker(*(0.0 if np.isnan(v) else float(v) for v in (valence, arousal)))

    def _refresh(self) -> None:
        phase = self.tracing.phase
        ticker = self._context.ticker
        (ticker.start if phase in ("running", "countdown") else ticker.stop)(self)
        self.pad.set_live(phase in ("running", "countdown") and self.tracing.device == "mouse")
        if phase == "paused":
            self.stage.set_message(tr("Paused. Press Space to continue."))
        elif phase == "running" or (phase == "ready" and self.stage.message):
            self.stage.set_message("")
        unshown = self.presenter.phase == "unshown"
        if phase in ("countdown", "running") and not self.tracing.in_field:
            self._on_strayed()
        else:
            self.pad.set_message(sign_of(phase, self.chosen_device, asking=self._asking, unshown=unshown))
        self._label_buttons(phase, unshown)
        self.device_words.setVisible(phase == "ready")
        self.device.setVisible(phase == "ready")
        self.mode.setVisible(phase == "ready" and self.chosen_device == "gamepad")
        self.header.pause.setVisible(phase in ("ready", "paused", "review") and not self._asking)
        using = self.tracing.device if phase in ("running", "countdown") else self.chosen_device
        self.hints.show_pairs(hints_of(phase, using, asking=self._asking, keepable=self._keepable))

    def _label_buttons(self, phase: str, unshown: bool) -> None:
        words = {"ready": tr("Start"), "paused": tr("Continue"), "review": tr("Keep it"), "saving": tr("Saving …")}.get(
            phase, tr("Pause")
        )
        if phase == "review" and not self._keepable:
            words = tr("Trace it again")
        self.go.setText(tr("Continue without it") if self._asking or (phase == "ready" and unshown) else words)
        startable = self.presenter.phase == "ready" or unshown or phase != "ready"
        self.go.setEnabled(phase not in ("idle", "saving") and startable)
        self.again.setVisible(phase == "paused" or (phase == "review" and self._keepable and not self._asking))
        self.none.setVisible(self._may_skip and not unshown)
        self.none.setText(tr("Back") if self._asking else tr("Cannot judge this clip …"))
