"""Playing in the real window where the machine cannot keep up: how many pictures are painted, and how evenly.

    python -m benchmarks.overload [CLIP] [--seconds 4] [--repeats 3] [--spin 6] [--quick] [--json OUT]

Without a clip it writes one of 25 s with a face: 1920×1080, 60 frames/s, 17 Mbit/s, H.264 with a keyframe every 250
frames and three B-frames. Each picture carries its number as a barcode, which is read back from the window's own memory
after every painting.

The clip is played at 4× on a machine that does nothing else, and, while other processes occupy the cores, at 60
frames/s and (half speed) at 30 frames/s: with and without live predictions, in a window 1440 pixels wide and in one of
1920. So the cost of painting a wide window is told apart from that of live predictions. The limit is measured before
and after the cases of each turn, under the same load: PyAV decodes the same frames from the same keyframe with all
threads and converts each for the screen. It is never higher than the rate of the clip, nor than the 120 pictures a
second at which the window reads its clock. The last rows compare the counter of dropped frames with the number of
frames that are missing on the screen, and count pictures in the wrong order.
"""

import os
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Final

sys.path.insert(0, str(Path(__file__).resolve().parent))

import numpy as np
from real_window import LOOKS_PER_S, Witness, open_desk, plain, pump, rest, set_live, spinning, write_clip
from rows import Row, arguments, show

from app.ui.screens.review.view import ReviewScreen
from app.ui.shell.window import MainWindow

GAP_S: Final = 0.2
"""The longest time without a new picture that is wanted."""


@dataclass(frozen=True)
class Case:
    """A demand on the player.

    Attributes:
        name: Name in the table.
        speed: Speed of playing, 1 for normal speed.
        spin: Whether other processes occupy the cores.
        live: Whether the window predicts live while it plays.
        width: Width of the window in pixels.
    """

    name: str
    speed: float
    spin: bool
    live: bool
    width: int


FAST: Final = Case("60 frames/s at 4×", 4.0, spin=False, live=False, width=1440)
FULL: Final = Case("60 frames/s, cores taken", 1.0, spin=True, live=False, width=1440)
HALF: Final = Case("30 frames/s, cores taken", 0.5, spin=True, live=False, width=1440)
HALF_LIVE: Final = Case("30 frames/s, cores taken, live predictions", 0.5, spin=True, live=True, width=1440)
WIDE: Final = Case("30 frames/s, cores taken, window of 1920", 0.5, spin=True, live=False, width=1920)
WIDE_LIVE: Final = Case("30 frames/s, cores taken, window of 1920, live predictions", 0.5, True, True, 1920)
CASES: Final = (FAST, FULL, HALF, HALF_LIVE, WIDE, WIDE_LIVE)


@dataclass(frozen=True)
class Played:
    """What was observed while the clip played once.

    Attributes:
        painted_per_s: Pictures painted a second.
        gap_s: The longest time without a new one.
        dropped: The player's counter of dropped frames.
        missing: Frames whose barcode never appeared between the first picture and the last.
        out_of_order: Pictures with a smaller number than the one before.
    """

    painted_per_s: float
    gap_s: float
    dropped: int
    missing: int
    out_of_order: int


Found = dict[Case, list[tuple[Played, float]]]
"""What was observed in each turn, with the limit in pictures a second."""


def play(window: MainWindow, desk: ReviewScreen, witness: Witness, case: Case, seconds: float) -> Played:
    """Play from the start and return what was observed."""
    window.resize(case.width, 1080 if case.width > 1440 else 900)
    desk.player.seek(0.0)
    pump(lambda: desk.player.frame_idx == 0)
    set_live(desk, case.live)
    rest(0.3)
    witness.seen.clear()
    desk.player.set_speed(case.speed)
    desk.player.play()
    began_s = time.perf_counter()
    rest(min(seconds, 0.9 * desk.player.range_s[1] / case.speed))
    desk.player.pause()
    took_s, dropped = time.perf_counter() - began_s, desk.player.dropped
    rest(0.2)
    set_live(desk, False)
    steps = np.diff([0, *(each.number for each in witness.seen)])
    return Played(
        painted_per_s=len(witness.seen) / took_s,
        gap_s=float(np.diff([began_s, *(each.at_s for each in witness.seen)]).max(initial=0.0)),
        dropped=dropped,
        missing=int(np.maximum(steps - 1, 0).sum()),
        out_of_order=int((steps < 0).sum()),
    )


