"""Clips that come with a kit. Its rows are somebody else's data, so every file is checked before it is taken.

A kit may bring the calibration clip that its rater was measured on. Its file is copied only if it lies in the kit's own
folder under a plain name and has the bytes on which the traces were given.
"""

from __future__ import annotations

import hashlib
import os
import re
import stat
from dataclasses import replace
from pathlib import Path
from typing import Final

import db.clips
from app.domain.media_endings import MEDIA_ENDINGS
from app.errors import UserError
from app.files import replacing, shortened
from app.jobs import Context
from app.media.probe import media_hash
from app.services.projects.health import stop_only
from db.files import publish
from db.project import Project

CLIPS: Final = "clips"
"""The folder in a kit that holds copies of the clips."""
_PLAIN: Final = re.compile(r"[\w][\w .()+,=@\-]{0,199}")
_BLOCK: Final = 1 << 20


def bring_clips(project: Project, kit: Project, hashes: set[str], ctx: Context) -> list[str]:
    """Copy calibration clips of a kit beside the project. Like the project's own, they appear in no list.

    Args:
        project: The project, whose folder receives the files; no existing file is replaced.
        kit: The project of the kit.
        hashes: SHA-256 of the clips that are wanted.
        ctx: Can cancel.

    Returns:
        One sentence for each clip that was not taken, which says why.

    Raises:
        UserError: The folder cannot be written. The judgements are already merged, and merging again continues here.
        Cancelled: The user cancelled.
    """
    refused = []
    there = {clip.sha256: clip for clip in db.clips.every(kit, removed=True)}
    for sha256 in sorted(hashes):
        clip = there.get(sha256)
        if clip is None or clip.missing:
            name = f"{sha256[:8]}…" if clip is None else repr(clip.path.name)
            refused.append(
                f"The calibration clip {name} was not taken: its file is not in the kit. Traces on it stay in the kit."
            )
            continue
        source = _own_file(kit.folder, clip.path)
        place = None if source is None else _taken(source, project.folder, clip.sha256, ctx)
        if place is None:
            refused.append(
                f"The calibration clip {clip.path.name!r} was not taken: it is not a plain media file of the kit's own "
                "folder with the content that was judged. Traces on it stay in the kit."
            )
            continue
        db.clips.add(project, replace(clip.info, path=place), clip.sha256, listed=False)
    return refused


def _own_file(folder: Path, path: Path) -> Path | None:
    """Find the file, which must lie in the kit's folder or its folder of clips, have a plain name and not be a link."""
    folder = Path(os.path.abspath(folder))
    full = Path(os.path.abspath(path))
    if ".." in path.parts or full.parent not in (folder, folder / CLIPS):
        return None
    if not _PLAIN.fullmatch(full.name) or full.suffix.lower() not in MEDIA_ENDINGS:
        return None
    try:
        if full.parent != folder and stat.S_ISLNK(os.lstat(full.parent).st_mode):
            return None
        return full if stat.S_ISREG(os.lstat(full).st_mode) else None
    except OSError:
        return None


def _taken(source: Path, folder: Path, sha256: str, ctx: Context) -> Path | None:
    """Copy a file into a folder under a free name; None where its bytes do not have this hash.

    The bytes that are hashed are the bytes that are written: what changes meanwhile cannot slip in.
    """
    ending = f"-{sha256[:8]}{source.suffix}"
    other = folder / f"{shortened(source.stem, ending)}{ending}"
    for place in (folder / source.name, other):
        if place.is_file() and not place.is_symlink() and media_hash(place, stop_only(ctx)) == sha256:
            return place
    place = folder / source.name
    if os.path.lexists(place):
        place = other
    ending = f"-{sha256[:16]}.new"
    fresh = folder / f".{shortened(source.stem, '.', ending)}{ending}"
    try:
        with replacing(fresh) as part:
            digest = hashlib.sha256()
            # Opened without following a link or waiting, and looked at again: it may have been exchanged since.
            handle = os.open(
                source,
                os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0),
            )
            with os.fdopen(handle, "rb") as read, part.open("wb") as write:
                if not stat.S_ISREG(os.fstat(read.fileno()).st_mode):
                    return None
                while block := read.read(_BLOCK):
                    ctx.check()
                    digest.update(block)
                    write.write(block)
            if digest.hexdigest() != sha256:
                return None
        publish(fresh, place)
    except OSError as error:
        raise UserError(f"{source} cannot be copied: {error.strerror}.", "Merge again once it can be read.") from error
    finally:
        fresh.unlink(missing_ok=True)
    return place
