"""Random access to frames: ours against opening and decoding the file again, and against cv2.VideoCapture.

    python -m benchmarks.seek [CLIP…]
    python -m benchmarks.seek --groups CLIP [--seeks 40] [--quick] [--json OUT]

Without a clip the program writes four of its own, in which each frame shows its number as a barcode: H.264 with
B-frames and a keyframe every 250 frames at a constant rate (MP4) and at a variable one (MKV), HEVC, and VP9. The
methods take turns on the same frames. A picture of a generated clip is right if its barcode shows the wanted number; a
picture of another clip is right if it equals the picture that sequential decoding gives. The program prints how many
were right, the median time, and the ratio to ours without any frame in memory.

`--groups CLIP` compares with the least that any program has to do: plain PyAV with all threads seeks to the keyframe
before a random frame and decodes up to it. Ours and PyAV take turns on the same frames, and ours starts each time
without any frame in memory. Afterwards ours also takes a step back, a frame up to 20 before or 8 after, and the same
frame again. The rows are 95th percentiles and medians over the seeks.
"""

import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Final

sys.path.insert(0, str(Path(__file__).resolve().parent))

import av
import cv2
import numpy as np
from numpy.typing import NDArray
from rows import Row, arguments, show

from app.media.reader import VideoReader
from app.media.writer import ClipWriter, Encoding, can_encode

Picture = NDArray[np.uint8]
BITS = 12
LONG_BITS = 14
"""Bits of the barcode in the clips of `benchmarks.overload`."""
GROUP_BYTES: Final = 800 << 20
NEARBY_MS: Final = 50.0
"""What a seek may take whose frame was decoded on the way to another one."""


def picture(number: int, width: int, height: int) -> Picture:
    """Return a picture of moving shades that shows its number as black and white cells along the top."""
    rows, columns = np.mgrid[0:height, 0:width]
    shades = [(columns + 3 * number) % 256, (rows + 5 * number) % 256, (rows + columns) % 256]
    image = np.stack(shades, -1).astype(np.uint8)
    cell = width // BITS
    bits = np.array([(number >> bit) & 1 for bit in range(BITS)], np.uint8) * 255
    image[:cell, : BITS * cell] = np.repeat(bits, cell)[None, :, None]
    return image