def measure(path: Path, folder: Path, seconds: float, repeats: int, spin: int) -> Found:
    """Play all cases in turn, each turn with its limits."""
    found: Found = {case: [] for case in CASES}
    with open_desk(path, folder) as (window, desk):
        witness = Witness(desk)
        for _ in range(repeats):
            for taken in (False, True):
                with spinning(spin if taken else 0):
                    rest(0.5)
                    before_per_s = plain(path, seconds)
                    played = {case: play(window, desk, witness, case, seconds) for case in CASES if case.spin == taken}
                    decoded_per_s = (before_per_s + plain(path, seconds)) / 2
                for case, one in played.items():
                    found[case].append((one, min(decoded_per_s, 60.0 * case.speed, LOOKS_PER_S)))
    return found


def judged(found: Found) -> list[Row]:
    """Return the rows of the table."""
    rows = []
    for case, turns in found.items():
        painted, limits = [one.painted_per_s for one, _ in turns], [limit for _, limit in turns]
        rows.append(Row.of(f"{case.name}: painted", painted, "/s", limits, "PyAV's limit", least=0.9))
        most = 1.0 if case is FAST else None
        rows.append(
            Row.of(f"{case.name}: longest gap", [one.gap_s for one, _ in turns], "s", [GAP_S], "bound", most=most)
        )
    for still, live in ((HALF, HALF_LIVE), (WIDE, WIDE_LIVE)):
        painted, without = ([one.painted_per_s for one, _ in found[case]] for case in (live, still))
        rows.append(Row.of(f"{live.name}: painted", painted, "/s", without, "without predictions", least=0.95))
    painted, narrow = ([one.painted_per_s for one, _ in found[case]] for case in (WIDE, HALF))
    rows.append(Row.of(f"{WIDE.name}: painted", painted, "/s", narrow, "window of 1440"))
    every = [one for turns in found.values() for one, _ in turns]
    dropped, missing = sum(one.dropped for one in every), sum(one.missing for one in every)
    rows.append(Row.of("counter of dropped frames", [dropped], "", [missing], "missing on screen", least=1.0, most=1.0))
    wrong = sum(one.out_of_order for one in every)
    rows.append(Row.of("pictures in the wrong order", [wrong], "", [0.0], "bound", most=1.0))
    return rows


def main() -> None:
    """Measure and print the results."""
    parser = arguments(__doc__)
    parser.add_argument("clip", nargs="?", type=Path, help="a clip that this program has written")
    parser.add_argument("--seconds", type=float, default=4.0)
    parser.add_argument("--spin", type=int, default=6, help="processes that take the cores")
    parser.add_argument("--frames", type=int, default=1500)
    parser.add_argument("--size", type=int, nargs=2, default=(1920, 1080), metavar=("W", "H"))
    parser.add_argument("--keep", type=Path, help="where to write the clip, for the next time")
    args = parser.parse_args()
    seconds, repeats, frames = (2.0, 1, 600) if args.quick else (args.seconds, args.repeats, args.frames)
    with tempfile.TemporaryDirectory() as place:
        os.environ["AFFECTOGRAPH_HOME"] = str(Path(place) / "home")
        path = args.clip or write_clip(args.keep or Path(place) / "clip.mp4", frames, *args.size, faces=1)
        rows = judged(measure(path, Path(place), seconds, repeats, args.spin))
    show(
        rows, f"Playing beyond capacity; medians of {repeats} turns of {seconds:g} s; spinning: {args.spin}", args.json
    )


if __name__ == "__main__":
    main()
