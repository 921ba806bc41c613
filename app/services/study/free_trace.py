"""Traces outside studies, which anybody who plays a clip in Review may record."""

import db.items
import db.raters
import db.tracks
from app.domain.analysis import TrackPrediction
from app.domain.project import ItemRecord, RaterRecord
from app.errors import UserError
from db.project import Project


def free_trace_target(
    project: Project, clip_id: int, code: str, item_id: int | None = None, track: TrackPrediction | None = None
) -> tuple[ItemRecord, RaterRecord]:
    """Find the item and the rater of a trace of a clip; both are added if they are new.

    Args:
        project: The project, open for writing.
        clip_id: The clip that plays.
        code: Code of the rater; an unknown one is added.
        item_id: The item; None for the face `track` over the whole clip, which gets a separate item, or, without a
            track, for the item of the whole clip.
        track: Stored predictions of the face that is looked at; None for a clip without known faces.

    Returns:
        The item and the rater.

    Raises:
        UserError: The clip has no such item.
    """
    with project.write() as session:
        items = db.items.every(session, clip_id=clip_id)
        if item_id is None and track is None:
            item = next((one for one in items if _whole(one)), None)
            if item is None and items:
                raise UserError(
                    "It is not known which face of this clip is traced.", "Analyse the clip, then choose a face."
                )
        else:
            item = next((one for one in items if one.id == item_id), None)
        if item is None and item_id is None and track is not None and items:
            number = db.tracks.by_geometry(session, clip_id, db.tracks.packed(track).sha256)
            if number is not None:
                name = f"{items[0].clip} face {track.track_id}"
                item = db.items.add(session, clip_id, name=name, track_id=number)
        if item is None:
            raise UserError("This clip has nothing to annotate: its item was taken out.", "Add the clip again.")
        return item, db.raters.by_code(session, code) or db.raters.add(session, code)


def _whole(item: ItemRecord) -> bool:
    """Return whether an item is the whole clip without a particular face."""
    return item.start_s is None and item.end_s is None and item.track_id is None and not item.target
