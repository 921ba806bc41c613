"""Limits where the folder of a training is looked for, because a project may come from anybody.

Only a folder within the project's own folder is opened, and only a plain name is looked for beside the project file.
"""

from pathlib import Path
from typing import Final

from app.domain.project import TrainingRecord
from db.project import Project

_NO_FOLDER: Final = "unnamed"


def folder_name(record: TrainingRecord) -> str:
    """Return the last part of the folder that a training names, as a plain name."""
    name = Path(record.folder.replace("\\", "/")).name
    return name if name not in ("", ".", "..") and "\0" not in name else _NO_FOLDER


def named_folder(project: Project, record: TrainingRecord) -> Path | None:
    """Return the folder that a training names, if it lies within the project's own folder; otherwise None.

    Links are followed.
    """
    if not record.folder:
        return None
    try:
        inside, folder = project.folder.resolve(), (project.folder / record.folder).resolve()
    except (OSError, ValueError, RuntimeError):
        return None
    return folder if folder != inside and folder.is_relative_to(inside) else None
