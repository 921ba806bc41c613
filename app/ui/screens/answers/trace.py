"""A trace against its clip: the curve with a playhead, remarks on its quality, and a note."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from app.domain.media import Frame
from app.domain.study import text_in
from app.domain.trace_rules import why_not
from app.domain.traces import DIMENSIONS
from app.services.study.opened import OpenedTrace
from app.ui.core.context import AppContext
from app.ui.look.language import tr
from app.ui.look.tokens import SPACE_S
from app.ui.parts.judging.curve import CurveView
from app.ui.parts.judging.presenter import Presenter
from app.ui.parts.judging.wording import FLAGS
from app.ui.parts.widgets.basic import column, label, row, set_tone
from app.ui.screens.answers.words import NOT_COUNTED, REJECTED


class TraceTab(QWidget):
    """The curve of one trace.

    Args:
        context: What all screens share; the theme is taken from it.
        presenter: The presenter of the clip, in which a click on the curve seeks.
    """

    changed = Signal()
    save_wanted = Signal()

    def __init__(self, context: AppContext, presenter: Presenter, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._presenter = presenter
        self._opened: OpenedTrace | None = None
        self._words = DIMENSIONS
        self.curve = CurveView(context.theme)
        self.curve.setAccessibleName(tr("The trace over time"))
        self.flags = label(kind="soft", wrap=True)
        self.note = QLineEdit()
        self.note.setPlaceholderText(tr("Note on this trace"))
        self.note.setAccessibleName(tr("Note on this trace"))
        self.note.textChanged.connect(self.changed)
        self.note.returnPressed.connect(self.save_wanted)
        entry = row(label(tr("Note")), self.note, spacing=SPACE_S)
        entry.setStretch(1, 1)
        self.setLayout(column(self.curve, self.flags, entry, None, spacing=SPACE_S))
        self.curve.sought.connect(self._on_sought)
        presenter.player.frame_shown.connect(self._on_frame)
        presenter.ready.connect(self._on_ready)

    def show_trace(self, opened: OpenedTrace) -> None:
        """Show a trace, whose clip is being opened."""
        self._opened = opened
        spec = opened.task.study.trace
        labels = spec.axis_labels if spec is not None else {}
        language = opened.task.study.language
        self._words = (
            text_in(labels.get("valence", {}), language, "valence"),
            text_in(labels.get("arousal", {}), language, "arousal"),
        )
        times = opened.samples.times_s
        self._draw(float(times[0]) if times.size else 0.0, float(times[-1]) if times.size else 1.0)
        found = [FLAGS[flag] for flag in opened.record.quality.get("flags", ()) if flag in FLAGS]
        reason = why_not(opened.record)
        state = REJECTED if opened.rejected else "" if reason is None else NOT_COUNTED[reason]
        self.flags.setText(state + (" ".join(found) or tr("Nothing stands out.")))
        set_tone(self.flags, "warning" if found or state else "")
        self.note.setText(opened.record.note)

    @property
    def dirty(self) -> bool:
        """Whether the note differs from the stored one."""
        return self._opened is not None and self.note.text().strip() != self._opened.record.note

    def focus_first(self) -> None:
        """Put the keyboard on the note."""
        self.note.setFocus()

    def _draw(self, start_s: float, end_s: float) -> None:
        if self._opened is not None:
            self.curve.show_trace(self._opened.samples, start_s, end_s, self._words)

    def _on_ready(self) -> None:
        """The clip is open: the curve takes its time, so that late starts and gaps are seen."""
        shown = self._presenter.task
        if self._opened is not None and shown is self._opened.task and self._presenter.player.is_open:
            self._draw(*self._presenter.player.item_range_s)

    def _on_sought(self, time_s: float) -> None:
        if self._opened is not None and self._presenter.player.is_open and self._presenter.phase != "playing":
            self._presenter.stage.show_mark(None)
            self._presenter.player.seek(time_s)

    def _on_frame(self, frame: Frame) -> None:
        if self._opened is not None and self._presenter.task is self._opened.task:
            self.curve.set_head(frame.time_s)
