"""Writes the projects of version 0.1 that lie in `tests/data/projects/0.1`. It is kept as the record of how.

It runs on the code of 0.1 only (commit 44f19bb), because files of an old version can only be made by that version. Do
not bring its imports up to date and do not make the files anew: they stand for what people have on their disks.

    git worktree add ../v0.1 44f19bb && cp -r tests/data ../v0.1/tests/ && cd ../v0.1
    python -m tests.data.projects.make_0_1 NEW_FOLDER

Everybody in these projects is made up. "People" are scripted, but sign in and answer by the service that the window
uses; simulated raters are marked as such. The projects:

* `sound`: two conditions, three people and two simulated raters, ratings with categories, confidence and traces,
  practice, attention checks, two versions of the study, an import, reviewed answers, a rater who is left out, gold
  standards, stored predictions, a model that was promoted, a training that failed, and traces of every status.
* `unseen`: answers to what was never shown (`frames_shown = 0`, `plays = 0`, `outcome = answered`).
* `empty_traces`: traces that were kept without a sample, or with three of them at the clip's end.
* `led`: the project was open to anybody with its predictions in the middle of a study; what came after says blinded.
* `practice`: practice without any expectation, which everybody "passes".
"""

# ruff: noqa: I001  # the imports stay as they were, and are sorted by where modules lay then
import argparse
import contextlib
import csv
import gzip
import os
import shutil
import socket
import sqlite3
import tempfile
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import cv2
import numpy as np

import db.edits
import db.items
import db.models
import db.raters
import db.settings
import db.studies
import db.traces
from app.domain.answers import Answer, Intensity, PresentationLog
from app.domain.project import TraceStart
from app.domain.study import AttentionCheck, PracticeClip
from app.domain.study_defaults import default_study
from app.domain.traces import TraceSamples
from app.jobs import Context
from app.media.writer import ClipWriter, Encoding
from app.services.analyse import Analyser
from app.services.annotate import AnnotateSession
from app.services.answer_review import AnswerReview, add_owner
from app.services.export_labels import export_labels
from app.services.gold import GoldRequest, make_gold
from app.services.import_labels import import_labels
from app.services.projects import add_clips, create_project, open_project
from app.services.retrain.promote import promote, rollback
from app.services.simulate import simulate_study
from app.services.study import add_to_study, assign, change_dealing, save_study
from app.services.traces import TraceRecorder
from app.synthetic.demo_clip import demo_truth, render_demo
from app.synthetic.raters import RaterProfile, simulate_trace
from app.synthetic.scenes import scene
from db.schema import SCHEMA_VERSION

RATE, SECONDS, FACES = 10, 2.0, 4
MODEL = "affectograph_face"
PEOPLE = {
    "R01": RaterProfile("R01", noise=0.05, lag_s=0.3, late_s=0.1),
    "R02": RaterProfile("R02", bias=(-0.1, 0.05), gain=0.8, noise=0.08, lag_s=0.5, late_s=0.2),
    "R03": RaterProfile("R03", bias=(0.1, -0.1), gain=1.1, noise=0.1, lag_s=0.2, late_s=0.15),
}
PANEL = (RaterProfile("S01", late_s=0.1), RaterProfile("S02", score_noise=1.5, careless=0.3, late_s=0.2))


def clips(folder):
    """Four clips with a face that moves, one of a room without anybody, and a still picture."""
    for seed in range(1, FACES + 1):
        render_demo(folder / f"face_{seed}.mp4", seed, duration_s=SECONDS, rate=RATE)
    room = scene("room", 320, 180, 3)
    with ClipWriter(folder / "room.mp4", 320, 180, rate=Fraction(RATE), encoding=Encoding(quality=30)) as writer:
        for _ in range(round(SECONDS * RATE)):
            writer.write(room)
    cv2.imwrite(str(folder / "still.jpg"), scene("celebration", 320, 180, 5)[..., ::-1])


def start(folder, name, numbers, others=()):
    """A project with some of the clips, one person seen in each."""
    project = create_project(folder / name)
    for number in numbers:
        add_clips(project, [folder / "clips" / f"face_{number}.mp4"], subject=f"P{number}")
    add_clips(project, [folder / "clips" / other for other in others])
    return project


def predict(project, folder, names):
    with Analyser(MODEL, "cpu", project_path=project.path) as analyser:
        for name in names:
            analyser.analyse(folder / "clips" / name, Context(), project=project)


