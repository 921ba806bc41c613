"""The retraining demo: a project with clips of sixteen synthetic people, traced by three simulated raters."""

import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import db.items
import db.raters
import db.settings
import db.traces
from app.domain.project import RaterRecord, TraceStart
from app.jobs import Context
from app.paths import data_dir
from app.services.demo.project import version_of
from app.services.projects.files import add_clips, create_project
from app.synthetic.actor import ActorClip, ActorSpec, act_paths
from app.synthetic.canvas import PORTRAIT_SIZE
from app.synthetic.raters import DEMO_RATERS
from app.synthetic.stage import traced, write_clip
from app.synthetic.view import View
from db.project import Project

VERSION: Final = 1
SETTING: Final = "retrain_demo_version"
"""Raise it when the demo's content changes: an older demo is then made again."""

SPEC: Final = ActorSpec(subjects=16, clips_per_subject=2, seconds=10.0, rate=15, seed=31)
"""Enough people that six can be held out; small enough to be rendered and read in a few minutes on two cores."""
WIDTH: Final = 400
VIEW: Final = View(WIDTH, WIDTH * 9 // 16, WIDTH / PORTRAIT_SIZE[0])
TRACE_SEED: Final = 5


def demo_path() -> Path:
    """Return the path of the retraining demo, which lies in the user's data folder."""
    return data_dir() / "demo-retrain" / "retraining.affectograph"


def ensure_retrain_demo(ctx: Context, path: Path | None = None, spec: ActorSpec = SPEC) -> Path:
    """Make the retraining demo if there is none of this version yet; finished clips are not rendered again.

    Args:
        ctx: Receives the progress, and can cancel. A later call continues where a cancelled one stopped.
        path: Another place than the user's data folder.
        spec: Other people and clips, for tests.

    Returns:
        The project file.

    Raises:
        UserError: The folder cannot be written.
        Cancelled: The user cancelled.
    """
    path = path or demo_path()
    if path.exists() and version_of(path, SETTING) == VERSION:
        return path
    building = path.parent.with_name(f".{path.parent.name}-{VERSION}-building")
    building.mkdir(parents=True, exist_ok=True)
    clips = act_paths(spec)
    render(building, clips, ctx)
    (building / path.name).unlink(missing_ok=True)
    _build(building / path.name, clips, ctx)
    if path.parent.exists():
        shutil.rmtree(path.parent)
    building.rename(path.parent)
    return path


def render(folder: Path, clips: Sequence[ActorClip], ctx: Context) -> None:
    """Render what is missing, clip by clip."""
    for number, clip in enumerate(clips):
        ctx.progress(number, len(clips), f"Rendering the demo, clip {number + 1} of {len(clips)}")
        file = folder / f"{clip.name}.mp4"
        if not file.exists():
            write_clip(clip, file, Context(), VIEW)
    ctx.progress(len(clips), len(clips), "Rendering the demo")


def _build(path: Path, clips: Sequence[ActorClip], ctx: Context) -> None:
    with create_project(path) as project:
        raters = [_rater(project, number) for number in range(len(DEMO_RATERS))]
        for number, clip in enumerate(clips):
            ctx.progress(number, len(clips), f"Tracing {clip.name}")
            result = add_clips(project, [path.with_name(f"{clip.name}.mp4")], subject=clip.subject.code)
            if result.refused:
                raise result.refused[0]
            item = db.items.every(project, clip_id=result.added[0].id)[0]
            for rater, samples in zip(raters, traced(clip, DEMO_RATERS, TRACE_SEED).values(), strict=True):
                start = TraceStart(item.id, rater.id, "full_context", blinded=True, device="simulated")
                db.traces.add(project, start, samples)
        db.settings.put(project, SETTING, VERSION)


def _rater(project: Project, number: int) -> RaterRecord:
    profile = DEMO_RATERS[number]
    facts = {"bias": list(profile.bias), "gain": profile.gain, "noise": profile.noise, "lag_s": profile.lag_s}
    return db.raters.add(project, profile.code, simulation=facts)
