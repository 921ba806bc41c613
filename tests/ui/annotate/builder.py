"""Projects for the annotation screens: real, tiny clips with a face track each, a study, raters, an assignment."""

from dataclasses import replace
from fractions import Fraction

import numpy as np

import db.edits
import db.items
import db.raters
import db.runs
import db.studies
import db.tracks
from app.domain.analysis import ClipAnalysis, RunKey, TrackPrediction
from app.domain.study_defaults import default_study
from app.media.writer import ClipWriter, Encoding
from app.services.projects.files import add_clips
from app.services.study.owner import assign
from db.project import Project

WIDTH, HEIGHT, RATE = 192, 112, 30
RATE_HZ = 48_000


def write_clip(path, seed, frames=9, sound=False):
    """A moving blob, different for each seed."""
    y, x = np.mgrid[0:HEIGHT, 0:WIDTH]
    rate_hz = RATE_HZ if sound else None
    encoding = Encoding(quality=28)
    with ClipWriter(path, WIDTH, HEIGHT, rate=Fraction(RATE), encoding=encoding, audio_rate=rate_hz) as writer:
        if sound:
            writer.write_audio(np.zeros((frames * RATE_HZ // RATE, 1), np.float32))
        for number in range(frames):
            image = np.full((HEIGHT, WIDTH, 3), (40 + seed * 9) % 200, np.uint8)
            image[(x - 60 - 2 * number) ** 2 + (y - 56) ** 2 < 700] = (230, 190, 160)
            writer.write(image)
    return path


def add_track(project, clip):
    """A face track over the whole clip, where the blob is."""
    n = clip.n_frames
    times = np.arange(n) / RATE
    boxes = np.float32([[36 + 2 * i, 30, 48, 52] for i in range(n)])
    track = TrackPrediction(
        track_id=1, frame_idx=np.arange(n, dtype=np.int32), times_s=times, boxes=boxes,
        landmarks=np.full((n, 5, 2), 50, np.float32), detection=np.ones(n, np.float32),
        quality=np.ones(n, np.float32), probabilities=np.full((n, 2), 0.5, np.float32),
        valence_arousal=np.full((n, 2), 0.25, np.float32), smooth=np.full((n, 2), 0.25, np.float32),
        classes=("neutral", "happiness"),
    )  # fmt: skip
    key = RunKey(clip.sha256, "frame", "m" * 64, "{}")
    db.runs.save(project, clip.id, ClipAnalysis(key, "CPUExecutionProvider", times, WIDTH, HEIGHT, (track,)))


def build(folder, clips=3, raters=("R01",), frames=9, name="rating", **changes):
    """Make the project; returns its path. `changes` are fields of the study."""
    trace, sound = changes.pop("trace", None), changes.pop("sound", False)
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}.affectograph"
    with Project.create(path) as project:
        made = [write_clip(folder / f"clip{i:02d}.mp4", i, frames, sound) for i in range(clips)]
        for clip in add_clips(project, made).added:
            add_track(project, clip)
            track = db.tracks.of_clip(project, clip.id)[0]
            item = db.items.every(project, clip_id=clip.id)[0]
            db.edits.apply(project, db.edits.set_target(project, item, track_id=track.id))
        study = default_study("faces", trace=False)
        fields = {
            "min_distance": 1,
            "raters_per_cell": len(raters),
            "trace": trace,
            "break_every": 0,
            "setup_check": "off",
            **changes,
        }
        record = db.studies.save(project, replace(study, **fields))
        db.studies.add_items(project, record.id, [item.id for item in db.items.every(project)])
        db.studies.add_raters(project, record.id, [db.raters.add(project, code).id for code in raters])
        assign(project, "faces", seed=1)
    return path
