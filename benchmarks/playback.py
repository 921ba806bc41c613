"""Playing in the real window: pictures painted on time, their order, freezes, and how long live answers take.

    python -m benchmarks.playback [CLIP] [--seconds 6] [--repeats 3] [--hours 3] [--quick] [--json OUT]

The clip is that of `benchmarks.overload`, with a face. Each picture carries its number as a barcode, which is read back
from the window's own memory after every painting, together with the player's clock. A picture is on time if it is
painted before the frame after it is due. The clip is played at 60 frames/s and at half speed, which are 30 frames/s,
both without and with live predictions; in each turn PyAV decodes and converts the same frames, and the number of frames
that could be on time is that of the frames that are due, or what PyAV delivers if that is less. The time of a live
answer runs from the painting of its frame, and is compared with the model's work on the same frames alone.

A clip of three hours is played with all its curves on the timeline. It shows ten seconds of 320×180 pixels again and
again, because only its number of frames matters here.
"""

import os
import statistics
import sys
import tempfile
import time
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Final

sys.path.insert(0, str(Path(__file__).resolve().parent))

import numpy as np
from real_window import (
    Witness,
    open_desk,
    open_window,
    plain,
    project_with,
    pump,
    repeat_clip,
    rest,
    set_live,
    write_clip,
)
from rows import Row, arguments, show

import db.clips
from app.domain.analysis import ClipAnalysis, RunKey, TrackPrediction
from app.domain.live import LiveResult
from app.inference.cards import DEFAULT_MODEL
from app.media.reader import VideoReader
from app.services.predict.pipeline import FacePipeline
from app.services.predict.stored import store
from app.services.projects.files import open_project
from app.ui.screens.review.view import ReviewScreen

FREEZE_S: Final = 0.2
TURN_S: Final = 10
"""Seconds that the long clip shows again and again."""
LONG_RATE: Final = 30


@dataclass(frozen=True)
class Case:
    """One way to play.

    Attributes:
        name: Name in the table.
        speed: Speed of playing, of a clip of 60 frames/s.
        live: Whether the window predicts live.
        wanted: Share of the pictures that should be on time.
    """

    name: str
    speed: float
    live: bool
    wanted: float


CASES: Final = (
    Case("1080p, 30 frames/s", 0.5, False, 0.99),
    Case("1080p, 60 frames/s", 1.0, False, 0.99),
    Case("1080p, 30 frames/s, live predictions", 0.5, True, 0.99),
    Case("1080p, 60 frames/s, live predictions", 1.0, True, 0.99),
)


@dataclass(frozen=True)
class Played:
    """What was observed while the clip played once.

    Attributes:
        on_time: Pictures that were painted on time.
        due: Frames that the clock passed.
        gap_s: The longest time without a new picture.
        dropped: The player's counter of dropped frames.
        missing: Frames whose barcode never appeared.
        out_of_order: Pictures with a smaller number than the one before.
        answers_ms: For each live answer, the time since the painting of its frame.
    """

    on_time: int
    due: int
    gap_s: float
    dropped: int
    missing: int
    out_of_order: int
    answers_ms: tuple[float, ...]


