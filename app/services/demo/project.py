"""The demo project: a clip of this program with a known path through the plane, three simulated traces, and a study.

The study judges the clip second by second on nine emotions, once by the face alone and once in full context. Its raters
are simulated, too, so that the agreement screen has something to show before anybody has rated anything.
"""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Final

import numpy as np

import db.gold
import db.items
import db.raters
import db.settings
import db.studies
import db.traces
import db.tracks
from app.domain.analysis import TrackPrediction
from app.domain.project import TraceStart
from app.domain.study_defaults import default_study
from app.errors import UserError
from app.jobs import Context
from app.paths import data_dir
from app.services.projects.files import add_clips, create_project, open_project
from app.services.study.owner import save_study
from app.services.study.simulate import simulate_study
from app.synthetic.demo_clip import DEMO_SEED, demo_faces, place_demo
from app.synthetic.paths import AffectPath
from app.synthetic.raters import DEMO_RATERS, SimulatedRater, demo_traces
from db.project import Project

VERSION: Final = 4
"""Raise it when the demo's content changes: an older demo is then made again."""

CLIP_NAME: Final = "demo.mp4"
KNOWN: Final = "known path"
"""Name of the gold standard that is not judged but known, because the clip was rendered from it."""

STUDY: Final = "demo"
"""Name of the simulated study."""
STEP_S: Final = 1.0
"""Length of each of its items."""
PANEL: Final = (
    *DEMO_RATERS,
    SimulatedRater("R4", score_bias=0.1, score_noise=0.6, missing=0.01),
    SimulatedRater("R5", score_bias=-0.1, score_gain=0.95, score_noise=0.7, careless=0.02),
)
"""The panel that judges it: the three who trace, and two more."""


def demo_path() -> Path:
    """Return the path of the demo project, which lies in the user's data folder."""
    return data_dir() / "demo" / "demo.affectograph"


def ensure_demo_project(ctx: Context, path: Path | None = None) -> Path:
    """Make the demo project if there is none of this version yet.

    It is built aside and moved into place as a whole, so that a cancelled build leaves nothing.

    Args:
        ctx: Receives the progress, and can cancel.
        path: Another place than the user's data folder.

    Returns:
        The project file.

    Raises:
        UserError: The folder cannot be written.
        Cancelled: The user cancelled.
    """
    path = path or demo_path()
    if path.exists() and version_of(path) == VERSION:
        return path
    folder = path.parent
    building = folder.with_name(f".{folder.name}-building")
    shutil.rmtree(building, ignore_errors=True)
    building.mkdir(parents=True)
    try:
        _build(building / path.name, ctx)
        if folder.exists():
            shutil.rmtree(folder)
        building.rename(folder)
    finally:
        shutil.rmtree(building, ignore_errors=True)
    return path


def version_of(path: Path, setting: str = "demo_version") -> int | None:
    """Return the version that a demo project notes of itself under a setting; None if it notes none.

    A demo project of an older version of the program is brought up to date first, after a backup, as every project is.
    """
    try:
        with open_project(path, read_only=True) as project:
            found = db.settings.get(project, setting)
    except UserError:
        with open_project(path) as project:
            found = db.settings.get(project, setting)
    return found if isinstance(found, int) else None


def _build(path: Path, ctx: Context) -> None:
    clip = place_demo(path.with_name(CLIP_NAME), ctx)
    with create_project(path) as project:
        result = add_clips(project, [clip.path], subject="portrait", ctx=ctx)
        if result.refused:
            raise result.refused[0]
        item = db.items.every(project, clip_id=result.added[0].id)[0]
        _add_traces(project, item.id, clip.truth)
        db.gold.add(
            project,
            item.id,
            "trace",
            KNOWN,
            {"made_by": "app.synthetic.demo_clip", "seed": DEMO_SEED},
            (),
            condition="full_context",
            times_s=clip.truth.times_s,
            values=np.c_[clip.truth.valence, clip.truth.arousal].astype(np.float32),
        )
        _add_study(project, result.added[0].id, clip.truth, ctx)
        db.settings.put(project, "demo_version", VERSION)


