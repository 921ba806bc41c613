"""Check that nothing confirmed is lost while the window's file dialog is open and other programs use the project.

    python -m benchmarks.lost [--rounds 200] [--seed 0] [--folder F] [--json OUT]
    python -m benchmarks.lost --writers 5 [--minutes 4] [--seed 0] [--json OUT]

In each round the real window opens a project and its file dialog on the project's folder, while answers and traces are
given through the services that the rating screens call. A second program (a command or SQLite itself) opens and closes
the project, and the window is killed (SIGKILL) at a random moment. Closing the last connection to a project removes its
log; if the dialog had released SQLite's locks, the second program would remove it while the window uses it. After each
round the project is opened again: it must contain every confirmed answer and every accepted trace as a whole, without
damage. If a folder is named, it keeps the rounds, and the same command continues with the next one.

With `--writers`, the given number of processes answer and trace at the same time, and everything must be stored once.
The exit status is 1 if anything is lost or stored twice.
"""

import argparse
import json
import multiprocessing
import os
import random
import select
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Generator
from contextlib import nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
sys.path.insert(0, str(Path(__file__).resolve().parent))

import kill
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QFileDialog

import db.answers
import db.check
import db.studies
import db.traces
from app.domain.answers import Answer, Intensity, PresentationLog
from app.services.projects.files import open_project
from app.services.study.session import AnnotateSession, Task
from app.settings import Settings
from app.ui.shell.main import make_application, make_window
from app.ui.shell.projects import FILTER
from db.project import Project

LOG = PresentationLog(frames_shown=50, plays=1, first_frame_s=0.0, last_frame_s=kill.LENGTH_S)
READ = "import sqlite3, sys; c = sqlite3.connect(sys.argv[1]); c.execute('SELECT count(*) FROM answer'); c.close()"
VISITS = (
    [sys.executable, "-c", READ],
    [sys.executable, "-m", "app", "project", "info"],
    [sys.executable, "-m", "app", "study", "show"],
)
"""Second programs; the project's path follows."""
OFTEN = (4, 1, 1)
Tell = Callable[..., None]


@dataclass
class Told:
    """The lines that a child reports through a pipe; a line that the kill cut does not count."""

    source: int
    text: bytes = b""
    ended: bool = False

    def wait(self, enough: Callable[[], bool], seconds: float) -> None:
        """Read until there is enough, the child has ended, or the time is up."""
        until = time.monotonic() + seconds
        while not enough() and not self.ended and (left := until - time.monotonic()) > 0:
            if select.select([self.source], [], [], left)[0]:
                part = os.read(self.source, 1 << 16)
                self.text += part
                self.ended = not part

    @property
    def lines(self) -> list[list[str]]:
        """Return the complete lines, each as a list of words."""
        return [line.decode().split() for line in self.text.split(b"\n")[:-1]]

    def count(self, word: str) -> int:
        """Return the number of lines that begin with a word."""
        return sum(line[0] == word for line in self.lines)


def teller(pipe: int) -> Tell:
    """Return a function that writes its words to the pipe as one line."""

    def tell(*words: object) -> None:
        os.write(pipe, (" ".join(map(str, words)) + "\n").encode())

    return tell


def label(project: Project, rng: random.Random, tell: Tell, raters: list[str]) -> Generator[float, None, None]:
    """Answer and trace as the screens do, and report what was confirmed; yield the seconds to wait between."""
    idle = 0
    while idle < 20:
        with AnnotateSession(project, rng.choice(raters), rng.choice(kill.STUDIES)) as session:
            for _ in range(rng.randint(1, 6)):
                task = session.current()
                if task is None:
                    idle += 1
                    break
                idle = 0
                session.begin(task)
                if task.is_trace:
                    yield from _trace(session, task, rng, tell)
                    continue
                scores = {name: Intensity(rng.randint(0, 5)) for name in session.study.emotion_names}
                session.submit(Answer(scores, category="happy"), LOG, task=task)
                slot = task.slot.slot
                digits = "".join(str(part.score) for part in scores.values())
                tell("answer", session.rater.id, task.slot.item_id, slot.condition, slot.pass_no, digits)
                yield rng.uniform(0.005, 0.1)


