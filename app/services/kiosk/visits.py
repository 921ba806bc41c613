"""Keeps the recording of a visitor who agreed to it: a clip of a new subject, with the consent that was given."""

from datetime import datetime
from pathlib import Path
from typing import Final

from app.addresses import Place, home_of, recordings_of
from app.domain.consent import Purpose
from app.files import dated_beside
from app.jobs import Context
from app.services.consent.covered import consent_edit, find_person, record
from app.services.projects.files import add_clips, open_project

AGREED: Final[tuple[Purpose, ...]] = ("keeping", "training", "showing")
"""What a visitor agrees to who lets the recording be kept."""
REFUSED: Final[tuple[Purpose, ...]] = ("export", "archive")
"""What a visitor was not asked, and so did not agree to."""
NOTE: Final = "agreed on the screen of the kiosk"


def visit_path(project_file: Place, now: datetime | None = None) -> Path:
    """Return a free path for a recording, in the folder of recordings beside the project."""
    moment = now or datetime.now()
    home = home_of(project_file)
    path = recordings_of(home) / f"visitor {moment:%Y-%m-%d %H-%M-%S}.mp4"
    return dated_beside(path, "-", path.suffix) if path.exists() else path


def check_project(project_file: Place) -> None:
    """Refuse a project into which no recording could be kept, before anybody is asked.

    Raises:
        UserError: It cannot be opened for writing.
    """
    open_project(project_file).close()


def keep_visit(ctx: Context, project_file: Place, recording: Path) -> str:
    """Add a recording to the project as a clip of a subject of its own, and note the consent.

    The subject has the name of the file, which holds the time of the visit and nothing of the person.

    Args:
        ctx: Receives the progress.
        project_file: The project.
        recording: The recorded file.

    Returns:
        The subject's code.

    Raises:
        UserError: The project or the file cannot be used; the file stays.
    """
    code = recording.stem
    with open_project(project_file) as project:
        found = add_clips(project, [recording], subject=code, ctx=ctx)
        if found.refused:
            raise found.refused[0]
        person = find_person(project, "subject", code)
        record(project, consent_edit(project, person, AGREED, granted=True, note=NOTE))
        record(project, consent_edit(project, person, REFUSED, granted=False, note=NOTE))
    return code
