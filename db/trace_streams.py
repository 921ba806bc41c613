"""Streams that other programs sent by LSL while a trace was given. They are a part of the trace and never change."""

from collections.abc import Sequence

from sqlalchemy import select

from app.domain.foreign_measures import ForeignMeasures
from app.domain.trace_streams import TraceStream
from db.blobs import pack, unpack
from db.project import Source, reading, writing
from db.schema import Item, Rater, Trace
from db.schema import TraceStream as Row


def add(source: Source, trace_id: int, streams: Sequence[ForeignMeasures]) -> None:
    """Store streams with their trace.

    Args:
        source: The project, or a session of it, to write to.
        trace_id: Number of the trace.
        streams: The streams; `file` says where each came from.

    Raises:
        BlobError: They are too many to be stored.
    """
    with writing(source) as session:
        session.add_all(
            Row(
                trace_id=trace_id, program=one.program, origin=one.file, names=list(one.names),
                times_s=pack(one.times_s), values=pack(one.values),
            )
            for one in streams
        )  # fmt: skip


def of_clip(source: Source, clip_id: int) -> list[TraceStream]:
    """Return what was recorded beside the finished traces of a clip, in the order of the traces.

    Raises:
        BlobError: The bytes of a stream are damaged.
    """
    query = (
        select(Row, Rater.code)
        .join(Trace, Row.trace_id == Trace.id)
        .join(Item, Trace.item_id == Item.id)
        .join(Rater, Trace.rater_id == Rater.id)
        .where(Item.clip_id == clip_id, Trace.status == "finished")
        .order_by(Row.trace_id, Row.id)
    )
    with reading(source) as session:
        return [
            TraceStream(
                row.trace_id, rater,
                ForeignMeasures(
                    row.program, "", row.origin, tuple(row.names), unpack(row.times_s), unpack(row.values)
                ),
            )
            for row, rater in session.execute(query).all()
        ]  # fmt: skip


def clips(source: Source) -> set[int]:
    """Return the numbers of the clips with streams beside finished traces."""
    query = (
        select(Item.clip_id)
        .join(Trace, Trace.item_id == Item.id)
        .join(Row, Row.trace_id == Trace.id)
        .where(Trace.status == "finished")
    )
    with reading(source) as session:
        return set(session.scalars(query.distinct()))
