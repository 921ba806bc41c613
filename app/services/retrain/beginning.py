"""How every run begins: its folder, the process that owns it, and the record that says that it runs."""

import os
from pathlib import Path
from typing import Any

import psutil

import db.models
from app.domain.training_events import PLACED, take_back_stop
from app.files import replacing
from app.services.retrain.ending import OWNER
from app.services.retrain.process import Tell
from db.project import Project


def begin_run(
    project: Project, number: int, run: Path, name: str, tell: Tell, metrics: dict[str, Any] | None = None
) -> None:
    """Make the folder of a run, name this process as its owner, and say in its record and to the caller that it runs.

    A request to stop that an earlier run left in this folder is withdrawn.

    Args:
        project: The project, open for writing.
        number: Number of the record.
        run: Folder of the run, which may exist.
        name: The name under which the caller shows the run.
        tell: Receives the event `PLACED`.
        metrics: What the record knows of the result already; None for nothing.
    """
    run.mkdir(parents=True, exist_ok=True)
    take_back_stop(run)
    with replacing(run / OWNER) as temporary:
        temporary.write_text(str(os.getpid()), "utf-8")
    db.models.update_training(project, number, "running", metrics=metrics)
    tell({"event": PLACED, "training": number, "folder": str(run), "name": name})


def owner_lives(run: Path) -> bool | None:
    """Say whether the process that began a run still exists; None if the folder names none on this computer."""
    try:
        return psutil.pid_exists(int((run / OWNER).read_text("utf-8")))
    except (OSError, ValueError):
        return None
