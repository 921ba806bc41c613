"""Kill the program (SIGKILL) during an export, a backup, a kit, a merge or an upgrade, and check what is left.

    python -m benchmarks.halfway [--kills 12] [--seed 0] [--works export backup kit merge upgrade] [--json OUT]

Each work is first done without a kill in a copy of a small project, and its steps are counted: files that it opens for
writing, renames, links or removes, folders, and SQL statements. Then each kill gets a fresh copy. A child does the same
work and kills itself before a random step or, every other time, at a random moment. Afterwards each file with a final
name must be as it was before the work or as it is after the work, and the project must be sound. The same work, done
again, must give the same result as without a kill. The exit status is 1 if anything is wrong.
"""

import argparse
import gzip
import hashlib
import json
import multiprocessing
import os
import random
import shutil
import signal
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent))

import kill
import numpy as np
from sqlalchemy import Engine, event

import db.clips
import db.edits
import db.items
import db.raters
import db.traces
from app.domain.answers import Answer, Intensity, PresentationLog
from app.domain.project import TraceStart
from app.domain.traces import TraceSamples
from app.errors import UserError
from app.services.labels.export import export_labels
from app.services.projects.files import check_project, open_project
from app.services.projects.health import backup_project
from app.services.study.kits import make_kit, merge_kit
from app.services.study.session import AnnotateSession
from db.places import SUFFIX
from db.presence import KEY as OPEN
from db.project import Project

OLD = Path(__file__).resolve().parent.parent / "tests" / "data" / "projects" / "0.1" / "sound.affectograph.gz"
NAME = "kill" + SUFFIX
OLD_NAME = "old" + SUFFIX
LOG = PresentationLog(frames_shown=50, plays=1, first_frame_s=0.0, last_frame_s=kill.LENGTH_S)
STEPS = {"os.rename", "os.link", "os.remove", "os.mkdir", "os.rmdir", "sqlite3.connect"}
CLIPS = 4


def answer(project: Project, rater: str, seed: int, most: int = 4) -> None:
    """Answer a few questions and give a trace."""
    rng = random.Random(seed)
    for study in kill.STUDIES:
        with AnnotateSession(project, rater, study) as session:
            for _ in range(most if study == "ratings" else 1):
                task = session.current()
                assert task is not None
                session.begin(task)
                if task.is_trace:
                    recorder = session.start_trace(task, "mouse")
                    for i in range(50):
                        recorder.add(kill.LENGTH_S * i / 50, rng.uniform(-1, 1), 0.0, i / 25)
                    session.accept_trace(task, recorder, LOG)
                    continue
                scores = {name: Intensity(rng.randint(0, 5)) for name in session.study.emotion_names}
                session.submit(Answer(scores, category="happy", comment="= a word"), LOG, task=task)


def calibrate(kit: Project, rater: str) -> None:
    """Measure a reaction lag in a kit, which leaves a clip that no list shows, a trace on it, and the lag."""
    path = kit.folder / "reaction-lag.mp4"
    path.write_bytes(b"dot" * 100_000)
    first = db.clips.every(kit)[0]
    info = type(first.info)(**{**first.info.__dict__, "path": path})
    clip = db.clips.add(kit, info, hashlib.sha256(path.read_bytes()).hexdigest())
    db.edits.apply(kit, db.edits.remove_clips(kit, [clip.id]))
    (item,) = db.items.every(kit, clip_id=clip.id, removed=True)
    who = db.raters.by_code(kit, rater)
    assert who is not None
    samples = TraceSamples(np.arange(3.0), np.full((3, 2), 0.25, np.float32), np.arange(3.0), "mouse")
    db.traces.add(kit, TraceStart(item.id, who.id, "calibration", True, "mouse", 1, 1, calibration=True), samples)
    db.raters.set_lag(kit, who.id, 0.25)


def make(folder: Path) -> None:
    """Make what the works need: a project with answers, an older export of it, a kit with answers, an old project."""
    folder.mkdir()
    path = kill.make_project(folder, CLIPS)
    with open_project(path) as project:
        answer(project, "R01", 1)
        export_labels(project, folder / "export")
        answer(project, "R03", 3)
        kit = make_kit(project, "R02", folder / "from-R02")
    with open_project(kit) as project:
        answer(project, "R02", 2)
        calibrate(project, "R02")
    (folder / OLD_NAME).write_bytes(gzip.decompress(OLD.read_bytes()))


