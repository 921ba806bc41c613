"""The demo's report for machines without a display: numbers, curves and the window's screens on one page."""

import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

from app.batch import Failures
from app.child import child_command
from app.errors import UserError
from app.jobs import Context

if TYPE_CHECKING:
    from app.services.demo.report import Screenshot


def write_report(project: Path, out: Path, ctx: Context, failures: Failures) -> Path:
    """Analyse the demo clip, let the real window draw its screens off screen, and put it all on one page.

    Args:
        project: The demo project.
        out: The folder, made when missing.
        ctx: Receives the progress, and says when to stop.
        failures: Receives the screens that could not be drawn; the page shows the others.

    Returns:
        The path of the page.

    Raises:
        UserError: The folder cannot be written, or the window could not draw any screen.
    """
    from app.services.demo.report import refuse_others, write_page

    refuse_others(out)  # before the minutes of the tour
    return write_page(project, out, shots(out, failures), ctx)


def shots(out: Path, failures: Failures) -> "list[Screenshot]":
    """Draw the tour in a separate process and return its pictures.

    Qt needs the main thread, and the report must survive a crash of Qt.
    """
    from app.services.demo.report import Screenshot

    folder = out / "screens"
    command = child_command("app", "tour", "--out", str(folder))
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    drawn = {Path(line).name for line in done.stdout.splitlines()}
    told = done.stderr.strip().splitlines() or ["no message"]
    if done.returncode and not drawn:
        why = told[-1].removeprefix("affectograph: ").rstrip(".")
        raise UserError(f"The window could not draw its screens: {why}.", "Run `affectograph doctor` for the cause.")
    for line in told if done.returncode else ():
        failures.add("screens", UserError(line.removeprefix("affectograph: "), "The page shows the others."))
    return [Screenshot(path, shot_title(path)) for path in sorted(folder.glob("*.png")) if path.name in drawn]


def shot_title(path: Path) -> str:
    """Return the title of a picture of the tour, from its name: `07_study_assignment.png` is "study assignment"."""
    return path.stem.lstrip("0123456789-_").replace("-", " ").replace("_", " ")