def number_in(image: Picture, bits: int = BITS) -> int:
    """Return the number that the barcode of a picture shows."""
    cell = image.shape[1] // bits
    cells = image[cell // 4 : cell * 3 // 4, : bits * cell, :3].mean(axis=(0, 2)).reshape(bits, cell)
    middle = cells[:, cell // 4 : -cell // 4].mean(axis=1)
    return sum(1 << bit for bit, level in enumerate(middle) if level > 127)


def write_clips(folder: Path, n_frames: int, width: int, height: int) -> list[Path]:
    """Write the four clips and return their paths."""
    steps = np.random.default_rng(0).integers(10, 120, n_frames - 1)
    stamps = [0, *np.cumsum(steps).tolist()]
    recipes: dict[str, tuple[Encoding, list[int] | None]] = {
        "constant.mp4": (Encoding(gop=250, b_frames=3), None),
        "variable.mkv": (Encoding(gop=250, b_frames=3), stamps),
        "hevc.mp4": (Encoding(codec="hevc", gop=250), None),
        "vp9.webm": (Encoding(codec="vp9", gop=128), None),
    }
    paths = []
    for name, (encoding, pts) in recipes.items():
        if not can_encode(encoding.codec):
            continue
        time_base = Fraction(1, 1000) if pts else None
        with ClipWriter(folder / name, width, height, time_base=time_base, encoding=encoding) as writer:
            for number in range(n_frames):
                writer.write(picture(number, width, height), pts[number] if pts else None)
        paths.append(folder / name)
    return paths


def reopen_and_decode(path: Path, idx: int) -> Picture:
    """Open the file and decode from its start, which is exact and needs no index."""
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        stream.thread_type = "AUTO"
        for number, frame in enumerate(container.decode(stream)):
            if number == idx:
                return np.asarray(frame.to_ndarray(format="rgb24"), dtype=np.uint8)
    raise IndexError(idx)


def opencv(capture: cv2.VideoCapture, idx: int) -> Picture:
    """Set the position by frame number and read; return a black picture if nothing can be read."""
    capture.set(cv2.CAP_PROP_POS_FRAMES, idx)
    read, image = capture.read()
    return np.asarray(image[:, :, ::-1]) if read else np.zeros((48, 64, 3), np.uint8)


def same(image: Picture, wanted: Picture) -> bool:
    """Return whether two pictures show the same frame, allowing for another program's rounding of colours."""
    if image.shape != wanted.shape:
        return False
    return float(np.abs(image.astype(np.int16) - wanted).mean()) < 3.0


def measure(path: Path, count: int, seed: int, coded: bool) -> None:
    """Compare the methods on one clip and print a table."""
    rng = random.Random(seed)
    with VideoReader(path) as reader, VideoReader(path, index=reader.index, cache_bytes=1) as cold:
        wanted_idx = [rng.randrange(len(reader)) for _ in range(count)]
        needed = set() if coded else set(wanted_idx)
        wanted = {frame.frame_idx: frame.image for frame in reader.frames() if frame.frame_idx in needed}
        capture = cv2.VideoCapture(str(path))
        methods: dict[str, Callable[[int], Picture]] = {
            "ours": lambda idx: cold.frame(idx).image,
            "ours, 256 MB in memory": lambda idx: reader.frame(idx).image,
            "re-open and decode": lambda idx: reopen_and_decode(path, idx),
            "cv2.VideoCapture": lambda idx: opencv(capture, idx),
        }
        times: dict[str, list[float]] = {name: [] for name in methods}
        right = dict.fromkeys(methods, 0)
        for idx in wanted_idx:
            for name, method in methods.items():
                seconds, image = timed(method, idx)
                times[name].append(seconds)
                right[name] += number_in(image) == idx if coded else same(image, wanted[idx])
        claimed = int(capture.get(cv2.CAP_PROP_FRAME_COUNT))
        capture.release()
        top = max(wanted_idx)
        back = [timed(methods["ours, 256 MB in memory"], idx)[0] for idx in range(top, max(top - 30, 0), -1)]
        info = reader.info
    print(f"\n{path.name}: {info.width} × {info.height}, {info.codec}, {info.n_frames} frames (OpenCV: {claimed})")
    ours = statistics.median(times["ours"])
    for name in methods:
        median = statistics.median(times[name])
        print(
            f"  {name:24s} right {right[name]:3d}/{count}  median {median * 1e3:7.1f} ms  {median / ours:6.3f} × ours"
        )
    print(f"  {'ours, one step back':24s} {'':13s} median {statistics.median(back[1:]) * 1e3:7.1f} ms", flush=True)


def plain_decode(path: Path, key_s: float, pts: int) -> Picture:
    """Decode from a keyframe up to a frame with all threads, in a file that is already open, as ours is."""
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        stream.thread_type = "AUTO"
        container.seek(round(key_s * av.time_base))
        for frame in container.decode(stream):
            if frame.pts is not None and frame.pts >= pts:
                return np.asarray(frame.to_ndarray(format="rgb24"), dtype=np.uint8)
    raise IndexError(pts)


def measure_groups(path: Path, count: int, seed: int) -> list[Row]:
    """Compare with decoding from the keyframe once, and return the rows."""
    rng = random.Random(seed)
    times: dict[str, list[float]] = {name: [] for name in ("seek", "plain", "back", "nearby", "again")}
    right = total = 0
    with VideoReader(path, cache_bytes=GROUP_BYTES) as first:
        index = first.index
    for _ in range(count):
        idx = rng.randrange(1, len(index) - 8)
        with VideoReader(path, index=index, cache_bytes=GROUP_BYTES) as reader:
            near = max(idx + rng.randrange(-20, 9), 0)
            key_s = float(index.times_s[reader.keyframe_idx(idx)])
            times["plain"].append(timed(lambda _: plain_decode(path, key_s, int(index.pts[idx])), idx)[0])  # noqa: B023
            for name, wanted in (("seek", idx), ("back", idx - 1), ("nearby", near), ("again", idx)):
                seconds, image = timed(lambda at: reader.frame(at).image, wanted)
                times[name].append(seconds)
                right += number_in(image, LONG_BITS) == wanted
                total += 1
    p95 = {name: [1e3 * float(np.percentile(each, 95))] for name, each in times.items()}
    ours, plain = ([1e3 * one for one in times[name]] for name in ("seek", "plain"))
    rows = [
        Row.of("random seek, p95", p95["seek"], "ms", p95["plain"], "PyAV from the keyframe", most=1.15),
        Row.of("random seek, median", ours, "ms", plain, "PyAV from the keyframe"),
        Row.of("frames that are the right one", [right], "", [total], "asked for", least=1.0),
    ]
    for name, words in (("back", "first step back"), ("nearby", "second seek nearby"), ("again", "the same again")):
        rows.append(Row.of(f"{words}, p95", p95[name], "ms", [NEARBY_MS], "bound", most=1.0))
    return rows


def timed(method: Callable[[int], Picture], idx: int) -> tuple[float, Picture]:
    """Return the seconds that one call takes, and its picture."""
    began_s = time.perf_counter()
    image = method(idx)
    return time.perf_counter() - began_s, image


def main() -> None:
    """Run on the named clips, or on generated ones."""
    parser = arguments(__doc__)
    parser.add_argument("clips", nargs="*", type=Path)
    parser.add_argument("--seeks", type=int, default=40)
    parser.add_argument("--frames", type=int, default=1000, help="length of generated clips")
    parser.add_argument("--size", type=int, nargs=2, default=(640, 360), metavar=("W", "H"))
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--groups", type=Path, metavar="CLIP", help="a clip whose frames carry their numbers")
    args = parser.parse_args()
    count = min(args.seeks, 8) if args.quick else args.seeks
    if args.groups is not None:
        show(measure_groups(args.groups, count, args.seed), f"{count} seeks in {args.groups.name}", args.json)
        return
    with tempfile.TemporaryDirectory() as folder:
        for path in args.clips or write_clips(Path(folder), args.frames, *args.size):
            measure(path, count, args.seed, coded=not args.clips)


if __name__ == "__main__":
    main()
