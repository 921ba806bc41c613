"""The time to commit an answer to a project of a million ratings, against a bare sqlite3 INSERT and commit.

    python benchmarks/labels.py [--ratings 1000000] [--answers 2000] [--json OUT]

Ours is `AnnotateSession.submit` as the rating screen calls it: one transaction that checks and writes the answer, nine
intensities, the presentation log and the place in the assignment. Bare is the standard library's sqlite3, which writes
the same answer and its nine intensities into plain tables with as many rows, with the same pragmas and on the same
disk. The two take turns, one commit each. The target is set for `p99_ratio`; `bare_one_row` is the smallest possible
commit, one row, for comparison. Opening compares that project with an empty one, several times each and in turn.
`sound_s` is the time for which commands that print or export numbers first check the pages, indexes and check sums of
the large project.
"""

import argparse
import json
import sqlite3
import statistics
import sys
import tempfile
import time
from fractions import Fraction
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import numpy as np

import db.answers
import db.assignments
import db.check
import db.clips
import db.items
import db.raters
import db.studies
from app.domain.answers import Answer, AnswerKey, Circumstances, Intensity, PresentationLog
from app.domain.media import MediaInfo
from app.domain.study import FULL_CONTEXT, Condition
from app.domain.study_defaults import default_study
from app.services.projects.files import open_project
from app.services.study.owner import add_to_study, assign, save_study
from app.services.study.session import AnnotateSession
from db.project import Project

EMOTIONS = 9
CLIPS = 20
CONDITIONS = (Condition("full_context", FULL_CONTEXT), Condition("silent", FULL_CONTEXT, audio=False))
"""Two of which neither needs a face: the clips are empty files."""


