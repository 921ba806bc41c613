"""The demo project: a clip of our own with a known path through the plane, and three simulated raters' traces."""

import shutil
from pathlib import Path
from typing import Final

import numpy as np

import db.gold
import db.items
import db.raters
import db.settings
import db.traces
from app.domain.project import TraceStart
from app.jobs import Context
from app.paths import data_dir
from app.services.projects import add_clips, create_project, open_project
from app.synthetic.demo_clip import DEMO_SEED, demo_truth, place_demo
from app.synthetic.paths import AffectPath
from app.synthetic.raters import DEMO_RATERS, demo_traces
from db.project import Project

VERSION: Final = 2
"""Raise it when the demo's content changes: an older demo is then made anew."""

CLIP_NAME: Final = "demo.mp4"
KNOWN: Final = "known path"
"""Name of the gold standard that is no judgement but what the clip was rendered from."""


def demo_path() -> Path:
    """Where the demo project lies: in the user's data folder."""
    return data_dir() / "demo" / "demo.affectograph"


def ensure_demo_project(ctx: Context, path: Path | None = None) -> Path:
    """Make the demo project where there is none of this version yet.

    It is built aside and moved into place as a whole, so that a cancelled build leaves nothing.

    Args:
        ctx: Progress and cancel.
        path: Another place than the user's data folder.

    Returns:
        The project file.

    Raises:
        UserError: The folder cannot be written.
        Cancelled: On request.
    """
    path = path or demo_path()
    if path.exists() and _version(path) == VERSION:
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


def _version(path: Path) -> int | None:
    with open_project(path, read_only=True) as project:
        found = db.settings.get(project, "demo_version")
    return found if isinstance(found, int) else None


def _build(path: Path, ctx: Context) -> None:
    clip = place_demo(path.with_name(CLIP_NAME), ctx)
    with create_project(path) as project:
        result = add_clips(project, [clip.path], subject="portrait", ctx=ctx)
        if result.refused:
            raise result.refused[0]
        item = db.items.all(project, clip_id=result.added[0].id)[0]
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
        db.settings.put(project, "demo_version", VERSION)


def _add_traces(project: Project, item_id: int, truth: AffectPath) -> None:
    profiles = {profile.code: profile for profile in DEMO_RATERS}
    for code, samples in demo_traces(truth).items():
        profile = profiles[code]
        facts = {"bias": list(profile.bias), "gain": profile.gain, "noise": profile.noise, "lag_s": profile.lag_s}
        rater = db.raters.add(project, code, simulation=facts)
        start = TraceStart(item_id, rater.id, "full_context", blinded=True, device="simulated")
        db.traces.add(project, start, samples)


def known_path() -> AffectPath:
    """What the demo clip shows, by construction."""
    return demo_truth()
