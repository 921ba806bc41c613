"""The time to open a clip: that of the index beside plain demuxing, and that until the first picture is on screen.

    python -m benchmarks.opening [CLIP] [--clips 60] [--repeats 3] [--json OUT]

The clip is that of `benchmarks.overload`. Three methods take turns without the window: plain demuxing of every packet
with PyAV, our index of the packets, and the index that is checked by decoding. Then the real window opens a project of
many copies of the clip without a stored index or thumbnail. Measured is the time from choosing a clip to its first
painted picture while the pictures of the list are made. The program prints medians, the ratio to demuxing, and the
longest time.
"""

import argparse
import json
import os
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
sys.path.insert(0, str(Path(__file__).resolve().parent))

import av
from overload import pump, rest, write_clip

from app.media.index import build_index, packet_index
from app.paths import data_dir
from app.services.projects.files import add_clips, create_project
from app.settings import Settings
from app.ui.screens.review.view import ReviewScreen
from app.ui.shell.main import make_window


def demux(path: Path) -> None:
    """Read every packet of the picture stream."""
    with av.open(str(path)) as container:
        for packet in container.demux(container.streams.video[0]):
            packet.pts  # noqa: B018


def seconds(work: Callable[[], object]) -> float:
    """Return how long one call takes."""
    began_s = time.perf_counter()
    work()
    return time.perf_counter() - began_s


def indexes(path: Path, repeats: int) -> dict[str, float]:
    """Return medians of demuxing, the packets' index and the checked one."""
    demux(path)
    times: dict[str, list[float]] = {"demux_s": [], "index_s": [], "checked_s": []}
    for _ in range(repeats):
        times["demux_s"].append(seconds(lambda: demux(path)))
        times["index_s"].append(seconds(lambda: packet_index(path)))
    times["checked_s"].append(seconds(lambda: build_index(path)))
    return {name: statistics.median(each) for name, each in times.items()}


def first_frame(path: Path) -> None:
    """Open a file with PyAV, decode its first frame and convert it for the screen."""
    with av.open(str(path)) as container:
        frame = next(container.decode(container.streams.video[0]))
        frame.to_ndarray(format="bgra")


def choosing(path: Path, folder: Path, clips: int, repeats: int) -> tuple[list[float], list[float]]:
    """Return the seconds from choosing a clip to its first picture while the list's pictures are made, and PyAV's."""
    copies = []
    for number in range(clips):
        copies.append(folder / f"copy{number:04d}.mp4")
        shutil.copy(path, copies[-1])
        with copies[-1].open("ab") as file:  # another file with another fingerprint: an empty box at its end
            file.write((16).to_bytes(4, "big") + b"free" + number.to_bytes(8, "big"))
    with create_project(folder / "many.affectograph") as project:
        add_clips(project, copies)
    for kept in (data_dir() / "cache").glob("*"):
        kept.unlink()
    settings = Settings()
    settings.set("analysis.live", False)
    window = make_window(settings, remember=False)
    window.resize(1440, 900)
    window.show()
    window.projects.open(folder / "many.affectograph")
    pump(lambda: window.context.project is not None)
    desk = getattr(window.show_screen("review"), "desk", None)
    if not isinstance(desk, ReviewScreen):
        raise TypeError("Review is not there")
    pump(lambda: desk.clips.model.rowCount() == clips)
    painted: list[float] = []
    desk.centre.video.painted.connect(lambda: painted.append(time.perf_counter()))
    took: list[float] = []
    plain: list[float] = []
    for turn in range(repeats):
        desk.clips.list.scrollToBottom() if turn % 2 else desk.clips.list.scrollToTop()
        rest(0.05)
        painted.clear()
        began_s = time.perf_counter()
        at = desk.clips.list.currentIndex().row()
        desk.clips.list.setCurrentIndex(desk.clips.model.index((at + 7) % clips))
        pump(lambda: bool(painted))
        took.append(painted[0] - began_s)
        plain.append(seconds(lambda: first_frame(copies[0])))
        pump(lambda: desk.player.frame_idx == 0)
    window.close()
    window.context.faults.remove()
    return took, plain


def main() -> None:
    """Measure and print the results."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("clip", nargs="?", type=Path, help="a clip that `benchmarks.overload` has written")
    parser.add_argument("--clips", type=int, default=60)
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--frames", type=int, default=1500)
    parser.add_argument("--size", type=int, nargs=2, default=(1920, 1080), metavar=("W", "H"))
    parser.add_argument("--json", type=Path)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        os.environ["AFFECTOGRAPH_HOME"] = str(Path(place) / "home")
        path = args.clip or write_clip(Path(place) / "clip.mp4", args.frames, *args.size)
        found = indexes(path, args.repeats)
        took, plain = choosing(path, Path(place), args.clips, args.repeats)
    ratio = found["index_s"] / found["demux_s"]
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}; medians of {args.repeats}")
    print("| demuxing, ms | index, ms | ratio | checked by decoding, ms | first picture, ms | worst, ms | PyAV's, ms |")
    print("| --- | --- | --- | --- | --- | --- | --- |")
    print(
        f"| {1e3 * found['demux_s']:.1f} | {1e3 * found['index_s']:.1f} | {ratio:.2f} | "
        f"{1e3 * found['checked_s']:.0f} | {1e3 * statistics.median(took):.0f} | {1e3 * max(took):.0f} | "
        f"{1e3 * statistics.median(plain):.0f} |"
    )
    if args.json:
        args.json.write_text(json.dumps({**found, "choosing_s": took, "plain_s": plain}, indent=1) + "\n")


if __name__ == "__main__":
    main()
