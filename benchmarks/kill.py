"""Kill the program (SIGKILL) at random moments while answers and traces are given, and check what is left.

    python benchmarks/kill.py [--kills 200] [--seed 0] [--busy 0] [--traces] [--json OUT]

A child process labels through the same services as the rating and trace screens, and reports through a pipe what was
confirmed to the rater and which samples were taken. After each kill the project is opened again. It must contain every
confirmed answer and every accepted trace as a whole, an interrupted trace may lack at most 250 ms, and `project check`
must find nothing. The exit status is 1 if anything is lost. `--busy` runs the given number of other processes that
compute meanwhile, and `--traces` gives only traces.
"""

import argparse
import hashlib
import json
import multiprocessing
import os
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from fractions import Fraction
from pathlib import Path
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import db.answers
import db.check
import db.clips
import db.raters
import db.studies
import db.traces
from app.domain.answers import Answer, Intensity, PresentationLog, StoredAnswer
from app.domain.media import MediaInfo
from app.domain.study import FULL_CONTEXT, Condition, TraceSpec
from app.domain.study_defaults import default_study
from app.services.projects.files import check_project, open_project
from app.services.study.owner import add_to_study, assign, save_study
from app.services.study.session import AnnotateSession, Task
from db.project import Project

ALLOWED_MISSING_S = 0.25
LENGTH_S = 2.0
STUDIES = ("ratings", "traces")
RATERS = [f"R{i:02d}" for i in range(1, 9)]
CONDITIONS = (Condition("full_context", FULL_CONTEXT), Condition("silent", FULL_CONTEXT, audio=False))
"""Two of which neither needs a face: the clips are not real ones."""


def make_project(folder: Path, n_clips: int) -> Path:
    """Make a project with clips that need no decoding, one study of ratings and one of traces."""
    file = folder / "kill.affectograph"
    with Project.create(file) as project:
        for i in range(n_clips):
            path = folder / f"clip{i:03d}.mp4"
            path.write_bytes(f"clip {i}".encode() * 50)
            info = MediaInfo(
                path=path, kind="video", width=640, height=360, rotation_deg=0, time_base=Fraction(1, 1000),
                n_frames=50, duration_s=LENGTH_S, codec="h264", average_rate=Fraction(25), variable_rate=False,
                has_audio=False, audio_rate=0, audio_channels=0, complete=True, note="",
            )  # fmt: skip
            db.clips.add(project, info, hashlib.sha256(path.read_bytes()).hexdigest())
        ratings = default_study("ratings", trace=False).next_version(
            passes=3, raters_per_cell=len(RATERS), conditions=CONDITIONS
        )
        traces = default_study("traces", trace=False).next_version(
            emotions=(), categories=(), trace=TraceSpec(), passes=3, raters_per_cell=len(RATERS), conditions=CONDITIONS
        )
        for study in (ratings, traces):
            save_study(project, study)
            add_to_study(project, study.name, None, RATERS)
            assign(project, study.name, 1)
    return file


def label(path: Path, seed: int, pipe: int, studies: Sequence[str]) -> None:
    """Answer and trace in a child process until it is killed, and report through the pipe what was confirmed."""
    rng = random.Random(seed)

    def tell(*words: object) -> None:
        os.write(pipe, (" ".join(map(str, words)) + "\n").encode())

    with open_project(path) as project:
        tell("open")
        while True:
            rater, study = rng.choice(RATERS), rng.choice(studies)
            with AnnotateSession(project, rater, study) as session:
                for _ in range(rng.randint(1, 6)):
                    task = session.current()
                    if task is None:
                        break
                    session.begin(task)
                    if task.is_trace:
                        _trace(session, task, rng, tell)
                        continue
                    scores = {name: Intensity(rng.randint(0, 5)) for name in session.study.emotion_names}
                    session.submit(Answer(scores, category="happy"), PresentationLog(frames_shown=250, plays=1))
                    slot = task.slot.slot
                    digits = "".join(str(part.score) for part in scores.values())
                    tell("answer", session.rater.id, task.slot.item_id, slot.condition, slot.pass_no, digits)


def _trace(session: AnnotateSession, task: Task, rng: random.Random, tell: Callable[..., None]) -> None:
    recorder = session.start_trace(task, "mouse")
    value = 0.0
    count = rng.randint(10, 120)
    for i in range(count):
        time.sleep(1 / 75)
        value = max(-1.0, min(1.0, value + rng.gauss(0, 0.05)))
        clock = time.monotonic()
        recorder.add(LENGTH_S * i / count, value, -value, clock)
        tell("sample", task.slot.item_id, session.rater.id, repr(clock))
    kept = session.accept_trace(
        task, recorder, PresentationLog(frames_shown=50, plays=1, first_frame_s=0.0, last_frame_s=LENGTH_S)
    )
    tell("trace", kept.id, count)