def faces(numbers):
    return [f"face_{number}.mp4" for number in numbers]


class Person:
    """A scripted person at the service that the window uses."""

    def __init__(self, project, code, study, seed):
        self.code, self.session = code, AnnotateSession(project, code, study)
        self.rng = np.random.default_rng([seed, *code.encode()])

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.session.close()

    def work(self, most=10_000, log=None, trace=None):
        """Give up to `most` answers and traces; what is shown is whole unless another log says otherwise."""
        for _ in range(most):
            task = self.session.current()
            if task is None:
                return
            self.session.begin(task)
            if task.is_trace:
                self.trace(task, trace, log)
            else:
                self.session.submit(self.answer(task), log if log is not None else self.seen(task), task=task)

    def seen(self, task):
        """What the player counts where a clip was played once, whole."""
        if task.clip is None:
            return PresentationLog(window_width=1280, window_height=720)
        shown = task.clip.n_frames
        last_s = (shown - 1) / RATE
        return PresentationLog(
            frames_shown=shown,
            plays=1,
            window_width=1280,
            window_height=720,
            audio_played=bool(task.clip.has_audio and task.condition.audio),
            first_frame_s=0.0,
            last_frame_s=last_s,
        )

    def answer(self, task):
        study = task.study
        if task.purpose == "attention":
            check = next(one for one in study.attention if one.name == task.slot.slot.check)
            return Answer({name: Intensity(high) for name, (_, high) in check.expected.items()}, response_s=4.5)
        number = task.item.clip_id
        strong = number % len(study.emotions)
        points = self.rng.integers(0, 2, len(study.emotions))
        points[strong] = 3 + self.rng.integers(0, 3)
        given = {
            name: Intensity(int(point), response_s=round(1.5 + 0.4 * at, 3))
            for at, (name, point) in enumerate(zip(study.emotion_names, points, strict=True))
        }
        if self.rng.random() < 0.2:
            given[study.emotion_names[-1]] = Intensity(None, "cannot_tell")
        category, missing = study.category_names[strong], ""
        if self.rng.random() < 0.3:
            category = study.category_names[int(self.rng.integers(len(study.categories)))]
        elif self.rng.random() < 0.1:
            category, missing = "", "cannot_tell"
        levels = study.confidence_levels
        return Answer(
            given,
            category,
            missing,
            int(self.rng.integers(1, levels + 1)) if levels else None,
            comment="The mouth says more than the eyes." if study.comments and self.rng.random() < 0.2 else "",
            response_s=round(float(self.rng.uniform(5, 12)), 3),
        )

    def samples(self, task):
        truth = demo_truth(task.item.clip_id, SECONDS, RATE)
        source = f"{task.item.name}/{task.slot.slot.condition}"
        return simulate_trace(truth.times_s, truth.valence, truth.arousal, PEOPLE[self.code], 11, item=source)

    def record(self, task, how=None):
        """Record a trace: all of it, or `how` many of its last samples."""
        recorder = self.session.start_trace(task, "mouse")
        given = self.samples(task)
        rows = list(zip(given.times_s, given.values, given.monotonic_s, strict=True))
        for time_s, (valence, arousal), clock_s in rows if how is None else rows[len(rows) - how :]:
            recorder.add(float(time_s), float(valence), float(arousal), float(clock_s))
        return recorder

    def trace(self, task, how=None, log=None):
        log = log if log is not None else self.seen(task)
        self.session.accept_trace(task, self.record(task, how), log)


def basic(name, **changes):
    """The study a new user starts from, small: fewer raters, no breaks."""
    return replace(default_study(name), raters_per_cell=3, min_distance=0, break_every=0, **changes)


def give(project, study, items, raters):
    record = save_study(project, study)
    add_to_study(project, record.name, items, raters)
    assign(project, record.name, 5)


