"""A real window on a real, tiny project."""

import shutil
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

import db.items
import db.raters
import db.runs
import db.traces
from app.domain.analysis import ClipAnalysis, RunKey, TrackPrediction
from app.domain.project import TraceStart
from app.domain.traces import TraceSamples
from app.media.writer import ClipWriter, Encoding
from app.services.projects.files import add_clips, create_project
from app.settings import Settings
from app.ui.parts.player import player
from app.ui.parts.player.clock import Clock
from app.ui.shell.main import make_application, make_window
from tests.ui.media_time import MediaTime
from tests.ui.waiting import idle, settle

RATE, FRAMES, WIDTH, HEIGHT = 25, 75, 192, 112


def write_clip(path, frames=FRAMES, seed=0):
    """Each frame carries its number as a bar code of 8 bits at the top."""
    with ClipWriter(path, WIDTH, HEIGHT, rate=Fraction(RATE), encoding=Encoding(quality=18)) as writer:
        for number in range(frames):
            image = np.full((HEIGHT, WIDTH, 3), 40 + 4 * seed, np.uint8)
            for bit in range(8):
                if number >> bit & 1:
                    image[:24, bit * 24 : (bit + 1) * 24] = 240
            writer.write(image)
    return path


def number_in(image):
    """The frame number that a picture carries."""
    return sum((int(image[12, bit * 24 + 12, 1]) > 150) << bit for bit in range(8))


def analysis_of(clip, tracks=1):
    """Predictions with a known course."""
    n = clip.n_frames
    times = np.arange(n) / RATE
    made = []
    for track in range(1, tracks + 1):
        values = np.stack([np.sin(times + track), np.cos(times)], 1).astype(np.float32) * 0.5
        shares = np.full((n, 8), 0.05, np.float32)
        shares[:, 1] = 0.65
        made.append(
            TrackPrediction(
                track,
                np.arange(n, dtype=np.int32),
                times,
                np.float32([[40 * track, 20, 40, 50]] * n),
                np.full((n, 5, 2), 50, np.float32),
                np.full(n, 0.9, np.float32),
                np.full(n, 0.8, np.float32),
                shares,
                values,
                values,
            )
        )
    return ClipAnalysis(RunKey(clip.sha256, "test", "0", "{}"), "CPU", times, WIDTH, HEIGHT, tuple(made))


@pytest.fixture(scope="session")
def clip_files(tmp_path_factory):
    folder = tmp_path_factory.mktemp("ui-clips")
    return [write_clip(folder / f"clip{n}.mp4", seed=n) for n in range(2)]


@pytest.fixture(scope="session")
def filled_project(tmp_path_factory, clip_files):
    """Two clips; the first has predictions of two faces and two traces."""
    path = tmp_path_factory.mktemp("ui-project") / "test.affectograph"
    with create_project(path) as project:
        clips = add_clips(project, clip_files).added
        db.runs.save(project, clips[0].id, analysis_of(clips[0], tracks=2))
        item = db.items.every(project, clip_id=clips[0].id)[0]
        times = np.arange(0, FRAMES / RATE, 0.05)
        for number in range(2):
            rater = db.raters.add(project, f"R{number + 1}")
            values = np.stack([np.sin(times + 1), np.cos(times)], 1).astype(np.float32) * 0.5 + 0.1 * number
            start = TraceStart(item.id, rater.id, "full_context", False, "mouse")  # predictions were there
            db.traces.add(project, start, TraceSamples(times, values, times, "mouse"))
    return path


@pytest.fixture
def project_path(tmp_path, filled_project):
    """A copy of that project, to be written to; the clips lie where they were made."""
    return Path(shutil.copyfile(filled_project, tmp_path / "test.affectograph"))


@pytest.fixture
def media_time(monkeypatch):
    """The time by which the window's clips play."""
    made = MediaTime()
    monkeypatch.setattr(player, "Clock", lambda: Clock(made))
    return made


@pytest.fixture
def window(qapp, nothing_left, media_time):
    """The real window without a project, live predictions off."""
    make_application()
    qapp.clipboard().clear()  # all windows of a process share it, and what another test copied would pass for a copy
    settings = Settings()
    settings.set("analysis.live", False)
    settings.set("recording.countdown_s", 0)
    made = make_window(settings, remember=False)
    made.resize(1280, 800)
    made.show()
    yield made
    made.close()
    made.context.faults.remove()
    made.deleteLater()


@pytest.fixture
def desk(window, project_path):
    """The review desk with the first clip open."""
    window.projects.open(project_path)
    settle(lambda: window.context.project is not None)
    screen = window.show_screen("review").desk
    settle(lambda: screen.player.is_open and screen.player.frame is not None and len(screen.state.annotations) > 0)
    idle(window.context)
    window.activateWindow()
    settle(window.isActiveWindow)
    return screen
