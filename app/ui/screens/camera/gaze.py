"""Calibrates the direction of the eyes before an open camera, and says where the person looks."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from app.domain.gaze import calibrate
from app.domain.words import figure
from app.errors import UserError
from app.ui.core.context import AppContext
from app.ui.look.language import tr
from app.ui.parts.plane.measures import MeasuresWidget
from app.ui.parts.widgets.basic import button
from app.ui.screens.camera.gaze_points import GazePoints
from app.ui.screens.camera.present import CameraPresent

if TYPE_CHECKING:
    from app.domain.live import LiveFace

NOT_SEEN = "–"


class Gaze(QObject):
    """Stands between the followed face, the points on the screen, and what is kept with a recording.

    Args:
        context: Theme, messages and ticker.
        present: The camera and the face that is followed.
        measures: The list of measures, in which the place on the screen is shown.

    Attributes:
        press: The button that begins a calibration.
        points: The points that are being shown; None while nothing is calibrated.
    """

    def __init__(self, context: AppContext, present: CameraPresent, measures: MeasuresWidget, parent: QObject) -> None:
        super().__init__(parent)
        self._context, self._present, self._measures = context, present, measures
        self._record = present.session.gaze
        self._shown = False
        self.points: GazePoints | None = None
        self.press = button(
            tr("Calibrate gaze…"), tip=tr("Follow points on the screen with your eyes, for a minute and a half")
        )
        self.press.clicked.connect(lambda: context.commands.run("camera.calibrate_gaze"))
        self.press.setAccessibleName(tr("Calibrate the direction of the eyes"))
        present.followed.connect(self._on_followed)
        present.session.state_changed.connect(self._on_state)
        self._on_state()

    def set_shown(self, shown: bool) -> None:
        """Say whether measures are in sight; otherwise faces are measured for the gaze alone, or not at all."""
        self._shown = shown
        self._measure()

    def begin(self) -> None:
        """Show the points over the whole screen."""
        if self.points is not None or self._present.session.state != "on":
            return
        self.points = GazePoints(self._context)
        self.points.done.connect(self._on_done)
        self.points.left.connect(self._on_left)
        self._measure()
        self.points.showFullScreen()

    def close(self) -> None:
        """Leave a calibration that goes on."""
        if self.points is not None:
            self.points.close()

    def _measure(self) -> None:
        wanted = self._shown or self.points is not None or self._record.calibration is not None
        self._present.session.live.set_measuring(wanted)

    def _on_followed(self, face: "LiveFace | None") -> None:
        measured = face.measured if face is not None else None
        if self.points is not None:
            self.points.take(measured)
        result, start_s = self._present.result, self._present.session.start_s
        if self._record.calibration is None or result is None or start_s is None:
            return
        self._record.take(measured, start_s + result.time_s)
        self._say()

    def _on_done(self) -> None:
        points = self._leave()
        if points is None:
            return
        try:
            made = calibrate(points.seen, points.checked)
        except UserError as error:
            self._context.fail(error)
        else:
            self._record.calibrated(made)
            x, y = (f"{100 * share:.0f} %" for share in made.error)
            self._context.notify(
                tr(
                    "The gaze is calibrated. In the check it was off by {x} of the width and {y} of the height.",
                    x=x,
                    y=y,
                ),
                tr("Recordings keep it as curves until the camera stops."),
                "ok",
            )
        self._measure()
        self._say()

    def _on_left(self) -> None:
        self._leave()
        self._measure()

    def _leave(self) -> GazePoints | None:
        points, self.points = self.points, None
        if points is not None:
            points.deleteLater()
        return points

    def _on_state(self) -> None:
        on = self._present.session.state == "on"
        self.press.setEnabled(on)
        if not on:
            self.close()
            self._record.calibrated(None)
            self._measure()
        self._say()

    def _say(self) -> None:
        if self._record.calibration is None:
            self._measures.show_more(())
            return
        place = self._record.place
        x, y = (f"{figure(100 * share, 0)} %" for share in place) if place is not None else (NOT_SEEN, NOT_SEEN)
        self._measures.show_more(((tr("Gaze x"), x), (tr("Gaze y"), y)))