def make_project(folder: Path, ratings: int, answers: int) -> Path:
    """Make a project with the given number of ratings by 50 raters, and one more rater with enough left to answer."""
    file = folder / "big.affectograph"
    with Project.create(file) as project:
        for i in range(CLIPS):
            path = folder / f"clip{i}.mp4"
            path.write_bytes(b"clip")
            info = MediaInfo(
                path=path, kind="video", width=640, height=360, rotation_deg=0, time_base=Fraction(1, 1000),
                n_frames=250, duration_s=10.0, codec="h264", average_rate=Fraction(25), variable_rate=False,
                has_audio=False, audio_rate=0, audio_channels=0, complete=True, note="",
            )  # fmt: skip
            db.clips.add(project, info, f"{i:064x}")
        passes = -(-(answers + 10) // (2 * CLIPS))
        study = default_study("big", trace=False).next_version(passes=passes, raters_per_cell=1, conditions=CONDITIONS)
        record = save_study(project, study)
        add_to_study(project, "big", None, ["R00"])
        assign(project, "big", 1)
        raters = [db.raters.add(project, f"R{i:02d}").id for i in range(1, 51)]
        items = [item.id for item in db.items.every(project)]
        rng = np.random.default_rng(0)
        left = -(-ratings // EMOTIONS)
        around = Circumstances(record.version, source="import")
        pass_no = 0
        while left > 0:
            pass_no += 1
            batch = [
                db.answers.NewAnswer(
                    AnswerKey(record.id, rater, item, condition, pass_no),
                    Answer({n: Intensity(int(s)) for n, s in zip(study.emotion_names, scores, strict=True)}, "happy"),
                    around,
                    1.7e9,
                )
                for rater in raters
                for item in items
                for condition in ("full_context", "silent")
                for scores in [rng.integers(0, 6, EMOTIONS)]
            ][:left]
            db.answers.add_many(project, batch)
            left -= len(batch)
    return file


def make_bare(path: Path, ratings: int) -> sqlite3.Connection:
    """Make plain tables with as many rows and with our pragmas."""
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("PRAGMA foreign_keys=ON")
    connection.execute("PRAGMA wal_autocheckpoint=1000")
    connection.execute(
        "CREATE TABLE answer (id INTEGER PRIMARY KEY, study, rater, item, condition, pass, category, at)"
    )
    connection.execute("CREATE TABLE intensity (answer INTEGER, emotion INTEGER, score INTEGER)")
    rng = np.random.default_rng(0)
    count = -(-ratings // EMOTIONS)
    connection.execute("BEGIN")
    connection.executemany(
        "INSERT INTO answer VALUES (?, 1, 1, 1, 1, 1, 1, 1.7e9)", ((i,) for i in range(1, count + 1))
    )
    connection.executemany(
        "INSERT INTO intensity VALUES (?, ?, ?)",
        ((1 + i // EMOTIONS, i % EMOTIONS, int(s)) for i, s in enumerate(rng.integers(0, 6, count * EMOTIONS))),
    )
    connection.execute("COMMIT")
    return connection


def commit_bare(connection: sqlite3.Connection, scores: list[int]) -> float:
    """Return the seconds for one answer with its intensities."""
    began = time.perf_counter()
    connection.execute("BEGIN IMMEDIATE")
    answer = connection.execute("INSERT INTO answer VALUES (NULL, 1, 1, 1, 1, 1, 1, 1.7e9)").lastrowid
    connection.executemany("INSERT INTO intensity VALUES (?, ?, ?)", [(answer, i, s) for i, s in enumerate(scores)])
    connection.execute("COMMIT")
    return time.perf_counter() - began


def commit_one_row(connection: sqlite3.Connection) -> float:
    """Return the seconds for one row."""
    began = time.perf_counter()
    connection.execute("INSERT INTO intensity VALUES (1, 1, 1)")
    return time.perf_counter() - began


def measure_commits(path: Path, bare: sqlite3.Connection, answers: int) -> dict[str, list[float]]:
    """Return the times of each kind of commit, taken in turn."""
    rng = np.random.default_rng(1)
    taken: dict[str, list[float]] = {"ours": [], "bare": [], "bare_one_row": []}
    log = PresentationLog(frames_shown=250, plays=1, window_width=800, window_height=600)
    with open_project(path) as project, AnnotateSession(project, "R00", "big") as session:
        for number in range(answers + 5):
            scores = [int(s) for s in rng.integers(0, 6, EMOTIONS)]
            task = session.current()
            if task is None:
                raise RuntimeError("the rater has nothing left to answer")
            session.begin(task)
            names = session.study.emotion_names
            answer = Answer({n: Intensity(s) for n, s in zip(names, scores, strict=True)}, "happy", confidence=3)
            began = time.perf_counter()
            session.submit(answer, log, task=task)
            ours = time.perf_counter() - began
            pair = (commit_bare(bare, scores), commit_one_row(bare))
            if number >= 5:  # the first ones warm caches of statements on both sides
                taken["ours"].append(ours)
                taken["bare"].append(pair[0])
                taken["bare_one_row"].append(pair[1])
    return taken


def measure_opening(big: Path, empty: Path, times: int = 7) -> dict[str, float]:
    """Return the median seconds to open each project, taken in turn."""
    taken: dict[str, list[float]] = {"big": [], "empty": []}
    for _ in range(times):
        for name, path in (("big", big), ("empty", empty)):
            began = time.perf_counter()
            open_project(path).close()
            taken[name].append(time.perf_counter() - began)
    return {name: statistics.median(seconds) for name, seconds in taken.items()}


def measure_sound(path: Path) -> float:
    """Return the seconds that the check of all stored rows takes before numbers are printed."""
    with open_project(path) as project:
        began = time.perf_counter()
        db.check.require_sound(project)
        return time.perf_counter() - began


def main() -> int:
    """Measure and print a report."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--ratings", type=int, default=1_000_000)
    parser.add_argument("--answers", type=int, default=2000)
    parser.add_argument("--json", type=Path)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        big = make_project(folder, args.ratings, args.answers)
        bare = make_bare(folder / "bare.db", args.ratings)
        empty = folder / "empty.affectograph"
        Project.create(empty).close()
        taken = measure_commits(big, bare, args.answers)
        bare.close()
        opening = measure_opening(big, empty)
        sound_s = measure_sound(big)
    p99 = {kind: float(np.percentile(seconds, 99)) for kind, seconds in taken.items()}
    median = {kind: statistics.median(seconds) for kind, seconds in taken.items()}
    report = {
        "ratings": args.ratings,
        "commits_each": args.answers,
        "p99_ms": {kind: round(1e3 * value, 3) for kind, value in p99.items()},
        "median_ms": {kind: round(1e3 * value, 3) for kind, value in median.items()},
        "p99_ratio": round(p99["ours"] / p99["bare"], 2),
        "median_ratio": round(median["ours"] / median["bare"], 2),
        "open_s": {kind: round(value, 3) for kind, value in opening.items()},
        "open_more_s": round(opening["big"] - opening["empty"], 3),
        "sound_s": round(sound_s, 3),
    }
    print(json.dumps(report, indent=2))
    if args.json:
        args.json.write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
