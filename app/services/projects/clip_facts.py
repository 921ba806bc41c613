"""Changes facts about clips by the clips' names, namely who is seen in them."""

import os
from collections.abc import Sequence
from pathlib import Path

import db.clips
import db.edits
from app.domain.project import ClipRecord
from app.errors import UserError
from db.project import Project


def set_subject(project: Project, named: Sequence[str], subject: str, actor: str = "") -> list[ClipRecord]:
    """Set who is seen in some clips, as one edit that is logged and can be undone in the window.

    Args:
        project: The open project that holds the clips.
        named: Names of the clips in the project, or paths of their files.
        subject: Code of the person seen; empty where unknown.
        actor: Code of the person who makes the change.

    Returns:
        The clips that had another subject, as they were before.

    Raises:
        UserError: A clip is not in the project. Then nothing is changed.
    """
    clips = db.clips.every(project)
    by_name = {clip.name: clip for clip in clips}
    by_path = {clip.path: clip for clip in clips}
    found = {one: by_name.get(one) or by_path.get(Path(os.path.abspath(Path(one).expanduser()))) for one in named}
    lost = [one for one, clip in found.items() if clip is None]
    if lost:
        raise UserError(
            f"The project has no clip {', '.join(lost)}.",
            "Check the name.",
            "`affectograph project info` lists its clips.",
        )
    other = {clip.id: clip for clip in found.values() if clip is not None and clip.subject != subject.strip()}
    if other:
        db.edits.apply(project, db.edits.set_subject(project, list(other), subject), actor)
    return list(other.values())
