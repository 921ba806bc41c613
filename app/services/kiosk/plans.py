"""What a kiosk shows and how it is left."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from app.addresses import Place
from app.errors import UserError
from app.media.probe import probe
from app.services.kiosk.visits import check_project
from app.services.predict.camera import CameraChoice, list_cameras
from app.synthetic.demo_clip import shipped_clip

LONGEST: Final = 1500
"""Characters of a notice that fit on a small screen."""

NOTICE: Final = (
    "This program reads the expression of faces. If you go on, the camera is switched on, and the picture of everyone "
    "in front of it is analysed on this machine while you watch.\n\n"
    "An expression is not a feeling. The numbers say how a face looks to a statistical model that was trained on "
    "photographs. The model is often wrong, and more often for some groups of people than for others.\n\n"
    "No picture and no number leaves this machine."
)
"""What a visitor reads before the camera is switched on."""
FORGOTTEN: Final = "Nothing is stored. When you leave, or press “Stop and forget”, everything is forgotten."
"""What follows where nothing can be kept."""
NOTICE_KEPT: Final = (
    "If you tick the box below, your visit is recorded and kept in the project of the people who run this "
    "demonstration, to show it to others and to train models with it. Without the tick nothing is stored."
)
"""What follows where recordings can be kept."""


@dataclass(frozen=True)
class KioskPlan:
    """What a kiosk shows.

    Attributes:
        clips: Clips that are shown in turn while nobody takes part; at least one.
        camera: The camera for those who agree; None shows the clips only.
        code: The characters that end the program when they are typed one after the other.
        each_s: Seconds for which one of several clips is shown.
        idle_s: Seconds without a key, a movement or a face after which a visit ends.
        notice: What a visitor reads and accepts before the camera is switched on.
        project: Where the recordings of those who allow it are kept; None asks nobody and keeps nothing.
        read_s: Seconds for which the notice is shown before it can be accepted.
    """

    clips: tuple[Path, ...]
    camera: CameraChoice | None
    code: str
    each_s: float = 20.0
    idle_s: float = 45.0
    notice: str = NOTICE
    project: Place | None = None
    read_s: float = 4.0


def plan_kiosk(
    clips: Sequence[Path],
    *,
    camera: str,
    code: str,
    each_s: float,
    idle_s: float,
    notice: Path | None,
    project: Place | None,
) -> KioskPlan:
    """Check what was asked for, and return what the kiosk shows.

    Args:
        clips: The clips; empty for the clip of the demo.
        camera: Part of a camera's name, "first" or "none".
        code: What ends the program.
        each_s: See `KioskPlan`.
        idle_s: See `KioskPlan`.
        notice: A UTF-8 text file with a notice; None for our own.
        project: See `KioskPlan`.

    Raises:
        UserError: A clip, the notice or the project cannot be used, there is no such camera, or a time is not
            positive.
    """
    if min(each_s, idle_s) <= 0:
        raise UserError("A time must be longer than 0 s.", "Choose longer times.", "Give --each and --idle in seconds.")
    shown = tuple(clips) or (shipped_clip(),)
    for clip in shown:
        probe(clip)
    if project is not None:
        check_project(project)
    return KioskPlan(
        shown, _camera(camera), code, each_s, idle_s, _notice(notice) if notice is not None else NOTICE, project
    )


def _camera(wanted: str) -> CameraChoice | None:
    if wanted == "none":
        return None
    cameras = list_cameras()
    if wanted == "first":
        return CameraChoice(cameras[0]) if cameras else None
    found = [camera for camera in cameras if wanted.casefold() in camera.label.casefold()]
    if not found:
        names = ", ".join(camera.label for camera in cameras) or "none"
        raise UserError(
            f"There is no camera named {wanted!r}.", f"Cameras: {names}.", f"Cameras: {names}. Or give --camera none."
        )
    return CameraChoice(found[0])


def _notice(file: Path) -> str:
    try:
        text = file.read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise UserError(f"The notice {file} cannot be read: {error}.", "Give a text file in UTF-8.") from error
    if not text:
        raise UserError(
            f"The notice {file} is empty.",
            "Write what visitors should know.",
            "Write what visitors should know, or leave --notice out.",
        )
    if len(text) > LONGEST:
        raise UserError(
            f"The notice {file} has {len(text)} characters.", f"At most {LONGEST} are read by somebody who stands."
        )
    return text
