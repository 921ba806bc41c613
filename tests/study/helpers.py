"""What the tests of studies share: clips without media, a study with everybody assigned, an answer."""

from fractions import Fraction

import numpy as np

import db.assignments
import db.clips
import db.edits
import db.items
import db.raters
import db.runs
import db.studies
import db.tracks
from app.domain.analysis import ClipAnalysis, RunKey, TrackPrediction
from app.domain.answers import Answer, Intensity, PresentationLog
from app.domain.assignment import plan_study
from app.domain.media import MediaInfo
from app.domain.slots import Target
from app.domain.study_defaults import default_study

SENTINEL = 0.123456789
SEEN = PresentationLog(frames_shown=100, plays=1, first_frame_s=0.0, last_frame_s=3.96, seen_whole=True)
"""What the player counts where a clip of these tests was played once, whole."""


def media_info(path):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"clip " + path.name.encode())
    return MediaInfo(
        path=path, kind="video", width=640, height=360, rotation_deg=0, time_base=Fraction(1, 1000), n_frames=100,
        duration_s=4.0, codec="h264", average_rate=Fraction(25), variable_rate=False, has_audio=True,
        audio_rate=48000, audio_channels=2, complete=True, note="",
    )  # fmt: skip


def analysis(sha256):
    """Predictions along one face track, recognisable by their values."""
    n = 100
    times = np.arange(n) * 0.04
    track = TrackPrediction(
        track_id=1, frame_idx=np.arange(n, dtype=np.int32), times_s=times,
        boxes=np.tile(np.float32([200, 100, 80, 100]), (n, 1)), landmarks=np.full((n, 5, 2), 150, np.float32),
        detection=np.ones(n, np.float32), quality=np.ones(n, np.float32),
        probabilities=np.full((n, 2), 0.5, np.float32), valence_arousal=np.full((n, 2), SENTINEL, np.float32),
        smooth=np.full((n, 2), SENTINEL, np.float32), classes=("neutral", "happiness"),
    )  # fmt: skip
    return ClipAnalysis(
        key=RunKey(sha256, "frame", "m" * 64, "{}"), provider="CPUExecutionProvider", times_s=times,
        width=640, height=360, tracks=(track,),
    )  # fmt: skip


def add_face(project, item):
    """Give an item's clip a face that is there all the time, and make it the item's target."""
    db.runs.save(project, item.clip_id, analysis(item.clip_sha256))
    track = db.tracks.of_clip(project, item.clip_id)[0]
    db.edits.apply(project, db.edits.set_target(project, item, track_id=track.id))
    return db.items.get(project, item.id)


def add_items(project, folder):
    """Six items, each a clip of one subject with a tracked face."""
    made = []
    for i in range(6):
        clip = db.clips.add(project, media_info(folder / f"clip{i}.mp4"), f"{i:064x}", subject=f"S{i % 3}")
        made.append(add_face(project, db.items.every(project, clip_id=clip.id)[0]))
    return made


def make_study(project, items, raters=("R01", "R02"), seed=1, **changes):
    """Store a study, let everybody join and assign."""
    study = default_study("faces", trace=changes.pop("trace", False))
    study = study.next_version(**{"min_distance": 1, "raters_per_cell": len(raters), **changes})
    record = db.studies.save(project, study)
    db.studies.add_items(project, record.id, [item.id for item in items])
    db.studies.add_raters(project, record.id, [db.raters.add(project, code).id for code in raters])
    targets = [Target(item.name, item.clip) for item in items]
    db.assignments.replace(project, record.id, plan_study(record.study, targets, raters, seed))
    return db.studies.get(project, "faces")


def full_answer(study, score=3, **changes):
    """An answer that judges everything."""
    intensities = {name: Intensity(score, response_s=1.5) for name in study.emotion_names}
    return Answer(intensities, category=study.category_names[0], confidence=4, response_s=2.25, **changes)
