"""The costs of models for categories: from clips to features, from epoch to epoch, and in memory for many items.

    python -m benchmarks.categories [--clips 24] [--starts 60] [--items 10000] [--json OUT]

- Reading: items a second from a clip to the features of face and surroundings, beside the sum of its parts (decoding,
  following faces, cutting, network, statistics), each measured alone on the same clips; and a second reading of the
  same items, which finds all features in the cache. The ratio is also given in processor time, which does not show
  what runs in parallel.
- Starting: seconds from the call of a training until its process begins to learn, on unread clips and again on the same
  items, and until the end of its first epoch. The ratios are given in processor time of
  both processes, too.
- Training: the second epoch of a GRU beside the first.
- Memory: memory of the process without files that are mapped into memory, before and after an epoch over all items.

Targets: the reading is no slower than the sum of its parts; a second training on the same items starts ≥ 10× sooner.
"""

import argparse
import functools
import json
import os
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any, Final, NamedTuple

os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy as np
import psutil
import torch
from numpy.typing import NDArray

import db.items
from app.batch import Failures
from app.domain.item_data import Parts, load_items, save_items
from app.domain.item_frames import due
from app.domain.recipes import find_recipe
from app.domain.snapshot import Split
from app.domain.study import FULL_CONTEXT
from app.domain.study_defaults import default_condition, default_study
from app.domain.training_events import EPOCH, START, Event
from app.faces.clip_tracks import track_clip
from app.faces.mtcnn import MtcnnDetector
from app.jobs import Context
from app.learning.clip.run import prepare
from app.learning.clip.task import ClipTask
from app.learning.process.loop import train_epoch
from app.services.predict.read_items import read_items
from app.services.predict.readers import open_reader
from app.services.projects.files import add_clips, create_project
from app.services.retrain.category_runs import CategoryRequest, train_categories
from app.services.study.owner import save_study
from app.services.study.simulate import simulate_study
from app.streams.catalogue import open_streams
from app.streams.stream import PictureStream, Seen
from app.synthetic.actor import act
from app.synthetic.spec import ActorSpec
from app.synthetic.stage import category_shares, write_clip

STREAMS: Final = ("face_oval", "context_masked")
FRAMES: Final = 25
FEATURES: Final = 320


class Spent(NamedTuple):
    """Seconds of wall time and of processor time."""

    wall_s: float
    cpu_s: float

    def plus(self, other: "Spent") -> "Spent":
        """Return the sum of both."""
        return Spent(self.wall_s + other.wall_s, self.cpu_s + other.cpu_s)


def timed(work: Callable[[], Any]) -> tuple[Spent, Any]:
    """Return the time that was spent, and the result."""
    began = time.perf_counter(), time.process_time()
    made = work()
    return Spent(time.perf_counter() - began[0], time.process_time() - began[1]), made


def reading(folder: Path, clips: int) -> dict[str, float]:
    """Read clips with the program, then part by part, then once more with the program."""
    made = act(ActorSpec(subjects=clips, clips_per_subject=1, seconds=2.0, rate=12, ambiguous=0, ordered=0))
    paths = [write_clip(clip, folder / f"{clip.name}.mp4") for clip in made]
    with create_project(folder / "people.affectograph") as project:
        add_clips(project, paths, ctx=Context())
        items = db.items.every(project)
        pictures = [stream for stream in open_streams(STREAMS, device="cpu") if isinstance(stream, PictureStream)]
        detector = MtcnnDetector("cpu")
        for path in paths:
            with open_reader(path, Context()):  # its index is made once, for both sides
                pass
        by_parts(paths[0], detector, pictures)  # opens the networks, which is not counted
        half = len(paths) // 2
        # Half of the clips are read by parts before, half after the program.
        parts = [by_parts(path, detector, pictures) for path in paths[:half]]
        ours, found = timed(lambda: read_items(project, items, STREAMS, Context(), Failures(), "cpu"))
        parts += [by_parts(path, detector, pictures) for path in paths[half:]]
        again, _ = timed(lambda: read_items(project, items, STREAMS, Context(), Failures(), "cpu"))
    assert all(each is not None and len(each.times_s) for each in found)
    serial = functools.reduce(Spent.plus, parts)
    return {
        "clips": clips,
        "items_per_s": clips / ours.wall_s,
        "items_per_s_of_parts": clips / serial.wall_s,
        "ratio_to_parts": serial.wall_s / ours.wall_s,
        "cpu_s_per_item": ours.cpu_s / clips,
        "cpu_ratio_to_parts": serial.cpu_s / ours.cpu_s,
        "second_reading_times_faster": ours.wall_s / again.wall_s,
    }


