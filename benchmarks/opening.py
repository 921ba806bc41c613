"""The time to open a clip: that of the index beside plain demuxing, and that until the first picture is on screen.

    python -m benchmarks.opening [CLIP] [--clips 60] [--repeats 5] [--quick] [--json OUT]

The clip is that of `benchmarks.overload`. Plain demuxing of every packet with PyAV and our index of the packets take
turns without the window; the index that is checked by decoding is measured once. Then the real window opens a project
of many copies of the clip's beginning without a stored index or thumbnail. Measured is the time from choosing a clip to
its first painted picture while the pictures of the list are made, and whether it was on screen before the index was
whole.
"""

import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

sys.path.insert(0, str(Path(__file__).resolve().parent))

import av
from real_window import open_window, other_file, project_with, pump, rest, write_clip
from rows import Row, arguments, show

from app.media.index import build_index, packet_index
from app.paths import data_dir

CHOSEN_S: Final = 0.5
"""What is wanted from the choice of a clip to its first picture."""


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


def indexes(path: Path, repeats: int) -> list[Row]:
    """Compare demuxing, the packets' index and the checked one."""
    demux(path)
    plain, ours = [], []
    for _ in range(repeats):
        plain.append(1e3 * seconds(lambda: demux(path)))
        ours.append(1e3 * seconds(lambda: packet_index(path)))
    checked = [1e3 * seconds(lambda: build_index(path))]
    return [
        Row.of("index of a clip", ours, "ms", plain, "demuxing alone", most=3.0),
        Row.of("index that is checked by decoding", checked * repeats, "ms", plain, "demuxing alone"),
    ]


def first_frame(path: Path) -> None:
    """Open a file with PyAV, decode its first frame and convert it for the screen."""
    with av.open(str(path)) as container:
        frame = next(container.decode(container.streams.video[0]))
        frame.to_ndarray(format="bgra")


def choosing(path: Path, folder: Path, clips: int, repeats: int) -> list[Row]:
    """Choose clips while the list's pictures are made, and take the time to the first picture; PyAV's in turn."""
    copies = [other_file(path, folder / f"copy{number:04d}.mp4", number) for number in range(clips)]
    project = project_with(copies, folder / "many.affectograph")
    for kept in (data_dir() / "cache").glob("*"):
        kept.unlink()
    took: list[float] = []
    plain: list[float] = []
    early = 0
    with open_window(project) as (_window, desk):
        pump(lambda: desk.clips.model.rowCount() == clips)
        painted: list[tuple[float, bool]] = []
        desk.centre.video.painted.connect(lambda: painted.append((time.perf_counter(), desk.player.is_open)))
        for turn in range(repeats):
            desk.clips.list.scrollToBottom() if turn % 2 else desk.clips.list.scrollToTop()
            rest(0.05)
            painted.clear()
            began_s = time.perf_counter()
            at = desk.clips.list.currentIndex().row()
            desk.clips.list.setCurrentIndex(desk.clips.model.index((at + 7) % clips))
            pump(lambda: bool(painted))
            took.append(painted[0][0] - began_s)
            early += not painted[0][1]
            plain.append(seconds(lambda: first_frame(copies[0])))
            pump(lambda: desk.player.frame_idx == 0)
    what = "first picture of a chosen clip while thumbnails are made"
    return [
        Row.of(what, took, "s", [CHOSEN_S], "bound", most=1.0),
        Row.of(f"{what}, longest", [max(took)], "s", [CHOSEN_S], "bound", most=1.0),
        Row.of(what, took, "s", plain, "PyAV's first frame"),
        Row.of("first pictures that were there before the index", [early], "", [repeats], "clips chosen", least=1.0),
    ]


def main() -> None:
    """Measure and print the results."""
    parser = arguments(__doc__, repeats=5)
    parser.add_argument("clip", nargs="?", type=Path, help="a clip that `benchmarks.overload` has written")
    parser.add_argument("--clips", type=int, default=60)
    parser.add_argument("--frames", type=int, default=1500)
    parser.add_argument("--beginning", type=int, default=120, help="frames of each clip in the list")
    parser.add_argument("--size", type=int, nargs=2, default=(1920, 1080), metavar=("W", "H"))
    args = parser.parse_args()
    clips, repeats, frames = (20, 3, 300) if args.quick else (args.clips, args.repeats, args.frames)
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        os.environ["AFFECTOGRAPH_HOME"] = str(folder / "home")
        path = args.clip or write_clip(folder / "clip.mp4", frames, *args.size, faces=1)
        rows = indexes(path, repeats)
        short = write_clip(folder / "short.mp4", args.beginning, *args.size, faces=1)
        rows += choosing(short, folder, clips, repeats)
    show(rows, f"Opening clips, of which the list has {clips}; medians of {repeats}", args.json)


if __name__ == "__main__":
    main()