def sound(folder):
    numbers = range(1, FACES + 1)
    with start(folder, "sound", numbers, ["room.mp4", "still.jpg"]) as project:
        predict(project, folder, [*faces(numbers), "room.mp4"])
        clip = db.items.by_name(project, "face_1.mp4").clip_id
        db.items.add(project, clip, name="face_1 begin", start_s=0.0, end_s=1.0)
        add_owner(project, "O1", "1234")
        practice = PracticeClip("face_4.mp4", "full_context", expected={"angry": (0, 5)}, feedback={"en": "Well seen."})
        traced = PracticeClip("face_4.mp4", "full_context", kind="trace", feedback={"en": "So it goes."})
        check = AttentionCheck("five", {"en": "Set happy to 5."}, {"happy": (5, 5)})
        study = basic("faces", practice=(practice, traced), attention=(check,), attention_every=4)
        give(project, study, ["face_1 begin", *faces((1, 2, 3))], list(PEOPLE))
        with Person(project, "R01", "faces", 1) as person:
            person.work(6)
        change_dealing(project, "faces", passes=2)
        assign(project, "faces")
        simulate_study(project, "faces", PANEL, 7)
        for code in PEOPLE:
            with Person(project, code, "faces", 1) as person:
                person.work()
        db.raters.set_name(project, db.raters.by_code(project, "R01").id, "Robin Example", "robin@example.org")
        db.raters.set_lag(project, db.raters.by_code(project, "R02").id, 0.5)
        excluded = db.edits.exclude_rater(project, db.raters.by_code(project, "S02"), "careless", "O1")
        db.edits.apply(project, excluded)
        thrown_away(project)
    with open_project(folder / "sound.affectograph") as project:  # closes what seems to be cut short as interrupted
        reviewed(project)
        imported(project)
        for kind, method in (("intensity", "mean"), ("category", "plurality"), ("trace", "mean"), ("trace", "ewe")):
            make_gold(project, GoldRequest(kind, method, study="faces"), actor="O1")
        promote(project, MODEL, actor="O1", comparison={})
        rollback(project, actor="O1")
        promote(project, MODEL, actor="O1", comparison={})
        failed = db.models.add_training(
            project, "gru_head", {"epochs": 2}, snapshot_sha256="0" * 64, snapshot={}, seed=3, folder="gru_head-1"
        )
        db.models.update_training(project, failed.id, "failed", note="Too few people.")
        db.settings.put(project, "smoothing", {"min_cutoff_hz": 0.5})


def thrown_away(project):
    """Traces outside the study: one given again, one unblinded, one that the program's end cut short."""
    item = db.items.by_name(project, "face_4.mp4")
    rater = db.raters.by_code(project, "R01")
    truth = demo_truth(4, SECONDS, RATE)
    given = simulate_trace(truth.times_s, truth.valence, truth.arousal, PEOPLE["R01"], 12)
    for blinded, kept in ((True, False), (False, True)):
        recorder = TraceRecorder(project, item, rater, blinded=blinded)
        for time_s, (valence, arousal), clock_s in zip(given.times_s, given.values, given.monotonic_s, strict=True):
            recorder.add(float(time_s), float(valence), float(arousal), float(clock_s))
        (recorder.finish if kept else recorder.abandon)()
    cut = db.traces.begin(project, TraceStart(item.id, rater.id, "full_context", blinded=True, device="keyboard"))
    half = TraceSamples(given.times_s[:60], given.values[:60], given.monotonic_s[:60], "keyboard")
    db.traces.append(project, cut, half)


def reviewed(project):
    """The owner corrects an answer, voids one and brings it back, voids another, and rejects a trace."""
    review = AnswerReview(project, "O1", "1234")
    rows = [row for row in review.listed("faces") if row.rater in PEOPLE]
    answers = [row.id for row in rows if row.kind == "rating" and row.purpose == "main"]
    traces = [row.id for row in rows if row.kind != "rating" and row.purpose == "main"]
    opened = review.answer(answers[0])
    was = opened.stored.answer.intensities["happy"].score
    parts = {**opened.stored.answer.intensities, "happy": Intensity(2 if was != 2 else 3)}
    db.edits.apply(project, review.correct(opened, replace(opened.stored.answer, intensities=parts), "slipped"))
    db.edits.apply(project, review.void(review.answer(answers[1]), "asked to"))
    db.edits.apply(project, review.restore(review.answer(answers[1]), 1, "asked again"))
    db.edits.apply(project, review.void(review.answer(answers[2]), "looked away"))
    db.edits.apply(project, review.reject(review.trace(traces[0]), "fell asleep"))


def imported(project):
    """Ratings of somebody who worked with another program."""
    with tempfile.TemporaryDirectory() as place:
        export_labels(project, Path(place), "faces")
        with (Path(place) / "intensities.csv").open(encoding="utf-8", newline="") as text:
            rows = [row for row in csv.DictReader(text) if row["rater"] == "R02" and row["pass"] == "1"]
        path = Path(place) / "elsewhere.csv"
        with path.open("w", encoding="utf-8", newline="") as text:
            writer = csv.DictWriter(text, list(rows[0]), lineterminator="\n")
            writer.writeheader()
            for row in rows:
                writer.writerow({**row, "rater": "X01", "study": "elsewhere", "response_s": ""})
        import_labels(project, [path], None, Context())


