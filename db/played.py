"""What was predicted live while clips were played. It is kept in parts of a clip, which grow with every play."""

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import delete, select

from app.domain.analysis import RunKey
from app.domain.played import Played, joined
from db.blobs import pack, unpack
from db.project import Project, Source, reading
from db.runs import key_hash
from db.schema import PlayedPart

FRAMES: Final = 4096
"""Number of frames of a part: what is rewritten when one more frame of it is known."""
_COLUMNS: Final = {
    "looked_idx": "<i4", "frame_idx": "<i4", "face_no": "<i4", "times_s": "<f8", "boxes": "<f4", "landmarks": "<f4",
    "detection": "<f4", "quality": "<f4", "probabilities": "<f4", "valence_arousal": "<f4",
}  # fmt: skip


def save(project: Project, clip_id: int, key: RunKey, provider: str, played: Played) -> None:
    """Add live predictions to those that are stored with the same key; what is known of a frame stays as it is.

    Args:
        project: The project, open for writing.
        clip_id: Number of the clip.
        key: Everything that the predictions depend on.
        provider: The execution provider that ran.
        played: The predictions.
    """
    hashed = key_hash(key)
    with project.write() as session:
        for seq in np.unique(played.looked_idx // FRAMES).tolist():
            part = played.between(seq * FRAMES, (seq + 1) * FRAMES)
            row = session.scalar(select(PlayedPart).where(PlayedPart.key_sha256 == hashed, PlayedPart.seq == seq))
            if row is not None:
                part = joined(_unpacked(row), part)
                session.execute(delete(PlayedPart).where(PlayedPart.id == row.id))
                session.expunge(row)
            session.add(
                PlayedPart(
                    clip_id=clip_id,
                    key_sha256=hashed,
                    media_sha256=key.media_sha256,
                    model=key.model,
                    model_sha256=key.model_sha256,
                    parameters=key.parameters,
                    provider=provider,
                    seq=seq,
                    classes=list(part.classes),
                    **{name: pack(column) for name, column in _arrays(part).items()},
                )
            )


def _arrays(played: Played) -> dict[str, NDArray[Any]]:
    return {name: np.asarray(getattr(played, name), dtype) for name, dtype in _COLUMNS.items()}


def _unpacked(row: PlayedPart) -> Played:
    return Played(**{name: unpack(getattr(row, name)) for name in _COLUMNS}, classes=tuple(row.classes))


def keys(source: Source, clip_id: int) -> list[tuple[RunKey, str]]:
    """Return the keys with which a clip was predicted live, and the providers that ran; the latest first."""
    query = (
        select(
            PlayedPart.media_sha256, PlayedPart.model, PlayedPart.model_sha256, PlayedPart.parameters,
            PlayedPart.provider,
        )
        .where(PlayedPart.clip_id == clip_id)
        .order_by(PlayedPart.id.desc())
    )  # fmt: skip
    with reading(source) as session:
        rows = session.execute(query).all()
    return list({RunKey(*row[:4]): row[4] for row in reversed(rows)}.items())[::-1]


def load(source: Source, key: RunKey) -> Played | None:
    """Return what was predicted live with a key; None if nothing was.

    Raises:
        BlobError: Its bytes are damaged.
    """
    query = select(PlayedPart).where(PlayedPart.key_sha256 == key_hash(key)).order_by(PlayedPart.seq)
    with reading(source) as session:
        parts = [_unpacked(row) for row in session.scalars(query)]
    if not parts:
        return None
    whole = parts[0]
    for part in parts[1:]:
        whole = joined(whole, part)
    return whole
