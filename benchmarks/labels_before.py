"""The time to commit an answer and to open a project, against another version of this program in the same run.

    git worktree add --detach ../before VERSION
    python -m benchmarks.labels_before ../before [--ratings 200000] [--answers 400] [--openings 15] [--json OUT]

Each version makes a project with its own `benchmarks/labels.py`. Then the two take turns, one act each, in two
processes that run throughout. `commit` is the time for which a rater waits, from the wish to save until the answer is
confirmed; `step` also includes finding and beginning the next task. `open` opens and closes the project with the
ratings, `open_empty` an empty one. `ratio` is our time divided by the other's: that of the medians and, for commits,
that of the 99th percentiles too.
`cpu_` marks the same of the processor's time, which depends less on what else runs on the machine.
"""

import argparse
import importlib
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Generator, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent


def serve(root: Path, folder: Path, ratings: int, answers: int) -> int:
    """Do what lines on standard input ask for with the code of one version, and answer each with its times."""
    sys.path[:] = [str(root / "benchmarks"), str(root), *(p for p in sys.path if Path(p or ".").resolve() != ROOT)]
    labels: Any = importlib.import_module("labels")  # the version's own
    if Path(labels.__file__).resolve().parent != (root / "benchmarks").resolve():
        raise RuntimeError(f"this is {labels.__file__}, not the version in {root}")
    big = labels.make_project(folder, ratings, answers)
    empty = folder / "empty.affectograph"
    labels.Project.create(empty).close()
    acts: dict[str, Callable[[], object]] = {
        "open": lambda: labels.open_project(big).close(),
        "open_empty": lambda: labels.open_project(empty).close(),
    }
    print("ready", flush=True)
    with labels.open_project(big) as project, labels.AnnotateSession(project, "R00", "big") as session:
        step = commits(labels, session)
        for line in sys.stdin:
            if line.strip() != "commit":
                break
            print(json.dumps(next(step)), flush=True)
    print("closed", flush=True)
    for line in sys.stdin:
        began = time.perf_counter()
        used = time.process_time()
        acts[line.strip()]()
        print(json.dumps([time.perf_counter() - began, time.process_time() - used]), flush=True)
    return 0


def commits(labels: Any, session: Any) -> Generator[list[float], None, None]:
    """Yield the times of each commit, alone and with the beginning of its task, each by the clock and the processor."""
    log = labels.PresentationLog(frames_shown=250, plays=1, window_width=800, window_height=600)
    while True:
        found, found_cpu = time.perf_counter(), time.process_time()
        task = session.current()
        session.begin(task)
        names = session.study.emotion_names
        answer = labels.Answer({name: labels.Intensity(3) for name in names}, "happy", confidence=3)
        began, began_cpu = time.perf_counter(), time.process_time()
        session.submit(answer, log, task=task)
        ended, ended_cpu = time.perf_counter(), time.process_time()
        yield [ended - began, ended_cpu - began_cpu, ended - found, ended_cpu - found_cpu]


def ask(version: "subprocess.Popen[str]", act: str) -> list[float]:
    """Let a version do something and return the seconds that it took.

    Raises:
        RuntimeError: It has ended.
    """
    if version.stdin is None or version.stdout is None:
        raise RuntimeError("a version must have pipes")
    version.stdin.write(act + "\n")
    version.stdin.flush()
    return list(json.loads(heard(version)))


def heard(version: "subprocess.Popen[str]") -> str:
    """Return the next line that a version prints.

    Raises:
        RuntimeError: It has ended.
    """
    line = version.stdout.readline() if version.stdout is not None else ""
    if not line:
        raise RuntimeError(f"the version {version.args!r} has ended with {version.wait()}")
    return line.strip()


Times = dict[str, list[tuple[float, float]]]
"""By act: seconds on the clock and of the processor, once for each time."""


def measure(versions: dict[str, "subprocess.Popen[str]"], answers: int, openings: int) -> dict[str, Times]:
    """Return the times of each act of each version, taken in turn; the version that begins changes each time."""
    taken: dict[str, Times] = {name: {} for name in versions}
    for number in range(answers + 5):
        for name in sorted(versions, reverse=number % 2 == 1):
            commit, commit_cpu, step, step_cpu = ask(versions[name], "commit")
            if number >= 5:  # the first ones warm caches of statements
                taken[name].setdefault("commit", []).append((commit, commit_cpu))
                taken[name].setdefault("step", []).append((step, step_cpu))
    for version in versions.values():
        if version.stdin is not None:
            version.stdin.write("end\n")
            version.stdin.flush()
        heard(version)
    for number in range(openings + 1):
        for name in sorted(versions, reverse=number % 2 == 1):
            for act in ("open", "open_empty"):
                seconds, cpu = ask(versions[name], act)
                if number >= 1:
                    taken[name].setdefault(act, []).append((seconds, cpu))
    return taken


def report(taken: dict[str, Times]) -> dict[str, Any]:
    """Return medians and 99th percentiles in ms, and their ratios, of what `measure` returned."""

    def late(seconds: Sequence[float]) -> float:
        return sorted(seconds)[min(len(seconds) - 1, int(0.99 * len(seconds)))]

    said: dict[str, Any] = {}
    for act in taken["ours"]:
        (ours, ours_cpu), (before, before_cpu) = (zip(*taken[name][act], strict=True) for name in ("ours", "before"))
        said[act] = _beside("", statistics.median, ours, before) | _beside(
            "cpu_", statistics.median, ours_cpu, before_cpu
        )
        if act in ("commit", "step"):
            said[act] |= _beside("p99_", late, ours, before)
    return said


def _beside(
    prefix: str, of: Callable[[Sequence[float]], float], ours: Sequence[float], before: Sequence[float]
) -> dict[str, float]:
    mine, theirs = of(ours), of(before)
    return {
        f"{prefix}ours_ms": round(1e3 * mine, 3),
        f"{prefix}before_ms": round(1e3 * theirs, 3),
        f"{prefix}ratio": round(mine / theirs, 3),
    }


def main() -> int:
    """Measure and print a report."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("before", type=Path, help="a folder with the other version's code")
    parser.add_argument("--ratings", type=int, default=200_000)
    parser.add_argument("--answers", type=int, default=400)
    parser.add_argument("--openings", type=int, default=15)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--serve", type=Path, metavar="FOLDER", help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.serve is not None:
        return serve(args.before.resolve(), args.serve, args.ratings, args.answers)
    with tempfile.TemporaryDirectory() as name:
        versions: dict[str, subprocess.Popen[str]] = {}
        for title, root in (("ours", ROOT), ("before", args.before.resolve())):
            folder = Path(name) / title
            folder.mkdir()
            words = [str(root), "--ratings", str(args.ratings), "--answers", str(args.answers), "--serve", str(folder)]
            environment = {**os.environ, "PYTHONPATH": str(root), "AFFECTOGRAPH_HOME": str(folder / "home")}
            versions[title] = subprocess.Popen(
                [sys.executable, __file__, *words], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
                env=environment, cwd=folder,
            )  # fmt: skip
        try:
            for version in versions.values():
                heard(version)
            taken = measure(versions, args.answers, args.openings)
        finally:
            for version in versions.values():
                version.kill()
                version.communicate()
    said = {"ratings": args.ratings, "commits_each": args.answers, "openings_each": args.openings} | report(taken)
    print(json.dumps(said, indent=2))
    if args.json:
        args.json.write_text(json.dumps(said, indent=2) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
