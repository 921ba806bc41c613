"""The row above the picture: the camera, its size, mirroring, start and record."""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QWidget

from app.domain.media_endings import dialog_filter
from app.ui.core.actions import CommandButton
from app.ui.core.context import AppContext
from app.ui.look.icons import icon
from app.ui.look.language import tr
from app.ui.look.tokens import SPACE_M, SPACE_S
from app.ui.parts.widgets.basic import button, label, say
from app.ui.parts.widgets.fields import ChoiceBox, wide_choice
from app.ui.parts.widgets.wrapped import WrappedRow

if TYPE_CHECKING:
    from app.jobs import Context
    from app.services.predict.camera import Camera, CameraChoice

SIZES = ("640x480", "1280x720", "1920x1080")


class CameraBar(QWidget):
    """A row of choices, which opens nothing itself.

    Args:
        context: The context with settings, commands and jobs.
    """

    found = Signal(int)
    changed = Signal()

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._clip: CameraChoice | None = None
        self.device = ChoiceBox(tr("Camera"), 4)
        self.device.setMaximumWidth(340)
        self.device.activated.connect(self._on_device)
        self.sizes = wide_choice(tr("Picture size"))
        for size in SIZES:
            self.sizes.addItem(size.replace("x", " × "), size)
        self.sizes.setCurrentIndex(SIZES.index(context.settings.text("camera.size")))
        self.sizes.activated.connect(self._on_size)
        self.mirror = QCheckBox(tr("Mirror"))
        self.mirror.setToolTip(
            tr("Shows the picture as a mirror does; the analysed and recorded picture is not mirrored")
        )
        self.mirror.setChecked(context.settings.flag("camera.mirror"))
        self.mirror.toggled.connect(self._on_mirror)
        self.seconds = label(kind="small", tone="danger")
        self.record = button(tr("Record"), tip=tr("Record into the open project (R)"))
        self.record.clicked.connect(lambda: context.commands.run("camera.record"))
        self.start = button(tr("Start"), "primary", tip=tr("Start or stop the camera (Space)"))
        self.start.clicked.connect(lambda: context.commands.run("camera.toggle"))
        for made in (self.record, self.start):
            made.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        again = CommandButton(context.commands, "camera.look_again")
        parts = (self.device, again, self.sizes, self.mirror, self.seconds, self.record, self.start)
        box = WrappedRow(*parts, push=self.seconds)
        box.setContentsMargins(SPACE_M, SPACE_S, SPACE_S, SPACE_S)
        self.setLayout(box)
        context.commands.bind("camera.look_again", self.look)
        context.commands.bind("camera.use_clip", self.ask_clip)

    @property
    def choice(self) -> "CameraChoice | None":
        """The chosen camera; None if there is nothing to choose."""
        from app.services.predict.camera import CameraChoice

        chosen = self.device.currentData()
        if chosen is None or isinstance(chosen, CameraChoice):
            return chosen
        width, height = (int(side) for side in self.sizes.currentData().split("x"))
        return CameraChoice(chosen, width, height, self.mirror.isChecked())

    def look(self) -> None:
        """Look for cameras in the background; then `found` is emitted."""
        self._context.jobs.start("clips", _list, on_done=self.show_cameras, on_error=self._context.fail)

    def show_cameras(self, cameras: "list[Camera]") -> None:
        """Offer cameras, and the clip that was chosen before."""
        wanted = self._context.settings.text("camera.device")
        keep = self.device.currentData() is not None and self.device.currentData() is self._clip
        self.device.clear()
        for camera in cameras:
            self.device.addItem(icon("camera"), camera.label, camera)
            if camera.device == wanted:
                self.device.setCurrentIndex(self.device.count() - 1)
        if self._clip is not None:
            self.device.addItem(icon("video"), self._clip.camera.label, self._clip)
            if keep:
                self.device.setCurrentIndex(self.device.count() - 1)
        if not self.device.count():
            self.device.addItem(tr("No camera found"))
        self.device.addItem(icon("folder-open"), tr("A clip in its place…"), "clip")
        self.found.emit(len(cameras))

    def ask_clip(self) -> None:
        """Ask for a clip that plays in place of a camera."""
        path = self._context.ask_file.one(self, tr("A clip in place of a camera"), dialog_filter())
        if path is not None:
            self.use_clip(path)

    def use_clip(self, path: Path) -> None:
        """Play a clip in a loop in place of a camera from now on."""
        from app.services.predict.camera import clip_as_camera

        old = self.device.findData(self._clip) if self._clip is not None else -1
        if old >= 0:
            self.device.removeItem(old)
        self._clip = clip_as_camera(path)
        at = max(self.device.count() - 1, 0)  # above “A clip in its place…”; the list may still be on its way
        self.device.insertItem(at, icon("video"), self._clip.camera.label, self._clip)
        self.device.setCurrentIndex(at)
        self.changed.emit()

    def show_state(self, on: bool, recording_s: float | None) -> None:
        """Show the state of the session."""
        recording = recording_s is not None
        self.start.setText(tr("Stop") if on else tr("Start"))
        self.record.setText(tr("End recording") if recording else tr("Record"))
        self.record.setIcon(icon("stop" if recording else "record", self._context.theme.tokens.danger))
        self.record.setEnabled(self._context.commands.enabled("camera.record"))
        self.record.setToolTip(
            tr("Record into the open project (R)")
            if self._context.project is not None
            else tr("Open or make a project first; a recording becomes one of its clips")
        )
        say(self.seconds, "" if recording_s is None else f"● {recording_s:.0f} s")
        self.device.setEnabled(not recording)
        clip = self._clip is not None and self.device.currentData() is self._clip
        for part in (self.sizes, self.mirror):
            part.setEnabled(not recording and not clip)

    def _on_device(self, _index: int) -> None:
        from app.services.predict.camera import Camera

        chosen = self.device.currentData()
        if chosen == "clip":
            self.device.setCurrentIndex(0)
            self.ask_clip()
            return
        if isinstance(chosen, Camera):
            self._context.settings.set("camera.device", chosen.device)
        if chosen is not None:
            self.changed.emit()

    def _on_size(self, _index: int) -> None:
        self._context.settings.set("camera.size", self.sizes.currentData())
        self.changed.emit()

    def _on_mirror(self, on: bool) -> None:
        self._context.settings.set("camera.mirror", on)
        self.changed.emit()


def _list(_ctx: "Context") -> "list[Camera]":
    from app.services.predict.camera import list_cameras

    return list_cameras()
