"""A project in which one subject and one rater are named everywhere that a person may be named."""

import json
from dataclasses import replace

import numpy as np

import db.audit
import db.clips
import db.consent
import db.edits
import db.foreign_measures
import db.gold
import db.items
import db.models
import db.raters
import db.settings
import db.traces
from app.domain.foreign_measures import ForeignMeasures
from app.domain.gaps import GapReason, giving
from app.domain.notes import ClipNote, adding
from app.domain.project import TraceStart
from app.domain.traces import TraceSamples
from app.inference.cards import project_models
from app.media.index_cache import kept_of
from app.paths import data_dir, log_dir
from app.services.labels.tables import TAKEN_BACK
from app.services.predict.kept import clip_folder, write_arrays
from app.services.projects import rescue_files
from app.services.projects.trace_journal import TraceJournal
from app.services.study.session import AnnotateSession
from db.project import Project
from tests.study.helpers import SEEN, full_answer
from tests.ui.annotate.builder import build

SUBJECT = "Zwyxqu-Subject"
RATER = "Zwyxqu-Rater"
NAME = "Wilhelmine Zwyxqustein"
CLIP = "zwyxquclip.mp4"
WORD = "wyxqu"
"""Stands in every name above, and nowhere else."""


def filled(folder):
    """Make the project, and what lies beside it and in the folders of `AFFECTOGRAPH_HOME`; returns its path."""
    path = build(folder, clips=3, raters=(RATER, "R02"), comments=True)
    with Project.open(path) as project:
        clips = {clip.name: clip for clip in db.clips.every(project)}
        hers = clips["clip00.mp4"]
        db.edits.apply(project, db.edits.set_subject(project, [hers.id], SUBJECT), RATER)
        db.edits.apply(project, db.edits.set_subject(project, [clips["clip01.mp4"].id], "S2"))
        db.edits.apply(project, db.edits.rename_clip(project, hers.id, CLIP))
        for code in (RATER, "R02"):
            with AnnotateSession(project, code) as session:
                while session.current() is not None:
                    session.submit(replace(full_answer(session.study), comment=f"{SUBJECT} smiled"), SEEN)
        rater = db.raters.by_code(project, RATER)
        db.raters.set_name(project, rater.id, NAME, "wilhelmine@zwyxqu.example")
        db.raters.set_pin(project, rater.id, "4711")
        db.edits.apply(project, db.edits.exclude_rater(project, rater, f"{RATER} was tired", "R02"))
        db.edits.apply(project, db.edits.include_rater(project, rater))
        db.settings.put(project, TAKEN_BACK, [RATER, "R02"])
        _labels(project, hers, rater)
        for party, code in (("subject", SUBJECT), ("rater", RATER)):
            who = db.consent.person(project, party, code)
            db.edits.apply(
                project, db.consent.set_consent(project, who, "export", granted=True, note=f"letter of {NAME}")
            )
        _beside(project, path, hers)
        other = db.clips.get(project, clips["clip01.mp4"].id)
        _cached(other)
        (data_dir() / "cache" / f"{other.sha256}.png").write_text("another picture")
    return path


def _labels(project, clip, rater):
    item = next(one for one in db.items.every(project, clip_id=clip.id))
    other = db.raters.by_code(project, "R02")
    times = np.arange(6) / 10
    uids = []
    for one in (rater, other):
        start = TraceStart(item.id, one.id, "full_context", blinded=True, device="mouse")
        number = db.traces.begin(project, start)
        db.traces.append(project, number, TraceSamples(times, np.zeros((6, 2), np.float32), times, "mouse"))
        uids.append(db.traces.finish(project, number).uid)
    db.gold.add(
        project, item.id, "trace", "mean", {"of": [RATER]}, uids, condition="full_context", times_s=times,
        values=np.zeros((6, 2), np.float32), actor=RATER,
    )  # fmt: skip
    said = f"{SUBJECT} laughs, says {NAME}"
    columns = ForeignMeasures("OpenFace", "", f"{CLIP}.csv", ("AU12_r",), times, np.zeros((6, 1), np.float32))
    db.foreign_measures.add(project, clip.id, columns)
    note = ClipNote("n" * 32, clip.id, clip.sha256, "point", 0.1, None, "", said, "red", RATER, 1e9)
    db.edits.apply(project, adding(note))
    item = next(one for one in db.items.every(project, clip_id=clip.id))
    reason = GapReason(
        "g" * 32, item.uid, "full_context", "valence", 0.1, 0.2, 0.5, -0.5, 3.0, "test", "Poor picture", said, RATER,
        1e9,
    )  # fmt: skip
    db.edits.apply(project, giving([reason]))
    db.audit.add(project, "labels.import", {"files": [f"{RATER}.csv", CLIP], RATER: 3})


