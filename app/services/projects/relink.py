"""Finding the files of clips again after they were moved or renamed."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Final, NamedTuple

import db.clips
import db.edits
from app.batch import Failures
from app.domain.changes import Changes, Edit, RowChange
from app.domain.project import ClipRecord
from app.errors import UserError
from app.jobs import Context
from app.media.probe import media_hash
from db.files import can_write
from db.places import SUFFIX
from db.project import Project

FIND_AGAIN: Final = (
    "Missing clips are found again by `affectograph project relink P FOLDER`, "
    "or in the window by File → Find missing clip…"
)
"""Advice for a missing clip."""
COPY_FIRST: Final = (
    "The project cannot be written where it lies: copy it first (`affectograph project backup P COPY`), "
    "and do this with the copy."
)
"""Advice that comes first where the project is read-only."""
FIND_IN_WINDOW: Final = "Missing clips are found again by File → Find missing clip…."
COPY_IN_WINDOW: Final = (
    "The project cannot be written where it lies: copy its file to another folder first, and do this with the copy."
)
"""The same advice in the words of the window."""


def way_to_missing(project: Project, *, in_window: bool = False) -> str:
    """Give advice on clips whose files have moved, for the command line or for the window."""
    locked = project.path is not None and not can_write(project.path)
    copy, find = (COPY_IN_WINDOW, FIND_IN_WINDOW) if in_window else (COPY_FIRST, FIND_AGAIN)
    return f"{copy} {find}" if locked else find


def way_if_missing(project: Project) -> str:
    """Give advice on missing clips; empty if no clip is missing."""
    return way_to_missing(project) if any(clip.missing for clip in db.clips.every(project)) else ""


class SearchResult(NamedTuple):
    """The outcome of a search.

    Attributes:
        found: Clips whose file was found again, in their present state.
        missing: Clips whose file was not found.
        edit: The edit that was made, by which it can be undone; None if nothing was changed.
        changes: The changes, for the views.
    """

    found: list[ClipRecord]
    missing: list[ClipRecord]
    edit: Edit | None
    changes: Changes


def relink_missing(project: Project, folders: Sequence[Path], ctx: Context | None = None) -> SearchResult:
    """Search folders, and those below, for the files of clips that are not where they were.

    Only files of the right length are read, those of the same name first. A file is recognised by its bytes.

    Args:
        project: The open project that holds the clips.
        folders: The folders to search.
        ctx: Receives the progress, and can cancel.

    Raises:
        UserError: One of the folders does not exist.
        Cancelled: The user cancelled; nothing is changed.
    """
    ctx = ctx or Context()
    for folder in folders:
        if not folder.is_dir():
            raise UserError(f"{folder} is not a folder.", "Name the folder in which the clips lie, or one above it.")
    missing = {clip.sha256: clip for clip in db.clips.every(project) if clip.missing}
    sizes = {clip.size_bytes for clip in missing.values()}
    names = {clip.path.name for clip in missing.values()}
    candidates = [path for folder in folders for path in _files(folder, sizes, ctx)]
    candidates.sort(key=lambda path: path.name not in names)
    parts: list[RowChange] = []
    found: list[int] = []
    unread = Failures()
    for number, path in enumerate(candidates):
        if not missing:
            break
        ctx.progress(number, len(candidates), path.name)
        sha256 = ""
        with unread.of(path.name):  # a file that cannot be read is not the one we look for
            sha256 = media_hash(path)
        clip = missing.pop(sha256, None)
        if clip is not None:
            parts.extend(db.edits.relink(project, clip.id, path, sha256).changes)
            found.append(clip.id)
    left = list(missing.values())
    if not parts:
        return SearchResult([], left, None, Changes())
    edit = Edit("Find clip again" if len(found) == 1 else f"Find {len(found)} clips again", tuple(parts))
    changes = db.edits.apply(project, edit)
    return SearchResult([db.clips.get(project, number) for number in sorted(found)], left, edit, changes)


def relink_clip(ctx: Context, project: Project, clip: ClipRecord, path: Path) -> ClipRecord:
    """Set the present place of one clip's file, which must have the clip's content.

    Args:
        ctx: Receives the progress, and can cancel.
        project: The open project that holds the clip.
        clip: The clip.
        path: The file.

    Raises:
        UserError: The file cannot be read, or belongs to another clip.
        Cancelled: The user cancelled.
    """
    return db.clips.relink(project, clip.id, path, media_hash(path, ctx))


def _files(folder: Path, sizes: set[int], ctx: Context) -> list[Path]:
    found = []
    for here, _, names in os.walk(folder):
        ctx.check()
        for name in names:
            path = Path(os.path.abspath(here)) / name
            if path.suffix == SUFFIX:
                continue  # reading an open project's bytes would drop its locks: see app.held
            try:
                if path.stat().st_size in sizes:
                    found.append(path)
            except OSError:
                continue
    return found
