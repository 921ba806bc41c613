"""Pictures of single faces, by which people tell the faces of a clip apart."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

import db.clips
import db.tracks
from app.domain.project import ItemRecord
from app.errors import UserError
from app.jobs import Context
from app.services.predict.readers import open_reader
from db.project import Project

ROOM: Final = 0.25
"""Share of the face's box that is shown around it on each side."""
MEMORY: Final = 16 << 20
"""Bytes of decoded frames that are held."""


def face_picture(project: Project, item: ItemRecord, ctx: Context) -> NDArray[np.uint8]:
    """Return the face of an item in the frame in which it is seen best.

    Args:
        project: The open project.
        item: An item whose face was tracked.
        ctx: Can cancel.

    Returns:
        uint8 H×W×4, BGRA, cut to the face.

    Raises:
        UserError: The item has no tracked face, or its clip cannot be read.
        Cancelled: The user cancelled.
    """
    found = db.tracks.geometry(project, [item.track_id]) if item.track_id is not None else []
    if not found:
        raise UserError(f"No face was tracked for {item.name}.", "Analyse its clip.")
    track = found[0]
    best = int(np.argmax(track.detection * track.quality * np.sqrt(track.boxes[:, 2] * track.boxes[:, 3])))
    clip = db.clips.get(project, item.clip_id)
    with open_reader(clip.path, ctx, MEMORY) as reader:
        image = reader.frame(int(track.frame_idx[best]), "bgra", ctx).image
    x, y, width, height = (float(side) for side in track.boxes[best])
    left, top = max(round(x - ROOM * width), 0), max(round(y - ROOM * height), 0)
    right, bottom = round(x + (1 + ROOM) * width), round(y + (1 + ROOM) * height)
    part = image[top:bottom, left:right]
    return np.ascontiguousarray(part if part.size else image)