def by_parts(path: Path, detector: MtcnnDetector, streams: list[PictureStream]) -> Spent:
    """Return the time of decoding, following faces, cutting and reading, each measured alone and in turn."""

    def decoded() -> list[Any]:
        with open_reader(path, Context()) as reader:
            return list(reader.frames())

    total, frames = timed(decoded)
    following, tracked = timed(lambda: list(track_clip(iter(frames), detector)))
    total = total.plus(following)
    seen = [Seen(each.frame.image, each.faces[0].face) for each in tracked if each.faces]
    times_s = np.array([each.frame.time_s for each in tracked if each.faces])
    for stream in streams:
        rows = due(times_s, stream.spec.rate_hz)
        cutting, pictures = timed(partial(cut_all, stream, [seen[row] for row in rows]))
        said, _ = timed(partial(stream.rows, pictures, times_s[rows]))
        total = total.plus(cutting).plus(said)
    return total


def starting(folder: Path, clips: int) -> dict[str, float]:
    """Return the seconds from the call of a training to its start and first epoch, on unread clips and once again."""
    made = act(ActorSpec(subjects=clips, clips_per_subject=1, seconds=2.0, rate=25, seed=1, ambiguous=0, ordered=0))
    took: dict[str, list[Spent]] = {START: [], EPOCH: []}
    with create_project(folder / "judged.affectograph") as project:
        shares = {}
        for clip in made:
            path = write_clip(clip, folder / f"judged_{clip.name}.mp4")
            (added,) = add_clips(project, [path], subject=clip.subject.code, ctx=Context()).added
            (item,) = db.items.every(project, clip_id=added.id)
            shares[item.name] = category_shares(clip, (FULL_CONTEXT,))
        study = default_study("people", trace=False).next_version(
            conditions=(default_condition(FULL_CONTEXT),), min_distance=0, raters_per_cell=3
        )
        save_study(project, study)
        simulate_study(project, "people", 3, seed=2, shares=shares, add_items=True)
        request = CategoryRequest("gru", {"epochs": 1, "folds": 1}, device="cpu")
        for _ in range(2):
            began = Spent(time.perf_counter(), processor_s())

            def tell(event: Event, began: Spent = began) -> None:
                if event["event"] in took:
                    took[event["event"]].append(Spent(time.perf_counter() - began.wall_s, processor_s() - began.cpu_s))

            train_categories(project, request, tell, Context())
    found: dict[str, float] = {"start_items": clips}
    for name, (first, second) in {"start": took[START], "learning": took[EPOCH]}.items():
        found |= {
            f"first_{name}_s": first.wall_s,
            f"second_{name}_s": second.wall_s,
            f"second_{name}_times_sooner": first.wall_s / second.wall_s,
            f"first_{name}_cpu_s": first.cpu_s,
            f"second_{name}_cpu_s": second.cpu_s,
            f"second_{name}_cpu_times_sooner": first.cpu_s / second.cpu_s,
        }
    return found


def processor_s() -> float:
    """Return the processor time of this process, of its children that have ended, and of those that run."""
    me = psutil.Process()
    ended = me.cpu_times()
    running = [each.cpu_times() for each in me.children(recursive=True)]
    total = ended.user + ended.system + ended.children_user + ended.children_system
    return float(total + sum(each.user + each.system for each in running))


def cut_all(stream: PictureStream, seen: list[Seen]) -> NDArray[np.uint8]:
    """Return the pictures of a stream."""
    return np.stack([stream.source.cut(each) for each in seen])


