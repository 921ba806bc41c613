"""The real window under measurement: clips whose frames show their numbers, and an observer who reads them back.

Benchmarks import it; it measures nothing itself.
"""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from fractions import Fraction
from pathlib import Path
from typing import Final, NamedTuple

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
sys.path.insert(0, str(Path(__file__).resolve().parent))

import av
import cv2
import numpy as np
from av.video.reformatter import VideoReformatter
from numpy.typing import NDArray
from PySide6.QtCore import QCoreApplication, QEventLoop, QPoint, QTimer
from PySide6.QtGui import QImage
from seek import LONG_BITS as BITS

from app.media.writer import ClipWriter, Encoding
from app.services.projects.files import add_clips, create_project
from app.settings import Settings
from app.synthetic.landmarks import ASSETS
from app.ui.screens.review.view import ReviewScreen
from app.ui.shell.main import make_window
from app.ui.shell.window import MainWindow

ENCODING: Final = Encoding(gop=250, b_frames=3, quality=6, options=(("x264-params", "b-adapt=0:scenecut=0"),))
"""At 1920×1080 and 60 frames/s this gives about 17 Mbit/s."""
LOOKS_PER_S: Final = 120.0
"""How often a second the window reads its clock."""
PATIENCE_S: Final = 120.0
_FACE: Final = (20, 225, 100, 300)
"""Top, bottom, left and right of the head in the portrait."""


def write_clip(path: Path, frames: int, width: int, height: int, *, rate: int = 60, faces: int = 0) -> Path:
    """Write a textured picture that moves, with the frame's number in black and white cells along the top.

    Args:
        path: The file.
        frames: Number of frames.
        width: Pixels.
        height: Pixels.
        rate: Frames a second.
        faces: Number of heads in a row, which sway slowly.
    """
    wide = _background(width + 480, height + 240)
    cell, heads = width // BITS, _heads(width, height, faces)
    with ClipWriter(path, width, height, rate=rate, encoding=ENCODING) as writer:
        for number in range(frames):
            x, y = number * 3 % 480, number * 2 % 240
            image = wide[y : y + height, x : x + width].astype(np.uint8)
            for nth, head in enumerate(heads):
                rows, columns = head.shape[:2]
                sway = np.sin(2 * np.pi * (number / rate / 4 + nth / 5))
                left = round((nth + 0.5) * width / faces - columns / 2 + 0.04 * width / faces * sway)
                top = round(0.55 * height - rows / 2 + 0.02 * height * sway)
                image[top : top + rows, left : left + columns] = head
            bits = np.array([(number >> bit) & 1 for bit in range(BITS)], np.uint8) * 255
            image[:cell, : BITS * cell] = np.repeat(bits, cell)[None, :, None]
            writer.write(image)
    return path


