"""What other programs measured in clips. It is imported as a whole and never changed."""

import hashlib
import json
from collections.abc import Sequence

from sqlalchemy import select

from app.domain.foreign_measures import ForeignMeasures
from db.blobs import pack, unpack
from db.project import Source, reading, writing
from db.schema import ForeignMeasure as Row


def add(source: Source, clip_id: int, new: ForeignMeasures) -> bool:
    """Store what a program measured in a clip.

    Args:
        source: The project, or a session of it, to write to.
        clip_id: Number of the clip.
        new: The measures.

    Returns:
        False where the clip has the very same ones already; then nothing is stored.

    Raises:
        BlobError: They are too many to be stored.
    """
    sha256 = content_hash(new)
    with writing(source) as session:
        if session.scalar(select(Row.id).where(Row.clip_id == clip_id, Row.sha256 == sha256)) is not None:
            return False
        session.add(
            Row(
                clip_id=clip_id, sha256=sha256, program=new.program, face=new.face, file=new.file,
                names=list(new.names), times_s=pack(new.times_s), values=pack(new.values),
            )
        )  # fmt: skip
    return True


def content_hash(measures: ForeignMeasures) -> str:
    """Return the SHA-256 of everything but the name of the file."""
    said = json.dumps([measures.program, measures.face, list(measures.names)])
    digest = hashlib.sha256(said.encode())
    digest.update(measures.times_s.astype("<f8", copy=False).tobytes())
    digest.update(measures.values.astype("<f4", copy=False).tobytes())
    return digest.hexdigest()


def of_clip(source: Source, clip_id: int) -> list[ForeignMeasures]:
    """Return what other programs measured in a clip, in the order in which it was imported.

    Raises:
        BlobError: The bytes of the measures are damaged.
    """
    with reading(source) as session:
        rows: Sequence[Row] = session.scalars(select(Row).where(Row.clip_id == clip_id).order_by(Row.id)).all()
        return [
            ForeignMeasures(row.program, row.face, row.file, tuple(row.names), unpack(row.times_s), unpack(row.values))
            for row in rows
        ]


def clips(source: Source) -> set[int]:
    """Return the numbers of the clips in which other programs measured something."""
    with reading(source) as session:
        return set(session.scalars(select(Row.clip_id).distinct()))