def training(folder: Path, items: int) -> dict[str, float]:
    """Measure two epochs of a GRU over items in files, and the memory of the process."""
    rng = np.random.default_rng(0)
    subject = np.arange(items, dtype=np.int32) % 50
    target = np.eye(7, dtype=np.float32)[rng.integers(0, 7, items)]

    def pieces() -> Iterator[NDArray[np.float32]]:
        own = np.random.default_rng(1)
        for _ in range(items):
            yield own.standard_normal((FRAMES, FEATURES), dtype=np.float32)

    arrays: dict[str, NDArray[Any] | Parts] = {
        "features": Parts(pieces, FEATURES),
        "probabilities": np.zeros((items * FRAMES, 0), np.float32),
        "times_s": np.tile(np.arange(FRAMES) / 25, items),
        "first": np.arange(items + 1, dtype=np.int64) * FRAMES,
        "target": target,
        "said": np.zeros((items, 0), np.int16),
        "subject": subject,
    }
    facts = {
        "items": [str(n) for n in range(items)],
        "subjects": [f"S{n}" for n in range(50)],
        "classes": list("abcdefg"),
        "frame_classes": [],
        "split": {},
    }
    place = save_items(arrays, facts, folder / "items")
    on_disk = (place / "features.npy").stat().st_size
    del arrays
    before = held_bytes()
    data = load_items(place)
    recipe = find_recipe("gru")
    split = Split(tuple(range(40)), tuple(range(40, 45)), tuple(range(45, 50)))
    run = prepare(recipe, recipe.values({}), data, folder, torch.device("cpu"), split)
    task = ClipTask(run)
    first, _ = timed(lambda: train_epoch(run, task))
    second, _ = timed(lambda: train_epoch(run, task))
    return {
        "items": items,
        "first_epoch_s": first.wall_s,
        "second_epoch_s": second.wall_s,
        "second_to_first": second.wall_s / first.wall_s,
        "features_on_disk_mib": on_disk / 2**20,
        "held_more_mib": (held_bytes() - before) / 2**20,
    }


def held_bytes() -> int:
    """Return the memory of this process that no file backs, or all of it if the system does not distinguish them."""
    try:
        lines = Path("/proc/self/status").read_text("utf-8").splitlines()
        return 1024 * int(next(line for line in lines if line.startswith("RssAnon")).split()[1])
    except (OSError, StopIteration):
        return int(psutil.Process().memory_info().rss)


def main() -> None:
    """Measure and print the results."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--clips", type=int, default=24)
    parser.add_argument("--starts", type=int, default=60, help="number of clips, each of another person")
    parser.add_argument("--items", type=int, default=10_000)
    parser.add_argument("--json", type=Path)
    args = parser.parse_args()
    torch.set_num_threads(1)
    with tempfile.TemporaryDirectory() as place:
        os.environ["AFFECTOGRAPH_HOME"] = place  # nothing is kept from before, and nothing stays
        found = reading(Path(place), max(args.clips, 2))
        found |= starting(Path(place), max(args.starts, 4)) | training(Path(place), args.items)
    print(
        f"reading: {found['items_per_s']:.2f} items/s, the sum of its parts {found['items_per_s_of_parts']:.2f} "
        f"(ratio {found['ratio_to_parts']:.2f}, in processor time {found['cpu_ratio_to_parts']:.2f}); "
        f"a second reading is {found['second_reading_times_faster']:.0f}× faster"
    )
    for name, what in (("start", "starts"), ("learning", "has learned for an epoch")):
        print(
            f"a training on {found['start_items']:.0f} clips {what} after {found[f'first_{name}_s']:.1f} s, a second "
            f"one after {found[f'second_{name}_s']:.1f} s: {found[f'second_{name}_times_sooner']:.1f}× sooner "
            f"({found[f'first_{name}_cpu_s']:.1f} and {found[f'second_{name}_cpu_s']:.1f} s of processor time: "
            f"{found[f'second_{name}_cpu_times_sooner']:.1f}×)"
        )
    print(
        f"training on {found['items']:.0f} items: first epoch {found['first_epoch_s']:.1f} s, second "
        f"{found['second_epoch_s']:.1f} s; {found['features_on_disk_mib']:.0f} MiB of features on disk, "
        f"{found['held_more_mib']:.0f} MiB more held in memory"
    )
    if args.json is not None:
        args.json.write_text(json.dumps(found, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
