"""The open camera in the window's thread: pictures, predictions and a recording."""

from collections import deque
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

from PySide6.QtCore import QObject, QStandardPaths, Qt, Signal

from app.addresses import recordings_of
from app.domain.words import many
from app.errors import UserError
from app.jobs import Context
from app.services.predict.gaze import GazeRecord
from app.ui.core.context import AppContext
from app.ui.look.language import tr
from app.ui.parts.player.live import LiveFeed
from app.ui.parts.player.lsl import LslSender
from app.ui.parts.player.lsl_in import LslReceiver

KEEP_WAIT_S: Final = 10.0
"""Seconds that closing waits for a recording to become a clip; its file stays in any case."""

if TYPE_CHECKING:
    from app.services.predict.camera import CameraChoice, CameraFeed, CameraShot, CameraStatus, Recorded
    from app.services.predict.lsl_in import ReceivedStream
    from app.services.projects.files import Project

State = Literal["off", "opening", "on", "lost"]


class CameraSession(QObject):
    """A session of at most one camera, from start to stop.

    Each picture is fetched when the window is free, so none wait.

    Args:
        context: The context with jobs and project.
    """

    shot_taken = Signal(object)
    state_changed = Signal()
    _ready = Signal(object)
    _lost = Signal(object, object)
    _ended = Signal()

    def __init__(self, context: AppContext, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._feed: CameraFeed | None = None
        self._closing: CameraFeed | None = None
        self._recorded: deque[tuple[Project, Recorded, list[ReceivedStream]]] = deque()
        self.state: State = "off"
        self.choice: CameraChoice | None = None
        self.error: Exception | None = None
        self.live = LiveFeed(context, self)
        self.lsl = LslSender(context, self.live, "camera", self)
        self.streams = LslReceiver(context, self)
        self.gaze = GazeRecord()
        queued = Qt.ConnectionType.QueuedConnection
        self._ready.connect(self._on_ready, queued)
        self._lost.connect(self._on_lost, queued)
        self._ended.connect(self._on_ended, queued)

    @property
    def recording_s(self) -> float | None:
        """Length of the recording so far in seconds; None without one."""
        return self._feed.recording_s if self._feed is not None else None

    @property
    def start_s(self) -> float | None:
        """When the camera was opened, on the clock of `time.monotonic`; None while it is off."""
        return self._feed.start_s if self._feed is not None else None

    @property
    def status(self) -> "CameraStatus | None":
        """Return figures on how well the camera keeps up; None while it is off."""
        return self._feed.status if self._feed is not None else None

    def start(self, choice: "CameraChoice") -> None:
        """Open a camera in the background, after releasing the one before."""
        from app.services.predict.camera import CameraFeed

        self._drop()
        self.choice, self.error = choice, None
        self.live.reset()
        self.live.set_on(True)
        self.streams.start()

        # Each call names its feed: one that was replaced meanwhile has nothing to say any more.
        self._feed = CameraFeed(choice, self._ready.emit, self._lost.emit, self._closing)
        self._closing = None
        self._set("opening")

    def stop(self) -> None:
        """Release the camera; a recording is completed and kept."""
        self._drop()
        self.live.set_on(False)
        self.lsl.close()
        self.streams.stop()
        self._set("off")

    def close(self) -> None:
        """Stop and wait for everything; a recording still becomes a clip of its project."""
        self._drop()
        self.live.set_on(False)
        self.lsl.close()
        self.streams.close()
        closing, self._closing = self._closing, None
        if closing is not None:
            closing.close()
        self.state = "off"
        for project, recorded, streams in self._recorded:
            if recorded.path.exists() and self._context.project is project:
                self._context.jobs.start("media", _add, project, recorded, streams).wait(KEEP_WAIT_S)
        self._recorded.clear()

    def record(self) -> None:
        """Record into the open project from now on."""
        project = self._context.project
        if project is None or self._feed is None:
            raise UserError(
                tr("There is no project to record into."), tr("Open or make a project and start the camera first.")
            )

        sources: list[Callable[[], list[ReceivedStream]]] = []

        def ended(recorded: "Recorded") -> None:
            self._recorded.append((project, recorded, [stream for take in sources for stream in take()]))
            self._ended.emit()

        self.record_to(recording_path(project), ended)
        sources += [self.streams.record(), self.gaze.record()]

    def record_to(self, path: Path, on_end: Callable[["Recorded"], None]) -> None:
        """Record into a file from now on; nothing happens while the camera is off.

        Args:
            path: The file, which must not exist yet.
            on_end: Called with what was recorded, in the camera's thread.
        """
        if self._feed is not None:
            self._feed.record(path, on_end)
            self.state_changed.emit()

    def stop_recording(self) -> None:
        """Complete the clip and add it to the project for which it was begun."""
        if self._feed is not None:
            self._feed.stop_recording()

    def _drop(self) -> None:
        feed, self._feed = self._feed, None
        if feed is not None:
            feed.leave()
            self._closing = feed

    def _set(self, state: State) -> None:
        self.state = state
        self._context.commands.set_condition("camera on", state == "on")
        self.state_changed.emit()

    def _on_ready(self, feed: "CameraFeed") -> None:
        shot: CameraShot | None = feed.take() if feed is self._feed else None
        if shot is None:
            return
        if self.state == "opening":
            self._set("on")
        self.shot_taken.emit(shot)
        self.live.submit(shot.frame)

    def _on_lost(self, feed: "CameraFeed", error: Exception) -> None:
        if feed is not self._feed:
            return
        self._drop()
        self.live.set_on(False)
        self.streams.stop()
        self.error = error
        if not isinstance(error, UserError):
            self._context.fail(error)
        self._set("lost")

    def _on_ended(self) -> None:
        while self._recorded:
            project, recorded, streams = self._recorded.popleft()
            if recorded.error is not None:
                self._context.fail(recorded.error)
            if recorded.path.exists():
                keep(self._context, project, recorded, streams)
        self.state_changed.emit()


def recording_path(project: "Project") -> Path:
    """Return the path of the next recording, beside the project, or in the user's videos for a project on a server."""
    place = project.path
    if place is not None:
        folder = recordings_of(place)
    else:
        found = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.MoviesLocation)
        folder = Path(found or Path.home()) / "Affectograph"
    return folder / f"camera {datetime.now():%Y-%m-%d %H-%M-%S}.mp4"


