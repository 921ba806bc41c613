"""All that performance.md promises of playing, analysing and long lists, in one table: the programs beside this one.

    python -m benchmarks.player [--minutes 25] [--only NAME…] [--out FILE] [--quick]

Each program runs in a process of its own, one after the other, on one clip that is written once. The rows are printed
in Markdown as they come, and at the end in one table with the machine and its load; `--out` keeps that table in a file,
which is renewed after each program. A program that fails, or that no longer fits into the minutes, is named below the
table. With `--quick` no program takes more than two minutes, and none says much, because each case is measured once or
twice.
"""

import argparse
import os
import platform
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Final

sys.path.insert(0, str(Path(__file__).resolve().parent))

from real_window import write_clip
from rows import HEAD, Row, read

ROOT: Final = Path(__file__).resolve().parents[1]
CLIP: Final = "{clip}"
"""Stands for the clip in the words of a program."""
FRAMES, QUICK_FRAMES = 1500, 600


@dataclass(frozen=True)
class Part:
    """One program.

    Attributes:
        name: Its module.
        words: Its arguments.
        most_s: Seconds after which it is ended.
    """

    name: str
    words: tuple[str, ...]
    most_s: float


PARTS: Final = (
    Part("overload", (CLIP, "--seconds", "4"), 300),
    Part("playback", (CLIP, "--seconds", "6"), 360),
    Part("scrub", (CLIP,), 120),
    Part("seek", ("--groups", CLIP, "--seeks", "30"), 150),
    Part("opening", (CLIP,), 240),
    Part("many_clips", (), 400),
    Part("timeline", (), 120),
    Part("analyze", (), 180),
    Part("startup", ("--repeats", "3"), 120),
    Part("growth", (), 240),
    Part("memory", ("--minutes", "2"), 180),
)


def run(part: Part, clip: Path, folder: Path, most_s: float, quick: bool) -> tuple[list[Row], str]:
    """Run a program and return its rows, or why there are none."""
    out = folder / f"{part.name}.json"
    words = [str(clip) if word == CLIP else word for word in part.words]
    command = [sys.executable, "-m", f"benchmarks.{part.name}", *words, "--json", str(out), *["--quick"] * quick]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    process = subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
        start_new_session=True,
    )  # fmt: skip
    try:
        _, said = process.communicate(timeout=most_s)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)  # with the processes that occupy the cores
        process.communicate()
        return [], f"{part.name}: it did not end within {most_s:.0f} s"
    if process.returncode:
        return [], f"{part.name}: {(said.strip().splitlines() or ['it failed'])[-1]}"
    return read(out), ""


def machine() -> str:
    """Return the machine in a line."""
    memory_gb = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9 if hasattr(os, "sysconf") else 0.0
    return f"{_processor()}, {os.cpu_count()} cores, {memory_gb:.0f} GB, {platform.system()} {platform.release()}"


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text("utf-8").splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    return next((line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")), platform.machine())


def report(rows: list[tuple[str, Row]], missed: list[str], loads: list[float], began_s: float) -> str:
    """Return the whole report in Markdown."""
    held = [row.holds for _, row in rows if row.holds is not None]
    lines = [
        f"{machine()}; load of the last minute before the programs: {', '.join(f'{load:.1f}' for load in loads)}; "
        f"{(time.monotonic() - began_s) / 60:.0f} minutes. {sum(held)} of {len(held)} targets are met.",
        "",
        HEAD.replace("| what", "| program | what").replace("| ---", "| --- | ---", 1),
        *(f"| {name} {row}" for name, row in rows),
        "",
        *(f"missed: {why}" for why in missed),
    ]
    return "\n".join(lines)


def main() -> None:
    """Run the programs and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=25.0, help="when to begin no further program")
    parser.add_argument("--only", nargs="+", choices=[part.name for part in PARTS], metavar="NAME")
    parser.add_argument("--out", type=Path, help="write the report to this file, too")
    parser.add_argument("--quick", action="store_true", help="shorter and fewer turns")
    args = parser.parse_args()
    began_s = time.monotonic()
    end_s = began_s + 60 * args.minutes
    rows: list[tuple[str, Row]] = []
    missed: list[str] = []
    loads: list[float] = []
    print(HEAD, flush=True)
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        clip = write_clip(folder / "clip.mp4", QUICK_FRAMES if args.quick else FRAMES, 1920, 1080, faces=1)
        for part in PARTS:
            if args.only and part.name not in args.only:
                continue
            left_s = end_s - time.monotonic()
            if left_s < 10:
                missed.append(f"{part.name}: no time was left")
                continue
            loads.append(os.getloadavg()[0])
            found, why = run(part, clip, folder, min(part.most_s, left_s), args.quick)
            missed += [why] if why else []
            for row in found:
                rows.append((part.name, row))
                print(row, flush=True)
            if args.out is not None:
                args.out.write_text(report(rows, missed, loads, began_s) + "\n", "utf-8")
    print("\n" + report(rows, missed, loads, began_s))


if __name__ == "__main__":
    main()