def _background(width: int, height: int) -> NDArray[np.uint8]:
    """Return soft shades under a fine grain, in which a detector finds no faces."""
    rng = np.random.default_rng(0)
    shades = rng.integers(60, 196, (height // 90 + 2, width // 90 + 2, 3), dtype=np.uint8)
    grain = rng.normal(0, 14, (height // 3 + 1, width // 3 + 1, 3)).astype(np.float32)
    soft = cv2.resize(shades, (width, height), interpolation=cv2.INTER_CUBIC).astype(np.float32)
    grained = soft + cv2.resize(grain, (width, height), interpolation=cv2.INTER_LINEAR)
    return np.asarray(np.clip(grained, 0, 255), np.uint8)


def _heads(width: int, height: int, count: int) -> list[NDArray[np.uint8]]:
    """Return as many heads as fit side by side; each second one is mirrored, and each has its own brightness."""
    if not count:
        return []
    read = cv2.imread(str(ASSETS / "portrait.png"))
    if read is None:
        raise FileNotFoundError(ASSETS / "portrait.png")
    portrait = cv2.cvtColor(read, cv2.COLOR_BGR2RGB)
    top, bottom, left, right = _FACE
    tall = min(0.6 * height, 0.85 * width / count)
    small = cv2.resize(portrait[top:bottom, left:right], (round(tall * 200 / 205), round(tall)))
    heads = []
    for nth in range(count):
        side = small[:, ::-1] if nth % 2 else small
        heads.append(np.clip(side * (1.1 - 0.1 * nth), 0, 255).astype(np.uint8))
    return heads


def repeat_clip(path: Path, to: Path, times: int) -> Path:
    """Write a clip that shows another one several times in a row, without encoding it again."""
    with av.open(str(path)) as whole:
        stream = whole.streams.video[0]
        packets = [packet for packet in whole.demux(stream) if packet.dts is not None and packet.pts is not None]
        with av.open(str(to), "w") as long:
            into = long.add_stream_from_template(stream)
            span = Fraction(stream.frames or len(packets)) / (stream.average_rate or 30) / (stream.time_base or 1)
            stamps = [(packet.pts or 0, packet.dts or 0) for packet in packets]
            for turn in range(times):
                for packet, (pts, dts) in zip(packets, stamps, strict=True):
                    packet.stream = into
                    packet.pts, packet.dts, packet.time_base = (
                        pts + round(turn * span), dts + round(turn * span), stream.time_base or Fraction(1)
                    )  # fmt: skip
                    long.mux(packet)
    return to


def other_file(path: Path, to: Path, number: int) -> Path:
    """Copy an MP4 file so that it plays the same but has another fingerprint: an empty box follows at its end."""
    to.write_bytes(path.read_bytes() + (16).to_bytes(4, "big") + b"free" + number.to_bytes(8, "big"))
    return to


def pump(until: Callable[[], bool], patience_s: float = PATIENCE_S) -> None:
    """Let the window work until something holds."""
    end_s = time.monotonic() + patience_s
    while not until():
        if time.monotonic() > end_s:
            raise TimeoutError("the window did not get there")
        QCoreApplication.processEvents()
        time.sleep(0.0005)


def rest(seconds: float) -> None:
    """Let the window work for some time in a real event loop."""
    loop = QEventLoop()
    QTimer.singleShot(round(1000 * seconds), loop.quit)
    loop.exec()


class Seen(NamedTuple):
    """A picture that was painted.

    Attributes:
        at_s: When, in seconds of `time.perf_counter`.
        number: The number that its barcode shows.
        clock_s: The player's clock at that moment, in seconds of the clip.
    """

    at_s: float
    number: int
    clock_s: float


class Witness:
    """An observer that reads the number of each picture from what the window has painted.

    Args:
        desk: The screen whose picture is watched.

    Attributes:
        seen: Each new picture.
    """

    def __init__(self, desk: ReviewScreen) -> None:
        self._desk = desk
        self.seen: list[Seen] = []
        desk.centre.video.painted.connect(self._read)

    def _read(self) -> None:
        now_s, clock_s = time.perf_counter(), self._desk.player.position_s
        video = self._desk.centre.video
        store = video.window().backingStore()
        painted = store.paintDevice() if store is not None else None
        if not isinstance(painted, QImage):
            raise TypeError("the window does not paint in memory; run with QT_QPA_PLATFORM=xcb or offscreen")
        place, ratio = video.picture_rect(), painted.devicePixelRatio()
        at = video.mapTo(video.window(), QPoint(0, 0))
        cell = video.picture_size().width() // BITS * video.picture_scale
        number = 0
        for bit in range(BITS):
            x, y = at.x() + place.x() + (bit + 0.5) * cell, at.y() + place.y() + 0.5 * cell
            number |= (painted.pixelColor(round(x * ratio), round(y * ratio)).green() > 127) << bit
        self.seen.append(Seen(now_s, number, clock_s))


@contextmanager
def spinning(count: int) -> Iterator[None]:
    """Let the given number of processes occupy the cores."""
    processes = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(count)]
    try:
        yield
    finally:
        for process in processes:
            process.kill()
            process.wait()


def plain(path: Path, seconds: float) -> float:
    """Return how many frames a second PyAV decodes and converts from the clip's start on.

    The time begins with the first frame, because under a heavy load opening alone may take a second.
    """
    count, took_s, reformatter = 0, 0.0, VideoReformatter()
    while took_s < seconds:
        with av.open(str(path)) as container:
            stream = container.streams.video[0]
            stream.thread_type = "AUTO"
            frames = container.decode(stream)
            next(frames)
            began_s = time.perf_counter()
            for frame in frames:
                np.asarray(reformatter.reformat(frame, format="bgra", threads=1).to_ndarray())
                count += 1
                if took_s + time.perf_counter() - began_s >= seconds:
                    break
            took_s += time.perf_counter() - began_s
    return count / took_s


def project_with(paths: list[Path], file: Path) -> Path:
    """Make a project with clips and return its path."""
    with create_project(file) as project:
        refused = add_clips(project, paths).refused
    if refused:
        raise refused[0]
    return file


@contextmanager
def open_window(project: Path, width: int = 1440, height: int = 900) -> Iterator[tuple[MainWindow, ReviewScreen]]:
    """Open the real window on a project, without live predictions."""
    settings = Settings()
    settings.set("analysis.live", False)
    window = make_window(settings, remember=False)
    try:
        window.resize(width, height)
        window.show()
        window.projects.open(project)
        pump(lambda: window.context.project is not None)
        desk = getattr(window.show_screen("review"), "desk", None)
        if not isinstance(desk, ReviewScreen):
            raise TypeError("Review is not there")
        yield window, desk
    finally:
        window.close()
        window.context.faults.remove()


@contextmanager
def open_desk(
    path: Path, folder: Path, width: int = 1440, height: int = 900
) -> Iterator[tuple[MainWindow, ReviewScreen]]:
    """Open the real window on a project with one clip, with its first picture shown."""
    with open_window(project_with([path], folder / f"{path.stem}.affectograph"), width, height) as (window, desk):
        pump(lambda: desk.player.frame_idx == 0)
        pump(lambda: window.context.jobs.busy == 0)
        yield window, desk


def set_live(desk: ReviewScreen, on: bool) -> None:
    """Switch live predictions on, and wait until the model has answered; or off."""
    # Every frame is predicted, also those that an earlier turn has predicted and the project has kept.
    desk.live.known = lambda _frame_idx: False
    desk.set_live(on)
    if on:
        pump(lambda: (status := desk.live.status()) is not None and status.provider != "starting")
