"""Applies edits that can be undone, and undoes them."""

import db.edits
from app.domain.changes import Changes, Edit
from db.project import Project


def apply_edit(project: Project, edit: Edit) -> Changes:
    """Apply an edit; apply its `inverse()` to undo it.

    Args:
        project: The project, open for writing.
        edit: What services such as `app.services.agreement.decide` make.

    Returns:
        What has changed.

    Raises:
        UserError: A row is not as the edit expects it, a name is taken, or labels depend on a row that would go.
    """
    return db.edits.apply(project, edit)
