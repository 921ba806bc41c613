"""A person who judges the demo, for the guided first hour."""

from typing import Final

import db.settings
from app.services.study.quick import start_labelling
from db.project import Project

GUEST: Final = "YOU"
"""Code of the guest."""
OWN: Final = "first hour"
"""Name of the study that the guest judges, beside that of the simulated raters."""


def is_demo(project: Project) -> bool:
    """Return whether a project is the demo, or a copy of it."""
    return db.settings.get(project, "demo_version") is not None


def join(project: Project) -> str:
    """Make a study for the guest and assign the demo's clips; nothing changes if that was done before.

    Args:
        project: The open demo.

    Returns:
        The guest's code.

    Raises:
        UserError: The project has no clips any more.
    """
    start_labelling(project, GUEST, OWN, trace=False)
    return GUEST
