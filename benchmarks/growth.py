"""How the time of the main readings grows when a project holds ten times as many clips, answers, raters or traces.

    python -m benchmarks.growth [--repeats 3] [--quick] [--json OUT]

Everything is done once with N and once with 10 N, in turn, and measured in processor time. The growth is compared with
10, that of work in proportion. Wanted is at most 1.2 times that; smaller factors come from what is done once.

- clips: the list of clips with their facts is read;
- answers: the table of agreement with its intervals, from the project file, of 10 times as many items;
- raters: the same of 10 times as many raters of the same items;
- traces: all traces of a project are read with their samples;
- tracks: predictions of a clip with ten times as many face tracks, and so many more faces, are put together.
"""

import os
import sys
import tempfile
import time
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Final

sys.path.insert(0, str(Path(__file__).resolve().parent))

import agreement
import numpy as np
from rows import Row, arguments, show

import db.clips
import db.items
import db.raters
import db.traces
from app.agreement.report import agreement_report
from app.agreement.settings import AgreementSettings
from app.domain.faces import Face, TrackedFace
from app.domain.media import MediaInfo
from app.domain.project import TraceStart
from app.domain.smoothing import SmoothingSettings
from app.domain.traces import TraceSamples
from app.inference.face_frame import FramePredictions
from app.services.labels.tables import load_project_ratings
from app.services.predict.gather import tracks_of
from app.services.projects.clip_rows import clip_rows
from db.project import Project

TEN: Final = 10
MOST: Final = 1.2
Work = Callable[[], object]


def clip_info(path: Path) -> MediaInfo:
    """Return the facts of a clip that nobody opens; its file is made."""
    path.write_bytes(b"clip")
    return MediaInfo(
        path=path, kind="video", width=640, height=360, rotation_deg=0, time_base=Fraction(1, 1000), n_frames=250,
        duration_s=10.0, codec="h264", average_rate=Fraction(25), variable_rate=False, has_audio=False, audio_rate=0,
        audio_channels=0, complete=True, note="",
    )  # fmt: skip


def clips(folder: Path, count: int) -> Work:
    """Return the reading of a list of so many clips."""
    file = folder / f"clips{count}.affectograph"
    project = Project.create(file)
    for number in range(count):
        db.clips.add(project, clip_info(folder / f"{number}.mp4"), f"{number:064x}")
    return lambda: clip_rows(project)


def table(folder: Path, items: int, raters: int) -> Work:
    """Return the table of agreement of a project."""
    file = folder / f"answers{items}x{raters}.affectograph"
    agreement.build(file, items, raters)

    def read() -> None:
        loaded = load_project_ratings(file, with_traces=False)
        agreement_report(loaded.intensities, None, AgreementSettings(unit="item", replicates=200))

    return read


def traces(folder: Path, count: int) -> Work:
    """Return the reading of so many traces of a minute, with their samples."""
    file = folder / f"traces{count}.affectograph"
    project = Project.create(file)
    clip = db.clips.add(project, clip_info(folder / "traced.mp4"), "f" * 64)
    item, rater = db.items.every(project, clip_id=clip.id)[0], db.raters.add(project, "R1")
    times_s = np.arange(0, 60, 0.05)
    wave = np.sin(np.stack([times_s, times_s + 1], axis=1)).astype(np.float32)
    for _ in range(count):
        samples = TraceSamples(times_s, wave, times_s, "mouse")
        db.traces.add(project, TraceStart(item.id, rater.id, "full_context", blinded=True, device="mouse"), samples)
    return lambda: [db.traces.samples(project, trace.id) for trace in db.traces.every(project, usable_only=False)]


def tracks(count: int, length: int = 100) -> Work:
    """Return the sorting of the faces of so many tracks, each of which is seen in so many frames."""
    rng = np.random.default_rng(0)
    points = rng.random((5, 2)).astype(np.float32)
    faces = [
        TrackedFace(track, frame, frame / 25, Face(np.zeros(4, np.float32), points, 1.0), 1.0)
        for frame in range(length)
        for track in range(1, count + 1)
    ]
    shares = np.full((len(faces), 8), 0.125, np.float32)
    affect = rng.uniform(-1, 1, (len(faces), 2)).astype(np.float32)
    return lambda: tracks_of(faces, [FramePredictions(shares, None, affect, None)], SmoothingSettings())


def growth(small: Work, large: Work, repeats: int) -> list[float]:
    """Return by which factor the processor time grows, in each of some turns."""
    small(), large()  # caches are filled
    return [_seconds(large) / max(_seconds(small), 1e-6) for _ in range(repeats)]


def _seconds(work: Work) -> float:
    """Return the processor seconds of one call, from as many calls as take a twentieth of a second."""
    began_s, times = time.process_time(), 0
    while not times or time.process_time() - began_s < 0.05:
        work()
        times += 1
    return (time.process_time() - began_s) / times


def measure(folder: Path, repeats: int, share: int) -> list[Row]:
    """Return the rows; `share` divides all sizes."""
    n_clips, n_items, n_traces, n_tracks = (size // share for size in (400, 1000, 120, 40))
    works: dict[str, tuple[Work, Work]] = {
        f"clips, {n_clips:,} → {TEN * n_clips:,}": (clips(folder, n_clips), clips(folder, TEN * n_clips)),
        f"answers, {10 * n_items:,} → {100 * n_items:,}": (
            table(folder, n_items, 5), table(folder, TEN * n_items, 5)
        ),
        "raters, 5 → 50": (table(folder, n_items // 2, 5), table(folder, n_items // 2, 50)),
        f"traces, {n_traces:,} → {TEN * n_traces:,}": (traces(folder, n_traces), traces(folder, TEN * n_traces)),
        f"tracks, {n_tracks:,} → {TEN * n_tracks:,}": (tracks(n_tracks), tracks(TEN * n_tracks)),
    }  # fmt: skip
    return [
        Row.of(f"growth with {name}", growth(small, large, repeats), "×", [float(TEN)], "in proportion", most=MOST)
        for name, (small, large) in works.items()
    ]


def main() -> None:
    """Measure and print the results."""
    parser = arguments(__doc__)
    parser.add_argument("--share", type=int, default=1, help="divides all sizes, for a short try")
    args = parser.parse_args()
    share, repeats = (max(args.share, 4), 2) if args.quick else (args.share, args.repeats)
    with tempfile.TemporaryDirectory() as place:
        os.environ["AFFECTOGRAPH_HOME"] = str(Path(place) / "home")
        rows = measure(Path(place), repeats, share)
    show(rows, f"Growth of processor time at ten times the size; medians of {repeats} turns", args.json)


if __name__ == "__main__":
    main()
