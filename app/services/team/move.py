"""Moves a project from a file to a PostgreSQL server, or back."""

from typing import NamedTuple

import db.clips
import db.moving
import db.places
import db.settings
from app.addresses import Place, is_server
from app.errors import UserError
from app.jobs import Context
from app.services.projects.files import create_project, open_project
from app.services.study.reviewers import refuse_kits


class Moved(NamedTuple):
    """A move that went well.

    Attributes:
        rows: Number of rows, which are the same in both places.
        tables: Number of tables with rows.
        missing: Number of clips that are not found from the new place.
    """

    rows: int
    tables: int
    missing: int


def move(source: Place, target: Place, ctx: Context) -> Moved:
    """Copy a project to a new file or into an empty database, and prove that both are equal. The source stays.

    Args:
        source: A project.
        target: A file that does not exist yet, or the address of an empty database; one of both is a server.
        ctx: Receives the progress, and can cancel.

    Raises:
        UserError: Both are files or both are servers, the target exists or holds a project, or the source is a kit or
            open for a rater.
    """
    if is_server(source) == is_server(target):
        raise UserError(
            "A project is moved between a file and a server, and both places are of one kind.",
            "Copy a file with File, Save a copy…; databases are copied by their server.",
            "Copy a file with `affectograph backup`; databases are copied by their server (`pg_dump`).",
        )
    with open_project(source) as old:
        refuse_kits(old)
        with create_project(target) as new:
            counts = db.moving.copy(old, new, ctx)
            if is_server(target):
                db.settings.put(new, db.places.CLIPS, str(old.folder))
        with open_project(target, read_only=True) as again:
            missing = sum(clip.missing for clip in db.clips.every(again))
    return Moved(sum(rows for rows, _ in counts.values()), sum(rows > 0 for rows, _ in counts.values()), missing)