def _trace(session: AnnotateSession, task: Task, rng: random.Random, tell: Tell) -> Generator[float, None, None]:
    recorder, count = session.start_trace(task, "mouse"), rng.randint(10, 60)
    for number in range(count):
        clock = time.monotonic()
        recorder.add(kill.LENGTH_S * number / count, rng.uniform(-1, 1), 0.0, clock)
        tell("sample", task.slot.item_id, session.rater.id, repr(clock))
        yield 1 / 75
    tell("trace", session.accept_trace(task, recorder, LOG).id, count)


def rate(path: Path, seed: int, pipe: int) -> None:
    """Open the window with its file dialog on the project's folder in a child, and rate until it is killed."""
    tell, rng = teller(pipe), random.Random(seed)
    app = make_application()
    window = make_window(Settings(), remember=False)
    window.show()
    window.projects.open(path)
    work: list[Generator[float, None, None]] = []
    dialogs: list[QFileDialog] = []

    def go_on() -> None:
        project: Any = window.context.project
        if project is None:
            QTimer.singleShot(10, go_on)
            return
        if not work:
            tell("open")
            work.append(label(project, rng, tell, kill.RATERS))
        QTimer.singleShot(round(1000 * next(work[0], 3600.0)), go_on)

    def ask() -> None:
        for old in dialogs:
            old.reject()
            old.deleteLater()
        dialogs.clear()
        if window.context.project is not None and rng.random() < 0.9:
            dialog = window.context.ask_file.dialog(window, "Open project", FILTER, QFileDialog.FileMode.ExistingFile)
            dialog.setDirectory(str(path.parent))
            dialog.open()
            dialog.selectFile(path.name)
            dialogs.append(dialog)
            tell("dialog")
        QTimer.singleShot(rng.randint(200, 1500), ask)

    QTimer.singleShot(0, go_on)
    QTimer.singleShot(0, ask)
    app.exec()


@dataclass
class Round:
    """The result of one round.

    Attributes:
        number: Number of the round, from 0.
        answers: Number of confirmed answers.
        after_visit: Number of answers that were confirmed after a second program had closed the project.
        traces: Number of accepted traces.
        visits: Number of visits by second programs.
        problems: One sentence for each thing that is lost or wrong.
    """

    number: int
    answers: int = 0
    after_visit: int = 0
    traces: int = 0
    visits: int = 0
    problems: list[str] = field(default_factory=list)


def one_round(path: Path, seed: int, number: int, confirmed: dict[tuple[str, ...], str]) -> Round:
    """Run one round: rate, let another program visit, kill the window, and check."""
    rng, done = random.Random(seed * 100_003 + number), Round(number)
    read, write = os.pipe()
    child = multiprocessing.get_context("fork").Process(target=rate, args=(path, rng.randrange(2**31), write))
    child.start()
    os.close(write)
    told = Told(read)
    told.wait(lambda: told.count("dialog") > 0 and told.count("answer") > 0, 120.0)
    before = told.count("answer")
    for _ in range(rng.randint(1, 2)):
        (visit,) = rng.choices(VISITS, OFTEN)
        ended = subprocess.run([*visit, str(path)], capture_output=True, text=True, check=False)
        if ended.returncode:
            done.problems.append(f"{' '.join(visit[1:])} failed: {ended.stderr.strip()[-200:]}")
        done.visits += 1
        told.wait(lambda: False, 0.0)
        before = told.count("answer")
        wanted = before + rng.randint(1, 8)
        told.wait(lambda: told.count("answer") >= wanted, 60.0)  # noqa: B023  # called at once
    time.sleep(rng.uniform(0.0, 0.1))
    if not child.is_alive():
        done.problems.append("the window ended by itself")
    child.kill()
    child.join()
    told.wait(lambda: False, 60.0)
    os.close(read)
    if not told.count("dialog"):
        done.problems.append("the dialog was never open")
    done.answers, done.traces = told.count("answer"), told.count("trace")
    done.after_visit = done.answers - before
    found = kill.look(path, told.lines, confirmed, whole=number % 20 == 19)
    done.problems += found.problems
    return done


