"""The titles of models, which people read instead of the names of their folders."""

from functools import lru_cache
from pathlib import Path

from app.errors import UserError
from app.inference.cards import find_model


@lru_cache(maxsize=64)
def title_of(name: str, project_folder: Path | None) -> str:
    """Return the title on a model's card; its name where the model is not there any more.

    Args:
        name: The model's name.
        project_folder: The place of the open project, beside which its own models lie; None without one.
    """
    try:
        return find_model(name, project_folder).title or name
    except UserError:
        return name
