"""What models of categories cost: from clips to features, from epoch to epoch, and memory at many items.

    python -m benchmarks.categories [--clips 6] [--items 10000] [--json OUT]

Reading: items a second from a clip to the features of face and surroundings, beside the sum of its parts (decoding,
following faces, cutting, network, statistics), which are measured one by one on the same clips; and a second reading of
the same items, which finds everything kept. Training: the second epoch of a GRU beside the first. Memory: what the
process holds beyond files mapped into memory, before and after an epoch over all items. Targets: the reading is no
slower than the sum of its parts; a second training on the same items starts ≥ 10× sooner.
"""

import argparse
import json
import os
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any, Final

os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy as np
import torch
from numpy.typing import NDArray

import db.items
from app.domain.item_data import Parts, load_items, save_items
from app.domain.recipes import find_recipe
from app.domain.snapshot import Split
from app.faces.clip_tracks import track_clip
from app.faces.mtcnn import MtcnnDetector
from app.files import sha256_of
from app.jobs import Context
from app.learning.clip.run import prepare
from app.learning.clip.task import ClipTask
from app.learning.process.loop import train_epoch
from app.services.predict.readers import open_reader
from app.services.predict.streams import StreamBank
from app.services.projects.files import add_clips, create_project
from app.streams.catalogue import open_streams
from app.streams.stream import PictureStream, Seen, due
from app.synthetic.actor import act
from app.synthetic.spec import ActorSpec
from app.synthetic.stage import write_clip

STREAMS: Final = ("face_oval", "context_masked")
FRAMES: Final = 25
FEATURES: Final = 320


def timed(work: Callable[[], Any]) -> tuple[float, Any]:
    """Seconds of wall time, and the result."""
    began_s = time.perf_counter()
    made = work()
    return time.perf_counter() - began_s, made


def reading(folder: Path, clips: int) -> dict[str, float]:
    """Read some clips once by the program, once part by part, and once more by the program."""
    made = act(ActorSpec(subjects=clips, clips_per_subject=1, seconds=2.0, rate=12, ambiguous=0, ordered=0))
    paths = [write_clip(clip, folder / f"{clip.name}.mp4") for clip in made]
    ours: list[float] = []
    parts: list[float] = []
    again: list[float] = []
    with create_project(folder / "people.affectograph") as project:
        add_clips(project, paths, ctx=Context())
        items = db.items.every(project)
        warm = StreamBank(open_streams(STREAMS, device="cpu"), "cpu")
        detector = MtcnnDetector("cpu")
        # The first clip opens networks and files for both sides and is not counted.
        for number, (item, path) in enumerate(zip(items, paths, strict=True)):
            digest = sha256_of(path)
            with open_reader(path, Context()):  # its index is made once, for both sides
                pass
            pictures = [stream for stream in warm.streams if isinstance(stream, PictureStream)]
            # Every other clip is read by parts first.
            serial = by_parts(path, detector, pictures) if number % 2 else 0.0
            seconds, found = timed(partial(warm.read, project, item, path, digest, Context()))
            serial = serial or by_parts(path, detector, pictures)
            second, _ = timed(partial(warm.read, project, item, path, digest, Context()))
            if number and len(found.times_s):
                ours.append(seconds)
                parts.append(serial)
                again.append(second)
    one, sum_of_parts, kept = (statistics.median(each) for each in (ours, parts, again))
    return {
        "items_per_s": 1 / one,
        "items_per_s_of_parts": 1 / sum_of_parts,
        "ratio_to_parts": sum_of_parts / one,
        "second_reading_times_faster": one / kept,
    }


def by_parts(path: Path, detector: MtcnnDetector, streams: list[PictureStream]) -> float:
    """Seconds of decoding twice, following faces, cutting and reading, each measured on its own."""

    def decoded() -> list[Any]:
        with open_reader(path, Context()) as reader:
            return list(reader.frames())

    first, frames = timed(decoded)
    second, _ = timed(decoded)
    following, tracked = timed(lambda: list(track_clip(iter(frames), detector)))
    seen = [Seen(each.frame.image, each.faces[0].face) for each in tracked if each.faces]
    times_s = np.array([each.frame.time_s for each in tracked if each.faces])
    total = first + second + following
    for stream in streams:
        rows = due(times_s, stream.spec.rate_hz)
        cutting, pictures = timed(partial(cut_all, stream, [seen[row] for row in rows]))
        said, _ = timed(partial(stream.rows, pictures, times_s[rows]))
        total += cutting + said
    return total


def cut_all(stream: PictureStream, seen: list[Seen]) -> NDArray[np.uint8]:
    """The pictures of a stream."""
    return np.stack([stream.source.cut(each) for each in seen])


def training(folder: Path, items: int) -> dict[str, float]:
    """Two epochs of a GRU over items in files, and what the process holds."""
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
        "first_epoch_s": first,
        "second_epoch_s": second,
        "second_to_first": second / first,
        "features_on_disk_mib": on_disk / 2**20,
        "held_more_mib": (held_bytes() - before) / 2**20,
    }


def held_bytes() -> int:
    """Memory of this process that no file backs; all of its memory where the system does not tell them apart."""
    try:
        lines = Path("/proc/self/status").read_text("utf-8").splitlines()
        return 1024 * int(next(line for line in lines if line.startswith("RssAnon")).split()[1])
    except (OSError, StopIteration):
        import psutil

        return int(psutil.Process().memory_info().rss)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--clips", type=int, default=6)
    parser.add_argument("--items", type=int, default=10_000)
    parser.add_argument("--json", type=Path)
    args = parser.parse_args()
    torch.set_num_threads(1)
    with tempfile.TemporaryDirectory() as place:
        os.environ["AFFECTOGRAPH_HOME"] = place  # nothing is kept from before, and nothing stays
        found = reading(Path(place), max(args.clips, 2)) | training(Path(place), args.items)
    print(
        f"reading: {found['items_per_s']:.2f} items/s, the sum of its parts {found['items_per_s_of_parts']:.2f} "
        f"(ratio {found['ratio_to_parts']:.2f}); a second reading is {found['second_reading_times_faster']:.0f}× faster"
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
