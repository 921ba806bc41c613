"""The option `--project` of commands that look into a project's folder of models, with or without opening it."""

from pathlib import Path

from app.errors import UserError


def existing_project(text: str) -> Path:
    """Return the file of a project, for `type=` of an option.

    Raises:
        UserError: The file does not exist. A mistyped name must not pass for a project that has no models.
    """
    path = Path(text)
    if not path.is_file():
        raise UserError(f"There is no project {path}.", "Check the path, or leave out the project.")
    return path
