"""The tour's picture of the camera screen, on which a clip of the project takes the camera's place."""

from app.ui.screens.camera.view import CameraScreen
from app.ui.screens.review.home import ReviewHome
from app.ui.shell.window import MainWindow
from app.ui.tours.annotate import Guide

WATCH_S = 6.0


def camera_shots(window: MainWindow, guide: Guide) -> None:
    """Play the clip of Review there for a while, and take the picture."""
    home, screen = window.show_screen("review"), window.show_screen("camera")
    if not isinstance(home, ReviewHome) or not isinstance(screen, CameraScreen):
        raise TypeError("the camera screen is not what it was")
    row = home.desk.state.row
    if row is not None and row.clip.kind == "video" and not row.clip.missing:
        screen.bar.use_clip(row.clip.path)
        guide.until(lambda: screen.present.result is not None, "the first live prediction")
        guide.rest(WATCH_S)
    guide.take("camera")
    screen.session.stop()
