"""The camera screen's entry in the rail."""

from typing import TYPE_CHECKING, Final

from app.commands import Command
from app.ui.core.screen import Screen
from app.ui.look.language import tr

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from app.ui.core.context import AppContext

COMMANDS: Final = (
    Command(
        "camera.toggle",
        tr("Start or stop the camera"),
        keys=("Space",),
        when=("screen.camera",),
        icon="camera",
        help=tr("The camera is on only while this screen is open."),
    ),
    Command(
        "camera.record",
        tr("Record the camera, or end the recording"),
        keys=("R",),
        when=("screen.camera", "camera on", "project"),
        icon="record",
        help=tr("A recording becomes a clip of the open project."),
    ),
    Command(
        "camera.calibrate_gaze",
        tr("Calibrate the direction of the eyes…"),
        when=("screen.camera", "camera on"),
        icon="eye",
        help=tr(
            "Follow points on the screen with your eyes. From then on the program says where on the screen you look."
        ),
    ),
    Command("camera.look_again", tr("Look for cameras again"), keys=("F5",), when=("screen.camera",), icon="refresh"),
    Command("camera.use_clip", tr("Use a clip in place of a camera…"), when=("screen.camera",)),
)


def _make(context: "AppContext") -> "QWidget":
    from app.ui.screens.camera.view import CameraScreen

    return CameraScreen(context)


def _bind(context: "AppContext") -> None:
    def open_camera() -> None:
        context.screen_requested.emit("camera")
        if not context.commands.holds("camera on"):
            context.commands.run("camera.toggle")

    context.commands.bind("camera.open", open_camera)


SCREEN = Screen(
    "camera",
    tr("Camera"),
    "camera",
    50,
    _make,
    tr("Watch a camera live, and record it"),
    COMMANDS,
    _bind,
    page="user-guide#a-camera",
    also=tr("webcam live record"),
    shows_labels=False,
)