def keep(
    context: AppContext, project: "Project", recorded: "Recorded", streams: "Sequence[ReceivedStream]" = ()
) -> None:
    """Add a recording to its project. If another project is open by now, say where the file is.

    Args:
        context: The context with jobs and project.
        project: The project for which it was begun.
        recorded: The recording.
        streams: What came by LSL meanwhile.
    """
    facts = f"{recorded.duration_s:.1f} s, {many(recorded.frames, tr('frame'), tr('frames'))}"
    if recorded.missed:
        facts += tr(", {missed} missed", missed=recorded.missed)
    if context.project is not project:
        context.notify(
            tr("The recording ({facts}) was kept as {path}.", facts=facts, path=recorded.path),
            tr("Add it to a project with the File menu."),
            "warning",  # it stays until it is read, because the place of the file is said nowhere else
            file=recorded.path,
        )
        return

    def done(told: str) -> None:
        context.notify(
            tr(
                "{name} ({facts}) is now a clip of the project{gaps}.",
                name=recorded.path.name,
                facts=facts,
                gaps=tr(", with {gaps}", gaps=told) if told else "",
            ),
            tr("Review shows it, Analyse keeps its curves."),
            "ok",
        )

    context.work.start(
        tr("Keeping the recording"),
        "media",
        _add,
        project,
        recorded,
        streams,
        on_done=done,
    )


def _add(ctx: Context, project: "Project", recorded: "Recorded", streams: "Sequence[ReceivedStream]") -> str:
    from app.services.projects.files import add_clip

    clip = add_clip(project, recorded.path, ctx)
    if not streams:
        return ""
    from app.services.exchange.streams import store_streams

    return store_streams(project, clip, streams, recorded.first_s, ctx)