def rows(path: Path) -> dict[str, list[str]]:
    """Return the contents of all tables except times, random marks, and who has the file open."""
    out = {}
    passing = ("_at", "uid", "digest", "path", "seal", "monotonic_s")
    with closing(sqlite3.connect(path)) as connection:
        names = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        for name in sorted(names):
            columns = [row[1] for row in connection.execute(f'PRAGMA table_info("{name}")')]
            kept = [column for column in columns if not column.endswith(passing)]
            if kept and name not in ("audit", "receipt"):
                listed = ", ".join(f'"{column}"' for column in kept)
                found = map(repr, connection.execute(f'SELECT {listed} FROM "{name}"'))
                # A process that was killed cannot say that it no longer has the file open.
                out[name] = sorted(row for row in found if not (name == "setting" and row.startswith(f"('{OPEN}")))
    return out


def seen(folder: Path) -> dict[str, str]:
    """Return the hashes of all files that a user sees, except projects and the files that SQLite keeps beside them."""
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and SUFFIX not in path.name and not any(p[0] == "." for p in path.relative_to(folder).parts)
    }


def projects(folder: Path, old: bool) -> dict[str, Any]:
    """Return the contents of all projects that a user sees; opening them completes unfinished work."""
    out: dict[str, Any] = {}
    for path in sorted(folder.rglob("*" + SUFFIX)):
        if not any(part[0] == "." for part in path.relative_to(folder).parts) and (old or path.name != OLD_NAME):
            with open_project(path) as project:
                damaged = [one.what for one in check_project(project, hash_files=False) if one.damage]
            out[str(path.relative_to(folder))] = damaged or rows(path)
    return out


def _export(folder: Path) -> None:
    with open_project(folder / NAME) as project:
        refused = export_labels(project, folder / "export", comments=True).refused
    if refused:
        raise refused[0]


def _backup(folder: Path) -> None:
    backup_project(folder / NAME, folder / ("copy" + SUFFIX))


def _kit(folder: Path) -> None:
    with open_project(folder / NAME) as project:
        make_kit(project, "R01", folder / "for-R01")


def _merge(folder: Path) -> None:
    with open_project(folder / NAME) as project:
        merge_kit(project, folder / "from-R02")


def _upgrade(folder: Path) -> None:
    with open_project(folder / OLD_NAME):
        pass


WORKS: dict[str, tuple[Callable[[Path], None], str]] = {
    "export": (_export, ""),
    "backup": (_backup, "copy" + SUFFIX),
    "kit": (_kit, "for-R01"),
    "merge": (_merge, ""),
    "upgrade": (_upgrade, ""),
}
"""Each work, and the name that it gives to what it makes: that is not made again once it is there."""


@dataclass
class Steps:
    """A counter of this process's steps, which can kill the process before one of them."""

    last: int = 0
    done: int = 0
    on: bool = True

    def step(self) -> None:
        """Count one step, and kill the process if its turn has come."""
        if self.on:
            self.done += 1
            if self.done == self.last:
                os.kill(os.getpid(), signal.SIGKILL)

    def listen(self) -> None:
        """Count steps from now on."""
        writes = os.O_WRONLY | os.O_RDWR

        def hear(name: str, words: tuple[Any, ...]) -> None:
            if name in STEPS or (name == "open" and words[2] & writes):
                self.step()

        sys.addaudithook(hear)
        event.listen(Engine, "before_cursor_execute", lambda *_: self.step())
        event.listen(Engine, "commit", lambda *_: self.step())


def in_child(folder: Path, work: str, last: int, after_s: float, pipe: int) -> None:
    """Do the work in a child that is killed before a step or after some seconds; report its steps and duration."""
    act, _ = WORKS[work]
    steps = Steps(last)
    steps.listen()
    if after_s:
        signal.setitimer(signal.ITIMER_REAL, after_s)  # ends the process without another word, as SIGKILL does
    began = time.monotonic()
    act(folder)
    steps.on = False
    os.write(pipe, f"{steps.done} {time.monotonic() - began}".encode())


