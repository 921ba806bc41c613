"""Traces that belong to no study: whoever plays a clip under Review may record one."""

import db.items
import db.raters
from app.domain.project import ItemRecord, RaterRecord
from app.errors import UserError
from db.project import Project


def free_trace_target(project: Project, clip_id: int, code: str) -> tuple[ItemRecord, RaterRecord]:
    """Find what a trace of a clip is recorded on, and by whom.

    Args:
        project: Open for writing.
        clip_id: The clip that plays.
        code: Of the rater; an unknown one is added.

    Returns:
        The item that is the whole clip, else the clip's first item; and the rater.

    Raises:
        UserError: The clip has no item.
    """
    with project.write() as session:
        items = db.items.every(session, clip_id=clip_id)
        if not items:
            raise UserError("This clip has nothing to annotate: its item was taken out.", "Add the clip again.")
        whole = [item for item in items if item.start_s is None and item.end_s is None and item.track_id is None]
        rater = db.raters.by_code(session, code) or db.raters.add(session, code)
        return (whole or items)[0], rater