def rounds(args: argparse.Namespace, folder: Path) -> dict[str, Any]:
    """Run all rounds that the folder does not contain yet, and return the sum of all that it contains."""
    journal, path = folder / "rounds.jsonl", folder / "kill.affectograph"
    confirmed: dict[tuple[str, ...], str] = {}
    if not path.exists():
        kill.make_project(folder, args.clips)
    past = [json.loads(line) for line in journal.read_text().splitlines()] if journal.exists() else []
    for line in past:
        confirmed |= {tuple(key): digits for key, digits in line["confirmed"]}
    for number in range(len(past), args.rounds):
        known = dict(confirmed)
        done = one_round(path, args.seed, number, confirmed)
        new = [[list(key), digits] for key, digits in confirmed.items() if known.get(key) != digits]
        with journal.open("a") as out:
            out.write(json.dumps({**done.__dict__, "confirmed": new}) + "\n")
        past.append(done.__dict__)
    return {
        "rounds": len(past),
        "confirmed_answers": sum(line["answers"] for line in past),
        "after_a_second_program": sum(line["after_visit"] for line in past),
        "accepted_traces": sum(line["traces"] for line in past),
        "second_programs": sum(line["visits"] for line in past),
        "problems": [f"round {line['number'] + 1}: {text}" for line in past for text in line["problems"]],
    }


def write_beside(path: Path, seed: int, rater: str, minutes: float, out: Path) -> None:
    """Answer and trace in a child process until the time is up."""
    handle = os.open(out, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    until = time.monotonic() + 60 * minutes
    with open_project(path) as project:
        work = label(project, random.Random(seed), teller(handle), [rater])
        for pause_s in work:
            if time.monotonic() > until:
                break
            time.sleep(pause_s)
        work.close()
    os.write(handle, b"end\n")


def writers(args: argparse.Namespace, folder: Path) -> dict[str, Any]:
    """Let several processes write at once and check that everything is stored once."""
    path = kill.make_project(folder, args.clips)
    context = multiprocessing.get_context("fork")
    children, outs = [], []
    for number, rater in enumerate(kill.RATERS[: args.writers]):
        outs.append(folder / f"told{number}")
        given = (path, args.seed * 100_003 + number, rater, args.minutes, outs[-1])
        children.append(context.Process(target=write_beside, args=given))
        children[-1].start()
    for child in children:
        child.join()
    told = [line.split() for out in outs for line in out.read_text().splitlines()]
    problems = [
        f"writer {number} ended with {child.exitcode}" for number, child in enumerate(children) if child.exitcode
    ]
    answers: Counter[tuple[str, ...]] = Counter(tuple(line[1:]) for line in told if line[0] == "answer")
    traces = {int(line[1]): int(line[2]) for line in told if line[0] == "trace"}
    with open_project(path) as project:
        records = {record.name: record for record in db.studies.every(project)}
        names = records["ratings"].study.emotion_names
        stored: Counter[tuple[str, ...]] = Counter(
            (
                str(a.key.rater_id), str(a.key.item_id), a.key.condition, str(a.key.pass_no),
                "".join(str(a.answer.intensities[name].score) for name in names),
            )
            for a in db.answers.every(project, records["ratings"].id, current_only=False)
        )  # fmt: skip
        problems += [
            f"answer {key} was confirmed {n} times, is there {stored[key]}" for key, n in (answers - stored).items()
        ]
        problems += [f"answer {key} is there {n} times too often" for key, n in (stored - answers).items()]
        kept = {
            one.id: one.n_samples for one in db.traces.every(project, usable_only=False) if one.status == "finished"
        }
        problems += [
            f"trace {one}: {traces.get(one)} confirmed, {kept.get(one)} there"
            for one in sorted(traces.keys() | kept.keys())
            if traces.get(one) != kept.get(one)
        ]
        problems += [problem.what for problem in db.check.problems(project)]
    return {
        "writers": args.writers,
        "minutes": args.minutes,
        "confirmed_answers": answers.total(),
        "accepted_traces": len(traces),
        "problems": problems,
    }


def main() -> int:
    """Run the rounds or the writers and print a report; return 1 if anything is lost or stored twice."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=200)
    parser.add_argument("--writers", type=int, default=0)
    parser.add_argument("--minutes", type=float, default=4.0)
    parser.add_argument("--clips", type=int, default=120)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--json", type=Path)
    args = parser.parse_args()
    if args.folder is not None:
        args.folder.mkdir(parents=True, exist_ok=True)
    with nullcontext(str(args.folder)) if args.folder is not None else tempfile.TemporaryDirectory() as name:
        folder = Path(name).absolute()
        os.environ["AFFECTOGRAPH_HOME"] = str(folder / "home")  # the window's settings, and the journals of traces
        report = writers(args, folder) if args.writers else rounds(args, folder)
        report["load"] = round(os.getloadavg()[0], 1)
    print(json.dumps(report, indent=2))
    if args.json:
        args.json.write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")
    return 1 if report["problems"] else 0


if __name__ == "__main__":
    sys.exit(main())