def do(folder: Path, work: str, last: int = 0, after_s: float = 0.0) -> tuple[bool, int, float]:
    """Do a work in a child; return whether it was killed, its steps and its seconds."""
    read, write = os.pipe()
    child = multiprocessing.get_context("fork").Process(target=in_child, args=(folder, work, last, after_s, write))
    child.start()
    os.close(write)
    with os.fdopen(read, "rb") as source:
        said = source.read().split()
    child.join()
    if not said and child.exitcode not in (-signal.SIGKILL, -signal.SIGALRM):
        raise RuntimeError(f"{work} ended with {child.exitcode}")
    return not said, int(said[0]) if said else last, float(said[1]) if said else after_s


def judge(folder: Path, work: str, before: dict[str, str], after: dict[str, Any]) -> list[str]:
    """Return what is wrong after a kill: first in the files as left, then after the same work is done again."""
    wrong = []
    act, made = WORKS[work]
    for name, digest in seen(folder).items():
        if digest not in (before.get(name), after["files"].get(name)):
            wrong.append(f"{name} is neither as before nor as after")
    wrong += [f"{name} is missing" for name in before if not (folder / name).is_file()]
    for name, content in projects(folder, work == "upgrade").items():
        if isinstance(content, list):
            wrong.append(f"{name} is damaged: {content[0]}")
    try:
        act(folder)
    except UserError as error:
        if not (made and (folder / made).exists()):
            wrong.append(f"it cannot be done again: {error.what}")
    again = state(folder, work)
    for name, content in after["projects"].items():
        if again["projects"].get(name) != content:
            now = again["projects"].get(name)
            which = [t for t in content if now[t] != content[t]] if isinstance(now, dict) else now
            wrong.append(f"done again, {name} differs in {which}")
    wrong += [
        f"done again, {name} differs" for name in after["files"] if again["files"].get(name) != after["files"][name]
    ]
    wrong += [f"done again, {name} is there" for name in again["files"] if name not in after["files"]]
    return wrong


def state(folder: Path, work: str) -> dict[str, Any]:
    """Return everything that a user sees in a folder."""
    return {"files": seen(folder), "projects": projects(folder, work == "upgrade")}


def fresh(base: Path, place: Path) -> Path:
    """Replace a folder by a copy of the base."""
    with suppress(FileNotFoundError):
        shutil.rmtree(place)
    shutil.copytree(base, place)
    return place


def rounds(folder: Path, work: str, kills: int, rng: random.Random) -> dict[str, Any]:
    """Kill a work the given number of times."""
    base, place = folder / "base", folder / "place"
    before = seen(fresh(base, place))
    _, steps, seconds = do(fresh(base, place), work)
    after = state(place, work)
    problems, killed = [], 0
    for number in range(kills):
        fresh(base, place)
        last, after_s = (rng.randint(1, steps), 0.0) if number % 2 == 0 else (0, rng.uniform(0.0, seconds))
        died, _, _ = do(place, work, last, max(after_s, 1e-4) if not last else 0.0)
        killed += died
        where = f"step {last}" if last else f"{after_s:.3f} s"
        problems += [
            f"{work}, killed at {where} of {steps} ({seconds:.3f} s): {text}"
            for text in judge(place, work, before, after)
        ]
    return {"work": work, "steps": steps, "kills": killed, "problems": problems}


def main() -> int:
    """Kill all works and print a report; return 1 if anything is wrong."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--kills", type=int, default=12)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--works", nargs="+", choices=list(WORKS), default=list(WORKS))
    parser.add_argument("--json", type=Path)
    args = parser.parse_args()
    rng = random.Random(args.seed)
    with tempfile.TemporaryDirectory() as name:
        os.environ["AFFECTOGRAPH_HOME"] = str(Path(name) / "home")
        make(Path(name) / "base")
        done = [rounds(Path(name), work, args.kills, rng) for work in args.works]
    report = {"seed": args.seed, "works": done, "problems": [text for one in done for text in one["problems"]]}
    print(json.dumps(report, indent=2))
    if args.json:
        args.json.write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")
    return 1 if report["problems"] else 0


if __name__ == "__main__":
    sys.exit(main())