def _add_traces(project: Project, item_id: int, truth: AffectPath) -> None:
    profiles = {profile.code: profile for profile in DEMO_RATERS}
    for code, samples in demo_traces(truth).items():
        profile = profiles[code]
        facts = {"bias": list(profile.bias), "gain": profile.gain, "noise": profile.noise, "lag_s": profile.lag_s}
        rater = db.raters.add(project, code, simulation=facts)
        start = TraceStart(item_id, rater.id, "full_context", blinded=True, device="simulated")
        db.traces.add(project, start, samples)


def _add_study(project: Project, clip_id: int, truth: AffectPath, ctx: Context) -> None:
    """Cut the clip into items and let the panel judge each of them in both conditions."""
    record = save_study(project, replace(default_study(STUDY, trace=False), confidence_levels=0, setup_check="off"))
    points: dict[str, dict[str, float]] = {}
    track = db.tracks.packed(_face(truth))
    with project.write() as session:
        track_id = db.tracks.stored(session, clip_id, track)
        items = []
        for begin in np.arange(0.0, float(truth.times_s[-1]), STEP_S).tolist():
            name = f"{Path(CLIP_NAME).stem} {begin:04.1f} s"
            item = db.items.add(session, clip_id, name=name, start_s=begin, end_s=begin + STEP_S, track_id=track_id)
            items.append(item.id)
            points[item.name] = _points(truth, begin)
        db.studies.add_items(session, record.id, items)
    simulate_study(project, STUDY, PANEL, DEMO_SEED, truth=points, ctx=ctx)


def _face(truth: AffectPath) -> TrackPrediction:
    """The clip's one face where it was drawn, so that its items can be shown as a face alone before any analysis."""
    faces, n = demo_faces(truth), len(truth)
    none = np.zeros((n, 2), np.float32)
    return TrackPrediction(
        track_id=1,
        frame_idx=np.arange(n, dtype=np.int32),
        times_s=truth.times_s,
        boxes=np.stack([face.box for face in faces]),
        landmarks=np.stack([face.landmarks for face in faces]),
        detection=np.ones(n, np.float32),
        quality=np.ones(n, np.float32),
        probabilities=np.zeros((n, 0), np.float32),
        valence_arousal=none,
        smooth=none,
        classes=(),
    )


def _points(truth: AffectPath, begin_s: float) -> dict[str, float]:
    """The intensities (0–5) that a careful rater would give for one second, with emotions as regions of the plane."""
    here = (truth.times_s >= begin_s) & (truth.times_s < begin_s + STEP_S)
    v, a = float(truth.valence[here].mean()), float(truth.arousal[here].mean())
    pleasant, unpleasant, excited, calm = max(v, 0.0), max(-v, 0.0), max(a, 0.0), max(-a, 0.0)
    shares = {
        "happy": pleasant * (0.7 + 0.3 * excited),
        "surprise": excited * (1.0 - abs(v)),
        "angry": 1.2 * unpleasant * excited,
        "fear": 0.7 * unpleasant * excited,
        "disgust": 0.4 * unpleasant,
        "contempt": 0.3 * unpleasant * (1.0 - excited),
        "sad": unpleasant * (0.4 + 0.6 * calm) * (1.0 - excited),
        "neutral": max(1.0 - 1.6 * float(np.hypot(v, a)), 0.0),
        "confused": 0.25 * excited * (1.0 - abs(v)),
    }
    return {emotion: min(5.0, 6.0 * share) for emotion, share in shares.items()}


@contextmanager
def copied_demo(ctx: Context) -> Iterator[Path]:
    """Make a temporary copy of the demo project, so that a tour does not change the user's own."""
    project = ensure_demo_project(ctx)
    with tempfile.TemporaryDirectory(prefix="affectograph-demo-") as folder:
        copy = Path(folder) / "demo"
        shutil.copytree(project.parent, copy)
        yield copy / project.name