def play(desk: ReviewScreen, witness: Witness, case: Case, seconds: float, wraps: int = 0) -> Played:
    """Play from the start and return what was observed; `wraps` is where the numbers of a clip begin again."""
    desk.player.seek(0.0)
    pump(lambda: desk.player.frame_idx == 0)
    set_live(desk, case.live)
    rest(0.5)
    witness.seen.clear()
    answers: list[tuple[float, int]] = []

    def answered(result: LiveResult) -> None:
        answers.append((time.perf_counter(), result.frame_idx))

    desk.live.answered.connect(answered)
    desk.player.set_speed(case.speed)
    desk.player.play()
    began_s = time.perf_counter()
    rest(seconds)
    end_s = desk.player.position_s
    desk.player.pause()
    dropped = desk.player.dropped
    rest(0.2)
    seen = list(witness.seen)
    set_live(desk, False)
    desk.live.answered.disconnect(answered)
    times_s = desk.player.times_s
    numbers = np.array([0, *(each.number for each in seen)])
    if wraps:
        numbers = numbers + wraps * np.cumsum(np.diff(numbers, prepend=0) < -wraps // 2)
    steps = np.diff(numbers)
    next_s = np.append(times_s, desk.player.range_s[1])[numbers[1:] + 1]
    painted_s = {number: each.at_s for number, each in zip(numbers[1:].tolist(), seen, strict=True)}
    return Played(
        on_time=int((np.array([each.clock_s for each in seen]) < next_s).sum()),
        due=int(np.searchsorted(times_s, end_s, side="right")) - 1,
        gap_s=float(np.diff([began_s, *(each.at_s for each in seen)]).max(initial=0.0)),
        dropped=dropped,
        missing=int(np.maximum(steps - 1, 0).sum()),
        out_of_order=int((steps < 0).sum()),
        answers_ms=tuple(1e3 * (at_s - painted_s[idx]) for at_s, idx in answers if idx in painted_s),
    )


def model_alone_ms(path: Path, count: int = 60) -> float:
    """Return the median milliseconds of the live model for a frame while nothing else is done."""
    pipeline, took = FacePipeline(), []
    with VideoReader(path) as reader:
        for frame in islice(reader.frames(step=2), count):
            began_s = time.perf_counter()
            pipeline.live(frame)
            took.append(1e3 * (time.perf_counter() - began_s))
    return statistics.median(took[count // 3 :])


def ordinary(path: Path, folder: Path, seconds: float, repeats: int) -> list[Row]:
    """Play a clip at 30 and 60 frames/s, with and without live predictions, in turn with PyAV."""
    found: dict[Case, list[Played]] = {case: [] for case in CASES}
    limits: dict[Case, list[float]] = {case: [] for case in CASES}
    alone_ms = []
    with open_desk(path, folder) as (_window, desk):
        witness = Witness(desk)
        for _ in range(repeats):
            decoded_per_s = plain(path, min(seconds, 3.0))
            alone_ms.append(model_alone_ms(path))
            for case in CASES:
                found[case].append(play(desk, witness, case, seconds))
                limits[case].append(min(1.0, decoded_per_s / (60 * case.speed)))
    rows = []
    for case, turns in found.items():
        could = [one.due * limit for one, limit in zip(turns, limits[case], strict=True)]
        on_time = [one.on_time for one in turns]
        rows.append(Row.of(f"{case.name}: on time", on_time, "frames", could, "due, or PyAV's", least=case.wanted))
        rows.append(Row.of(f"{case.name}: longest gap", [one.gap_s for one in turns], "s", [FREEZE_S], "a freeze"))
    answers = [[statistics.median(one.answers_ms) for one in found[case] if one.answers_ms] for case in CASES]
    for case, ours in zip(CASES, answers, strict=True):
        if len(ours) == repeats:
            rows.append(Row.of(f"{case.name}: live answer", ours, "ms", alone_ms, "the model alone"))
    every = [one for turns in found.values() for one in turns]
    return [*rows, *counted(every)]


def counted(every: list[Played]) -> list[Row]:
    """Return the rows on the counter of dropped frames and on the order."""
    dropped, missing = sum(one.dropped for one in every), sum(one.missing for one in every)
    wrong = sum(one.out_of_order for one in every)
    return [
        Row.of("counter of dropped frames", [dropped], "", [missing], "missing on screen", least=1.0, most=1.0),
        Row.of("pictures in the wrong order", [wrong], "", [0.0], "bound", most=1.0),
    ]


def long_project(folder: Path, hours: float) -> tuple[Path, int]:
    """Make a project with a clip of hours and predictions of one face in every frame; return it and their number."""
    short = write_clip(folder / "short.mp4", TURN_S * LONG_RATE, 320, 180, rate=LONG_RATE)
    clip = repeat_clip(short, folder / "long.mp4", max(round(hours * 3600 / TURN_S), 1))
    file = project_with([clip], folder / "long.affectograph")
    with VideoReader(clip) as reader:
        times_s = reader.index.times_s
    count = len(times_s)
    rng = np.random.default_rng(0)
    affect = np.clip(np.cumsum(rng.normal(0, 0.02, (count, 2)), axis=0) % 2 - 1, -1, 1).astype(np.float32)
    shares = rng.random((count, 8)).astype(np.float32)
    track = TrackPrediction(
        track_id=1,
        frame_idx=np.arange(count, dtype=np.int32),
        times_s=times_s,
        boxes=np.tile(np.array([100, 40, 90, 100], np.float32), (count, 1)),
        landmarks=np.zeros((count, 5, 2), np.float32),
        detection=np.ones(count, np.float32),
        quality=np.ones(count, np.float32),
        probabilities=shares / shares.sum(axis=1, keepdims=True),
        valence_arousal=affect,
        smooth=affect,
    )
    with open_project(file) as project:
        record = db.clips.every(project)[0]
        key = RunKey(record.sha256, DEFAULT_MODEL, "0" * 64, "{}")
        store(project, record, ClipAnalysis(key, "CPUExecutionProvider", times_s, 320, 180, (track,)))
    return file, count


def three_hours(folder: Path, hours: float, seconds: float, repeats: int) -> list[Row]:
    """Play the long clip with its curves on the timeline."""
    file, count = long_project(folder, hours)
    case = Case(f"{count:,} frames on the timeline", 1.0, False, 0.99)
    with open_window(file) as (window, desk):
        witness = Witness(desk)
        pump(lambda: desk.player.frame_idx == 0)
        pump(lambda: desk.state.prediction is not None and not desk.state.prediction.empty)
        pump(lambda: window.context.jobs.busy == 0)
        turns = [play(desk, witness, case, seconds, TURN_S * LONG_RATE) for _ in range(repeats)]
    due = [one.due for one in turns]
    on_time = [one.on_time for one in turns]
    return [Row.of(f"{case.name}: on time", on_time, "frames", due, "due", least=case.wanted), *counted(turns)]


def main() -> None:
    """Measure and print the results."""
    parser = arguments(__doc__)
    parser.add_argument("clip", nargs="?", type=Path, help="a clip that `benchmarks.overload` has written")
    parser.add_argument("--seconds", type=float, default=6.0)
    parser.add_argument("--hours", type=float, default=3.0, help="length of the long clip; 0 leaves it out")
    parser.add_argument("--frames", type=int, default=900)
    parser.add_argument("--size", type=int, nargs=2, default=(1920, 1080), metavar=("W", "H"))
    args = parser.parse_args()
    seconds, repeats, frames = (3.0, 1, 300) if args.quick else (args.seconds, args.repeats, args.frames)
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        os.environ["AFFECTOGRAPH_HOME"] = str(folder / "home")
        path = args.clip or write_clip(folder / "clip.mp4", frames, *args.size, faces=1)
        rows = ordinary(path, folder, seconds, repeats)
        if args.hours:
            rows += three_hours(folder, min(args.hours, 0.5) if args.quick else args.hours, seconds, repeats)
    show(rows, f"Playing; medians of {repeats} turns of {seconds:g} s", args.json)


if __name__ == "__main__":
    main()
