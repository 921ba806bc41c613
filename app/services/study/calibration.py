"""The calibration clip: a dot that jumps at known moments. A rater's delay in following it is the reaction lag.

The clip is made once beside the project and taken out of the lists, so that no study judges it by mistake. The traces
on it stay in the project, marked as calibration, and are never analysed as judgements.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

import db.clips
import db.items
import db.raters
import db.traces
from app.agreement.traces import RaterLag, reaction_lag
from app.domain.project import ItemRecord
from app.domain.slots import Slot
from app.domain.study import FULL_CONTEXT, Condition
from app.domain.study_records import StoredSlot
from app.errors import UserError
from app.jobs import Context
from app.media.writer import ClipWriter, Encoding
from app.services.projects.files import add_clip
from app.services.study.session import AnnotateSession
from app.services.study.showable import Obstacle
from app.services.study.tasks import Task
from app.services.study.trace_recorder import TraceRecorder
from db.project import Project

FILE: Final = "reaction-lag.mp4"
CONDITION: Final = "calibration"
SIZE: Final = (480, 360)
RATE: Final = 30
JUMPS: Final = 9
SEED: Final = 7
LEVEL: Final = 0.7
"""Distance of the dot from the middle, as a share of half the height."""
INSTRUCTION: Final = "Follow the dot: up when it jumps up, down when it jumps down, as fast as you can."


@dataclass(frozen=True, eq=False)
class Jumps:
    """The moments at which the dot jumps.

    Attributes:
        onsets_s: float64 k, seconds on the clip's PTS axis, each the time of a frame.
        end_s: End of the clip in seconds.
    """

    onsets_s: NDArray[np.float64]
    end_s: float


def jumps() -> Jumps:
    """Return the moments of the jumps, which are the same for everybody, with unpredictable waits of 2 to 3.5 s."""
    waits = np.random.default_rng(SEED).uniform(2.0, 3.5, JUMPS)
    onsets = np.round(np.cumsum(waits) * RATE) / RATE
    return Jumps(onsets, float(np.ceil(onsets[-1] + 2.5)))


def write_clip(path: Path, ctx: Context | None = None) -> None:
    """Write the calibration clip.

    Raises:
        UserError: The folder cannot be written.
        Cancelled: The user cancelled.
    """
    ctx = ctx or Context()
    plan = jumps()
    width, height = SIZE
    y, x = np.mgrid[0:height, 0:width]
    pictures = []
    for sign in (-1, 1):
        image = np.full((height, width, 3), 40, np.uint8)
        image[:, width // 2 - 2 : width // 2 + 2] = 90
        middle = height / 2 - sign * LEVEL * height / 2
        image[(x - width / 2) ** 2 + (y - middle) ** 2 < 26**2] = 235
        pictures.append(image)
    frames = round(plan.end_s * RATE)
    with ClipWriter(path, width, height, rate=Fraction(RATE), encoding=Encoding(quality=24)) as writer:
        for number in range(frames):
            ctx.progress(number, frames, "Making the calibration clip")
            passed = int(np.searchsorted(plan.onsets_s, number / RATE + 1e-9, side="right"))
            writer.write(pictures[passed % 2])


def ensure_item(project: Project, ctx: Context | None = None) -> ItemRecord:
    """Return the item of the calibration clip, which is made if there is none or its file is missing.

    Raises:
        UserError: The folder cannot be written.
    """
    clip = next((c for c in db.clips.every(project, removed=True) if c.name == FILE and not c.missing), None)
    if clip is None:
        path = project.folder / FILE
        if not path.exists():
            write_clip(path, ctx)
        clip = add_clip(project, path, ctx, listed=False)
    return db.items.every(project, clip_id=clip.id, removed=True)[0]


def needs_calibration(session: AnnotateSession) -> bool:
    """Return whether the study asks for the rater's lag and it has not been measured yet."""
    spec = session.study.trace
    if spec is None or not spec.calibration or session.rater.simulated:
        return False
    return db.raters.get(session.project, session.rater.id).lag_s is None


def calibration_task(session: AnnotateSession) -> Task:
    """Return the task for the trace screen, which is to follow the dot on the vertical axis."""
    project = session.project
    item = ensure_item(project)
    slot = Slot(session.rater.code, 0, item.name, CONDITION, 1, "trace_arousal", "practice")
    return Task(
        slot=StoredSlot(0, "", session.record.id, session.rater.id, item.id, slot),
        study=session.study,
        condition=Condition(CONDITION, FULL_CONTEXT, audio=False, labels={"en": "Reaction time"}),
        item=item,
        clip=(clip := db.clips.get(project, item.clip_id)),
        instruction=session.study.instruction(CONDITION, session.language) or INSTRUCTION,
        obstacle=Obstacle("file", "The calibration clip is not where it was.", "Start again.")
        if clip.missing
        else None,
    )


def start(session: AnnotateSession, task: Task, device: str) -> TraceRecorder:
    """Begin recording on the calibration clip."""
    if task.item is None:
        raise ValueError("this task has no clip")
    return TraceRecorder(
        session.project,
        task.item,
        session.rater,
        CONDITION,
        True,
        device,
        study_id=session.record.id,
        study_version=session.study.version,
        dimensions="arousal",
        calibration=True,
    )


def finish(session: AnnotateSession, recorder: TraceRecorder) -> RaterLag:
    """Store the trace and measure the lag on it. A usable lag is stored with the rater.

    Raises:
        UserError: It cannot be saved; call it again.
    """
    kept = recorder.finish()
    samples = db.traces.samples(session.project, kept.id)
    if not len(samples):
        raise UserError("Nothing was recorded.", "Follow the dot once more.")
    found = reaction_lag(samples.times_s, samples.values[:, 1].astype(np.float64), jumps().onsets_s)
    if found.accepted:
        db.raters.set_lag(session.project, session.rater.id, found.lag_s)
    return found