def _beside(project, path, clip):
    model = db.models.add(project, "learned", "a" * 64, f'name = "learned"\npeople = ["{SUBJECT}", "S2"]\n', "trained")
    run = db.models.add_training(
        project, "gru_head", {}, snapshot_sha256="b" * 64,
        snapshot={"subjects": [SUBJECT, "S2"], "raters": [RATER], "labels": {"source": "gold"}}, seed=1,
        folder=str(project_models(path) / "learned"),
    )  # fmt: skip
    db.models.update_training(project, run.id, "finished", model_id=model.id, note=f"without {CLIP}")
    training = path.with_name(path.name + ".training")
    texts = {
        training / "snapshots" / "abc" / "snapshot.json": json.dumps({"subjects": [SUBJECT], "raters": [RATER]}),
        training / "runs" / "learned" / "run.jsonl": json.dumps({"subject": SUBJECT, "rater": RATER}),
        project_models(path) / "learned" / "card.toml": f'name = "learned"\npeople = ["{SUBJECT}", "{RATER}"]\n',
        data_dir() / "cache" / f"{clip.sha256}.png": "a picture",
        log_dir() / "affectograph.log": f"{CLIP} of {SUBJECT} by {RATER} could not be read\nanother line\n",
    }
    for place, text in texts.items():
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text)
    (training / "snapshots" / "abc" / "data.npz").write_bytes(b"crops")
    _cached(clip)
    rescue = {
        "format": "affectograph-rescue", "format_version": 1, "project": {"path": str(path)},
        "entries": [{"rater": {"name": RATER}, "item": {"name": CLIP}}, {"rater": {"name": "R02"}, "item": None}],
    }  # fmt: skip
    rescue_files.folder().mkdir(exist_ok=True)
    (rescue_files.folder() / "rating-1.rescue.json").write_text(json.dumps(rescue))
    item = next(one for one in db.items.every(project, clip_id=clip.id))
    rater = db.raters.by_code(project, RATER)
    TraceJournal(project, TraceStart(item.id, rater.id, "full_context", True, "mouse", uid="left")).close()


def _cached(clip):
    """Keep faces and a stream of a clip, as a program that looked at it would."""
    arrays = {"crops": np.full((2, 8, 8), clip.id, np.uint8)}
    write_arrays(clip_folder(clip.sha256) / "faces-0123.npz", arrays)
    write_arrays(clip_folder(clip.sha256) / "streams" / "4567.npz", arrays)


def cached(clip):
    """How many of these files, of its picture and of the index of its frames there are."""
    indexes = data_dir() / "cache"
    found = [*clip_folder(clip.sha256).rglob("*.npz"), *indexes.glob(f"{clip.sha256}.png")]
    return len([*found, *kept_of(clip.path, indexes)])


def holding(*folders, words=(WORD,)):
    """Every file below folders whose name or bytes hold one of the words."""
    found = []
    for folder in folders:
        for path in folder.rglob("*"):
            content = path.name.encode() + (path.read_bytes() if path.is_file() else b"")
            if any(form in content.lower() for word in words for form in (word.encode(), word.encode("utf-16-le"))):
                found.append(path.name)
    return found