def kill_once(path: Path, seed: int, rng: random.Random, studies: Sequence[str] = STUDIES) -> list[list[str]]:
    """Let a child label and kill it; return what it reported."""
    read, write = os.pipe()
    context = multiprocessing.get_context("fork")
    child = context.Process(target=label, args=(path, seed, write, studies))
    child.start()
    os.close(write)
    told = b""
    # The moment depends on how far the child is, so that a busy machine is killed in the middle of things too.
    wanted = rng.choice([rng.randint(1, 8), rng.randint(1, 200)])
    while told.count(b"\n") < wanted:
        part = os.read(read, 1 << 16)
        if not part:
            break
        told += part
    time.sleep(rng.uniform(0.0, 0.1))
    child.kill()
    child.join()
    while part := os.read(read, 1 << 16):
        told += part
    os.close(read)
    # The last line may be cut: then it was not confirmed.
    return [line.decode().split() for line in told.split(b"\n")[:-1]]


class Found(NamedTuple):
    """The result of a check after a kill: what is wrong, and how much of a running trace is missing."""

    problems: list[str]
    missing_s: float | None


def look(path: Path, told: list[list[str]], confirmed: dict[tuple[str, ...], str], whole: bool) -> Found:
    """Open the project again and compare it with what the child reported."""
    for line in told:
        if line[0] == "answer":
            confirmed[tuple(line[1:5])] = line[5]
    problems: list[str] = []
    missing_s: float | None = None
    with open_project(path) as project:
        records = {record.name: record for record in db.studies.every(project)}
        stored: dict[tuple[str, ...], StoredAnswer] = {
            (str(a.key.rater_id), str(a.key.item_id), a.key.condition, str(a.key.pass_no)): a
            for a in db.answers.every(project, records["ratings"].id)
        }
        names = records["ratings"].study.emotion_names
        for key, digits in confirmed.items():
            answer = stored.get(key)
            found = "".join(str(answer.answer.intensities[name].score) for name in names) if answer else None
            if found != digits:
                problems.append(f"answer {key}: {digits} was confirmed, {found} is there")
        traces = db.traces.every(project)
        for line in told:
            if line[0] == "trace" and db.traces.get(project, int(line[1])).n_samples != int(line[2]):
                problems.append(f"trace {line[1]} was accepted with {line[2]} samples")
        # All samples after the last trace that was confirmed belong to one trace: the one that was under way. It may be
        # interrupted, or finished if the kill came between its commit and the line that tells of it.
        ended = max((number for number, line in enumerate(told) if line[0] == "trace"), default=-1)
        samples = [line for line in told[ended + 1 :] if line[0] == "sample"]
        if samples:
            item, rater, clock = int(samples[-1][1]), int(samples[-1][2]), float(samples[-1][3])
            mine = [t for t in traces if (t.item_id, t.rater_id) == (item, rater)]
            last = max((float(db.traces.samples(project, t.id).monotonic_s[-1]) for t in mine), default=0.0)
            missing_s = max(0.0, clock - max(last, float(samples[0][3])))
            if missing_s > ALLOWED_MISSING_S:
                problems.append(f"trace of item {item}: the last {missing_s:.3f} s are missing")
        found_wrong = check_project(project) if whole else db.check.problems(project, thorough=False)
        problems += [problem.what for problem in found_wrong]
    return Found(problems, missing_s)


@contextmanager
def busy(count: int) -> Iterator[None]:
    """Run the given number of processes that compute as fast as they can."""
    context = multiprocessing.get_context("fork")
    children = [context.Process(target=_compute, daemon=True) for _ in range(count)]
    for child in children:
        child.start()
    try:
        yield
    finally:
        for child in children:
            child.kill()
            child.join()


def _compute() -> None:
    while True:
        sum(range(100_000))


def main() -> int:
    """Kill as often as asked and print a report; return 1 if anything is lost."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--busy", type=int, default=0)
    parser.add_argument("--traces", action="store_true")
    parser.add_argument("--json", type=Path)
    args = parser.parse_args()
    rng = random.Random(args.seed)
    confirmed: dict[tuple[str, ...], str] = {}
    problems: list[str] = []
    missing: list[float] = []
    traced = 0
    studies = STUDIES[1:] if args.traces else STUDIES
    with tempfile.TemporaryDirectory() as name, busy(args.busy):
        path = make_project(Path(name), 24)
        for number in range(args.kills):
            told = kill_once(path, args.seed * 100_003 + number, rng, studies)
            traced += sum(line[0] == "trace" for line in told)
            last = number == args.kills - 1
            found = look(path, told, confirmed, whole=last or number % 20 == 19)
            problems += [f"kill {number + 1}: {text}" for text in found.problems]
            if found.missing_s is not None:
                missing.append(found.missing_s)
    report = {
        "kills": args.kills,
        "confirmed_answers": len(confirmed),
        "lost_answers": sum("was confirmed" in text for text in problems),
        "accepted_traces": traced,
        "interrupted_traces": len(missing),
        "load": round(os.getloadavg()[0], 1),
        "median_missing_s": round(statistics.median(missing), 3) if missing else 0.0,
        "longest_missing_s": max(missing, default=0.0),
        "problems": problems,
    }
    print(json.dumps(report, indent=2))
    if args.json:
        args.json.write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
