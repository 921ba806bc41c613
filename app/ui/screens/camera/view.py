"""The camera screen: picture with overlay, plane with trail, numbers and curves, all of the present moment."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QSplitter, QStackedWidget, QTabWidget, QVBoxLayout, QWidget

from app.errors import UserError
from app.ui.core.context import AppContext
from app.ui.core.whose import NAMED, Whose
from app.ui.look.language import tr
from app.ui.look.tokens import SPACE_M, SPACE_S, TEXT_SMALL
from app.ui.parts.plane.measures import MeasuresWidget
from app.ui.parts.widgets.basic import Card, ElidedLabel, column, row
from app.ui.parts.widgets.empty import EmptyState
from app.ui.parts.widgets.spoken import pass_over_pages
from app.ui.screens.camera.bar import CameraBar
from app.ui.screens.camera.gaze import Gaze
from app.ui.screens.camera.present import CameraPresent

if TYPE_CHECKING:
    from app.domain.live import LiveFace

NOBODY = tr("No face in sight.")
NOT_MEASURED = tr("This face is not measured: it is too small, or its mesh is not found.")
NO_CAMERA = tr(
    "Connect one and look again. On Linux your account must be in the group “video”; on macOS and Windows the privacy "
    "settings must allow it. A clip can take its place."
)


class CameraScreen(QWidget):
    """The screen that shows one camera while it is open. Leaving it releases the camera.

    Args:
        context: What all screens share.

    Attributes:
        stage: The stack that shows the picture, or one of the three states without a picture.
        switched_off: The state in which nobody has asked for the camera yet.
        no_camera: The state in which no camera was found.
        lost: The state in which the camera failed, with the reason.
    """

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.context = context
        self.present = CameraPresent(context, self)
        self.session = self.present.session
        self.video, self.plane = self.present.video, self.present.plane
        self.now, self.strip = self.present.now, self.present.strip
        self._wanted = False
        self.bar = CameraBar(context)
        self.measures = MeasuresWidget(context.theme)
        self.gaze = Gaze(context, self.present, self.measures, self)
        self.facts = ElidedLabel()
        self._build()
        self._bind()
        self._on_state()
        self.bar.look()

    # Putting together

    def _make_tabs(self) -> None:
        self.tabs = QTabWidget()
        pass_over_pages(self.tabs)
        self.tabs.setAccessibleName(tr("What is read in the face now"))
        self.tabs.addTab(self.now, tr("Expression"))
        self.tabs.addTab(self.measures, tr("Measures"))
        self.tabs.setCornerWidget(self.gaze.press)
        self.tabs.setTabToolTip(1, tr("Head pose, eyes and movements, relative to the face's last half minute"))
        self.tabs.currentChanged.connect(lambda at: self.gaze.set_shown(at == 1))

    def _build(self) -> None:
        context = self.context
        start = (tr("Start the camera"), lambda: context.commands.run("camera.toggle"))
        again = (tr("Look again"), self.bar.look)
        clip = (tr("Use a clip…"), self.bar.ask_clip)
        self.switched_off = EmptyState(context.theme, "camera", tr("The camera is off"), "", (start, clip))
        self.no_camera = EmptyState(context.theme, "camera", tr("No camera was found"), NO_CAMERA, (again, clip))
        self.lost = EmptyState(
            context.theme,
            "warning",
            tr("The camera was lost"),
            "",
            ((tr("Try again"), lambda: context.commands.run("camera.toggle")), again),
        )
        self.stage = QStackedWidget()
        for part in (self.video, self.switched_off, self.no_camera, self.lost):
            self.stage.addWidget(part)
        self.facts.setFont(context.theme.font(TEXT_SMALL, figures=True))
        context.theme.changed.connect(lambda: self.facts.setFont(context.theme.font(TEXT_SMALL, figures=True)))
        line = row(self.facts)
        line.setContentsMargins(SPACE_M, SPACE_S, SPACE_M, SPACE_S)
        picture = Card("", 0)
        picture.body.setSpacing(0)
        picture.body.addWidget(self.bar)
        picture.body.addWidget(self.stage, 1)
        picture.body.addLayout(line)
        curves = Card(tr("Last half minute"))
        curves.body.addWidget(self.strip, 1)
        left = QSplitter(Qt.Orientation.Vertical)
        left.addWidget(picture)
        left.addWidget(curves)
        left.setStretchFactor(0, 1)
        left.setSizes([620, 190])
        plane = Card(tr("Valence–arousal plane"))
        plane.body.addWidget(self.plane, 1)
        self._make_tabs()
        numbers = Card(tr("This moment"))
        numbers.body.addWidget(self.tabs, 1)
        side = QWidget()
        box = column(plane, numbers, spacing=SPACE_S)
        box.setStretch(0, 6)
        box.setStretch(1, 5)
        side.setLayout(box)
        side.setMinimumWidth(290)
        whole = QSplitter(Qt.Orientation.Horizontal)
        whole.addWidget(left)
        whole.addWidget(side)
        whole.setStretchFactor(0, 1)
        whole.setSizes([1030, 330])
        for splitter in (left, whole):
            splitter.setHandleWidth(SPACE_S)
            splitter.setChildrenCollapsible(False)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(whole)

    def _bind(self) -> None:
        context, session = self.context, self.session
        context.commands.bind("camera.toggle", self.toggle)
        context.commands.bind("camera.record", self._on_record)
        context.commands.bind("camera.calibrate_gaze", self.gaze.begin)
        context.project_changed.connect(self._on_project)
        context.ticker.ticked.connect(self._on_tick)
        self.bar.found.connect(self._on_found)
        self.bar.changed.connect(self._on_choice)
        self.present.followed.connect(self._on_followed)
        session.state_changed.connect(self._on_state)

    # What the window tells

    def whose(self) -> Whose:
        """Say whose answers are in what is shown: nobody who judged anything."""
        return NAMED

    def screen_shown(self) -> None:
        """Show the present state when the screen becomes visible; the camera stays off until it is asked for."""
        self._on_state()

    def screen_hidden(self) -> None:
        """Release the camera and keep a recording when another screen takes its place."""
        self._wanted = False
        if self.session.state != "off":
            self.session.stop()

    def close_screen(self) -> None:
        """Stop when the window closes; a recording still becomes a clip of the project."""
        self.context.ticker.stop(self)
        self.gaze.close()
        self.session.close()

    # Start, stop, record

    def toggle(self) -> None:
        """Start the chosen camera, or stop it."""
        if self.session.state in ("opening", "on"):
            self._wanted = False
            self.session.stop()
            return
        choice = self.bar.choice
        if choice is not None:
            self.session.start(choice)
        else:  # the list is still being made, or is empty: start as soon as there is one
            self._wanted = True
            self.bar.look()

    def _on_choice(self) -> None:
        """Another camera or size: a running one is changed at once; a clip chosen in its place begins."""
        choice = self.bar.choice
        if choice is not None and (self.session.state in ("opening", "on") or choice.api == "file"):
            self.session.start(choice)

    def _on_found(self, count: int) -> None:
        if count and self._wanted and self.bar.choice is not None:
            self._wanted = False
            self.session.start(self.bar.choice)
        elif not count:
            self._wanted = False
        self._on_state()

    def _on_record(self) -> None:
        if self.session.recording_s is not None:
            self.session.stop_recording()
        else:
            self.session.record()

    def _on_project(self) -> None:
        if self.session.recording_s is not None:
            self.session.stop_recording()
        self._on_state()

    # While it is on

    def _on_followed(self, face: "LiveFace | None") -> None:
        self.measures.show_face(face.measured if face is not None else None, NOT_MEASURED if face else NOBODY)

    def _on_tick(self) -> None:
        if self.session.state != "on":
            return
        self.present.refresh()
        self._show_status()
        self.bar.show_state(True, self.session.recording_s)

    def _show_status(self) -> None:
        camera, live = self.session.status, self.session.live.status()
        words = []
        if camera is not None and camera.fps:
            words.append(tr("{fps} pictures/s", fps=f"{camera.fps:.0f}"))
            words.append(
                tr(
                    "shown after {shown_ms} ms{skipped}",
                    shown_ms=f"{camera.shown_ms:.0f}",
                    skipped=_skipped(camera.skipped),
                )
            )
        if live is not None and live.fps:
            words.append(
                tr(
                    "predicted after {latency_ms} ms{skipped}",
                    latency_ms=f"{live.latency_ms:.0f}",
                    skipped=_skipped(live.dropped),
                )
            )
        if self.present.width:
            words.append(f"{self.present.width} × {self.video.picture_size().height()}")
        if self.session.streams.told:
            words.append(self.session.streams.told)
        self.facts.set_text(" · ".join(words))
        status = getattr(self.window(), "status", None)
        if status is not None and live is not None and camera is not None:
            status.set_live(live.provider, live.latency_ms, live.fps, camera.skipped, live.dropped)

    # How it looks

    def _on_state(self) -> None:
        session = self.session
        state = session.state
        on = state in ("opening", "on")
        if state == "opening":
            self.present.clear()
            self.facts.set_text(
                tr("Opening {label} …", label=session.choice.camera.label) if session.choice is not None else ""
            )
        elif not on:
            self.facts.set_text("")
            status = getattr(self.window(), "status", None)
            if status is not None:
                status.set_live()
        self.video.set_message(tr("Opening the camera …") if state == "opening" else "")
        if on:
            self.stage.setCurrentWidget(self.video)
            self.context.ticker.start(self)
        else:
            self.context.ticker.stop(self)
            self._show_rest(state)
        said = NOBODY if on else tr("The camera is off.")
        self.now.show_face(None, said)
        self.measures.show_face(None, said)
        self.bar.show_state(on, session.recording_s)

    def _show_rest(self, state: str) -> None:
        choice = self.bar.choice
        error = self.session.error
        if state == "lost" and isinstance(error, UserError):
            self.lost.text.setText(f"{error.what} {error.todo}")
            self.stage.setCurrentWidget(self.lost)
        elif choice is None:
            self.stage.setCurrentWidget(self.no_camera)
        else:
            self.switched_off.text.setText(
                tr("{label} is on only while this screen is shown.", label=choice.camera.label)
            )
            self.stage.setCurrentWidget(self.switched_off)


def _skipped(count: int) -> str:
    return tr(" ({count} skipped)", count=count) if count else ""
