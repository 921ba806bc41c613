"""The origin of the curves: the model's name beside the legend, and a line if another model is in use now."""

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QFrame, QVBoxLayout

from app.services.models.titles import title_of
from app.ui.core.context import AppContext
from app.ui.look.language import tr
from app.ui.look.tokens import SPACE_M, SPACE_S
from app.ui.parts.timeline.view import TimelineView
from app.ui.parts.widgets.basic import ElidedLabel, button, row
from app.ui.screens.review.state import ReviewState


class CurveOrigin(QObject):
    """Shows which model the drawn curves come from, and offers to draw those of the model in use.

    Args:
        context: The context with the commands.
        timeline: The timeline of the curves, which receives the name and the line.
    """

    def __init__(self, context: AppContext, timeline: TimelineView) -> None:
        super().__init__(timeline)
        self._context = context
        self.name = ElidedLabel()
        # After title, gap and legend; it takes the room of the stretch behind it.
        timeline.head.insertWidget(3, self.name, 1)
        timeline.head.setStretch(4, 0)
        self._timeline = timeline
        timeline.installEventFilter(self)
        self.said = ElidedLabel()
        self.again = button(tr("Analyse again"), "link", tip=tr("Predict this clip with the model in use (Ctrl+Enter)"))
        self.again.clicked.connect(lambda: context.commands.run("analysis.analyse_clip"))
        self.line = QFrame()
        self.line.setProperty("kind", "notice")
        inside = row(self.said, self.again, spacing=SPACE_M)
        inside.setStretch(0, 1)
        inside.setContentsMargins(SPACE_M, 0, SPACE_S, 0)
        self.line.setLayout(inside)
        self.line.hide()
        body: QVBoxLayout = timeline.body
        body.insertWidget(1, self.line)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Show the name only in the tool tip of the title if the head of the timeline has no room for all of it."""
        if event.type() in (QEvent.Type.Resize, QEvent.Type.LayoutRequest):
            self._fit()
        return super().eventFilter(watched, event)

    def _fit(self) -> None:
        head = self._timeline.head
        parts = [part for at in range(head.count()) if (part := head.itemAt(at)) is not None]
        shown = [part for part in parts if part.widget() is not self.name and not part.isEmpty()]
        taken = sum(part.sizeHint().width() for part in parts if part in shown or part.spacerItem() is not None)
        taken += head.spacing() * len(shown)
        room = self._timeline.contentsRect().width() - 2 * SPACE_M - taken
        self.name.setVisible(bool(self.name.text()) and self.name.sizeHint().width() <= room)

    def _title(self, name: str) -> str:
        project = self._context.opened
        return title_of(name, project.home if project is not None else None)

    def show_state(self, state: ReviewState, *, hidden: bool) -> None:
        """Update the name and the line.

        Args:
            state: The state of the screen.
            hidden: Whether the curves are covered, so that nothing is said about them.
        """
        stored = state.analysis.key.model if state.analysis is not None else ""
        words = tr("of {title}", title=self._title(stored)) if stored else ""
        if not stored and state.partial is not None and state.partial.model:
            words = tr("of {title}, so far", title=self._title(state.partial.model))
        elif not stored and state.live_on and state.in_use:
            words = tr("of {title}, live", title=self._title(state.in_use))
        elif not stored and state.played_share and state.in_use:
            words = tr(
                "from live play, {percent} of frames, of {title}",
                percent=_percent(state.played_share),
                title=self._title(state.in_use),
            )
        self.name.set_text("" if hidden else words)
        self._timeline.title.setToolTip(tr("Curves {name}", name=self.name.text()) if self.name.text() else "")
        self._fit()
        behind = bool(stored and state.in_use and not state.current and not hidden)
        self.line.setVisible(behind)
        if behind:
            values = tr("Live values come from") if state.live_on else tr("In use now:")
            older = tr(" (an earlier file)") if stored == state.in_use else ""
            shown, now = self._title(stored), self._title(state.in_use)
            if shown == now and stored != state.in_use:
                shown, now = stored, state.in_use  # only their names tell them apart
            self.said.set_text(
                tr(
                    "These curves come from {shown}{older}. {values} {now}.",
                    shown=shown,
                    older=older,
                    values=values,
                    now=now,
                )
            )


def _percent(share: float) -> str:
    """Return a share in whole percent; neither of the ends unless it is exact."""
    percent = round(100 * share)
    return f"{min(max(percent, 1), 99) if 0 < share < 1 else percent} %"