def unseen(folder):
    numbers = (1, 2)
    with start(folder, "unseen", numbers, ["room.mp4"]) as project:
        predict(project, folder, [*faces(numbers), "room.mp4"])
        study = basic("rooms", trace=None)
        give(project, study, [*faces(numbers), "room.mp4"], list(PEOPLE))
        simulate_study(project, "rooms", PANEL, 7)
        for code in PEOPLE:
            with Person(project, code, "rooms", 2) as person:
                while (task := person.session.current()) is not None:
                    # Nothing can be shown of a face that is not there; the form took digits all the same.
                    person.work(1, PresentationLog(window_width=1280, window_height=720) if task.problem else None)


def empty_traces(folder):
    numbers = (1, 2, 3)
    with start(folder, "empty_traces", numbers) as project:
        predict(project, folder, faces(numbers))
        study = replace(basic("traces"), emotions=(), categories=(), confidence_levels=0, comments=False)
        give(project, study, faces(numbers), list(PEOPLE))
        for how, code in zip((0, None, 3), PEOPLE, strict=True):  # no sample, sound, three samples at the end
            with Person(project, code, "traces", 3) as person:
                person.work(2, trace=how)
                person.work()


def led(folder):
    numbers = (1, 2, 3)
    with start(folder, "led", numbers) as project:
        study = basic("blind")
        give(project, study, faces(numbers), list(PEOPLE))
        with Person(project, "R01", "blind", 4) as person:
            person.work(4)
        with Person(project, "R02", "blind", 4) as person:
            person.work(4)
        predict(project, folder, faces(numbers))
        db.studies.open_blind(project, db.studies.get(project, "blind").id, 2, "looked at Review with the owner", "O1")
    with open_project(
        folder / "led.affectograph"
    ) as project:  # opens in Review, with predictions, before anybody signs in
        item, rater = db.items.by_name(project, "face_1.mp4"), db.raters.by_code(project, "R01")
        truth = demo_truth(1, SECONDS, RATE)
        given = simulate_trace(truth.times_s, truth.valence, truth.arousal, PEOPLE["R01"], 13)
        recorder = TraceRecorder(project, item, rater, blinded=True)
        for time_s, (valence, arousal), clock_s in zip(given.times_s, given.values, given.monotonic_s, strict=True):
            recorder.add(float(time_s), float(valence), float(arousal), float(clock_s))
        recorder.finish()
        for code in PEOPLE:
            with Person(project, code, "blind", 5) as person:
                person.work()


def practice(folder):
    numbers = (1, 2, 3)
    with start(folder, "practice", numbers) as project:
        predict(project, folder, faces(numbers))
        nothing = PracticeClip("face_3.mp4", "full_context")
        traced = PracticeClip("face_3.mp4", "full_context", kind="trace")
        told = PracticeClip("face_3.mp4", "face_only", expected={"happy": (4, 5)}, feedback={"en": "She smiles."})
        study = basic("learn", practice=(nothing, told, traced))
        give(project, study, faces((1, 2)), list(PEOPLE))
        for code in PEOPLE:
            with Person(project, code, "learn", 6) as person:
                person.work()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="a new folder")
    folder = parser.parse_args().folder.resolve()
    if SCHEMA_VERSION != 2:
        raise SystemExit("These projects are made by the code of 0.1 (commit 44f19bb); see the text in this file.")
    (folder / "clips").mkdir(parents=True)
    socket.gethostname = lambda: "laboratory"  # stands in traces that were cut short
    with tempfile.TemporaryDirectory() as home:
        os.environ["AFFECTOGRAPH_HOME"] = home
        clips(folder / "clips")
        for make in (sound, unseen, empty_traces, led, practice):
            make(folder)
            path = folder / f"{make.__name__}.affectograph"
            with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as connection:
                connection.execute("PRAGMA journal_mode=DELETE")
                connection.execute("VACUUM")
            packed = path.with_name(f"{path.name}.gz")
            packed.write_bytes(gzip.compress(path.read_bytes(), mtime=0))  # most of a small project is empty pages
            path.unlink()
            print(packed, packed.stat().st_size)
    for rest in (folder / name for name in ("models", "training")):
        shutil.rmtree(rest, ignore_errors=True)


if __name__ == "__main__":
    main()
