"""What a Dask cluster costs and gains: clips analysed by the workers of this computer, and by one process alone.

    python -m benchmarks.cluster [--clips 12] [--seconds 10] [--quick] [--json OUT]

Processor time is measured and no wall time, so that other programs on the machine do not matter: that of all processes
together says what a cluster adds, and that of the busiest process is how long the work takes if each has a core of its
own. The files of all runs are compared byte by byte. A random search is measured in the same way.
"""

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent))

import psutil
from rows import Row, arguments, show

from app.jobs import Context
from app.synthetic.actor import act
from app.synthetic.spec import ActorSpec
from app.synthetic.stage import write_clip

SEARCH = """
import sys
import numpy as np
from app.cluster import Cluster
from app.fusion.far_search import FarScorer
from app.fusion.search import Scorer, SearchPlan, search
from app.fusion.table import Kind, MemberTable
from app.jobs import Context
draws, address = int(sys.argv[1]), sys.argv[2]
rng = np.random.default_rng(0)
members, items, classes = 8, 2000, 7
said = rng.dirichlet(np.ones(classes), (members, items))
label = rng.integers(0, classes, items)
names = [tuple(f"{kind}{n}" for n in range(count)) for kind, count in (("m", members), ("c", classes), ("i", items))]
kinds = np.full((members, items), int(Kind.HELD_OUT), np.int8)
table = MemberTable(*names, names[2], said, kinds, np.eye(classes)[label], np.zeros((items, classes)))
scorer, plan = Scorer.of(table), SearchPlan(draws=draws, least=0.4)
if address:
    with Cluster(address, Context()) as cluster:
        print(search(FarScorer(scorer, cluster, Context()), plan).weights.tobytes().hex())
else:
    print(search(scorer, plan).weights.tobytes().hex())
"""
Spent = list[float]
"""Processor seconds of the process that asks, and of each worker."""


def cpu_of(command: list[str]) -> tuple[float, str]:
    """Run a program, and return its processor seconds and what it prints."""
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    said = process.stdout.read() if process.stdout is not None else ""
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.stdout is not None:
        process.stdout.close()
    if process.returncode:
        raise RuntimeError(f"{' '.join(command)} ended with {process.returncode}")
    return used.ru_utime + used.ru_stime, said


@contextmanager
def workers(count: int) -> Iterator[tuple[str, Callable[[], list[float]]]]:
    """Start workers; yield their scheduler's address and a function that reads their processor seconds."""
    from distributed import LocalCluster

    started: Any = LocalCluster
    with started(
        n_workers=count, threads_per_worker=1, processes=True, dashboard_address=":0", silence_logs=60
    ) as cluster:
        processes = [psutil.Process(each.process.process.pid) for each in cluster.workers.values()]

        def spent() -> list[float]:
            return [sum(process.cpu_times()[:2]) for process in processes]

        yield str(cluster.scheduler_address), spent


def measured(command: list[str], count: int) -> tuple[Spent, str]:
    """Run a program with some workers, whose address becomes its last word; none gives it an empty one."""
    if not count:
        seconds, said = cpu_of([*command, ""])
        return [seconds], said
    with workers(count) as (address, spent):
        before = spent()
        seconds, said = cpu_of([*command, address])
        return [seconds, *(after - then for after, then in zip(spent(), before, strict=True))], said


def rows_of(what: str, spent: Sequence[Spent], most: float | None = None) -> list[Row]:
    """Return what a cluster adds to a job, and what two workers gain, of which at most the share `most` is wanted."""
    alone, one, two = spent
    return [
        Row.of(f"{what}: all processes, two workers", [sum(two)], "s", [sum(alone)], "one process"),
        Row.of(f"{what}: the busiest process, two workers", [max(two)], "s", [max(one)], "one worker", most=most),
        Row.of(f"{what}: the process that asks, two workers", [two[0]], "s", [sum(two)], "all processes"),
    ]


def clips_rows(folder: Path, count: int, seconds: float) -> list[Row]:
    """Analyse clips alone, with one worker and with two, and compare the files."""
    clips = folder / "clips"
    clips.mkdir()
    people = max(count // 2, 1)
    for clip in act(
        ActorSpec(subjects=people, clips_per_subject=-(-count // people), seconds=seconds, rate=25, seed=1)
    ):
        write_clip(clip, clips / f"{clip.name}.mp4", Context())
    spent = []
    for number in (0, 1, 2):
        out = folder / f"out{number}"
        command = [sys.executable, "-m", "app", "analyze", str(clips), "--device", "cpu", "--out", str(out)]
        spent.append(measured([*command, "--scheduler"], number)[0])
        for path in (folder / "out0").glob("*.csv"):
            if path.read_bytes() != (out / path.name).read_bytes():
                raise RuntimeError(f"{path.name} differs with {number} workers")
    return rows_of(f"analysis of {len(list(clips.iterdir()))} clips of {seconds:g} s", spent, 0.6)


def search_rows(draws: int) -> list[Row]:
    """Search weights alone, with one worker and with two, and compare what was found."""
    found = [measured([sys.executable, "-c", SEARCH, str(draws)], number) for number in (0, 1, 2)]
    if len({said for _, said in found}) != 1:
        raise RuntimeError("the searches found different weights")
    return rows_of(f"random search, {draws:,} draws a stage", [spent for spent, _ in found])


def main() -> None:
    """Measure, and print the rows."""
    parser = arguments(__doc__)
    parser.add_argument("--clips", type=int, default=12)
    parser.add_argument("--seconds", type=float, default=10.0)
    args = parser.parse_args()
    count, seconds, draws = (2, 1.0, 5_000) if args.quick else (args.clips, args.seconds, 100_000)
    with tempfile.TemporaryDirectory() as folder:
        rows = [*clips_rows(Path(folder), count, seconds), *search_rows(draws)]
    show(rows, "What a cluster on this computer costs and gains, in processor seconds", args.json)


if __name__ == "__main__":
    main()
